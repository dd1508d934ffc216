"""Whole packs near a target: small integer programs, one neighbourhood after another.

A plan is bettered by taking a few households out of it and giving them packs anew, as close to their
targets as an integer program over them alone can get, everybody else keeping what they have. Without
proof, but each program is small and solved to the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, eye_array

from logistics.solver.allocation.large.arrays import NONE, Arrays, Floats, Ints
from logistics.solver.allocation.quiet import hushed

PART_S = 1.0
"""Longest that one small program may take."""

FAR_COST = 3
"""What a grain short counts where more than a meal is missing already."""


@dataclass(frozen=True, slots=True)
class Part:
    """A small program: rows over some variables, each 0..most, and the grains their needs miss."""

    rows: csr_array
    lower: Floats
    upper: Floats
    most: Ints
    meals: csr_array
    missing: Ints

    def solve(self, near: int, seconds: float) -> Ints | None:
        """The packs that leave least short: meals + near + far >= missing, near within one meal."""
        count, needs = len(self.most), len(self.missing)
        matrix = block_array(
            [[self.rows, None, None], [self.meals, eye_array(needs), eye_array(needs)]],
            format="csc",
        )
        endless = np.full(needs, np.inf)
        with hushed():
            result = milp(
                np.concatenate([np.zeros(count), np.ones(needs), np.full(needs, FAR_COST)]),
                constraints=LinearConstraint(
                    matrix,
                    np.concatenate([self.lower, self.missing]),
                    np.concatenate([self.upper, endless]),
                ),
                integrality=np.ones(count + 2 * needs),
                bounds=Bounds(0, np.concatenate([self.most, np.full(needs, near), endless])),
                options={"time_limit": max(0.05, seconds), "mip_rel_gap": 0},
            )
        if result.x is None:
            return None
        values: Ints = np.rint(result.x[:count]).astype(np.int64)
        return values


class Search:
    """A plan of whole packs with what its rows hold and what each need receives.

    `cost` is what it lacks of the target: a grain short within the last meal counts once, grains
    further away `FAR_COST` times.
    """

    def __init__(self, arrays: Arrays, target: Ints, grains_per_meal: int, plan: Ints) -> None:
        self.arrays = arrays
        self.target = target
        self.near = grains_per_meal
        self._columns = arrays.matrix.tocsc()
        self._order = np.argsort(arrays.owner, kind="stable")
        self._first = np.searchsorted(arrays.owner[self._order], np.arange(len(target) + 1))
        grains = np.concatenate([arrays.grains, np.zeros(len(plan) - arrays.options, np.int64)])
        self._grains = grains
        self.plan = plan.copy()
        self.rows = arrays.matrix @ self.plan
        self.given = np.zeros(len(target), dtype=np.int64)
        np.add.at(self.given, arrays.owner, grains * self.plan)

    @property
    def short(self) -> Ints:
        """Grains that each need lacks of its target."""
        short: Ints = np.maximum(0, self.target - self.given)
        return short

    def holds(self) -> bool:
        """Whether every row is kept."""
        arrays = self.arrays
        return bool(((self.rows <= arrays.upper) & (self.rows >= arrays.lower)).all())

    def become(self, other: Search) -> None:
        """Take over another search's plan."""
        self.plan, self.rows, self.given = other.plan, other.rows, other.given

    def related(self, need: int) -> Ints:
        """For each other need, packs that it has of lots which this one could have, too."""
        arrays = self.arrays
        own = self.variables(need)
        edible = np.zeros(len(arrays.upper) + 1, dtype=bool)
        edible[arrays.supply[own[own < arrays.options]]] = True
        edible[NONE] = False
        held = np.flatnonzero(self.plan[: arrays.options])
        held = held[edible[arrays.supply[held]]]
        found = np.bincount(arrays.owner[held], self.plan[held], len(self.target)).astype(np.int64)
        found[need] = 0
        return found

    def takers(self) -> Ints:
        """Per need that could have packs of a lot of which something is left: packs that it has."""
        arrays = self.arrays
        left = np.append(self.rows < arrays.upper, False)
        able = np.zeros(len(self.target), dtype=bool)
        able[arrays.owner[: arrays.options][left[arrays.supply]]] = True
        packs = self.plan[: arrays.options].astype(float)
        has = np.bincount(arrays.owner[: arrays.options], packs, len(self.target))
        return np.where(able, has, 0).astype(np.int64)

    def variables(self, need: int) -> Ints:
        """The variables of a need."""
        return self._order[self._first[need] : self._first[need + 1]]

    def neighbourhood(self, needs: Ints) -> Ints:
        """Variables of needs whose lots these needs have already or of which something is left."""
        arrays = self.arrays
        found = np.concatenate([self.variables(n) for n in needs.tolist()])
        packs = found[found < arrays.options]
        lots = arrays.supply[packs]
        open_lot = self.rows < arrays.upper
        open_lot[lots[(self.plan[packs] > 0) & (lots != NONE)]] = True
        return np.concatenate(
            [packs[(lots == NONE) | open_lot[lots]], found[found >= arrays.options]]
        )

    def better(self, variables: Ints, seconds: float) -> bool:
        """Choose these variables anew; True if the plan has become better and not just other."""
        return self.accept(variables, self.proposal(variables, seconds))

    def proposal(self, variables: Ints, seconds: float) -> Ints | None:
        """Values of these variables that leave least short, all others as they are now."""
        if not len(variables):
            return None
        arrays = self.arrays
        needs, of_need = np.unique(arrays.owner[variables], return_inverse=True)
        rows = self._columns[:, variables].tocsr()
        used = np.flatnonzero(np.diff(rows.indptr))
        rows = rows[used]
        elsewhere = self.rows[used] - rows @ self.plan[variables]
        size = abs(rows).max(axis=1).toarray()  # grams beside packs would blur the tolerances
        grains = self._grains[variables]
        meals = csr_array((grains, (of_need, np.arange(len(grains)))), (len(needs), len(grains)))
        part = Part(
            rows.multiply(1 / size[:, None]).tocsr(),
            (arrays.lower[used] - elsewhere) / size,
            (arrays.upper[used] - elsewhere) / size,
            arrays.most[variables],
            meals,
            self.target[needs] - self.given[needs] + meals @ self.plan[variables],
        )
        return part.solve(self.near, min(PART_S, seconds))

    def accept(self, variables: Ints, values: Ints | None) -> bool:
        """Take over values that keep all rows and leave no more short; True if they leave less."""
        if values is None:
            return False
        arrays = self.arrays
        change = values - self.plan[variables]
        rows = self.rows + self._columns[:, variables] @ change
        given = self.given.copy()
        np.add.at(given, arrays.owner[variables], self._grains[variables] * change)
        held = (rows <= np.maximum(arrays.upper, self.rows)) & (
            rows >= np.minimum(arrays.lower, self.rows)
        )
        before, after = self.cost(self.given), self.cost(given)
        if not held.all() or after > before:
            return False
        self.plan[variables] = values
        self.rows, self.given = rows, given
        return after < before

    def cost(self, given: Ints) -> int:
        """What receipts lack of the target."""
        short = np.maximum(0, self.target - given)
        return int(short.sum() + (FAR_COST - 1) * np.maximum(0, short - self.near).sum())

    def fits(self, variables: Ints) -> NDArray[np.bool_]:
        """Of which variables one more can be given, all rows kept."""
        columns = self._columns[:, variables]
        room = self.arrays.upper[columns.indices] - self.rows[columns.indices]
        bad = np.repeat(np.arange(len(variables)), np.diff(columns.indptr))[columns.data > room]
        found = self.plan[variables] < self.arrays.most[variables]
        found[bad] = False
        return found

    def add(self, variable: int) -> None:
        """Give one more of a variable."""
        column = self._columns[:, [variable]]
        self.plan[variable] += 1
        self.rows[column.indices] += column.data
        self.given[self.arrays.owner[variable]] += self._grains[variable]
