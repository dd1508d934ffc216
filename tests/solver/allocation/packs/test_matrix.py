"""The sparse arrays allow the same packs as the rows of the shape, and prove no more than is true."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from logistics.model.plan import Cap
from logistics.model.problem import WeekProblem
from logistics.solver.allocation.events import Event, groups_of
from logistics.solver.allocation.packs.bounds import keeps_rows, safe_maximum
from logistics.solver.allocation.packs.matrix import Matrix, csr
from logistics.solver.allocation.shape import Row, Shape
from tests import weeks
from tests.solver.allocation.packs.test_integer import tiny_weeks
from tests.solver.allocation.tiny import HALF, choices, shape_of

FEW = 2_000

# One meal for A and B, who want 2 each.
ONE = shape_of(weeks.week([weeks.lot("L", 1)], [weeks.household("A", 2), weeks.household("B", 2)]))


def first_steps(shape: Shape) -> list[Event]:
    """The first event of each need that leaves nothing behind it, stage level."""
    steps = {e.need: e for g in reversed(groups_of(shape, HALF)) for e in g.events if not e.origin}
    return [steps[n] for n in sorted(steps)]


@pytest.mark.parametrize(("count", "possible"), [(1, True), (2, False)])
def test_one_meal_lifts_one(count: int, possible: bool) -> None:
    matrix = Matrix(ONE)
    extra, _ = matrix.ladder((0, 0), (), first_steps(ONE), count)
    found = matrix.whole(extra, 5.0)
    assert (found.packs is not None) is possible
    assert found.infeasible is not possible


def test_split_packs_prove_how_many_can_rise() -> None:
    matrix = Matrix(ONE)
    events = first_steps(ONE)
    extra, rungs = matrix.ladder((0, 0), (), events)
    for event in events:
        extra.gain[rungs[event.need, event.target] - extra.columns] = 1.0
    assert matrix.split(extra, 5.0).most == 1


def test_a_seat_that_nobody_counts_is_free() -> None:
    # S1 seats one, S2 everybody. A comes to either, B only to S2: nobody waits for B's seat.
    shape = shape_of(
        weeks.week(
            [weeks.lot("L", 4)],
            [weeks.household("A", 2, ("S1", "S2")), weeks.household("B", 2, ("S2",))],
            [weeks.session("S1", households_max=1), weeks.session("S2", 4, households_max=9)],
        )
    )
    matrix = Matrix(shape)
    free = {shape.flags[k] for k in range(len(shape.flags)) if matrix.lower[matrix.packs + k]}
    assert ("A", "S1") not in free
    assert ("B", "S2") in free


def test_nothing_to_decide_is_kept_or_not() -> None:
    shape = shape_of(weeks.week([], [weeks.household("A", 1)]))
    assert Matrix(shape).whole(Matrix(shape).ladder((0,), ())[0], 1.0).packs == ()
    asked = replace(shape, rows=(Row(Cap("pin", "A"), (), None, lower=1),))
    assert Matrix(asked).whole(Matrix(asked).ladder((0,), ())[0], 1.0).infeasible


@pytest.mark.parametrize(
    ("price", "most"),
    [
        (1.0, 4),  # 4 x 1 and nothing left over
        (0.0, 6),  # both columns at their upper end
        (0.5, 5),  # 4 x 1/2 + (3 + 3) x 1/2
        (2 / 3, 4),  # 4 x 2/3 + 6 x 1/3 = 4 2/3, rounded down
        (2.0, 8),  # too high a price proves less
    ],
)
def test_a_safe_maximum_worked_out_by_hand(price: float, most: int) -> None:
    # x + y <= 4, both 0..3, x + y as large as possible.
    rows = csr([([(0, 1), (1, 1)], 4)], 2)
    bounds = np.zeros(2), np.full(2, 3.0)
    assert safe_maximum(rows, np.array([4.0]), bounds, np.ones(2), np.array([price])) == most


@given(tiny_weeks(), st.data())
@settings(max_examples=80, deadline=None)
def test_the_same_packs_are_possible(problem: WeekProblem, data: st.DataObject) -> None:
    """Whole packs reach a vector of receipts in the arrays exactly if they do by the rows."""
    shape = shape_of(problem)
    assume(choices(shape) <= FEW)
    assume(shape.options)
    lower = [data.draw(st.sampled_from(values)) for values in shape.values]
    ranges = [range(most + 1) for most in shape.most] + [range(2) for _ in shape.flags]
    reached = [shape.received(p) for p in product(*ranges) if keeps_rows(shape, p)]
    possible = any(all(g >= b for g, b in zip(got, lower, strict=True)) for got in reached)
    matrix = Matrix(shape)
    extra, _ = matrix.ladder(lower, ())
    found = matrix.whole(extra, 5.0)
    assert found.infeasible is not possible
    if found.packs is not None:
        assert keeps_rows(shape, found.packs)
    events = [e for e in first_steps(shape) if e.target > lower[e.need]]
    if possible and events:
        extra, rungs = matrix.ladder(lower, (), events)
        for event in events:
            extra.gain[rungs[event.need, event.target] - extra.columns] = 1.0
        kept = [got for got in reached if all(g >= b for g, b in zip(got, lower, strict=True))]
        truth = max(sum(got[e.need] >= e.target for e in events) for got in kept)
        most = matrix.split(extra, 5.0).most
        assert most is not None
        assert most >= truth
