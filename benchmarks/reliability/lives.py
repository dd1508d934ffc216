"""Random operations on a book and on the oracle beside it: both must say the same, again and again.

`PureBook` is the book's own functions without a database, `StoredBook` its verbs on one. An operation
is told to both; whether it is refused, and what stands where afterwards, must agree.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from benchmarks.reliability.plain import Given, Plain
from benchmarks.reliability.town import ANNEX, HUB, NOW, UNIT_G

PLACES = (HUB, ANNEX)
Amounts = dict[str, tuple[int, int]]
"""By place: units there, units promised (expired promises that nobody has ended included)."""


class Drift(AssertionError):
    """Book and oracle disagree."""


class Book(Protocol):
    """What is told to a book; each answers whether it was done."""

    def reserve(self, lot: str, place: str, units: int, to: Given, now: datetime) -> str | None:
        """The name of the promise, `None` if refused."""

    def settle(self, name: str, units: int | None, now: datetime) -> bool:
        """Hand over."""

    def release(self, name: str, units: int | None, now: datetime) -> bool:
        """End a promise."""

    def count(self, lot: str, more: int, now: datetime) -> None:
        """More units are found at the hub."""

    def amounts(self, lot: str) -> Amounts:
        """What stands where and what of it is promised, places with nothing left out."""

    def grams(self, lot: str) -> tuple[int, int]:
        """Grams received and counted, and grams that stand or went somewhere."""


class FullBook(Book, Protocol):
    """A book that is told more than promises."""

    def take(self, lot: str, place: str, units: int, to: str, now: datetime) -> bool:
        """Throw away (`waste`) or move to another place."""

    def hold(self, lot: str, now: datetime) -> None:
        """Nothing of a lot may be promised."""

    def unhold(self, lot: str, now: datetime) -> None:
        """It may again."""


class Life:
    """A book and its oracle side by side."""

    imports = True
    """A count is a week taken in anew, which ends expired promises of the lots that it counts anew."""

    def __init__(self, book: Book, lots: list[str], units: int) -> None:
        self.book, self.lots, self.plain, self.now = book, lots, Plain(), NOW
        self.done = self.refused = 0
        for lot in lots:
            self.plain.receive(lot, HUB, units)

    def reserve(self, lot: str, place: str, units: int, to: str, minutes: int) -> str | None:
        """For a household or a place, for so many minutes (0: without end)."""
        until = self.now + timedelta(minutes=minutes) if minutes else None
        if to == place:
            return None
        one = Given(lot, place, to, to in PLACES, units, until)
        name = self.book.reserve(lot, place, units, one, self.now)
        done = self.plain.reserve(name or "", one, self.now)
        self._same("reserve", lot, name is not None, done)
        return name

    def settle(self, name: str, lot: str, units: int | None) -> None:
        """Hand over so many units, all open ones for `None`."""
        done = self.book.settle(name, units, self.now)
        self._same("settle", lot, done, self.plain.settle(name, units))

    def release(self, name: str, lot: str, units: int | None) -> None:
        """End the promise of so many units."""
        done = self.book.release(name, units, self.now)
        self._same("release", lot, done, self.plain.release(name, units))

    def count(self, lot: str, more: int) -> None:
        """More was found than was known."""
        self.book.count(lot, more, self.now)
        if self.imports:
            self.plain.end_expired(lot, self.now)
        self.plain.count(lot, HUB, more)
        self._same("count", lot, True, True)

    def later(self, minutes: int) -> None:
        """Time goes by, and promises end."""
        self.now += timedelta(minutes=minutes)

    def _same(self, verb: str, lot: str, book: bool, oracle: bool) -> None:
        self.done += book
        self.refused += not book
        if book != oracle:
            raise Drift(f"{verb} of {lot}: the book says {book}, the oracle {oracle}")
        if book:
            self.compare(lot)

    def compare(self, lot: str) -> None:
        """What stands where, what of it is promised, and the weight of it all.

        Raises:
            Drift: if the two differ.
        """
        expected = {
            place: (self.plain.at[lot][place], self.plain.promised(lot, place))
            for place in PLACES
            if self.plain.at[lot][place]
        }
        found = self.book.amounts(lot)
        if found != expected:
            raise Drift(f"{lot}: the book has {found}, the oracle {expected}")
        came, went = self.book.grams(lot)
        plain = UNIT_G * (self.plain.received[lot] - self.plain.at[lot]["count"])
        if not came == went == plain:
            raise Drift(
                f"{lot}: {came} g came, {went} g are accounted for, {plain} g by the oracle"
            )


class FullLife(Life):
    """A life with everything that a book may be told."""

    book: FullBook
    imports = False

    def take(self, lot: str, place: str, units: int, to: str) -> None:
        """Throw away or move."""
        done = self.book.take(lot, place, units, to, self.now)
        self._same("take", lot, done, self.plain.take(lot, place, units, to))

    def hold(self, lot: str) -> None:
        """Hold a lot, or lift its hold."""
        if lot in self.plain.held:
            self.book.unhold(lot, self.now)
            self.plain.held.remove(lot)
        else:
            self.book.hold(lot, self.now)
            self.plain.held.add(lot)


def live(life: Life, operations: int, seed: int) -> None:
    """So many random operations; those on promises choose among all ever made.

    Raises:
        Drift: at the first disagreement.
    """
    draws = random.Random(seed)
    names: list[tuple[str, str]] = []
    verbs: list[Callable[[], None]] = [
        *[lambda: _reserve(life, draws, names)] * 8,
        *[lambda: life.settle(*_chosen(draws, names), _part(draws))] * 4,
        *[lambda: life.release(*_chosen(draws, names), _part(draws))] * 3,
        lambda: life.later(draws.choice((1, 5, 60))),
    ]
    if isinstance(life, FullLife):
        full = life
        verbs += [
            lambda: full.take(
                draws.choice(life.lots), draws.choice(PLACES), draws.randint(1, 6), "waste"
            ),
            lambda: full.take(draws.choice(life.lots), HUB, draws.randint(1, 6), ANNEX),
            lambda: full.hold(draws.choice(life.lots)),
            *[lambda: life.count(draws.choice(life.lots), draws.randint(1, 9))] * 2,
        ]
    for number in range(operations):
        if not names:
            _reserve(life, draws, names)
        else:
            draws.choice(verbs)()
        if not isinstance(life, FullLife) and number % 500 == 499:
            life.count(draws.choice(life.lots), draws.randint(20, 60))
    for lot in life.lots:
        life.compare(lot)


def _reserve(life: Life, draws: random.Random, names: list[tuple[str, str]]) -> None:
    lot, to = draws.choice(life.lots), draws.choice(("A", "B", "C", HUB, ANNEX))
    units, minutes = draws.randint(1, 9), draws.choice((0, 10, 120))
    name = life.reserve(lot, draws.choice(PLACES), units, to, minutes)
    if name is not None:
        names.append((name, lot))
        if len(names) > 40 * len(life.lots):  # the old ones are over; some are tried all the same
            del names[: 20 * len(life.lots)]


def _chosen(draws: random.Random, names: list[tuple[str, str]]) -> tuple[str, str]:
    """A promise, mostly one of the last made."""
    return names[max(0, len(names) - 1 - int(draws.expovariate(1 / 30)))]


def _part(draws: random.Random) -> int | None:
    return draws.choice((None, None, draws.randint(1, 9)))
