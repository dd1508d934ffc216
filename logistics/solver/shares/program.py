"""The linear program of classes: which amounts can be carried at all, and what stands in the way.

Columns are pairs of class and lot; rows are the amounts that classes ask for, the lots, and the
capacities. Given asked amounts, it looks for the least that must be missing; the duals of lots and
capacities are then prices that prove it.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    """How much of the asked amounts must be missing (None: no answer in time), and the prices."""

    missing: float | None
    lots: Floats
    capacities: Floats


@dataclass(frozen=True, slots=True)
class Vertex:
    """Basic pairs, tight rows (classes, then lots, then capacities), and values of all pairs."""

    columns: list[int]
    rows: list[int]
    values: list[float]


class ClassProgram:
    """The program in floating point, in units in which the largest amount is about one."""

    def __init__(self, shares: Shares, matrix: Matrix, classes: int, seed: int) -> None:
        from ortools.math_opt import model_pb2
        from ortools.math_opt.python import mathopt

        self._opt, self._seed = mathopt, seed
        self.matrix, self._classes = matrix, classes
        self._lots = len(shares.lot_ids)
        sizes = [shares.usable(lot) for lot in range(self._lots)]
        sizes += [capacity.grains for capacity in shares.capacities]
        self._unit = max(1, *(int(v) for v in shares.wanted)) if len(shares.wanted) else 1
        pairs, rows = len(matrix.lot), classes + len(sizes)
        proto = model_pb2.ModelProto()
        proto.variables.ids.extend(range(pairs + classes))
        proto.variables.lower_bounds.extend([0.0] * (pairs + classes))
        proto.variables.upper_bounds.extend([np.inf] * (pairs + classes))
        proto.variables.integers.extend([False] * (pairs + classes))
        proto.linear_constraints.ids.extend(range(rows))
        proto.linear_constraints.lower_bounds.extend([0.0] * classes + [-np.inf] * len(sizes))
        limits = [float(min(s, 10**300)) / self._unit for s in sizes]
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
        proto.linear_constraint_matrix.coefficients.extend([1.0] * len(row))
        proto.objective.linear_coefficients.ids.extend(range(pairs, pairs + classes))
        proto.objective.linear_coefficients.values.extend([1.0] * classes)
        self._model = mathopt.Model.from_model_proto(proto)
        self._rows = list(self._model.linear_constraints())
        self._columns = list(self._model.variables())
        self._pairs = pairs
        self.engine = "GLOP" if pairs <= GLOP_PAIRS else "HiGHS"
        self._solver: Any = None

    def ask(self, amounts: Sequence[float], free: Sequence[bool], seconds: float) -> Tried:
        """What must be missing at least of these amounts; only `free` classes may lack any."""
        for c, amount in enumerate(amounts):
            if self._rows[c].lower_bound != amount / self._unit:
                self._rows[c].lower_bound = amount / self._unit
            end = np.inf if free[c] else 0.0
            if self._columns[self._pairs + c].upper_bound != end:
                self._columns[self._pairs + c].upper_bound = end
        result = self._solve(seconds)
        if result is None or not result.has_dual_feasible_solution():
            return Tried(None, np.zeros(0), np.zeros(0))
        duals = -np.array(result.dual_values(self._rows[self._classes :]))
        duals = np.where(duals > 0, duals, 0.0)
        missing = result.objective_value() * self._unit
        return Tried(missing, duals[: self._lots], duals[self._lots :])

    def vertex(self, amounts: Sequence[float], seconds: float) -> Vertex | None:
        """A vertex that carries just these amounts, None if the solver finds none."""
        for c, amount in enumerate(amounts):
            self._rows[c].lower_bound = self._rows[c].upper_bound = amount / self._unit
            self._columns[self._pairs + c].upper_bound = 0.0
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
            [value * self._unit for value in result.variable_values(pairs)],
        )

    def _solve(self, seconds: float) -> Any:
        """One solve; None where the solver gave no answer."""
        opt = self._opt
        parameters = opt.SolveParameters(
            time_limit=timedelta(seconds=max(0.05, seconds)),
            random_seed=self._seed % 2**31,
            lp_algorithm=None if self.engine == "GLOP" else opt.LPAlgorithm.BARRIER,
        )
        try:
            if self.engine == "GLOP":
                if self._solver is None:
                    self._solver = opt.IncrementalSolver(self._model, opt.SolverType.GLOP)
                return self._solver.solve(params=parameters)
            return opt.solve(self._model, opt.SolverType.HIGHS, params=parameters)
        except (AttributeError, RuntimeError, ValueError):
            return None  # the solver gave up, and its wrapper stumbles over the status
