"""After fairness, in strict order: waste, goods at risk, variety, nearness, least change.

Sessions are on Wednesday 25 November 2026, next Monday is the 30th. The hub is at minute 0 of one
straight road, a minute is 350 m.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from time import monotonic

from hypothesis import assume, given, settings

from logistics.model.plan import Line, Stage, Status
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import FoodGroup, SiteKind
from logistics.solver.allocation import shapes_of
from logistics.solver.allocation.after.aims import (
    GROUP_WORTHS,
    Aims,
    first_expired,
    groups_worth,
    variety,
    waste,
)
from logistics.solver.allocation.after.exchange import exchanged
from logistics.solver.allocation.after.finish import finish
from logistics.solver.allocation.after.staged import Staged
from logistics.solver.allocation.allocate import lines_of
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.packs.greedy import trimmed
from logistics.solver.allocation.shape import Shape
from logistics.solver.eligible import eligibility
from logistics.solver.ways import Ways
from tests import weeks
from tests.solver.allocation import tiny
from tests.solver.allocation.after.test_finish import FEW, best, dated_weeks, units_given
from tests.weeks import at

SAFE = date(2027, 3, 1)
PROTEIN, PRODUCE = FoodGroup.PROTEIN, FoodGroup.PRODUCE


def better(
    problem: WeekProblem, travel: Travel | None = None, like: tuple[Line, ...] | None = None
) -> tuple[dict[tuple[str, str], int], dict[str, Stage]]:
    """Units by household and lot, and the stages by name, of the fairest plan bettered."""
    travel = travel or {}
    eligible = eligibility(problem, Ways(problem, travel))
    fair, whole = shapes_of(problem, travel, eligible, ())
    packs = tiny.solve(fair).packs
    assert packs is not None
    aims = Aims(problem, travel, like)
    done = finish(whole, aims, packs, fair.received(packs), 10.0, 1)
    lines = lines_of(problem, whole, done.packs)
    units = {(line.household_id, line.lot_id): line.units for line in lines}
    return units, {stage.name: stage for stage in done.stages}


def values(stages: Mapping[str, Stage]) -> dict[str, float | None]:
    assert all(stage.status is Status.OPTIMAL for stage in stages.values())
    return {name: stage.objective for name, stage in stages.items()}


# --- named weeks --------------------------------------------------------------------------------


def test_what_expires_is_saved_although_variety_suffers() -> None:
    # A wants 4: four units of rice expire, four of fish keep. All the rice goes: one food group
    # instead of two (1 instead of 1 + 1/2), and nothing is lost.
    problem = weeks.week(
        [best("rice", 4, date(2026, 11, 28)), replace(best("fish", 4, SAFE), food_group=PROTEIN)],
        [weeks.household("A", 4)],
    )
    units, stages = better(problem)
    assert units == {("A", "rice"): 4}
    assert values(stages)["waste_kg"] == 0
    assert values(stages)["variety"] == 1


def test_what_keeps_one_monday_goes_before_what_keeps_for_weeks() -> None:
    # A wants 4 of 4 + 4 units of 500 g. Left over: `soon` can be handed over on the 30th only and
    # counts half, `later` on four Mondays (30 November to 21 December) and counts a sixteenth.
    # Leaving `later`: 2 kg / 16 = 0.125; leaving `soon` would be 2 kg / 2 = 1.
    problem = weeks.week(
        [best("soon", 4, date(2026, 12, 2)), best("later", 4, date(2026, 12, 24))],
        [weeks.household("A", 4)],
    )
    units, stages = better(problem)
    assert units == {("A", "soon"): 4}
    assert values(stages)["first_expired"] == 0.125


def test_two_groups_for_both_rather_than_three_for_one() -> None:
    # A and B want 2 of two rice, one fish, one leek. One gets fish and leek, the other rice:
    # 1 + 1/2 + 1 = 2.5. Each gets rice and one of the others: 1 + 1/2 twice = 3.
    problem = weeks.week(
        [
            weeks.lot("rice", 2),
            weeks.lot("fish", 1, food_group=PROTEIN),
            weeks.lot("leek", 1, food_group=PRODUCE),
        ],
        [weeks.household("A", 2), weeks.household("B", 2)],
    )
    units, stages = better(problem)
    assert values(stages)["variety"] == 3
    assert units["A", "rice"] == units["B", "rice"] == 1


def offers(near: FoodGroup, far: FoodGroup) -> tuple[WeekProblem, Travel]:
    """A comes to the hub on Wednesday and wants 2; two donors offer 2 each, one far away."""
    road = weeks.road({"HUB": 0, "NEAR": 5, "FAR": 30, "A": 0})
    problem = weeks.week(
        [
            weeks.lot("near", 2, site_id="NEAR", food_group=near),
            weeks.lot("far", 2, site_id="FAR", food_group=far),
        ],
        [weeks.household("A", 2)],
        sites=[weeks.site("NEAR", SiteKind.DONOR), weeks.site("FAR", SiteKind.DONOR)],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(0, 9), at(0, 17)),),
        legs=road,
    )
    return problem, road


def test_the_nearer_donor_is_called_at() -> None:
    # Out and back: 2 x 5 minutes x 350 m = 3,500 m; the other one would be 21,000 m.
    units, stages = better(*offers(FoodGroup.STAPLE, FoodGroup.STAPLE))
    assert units == {("A", "near"): 2}
    assert values(stages)["nearness"] == 3_500


def test_variety_is_worth_the_longer_way() -> None:
    # Rice is near and fish far: one of each, both donors are called at, 3,500 + 21,000 m.
    units, stages = better(*offers(FoodGroup.STAPLE, PROTEIN))
    assert units == {("A", "near"): 1, ("A", "far"): 1}
    assert values(stages)["nearness"] == 24_500


def test_a_published_plan_is_changed_least() -> None:
    # Two lots of the same kind: whoever was promised which keeps it.
    problem = weeks.week(
        [weeks.lot("L", 2), weeks.lot("M", 2)], [weeks.household("A", 2), weeks.household("B", 2)]
    )
    for mine, other in (("L", "M"), ("M", "L")):
        like = (Line("A", mine, "S1", 2, 2), Line("B", other, "S1", 2, 2))
        units, stages = better(problem, like=like)
        assert units == {("A", mine): 2, ("B", other): 2}
        assert values(stages)["least_change"] == 0


def test_what_was_promised_and_is_no_option_any_more_counts_as_moved() -> None:
    # C has left: its two units are taken away, and A, who was promised one, gets one more: 2 + 1.
    problem = weeks.week([weeks.lot("L", 2)], [weeks.household("A", 2)])
    like = (Line("A", "L", "S1", 2, 1), Line("C", "L", "S1", 2, 2))
    units, stages = better(problem, like=like)
    assert units == {("A", "L"): 2}
    assert values(stages)["least_change"] == 3


def test_fairness_comes_before_all_of_it() -> None:
    # The published plan gave A everything: B gets its half all the same.
    problem = weeks.week([weeks.lot("L", 4)], [weeks.household("A", 4), weeks.household("B", 4)])
    units, stages = better(problem, like=(Line("A", "L", "S1", 2, 4),))
    assert units == {("A", "L"): 2, ("B", "L"): 2}
    assert values(stages)["least_change"] == 4


def test_the_k_th_group_counts_one_kth() -> None:
    assert [Fraction(worth, GROUP_WORTHS[0]) for worth in GROUP_WORTHS] == [
        Fraction(1, k) for k in range(1, len(FoodGroup) + 1)
    ]


# --- laws ---------------------------------------------------------------------------------------


def scored(problem: WeekProblem, shape: Shape, packs: Sequence[int]) -> tuple[int, int, int]:
    """What packs cost by the first three objectives."""
    program = Staged(shape, shape.received(packs), packs, seed=0)
    aims = Aims(problem, {}, groups=0)  # as it is: no exchanges
    lost, risk = (program.value(build(program, aims).costs) for build in (waste, first_expired))
    return lost, risk, -groups_worth(problem, lines_of(problem, shape, packs))


@given(dated_weeks())
@settings(deadline=None)
def test_no_plan_with_the_same_meals_is_better_in_this_order(problem: WeekProblem) -> None:
    """Against every vector of packs: waste, then risk, then variety."""
    fair, whole = tiny.shapes_of(problem)
    assume(tiny.choices(whole) <= FEW)
    packs = tiny.solve(fair).packs
    assert packs is not None
    received = fair.received(packs)
    done = finish(whole, Aims(problem, {}), packs, received, 10.0, 1)
    assert all(stage.status is Status.OPTIMAL for stage in done.stages)
    every = product(*(range(most + 1) for most in whole.most), *[range(2) for _ in whole.flags])
    kept = (one for one in every if keeps_rows(whole, one) and whole.received(one) == received)
    assert scored(problem, whole, done.packs) == min(scored(problem, whole, one) for one in kept)


@given(dated_weeks())
@settings(deadline=None)
def test_exchanges_only_add_variety(problem: WeekProblem) -> None:
    fair, whole = tiny.shapes_of(problem)
    found = tiny.solve(fair).packs
    assert found is not None
    before = trimmed(whole, found)
    groups = [problem.lots[option.lot_id].food_group for option in whole.options]
    after = exchanged(whole, before, groups, GROUP_WORTHS, monotonic() + 5)
    assert keeps_rows(whole, after)
    assert whole.received(after) == whole.received(before)
    assert units_given(problem, whole, after) == units_given(problem, whole, before)
    worth = [groups_worth(problem, lines_of(problem, whole, one)) for one in (before, after)]
    assert worth[0] <= worth[1]


def test_two_households_exchange_what_gives_both_more() -> None:
    # A holds both rice, B both fish; they exchange one for one: 1 + 1 becomes 1.5 + 1.5.
    problem = weeks.week(
        [weeks.lot("rice", 2), weeks.lot("fish", 2, food_group=PROTEIN)],
        [weeks.household("A", 2), weeks.household("B", 2)],
    )
    _, whole = tiny.shapes_of(problem)
    lots = {(o.household_id, o.lot_id): i for i, o in enumerate(whole.options)}
    packs = [0] * len(whole.most)
    packs[lots["A", "rice"]] = packs[lots["B", "fish"]] = 2
    groups = [problem.lots[option.lot_id].food_group for option in whole.options]
    after = exchanged(whole, whole.with_flags(packs), groups, GROUP_WORTHS, monotonic() + 5)
    assert after[: len(lots)] == (1, 1, 1, 1)


def test_variety_is_only_measured_where_it_is_to_be_kept() -> None:
    problem = weeks.week(
        [weeks.lot("rice", 2), weeks.lot("fish", 2, food_group=PROTEIN)], [weeks.household("A", 2)]
    )
    _, whole = tiny.shapes_of(problem)
    packs = whole.with_flags([2, 0])
    program = Staged(whole, (2,), packs, seed=0)
    objective = variety(program, Aims(problem, {}, fairest=(2,), groups=GROUP_WORTHS[0]))
    assert objective.keep == -GROUP_WORTHS[0]
    assert program.packs == packs


def test_weeks_left_are_counted_from_the_last_day_less_the_margin() -> None:
    # 30 November + 7 k days + 1 day of margin: k + 1 Mondays; a day less is one Monday less.
    for mondays, share in ((1, 2), (2, 4), (3, 8), (4, 16)):
        last = date(2026, 12, 1) + timedelta(days=7 * (mondays - 1))
        problem = weeks.week([best("L", 2, last)], [])
        _, stages = better(problem)
        assert stages["first_expired"].objective == 1 / share
        _, stages = better(weeks.week([best("L", 2, last - timedelta(days=1))], []))
        expected = 0 if mondays == 1 else 2 / share
        assert stages["first_expired"].objective == expected
