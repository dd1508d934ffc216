"""Certificates: made for small weeks, accepted by the judge, and never below what can be reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from logistics.judge.case import Case, open_case
from logistics.judge.certificates import CertificateChecker, certificates_hold
from logistics.model.plan import (
    Allocation,
    Cap,
    Certificate,
    Inequality,
    Level,
    Metrics,
    Plan,
    Price,
    TravelSource,
)
from logistics.model.problem import Policy, Travel, WeekProblem
from logistics.model.units import HOUR_S, FoodGroup, Storage
from logistics.solver.allocation.allocate import allocate, shapes_of
from logistics.solver.allocation.effort import Effort
from logistics.solver.allocation.events import FLOOR
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.proof.certify import certified
from logistics.solver.allocation.shape import Need, Shape
from logistics.solver.eligible import eligibility
from logistics.solver.ways import Ways
from logistics.travel import legs_for
from tests import weeks
from tests.solver.allocation.packs.test_integer import tiny_weeks
from tests.solver.allocation.test_flow import unit_weeks
from tests.solver.allocation.tiny import HALF, choices
from tests.strategies import small_weeks
from tests.weeks import at

MANY = 20_000
NO_METRICS = Metrics(0, Fraction(0), 0.0, 0.0, 0.0, 0.0, 0, 0, 0)


def legs(problem: WeekProblem) -> Travel:
    return legs_for(problem, [*problem.sites, *problem.households])


def allocated(problem: WeekProblem, effort: Effort = Effort.QUICK) -> Allocation:
    """An allocation with certificates."""
    travel = legs(problem)
    options = eligibility(problem, Ways(problem, travel))
    found = allocate(problem, travel, options, seconds=2.0, effort=effort).allocation
    return certified(problem, found)


def case_of(problem: WeekProblem, allocation: Allocation) -> Case:
    """The case for the judge; it needs no routes to check certificates."""
    plan = Plan(problem.digest, 1, {}, TravelSource("estimate"), allocation, (), (), NO_METRICS)
    return open_case(problem, {}, plan)


def faults(problem: WeekProblem, allocation: Allocation) -> list[str]:
    return [found.text() for found in certificates_hold(case_of(problem, allocation))]


def the_level(allocation: Allocation, household_id: str) -> Level:
    (level,) = (
        level
        for level in allocation.levels
        if level.stage == "level" and household_id in level.household_ids
    )
    return level


def the_proof(level: Level) -> tuple[dict[str, int], dict[str, int]]:
    """Weights, and prices by the kind of their row, of a level's only inequality."""
    assert level.certificate is not None
    (inequality,) = level.certificate.inequalities
    return dict(inequality.weights), {p.cap.kind: p.amount for p in inequality.prices}


# --- named weeks --------------------------------------------------------------------------------


def test_a_shared_lot_is_its_own_tight_set() -> None:
    # 6 meals, A and B want 4 each: A + B <= 6, and both have 3, so none can have more.
    problem = weeks.week([weeks.lot("L", 6)], [weeks.household("A", 4), weeks.household("B", 4)])
    level = the_level(allocated(problem), "A")
    assert level.certificate is not None
    assert level.certificate.bound == level.level == Fraction(3, 4)
    assert the_proof(level) == ({"A": 1, "B": 1}, {"lot": 1})


def test_where_all_have_what_they_want_the_wish_is_the_proof() -> None:
    level = the_level(allocated(weeks.week([weeks.lot("L", 9)], [weeks.household("A", 4)])), "A")
    assert level.certificate == Certificate(Fraction(1))


def test_what_packs_cannot_come_to_needs_no_proof() -> None:
    # A has the only 3 meals there are, of 4: no inequality is needed to see that it cannot have 4.
    problem = weeks.week([weeks.lot("L", 3)], [weeks.household("A", 4)])
    assert the_level(allocated(problem), "A").certificate == Certificate(Fraction(3, 4))


def test_a_share_of_a_food_group() -> None:
    # Half of 4: 2 meals of staples, although 9 are there.
    problem = weeks.week(
        [weeks.lot("L", 9)], [weeks.household("A", 4)], policy=Policy(group_share_max=HALF)
    )
    level = the_level(allocated(problem), "A")
    assert level.certificate is not None
    assert level.certificate.bound == HALF
    assert the_proof(level) == ({"A": 1}, {"group_share_staple": 1})


def test_cooked_meals_of_a_day() -> None:
    # Two members eat two cooked meals on the only day.
    bento = weeks.lot("L", 9, food_group=FoodGroup.MEAL, ready_s=at(2, 8), fresh_s=6 * HOUR_S)
    level = the_level(allocated(weeks.week([bento], [weeks.household("A", 4, members=2)])), "A")
    assert level.certificate is not None
    assert level.certificate.bound == HALF
    assert the_proof(level) == ({"A": 1}, {"cooked_per_day": 1})


def test_a_seat_at_a_session() -> None:
    # One seat at the price of 4 meals, two who want 4: one has all, the other nothing, for whoever
    # keeps anything takes the whole seat.
    problem = weeks.week(
        [weeks.lot("L", 9)],
        [weeks.household("A", 4), weeks.household("B", 4)],
        [weeks.session("S1", households_max=1)],
    )
    lowest = next(level for level in allocated(problem).levels if level.stage == "level")
    assert lowest.certificate is not None
    assert lowest.level == 0
    assert lowest.certificate.bound == 0
    weights, prices = the_proof(lowest)
    assert weights[lowest.household_ids[0]] == 1
    assert prices.keys() == {"session"}


def test_packs_leave_a_rest_that_no_inequality_sees() -> None:
    # 3 packs of 2 meals for A and B, who want 3 each: 2 and 3 (4 - 1). A + B <= 6 leaves A 3: the
    # certificate is honest about it, for it knows of no packs but the sums that they can come to.
    problem = weeks.week(
        [weeks.lot("L", 6, pack=2)], [weeks.household("A", 3), weeks.household("B", 3)]
    )
    plan = allocated(problem, Effort.FULL)
    short = next(level for level in plan.levels if level.stage == "level")
    assert short.certificate is not None
    assert short.level == Fraction(2, 3)
    assert short.certificate.bound == 1
    assert faults(problem, plan) == []


def test_storage_of_a_session() -> None:
    # T1 has room for 1 kg = 2 meals of 500 g that are brought from the hub; A wants 4.
    small = weeks.site("T1", capacity_g={Storage.AMBIENT: 1_000})
    problem = weeks.week(
        [weeks.lot("L", 9)],
        [weeks.household("A", 4)],
        [weeks.session("S1", site_id="T1")],
        [small],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(2, 7), at(2, 12)),),
    )
    level = the_level(allocated(problem), "A")
    assert level.certificate is not None
    assert level.certificate.bound == level.level == HALF
    assert the_proof(level) == ({"A": 1}, {"site_storage": 2})


def test_a_bound_that_search_alone_knows_says_so() -> None:
    problem = weeks.week(
        [weeks.lot("L", 6, pack=2)], [weeks.household("A", 3), weeks.household("B", 3)]
    )
    plan = allocated(problem, Effort.FULL)
    short = next(level for level in plan.levels if level.stage == "level")
    told = replace(short, upper_bound=short.level, proof="dual", certificate=None)
    again = certified(problem, replace(plan, levels=(told,))).levels[0]
    assert (again.upper_bound, again.proof) == (short.level, "search")


# --- laws ---------------------------------------------------------------------------------------


def value(stage: str, need: Need, grains: int, floor: Fraction) -> Fraction:
    return min(need.fill(grains), floor) if stage == FLOOR else need.level(grains)


def reached(
    shape: Shape, stage: str, names: Sequence[str], own: Sequence[int], floor: Fraction
) -> Fraction | None:
    """The highest value of any of these by any packs, if nobody falls below it and what it has."""
    best: Fraction | None = None
    for got in receipts(shape):
        for n, need in enumerate(shape.needs):
            if need.household_id not in names or own[n] == need.wanted:
                continue
            mine = value(stage, need, got[n], floor)
            kept = all(
                value(stage, other, got[m], floor) >= min(mine, value(stage, other, own[m], floor))
                and (
                    stage == FLOOR
                    or value(FLOOR, other, got[m], floor) >= value(FLOOR, other, own[m], floor)
                )
                for m, other in enumerate(shape.needs)
                if m != n
            )
            if kept and (best is None or mine > best):
                best = mine
    return best


def receipts(shape: Shape) -> Iterator[list[int]]:
    """What each need receives, by any packs that keep the rows."""
    ranges = [range(most + 1) for most in shape.most] + [range(2) for _ in shape.flags]
    seen = set()
    for packs in product(*ranges):
        if keeps_rows(shape, packs):
            got = shape.received(packs)
            if tuple(got) not in seen:
                seen.add(tuple(got))
                yield got


def shape_of(problem: WeekProblem) -> Shape:
    travel = legs(problem)
    return shapes_of(problem, travel, eligibility(problem, Ways(problem, travel)), ())[0]


def own_of(shape: Shape, allocation: Allocation) -> list[int]:
    fills = {fill.household_id: fill.received for fill in allocation.fill}
    return [int(fills[n.household_id] * shape.grains_per_meal) for n in shape.needs]


@given(st.one_of(tiny_weeks(), unit_weeks()))
@settings(deadline=None, max_examples=120)
def test_no_bound_is_below_what_can_be_reached(problem: WeekProblem) -> None:
    shape = shape_of(problem)
    assume(choices(shape) <= MANY)
    plan = allocated(problem)
    assert faults(problem, plan) == []
    own, floor = own_of(shape, plan), problem.policy.week_floor
    for level in plan.levels:
        assert level.certificate is not None
        assert level.certificate.bound >= level.level
        best = reached(shape, level.stage, level.household_ids, own, floor)
        assert best is None or best <= level.certificate.bound


@given(unit_weeks(most_units=9))
@settings(deadline=None)
def test_flows_are_proven_to_the_last_level(problem: WeekProblem) -> None:
    plan = allocated(problem)
    for level in plan.levels:
        assert level.certificate is not None
        assert level.certificate.bound == level.level == level.upper_bound
        assert level.proof in ("min_cut", "dual")


@given(small_weeks())
@settings(deadline=None, max_examples=60)
def test_every_certificate_made_is_accepted(problem: WeekProblem) -> None:
    plan = allocated(problem)
    assert all(level.certificate is not None for level in plan.levels)
    assert faults(problem, plan) == []


@given(small_weeks(), st.lists(st.integers(1, 9), min_size=8, max_size=8))
@settings(deadline=None, max_examples=60)
def test_an_inequality_holds_for_other_plans_too(problem: WeekProblem, favours: list[int]) -> None:
    """Plans for the same week that favour some households keep what was proven for another plan."""
    checker = CertificateChecker(case_of(problem, allocated(problem)))
    inequalities = [
        inequality
        for level in checker.case.plan.allocation.levels
        if level.certificate is not None
        for inequality in level.certificate.inequalities
    ]
    favoured = {
        household.id: replace(household, weight=Fraction(1, favour))
        for household, favour in zip(problem.households.values(), favours, strict=False)
    }
    other = allocated(replace(problem, households=favoured))
    received = {fill.household_id: fill.received for fill in other.fill}
    for inequality in inequalities:
        worth = sum(weight * received[name] for name, weight in inequality.weights.items())
        assert worth <= checker.total(inequality).meals


@given(st.one_of(tiny_weeks(), unit_weeks()), st.data())
@settings(deadline=None, max_examples=120)
def test_no_numbers_at_all_prove_too_much(problem: WeekProblem, data: st.DataObject) -> None:
    """Whatever weights and prices say, the bound that the judge works out holds."""
    shape = shape_of(problem)
    assume(choices(shape) <= MANY and shape.needs)
    plan = allocated(problem)
    names = st.sampled_from([need.household_id for need in shape.needs])
    caps = [Cap("lot", name) for name in problem.lots]
    caps += [Cap(f"group_share_{g}", n.household_id) for n in shape.needs for g in FoodGroup]
    caps += [Cap("cooked_per_day", n.household_id, day=2) for n in shape.needs]
    caps += [Cap("session", s.id) for s in problem.sessions.values() if s.households_max]
    number = st.integers(1, 4)
    inequality = Inequality(
        data.draw(st.dictionaries(names, number, min_size=1)),
        tuple(
            Price(cap, amount)
            for cap, amount in data.draw(st.dictionaries(st.sampled_from(caps), number)).items()
        ),
    )
    level = data.draw(st.sampled_from(plan.levels))
    checker = CertificateChecker(case_of(problem, plan))
    bound = checker.bound(level, Certificate(level.level, (inequality,)))
    best = reached(
        shape, level.stage, level.household_ids, own_of(shape, plan), problem.policy.week_floor
    )
    assert best is None or best <= bound
