"""Exact leximin where capacities overlap: by linear programs, with every level proven in integers.

For any prices (>= 0) of lots and capacities, no plan gives more than the sum of prices times sizes
when each class is weighted by the least price of a pair of its own. Such a *cut* bounds the level
that its classes can climb to, exactly. Starting from what everybody wants, each linear program that
is short of the asked amounts names the prices of a cut, and the level falls to where that cut allows
(discrete Newton); when nothing is missing, the classes of the binding cut are stuck, and the others
climb on. Prices from floating point are rounded to whole numbers, which keeps them valid; the plan is
recomputed in fractions at the vertex that the last program points at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic

import numpy as np

from logistics.model.shares import Prices, Shares
from logistics.solver.shares.exact import product, whole
from logistics.solver.shares.expand import Lines, Pieces, lines_of
from logistics.solver.shares.fallback import Space, amounts_of_flow
from logistics.solver.shares.flow import Flowed, wishes_of
from logistics.solver.shares.ladder import Continuous
from logistics.solver.shares.network import Classes, Ints, classes_of
from logistics.solver.shares.program import ClassProgram, Matrix, Tried
from logistics.solver.shares.rational import small_multiple
from logistics.solver.shares.vertex import amounts_of

RESTARTS = 20
"""How often a level that later proves too high may send everybody back to the start."""
LAST_PART = 0.2
"""Part of the time that is kept for the plan in fractions."""


class TooHigh(Exception):
    """A level settled before was too high: floating point did not see what was missing."""


@dataclass(frozen=True, slots=True)
class Cut:
    """sum(weights * amounts of classes) <= total, from whole prices of lots and capacities."""

    lots: tuple[int, ...]
    capacities: tuple[int, ...]
    weights: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Priced:
    """The answer on needs, exact or not, with the cut that stops each class and its level there.

    `stopped[c]` is (level, cut); None where the class has all it wants, or was never settled.
    """

    classes: Classes
    lines: Lines
    exact: bool
    late: bool
    cuts: tuple[Cut, ...]
    stopped: tuple[tuple[Fraction, int] | None, ...]
    engine: str


class LinearLeximin:
    """One run over an instance whose packs may be split."""

    def __init__(self, shares: Shares, flowed: Flowed, seconds: float, seed: int) -> None:
        self.shares, self.flowed = shares, flowed
        self._end, self._kept = monotonic() + seconds, LAST_PART * seconds
        self.reached = Fraction(0)
        self.classes = classes_of(shares, shares.capacities)
        needs = self.classes.needs
        self.wanted = whole(shares.wanted)[needs]
        self.past = whole(shares.past_received)[needs]
        self.wishes = wishes_of(shares)[needs]
        self.ladder = Continuous(self.wishes, self.past, self.wanted)
        self.count = len(self.classes.lots)
        self.matrix = Matrix.of(shares, self.classes)
        self.program = ClassProgram(shares, self.matrix, self.classes, seed)
        self.cuts: list[Cut] = []
        self.level: list[Fraction | None] = [None] * self.count
        self.stopped: list[tuple[Fraction, int] | None] = [None] * self.count
        starts = self.classes.starts
        self.open = {c for c in range(self.count) if starts[c] < starts[c + 1]}
        barred = self.open - set(self.matrix.of_class.tolist())
        if barred:
            self.cuts.append(self._nothing_for(barred))

    def run(self) -> Priced:
        """Settle class after class from the lowest level up; all again if a level was too high.

        The cuts are kept, so that the same mistake is not made twice.
        """
        everybody = set(self.open)
        for _ in range(RESTARTS):
            try:
                self._settle_all()
                break
            except TooHigh:
                self.open, self.reached = set(everybody), Fraction(0)
                self.level = [None] * self.count
                self.stopped = [None] * self.count
        late = bool(self.open)
        for c in self.open:
            self.level[c] = self.reached
        return self._priced(late=late)

    def _settle_all(self) -> None:
        while self.open:
            found = self._next_level()
            if found is None:
                return
            level, binding = found
            if level is None:
                self.open.clear()
                return
            self.reached = level
            for k in binding:
                for c in sorted(self.open):
                    if self.cuts[k].weights[c]:
                        self.open.discard(c)
                        self.level[c], self.stopped[c] = level, (level, k)

    def _left(self) -> float:
        """Seconds until the plan must be made."""
        return self._end - self._kept - monotonic()

    def _nothing_for(self, classes: set[int]) -> Cut:
        """What holds classes that may have no lot at all: nothing needs a price."""
        weights = tuple(int(c in classes) for c in range(self.count))
        lots, capacities = len(self.shares.lot_ids), len(self.shares.capacities)
        return Cut((0,) * lots, (0,) * capacities, weights, 0)

    def _next_level(self) -> tuple[Fraction | None, list[int]] | None:
        """How far the open classes can climb together, and the cuts that stop them there.

        No level and no cut if all can have what they want; None if the time is out.
        """
        tops = {k: self._top(cut) for k, cut in enumerate(self.cuts)}
        while self._left() > 0:
            known = [top for top in tops.values() if top is not None]
            level = min(known) if known else None
            cut = self._broken(level)
            if cut is None:
                return level, [k for k, top in tops.items() if top is not None and top == level]
            tops[len(self.cuts)] = self._top(cut)
            self.cuts.append(cut)
        return None

    def _broken(self, level: Fraction | None) -> Cut | None:
        """A cut that the open classes break at a level, None if the network can carry it.

        Where the prices of all that is missing round to nothing, those of the short classes alone are
        asked for, in units of their own.
        """
        amounts = [float(self._amount(c, level)) for c in range(self.count)]
        free: Collection[int] = self.open
        for _ in range(2):
            tried = self.program.ask(amounts, free, self._left())
            if tried is None or not tried.short:
                return None
            cut = self._cut(tried)
            if cut is not None and self._lowers(cut, level):
                return cut
            free = tried.short
        return None

    def _lowers(self, cut: Cut, level: Fraction | None) -> bool:
        """Whether a new cut holds the open classes below a level."""
        try:
            top = self._top(cut)
        except TooHigh:
            self.cuts.append(cut)
            raise
        return top is not None and (level is None or top < level)

    def _members(self, c: int) -> Ints:
        return np.arange(self.classes.starts[c], self.classes.starts[c + 1])

    def _amount(self, c: int, level: Fraction | None) -> Fraction:
        """What a class has where it was settled, or would have at this level."""
        members = self._members(c)
        if c not in self.open:
            level = self.level[c]
        if level is None:
            return self._full(c)
        return Fraction(int(self.ladder.at(members, level).sum()), level.denominator)

    def _full(self, c: int) -> Fraction:
        return Fraction(int(self.wanted[self._members(c)].sum()))

    def _cut(self, tried: Tried) -> Cut | None:
        """A cut in whole numbers from the prices of a program that was short."""
        prices = small_multiple([*tried.lots.tolist(), *tried.capacities.tolist()])
        if prices is None:
            return None
        lots, capacities = prices[: len(tried.lots)], prices[len(tried.lots) :]
        weights = self.matrix.covered(lots, capacities, self.count)
        total = sum(p * s for p, s in zip(prices, self.shares.sizes(), strict=True))
        return Cut(tuple(lots), tuple(capacities), tuple(weights), total)

    def _top(self, cut: Cut) -> Fraction | None:
        """How far a cut lets the open classes climb; None if to all that they want."""
        used = [c for c in sorted(self.open) if cut.weights[c]]
        if not used:
            return None
        settled = (
            cut.weights[c] * self._amount(c, None)
            for c in range(self.count)
            if cut.weights[c] and c not in self.open
        )
        left = cut.total - sum(settled, Fraction(0))
        asked = (cut.weights[c] * self._amount(c, self.reached) for c in used)
        spare = left - sum(asked, Fraction(0))
        if spare < 0:
            raise TooHigh
        if spare == 0:
            return self.reached
        members = np.concatenate([self._members(c) for c in used])
        lengths = [self.classes.starts[c + 1] - self.classes.starts[c] for c in used]
        weight = whole(np.repeat(whole([cut.weights[c] for c in used]), lengths))
        columns = (self.wishes[members], self.past[members], self.wanted[members])
        wishes, past, wanted = (whole(product(column, weight)) for column in columns)
        if left >= int(wanted.sum()):
            return None
        return Continuous(wishes, past, wanted).level(np.arange(len(members)), left)

    def _priced(self, *, late: bool) -> Priced:
        """The plan in fractions, or without a vertex the flow's answer cut down to what fits."""
        asked = [self._amount(c, self.level[c]) for c in range(self.count)]
        left = max(0.1, self._end - monotonic())
        found = amounts_of(self.shares, self.matrix, self.program, asked, left)
        exact = found is not None
        space = Space(self.shares, self.matrix)
        if found is None:
            flowed = amounts_of_flow(self.flowed, self.matrix, self.classes)
            found = space.fitted(flowed)
        if late or not exact:
            full = [self._full(c) for c in range(self.count)]
            found = space.topped_up(found, full, self._lowest_first(found))
        lines = self._lines(found, asked)
        cuts, stopped = tuple(self.cuts), tuple(self.stopped)
        return Priced(self.classes, lines, exact, late, cuts, stopped, self.program.engine)

    def _lowest_first(self, amounts: Sequence[Fraction]) -> list[int]:
        """Classes by the part of their wish that they have."""
        given = self._totals(amounts)
        wish = [max(Fraction(1), self._full(c)) for c in range(self.count)]
        return sorted(range(self.count), key=lambda c: given[c] / wish[c])

    def _totals(self, amounts: Sequence[Fraction]) -> list[Fraction]:
        """What amounts of pairs come to for each class."""
        found = [Fraction(0)] * self.count
        for c, amount in zip(self.matrix.of_class.tolist(), amounts, strict=True):
            found[c] += amount
        return found

    def _lines(self, given: Sequence[Fraction], asked: Sequence[Fraction]) -> Lines:
        """Amounts of pairs shared out within each class at its common level."""
        totals = self._totals(given)
        received: list[Fraction] = [Fraction(0)] * len(self.classes.needs)
        for c in range(self.count):
            members = self._members(c)
            if not len(members) or not totals[c]:
                continue
            level = self.level[c] if totals[c] == asked[c] else self._common(members, totals[c])
            if level is None:
                shares = [Fraction(int(v)) for v in self.wanted[members]]
            else:
                units = self.ladder.at(members, level).tolist()
                shares = [Fraction(int(v), level.denominator) for v in units]
            for n, share in zip(members.tolist(), shares, strict=True):
                received[n] = share
        rows = [
            (int(c), int(lot), amount)
            for c, lot, amount in zip(
                self.matrix.of_class.tolist(), self.matrix.lot.tolist(), given, strict=True
            )
            if amount
        ]
        return lines_of(Pieces.of(rows, received, self.classes), self.classes)

    def _common(self, members: Ints, total: Fraction) -> Fraction | None:
        if total == int(self.wanted[members].sum()):
            return None
        return self.ladder.level(members, total)


def prices_of(priced: Priced, cuts: Iterable[int]) -> Prices:
    """The sum of cuts as one proof."""
    chosen = [priced.cuts[k] for k in cuts]
    weights = [sum(column) for column in zip(*(cut.weights for cut in chosen), strict=True)]
    of = priced.classes.of.tolist()
    return Prices(
        {h: weights[of[h]] for h in priced.classes.needs.tolist() if weights[of[h]]},
        _summed([cut.lots for cut in chosen]),
        _summed([cut.capacities for cut in chosen]),
    )


def _summed(columns: Sequence[Sequence[int]]) -> dict[int, int]:
    totals = [sum(values) for values in zip(*columns, strict=True)]
    return {i: total for i, total in enumerate(totals) if total}
