"""What the rules allow, right up to the edge, the judge accepts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from logistics.judge import score, verify
from logistics.model.goods import Allergen
from logistics.model.plan import Status
from logistics.model.problem import Pin, Policy
from logistics.model.units import HOUR_S, MINUTE_S, Diet, PinKind, SiteKind, Tag
from tests.judge.edits import Edit, allocation, chain, fact, later, metrics, problem, row, stop
from tests.judge.good_facts import THU, TUE, WED, at
from tests.judge.good_week import Week, good_week
from tests.judge.mutants_people import PEOPLE_ALLOWED

VEGAN = frozenset({Tag.VEGAN})


def _cashew_listed_this_april(week: Week) -> Week:
    cashew = Allergen("cashew", "カシューナッツ", "cashew nut", listed_from=date(2026, 4, 1))
    return problem(allergens={**week.problem.allergens, "cashew": cashew})(week)


ALLOWED: dict[str, Edit] = {
    **PEOPLE_ALLOWED,
    "feasible, with a bound above": chain(
        allocation(status=Status.FEASIBLE), row("levels", 2, upper_bound=Fraction(1))
    ),
    "an unproven cut, not claimed optimal": chain(
        allocation(status=Status.FEASIBLE), row("cuts", 0, proven=False)
    ),
    "pins that are kept": problem(
        pins=(
            Pin(PinKind.FIX, "A", "RICE", units=4),
            Pin(PinKind.AT_LEAST, lot_id="RICE", session_id="V1", units=7),
            Pin(PinKind.AT_LEAST, "D", vehicle_id="VAN"),
            Pin(PinKind.FORBID, "C", "GREENS"),
            Pin(PinKind.FORBID, "C", "BISCUIT", vehicle_id="VAN"),
        )
    ),
    "a satellite that is a vehicle's home serves as its hub": fact(
        "sites", "HUB", kind=SiteKind.SATELLITE
    ),
    "vegan goods for a vegetarian": chain(
        fact("households", "B", diet=frozenset({Diet.VEGETARIAN})),
        *(fact("lots", lot_id, tags=VEGAN) for lot_id in ("RICE", "GREENS", "BENTO")),
    ),
    # C's 4 biscuits are more than ceil(6 / 2) = 3, D's 3 greens more than 2, but each is one pack.
    "a single pack beyond the share": chain(
        problem(policy=Policy(group_share_max=Fraction(1, 2))),
        fact("lots", "BISCUIT", pack=4),
        fact("lots", "GREENS", pack=3),
    ),
    "ready as the session opens": fact("lots", "BISCUIT", ready_s=at(THU, 9)),
    "there as the session opens": fact("sessions", "V1", open_s=at(TUE, 12, 20)),
    "eaten as the session closes": fact("lots", "BENTO", fresh_s=5 * HOUR_S),
    "the last day of the margin": fact("lots", "GREENS", last_day=date(2026, 4, 8)),
    "35 minutes out of the cold": fact("vehicles", "VAN", cold_s_max=35 * MINUTE_S),
    "a powered fridge": fact("vehicles", "VAN", cold_s_max=None),
    "a trip ten minutes later": later(1, 0, 10 * MINUTE_S),
    "waiting at the satellite": chain(
        later(1, 0, 5 * MINUTE_S, first=1), metrics(vehicle_seconds=12_900 + 300)
    ),
    "all covers what was on the list when it was made": chain(
        _cashew_listed_this_april,
        fact("households", "A", avoid=frozenset({"cashew"})),
        fact("lots", "RICE", made_on=date(2026, 4, 1)),
        fact("lots", "CANS", checked=frozenset({"cashew"})),
        fact("lots", "BENTO", checked=frozenset({"cashew"})),
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_is_accepted(name: str) -> None:
    assert [found.text() for found in verify(*ALLOWED[name](good_week()))] == []


def test_a_week_without_wishes_scores_zero() -> None:
    week = good_week()
    nobody = problem(households={}, history=())(week)
    found = score(nobody.problem, nobody.travel, nobody.plan)
    assert (found.meals_wanted, found.fill_min, found.fill_mean, found.gini) == (0, 0.0, 0.0, 0.0)
    assert found.metres == week.plan.metrics.metres


def test_messages_say_expected_found_and_difference() -> None:
    week = stop(1, 0, 1, start_s=at(WED, 9, 29))(good_week())
    [found] = verify(*week)
    assert (
        found.message
        == "Vehicle VAN, Wed, trip 1, stop 2 (S2): arrives Wed 09:30, starts Wed 09:29"
    )
    week = fact("lots", "RICE", hold_units=14)(good_week())
    messages = [found.message for found in verify(*week)]
    assert "Lot RICE: at most 6 units, found 7 (1 too many)" in messages


def test_numbers_too_long_to_print_are_named() -> None:
    week = row("unmet", 0, meals_short=Fraction(10**5000))(good_week())
    [found] = verify(*week)
    assert found.message.endswith("found a number of thousands of digits")
