"""The shape as sparse arrays, and one solve over them: split packs (LP) or whole ones (MIP).

All rows read `coefficients x columns <= upper`. Two things make the arrays smaller and tighter than
the shape's rows, without changing which packs are possible:

- flags that nothing limits and rows that follow from others are left out (`seats.py`);
- the receipts that are asked of a need form a *ladder*: meals >= lower + sum of step x rung, each rung
  0 or 1 and at most the rung below. All ties and the goal share the rungs.

HiGHS comes through SciPy: MathOpt's Python takes longer to hand the rows over than HiGHS to solve them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, vstack

from logistics.solver.allocation.events import Event, Tie
from logistics.solver.allocation.packs.bounds import safe_maximum
from logistics.solver.allocation.packs.seats import Half, Seats, Terms
from logistics.solver.allocation.quiet import hushed
from logistics.solver.allocation.shape import Shape

Floats = NDArray[np.float64]
LIMITED, INFEASIBLE = 1, 2
"""SciPy's status when a limit stopped HiGHS, and when there is proven to be no solution."""


@dataclass(frozen=True, slots=True)
class Found:
    """Outcome of a solve: a value per column of the shape or None, and what was proven."""

    columns: Floats | None
    infeasible: bool = False
    most: int | None = None
    """Proven most of what is gained, rounded down (`Matrix.split`)."""

    @property
    def packs(self) -> tuple[int, ...] | None:
        """The columns as whole numbers."""
        return None if self.columns is None else tuple(int(v) for v in self.columns)


@dataclass(slots=True)
class Extra:
    """Rows and columns that one solve adds to those of the shape."""

    columns: int
    rows: list[Half] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    gain: list[float] = field(default_factory=list)

    def add(self, upper: float, *, whole: bool, gain: float = 0.0) -> int:
        """A new column from 0 to `upper` whose unit is worth `gain`; its number."""
        self.upper.append(upper)
        self.whole.append(int(whole))
        self.gain.append(gain)
        return self.columns + len(self.upper) - 1

    def at_least(self, terms: Terms, lower: float) -> None:
        """A row `terms >= lower`."""
        self.rows.append(([(i, -c) for i, c in terms], -lower))


class Matrix:
    """The arrays of one shape. `meals[n]` are the terms of need *n*, `owned[n]` all its columns."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.packs = len(shape.options)
        self.size = self.packs + len(shape.flags)
        self.meals: list[Terms] = [[(i, shape.meals[i]) for i in own] for own in shape.members]
        self.owned = _columns_of(shape)
        seats = Seats(shape, self.owned)
        self.lower = np.zeros(self.size)
        self.lower[list(seats.free)] = 1
        self.upper = np.array([*shape.most, *([1] * len(shape.flags))], dtype=float)
        halves = seats.halves()
        self.rows = csr(halves, self.size)
        self.by_column = self.rows.tocsc()
        self.limits = np.array([upper for _, upper in halves], dtype=float)

    def ladder(
        self, lower: Sequence[int], ties: Sequence[Tie], goal: Sequence[Event] = (), count: int = 0
    ) -> tuple[Extra, dict[tuple[int, int], int]]:
        """What is asked of the receipts: lower bounds, ties, and `count` events of a goal.

        Returns the rows with the column of each rung (need, grains).
        """
        extra = Extra(self.size)
        asked = [*((tie.events, tie.count) for tie in ties), (tuple(goal), count)]
        heights: dict[int, set[int]] = defaultdict(set)
        for events, _ in asked:
            for event in events:
                if event.target > lower[event.need]:
                    heights[event.need].add(event.target)
        rungs: dict[tuple[int, int], int] = {}
        for n, meals in enumerate(self.meals):
            terms, below, last = list(meals), lower[n], None
            for grains in sorted(heights.get(n, ())):
                rung = rungs[n, grains] = extra.add(1.0, whole=True)
                terms.append((rung, below - grains))
                if last is not None:
                    extra.rows.append(([(rung, 1), (last, -1)], 0))
                below, last = grains, rung
            if terms and (lower[n] > 0 or n in heights):
                extra.at_least(terms, lower[n])
            elif lower[n] > 0:
                extra.at_least([], lower[n])
        for events, least in asked:
            keys = [(event.need, event.target) for event in events]
            risen = sum(key not in rungs for key in keys)
            if least > risen:
                extra.at_least([(rungs[key], 1) for key in keys if key in rungs], least - risen)
        return extra, rungs

    def worth(
        self, extra: Extra, lower: Sequence[int], gains: Mapping[int, Sequence[tuple[int, float]]]
    ) -> None:
        """Reward receipts above `lower`: per need, steps (up to so many grains, gain of a grain)."""
        for n, steps in gains.items():
            _reward(extra, self.meals[n], lower[n], steps)

    def whole(
        self,
        extra: Extra,
        seconds: float,
        *,
        gap: float = 0.0,
        lower: Floats | None = None,
        upper: Floats | None = None,
    ) -> Found:
        """Whole packs of the greatest gain within a relative gap (any packs if nothing has a gain)."""
        rows, limits, bounds, gain = self._joined(extra, lower, upper)
        if not len(gain):  # nothing to decide, which SciPy does not take
            kept = bool((limits >= 0).all())
            return Found(np.zeros(0) if kept else None, infeasible=not kept)
        with hushed():
            result = milp(
                -gain,
                constraints=LinearConstraint(rows, -inf, limits),
                integrality=np.array([*([1] * self.size), *extra.whole]),
                bounds=Bounds(*bounds),
                options={"time_limit": max(0.05, seconds), "mip_rel_gap": gap},
            )
        if result.x is None:
            return Found(None, infeasible=result.status == INFEASIBLE)
        return Found(np.round(result.x[: self.size]))

    def split(self, extra: Extra, seconds: float) -> Found:
        """Packs that may be split, of the greatest gain; `most` is that gain rounded down, proven."""
        rows, limits, bounds, gain = self._joined(extra, None, None)
        with hushed():
            result = linprog(
                -gain,
                A_ub=rows,
                b_ub=limits,
                bounds=np.column_stack(bounds),
                method="highs",
                options={"time_limit": max(0.05, seconds)},
            )
        if result.x is None:
            return Found(None, infeasible=result.status == INFEASIBLE)
        prices = np.maximum(0.0, -result.ineqlin.marginals)
        most = safe_maximum(rows, limits, bounds, gain, prices)
        return Found(result.x[: self.size], most=most)

    def _joined(
        self, extra: Extra, lower: Floats | None, upper: Floats | None
    ) -> tuple[csr_matrix, Floats, tuple[Floats, Floats], Floats]:
        """Rows, limits, column bounds and gains of the shape and the extras together."""
        width, more = self.size + len(extra.upper), len(extra.upper)
        base = self.rows
        wide = csr_matrix((base.data, base.indices, base.indptr), shape=(base.shape[0], width))
        rows = vstack([wide, csr(extra.rows, width)], format="csr")
        limits = np.concatenate([self.limits, [upper for _, upper in extra.rows]])
        low = np.concatenate([self.lower if lower is None else lower, np.zeros(more)])
        high = np.concatenate([self.upper if upper is None else upper, extra.upper])
        return rows, limits, (low, high), np.concatenate([np.zeros(self.size), extra.gain])


class Part:
    """A small program over the columns of some needs; all others keep what they have."""

    def __init__(self, matrix: Matrix, needs: Sequence[int], columns: Floats) -> None:
        self.matrix = matrix
        self.needs = needs
        self.columns = columns
        self.free = np.array(sorted(i for n in needs for i in matrix.owned[n]), dtype=np.int64)
        rows = matrix.by_column[:, self.free].tocsr()
        used = np.flatnonzero(np.diff(rows.indptr))
        self.rows = rows[used]
        given = (matrix.rows @ columns)[used] - self.rows @ columns[self.free]
        self.limits = matrix.limits[used] - given

    def best(
        self,
        gains: Mapping[int, Sequence[tuple[int, float]]],
        lower: Sequence[int],
        seconds: float,
        gap: float,
    ) -> tuple[int, ...] | None:
        """All columns with those of the part chosen anew: the greatest gain above lower bounds."""
        place = {int(i): k for k, i in enumerate(self.free)}
        extra = Extra(len(self.free))
        for n in self.needs:
            terms: Terms = [(place[i], c) for i, c in self.matrix.meals[n]]
            _reward(extra, terms, lower[n], gains[n])
        width = extra.columns + len(extra.upper)
        base = self.rows
        wide = csr_matrix((base.data, base.indices, base.indptr), shape=(base.shape[0], width))
        rows = vstack([wide, csr(extra.rows, width)], format="csr")
        limits = np.concatenate([self.limits, [upper for _, upper in extra.rows]])
        zeros = np.zeros(len(extra.upper))
        with hushed():
            result = milp(
                -np.concatenate([np.zeros(extra.columns), extra.gain]),
                constraints=LinearConstraint(rows, -inf, limits),
                integrality=np.array([*([1] * extra.columns), *extra.whole]),
                bounds=Bounds(
                    np.concatenate([self.matrix.lower[self.free], zeros]),
                    np.concatenate([self.matrix.upper[self.free], extra.upper]),
                ),
                options={"time_limit": seconds, "mip_rel_gap": gap},
            )
        if result.x is None:
            return None
        columns = self.columns.copy()
        columns[self.free] = np.round(result.x[: extra.columns])
        return tuple(int(v) for v in columns)


def _reward(extra: Extra, meals: Terms, lower: int, steps: Sequence[tuple[int, float]]) -> None:
    """Reward grains above `lower`: steps (up to so many grains, gain of a grain)."""
    terms, below = list(meals), lower
    for grains, gain in steps:
        if grains > below:
            terms.append((extra.add(grains - below, whole=False, gain=gain), -1))
            below = grains
    extra.at_least(terms, lower)


def _columns_of(shape: Shape) -> list[list[int]]:
    """Options and flags of each need."""
    owned = [list(members) for members in shape.members]
    index = {need.household_id: n for n, need in enumerate(shape.needs)}
    for k, (household_id, _) in enumerate(shape.flags):
        owned[index[household_id]].append(len(shape.options) + k)
    return owned


def csr(halves: Sequence[Half], width: int) -> csr_matrix:
    """Rows as a sparse matrix."""
    starts = np.cumsum([0, *(len(terms) for terms, _ in halves)])
    columns = np.array([i for terms, _ in halves for i, _ in terms], dtype=np.int32)
    values = np.array([c for terms, _ in halves for _, c in terms], dtype=float)
    return csr_matrix((values, columns, starts), shape=(len(halves), width))
