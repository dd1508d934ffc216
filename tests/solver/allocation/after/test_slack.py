"""Fairness slack: how far levels may fall, for what, and that nothing is given up in vain.

Sessions are on Wednesday 25 November 2026 unless said otherwise; T1 is a satellite that no vehicle
reaches.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logistics.judge import verify
from logistics.model.plan import Cap, Line, Plan, Status
from logistics.model.plan_json import plan_from_text, plan_text
from logistics.model.problem import WeekProblem
from logistics.model.units import SiteKind
from logistics.solver.allocation.after.aims import Aims
from logistics.solver.allocation.after.finish import finish
from logistics.solver.allocation.after.slack import least_kept
from logistics.solver.allocation.shape import Need
from logistics.solver.planner import plans
from logistics.solver.rounds import Limits
from logistics.week import PlanResult, frontier, plan_week
from tests import strategies, weeks
from tests.solver.allocation import tiny
from tests.solver.allocation.after.test_finish import best, dated_weeks
from tests.weeks import at

HALF = Fraction(1, 2)
LIMITS = Limits(seconds=6.0, seed=1)
slacks_of = st.sampled_from([Fraction(k, 20) for k in (1, 2, 5, 10)])


def choice_of_tables() -> WeekProblem:
    """A comes to one table: at the hub 4 meals that keep, at T1 three of 500 g that expire."""
    keeps = best("keeps", 4, date(2027, 3, 1))
    soon = replace(best("soon", 3, date(2026, 11, 28)), site_id="T1")
    return weeks.week(
        [keeps, soon],
        [weeks.household("A", 4, ("S1", "S2"))],
        sessions=[weeks.session("S1"), weeks.session("S2", site_id="T1")],
        sites=[weeks.site("T1")],
    )


def far_offer() -> WeekProblem:
    """A wants 4 at the hub: 3 are there, 4 are offered by a donor half an hour away."""
    return weeks.week(
        [weeks.lot("near", 3), weeks.lot("far", 4, site_id="FAR")],
        [weeks.household("A", 4)],
        sites=[weeks.site("FAR", SiteKind.DONOR)],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(0, 9), at(0, 17)),),
        legs=weeks.road({"HUB": 0, "FAR": 30, "A": 0}),
    )


def with_slack(problem: WeekProblem, slack: str) -> PlanResult:
    policy = replace(problem.policy, fairness_slack=Fraction(slack))
    result = plan_week(replace(problem, policy=policy), LIMITS)
    assert result.findings == ()
    return result


def units(plan: Plan) -> dict[str, int]:
    return {line.lot_id: line.units for line in plan.allocation.lines}


# --- named weeks --------------------------------------------------------------------------------


def test_a_fall_within_the_slack_saves_what_would_expire() -> None:
    # At the hub A stands at 4/4 and 1.5 kg expire at T1; at T1 it stands at 3/4 and nothing does.
    # A fall of 1/4 is within a slack of 1/4, not within one of 24 hundredths.
    problem = choice_of_tables()
    for slack, given_, waste_kg in (("0", {"keeps": 4}, 1.5), ("0.24", {"keeps": 4}, 1.5)):
        plan = with_slack(problem, slack).plan
        assert (units(plan), plan.metrics.waste_kg) == (given_, waste_kg)
    plan = with_slack(problem, "0.25").plan
    assert (units(plan), plan.metrics.waste_kg) == ({"soon": 3}, 0.0)


def test_a_fall_within_the_slack_saves_a_way() -> None:
    # 60 minutes of driving are 21,000 m for one meal of four.
    result = with_slack(far_offer(), "1/4")
    assert units(result.plan) == {"near": 3}
    assert result.plan.metrics.metres == 0
    assert result.fairest is not None
    assert result.fairest.metrics.metres == 21_000


def test_the_plan_says_who_fell_by_how_much_and_why() -> None:
    plan = with_slack(far_offer(), "1/4").plan
    assert plan.versions["fairness_slack"] == "1/4"
    assert plan.allocation.status is Status.FEASIBLE
    (unmet,) = plan.allocation.unmet
    reason = unmet.reasons[0]
    assert (reason.code, reason.params["meals"], reason.params["fairest"]) == (
        "fairness_slack",
        "1",
        4,
    )
    assert "25 %" in reason.text
    lowest = next(level for level in plan.allocation.levels if level.stage == "level")
    assert Cap("fairness_slack", "A") in lowest.held_by.caps
    assert lowest.upper_bound == 1
    stages = {stage.name: stage.objective for stage in plan.stages}
    assert stages["fairness"] == 4
    assert stages["given_up"] == 1


def test_nobody_falls_for_nothing() -> None:
    # Nothing expires and nothing is driven: there is nothing to be had for a fall.
    problem = weeks.week([weeks.lot("L", 6)], [weeks.household("A", 4), weeks.household("B", 4)])
    result = with_slack(problem, "1/2")
    assert result.fairest is not None
    assert result.plan.allocation.lines == result.fairest.allocation.lines
    assert result.plan.allocation.status is Status.OPTIMAL


def test_only_as_much_is_given_up_as_the_saving_needs() -> None:
    # A wants 8: 6 at the hub, 4 far away. With a slack of 1/2 it could fall to 4; all 6 are given.
    problem = far_offer()
    lots = {**problem.lots, "near": weeks.lot("near", 6)}
    problem = replace(problem, lots=lots, households={"A": weeks.household("A", 8)})
    assert units(with_slack(problem, "1/2").plan) == {"near": 6}


def test_a_published_plan_is_changed_least_also_with_slack() -> None:
    # Both tables at the hub serve A alike; it was promised the second.
    problem = weeks.week(
        [weeks.lot("L", 4)],
        [weeks.household("A", 4, ("S1", "S2"))],
        sessions=[weeks.session("S1"), weeks.session("S2", 3)],
    )
    like = (Line("A", "L", "S2", 3, 4),)
    for slack in ("0", "1/10"):
        policy = replace(problem.policy, fairness_slack=Fraction(slack))
        result = plan_week(replace(problem, policy=policy), LIMITS, like=like)
        assert result.plan.allocation.lines == like


def test_a_slack_on_the_level_counts_the_weeks_before() -> None:
    # Wanted 10 now and 30 before: a slack of 1/20 on the level is 2 of 40 meals.
    need = Need("A", 10, Fraction(30), Fraction(15), Fraction(1))
    assert least_kept([need], [10], HALF, Fraction(1, 20)) == [8]
    # This week alone, 10 of 10 counts as the floor of 1/2: with a slack of 1/5 it must stay 3 at
    # least, while the level would allow a fall of 8, to 2.
    assert least_kept([need], [10], HALF, Fraction(1, 5)) == [3]


# --- laws ---------------------------------------------------------------------------------------

needs_of = st.builds(
    lambda wanted, past, had, weight: Need("A", wanted, Fraction(past), min(past, had), weight),
    st.integers(1, 20),
    st.integers(0, 40),
    st.fractions(0, 40, max_denominator=4),
    st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(3, 2)]),
)


@given(needs_of, st.data())
def test_what_is_kept_is_exactly_what_the_slack_demands(need: Need, data: st.DataObject) -> None:
    fairest = data.draw(st.integers(0, need.wanted))
    slack, larger = sorted(data.draw(st.tuples(st.fractions(0, 1), st.fractions(0, 1))))
    (least,) = least_kept([need], [fairest], HALF, slack)

    def allowed(grains: int) -> bool:
        floors = [min(need.fill(got), HALF) for got in (fairest, grains)]
        falls = need.level(fairest) - need.level(grains), floors[0] - floors[1]
        return max(falls) <= slack

    assert 0 <= least <= fairest
    assert allowed(least)
    assert least == 0 or not allowed(least - 1)
    assert least_kept([need], [fairest], HALF, larger) <= [least]
    assert least_kept([need], [fairest], HALF, Fraction(0)) == [fairest]


@given(dated_weeks(), slacks_of, slacks_of)
@settings(deadline=None)
def test_waste_never_increases_as_the_slack_grows(
    problem: WeekProblem, one: Fraction, other: Fraction
) -> None:
    fair, whole = tiny.shapes_of(problem)
    packs = tiny.solve(fair).packs
    assert packs is not None
    fairest = fair.received(packs)
    wastes = []
    for slack in (Fraction(0), *sorted((one, other))):
        lower = least_kept(whole.needs, fairest, problem.policy.week_floor, slack)
        done = finish(whole, Aims(problem, {}, None, fairest, 0), packs, lower, 10.0, 1)
        assert done.stages[0].status is Status.OPTIMAL
        wastes.append(done.stages[0].objective or 0.0)
        for got, least in zip(whole.received(done.packs), lower, strict=True):
            assert got >= least
    assert all(more >= less for more, less in pairwise(wastes))


@given(strategies.small_weeks(), st.tuples(slacks_of, slacks_of))
@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_plan_with_slack_keeps_every_promise(
    problem: WeekProblem, slacks: tuple[Fraction, ...]
) -> None:
    """Accepted by the judge, no level lower than the slack allows, no worse for a larger slack."""
    found = list(plans(problem, slacks, Limits(seconds=2.0, seed=1, quick=True)))
    assert [planned.slack for planned in found] == [0, *sorted(set(slacks))]
    fairest = {fill.household_id: fill.level for fill in found[0].plan.allocation.fill}
    for planned in found:
        again = plan_from_text(plan_text(planned.plan, problem.week_start), problem.week_start)
        assert verify(problem, planned.travel, again) == []
        for fill in planned.plan.allocation.fill:
            assert fairest[fill.household_id] - fill.level <= planned.slack
    saved = [planned.plan.metrics.waste_kg for planned in found]
    assert all(before >= after for before, after in pairwise(saved))


def test_the_frontier_begins_with_the_fairest_plan() -> None:
    slacks = [Fraction(1, 4), Fraction(1, 10)]
    results = list(frontier(far_offer(), slacks, LIMITS))
    assert [result.slack for result in results] == [0, Fraction(1, 10), Fraction(1, 4)]
    assert [result.plan.metrics.metres for result in results] == [21_000, 21_000, 0]
    assert results[0].fairest is None
    assert all(result.fairest == results[0].plan for result in results[1:])
    assert all(result.is_clean for result in results)
