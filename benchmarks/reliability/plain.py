"""A naive oracle: the same book as plain numbers. It shares no code with the book.

It knows what stands where, and a list of promises. A promise whose time is over stands in nobody's way;
it ends for good when somebody is promised units of its lot.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Given:
    """One promise: how many units of what, from where, to whom, until when."""

    lot: str
    place: str
    to: str
    to_place: bool
    open: int
    until: datetime | None


@dataclass
class Plain:
    """Units by lot and place (`out`: handed over, `waste`, `count`: found by counting, negative)."""

    at: dict[str, dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    given: dict[str, Given] = field(default_factory=dict)
    by_lot: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    received: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    held: set[str] = field(default_factory=set)

    def receive(self, lot: str, place: str, units: int) -> None:
        """Units come from the donor."""
        self.at[lot][place] += units
        self.received[lot] += units

    def promised(self, lot: str, place: str, now: datetime | None = None) -> int:
        """Units promised at a place; with a moment, those alone whose time is not over."""
        total = 0
        for name in self.by_lot[lot]:
            one = self.given[name]
            over = now is not None and one.until is not None and one.until <= now
            if one.place == place and not over:
                total += one.open
        return total

    def reserve(self, name: str, one: Given, now: datetime) -> bool:
        """Whether the units can be promised; they are, if so."""
        if one.lot in self.held:
            return False
        if self.at[one.lot][one.place] - self.promised(one.lot, one.place, now) < one.open:
            return False
        self.end_expired(one.lot, now)
        self.given[name] = one
        self.by_lot[one.lot].append(name)
        return True

    def end_expired(self, lot: str, now: datetime) -> None:
        """Promises of a lot whose time is over end."""
        for name in list(self.by_lot[lot]):
            until = self.given[name].until
            if until is not None and until <= now:
                self._end(name)

    def settle(self, name: str, units: int | None) -> bool:
        """Whether so many units (all open ones) can be handed over; they are, if so."""
        one = self.given.get(name)
        if one is None or (one.lot in self.held and not one.to_place):
            return False
        n = self._take(name, units)
        if not n:
            return False
        self.at[one.lot][one.place] -= n
        self.at[one.lot][one.to if one.to_place else "out"] += n
        return True

    def release(self, name: str, units: int | None) -> bool:
        """Whether a promise of so many units (all open ones) can end; it does, if so."""
        return bool(self._take(name, units))

    def take(self, lot: str, place: str, units: int, to: str) -> bool:
        """Whether units that are promised to nobody can go elsewhere; they do, if so."""
        if self.at[lot][place] - self.promised(lot, place) < units:
            return False
        self.at[lot][place] -= units
        self.at[lot][to] += units
        return True

    def count(self, lot: str, place: str, more: int) -> None:
        """So many units more were found than the book knew of."""
        self.at[lot][place] += more
        self.at[lot]["count"] -= more

    def _take(self, name: str, units: int | None) -> int:
        one = self.given.get(name)
        if one is None or one.open < (units or 1):
            return 0
        n = one.open if units is None else units
        one.open -= n
        if not one.open:
            self._end(name)
        return n

    def _end(self, name: str) -> None:
        self.by_lot[self.given[name].lot].remove(name)
        del self.given[name]
