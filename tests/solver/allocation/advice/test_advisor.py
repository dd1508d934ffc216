"""The smallest fix for a household: tiny weeks, and the law that a fix really raises it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings

from logistics.model.plan import Status
from logistics.model.problem import Pin, Policy, WeekProblem
from logistics.model.units import HOUR_S, FoodGroup, Kitchen, PinKind, Storage, Tag
from tests import weeks
from tests.solver.allocation.advised import advisor, allocated, fixes, levels
from tests.solver.allocation.tiny import HALF
from tests.strategies import small_weeks
from tests.weeks import at

EGG = frozenset({"egg"})
A4 = weeks.household("A", 4)


def fix_of(problem: WeekProblem, household_id: str, code: str) -> dict[str, Any]:
    """The plain values of a household's fix."""
    fix = fixes(problem)[household_id, code].params["fix"]
    assert isinstance(fix, dict)
    return fix


def test_one_meal_for_who_stands_lowest() -> None:
    # A has 1 of 4, B 1 of 2: the first meal of staples goes to A.
    week = weeks.week([weeks.lot("L", 2)], [A4, weeks.household("B", 2)])
    fix = fix_of(week, "A", "lots_exhausted")
    assert (fix["code"], fix["n"], fix["gain"], fix["others"]) == ("sure_food", 1, "1", 0)
    assert fix["gift"]["group"] == "staple"
    # B's one meal comes in between: four more meals fill A's gap of three.
    assert fix["full"] == 4


def test_who_stands_higher_gains_only_after_the_lower() -> None:
    # B has 1 of 2; A has 1 of 4 and rises to 2 of 4 with the first meal. At one half each a second
    # meal leaves the same level twice, and lifts B to all it wants: B needs two meals.
    week = weeks.week([weeks.lot("L", 2)], [A4, weeks.household("B", 2)])
    fix = fix_of(week, "B", "lots_exhausted")
    assert fix["n"] in (2, 3)  # a tie at one half may be decided either way
    assert fix["others"] == 1


def test_food_is_asked_for_as_the_household_needs_it() -> None:
    # Nothing was checked for egg, A has a microwave only and keeps halal.
    picky = replace(A4, avoid=EGG, kitchen=Kitchen.MICROWAVE, diet=frozenset({Tag.HALAL}))
    week = weeks.week([weeks.lot("L", 4, contains=EGG)], [picky])
    gift = fix_of(week, "A", "nothing_fits")["gift"]
    assert (gift["codes"], gift["diets"], gift["kitchen"]) == (["egg"], ["halal"], "microwave")


def test_a_label_that_nobody_read_is_the_first_thing_to_ask_about() -> None:
    # Four meals stand at the hub; if there is no egg in them, A has all four.
    week = weeks.week([weeks.lot("L", 4)], [replace(A4, avoid=EGG)])
    fix = fix_of(week, "A", "nothing_fits")
    assert (fix["code"], fix["items"], fix["codes"], fix["gain"]) == (
        "sure_label",
        ["L"],
        ["egg"],
        "4",
    )


def test_a_pin_that_holds_it_back_is_named_as_it_is_written() -> None:
    # Four are there, two are fixed.
    week = weeks.week([weeks.lot("L", 4)], [A4], pins=(Pin(PinKind.FIX, "A", "L", units=2),))
    fix = fix_of(week, "A", "pinned")
    assert (fix["code"], fix["pin"], fix["gain"]) == ("sure_no_pin", "fix,A,L,,,2", "2")


def test_one_more_place_at_a_session() -> None:
    # Four meals, two households that want two each, one place: the other needs the second place.
    pair = [weeks.household("A", 2), weeks.household("B", 2)]
    week = weeks.week([weeks.lot("L", 4)], pair, [weeks.session("S1", households_max=1)])
    ((household_id, code),) = [key for key in fixes(week) if key[1] == "session_full"]
    fix = fix_of(week, household_id, code)
    assert (fix["code"], fix["session"], fix["n"], fix["gain"]) == ("sure_session", "S1", 1, "2")


def test_one_kilogram_more_room() -> None:
    # T1 has room for two units of 500 g; 1 kg more makes room for the other two.
    week = weeks.week(
        [weeks.lot("L", 4)],
        [A4],
        [weeks.session("S1", site_id="T1")],
        [weeks.site("T1", capacity_g={Storage.AMBIENT: 1_000})],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(2, 8), at(2, 18)),),
    )
    fix = fix_of(week, "A", "site_storage")
    assert (fix["code"], fix["site"], fix["n"], fix["gain"]) == ("sure_storage", "T1", 1, "2")


def test_half_an_hour_more_of_a_shift() -> None:
    # The visit takes 30 minutes at the door; the shift is over when it should begin.
    home = weeks.visited("A", 2, at(2, 10), at(2, 10), service_s=HOUR_S // 2)
    week = weeks.week(
        [weeks.lot("L", 2)],
        [home],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(2, 8), at(2, 10)),),
    )
    fix = fix_of(week, "A", "visits_day")
    assert (fix["code"], fix["n"], fix["gain"]) == ("sure_shift", 30, "2")


def test_another_food_group_where_the_share_of_one_is_full() -> None:
    # At most two of four meals may be staples, and there is nothing else: protein is asked for.
    week = weeks.week([weeks.lot("L", 4)], [A4], policy=Policy(group_share_max=HALF))
    fix = fix_of(week, "A", "group_share")
    assert fix["gift"]["group"] == FoodGroup.PROTEIN
    assert fix["n"] == 1


def test_who_wants_nothing_more_gets_no_advice() -> None:
    assert fixes(weeks.week([weeks.lot("L", 4)], [A4])) == {}


def test_without_time_the_plan_filled_up_still_says_what_helps() -> None:
    week = weeks.week([weeks.lot("L", 2)], [A4])
    adviser = advisor(week)
    adviser.what_if.restart(-1.0)
    (entry,) = adviser.unmet("en")
    (reason,) = entry.reasons
    fix = reason.params["fix"]
    assert isinstance(fix, dict)
    assert (fix["how"], fix["n"], fix["gain"]) == ("filled", 1, "1")
    assert "nobody gets less" in reason.fix


@given(small_weeks())
@settings(deadline=None, max_examples=10, suppress_health_check=list(HealthCheck))
def test_a_fix_really_raises_the_household(problem: WeekProblem) -> None:
    """There is a fairest plan of the changed week in which the household gets more.

    The changed week is allocated afresh, without any start: where both are proven, its levels are
    those of the plan in which the household gains.
    """
    adviser = advisor(problem, seconds=0.5)
    before = adviser.what_if.base
    for entry in adviser.unmet("en"):
        for reason in entry.reasons:
            fix = reason.params.get("fix")
            if isinstance(fix, dict) and fix.get("how") == "solved":
                told = {**fix, "date": ""}  # each household's own last day
                raised = [
                    outcome
                    for change, outcome in adviser.solved_fixes()
                    if {**change.plain(problem), "date": ""}.items() <= told.items()
                ]
                assert any(after.gain(before, entry.household_id) > 0 for after in raised)
    for change, outcome in adviser.solved_fixes()[:2]:
        afresh = allocated(change.applied(problem))
        if outcome.status is afresh.status is Status.OPTIMAL and change.free_day is None:
            assert sorted(outcome.levels.values()) == levels(afresh)


def test_days_are_those_on_which_it_is_driven() -> None:
    # The session at T1 is on Wednesday (day 2); the van goes that day.
    week = weeks.week(
        [weeks.lot("L", 2)],
        [A4],
        [weeks.session("S1", site_id="T1")],
        [weeks.site("T1")],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(1, 8), at(1, 18)), weeks.shift(at(2, 8), at(2, 18))),
    )
    assert fix_of(week, "A", "lots_exhausted")["date"] == "2026-11-25"
