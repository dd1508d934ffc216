"""Which receipts are out of reach, told by linear inequalities that hold in exact integers.

Receipts b are within reach of split packs unless some multipliers of the rows prove otherwise; these
make a limit, sum of weight x receipts <= most, that every plan keeps. The linear program over the
classes (`classes.py`) finds the multipliers; the limit is recomputed in integers from them over the
rows of the shape itself, so that no tolerance and no error of the aggregation can make it wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logistics.solver.allocation.large.arrays import NONE, Arrays, Floats, Ints
from logistics.solver.allocation.large.classes import Classes

SCALE = 1 << 30
"""Multipliers are rounded to this fraction."""

TOLERANCE = 1e-6
"""Grains short that count as none, and a gain that is worth a new column."""

FIRST_COLUMNS = 2
NEW_COLUMNS = 2
"""Columns of a pool in the first program, and those that join at most after each solve."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Sum of `weights` x receipts (grains) is at most `most`, in units of 1 / SCALE.

    `rows` are those of the shape whose multipliers make it true: what is scarce.
    """

    weights: Ints
    most: int
    rows: Ints


class Separation:
    """The linear program over classes: least grains short of given receipts.

    Only some of the columns are in the program; those that would help join after a solve.
    """

    def __init__(self, arrays: Arrays, classes: Classes, seed: int) -> None:
        from ortools.math_opt.python import mathopt

        self._opt = mathopt
        self._arrays = arrays
        self._classes = classes
        self._model = mathopt.Model(name="classes")
        self._shared_by_column = classes.shared_matrix.tocsc()
        self._rows = self._at_most(arrays.upper[classes.shared])
        self._pools = self._at_most([0.0] * classes.pools)
        self._coupled = self._at_most(arrays.upper[classes.coupled])
        self._needs = self._at_most([0.0] * len(arrays.wanted))
        self._short = [self._model.add_variable(lb=0) for _ in arrays.wanted]
        for need, short in zip(self._needs, self._short, strict=True):
            need.set_coefficient(short, -1)
        self._model.minimize(mathopt.LinearSum(self._short))
        self._shares = self._add_shares()
        self._inside = np.zeros(len(classes.column_most), dtype=bool)
        self._chosen: list[int] = []
        self._columns: list[Any] = []
        self._packs = np.zeros(len(self._inside))
        order = np.random.default_rng(seed).permutation(len(self._inside))
        self._add_columns(_first_of_each(classes.column_pool, order, FIRST_COLUMNS))
        self._engine = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    def _at_most(self, upper: Sequence[float] | Floats) -> list[Any]:
        return [self._model.add_linear_constraint(ub=float(most)) for most in upper]

    def _add_shares(self) -> list[Any]:
        classes = self._classes
        found = [self._model.add_variable(lb=0, ub=float(most)) for most in classes.share_most]
        for k, share in enumerate(found):
            self._pools[classes.share_pool[k]].set_coefficient(share, 1)
            self._needs[classes.share_need[k]].set_coefficient(share, -1)
        entries = classes.coupled_matrix.tocoo()
        for r, k, ratio in zip(entries.row, entries.col, entries.data, strict=True):
            self._coupled[r].set_coefficient(found[k], float(ratio))
        return found

    def _add_columns(self, columns: Ints) -> None:
        classes, shared = self._classes, self._shared_by_column
        for j in columns.tolist():
            column = self._model.add_variable(lb=0, ub=float(classes.column_most[j]))
            grains = float(classes.column_grains[j])
            self._pools[classes.column_pool[j]].set_coefficient(column, -grains)
            for k in range(shared.indptr[j], shared.indptr[j + 1]):
                self._rows[shared.indices[k]].set_coefficient(column, float(shared.data[k]))
            self._chosen.append(j)
            self._columns.append(column)
        self._inside[columns] = True

    def separate(self, receipts: Ints, seconds: float) -> Limit | None:
        """A limit that these receipts break; None if they are within reach or time ran out."""
        for need, grains in zip(self._needs, receipts.tolist(), strict=True):
            if need.upper_bound != -grains:
                need.upper_bound = -grains
        while True:
            parameters = self._opt.SolveParameters(time_limit=timedelta(seconds=seconds))
            result = self._engine.solve(params=parameters)
            if result.termination.reason != self._opt.TerminationReason.OPTIMAL:
                return None
            self._packs[self._chosen] = result.variable_values(self._columns)
            if result.objective_value() < TOLERANCE:
                return None
            prices = -np.array(result.dual_values(self._rows))
            worth = -np.array(result.dual_values(self._pools))
            if not self._extend(prices, worth):
                break
        return self._exact(
            prices,
            -np.array(result.dual_values(self._coupled)),
            -np.array(result.reduced_costs(self._shares)),
            -np.array(result.dual_values(self._needs)),
        )

    def useful(self) -> NDArray[np.bool_]:
        """Which options have a column in the program."""
        found: NDArray[np.bool_] = self._inside[self._classes.column]
        return found

    def split(self, receipts: Ints) -> Floats:
        """Packs of each option in the last solution, a class's dealt out by these receipts."""
        column = self._classes.column
        shares = receipts[self._arrays.owner[: self._arrays.options]].astype(float)
        total = np.bincount(column, shares, len(self._packs))
        found: Floats = self._packs[column] * shares / np.maximum(total[column], 1.0)
        return found

    def _extend(self, prices: Floats, worth: Floats) -> bool:
        """Add the columns that are worth more than they cost; False if there are none."""
        classes = self._classes
        gain = classes.column_grains * worth[classes.column_pool]
        gain -= self._shared_by_column.T @ prices
        gain[self._inside] = 0
        good = np.flatnonzero(gain > TOLERANCE)
        order = good[np.argsort(-gain[good] / classes.column_grains[good], kind="stable")]
        self._add_columns(_first_of_each(classes.column_pool, order, NEW_COLUMNS))
        return bool(len(good))

    def _exact(self, prices: Floats, coupled: Floats, bounds: Floats, needs: Floats) -> Limit:
        """The limit in integers: for multipliers y >= 0 of rows A x <= u and weights w >= 0 of needs,

        sum of w x receipts <= y u + sum over options of most x max(0, w x grains - A'y). Where
        rounding leaves an option worth more than it costs, its lot's multiplier is raised instead.
        """
        arrays, classes = self._arrays, self._classes
        multipliers = np.zeros(arrays.matrix.shape[0])
        multipliers[classes.shared] = prices
        multipliers[classes.coupled] = coupled
        bounded = classes.share_row != NONE
        multipliers[classes.share_row[bounded]] = (bounds / classes.share_ratio)[bounded]
        y = np.rint(multipliers.clip(0) * SCALE).astype(np.int64)
        weights = np.rint(needs.clip(0) * SCALE).astype(np.int64)
        left = weights[arrays.owner[: arrays.options]] * arrays.grains
        left -= (arrays.matrix.T @ y)[: arrays.options]
        supplied = arrays.supply != NONE
        np.maximum.at(raised := np.zeros_like(y), arrays.supply[supplied], left[supplied])
        y += raised
        rest = left[~supplied].clip(0) @ arrays.most[: arrays.options][~supplied]
        used = np.flatnonzero(y)
        most = sum(a * int(b) for a, b in zip(y[used].tolist(), arrays.upper[used], strict=True))
        return Limit(weights, most + int(rest), used)


def _first_of_each(groups: Ints, order: Ints, count: int) -> Ints:
    """Of the elements in `order`, the first `count` of each group."""
    own = groups[order]
    by_group = np.argsort(own, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[by_group] = np.arange(len(order)) - np.searchsorted(own[by_group], own[by_group])
    return order[rank < count]
