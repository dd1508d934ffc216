"""May this lot serve this household, and if not, why (docs/rules.md §1).

Safety first: what is unknown counts as unfit. `REFUSALS` lists the codes in the order in which they
are tried; the first that holds is the reason given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from logistics.model.goods import Lot
from logistics.model.people import Household
from logistics.model.places import Session
from logistics.model.problem import Pin, WeekProblem
from logistics.model.units import Channel, Diet, PinKind, Storage, Tag, date_of
from logistics.solver.ways import NoWay, Way, Ways

REFUSALS = (
    "allergen",
    "allergen_unknown",
    "diet",
    "kitchen",
    "cold",
    "pinned",
    "label_date",
    "cooked_too_old",
    "no_storage",
    "no_vehicle",
    "no_crew",
    "too_late",
    "other_hub",
    "not_offered",
)
"""Codes from the most personal reason to the most logistical."""

_NEEDS_ONE_OF: Mapping[Diet, frozenset[Tag]] = {
    Diet.HALAL: frozenset({Tag.HALAL}),
    Diet.VEGAN: frozenset({Tag.VEGAN}),
    Diet.VEGETARIAN: frozenset({Tag.VEGETARIAN, Tag.VEGAN}),
    Diet.SOFT: frozenset({Tag.SOFT}),
}
_REFUSES: Mapping[Diet, frozenset[Tag]] = {
    Diet.HALAL: frozenset({Tag.CONTAINS_PORK, Tag.CONTAINS_ALCOHOL}),
    Diet.VEGAN: frozenset({Tag.CONTAINS_PORK}),
    Diet.VEGETARIAN: frozenset({Tag.CONTAINS_PORK}),
    Diet.NO_PORK: frozenset({Tag.CONTAINS_PORK}),
    Diet.NO_ALCOHOL: frozenset({Tag.CONTAINS_ALCOHOL}),
}


@dataclass(frozen=True, slots=True)
class Option:
    """A lot that may serve a household: through a session or (`None`) at the door, on a day."""

    household_id: str
    lot_id: str
    session_id: str | None
    day: int
    way: Way


@dataclass(frozen=True, slots=True)
class Eligibility:
    """All options, and for every pair without one the reason (household, lot) -> code."""

    options: tuple[Option, ...]
    refusals: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class _Offer:
    """What households of one kind with the same hand-overs may get: lots with session, day and way."""

    ways: tuple[tuple[str, str | None, int, Way], ...]
    refusals: tuple[tuple[str, str], ...]


def eligibility(problem: WeekProblem, ways: Ways) -> Eligibility:
    """Work out every option of the week, once for all households of a kind with the same hand-overs."""
    forbids = [pin for pin in problem.pins if pin.kind is PinKind.FORBID]
    personal: dict[tuple[object, ...], str | None] = {}
    logistic: dict[tuple[str, str], Way | str] = {}
    offers: dict[tuple[object, ...], _Offer] = {}
    options: list[Option] = []
    refusals: dict[tuple[str, str], str] = {}
    for household in problem.households.values():
        pins = tuple(pin for pin in forbids if pin.household_id in ("", household.id))
        place = (household.id,) if household.channel is Channel.DELIVERY else household.session_ids
        key = (*_kind(household), household.channel, place, pins)
        if key not in offers:
            offers[key] = _offer(problem, ways, household, pins, personal, logistic)
        options += [Option(household.id, *way) for way in offers[key].ways]
        refusals |= {(household.id, lot_id): code for lot_id, code in offers[key].refusals}
    kept = _one_hub_a_door(problem, options)
    if len(kept) < len(options):
        able = {(option.household_id, option.lot_id) for option in kept}
        pairs = ((option.household_id, option.lot_id) for option in options)
        refusals |= {pair: "other_hub" for pair in pairs if pair not in able}
    return Eligibility(tuple(kept), refusals)


def _kind(household: Household) -> tuple[object, ...]:
    """What `personal_refusal` looks at."""
    return household.avoid, household.diet, household.kitchen, household.cold


def _offer(
    problem: WeekProblem,
    ways: Ways,
    household: Household,
    pins: tuple[Pin, ...],
    personal: dict[tuple[object, ...], str | None],
    logistic: dict[tuple[str, str], Way | str],
) -> _Offer:
    """The lots that a household, as one of its kind, may get, and why not the others."""
    kind = _kind(household)
    found: list[tuple[str, str | None, int, Way]] = []
    refusals: list[tuple[str, str]] = []
    for lot in problem.lots.values():
        if lot.free_units < lot.pack:
            continue
        key = (lot.id, *kind)
        if key not in personal:
            personal[key] = personal_refusal(lot, household)
        code = personal[key]
        if code is None:
            ends = _ends(problem, ways, lot, household, pins, logistic)
            able = [end for end in ends if not isinstance(end, str)]
            found += able
            codes = [end for end in ends if isinstance(end, str)] or ["not_offered"]
            code = None if able else min(codes, key=REFUSALS.index)
        if code is not None:
            refusals.append((lot.id, code))
    return _Offer(tuple(found), tuple(refusals))


def _one_hub_a_door(problem: WeekProblem, options: list[Option]) -> list[Option]:
    """A visit is made once, so a door is served from one hub: the one with most meals for it."""
    meals: dict[str, Counter[str]] = {}
    for option in options:
        if option.session_id is None and option.way.hub_id:
            lot = problem.lots[option.lot_id]
            hubs = meals.setdefault(option.household_id, Counter())
            hubs[option.way.hub_id] += int(1000 * lot.free_units * lot.unit_meals)
    best = {
        household_id: max(sorted(hubs), key=hubs.__getitem__)
        for household_id, hubs in meals.items()
    }
    return [
        option
        for option in options
        if option.session_id is not None
        or option.way.hub_id in ("", best.get(option.household_id, ""))
    ]


def _ends(
    problem: WeekProblem,
    ways: Ways,
    lot: Lot,
    household: Household,
    pins: tuple[Pin, ...],
    logistic: dict[tuple[str, str], Way | str],
) -> list[tuple[str, str | None, int, Way] | str]:
    """One entry per hand-over the household is offered: lot, session, day and way, or a refusal."""
    found: list[tuple[str, str | None, int, Way] | str] = []
    if household.channel is Channel.DELIVERY:
        hand_overs: tuple[Session | None, ...] = (None,)
    else:
        hand_overs = tuple(problem.sessions[s] for s in household.session_ids)
    for session in hand_overs:
        place_id = session.id if session else household.id
        if (lot.id, place_id) not in logistic:
            logistic[lot.id, place_id] = _way_or_code(problem, ways, lot, household, session)
        way = logistic[lot.id, place_id]
        session_id = session.id if session else None
        if isinstance(way, str):
            found.append(way)
        elif any(matches(pin, household.id, lot.id, session_id) for pin in pins):
            found.append("pinned")
        else:
            day = session.day if session else (household.visit.day if household.visit else way.day)
            found.append((lot.id, session_id, day, way))
    return found


def _way_or_code(
    problem: WeekProblem, ways: Ways, lot: Lot, household: Household, session: Session | None
) -> Way | str:
    if session is None:
        day = household.visit.day if household.visit else 0
        hand_over_s = min((visit.open_s for visit in household.visits_on(day)), default=0)
    else:
        day, hand_over_s = session.day, session.close_s
    code = freshness_refusal(problem, lot, day, hand_over_s)
    if code is not None:
        return code
    way = ways.to_door(lot, household) if session is None else ways.to_session(lot, session)
    return way.code if isinstance(way, NoWay) else way


def personal_refusal(lot: Lot, household: Household) -> str | None:
    """What the household itself rules out: allergens, diet, kitchen, cold storage at home."""
    if household.avoid & lot.contains:
        return "allergen"
    if household.avoid - lot.checked:
        return "allergen_unknown"
    for diet in household.diet:
        needed = _NEEDS_ONE_OF.get(diet)
        if needed is not None and not needed & lot.tags:
            return "diet"
        if _REFUSES.get(diet, frozenset()) & lot.tags:
            return "diet"
    if household.kitchen.rank < lot.kitchen_needed.rank:
        return "kitchen"
    if not lot.is_cooked and not household.cold.keeps(lot.storage):
        return "cold"
    return None


def freshness_refusal(problem: WeekProblem, lot: Lot, day: int, hand_over_s: int) -> str | None:
    """Whether a lot is still good at the table when handed over then (at a door: at the earliest)."""
    if lot.last_day is not None:
        margin = problem.policy.margin_days[Storage(lot.storage), lot.label]
        if lot.last_day < date_of(problem.week_start, day) + timedelta(days=margin):
            return "label_date"
    if lot.eat_by_s is not None and hand_over_s > lot.eat_by_s:
        return "cooked_too_old"
    return None


def matches(pin: Pin, household_id: str, lot_id: str, session_id: str | None) -> bool:
    """Whether a pin's named references match a hand-over; empty references match anything."""
    return (
        pin.household_id in ("", household_id)
        and pin.lot_id in ("", lot_id)
        and (not pin.session_id or pin.session_id == session_id)
    )
