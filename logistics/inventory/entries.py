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

from logistics.model.errors import InvalidFact, require


class AccountKind(StrEnum):
    """What an end of an entry stands for."""

    DONOR = "donor"
    SITE = "site"
    VEHICLE = "vehicle"
    HOUSEHOLD = "household"
    WASTE = "waste"
    COUNT = "count"
    CHANGE = "change"
    HOLD = "hold"


STOCK_KINDS = frozenset({AccountKind.SITE, AccountKind.VEHICLE})
"""Accounts that hold goods and so can never fall below zero."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """One end of an entry: a donor, a site, a vehicle, a household, the waste, the count, a change.

    A *change* is where units of one lot become units of another: a split, a merge or a repacking.
    """

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
FREE = Account(AccountKind.HOLD, "free")
HELD = Account(AccountKind.HOLD, "held")
"""A hold concerns a lot wherever it stands: it leads from *free* to *held* and moves no units."""


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


def change(change_id: str) -> Account:
    """The account in which the units that went into a change become the units that came out."""
    return Account(AccountKind.CHANGE, change_id)


class Kind(StrEnum):
    """What an entry says."""

    RECEIVE = "receive"
    MOVE = "move"
    RESERVE = "reserve"
    SETTLE = "settle"
    RELEASE = "release"
    LOAD = "load"
    UNLOAD = "unload"
    DELIVER = "deliver"
    RETURN = "return"
    DISCARD = "discard"
    COUNT = "count"
    SPLIT = "split"
    MERGE = "merge"
    REPACK = "repack"
    HOLD = "hold"
    UNHOLD = "unhold"
    REVERSAL = "reversal"

    @property
    def is_pending(self) -> bool:
        """Whether the entry only changes what is promised, not where goods stand."""
        return self in (Kind.RESERVE, Kind.SETTLE, Kind.RELEASE)

    @property
    def is_hold(self) -> bool:
        """Whether the entry forbids or allows issue and neither moves nor promises units."""
        return self in (Kind.HOLD, Kind.UNHOLD)

    @property
    def is_change(self) -> bool:
        """Whether units of one lot become units of another."""
        return self in (Kind.SPLIT, Kind.MERGE, Kind.REPACK)

    @property
    def is_posted(self) -> bool:
        """Whether units really moved."""
        return not (self.is_pending or self.is_hold)


_DONOR = frozenset({AccountKind.DONOR})
_SITE = frozenset({AccountKind.SITE})
_VEHICLE = frozenset({AccountKind.VEHICLE})
_HOUSEHOLD = frozenset({AccountKind.HOUSEHOLD})
_WASTE = frozenset({AccountKind.WASTE})
_SITE_OR_COUNT = frozenset({AccountKind.SITE, AccountKind.COUNT})
_SITE_OR_CHANGE = frozenset({AccountKind.SITE, AccountKind.CHANGE})
_PROMISED = frozenset({AccountKind.HOUSEHOLD, AccountKind.SITE})
_HOLD = frozenset({AccountKind.HOLD})
_ANY = frozenset(AccountKind) - _HOLD

ENDS: Mapping[Kind, tuple[frozenset[AccountKind], frozenset[AccountKind]]] = MappingProxyType(
    {
        Kind.RECEIVE: (_DONOR, _SITE),
        Kind.MOVE: (_SITE, _SITE),
        Kind.RESERVE: (_SITE, _PROMISED),
        Kind.SETTLE: (_PROMISED, _SITE),
        Kind.RELEASE: (_PROMISED, _SITE),
        Kind.LOAD: (_SITE, _VEHICLE),
        Kind.UNLOAD: (_VEHICLE, _SITE),
        Kind.DELIVER: (STOCK_KINDS, _HOUSEHOLD),
        Kind.RETURN: (STOCK_KINDS, _SITE),
        Kind.DISCARD: (STOCK_KINDS, _WASTE),
        Kind.COUNT: (_SITE_OR_COUNT, _SITE_OR_COUNT),
        Kind.SPLIT: (_SITE_OR_CHANGE, _SITE_OR_CHANGE),
        Kind.MERGE: (_SITE_OR_CHANGE, _SITE_OR_CHANGE),
        Kind.REPACK: (_SITE_OR_CHANGE, _SITE_OR_CHANGE),
        Kind.HOLD: (_HOLD, _HOLD),
        Kind.UNHOLD: (_HOLD, _HOLD),
        Kind.REVERSAL: (_ANY, _ANY),
    }
)
"""The kinds of account an entry may come from and go to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Units of one lot from one account to another.

    `id` names the fact itself, not the row: the same fact told twice has the same id.
    `effective_at` is when it was so in the world, `recorded_at` when the book learned of it.
    `reservation_id` joins a promise with what became of it. `reverses` is the id of an entry that this
    one undoes, its ends the other way round: a posted one by a `reversal`, a pending one by its
    opposite, a `hold` by an `unhold`.
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
    reverses: str = ""

    def __post_init__(self) -> None:
        fault = self._fault()
        if fault:
            raise InvalidFact(f"Entry {self.id}: {fault}")

    def _fault(self) -> str:
        """What cannot be true. Said only if asked: a book has many entries, and nearly all are sound."""
        kind, source, target, units = self.kind, self.source, self.target, self.units
        if not (self.id and self.lot_id):
            return "needs an id and a lot"
        whole = isinstance(units, int) and not isinstance(units, bool)
        if not whole or (units != 0 if kind.is_hold else units <= 0):
            least = "0" if kind.is_hold else "a whole number > 0"
            return f"units must be {least}, got {units!r}"
        sources, targets = ENDS[kind]
        if source.kind not in sources or target.kind not in targets:
            return f"{kind} cannot go from {source} to {target}"
        if source == target:
            return f"both ends are {source}"
        if kind is Kind.COUNT and COUNT not in (source, target):
            return "a count difference needs the count account at one end"
        if kind.is_change and [source.kind, target.kind].count(AccountKind.CHANGE) != 1:
            return f"{kind} needs a change at one end"
        if kind in (Kind.REVERSAL, Kind.UNHOLD) and not self.reverses:
            return f"{kind} needs the entry that it undoes"
        if kind.is_pending and not self.reservation_id:
            return f"{kind} needs a reservation"
        if self.effective_at.tzinfo is None or self.recorded_at.tzinfo is None:
            return "times need a time zone"
        return ""
