"""The linear program of an instance's first level, built in two ways: by arrays, and row by row."""

from __future__ import annotations

from typing import Any

from logistics.model.shares import Shares
from logistics.solver.shares.network import classes_of
from logistics.solver.shares.program import ClassProgram, Matrix


def by_arrays(shares: Shares) -> Any:
    """As our engine does."""
    classes = classes_of(shares, shares.capacities)
    return ClassProgram(shares, Matrix.of(shares, classes), len(classes.lots), 1)


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
