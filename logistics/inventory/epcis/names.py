"""Identifiers for the world outside: a URI for every lot, place and party that an event names.

A GS1 Digital Link names goods by a GTIN, which belongs to whoever made them, and places by a company's
own prefix, which a pantry does not have. So a lot is a Digital Link where its GTIN is known, and a plain
URI below a base of the network's own otherwise: EPCIS 2.0 takes any URI, and nothing pretends to be a
GS1 key that is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from logistics.model.errors import InvalidFact

EXAMPLE_BASE = "https://id.example.org"
"""A base that belongs to nobody (RFC 2606), for trying out."""

GTIN_LENGTHS = (8, 12, 13, 14)
LOT_NUMBER = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}")
"""What application identifier (10) holds: 1 to 20 characters of GS1's set 82."""


def gtin_of(text: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits as the 14 digits of a Digital Link.

    Raises:
        InvalidFact: if it has another length or its check digit is wrong.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in GTIN_LENGTHS:
        raise InvalidFact(f"GTIN {text!r}: needs 8, 12, 13 or 14 digits")
    padded = digits.zfill(14)
    weighed = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(padded[:13]))
    check = -weighed % 10
    if check != int(padded[13]):
        raise InvalidFact(f"GTIN {text!r}: the check digit must be {check}")
    return padded


def base_of(text: str) -> str:
    """The base of the network's own URIs, without a slash at its end.

    Raises:
        InvalidFact: if it is no plain web address.
    """
    parts = urlsplit(text)
    plain = parts.scheme in ("http", "https") and bool(parts.hostname)
    if not plain or parts.query or parts.fragment or not _is_uri_text(text):
        raise InvalidFact(f"base {text!r}: needs a web address such as {EXAMPLE_BASE}")
    return text.rstrip("/")


def _is_uri_text(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9\-._~:/@!$&'()*+,;=%\[\]]+", text) is not None


def segment(text: str) -> str:
    """A text as one segment of a path: everything but letters, digits and `-._~` in percent signs."""
    return quote(text, safe="")


@dataclass(frozen=True, slots=True)
class Names:
    """How things are named below one base; `gtins` are 14 digits by lot, where known."""

    base: str = EXAMPLE_BASE
    gtins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for lot_id in self.gtins:
            if LOT_NUMBER.fullmatch(lot_id) is None:
                raise InvalidFact(
                    f"Lot {lot_id}: its name cannot be a GS1 lot number (AI 10): "
                    "1 to 20 letters, digits and ASCII signs"
                )

    def lot(self, lot_id: str) -> str:
        """A lot: `/01/GTIN/10/LOT` with a GTIN, else `/lot/LOT`."""
        gtin = self.gtins.get(lot_id)
        if gtin is None:
            return f"{self.base}/lot/{segment(lot_id)}"
        return f"{self.base}/01/{gtin}/10/{segment(lot_id)}"

    def crate(self, lot_id: str, number: int) -> str:
        """A crate of a lot; never a Digital Link, which would need a serial number of the maker's."""
        return f"{self.base}/lot/{segment(lot_id)}/crate/{number}"

    def site(self, site_id: str) -> str:
        """A site."""
        return f"{self.base}/site/{segment(site_id)}"

    def vehicle(self, vehicle_id: str) -> str:
        """A vehicle."""
        return f"{self.base}/vehicle/{segment(vehicle_id)}"

    def organisation(self, org_id: str) -> str:
        """A donor or another member."""
        return f"{self.base}/organisation/{segment(org_id)}"

    @property
    def household(self) -> str:
        """Every household, and the door of every household: one name for all of them."""
        return f"{self.base}/household"

    @property
    def terms(self) -> str:
        """The namespace of what EPCIS has no word for."""
        return f"{self.base}/terms/"
