"""Objectives one after another over the packs of a shape, each with the earlier ones kept.

A program that grows by columns and rows, with a solution in hand that every stage may better. The
bound comes first from the relaxation (GLOP), then from the whole program (HiGHS) within a part of the
time; what is left of it goes to neighbourhoods, in which a few needs are free and everybody else keeps
what they have (Shaw 1998, doi:10.1007/3-540-49481-2_30). Every answer is checked row by row in
integers before it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, gcd
from random import Random
from time import monotonic

from logistics.solver.allocation.after.sparse import Row, Sparse
from logistics.solver.allocation.shape import Shape

SHARED = -1
"""Owner of a column that belongs to no single need."""
FEW_NEEDS = 4
"""Needs of a neighbourhood at first; more when small ones find nothing."""
PATIENCE = 25
"""So many neighbourhoods in turn without any gain, and they grow."""
IDLE_CALLS = 400
"""So many, and the search ends before its time."""
CALL_S = 0.2
"""Limit of one neighbourhood; where it is not enough, they shrink."""
RELAXED_SHARE = 0.4
"""Part of the time left for the relaxation."""
WHOLE_SHARE = 0.2
"""Part of the time left then for the whole program: enough to prove a small week."""
WHOLE_COLUMNS_MAX = 60_000
"""Above this the whole program would not get beyond its beginning within seconds."""
NOISE = 1e-6


@dataclass(frozen=True, slots=True)
class Outcome:
    """Value of an objective and its proven lower bound (None: none was found)."""

    value: int
    bound: int | None

    @property
    def is_proven(self) -> bool:
        """Whether nothing can be better."""
        return self.bound == self.value


class Staged:
    """The program: columns for packs and flags of the shape, then those that objectives add.

    `lower` are the grains that each need keeps at least; `packs` must keep them and every row.
    """

    def __init__(self, shape: Shape, lower: Sequence[int], packs: Sequence[int], seed: int) -> None:
        self.shape = shape
        self._random = Random(seed)
        owner = {i: n for n, members in enumerate(shape.members) for i in members}
        seats = {need.household_id: n for n, need in enumerate(shape.needs)}
        self._most = [*shape.most, *([1] * len(shape.flags))]
        self._owner = [owner[i] for i in range(len(shape.options))]
        self._owner += [seats[household_id] for household_id, _ in shape.flags]
        self._values = list(packs)
        self._users: dict[int, tuple[int, ...]] = {}
        self._rows: list[Row] = []
        for row in shape.rows:
            self.limit(row.terms, upper=row.upper, lower=row.lower)
        for members, least in zip(shape.members, lower, strict=True):
            self.limit(((i, shape.meals[i]) for i in members), lower=least)

    @property
    def packs(self) -> tuple[int, ...]:
        """Packs and flags of the solution in hand."""
        return tuple(self._values[: len(self.shape.options) + len(self.shape.flags)])

    def hold(self, packs: Sequence[int]) -> None:
        """Take other packs and flags in hand, which keep every row; before any column was added."""
        self._values = list(packs)

    def __getitem__(self, column: int) -> int:
        """Value of a column in the solution in hand."""
        return self._values[column]

    def column(self, most: int, value: int, need: int = SHARED, users: Sequence[int] = ()) -> int:
        """A new whole-numbered column 0..most, and its value in the solution in hand.

        It belongs to a need, or is shared by the columns that use it.
        """
        self._most.append(most)
        self._values.append(value)
        self._owner.append(need)
        if users:
            self._users[len(self._most) - 1] = tuple(users)
        return len(self._most) - 1

    def limit(
        self,
        terms: Iterable[tuple[int, int]],
        *,
        upper: int | None = None,
        lower: int | None = None,
    ) -> None:
        """A row: `lower` <= sum of coefficient x column <= `upper`."""
        self._rows.append((tuple(terms), lower, upper))

    def value(self, costs: Mapping[int, int]) -> int:
        """What the solution in hand costs."""
        return sum(cost * self._values[i] for i, cost in costs.items())

    def least(self, costs: Mapping[int, int], seconds: float, bound: int | None = None) -> Outcome:
        """Make a sum of columns as small as can be found in the time, and keep it there.

        `bound` is what it cannot fall below in any case, if that is known.
        """
        outcome = Outcome(self.value(costs), bound) if costs else Outcome(0, 0)
        if not outcome.is_proven:
            outcome = _Stage(self, costs, outcome, monotonic() + seconds).run()
        self.limit(costs.items(), upper=outcome.value)
        return outcome


class _Stage:
    """One objective over the program as it stands."""

    def __init__(
        self, program: Staged, costs: Mapping[int, int], known: Outcome, end: float
    ) -> None:
        self._program = program
        self._costs, self._known, self._end = costs, known, end
        self._step = gcd(*costs.values())
        self._sparse = Sparse(program._rows, program._most, costs)
        self._guided = self._sparse.guided(program.shape.meals, self._step)

    def run(self) -> Outcome:
        """Bounds and a better solution, as far as the time goes."""
        if len(self._program._most) <= WHOLE_COLUMNS_MAX:
            self._raise_bound(self._sparse.relaxed(self._part(RELAXED_SHARE)))
            if not self._known.is_proven:
                self._whole()
        if not self._known.is_proven:
            self._search()
        return self._known

    def _part(self, share: float) -> float:
        return max(0.05, share * (self._end - monotonic()))

    def _whole(self) -> None:
        """The whole program for something better; that there is nothing is the proof."""
        below = self._known.value - self._step
        found = self._sparse.least(self._program._values, self._part(WHOLE_SHARE), below=below)
        self._take(found.values)
        if found.is_impossible:
            self._known = Outcome(self._known.value, self._known.value)
        else:
            self._raise_bound(found.bound)

    def _raise_bound(self, bound: float | None) -> None:
        """A bound in floating point, rounded up to what whole numbers can attain."""
        value = self._known.value
        if bound is not None:
            steps = bound / self._step
            proven = ceil(steps - NOISE * max(1.0, abs(steps))) * self._step
            known = self._known.bound
            self._known = Outcome(
                value, min(value, proven if known is None else max(known, proven))
            )

    def _search(self) -> None:
        """Neighbourhoods until the time is over, or many in turn gain nothing."""
        size, idle = FEW_NEEDS, 0
        shared = [i for i in self._costs if i in self._program._users]
        while monotonic() < self._end and idle < IDLE_CALLS and not self._known.is_proven:
            needs = {*self._neighbours(shared, size), SHARED}
            free = [i for i, owner in enumerate(self._program._owner) if owner in needs]
            begun, limit_s = monotonic(), min(CALL_S, max(0.02, self._end - monotonic()))
            found = self._sparse.least(self._program._values, limit_s, free, costs=self._guided)
            gained = self._take(found.values)
            idle = 0 if gained else idle + 1
            if monotonic() - begun >= limit_s:
                size = max(2, size - 1)
            elif idle and idle % PATIENCE == 0:
                size += 1

    def _neighbours(self, shared: Sequence[int], size: int) -> list[int]:
        """Needs by chance; every other time with those that now use some shared column."""
        random, program = self._program._random, self._program
        everybody = range(len(program.shape.needs))
        used = [column for column in shared if program[column]]
        chosen: list[int] = []
        if used and random.random() < 0.5:
            waiting = program._users[random.choice(used)]
            chosen = sorted({program._owner[i] for i in waiting if program[i]} - {SHARED})
            chosen = random.sample(chosen, min(len(chosen), 2 * size))
        others = [n for n in everybody if n not in chosen]
        return chosen + random.sample(others, min(len(others), max(2, size - len(chosen))))

    def _take(self, values: Sequence[int] | None) -> bool:
        """Take an answer that costs no more and keeps every row; whether it costs less."""
        if values is None or not self._sparse.keeps(values):
            return False
        value = sum(cost * values[i] for i, cost in self._costs.items())
        if value > self._known.value:
            return False
        self._program._values = list(values)
        gained = value < self._known.value
        self._known = Outcome(value, self._known.bound)
        return gained
