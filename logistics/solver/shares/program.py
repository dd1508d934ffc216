"""The linear program of classes: which amounts can be carried at all, and what stands in the way.

Columns are pairs of class and lot; rows are the amounts that classes ask for, the lots, and the
capacities. Given asked amounts, it looks for the least that must be missing; the duals of lots and
capacities are then prices that prove it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logistics.model.shares import Shares
from logistics.solver.shares.network import Classes, Ints, pairs_of

Floats = NDArray[np.float64]

GLOP_PAIRS = 100_000
"""Up to so many pairs GLOP, which goes on from its last basis; beyond, HiGHS by interior point and
crossover (docs/decisions/0016 has the measurement)."""


MISSING = 1e-7
"""Part of a class's wish that may be missing before a floating-point answer counts as short."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Pairs `(of_class, lot)` and the capacities over each: entries `(capacity, pair)`."""

    of_class: Ints
    lot: Ints
    capacity: Ints
    pair: Ints

    @classmethod
    def of(cls, shares: Shares, classes: Classes) -> Matrix:
        """All pairs of classes in which somebody wants something."""
        of_class, lot = pairs_of(classes)
        rows: list[Ints] = []
        columns: list[Ints] = []
        for k, capacity in enumerate(shares.capacities):
            inside = np.ones(len(lot), dtype=bool)
            if capacity.lots is not None:
                inside &= np.isin(lot, list(capacity.lots))
            if capacity.households is not None:
                named = np.unique(classes.of[list(capacity.households)])
                inside &= np.isin(of_class, named)
            columns.append(np.flatnonzero(inside))
            rows.append(np.full(len(columns[-1]), k))
        nothing = np.empty(0, dtype=np.int64)
        return cls(
            of_class, lot, np.concatenate([nothing, *rows]), np.concatenate([nothing, *columns])
        )

    def covered(self, lots: Sequence[int], capacities: Sequence[int], classes: int) -> list[int]:
        """For prices in whole numbers: the least price of any pair of each class."""
        price = [lots[lot] for lot in self.lot.tolist()]
        for k, pair in zip(self.capacity.tolist(), self.pair.tolist(), strict=True):
            price[pair] += capacities[k]
        least: list[int | None] = [None] * classes
        for c, value in zip(self.of_class.tolist(), price, strict=True):
            known = least[c]
            least[c] = value if known is None else min(known, value)
        return [0 if value is None else value for value in least]


@dataclass(frozen=True, slots=True)
class Tried:
    """Which classes must lack some of what they ask, and the prices that say why."""

    short: frozenset[int]
    lots: Floats
    capacities: Floats


@dataclass(frozen=True, slots=True)
class Vertex:
    """Basic pairs and tight rows (classes, then lots, then capacities)."""

    columns: list[int]
    rows: list[int]


class ClassProgram:
    """The program in floating point; each class counts in units of its own wish.

    So a household beside a shelter is answered as accurately as the shelter.
    """

    def __init__(self, shares: Shares, matrix: Matrix, of_classes: Classes, seed: int) -> None:
        from ortools.math_opt import model_pb2
        from ortools.math_opt.python import mathopt

        self._opt, self._seed = mathopt, seed
        classes = len(of_classes.lots)
        self.matrix, self._classes = matrix, classes
        self._lots = len(shares.lot_ids)
        sizes = shares.sizes()
        self._units = _wishes(shares, of_classes)
        self._largest = float(self._units.max(initial=1.0))
        pairs, rows = len(matrix.lot), classes + len(sizes)
        proto = model_pb2.ModelProto()
        proto.variables.ids.extend(range(pairs + classes))
        proto.variables.lower_bounds.extend([0.0] * (pairs + classes))
        proto.variables.upper_bounds.extend([np.inf] * (pairs + classes))
        proto.variables.integers.extend([False] * (pairs + classes))
        proto.linear_constraints.ids.extend(range(rows))
        proto.linear_constraints.lower_bounds.extend([0.0] * classes + [-np.inf] * len(sizes))
        limits = [float(min(s, 10**300)) / self._largest for s in sizes]
        proto.linear_constraints.upper_bounds.extend([np.inf] * classes + limits)
        row = np.concatenate(
            [
                matrix.of_class,
                np.arange(classes),
                classes + matrix.lot,
                classes + self._lots + matrix.capacity,
            ]
        )
        column = np.concatenate(
            [np.arange(pairs), pairs + np.arange(classes), np.arange(pairs), matrix.pair]
        )
        order = np.lexsort((column, row))
        proto.linear_constraint_matrix.row_ids.extend(row[order].tolist())
        proto.linear_constraint_matrix.column_ids.extend(column[order].tolist())
        relative = self._units / self._largest
        value = np.concatenate(
            [
                np.ones(pairs + classes),
                relative[matrix.of_class],
                relative[matrix.of_class[matrix.pair]],
            ]
        )
        proto.linear_constraint_matrix.coefficients.extend(value[order].tolist())
        self._model = mathopt.Model.from_model_proto(proto)
        self._rows = list(self._model.linear_constraints())
        self._columns = list(self._model.variables())
        self._pairs = pairs
        self.engine = "GLOP" if pairs <= GLOP_PAIRS else "HiGHS"
        self._solver: Any = None

    def ask(self, amounts: Sequence[float], free: Collection[int], seconds: float) -> Tried | None:
        """Who must lack some of these amounts if only `free` classes may, and as little as possible.

        A lack counts by its amount, in the largest unit of the free classes; None without an answer.
        """
        unit = max((self._units[c] for c in free), default=1.0)
        lacks = self._columns[self._pairs :]
        for c, amount in enumerate(amounts):
            wish = amount / self._units[c]
            if self._rows[c].lower_bound != wish or self._rows[c].upper_bound != np.inf:
                self._rows[c].lower_bound, self._rows[c].upper_bound = wish, np.inf
            end = np.inf if c in free else 0.0
            if lacks[c].upper_bound != end:
                lacks[c].upper_bound = end
        self._model.minimize(
            self._opt.LinearSum([self._units[c] / unit * lacks[c] for c in sorted(free)])
        )
        result = self._solve(seconds)
        if result is None or not result.has_dual_feasible_solution():
            return None
        duals = -np.array(result.dual_values(self._rows[self._classes :]))
        duals = np.where(duals > 0, duals, 0.0)
        missing = result.variable_values(lacks)
        short = frozenset(c for c in free if missing[c] > MISSING)
        return Tried(short, duals[: self._lots], duals[self._lots :])

    def vertex(self, amounts: Sequence[float], seconds: float) -> Vertex | None:
        """A vertex that carries just these amounts, None if the solver finds none."""
        for c, amount in enumerate(amounts):
            self._rows[c].lower_bound = self._rows[c].upper_bound = amount / self._units[c]
            self._columns[self._pairs + c].upper_bound = 0.0
        self._model.minimize(0)
        result = self._solve(seconds)
        if result is None or not result.solutions or result.solutions[0].basis is None:
            return None
        if not result.has_primal_feasible_solution():
            return None
        basis, basic = result.solutions[0].basis, self._opt.BasisStatus.BASIC
        pairs = self._columns[: self._pairs]
        return Vertex(
            [i for i, column in enumerate(pairs) if basis.variable_status[column] == basic],
            [r for r, row in enumerate(self._rows) if basis.constraint_status[row] != basic],
        )

    def _solve(self, seconds: float) -> Any:
        """One solve; None where the solver gave no answer."""
        opt = self._opt
        parameters = opt.SolveParameters(
            time_limit=timedelta(seconds=max(0.05, seconds)),
            random_seed=self._seed % 2**31,
            lp_algorithm=None if self.engine == "GLOP" else opt.LPAlgorithm.BARRIER,
        )
        if self.engine == "GLOP" and self._solver is None:
            self._solver = opt.IncrementalSolver(self._model, opt.SolverType.GLOP)
        try:
            if self._solver is not None:
                return self._solver.solve(params=parameters)
            return opt.solve(self._model, opt.SolverType.HIGHS, params=parameters)
        except (AttributeError, RuntimeError, ValueError):
            return None  # the solver gave up, and its wrapper stumbles over the status


def _wishes(shares: Shares, classes: Classes) -> Floats:
    """What each class wants, at least one grain."""
    wanted = np.array([float(shares.wanted[int(h)]) for h in classes.needs])
    totals = np.zeros(len(classes.lots))
    np.add.at(totals, classes.of[classes.needs], wanted)
    return np.maximum(totals, 1.0)
