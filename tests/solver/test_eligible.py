"""May this lot serve this household: one tiny week per refusal, and the moments on the border.

Unless said otherwise one lot `L` stands at the hub and household `H` comes to session `S1`, held
there on Wednesday 25 November 2026 from 10 to 12; nothing has to be driven.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logistics.model.goods import Lot
from logistics.model.people import Visit
from logistics.model.problem import DEFAULT_MARGIN_DAYS, Pin, WeekProblem
from logistics.model.units import (
    HOUR_S,
    MINUTE_S,
    Channel,
    Cold,
    Diet,
    Kitchen,
    Label,
    PinKind,
    Storage,
    Tag,
)
from logistics.solver.eligible import REFUSALS, Eligibility, eligibility
from logistics.solver.ways import Ways
from tests import strategies, weeks
from tests.weeks import at

ROAD = weeks.road({"HUB": 0, "T1": 20, "H": 15})
DRIVEN: dict[str, Any] = {
    "vehicles": {"V1": weeks.van()},
    "shifts": (weeks.shift(at(2, 8), at(2, 18)),),
}
AT_T1 = [weeks.session("S1", site_id="T1")]


def eligible(problem: WeekProblem) -> Eligibility:
    return eligibility(problem, Ways(problem, ROAD))


def refusal(problem: WeekProblem) -> str | None:
    """Why `L` may not serve `H`, or None if it may."""
    found = eligible(problem)
    may = any((o.household_id, o.lot_id) == ("H", "L") for o in found.options)
    code = found.refusals.get(("H", "L"))
    assert may == (code is None)
    return code


def here(lot: dict[str, Any] | None = None, **household: Any) -> WeekProblem:
    """The week of this module's docstring."""
    goods = replace(weeks.lot("L", 4), **(lot or {}))
    home = replace(weeks.household("H", 4), **household)
    return weeks.week([goods], [home])


def label(kind: Label, day: date) -> dict[str, Any]:
    return {"label": kind, "last_day": day}


def cooked(ready_s: int, hours: int) -> dict[str, Any]:
    return {"ready_s": ready_s, "fresh_s": hours * HOUR_S}


def forbidden(**pin: Any) -> WeekProblem:
    return replace(here(), pins=(Pin(PinKind.FORBID, **pin),))


def driven(**more: Any) -> WeekProblem:
    """The session is held at T1, 20 minutes from the hub; one vehicle drives on Wednesday."""
    base = weeks.week(
        [weeks.lot("L", 4)], [weeks.household("H", 4)], AT_T1, [weeks.site("T1")], **DRIVEN
    )
    return replace(base, **more)


EGG, MILK = frozenset({"egg"}), frozenset({"milk"})
CHILLED: dict[str, Any] = {"storage": Storage.CHILLED}
AMBIENT_ONLY = {Storage.AMBIENT: 10_000}

REFUSED: dict[str, Callable[[], WeekProblem]] = {
    # Contains egg; that milk was never checked would be the second reason.
    "allergen": lambda: here({"contains": EGG, "checked": EGG}, avoid=EGG | MILK),
    # Nothing was checked: unknown is not absent.
    "allergen_unknown": lambda: here({}, avoid=EGG),
    "diet": lambda: here({}, diet=frozenset({Diet.HALAL})),
    "kitchen": lambda: here({"kitchen_needed": Kitchen.FULL}, kitchen=Kitchen.MICROWAVE),
    "cold": lambda: here({"storage": Storage.FROZEN}, cold=Cold.FRIDGE),
    "pinned": lambda: forbidden(household_id="H", lot_id="L"),
    # Use-by Wednesday, handed over on Wednesday, one day of margin: Thursday would be needed.
    "label_date": lambda: here(label(Label.USE_BY, date(2026, 11, 25))),
    # Ready 07:00 + 4 h = 11:00, but the last guest comes at 12:00.
    "cooked_too_old": lambda: here(cooked(at(2, 7), 4)),
    # T1 keeps ambient goods only, the lot is chilled.
    "no_storage": lambda: driven(
        lots={"L": weeks.lot("L", 4, **CHILLED)},
        sites={
            "HUB": weeks.site("HUB"),
            "T1": weeks.site("T1", capacity_g=AMBIENT_ONLY),
        },
    ),
    # The only vehicle has no chilled compartment.
    "no_vehicle": lambda: driven(
        lots={"L": weeks.lot("L", 4, **CHILLED)},
        vehicles={"V1": weeks.van(capacity_g=AMBIENT_ONLY)},
    ),
    # Two people are to come, and the shift names nobody: one.
    "no_crew": lambda: driven(
        sessions={},
        households={
            "H": replace(
                weeks.household("H", 4, ()),
                channel=Channel.DELIVERY,
                visit=Visit(at(2, 10), at(2, 12), 0, crew=2),
            )
        },
    ),
    # The only shift begins at 09:41; 20 minutes later it is 10:01.
    "too_late": lambda: driven(shifts=(weeks.shift(at(2, 9, 41), at(2, 18)),)),
    # The visit is made once, from HUB, where 9 meals stand for it; L and its 4 meals stand at T1, the
    # home of another van.
    "other_hub": lambda: weeks.week(
        [weeks.lot("L", 4, site_id="T1"), weeks.lot("M", 9)],
        [weeks.visited("H", 4, at(2, 10), at(2, 12))],
        sites=[weeks.site("T1")],
        vehicles={"V1": weeks.van(), "V2": weeks.van("V2", "T1")},
        shifts=(weeks.shift(at(2, 8), at(2, 18)), weeks.shift(at(2, 8), at(2, 18), "V2")),
    ),
    # It comes to no session at all.
    "not_offered": lambda: here({}, session_ids=()),
}


def test_every_code_is_told_here() -> None:
    assert set(REFUSED) == set(REFUSALS)


@pytest.mark.parametrize("code", REFUSALS)
def test_refused(code: str) -> None:
    assert refusal(REFUSED[code]()) == code


def test_plain_food_serves_anybody() -> None:
    assert refusal(here()) is None
    assert refusal(driven()) is None


# --- the label's date ---------------------------------------------------------------------------

LAST_NEEDED = {
    # Handed over on Wednesday 25 November; days of margin after the storage and the label.
    (Storage.AMBIENT, Label.USE_BY): date(2026, 11, 26),  # 1
    (Storage.AMBIENT, Label.BEST_BEFORE): date(2026, 12, 2),  # 7
    (Storage.AMBIENT, Label.NONE): date(2026, 11, 26),  # 1, a good-until estimate
    (Storage.CHILLED, Label.USE_BY): date(2026, 11, 26),  # 1
    (Storage.CHILLED, Label.BEST_BEFORE): date(2026, 11, 27),  # 2
    (Storage.CHILLED, Label.NONE): date(2026, 11, 26),  # 1
    (Storage.FROZEN, Label.USE_BY): date(2026, 12, 2),  # 7
    (Storage.FROZEN, Label.BEST_BEFORE): date(2026, 12, 9),  # 14
    (Storage.FROZEN, Label.NONE): date(2026, 12, 2),  # 7
}


def test_each_storage_and_label_has_its_margin() -> None:
    assert set(LAST_NEEDED) == set(DEFAULT_MARGIN_DAYS) == set(product(Storage, Label))


@pytest.mark.parametrize(("storage", "kind"), sorted(LAST_NEEDED))
def test_the_last_day_with_its_margin_is_still_good(storage: Storage, kind: Label) -> None:
    last = LAST_NEEDED[storage, kind]
    the_day_before = date.fromordinal(last.toordinal() - 1)
    assert refusal(here({"storage": storage, **label(kind, last)})) is None
    assert refusal(here({"storage": storage, **label(kind, the_day_before)})) == "label_date"


def test_a_later_session_needs_a_later_date() -> None:
    # Use-by Thursday 26: enough for Wednesday's session, not for Friday's.
    lot = weeks.lot("L", 4, **label(Label.USE_BY, date(2026, 11, 26)))
    problem = weeks.week(
        [lot],
        [weeks.household("H", 4, ("S1", "S2"))],
        [weeks.session("S1", 2), weeks.session("S2", 4)],
    )
    found = eligible(problem)
    assert [option.session_id for option in found.options] == ["S1"]
    assert not found.refusals


# --- cooked meals -------------------------------------------------------------------------------


def test_a_cooked_meal_is_eaten_by_the_last_guest_at_the_latest() -> None:
    # Ready at 08:00 + 4 h = 12:00, when the session closes; one minute earlier is too early.
    assert refusal(here(cooked(at(2, 8), 4))) is None
    assert refusal(here(cooked(at(2, 7, 59), 4))) == "cooked_too_old"


def at_the_door(ready_s: int, shift_start_s: int) -> WeekProblem:
    """A meal cooked at the hub, good for 2 hours, and a visit between 11 and 12, 15 minutes away."""
    return weeks.week(
        [weeks.lot("L", 4, **cooked(ready_s, 2))],
        [weeks.visited("H", 4, at(2, 11), at(2, 12), 10 * MINUTE_S)],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(shift_start_s, at(2, 18)),),
    )


def test_a_cooked_meal_is_at_the_door_in_time_if_the_visit_starts_by_then() -> None:
    # Good until 11:00, when the visit may start at the earliest; the ten minutes there do not count.
    assert refusal(at_the_door(at(2, 9), at(2, 8))) is None
    assert refusal(at_the_door(at(2, 8, 59), at(2, 8))) == "cooked_too_old"


def test_a_meal_good_beyond_the_opening_of_the_visit_must_still_be_driven_in_time() -> None:
    # Good until 11:30: leaving at 11:15 is just in time, a minute later is not.
    assert refusal(at_the_door(at(2, 9, 30), at(2, 11, 15))) is None
    assert refusal(at_the_door(at(2, 9, 30), at(2, 11, 16))) == "too_late"


def test_a_meal_cooked_at_the_session_must_be_ready_when_it_opens() -> None:
    assert refusal(here(cooked(at(2, 10), 4))) is None
    assert refusal(here(cooked(at(2, 10, 1), 4))) == "too_late"


def test_cooked_meals_need_no_fridge_at_home() -> None:
    chilled_meal = {**CHILLED, **cooked(at(2, 9), 4)}
    assert refusal(here(chilled_meal, cold=Cold.NONE)) is None
    assert refusal(here(dict(CHILLED), cold=Cold.NONE)) == "cold"


# --- allergens, diet, kitchen, cold -------------------------------------------------------------


@pytest.mark.parametrize(
    ("contains", "checked", "code"),
    [
        (frozenset(), EGG, None),  # checked and absent
        (frozenset(), MILK, "allergen_unknown"),  # something else was checked
        (MILK, MILK, "allergen_unknown"),  # what is declared says nothing of what is not checked
        (EGG, EGG, "allergen"),
        (EGG, frozenset(), "allergen"),  # declared without a list of what was checked
        (MILK, EGG | MILK, None),  # contains only what this household may have
    ],
)
def test_egg_is_avoided(contains: frozenset[str], checked: frozenset[str], code: str) -> None:
    assert refusal(here({"contains": contains, "checked": checked}, avoid=EGG)) == code


DIETS = [
    # diet, tags of the lot, may it?
    (Diet.HALAL, {Tag.HALAL}, True),
    (Diet.HALAL, {Tag.VEGAN}, False),
    (Diet.HALAL, {Tag.HALAL, Tag.CONTAINS_PORK}, False),
    (Diet.HALAL, {Tag.HALAL, Tag.CONTAINS_ALCOHOL}, False),
    (Diet.VEGAN, {Tag.VEGAN}, True),
    (Diet.VEGAN, {Tag.VEGETARIAN}, False),
    (Diet.VEGAN, {Tag.VEGAN, Tag.CONTAINS_PORK}, False),
    (Diet.VEGETARIAN, {Tag.VEGETARIAN}, True),
    (Diet.VEGETARIAN, {Tag.VEGAN}, True),
    (Diet.VEGETARIAN, set(), False),
    (Diet.VEGETARIAN, {Tag.VEGETARIAN, Tag.CONTAINS_PORK}, False),
    (Diet.NO_PORK, set(), True),
    (Diet.NO_PORK, {Tag.CONTAINS_ALCOHOL}, True),
    (Diet.NO_PORK, {Tag.CONTAINS_PORK}, False),
    (Diet.NO_ALCOHOL, {Tag.CONTAINS_PORK}, True),
    (Diet.NO_ALCOHOL, {Tag.CONTAINS_ALCOHOL}, False),
    (Diet.SOFT, {Tag.SOFT}, True),
    (Diet.SOFT, set(), False),
]


@pytest.mark.parametrize(("diet", "tags", "may"), DIETS)
def test_diets(diet: Diet, tags: set[Tag], may: bool) -> None:
    found = refusal(here({"tags": frozenset(tags)}, diet=frozenset({diet})))
    assert found == (None if may else "diet")


def test_every_diet_is_told_here() -> None:
    assert {(diet, may) for diet, _, may in DIETS} == set(product(Diet, (True, False)))


def test_two_diets_must_both_be_kept() -> None:
    both = frozenset({Diet.HALAL, Diet.SOFT})
    assert refusal(here({"tags": frozenset({Tag.HALAL})}, diet=both)) == "diet"
    assert refusal(here({"tags": frozenset({Tag.HALAL, Tag.SOFT})}, diet=both)) is None


@pytest.mark.parametrize(("needed", "owned"), list(product(Kitchen, Kitchen)))
def test_a_better_kitchen_serves_lesser_needs(needed: Kitchen, owned: Kitchen) -> None:
    order = [Kitchen.NONE, Kitchen.MICROWAVE, Kitchen.FULL]
    enough = order.index(owned) >= order.index(needed)
    found = refusal(here({"kitchen_needed": needed}, kitchen=owned))
    assert found == (None if enough else "kitchen")


@pytest.mark.parametrize(
    ("storage", "owners"),
    [
        (Storage.AMBIENT, {Cold.NONE, Cold.FRIDGE, Cold.FREEZER}),
        (Storage.CHILLED, {Cold.FRIDGE, Cold.FREEZER}),
        (Storage.FROZEN, {Cold.FREEZER}),
    ],
)
def test_cold_goods_need_a_cold_home(storage: Storage, owners: set[Cold]) -> None:
    for cold in Cold:
        found = refusal(here({"storage": storage}, cold=cold))
        assert found == (None if cold in owners else "cold")


# --- pins ---------------------------------------------------------------------------------------


def test_empty_references_of_a_pin_match_anything() -> None:
    assert refusal(forbidden(lot_id="L")) == "pinned"
    assert refusal(forbidden(household_id="H")) == "pinned"
    assert refusal(forbidden(session_id="S1")) == "pinned"
    assert refusal(forbidden(household_id="somebody else", lot_id="L")) is None
    assert refusal(forbidden(household_id="H", session_id="another session")) is None


def test_only_forbidding_pins_refuse() -> None:
    pins = (Pin(PinKind.AT_LEAST, "H", "L", units=1), Pin(PinKind.FIX, "H", "L", units=1))
    assert refusal(replace(here(), pins=pins)) is None


# --- ways ---------------------------------------------------------------------------------------


def test_what_stands_at_the_session_needs_no_storage_class_of_its_own() -> None:
    # Chilled goods lie at T1, which has no fridge on paper: they are there already.
    problem = driven(
        lots={"L": weeks.lot("L", 4, site_id="T1", **CHILLED)},
        sites={"HUB": weeks.site("HUB"), "T1": weeks.site("T1", capacity_g=AMBIENT_ONLY)},
    )
    assert refusal(problem) is None


def test_a_vehicle_without_a_shift_drives_nothing() -> None:
    assert refusal(driven(shifts=())) == "no_vehicle"


def test_a_minute_earlier_is_in_time() -> None:
    # 09:40 + 20 minutes = 10:00, when the session opens.
    assert refusal(driven(shifts=(weeks.shift(at(2, 9, 40), at(2, 18)),))) is None


def test_of_several_reasons_the_most_personal_is_given() -> None:
    # At S1 the date is over; S2 at T1 could have it by date, but nobody drives there.
    lots = {"L": weeks.lot("L", 4, **label(Label.USE_BY, date(2026, 11, 25)))}
    sessions = {"S1": weeks.session("S1"), "S2": weeks.session("S2", 1, site_id="T1")}
    problem = driven(
        lots=lots,
        sessions=sessions,
        households={"H": weeks.household("H", 4, ("S1", "S2"))},
        shifts=(),
    )
    assert refusal(problem) == "label_date"
    assert REFUSALS.index("label_date") < REFUSALS.index("no_vehicle")


def test_a_lot_of_which_no_pack_is_free_is_no_matter_at_all() -> None:
    # 5 units, 3 held: 2 are free, a pack has 3.
    lots: list[Lot] = [weeks.lot("L", 5, pack=3, hold_units=3)]
    found = eligible(weeks.week(lots, [weeks.household("H", 4)]))
    assert not found.options
    assert not found.refusals


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.small_weeks())
def test_every_pair_has_an_option_or_one_reason(problem: WeekProblem) -> None:
    found = eligibility(problem, Ways(problem, strategies.legs_of(problem)))
    served = {(option.household_id, option.lot_id) for option in found.options}
    matters = {lot.id for lot in problem.lots.values() if lot.free_units >= lot.pack}
    assert not served & set(found.refusals)
    assert served | set(found.refusals) == set(product(problem.households, matters))
    assert set(found.refusals.values()) <= set(REFUSALS)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.small_weeks(), st.data())
def test_forbidding_a_pair_takes_away_its_options_and_no_others(
    problem: WeekProblem, data: st.DataObject
) -> None:
    ways = Ways(problem, strategies.legs_of(problem))
    before = eligibility(problem, ways).options
    household_id = data.draw(st.sampled_from(sorted(problem.households)))
    lot_id = data.draw(st.sampled_from(sorted(problem.lots)))
    pin = Pin(PinKind.FORBID, household_id, lot_id)
    after = eligibility(replace(problem, pins=(*problem.pins, pin)), ways).options
    gone = [o for o in before if (o.household_id, o.lot_id) == (household_id, lot_id)]
    assert sorted(map(repr, after)) == sorted(repr(o) for o in before if o not in gone)
