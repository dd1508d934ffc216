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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic

import numpy as np

from logistics.model.shares import Prices, Shares
from logistics.solver.shares.exact import product, whole
from logistics.solver.shares.expand import Lines, Pieces, lines_of
from logistics.solver.shares.flow import wishes_of
from logistics.solver.shares.ladder import Continuous
from logistics.solver.shares.network import Classes, Ints, classes_of
from logistics.solver.shares.program import ClassProgram, Matrix, Tried
from logistics.solver.shares.rational import small_multiple
from logistics.solver.shares.vertex import amounts_of

MISSING = 1e-7
"""Part of the largest wish that may be missing before a floating-point answer counts as short."""


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

    def __init__(self, shares: Shares, seconds: float, seed: int) -> None:
        self.shares = shares
        self._end = monotonic() + seconds
        self.classes = classes_of(shares, shares.capacities)
        needs = self.classes.needs
        self.wanted = whole(shares.wanted)[needs]
        self.past = whole(shares.past_received)[needs]
        self.wishes = wishes_of(shares)[needs]
        self.ladder = Continuous(self.wishes, self.past, self.wanted)
        self.count = len(self.classes.lots)
        self.matrix = Matrix.of(shares, self.classes)
        self.program = ClassProgram(shares, self.matrix, self.count, seed)
        self.cuts: list[Cut] = []
        self.level: list[Fraction | None] = [None] * self.count
        self.stopped: list[tuple[Fraction, int] | None] = [None] * self.count
        starts = self.classes.starts
        self.open = {c for c in range(self.count) if starts[c] < starts[c + 1]}
        barred = self.open - set(self.matrix.of_class.tolist())
        if barred:
            self.cuts.append(self._nothing_for(barred))

    def run(self) -> Priced:
        """Settle class after class from the lowest level up."""
        reached: Fraction | None = Fraction(0)
        while self.open and self._left() > 0:
            found = self._next_level()
            if found is None:
                break
            reached, binding = found
            if not binding:
                self.open.clear()
                break
            for k in binding:
                for c in sorted(self.open):
                    if self.cuts[k].weights[c]:
                        self.open.discard(c)
                        self.level[c], self.stopped[c] = reached, (reached or Fraction(0), k)
        late = bool(self.open)
        for c in self.open:
            self.level[c] = reached
        return self._priced(late=late)

    def _left(self) -> float:
        """Seconds until the limit."""
        return self._end - monotonic()

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
            tried = self._try(level)
            if tried.missing is None:
                return None
            unit = max(1, int(self.wanted.max()))
            cut = self._cut(tried) if tried.missing > MISSING * unit else None
            top = self._top(cut) if cut is not None else None
            if cut is None or top is None or (level is not None and top >= level):
                return level, [k for k, top in tops.items() if top is not None and top == level]
            tops[len(self.cuts)] = top
            self.cuts.append(cut)
        return None

    def _try(self, level: Fraction | None) -> Tried:
        amounts = [float(self._amount(c, level)) for c in range(self.count)]
        free = [c in self.open for c in range(self.count)]
        return self.program.ask(amounts, free, self._left())

    def _members(self, c: int) -> Ints:
        return np.arange(self.classes.starts[c], self.classes.starts[c + 1])

    def _amount(self, c: int, level: Fraction | None) -> Fraction:
        """What a class has where it was settled, or would have at this level."""
        members = self._members(c)
        if c not in self.open:
            level = self.level[c]
        if level is None:
            return Fraction(int(self.wanted[members].sum()))
        return Fraction(int(self.ladder.at(members, level).sum()), level.denominator)

    def _cut(self, tried: Tried) -> Cut | None:
        """A cut in whole numbers from the prices of a program that was short."""
        prices = small_multiple([*tried.lots.tolist(), *tried.capacities.tolist()])
        if prices is None:
            return None
        lots, capacities = prices[: len(tried.lots)], prices[len(tried.lots) :]
        weights = self.matrix.covered(lots, capacities, self.count)
        sizes = [self.shares.usable(lot) for lot in range(len(lots))]
        sizes += [capacity.grains for capacity in self.shares.capacities]
        total = sum(p * s for p, s in zip(prices, sizes, strict=True))
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
        members = np.concatenate([self._members(c) for c in used])
        lengths = [self.classes.starts[c + 1] - self.classes.starts[c] for c in used]
        weight = whole(np.repeat(whole([cut.weights[c] for c in used]), lengths))
        columns = (self.wishes[members], self.past[members], self.wanted[members])
        wishes, past, wanted = (whole(product(column, weight)) for column in columns)
        if left >= int(wanted.sum()):
            return None
        ladder = Continuous(wishes, past, wanted)
        return ladder.level(np.arange(len(members)), max(Fraction(0), left))

    def _priced(self, *, late: bool) -> Priced:
        amounts = [self._amount(c, self.level[c]) for c in range(self.count)]
        found, exact = amounts_of(self.shares, self.matrix, self.program, amounts, self._left())
        lines = self._lines(found, amounts)
        return Priced(
            self.classes,
            lines,
            exact,
            late,
            tuple(self.cuts),
            tuple(self.stopped),
            self.program.engine,
        )

    def _lines(self, given: Sequence[Fraction], asked: Sequence[Fraction]) -> Lines:
        """Amounts of pairs shared out within each class at its common level."""
        totals = [Fraction(0)] * self.count
        for c, amount in zip(self.matrix.of_class.tolist(), given, strict=True):
            totals[c] += amount
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
