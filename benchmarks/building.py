"""The linear program of an instance's first level, built in three ways: by arrays, and row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from logistics.model.shares import Shares
from logistics.solver.shares.network import classes_of
from logistics.solver.shares.program import ClassProgram, Matrix


def by_arrays(shares: Shares) -> Any:
    """As our engine does: arrays into MathOpt's message, then a model that keeps its basis."""
    classes = classes_of(shares, shares.capacities)
    return ClassProgram(shares, Matrix.of(shares, classes), classes, 1)


def by_sparse_matrix(shares: Shares) -> Any:
    """One sparse matrix into OR-Tools' helper: what arrays can cost at least; it keeps no basis."""
    from ortools.linear_solver.python import model_builder_helper
    from scipy.sparse import csr_matrix

    classes = classes_of(shares, shares.capacities)
    matrix = Matrix.of(shares, classes)
    pairs, count = len(matrix.lot), len(classes.lots)
    rows = np.concatenate([matrix.of_class, np.arange(count), count + matrix.lot])
    columns = np.concatenate([np.arange(pairs + count), np.arange(pairs)])
    shape = (count + len(shares.lot_ids), pairs + count)
    wanted = np.bincount(np.asarray(shares.class_of), np.asarray(shares.wanted, dtype=float), count)
    supply = np.asarray(shares.supply, dtype=float)
    model: Any = model_builder_helper.ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        np.zeros(pairs + count),
        np.full(pairs + count, np.inf),
        np.append(np.zeros(pairs), np.ones(count)),
        np.append(wanted, np.full(len(supply), -np.inf)),
        np.append(np.full(count, np.inf), supply),
        csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape),
    )
    return model


def row_by_row(shares: Shares) -> Any:
    """Variable by variable and row by row, as MathOpt's guide has it."""
    from ortools.math_opt.python import mathopt

    model = mathopt.Model()
    wanted = [0] * len(shares.class_lots)
    for h, c in enumerate(shares.class_of):
        wanted[c] += int(shares.wanted[h])
    given: list[list[Any]] = [[] for _ in shares.lot_ids]
    for c, lots in enumerate(shares.class_lots):
        own = [model.add_variable(lb=0.0) for _ in lots]
        missing = model.add_variable(lb=0.0)
        model.objective.add_linear(missing)
        model.add_linear_constraint(mathopt.fast_sum([*own, missing]) >= wanted[c])
        for lot, variable in zip(lots, own, strict=True):
            given[lot].append(variable)
    for lot, variables in enumerate(given):
        model.add_linear_constraint(mathopt.fast_sum(variables) <= int(shares.supply[lot]))
    return model


WAYS: dict[str, Callable[[Shares], Any]] = {
    "our engine's arrays": by_arrays,
    "one sparse matrix": by_sparse_matrix,
    "row by row": row_by_row,
}
"""By the names that stand in the tables."""
