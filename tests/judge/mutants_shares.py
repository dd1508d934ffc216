"""Faults in references, eligibility and amounts (sections 1 and 3 of the rules)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from logistics.model.plan import (
    Cap,
    Line,
    Route,
)
from logistics.model.problem import Pin, Policy
from logistics.model.units import (
    HOUR_S,
    Cold,
    Diet,
    Kitchen,
    PinKind,
    Tag,
)
from tests.judge.edits import (
    Edit,
    append,
    chain,
    fact,
    loads,
    plan,
    problem,
    route,
    row,
    stop,
)
from tests.judge.good_facts import AMBIENT, TUE, WED, at
from tests.judge.mutant import held, mutant


def _diet(*diets: Diet) -> Edit:
    return fact("households", "B", diet=frozenset(diets))


def _tags(lot_id: str, *tags: Tag) -> Edit:
    return fact("lots", lot_id, tags=frozenset(tags))


REFERENCES = [
    mutant(
        "a level names a stranger",
        row("levels", 0, household_ids=("A", "B", "C", "D", "X")),
        "unknown_household",
        "level_rows",
    ),
    mutant(
        "a line for a stranger",
        append("lines", Line("X", "RICE", "V1", TUE, 1)),
        "unknown_household",
    ),
    mutant(
        "a line of an unknown lot", append("lines", Line("A", "X", "V1", TUE, 1)), "unknown_lot"
    ),
    mutant(
        "a line at an unknown session",
        append("lines", Line("A", "RICE", "X", TUE, 1)),
        "unknown_session",
    ),
    mutant("an unknown lot is scarce", held(lot_ids=("X",)), "unknown_lot"),
    mutant("an unknown session is scarce", held(session_ids=("X",)), "unknown_session"),
    mutant("an unknown vehicle is scarce", held(vehicle_ids=("X",)), "unknown_vehicle"),
    mutant("an unknown capacity is scarce", held(caps=(Cap("site", "X"),)), "unknown_cap"),
    mutant(
        "a capacity of an unknown class", held(caps=(Cap("site", "S1", "warm"),)), "unknown_cap"
    ),
    mutant(
        "a capacity of next week",
        held(caps=(Cap("site", "S1", "chilled", 7),)),
        "unknown_cap",
    ),
    mutant(
        "a route of an unknown vehicle",
        lambda week: plan(routes=(*week.plan.routes, Route("X", TUE, ())))(week),
        "unknown_vehicle",
    ),
    mutant(
        "a leftover at an unknown site",
        row("leftover", 0, site_id="X"),
        "unknown_site",
        "leftover_numbers",
    ),
    mutant("a driver of another crew", route(0, volunteer_ids=("P9",)), "unknown_volunteer"),
    mutant("a line of no units", append("lines", Line("B", "CANS", "V1", TUE, 0)), "bad_units"),
    mutant("a load of no units", stop(0, 1, 1, load=loads(BENTO=5, RICE=0)), "bad_units"),
    mutant(
        "one handout in two lines",
        chain(row("lines", 0, units=3), append("lines", Line("A", "RICE", "V1", TUE, 1))),
        "duplicate_line",
    ),
]

ELIGIBILITY = [
    mutant(
        "greens of the same day", fact("lots", "GREENS", last_day=date(2026, 4, 7)), "label_date"
    ),
    mutant("bento good for 4 hours", fact("lots", "BENTO", fresh_s=4 * HOUR_S), "cooked_too_old"),
    mutant(
        "a door reached too late for milk cooked at 10:00",
        fact("lots", "MILK", ready_s=at(TUE, 10), fresh_s=3 * HOUR_S),
        "cooked_too_old",
    ),
    mutant(
        "wheat for who avoids it", fact("households", "A", avoid=frozenset({"wheat"})), "allergen"
    ),
    mutant(
        "cashew was not on the list",
        fact("households", "A", avoid=frozenset({"cashew"})),
        "allergen_unknown",
    ),
    mutant("halal without the tag", _tags("BISCUIT"), "diet"),
    mutant("halal with pork", _tags("BISCUIT", Tag.HALAL, Tag.CONTAINS_PORK), "diet"),
    mutant("halal with alcohol", _tags("BISCUIT", Tag.HALAL, Tag.CONTAINS_ALCOHOL), "diet"),
    mutant("not known to be vegan", _diet(Diet.VEGAN), "diet"),
    mutant("not known to be vegetarian", _diet(Diet.VEGETARIAN), "diet"),
    mutant("not known to be soft", _diet(Diet.SOFT), "diet"),
    mutant("pork", chain(_diet(Diet.NO_PORK), _tags("RICE", Tag.CONTAINS_PORK)), "diet"),
    mutant("alcohol", chain(_diet(Diet.NO_ALCOHOL), _tags("RICE", Tag.CONTAINS_ALCOHOL)), "diet"),
    mutant("rice without a stove", fact("households", "A", kitchen=Kitchen.MICROWAVE), "kitchen"),
    mutant("milk without a fridge", fact("households", "D", cold=Cold.NONE), "cold"),
    mutant(
        "no chilled storage at the session",
        fact("sites", "S1", capacity_g={AMBIENT: 50_000}),
        "no_storage",
        "over_capacity",
    ),
    mutant(
        "no chilled storage at the hub",
        fact("sites", "HUB", capacity_g={AMBIENT: 500_000}),
        "no_storage",
        "over_capacity",
    ),
    mutant("a session it does not list", fact("households", "A", session_ids=()), "not_offered"),
    mutant(
        "a pickup without a session",
        row("lines", 0, session_id=None),
        "not_offered",
        "not_visited",
        "stranded",
    ),
    mutant(
        "a delivery at a session",
        row("lines", 9, session_id="V1"),
        "not_offered",
        "households_max",
        "stock_short",
        "visit_goods",
    ),
    mutant("handed out on another day", row("lines", 0, day=WED), "line_day"),
    mutant("a visit on another day", row("lines", 9, day=WED), "line_day"),
    mutant("a pin forbids it", problem(pins=(Pin(PinKind.FORBID, "B", "GREENS"),)), "pinned"),
    mutant(
        "a pin forbids the van", problem(pins=(Pin(PinKind.FORBID, vehicle_id="VAN"),)), "pinned"
    ),
]

AMOUNTS = [
    mutant("half a pack of rice", fact("lots", "RICE", pack=2), "pack_broken"),
    mutant(
        "14 rice on hold",
        fact("lots", "RICE", hold_units=14),
        "supply_exceeded",
        "held_units",
    ),
    mutant(
        "A wanted only 9",
        fact("households", "A", meals_wanted=9),
        "overserved",
        "fill_numbers",
        "metrics",
    ),
    mutant("shares of 2/5", problem(policy=Policy(group_share_max=Fraction(2, 5))), "group_share"),
    mutant("3 bento for 2", fact("households", "A", members=2), "cooked_portion"),
    mutant(
        "two sessions a week",
        chain(
            lambda week: problem(
                sessions={
                    **week.problem.sessions,
                    "V3": replace(week.problem.sessions["V1"], id="V3"),
                }
            )(week),
            fact("households", "B", session_ids=("V1", "V2", "V3")),
            row("lines", 3, session_id="V3"),
        ),
        "sessions_max",
    ),
    mutant("a session for one", fact("sessions", "V1", households_max=1), "households_max"),
    mutant(
        "5 rice were fixed", problem(pins=(Pin(PinKind.FIX, "A", "RICE", units=5),)), "pin_units"
    ),
    mutant(
        "5 rice at least",
        problem(pins=(Pin(PinKind.AT_LEAST, lot_id="RICE", session_id="V1", units=8),)),
        "pin_units",
    ),
    mutant(
        "something at V2 for A", problem(pins=(Pin(PinKind.AT_LEAST, "A", "", "V2"),)), "pin_units"
    ),
    mutant(
        "own stock by van",
        problem(pins=(Pin(PinKind.AT_LEAST, session_id="V2", vehicle_id="VAN", units=2),)),
        "pin_units",
    ),
]
