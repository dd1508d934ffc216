"""The book's entries: every unit moves from an account to an account, and none is ever edited.

An entry is *posted* (goods really moved) or *pending* (goods are promised, or the promise ends).
What was written wrongly is put right by a further entry, never by changing an old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from logistics.model.errors import require


class AccountKind(StrEnum):
    """What an end of an entry stands for."""

    DONOR = "donor"
    SITE = "site"
    VEHICLE = "vehicle"
    HOUSEHOLD = "household"
    WASTE = "waste"
    COUNT = "count"


STOCK_KINDS = frozenset({AccountKind.SITE, AccountKind.VEHICLE})
"""Accounts that hold goods and so can never fall below zero."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """One end of an entry: a donor, a site, a vehicle, a household, the waste or the count."""

    kind: AccountKind
    id: str

    def __post_init__(self) -> None:
        require(bool(self.id), f"Account of kind {self.kind}: needs an identifier, got none")

    @property
    def holds_stock(self) -> bool:
        """Whether goods stand here: such an account is never below zero."""
        return self.kind in STOCK_KINDS

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


WASTE = Account(AccountKind.WASTE, "waste")
COUNT = Account(AccountKind.COUNT, "count")


def donor(org_id: str) -> Account:
    """The account of an organisation that gives."""
    return Account(AccountKind.DONOR, org_id)


def site(site_id: str) -> Account:
    """The account of the stock at a site; offers stand at the donor's own site."""
    return Account(AccountKind.SITE, site_id)


def vehicle(vehicle_id: str) -> Account:
    """The account of the goods on board a vehicle."""
    return Account(AccountKind.VEHICLE, vehicle_id)


def household(household_id: str) -> Account:
    """The account of a household, whether it came to a session or was visited."""
    return Account(AccountKind.HOUSEHOLD, household_id)


class Kind(StrEnum):
    """What an entry says."""

    RECEIVE = "receive"
    RESERVE = "reserve"
    SETTLE = "settle"
    RELEASE = "release"
    LOAD = "load"
    UNLOAD = "unload"
    DELIVER = "deliver"
    RETURN = "return"
    DISCARD = "discard"
    COUNT = "count"

    @property
    def is_pending(self) -> bool:
        """Whether the entry only changes what is promised, not where goods stand."""
        return self in (Kind.RESERVE, Kind.SETTLE, Kind.RELEASE)


_DONOR = frozenset({AccountKind.DONOR})
_SITE = frozenset({AccountKind.SITE})
_VEHICLE = frozenset({AccountKind.VEHICLE})
_HOUSEHOLD = frozenset({AccountKind.HOUSEHOLD})
_WASTE = frozenset({AccountKind.WASTE})
_SITE_OR_COUNT = frozenset({AccountKind.SITE, AccountKind.COUNT})

ENDS: Mapping[Kind, tuple[frozenset[AccountKind], frozenset[AccountKind]]] = MappingProxyType(
    {
        Kind.RECEIVE: (_DONOR, _SITE),
        Kind.RESERVE: (_SITE, _HOUSEHOLD),
        Kind.SETTLE: (_HOUSEHOLD, _SITE),
        Kind.RELEASE: (_HOUSEHOLD, _SITE),
        Kind.LOAD: (_SITE, _VEHICLE),
        Kind.UNLOAD: (_VEHICLE, _SITE),
        Kind.DELIVER: (STOCK_KINDS, _HOUSEHOLD),
        Kind.RETURN: (STOCK_KINDS, _SITE),
        Kind.DISCARD: (STOCK_KINDS, _WASTE),
        Kind.COUNT: (_SITE_OR_COUNT, _SITE_OR_COUNT),
    }
)
"""The kinds of account an entry may come from and go to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Units of one lot from one account to another.

    `id` names the fact itself, not the row: the same fact told twice has the same id.
    `effective_at` is when it was so in the world, `recorded_at` when the book learned of it.
    `reservation_id` joins a promise with what became of it.
    """

    id: str
    kind: Kind
    lot_id: str
    source: Account
    target: Account
    units: int
    effective_at: datetime
    recorded_at: datetime
    reservation_id: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        where = f"Entry {self.id}"
        require(bool(self.id) and bool(self.lot_id), f"{where}: needs an id and a lot")
        require(
            isinstance(self.units, int) and not isinstance(self.units, bool) and self.units > 0,
            f"{where}: units must be a whole number > 0, got {self.units!r}",
        )
        sources, targets = ENDS[self.kind]
        require(
            self.source.kind in sources and self.target.kind in targets,
            f"{where}: {self.kind} cannot go from {self.source} to {self.target}",
        )
        require(self.source != self.target, f"{where}: both ends are {self.source}")
        require(
            self.kind is not Kind.COUNT or COUNT in (self.source, self.target),
            f"{where}: a count difference needs the count account at one end",
        )
        require(
            not self.kind.is_pending or bool(self.reservation_id),
            f"{where}: {self.kind} needs a reservation",
        )
        require(
            self.effective_at.tzinfo is not None and self.recorded_at.tzinfo is not None,
            f"{where}: times need a time zone",
        )
