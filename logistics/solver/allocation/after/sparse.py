"""Rows of whole numbers as sparse arrays, and their integer program in all or a part of its columns.

HiGHS is called through SciPy, which takes arrays as they are (a model built row by row costs more
than a small solve); the relaxation goes to GLOP, several times as fast on these rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from logistics.solver.allocation.quiet import hushed

Row = tuple[tuple[tuple[int, int], ...], int | None, int | None]
"""Terms (column, coefficient), lower and upper end."""

NO_LIMIT = 2**62
"""Stands for an end that a row does not have."""
NO_ANSWER = 2
"""Status of `scipy.optimize.milp` for a program that no values keep."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a solve found: whole values of all columns, a bound, or that there is no answer."""

    values: list[int] | None
    bound: float | None
    is_impossible: bool = False


class Sparse:
    """Rows, ranges 0..most of the columns, and the costs to be made least."""

    def __init__(self, rows: Sequence[Row], most: Sequence[int], costs: Mapping[int, int]) -> None:
        from scipy.sparse import csc_array

        places = [(r, i, c) for r, (terms, _, _) in enumerate(rows) for i, c in terms]
        at = np.array(places, dtype=np.int64).reshape(-1, 3)
        shape = (len(rows), len(most))
        self._columns = csc_array((at[:, 2], (at[:, 0], at[:, 1])), shape=shape, dtype=np.int64)
        self._rows = self._columns.tocsr()
        low = (-NO_LIMIT if lower is None else lower for _, lower, _ in rows)
        high = (NO_LIMIT if upper is None else upper for _, _, upper in rows)
        self._lower = np.fromiter(low, np.int64, len(rows))
        self._upper = np.fromiter(high, np.int64, len(rows))
        self._most = np.array(most, dtype=np.int64)
        self._costs = np.zeros(len(most))
        self._costs[list(costs)] = list(costs.values())

    def guided(self, meals: Sequence[int], step: int) -> Any:
        """The costs, of which `step` is the smallest difference, and below it minus the meals given."""
        given = np.array(meals, dtype=float)
        whole = 1.0 + float(given @ self._most[: len(given)])
        costs = self._costs * (whole / step)
        costs[: len(given)] -= given
        return costs

    def keeps(self, values: Sequence[int]) -> bool:
        """Whether whole numbers keep every row and range."""
        held = np.array(values, dtype=np.int64)
        totals = self._rows @ held
        rows = (totals >= self._lower) & (totals <= self._upper)
        return bool(np.all(rows) and np.all((held >= 0) & (held <= self._most)))

    def relaxed(self, seconds: float) -> float | None:
        """The least cost if columns may be split; None if the time is not enough."""
        from ortools.linear_solver.python import model_builder_helper as builder
        from scipy.sparse import csr_matrix

        model: Any = builder.ModelBuilderHelper()
        least, most = np.zeros(len(self._most)), self._most.astype(float)
        rows, ends = csr_matrix(self._rows.astype(float)), self._ends(self._lower, self._upper)
        model.fill_model_from_sparse_data(least, most, self._costs, *ends, rows)
        solver = builder.ModelSolverHelper("GLOP")
        solver.set_time_limit_in_seconds(seconds)
        solver.solve(model)
        if solver.status() != builder.SolveStatus.OPTIMAL:
            return None
        return float(solver.objective_value())

    def least(
        self,
        values: Sequence[int],
        seconds: float,
        free: Sequence[int] | None = None,
        *,
        below: int | None = None,
        costs: Any = None,
    ) -> Found:
        """Least cost over the free columns (None: all), all others at their values.

        With `below`, only answers that cost no more than that are looked for. Other `costs` may take
        the place of the program's. Where no column is free, as for households that can have nothing,
        all is as it was.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        held = np.array(values, dtype=np.int64)
        columns = np.arange(len(held)) if free is None else np.array(free, dtype=np.int64)
        if not columns.size:
            return Found(list(values), None)
        rest = held.copy()
        rest[columns] = 0
        part = self._columns[:, columns]
        touched = np.unique(part.indices)
        fixed = self._rows[touched] @ rest
        ends = self._ends(self._lower[touched], self._upper[touched], fixed)
        constraints = [LinearConstraint(part.tocsr()[touched].astype(float), *ends)]
        if below is not None:
            constraints.append(LinearConstraint(self._costs[None, columns], -np.inf, below))
        with hushed():
            result = milp(
                (self._costs if costs is None else costs)[columns],
                integrality=np.ones(len(columns)),
                bounds=Bounds(np.zeros(len(columns)), self._most[columns].astype(float)),
                constraints=constraints,
                options={"time_limit": seconds, "mip_rel_gap": 0.0},
            )
        bound = None if result.mip_dual_bound is None else float(result.mip_dual_bound)
        bound = bound if bound is not None and isfinite(bound) else None
        if result.x is None:
            return Found(None, bound, is_impossible=result.status == NO_ANSWER)
        rest[columns] = np.rint(result.x).astype(np.int64)
        return Found([int(v) for v in rest], bound)

    def _ends(self, lower: Any, upper: Any, fixed: Any = 0) -> tuple[Any, Any]:
        """Ends of rows less what is fixed in them, as floating-point numbers."""
        return (
            np.where(lower == -NO_LIMIT, -np.inf, (lower - fixed).astype(float)),
            np.where(upper == NO_LIMIT, np.inf, (upper - fixed).astype(float)),
        )
