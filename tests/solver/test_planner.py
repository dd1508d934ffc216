"""The law of planning: whatever the week, the judge finds nothing wrong with its plan.

Weeks are small, so that a plan is proven in a fraction of its seconds; these only matter where the
search has to go on until they are over.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, given, settings

from logistics.judge import verify
from logistics.model.plan import Status
from logistics.model.plan_json import plan_from_text, plan_text
from logistics.model.problem import WeekProblem
from logistics.solver.planner import worst_status
from logistics.week import Limits, PlanResult, plan_week
from tests import strategies

QUICK = Limits(seconds=1.0, seed=1, quick=True)
FULL = Limits(seconds=3.0, seed=1)
PIN_FINDINGS = {"pin_units"}

slow_weeks = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def codes(result: PlanResult) -> set[str]:
    return {finding.code for finding in result.findings}


def received(result: PlanResult) -> dict[str, Fraction]:
    return {fill.household_id: fill.received for fill in result.plan.allocation.fill}


# --- laws ---------------------------------------------------------------------------------------


@given(strategies.small_weeks())
@settings(slow_weeks, max_examples=150)
def test_a_quick_plan_of_any_week_is_accepted(problem: WeekProblem) -> None:
    assert plan_week(problem, QUICK).findings == ()


@given(strategies.small_weeks())
@settings(slow_weeks)
def test_a_full_plan_of_any_week_is_accepted_and_survives_its_file(problem: WeekProblem) -> None:
    result = plan_week(problem, FULL)
    assert result.findings == ()
    text = plan_text(result.plan, problem.week_start)
    again = plan_from_text(text, problem.week_start)
    assert plan_text(again, problem.week_start) == text
    assert verify(problem, result.travel, again) == []


@given(strategies.small_weeks())
@settings(slow_weeks, max_examples=20)
def test_the_same_seed_gives_the_same_lines_and_routes(problem: WeekProblem) -> None:
    first, second = plan_week(problem, FULL), plan_week(problem, FULL)
    if worst_status(first.plan.stages) is Status.OPTIMAL:
        assert first.plan.allocation.lines == second.plan.allocation.lines
        assert first.plan.routes == second.plan.routes


@given(strategies.small_weeks(demands=True))
@settings(slow_weeks)
def test_a_demand_is_kept_or_the_plan_says_that_none_is_possible(problem: WeekProblem) -> None:
    """An infeasible week gets the empty plan, and the only thing wrong with it is the pin."""
    result = plan_week(problem, QUICK)
    if result.plan.allocation.status is Status.INFEASIBLE:
        assert codes(result) == PIN_FINDINGS
        assert result.plan.allocation.lines == ()
    else:
        assert result.findings == ()
