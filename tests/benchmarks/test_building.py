"""All ways to build the first program build the same one."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.building import by_arrays, by_sparse_matrix, row_by_row
from benchmarks.cities import City, city, pairs
from logistics.solver.shares.program import ClassProgram

SMALL = city(City(60))
COLUMNS = pairs(SMALL) + len(SMALL.class_lots)
ROWS = len(SMALL.class_lots) + len(SMALL.lot_ids)


def test_every_way_has_the_same_columns_and_rows() -> None:
    model: Any = row_by_row(SMALL)
    helper: Any = by_sparse_matrix(SMALL)
    ours: Any = by_arrays(SMALL)
    assert isinstance(ours, ClassProgram)
    sizes = {
        (model.get_num_variables(), model.get_num_linear_constraints()),
        (helper.num_variables(), helper.num_constraints()),
    }
    assert sizes == {(COLUMNS, ROWS)}


def test_what_is_missing_is_the_same() -> None:
    from ortools.linear_solver.python import model_builder_helper
    from ortools.math_opt.python import mathopt

    wanted, supply = sum(SMALL.wanted), sum(SMALL.supply)
    missing = mathopt.solve(row_by_row(SMALL), mathopt.SolverType.GLOP).objective_value()
    solver = model_builder_helper.ModelSolverHelper("GLOP")
    solver.solve(by_sparse_matrix(SMALL))
    assert missing == pytest.approx(solver.objective_value())
    assert missing >= wanted - supply - 1e-6
