"""Exact arithmetic around the solvers: rows checked in integers, dual bounds valid whatever they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from logistics.model.plan import Cap
from logistics.model.problem import WeekProblem
from logistics.solver.allocation.packs.bounds import dual_bound_of, keeps_rows
from logistics.solver.allocation.packs.programs import Program
from logistics.solver.allocation.shape import Row, Shape
from tests import weeks
from tests.solver.allocation.packs.test_integer import tiny_weeks
from tests.solver.allocation.tiny import choices, shape_of, shapes_of

FEW = 3_000
MULTIPLIERS = st.one_of(
    st.sampled_from((-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)), st.floats(-5, 5, allow_nan=False)
)

# Four meals, A and B want 3 each: one row, A + B <= 4.
SHARED = shape_of(
    weeks.week([weeks.lot("L", 4)], [weeks.household("A", 3), weeks.household("B", 3)])
)


def test_rows_and_ranges_are_kept_or_not() -> None:
    assert SHARED.rows == (Row(Cap("lot", "L"), ((0, 1), (1, 1)), 4),)
    assert keeps_rows(SHARED, (3, 1))
    assert not keeps_rows(SHARED, (3, 2))  # five of four
    assert not keeps_rows(SHARED, (4, 0))  # more than is ever useful
    assert not keeps_rows(SHARED, (-1, 2))


# The same, and A must get two at least.
PINNED = replace(SHARED, rows=(*SHARED.rows, Row(Cap("pin", "A"), ((0, 1),), None, lower=2)))


def test_a_lower_side_is_kept_or_not() -> None:
    assert keeps_rows(PINNED, (2, 0))
    assert not keeps_rows(PINNED, (1, 3))


def test_a_lower_side_bounds_the_others() -> None:
    # Price 1 on the lot, -1 on the pin: 4 x 1 - 2 x 1 = 2 for B.
    assert dual_bound_of(PINNED, 1, (0, 0), {0: 1.0, 1: -1.0}, {}) == 2
    # A price of the wrong sign on the pin counts as none: A keeps its place in the bound of 4.
    assert dual_bound_of(PINNED, 1, (0, 0), {0: 1.0, 1: 1.0}, {}) == 4


@pytest.mark.parametrize(
    ("lower", "row_dual", "meal_dual", "bound"),
    [
        # No multipliers: A is bounded by its own three packs.
        ((0, 0), 0.0, 0.0, 3),
        # Price 1 on the lot: 4 x 1 + nothing left over = 4, worse than the packs.
        ((0, 0), 1.0, 0.0, 4),
        # B keeps 2 of 4: 4 x 1 - 2 x 1 = 2.
        ((0, 2), 1.0, -1.0, 2),
        # Rounding of the multiplier 2/3: 3 x (1 - 2/3) + 4 x 2/3 = 3 2/3 -> 3, and
        # B's packs pay for their price.
        ((0, 0), 2 / 3, 0.0, 3),
        # A multiplier of the wrong sign counts as none.
        ((0, 2), 1.0, +1.0, 4),
    ],
)
def test_bounds_worked_out_by_hand(
    lower: tuple[int, int], row_dual: float, meal_dual: float, bound: int
) -> None:
    assert dual_bound_of(SHARED, 0, lower, {0: row_dual}, {1: meal_dual}) == bound


def feasible(shape: Shape, lower: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every vector that keeps all rows and gives everybody the grains of `lower`."""
    for packs in product(
        *(range(most + 1) for most in shape.most), *[range(2) for _ in shape.flags]
    ):
        given = [sum(shape.meals[i] * packs[i] for i in own) for own in shape.members]
        if keeps_rows(shape, packs) and all(g >= b for g, b in zip(given, lower, strict=True)):
            yield packs


@given(tiny_weeks(), st.booleans(), st.data())
@settings(deadline=None, max_examples=150)
def test_no_multipliers_ever_give_a_bound_below_the_truth(
    problem: WeekProblem, overshoot: bool, data: st.DataObject
) -> None:
    shape = shapes_of(problem)[overshoot]
    assume(choices(shape) <= FEW)
    lower = [data.draw(st.sampled_from(values)) for values in shape.values]
    need = data.draw(st.integers(0, len(shape.needs) - 1))
    most = max(
        (sum(shape.meals[i] * x[i] for i in shape.members[need]) for x in feasible(shape, lower)),
        default=None,
    )
    assume(most is not None)
    rows = {r: data.draw(MULTIPLIERS) for r in range(len(shape.rows))}
    meals = {n: data.draw(MULTIPLIERS) for n in range(len(shape.needs))}
    assert dual_bound_of(shape, need, lower, rows, meals) >= (most or 0)


@given(tiny_weeks())
@settings(deadline=None, max_examples=60)
def test_the_solvers_own_multipliers_give_the_relaxed_optimum(problem: WeekProblem) -> None:
    """Rounded down to whole grains, so never more than the optimum that the solver reports."""
    shape = shape_of(problem)
    program = Program(shape, seed=1)
    for n in range(len(shape.needs)):
        answer = program.most_meals([n], 5.0)
        assert answer.objective is not None
        zeros = [0] * len(shape.needs)
        bound = dual_bound_of(shape, n, zeros, answer.row_duals, answer.meal_duals)
        assert answer.objective - 1 < bound <= answer.objective + 1e-6
