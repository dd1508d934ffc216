"""Better plans near a plan: every plan keeps the rows and what is settled, and none is worth less."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.model.problem import WeekProblem
from logistics.solver.allocation.events import LEVEL, Event, Group, Tie
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.packs.columns import Columns
from logistics.solver.allocation.packs.matrix import Matrix, Part
from logistics.solver.allocation.packs.nearby import Nearby, settled
from logistics.solver.allocation.state import State, keeps
from tests import weeks
from tests.solver.allocation.packs.test_integer import tiny_weeks
from tests.solver.allocation.tiny import shape_of

BOTTOM = Group(LEVEL, Fraction(0), ())

# Three meals; A and B want 2 each. The plan gives all that A wants and B nothing.
PAIR = shape_of(weeks.week([weeks.lot("L", 3)], [weeks.household("A", 2), weeks.household("B", 2)]))


def test_what_lies_around_goes_to_whoever_stands_lowest() -> None:
    nearby = Nearby(PAIR, Matrix(PAIR), Columns(Matrix(PAIR)), seed=1)
    state = State((0, 0))
    plan = ((2, 0), [2, 0])
    packs, received = nearby.search(plan, state, BOTTOM, lambda got: got[1] >= 1, 5.0)
    # A meal from level 0 to 1/2 is worth more than one from 1/2 to 1; the third goes to either.
    assert sorted(received) == [1, 2]
    assert keeps_rows(PAIR, packs)


def test_a_part_leaves_everybody_else_alone() -> None:
    part = Part(Matrix(PAIR), [1], np.array([2.0, 0.0]))
    assert part.best({1: [(2, 1.0)]}, (0, 0), 5.0, 0.0) == (2, 1)


def test_settled_is_what_is_demanded_and_happens() -> None:
    # B has its event of the tie, A has not; both keep their lower bounds.
    rise = [Event(n, 0, 1, Fraction(0), Fraction(1, 2)) for n in (0, 1)]
    assert settled([0, 2], State((0, 0), (Tie(tuple(rise), 1),))) == [0, 1]


@given(tiny_weeks(), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_no_search_breaks_a_row_or_a_state(problem: WeekProblem, seed: int) -> None:
    shape = shape_of(problem)
    matrix = Matrix(shape)
    nothing = (0,) * matrix.size
    plan, state = (nothing, shape.received(nothing)), State((0,) * len(shape.needs))
    nearby = Nearby(shape, matrix, Columns(matrix), seed)
    packs, received = nearby.search(plan, state, BOTTOM, lambda _: False, 0.02)
    assert keeps_rows(shape, packs)
    assert received == shape.received(packs)
    kept = State(tuple(received))
    if shape.options:
        again = nearby.induced((packs, received), kept, BOTTOM, ((), 0), 5.0)
        assert again
        for found in again:
            assert keeps_rows(shape, found)
            assert keeps(shape.received(found), kept)
