"""May each unit be handed to each household (section 1 of the rules)?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from logistics.judge.case import Case
from logistics.judge.words import day_name, finding, when
from logistics.model.errors import Finding
from logistics.model.goods import Lot, codes_covered_by_all
from logistics.model.people import Household
from logistics.model.plan import Line
from logistics.model.problem import DEFAULT_MARGIN_DAYS, WeekProblem
from logistics.model.units import Channel, Diet, Tag

ALL_CHECKED = "all"

_TAGS_NEEDED: Mapping[Diet, frozenset[Tag]] = MappingProxyType(
    {
        Diet.HALAL: frozenset({Tag.HALAL}),
        Diet.VEGAN: frozenset({Tag.VEGAN}),
        Diet.VEGETARIAN: frozenset({Tag.VEGETARIAN, Tag.VEGAN}),
        Diet.SOFT: frozenset({Tag.SOFT}),
    }
)
"""Diets that accept a lot only with one of these tags."""

_TAGS_REFUSED: Mapping[Diet, frozenset[Tag]] = MappingProxyType(
    {
        Diet.HALAL: frozenset({Tag.CONTAINS_PORK, Tag.CONTAINS_ALCOHOL}),
        Diet.VEGAN: frozenset({Tag.CONTAINS_PORK}),
        Diet.VEGETARIAN: frozenset({Tag.CONTAINS_PORK}),
        Diet.NO_PORK: frozenset({Tag.CONTAINS_PORK}),
        Diet.NO_ALCOHOL: frozenset({Tag.CONTAINS_ALCOHOL}),
    }
)
"""Diets that refuse a lot with any of these tags."""


def dates_kept(case: Case) -> Iterator[Finding]:
    """`label_date`: the last day is the hand-over day plus the margin, or later."""
    for line in case.lines:
        lot = case.problem.lots[line.lot_id]
        days_short = _days_short(case.problem, lot, line.day)
        if days_short > 0:
            message = (
                f"Lot {lot.id} for {line.household_id} on {day_name(line.day)}: last day "
                f"{lot.last_day} is {days_short} day(s) too early for the margin of its class"
            )
            yield finding("label_date", message, lot.id, line.household_id)


def keeps_until(problem: WeekProblem, lot: Lot, day: int) -> bool:
    """Whether the label and its margin allow a hand-over on a day (0 is this week's Monday)."""
    return _days_short(problem, lot, day) <= 0


def _days_short(problem: WeekProblem, lot: Lot, day: int) -> int:
    """Days by which the last day misses hand-over day + margin; 0 or less is in time."""
    if lot.last_day is None:
        return 0
    key = (lot.storage, lot.label)
    margin_days = problem.policy.margin_days.get(key, DEFAULT_MARGIN_DAYS[key])
    return problem.week_start.toordinal() + day + margin_days - lot.last_day.toordinal()


def cooked_meals_fresh(case: Case) -> Iterator[Finding]:
    """`cooked_too_old`: eaten by the close of the session, or begun at the door, in time."""
    for line in case.lines:
        eat_by_s = case.problem.lots[line.lot_id].eat_by_s
        if eat_by_s is None:
            continue
        if line.session_id is not None:
            moments = [case.problem.sessions[line.session_id].close_s]
        else:
            moments = [call.stop.start_s for call in case.visits.get(line.household_id, ())]
        late_s = max(moments, default=eat_by_s)
        if late_s > eat_by_s:
            message = (
                f"Lot {line.lot_id} for {line.household_id}: to be handed over by "
                f"{when(eat_by_s)}, found {when(late_s)}"
            )
            yield finding("cooked_too_old", message, line.lot_id, line.household_id)


def allergens_kept(case: Case) -> Iterator[Finding]:
    """`allergen` and `allergen_unknown`: avoided codes are known to be absent."""
    for line in case.lines:
        lot = case.problem.lots[line.lot_id]
        avoid = case.problem.households[line.household_id].avoid
        present = avoid & lot.contains
        if present:
            message = f"Lot {lot.id} for {line.household_id}: contains {', '.join(sorted(present))}"
            yield finding("allergen", message, lot.id, line.household_id)
        unknown = avoid - lot.contains - checked_codes(case.problem, lot, avoid)
        if unknown:
            names = ", ".join(sorted(unknown))
            message = f"Lot {lot.id} for {line.household_id}: {names} must be known to be absent"
            yield finding("allergen_unknown", message, lot.id, line.household_id)


def checked_codes(problem: WeekProblem, lot: Lot, avoid: frozenset[str]) -> frozenset[str]:
    """The codes examined; the word `all` stands for the lists of the day the lot was made."""
    if ALL_CHECKED not in lot.checked or avoid <= lot.checked:
        return lot.checked
    return lot.checked | codes_covered_by_all(problem.allergens, lot.made_on)


def homes_kept(case: Case) -> Iterator[Finding]:
    """`diet`, `kitchen`, `cold`: the household can eat, cook and keep it."""
    for line in case.lines:
        lot = case.problem.lots[line.lot_id]
        household = case.problem.households[line.household_id]
        for code, why in home_faults(lot, household):
            message = f"Lot {lot.id} for {household.id}: {why}"
            yield finding(code, message, lot.id, household.id)


def home_faults(lot: Lot, household: Household) -> Iterator[tuple[str, str]]:
    """Why a household cannot eat, cook or keep a lot: code and words."""
    for diet in sorted(household.diet):
        needed = _TAGS_NEEDED.get(diet)
        if needed is not None and not needed & lot.tags:
            yield "diet", f"{diet} needs the tag {' or '.join(sorted(needed))}"
        refused = _TAGS_REFUSED.get(diet, frozenset()) & lot.tags
        if refused:
            yield "diet", f"{diet} refuses {', '.join(sorted(refused))}"
    if household.kitchen.rank < lot.kitchen_needed.rank:
        yield "kitchen", f"needs kitchen {lot.kitchen_needed}, found {household.kitchen}"
    if not lot.is_cooked and not household.cold.keeps(lot.storage):
        yield "cold", f"is {lot.storage}, found cold storage {household.cold}"


def offers_kept(case: Case) -> Iterator[Finding]:
    """`not_offered` and `line_day`: a session it lists, or one of its visits, on that day."""
    for line in case.lines:
        fault = _offer_fault(case.problem, line)
        if fault is not None:
            code, why = fault
            message = f"Line of {line.lot_id} for {line.household_id}: {why}"
            yield finding(code, message, line.household_id, line.lot_id)
    for household_id, calls in case.visits.items():
        if case.problem.households[household_id].visit is None:
            message = f"Household {household_id}: picks up, but is visited"
            yield finding("not_offered", message, household_id)
            continue
        lines = [line for line in case.lines_of.get(household_id, ()) if line.session_id is None]
        days = {line.day for line in lines} | {call.drive.day for call in calls}
        if len(days) > 1 and {line.day for line in lines} <= {
            visit.day for visit in case.problem.households[household_id].visits
        }:
            found = ", ".join(day_name(day) for day in sorted(days))
            message = (
                f"Household {household_id}: expected lines and visit on one day, found {found}"
            )
            yield finding("line_day", message, household_id)


def _offer_fault(problem: WeekProblem, line: Line) -> tuple[str, str] | None:
    household = problem.households[line.household_id]
    if line.session_id is not None:
        if household.channel is Channel.DELIVERY:
            return "not_offered", f"is visited, but gets goods at session {line.session_id}"
        if line.session_id not in household.session_ids:
            return "not_offered", f"cannot come to session {line.session_id}"
        days = {problem.sessions[line.session_id].day}
    elif household.visit is None:
        return "not_offered", "picks up, but the line names no session"
    else:
        days = {visit.day for visit in household.visits}
    if line.day not in days:
        expected = " or ".join(day_name(day) for day in sorted(days))
        return "line_day", f"expected {expected}, found {day_name(line.day)}"
    return None


def storage_on_the_way(case: Case) -> Iterator[Finding]:
    """`no_storage`: the session's site and the hub that is passed keep the lot's class."""
    for lot_id, lines in case.lines_with.items():
        lot = case.problem.lots[lot_id]
        places = set(case.hubs_of.get(lot_id, ()))
        for line in lines:
            if line.session_id is not None:
                places.add(case.problem.sessions[line.session_id].site_id)
        for site_id in sorted(places - {lot.site_id}):
            if not case.problem.sites[site_id].keeps(lot.storage):
                message = f"Lot {lot_id}: site {site_id} has no {lot.storage} storage"
                yield finding("no_storage", message, lot_id, site_id)
