"""The balance is the fold of the entries: what stands where, what of it is promised.

Lots never mix, so the balance of some lots needs the entries of those lots only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from logistics.inventory.entries import Account, AccountKind, Entry, Kind
from logistics.model.errors import Finding, OsusowakeError

K = TypeVar("K")
LotAt = tuple[str, Account]
"""A lot at an account."""


class BookBroken(OsusowakeError):
    """Entries were about to break a law of the book; nothing was written."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What stands where after some entries.

    `units`: posted units by lot and account; the outer accounts count as well, so a donor stands
    below zero by what it gave and the units of each lot sum to zero. `reserved`: units promised by
    lot and site. `open`: units not yet settled or released by reservation. `holds`: lot and moment of
    each hold that was not lifted, by the id of its entry. Zeros are left out.
    """

    units: Mapping[LotAt, int] = field(default_factory=lambda: MappingProxyType({}))
    reserved: Mapping[LotAt, int] = field(default_factory=lambda: MappingProxyType({}))
    open: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    holds: Mapping[str, tuple[str, datetime]] = field(default_factory=lambda: MappingProxyType({}))

    def on_hand(self, lot_id: str, account: Account) -> int:
        """Units of a lot that stand at an account, promised or not."""
        return self.units.get((lot_id, account), 0)

    def free(self, lot_id: str, account: Account) -> int:
        """Units of a lot at an account that are promised to nobody."""
        return self.on_hand(lot_id, account) - self.reserved.get((lot_id, account), 0)

    def held_since(self, lot_id: str) -> datetime | None:
        """Since when units of a lot may not be issued; `None` if they may."""
        return min((since for lot, since in self.holds.values() if lot == lot_id), default=None)

    def places(self, lot_id: str) -> dict[str, int]:
        """Units of a lot by site."""
        return {
            account.id: units
            for (lot, account), units in sorted(self.units.items())
            if lot == lot_id and account.kind is AccountKind.SITE
        }


EMPTY = Balance()


class Tally:
    """Amounts that grow entry by entry; `view` is the balance so far, over the same dictionaries."""

    def __init__(self, start: Balance) -> None:
        self.units = dict(start.units)
        self.reserved = dict(start.reserved)
        self.open = dict(start.open)
        self.holds = dict(start.holds)
        self.view = Balance(self.units, self.reserved, self.open, self.holds)

    def extend(self, entry: Entry) -> None:
        """Take one entry into the amounts that keeps the laws of the book.

        Raises:
            BookBroken: if it would break one.
        """
        self.add(entry)
        broken = _broken_by(entry, self.view)
        if broken:
            raise BookBroken(f"Entry {entry.id}: {broken}")

    def add(self, entry: Entry) -> None:
        """Take one entry into the amounts, whatever it says."""
        lot_id, units = entry.lot_id, entry.units
        if entry.kind is Kind.RESERVE:
            _add(self.reserved, (lot_id, entry.source), units)
            _add(self.open, entry.reservation_id, units)
        elif entry.kind.is_pending:
            _add(self.reserved, (lot_id, entry.target), -units)
            _add(self.open, entry.reservation_id, -units)
        elif entry.kind is Kind.HOLD:
            self.holds[entry.id] = (lot_id, entry.effective_at)
        elif entry.kind is Kind.UNHOLD:
            self.holds.pop(entry.reverses, None)
        else:
            _add(self.units, (lot_id, entry.source), -units)
            _add(self.units, (lot_id, entry.target), units)


def _add(amounts: dict[K, int], key: K, units: int) -> None:
    """Add to an amount; a key that comes to zero goes."""
    total = amounts.get(key, 0) + units
    if total:
        amounts[key] = total
    else:
        amounts.pop(key, None)


def fold(entries: Iterable[Entry], start: Balance = EMPTY) -> Balance:
    """The balance after further entries, in the order given; it judges nothing."""
    tally = Tally(start)
    for entry in entries:
        tally.add(entry)
    return tally.view


def violations(balance: Balance) -> list[Finding]:
    """The laws of the book that a balance breaks; an empty list is a sound book.

    No stock below zero, nothing promised that does not stand there, no promise settled beyond its
    units, and per lot: units given = units standing + handed over + wasted + lost in counting.
    """
    findings = [
        _finding("stock_negative", lot_id, f"{account} holds {units} units", account.id)
        for (lot_id, account), units in sorted(balance.units.items())
        if account.holds_stock and units < 0
    ]
    for (lot_id, account), units in sorted(balance.reserved.items()):
        there = balance.on_hand(lot_id, account)
        if not 0 <= units <= there:
            message = f"{account} promises {units} units, {there} stand there"
            findings.append(_finding("over_reserved", lot_id, message, account.id))
    findings += [
        Finding("over_settled", f"Reservation {key}: {units} units are open", ids=(key,))
        for key, units in sorted(balance.open.items())
        if units < 0
    ]
    sums: dict[str, int] = {}
    for (lot_id, _), units in balance.units.items():
        sums[lot_id] = sums.get(lot_id, 0) + units
    findings += [
        _finding("units_lost", lot_id, f"its accounts sum to {total}, expected 0")
        for lot_id, total in sorted(sums.items())
        if total
    ]
    return findings


def _finding(code: str, lot_id: str, message: str, *ids: str) -> Finding:
    return Finding(code, f"Lot {lot_id}: {message}", ids=(lot_id, *ids))


def extend(balance: Balance, entries: Iterable[Entry]) -> Balance:
    """The balance after further entries, each of which keeps the laws of the book.

    Raises:
        BookBroken: if one of them would break a law.
    """
    tally = Tally(balance)
    for entry in entries:
        tally.extend(entry)
    return tally.view


def is_issue(entry: Entry) -> bool:
    """Whether an entry promises, hands out or changes units, which a hold forbids.

    Taking back what was promised is none, and handing out in spite of a hold happened if somebody
    says why: the book must not refuse what is true.
    """
    if entry.reverses:
        return False
    given = entry.kind is Kind.DELIVER and not entry.reason
    changed = entry.kind.is_change and entry.source.kind is AccountKind.SITE
    return given or changed or entry.kind is Kind.RESERVE


def _broken_by(entry: Entry, balance: Balance) -> str:
    """The law that this last entry broke, looking only at what it touched."""
    since = balance.held_since(entry.lot_id) if is_issue(entry) else None
    if since is not None and since <= entry.effective_at:
        return f"lot {entry.lot_id} is held since {since:%Y-%m-%d %H:%M}: none of it may be issued"
    for account in (entry.source, entry.target):
        if account.holds_stock and balance.on_hand(entry.lot_id, account) < 0:
            return f"lot {entry.lot_id} would fall below zero at {account}"
        if account.holds_stock and balance.free(entry.lot_id, account) < 0:
            return f"lot {entry.lot_id} would be promised beyond what stands at {account}"
    if balance.open.get(entry.reservation_id, 0) < 0:
        return f"reservation {entry.reservation_id} would be settled beyond its units"
    return ""
