"""A plan filled up beside what was given: every rule is kept, nobody loses, the lowest gain first."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from logistics.model.plan import Line
from logistics.model.problem import Policy, WeekProblem
from logistics.solver.advise import eligible_of, quickest
from logistics.solver.allocation import shapes_of
from logistics.solver.allocation.advice.blockers import Blockers
from logistics.solver.allocation.advice.filling import Filled, filled, packs_of
from logistics.solver.allocation.shape import Shape
from tests import weeks
from tests.solver.allocation.tiny import HALF
from tests.strategies import small_weeks


def shape_of(problem: WeekProblem) -> Shape:
    """Every rule of a week as rows."""
    return shapes_of(problem, quickest(problem), eligible_of(problem), ())[0]


def fill(problem: WeekProblem, *lines: Line) -> Filled:
    """Lines filled up."""
    return filled(problem, shape_of(problem), lines)


def test_the_lowest_first() -> None:
    # A wants 4, B 2; three meals: A to 1/4, then B (0 of 2) to 1/2, then A to 2/4. Ties by order.
    problem = weeks.week([weeks.lot("L", 3)], [weeks.household("A", 4), weeks.household("B", 2)])
    assert [step.household_id for step in fill(problem).steps] == ["A", "B", "A"]


def test_what_was_given_stays() -> None:
    problem = weeks.week([weeks.lot("L", 4)], [weeks.household("A", 4), weeks.household("B", 4)])
    found = fill(problem, Line("A", "L", "S1", 2, 3))
    assert [step.household_id for step in found.steps] == ["B"]
    assert Line("A", "L", "S1", 2, 3) in found.lines


def test_the_share_of_a_food_group_ends_it_and_is_named() -> None:
    # Half of four may be staples.
    problem = weeks.week(
        [weeks.lot("L", 4)], [weeks.household("A", 4)], policy=Policy(group_share_max=HALF)
    )
    found = fill(problem)
    assert sum(step.gain for step in found.steps) == 2
    shape = shape_of(problem)
    blocked = Blockers(shape, packs_of(problem, shape, found.lines)).of(0, [4])
    assert [(cap.kind, meals) for cap, meals in blocked.waiting] == [("group_share_staple", 2)]
    assert (blocked.used_up, blocked.free) == ((), 0)


def test_a_lot_that_is_all_given_is_used_up() -> None:
    problem = weeks.week([weeks.lot("L", 2)], [weeks.household("A", 4)])
    shape = shape_of(problem)
    blocked = Blockers(shape, packs_of(problem, shape, fill(problem).lines)).of(0, [2])
    assert (blocked.used_up, blocked.waiting) == (("L",), ())


@given(small_weeks())
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
def test_every_rule_is_kept_and_nothing_free_is_left(problem: WeekProblem) -> None:
    problem = replace(problem, pins=())
    shape = shape_of(problem)
    found = filled(problem, shape, ())
    packs = shape.with_flags(packs_of(problem, shape, found.lines))
    for row in shape.rows:
        total = sum(c * packs[i] for i, c in row.terms)
        assert row.upper is None or total <= row.upper
    meals = sum(shape.received(packs))
    assert sum(step.gain for step in found.steps) * shape.grains_per_meal == meals
    ledger = Blockers(shape, packs)
    lots = [problem.lots[option.lot_id] for option in shape.options]
    free = [lot.free_units // lot.pack for lot in lots]
    for n, (need, got) in enumerate(zip(shape.needs, shape.received(packs), strict=True)):
        assert got == need.wanted or ledger.of(n, free).free == 0
