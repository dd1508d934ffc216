"""The rest's plan and what was driven, together the plan of the whole week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from logistics.model.plan import (
    Allocation,
    Cap,
    Fill,
    HeldBy,
    Leftover,
    Level,
    Line,
    Load,
    Reason,
    Rest,
    Route,
    Status,
    Stop,
    StopKind,
    Trip,
    Unmet,
)
from logistics.model.problem import WeekProblem
from logistics.solver.allocation.after.fates import fate_of
from logistics.solver.allocation.events import FLOOR, LEVEL
from logistics.solver.replan.past import Past
from logistics.solver.replan.remainder import Remainder
from logistics.words.reasons import worded

SERVED, OVER = "served", "no_session_left"
"""Why a household that is not in the rest gets no more: it has been handed its goods, or nothing is
offered to it any more. Both are kinds of capacities and of reasons."""


def whole_lines(remainder: Remainder, past: Past, lines: Iterable[Line]) -> tuple[Line, ...]:
    """Settled lines and those of the rest, each hand-over once, in the order of the days."""
    units: Counter[tuple[int, str, str, str]] = Counter()
    for line in (*past.settled, *(remainder.whole(line) for line in lines)):
        units[line.day, line.household_id, line.lot_id, line.session_id or ""] += line.units
    return tuple(
        Line(household_id, lot_id, session_id or None, day, units[key])
        for key in sorted(units)
        for day, household_id, lot_id, session_id in (key,)
    )


def whole_routes(past: Past, after: Iterable[Route]) -> tuple[Route, ...]:
    """Driven trips, then the new ones, one route for each vehicle and day, with its first crew.

    A break that has begun stays, another one is where the new trips have it.
    """
    trips: dict[tuple[int, str], list[Trip]] = defaultdict(list)
    people: dict[tuple[int, str], tuple[str, ...]] = {}
    rests: dict[tuple[int, str], Rest | None] = {}
    for route in (*past.routes, *after):
        key = route.day, route.vehicle_id
        trips[key] += route.trips
        people.setdefault(key, route.volunteer_ids)
        taken = past.rests.get((route.vehicle_id, route.day))
        rests[key] = taken or route.rest or rests.get(key)
    return tuple(
        Route(vehicle_id, day, tuple(trips[day, vehicle_id]), who, rests[day, vehicle_id])
        for (day, vehicle_id), who in sorted(people.items())
    )


def renamed(route: Route, origin_of: Mapping[str, str]) -> Route:
    """A route of the rest under the lots' names of the whole week."""

    def loads(given: tuple[Load, ...]) -> tuple[Load, ...]:
        units: Counter[str] = Counter()
        for load in given:
            units[origin_of[load.lot_id]] += load.units
        return tuple(Load(lot_id, units[lot_id]) for lot_id in sorted(units))

    def stop(given: Stop) -> Stop:
        return replace(given, load=loads(given.load), unload=loads(given.unload))

    trips = (replace(t, stops=tuple(stop(s) for s in t.stops)) for t in route.trips)
    return replace(route, trips=tuple(trips))


def whole_allocation(
    week: WeekProblem,
    remainder: Remainder,
    past: Past,
    lines: tuple[Line, ...],
    part: Allocation,
    after: tuple[Route, ...],
    language: str,
) -> Allocation:
    """The allocation of the whole week from that of the rest and the routes that are still to come."""
    fills = tuple(_fills(week, lines))
    return Allocation(
        status=part.status if part.status is Status.TIME_LIMIT else Status.FEASIBLE,
        lines=lines,
        fill=fills,
        levels=tuple(_levels(week, remainder, fills, part)),
        cuts=part.cuts,
        unmet=tuple(_unmet(week, remainder, fills, part, language)),
        leftover=tuple(_leftovers(week, past, lines, after)),
    )


def _fills(week: WeekProblem, lines: Iterable[Line]) -> Iterator[Fill]:
    past, given = week.past(), defaultdict[str, Fraction](Fraction)
    for line in lines:
        given[line.household_id] += line.units * week.lots[line.lot_id].unit_meals
    for household in week.households.values():
        before = past[household.id]
        total = before.wanted + household.meals_wanted
        got = min(Fraction(household.meals_wanted), given[household.id])
        if total:
            yield Fill(
                household_id=household.id,
                wanted=household.meals_wanted,
                received=got,
                past_wanted=before.wanted,
                past_received=before.received,
                weight=household.weight,
                level=(before.received + got) / total / household.weight,
            )


def _levels(
    week: WeekProblem, remainder: Remainder, fills: tuple[Fill, ...], part: Allocation
) -> Iterator[Level]:
    """Levels of all households; those that have been served are held by that alone."""
    plain = remainder.problem.households.keys() - _partly(week, remainder)
    for stage in (FLOOR, LEVEL):
        known = {
            name: level
            for level in part.levels
            if level.stage == stage
            for name in level.household_ids
            if name in plain
        }
        groups: dict[Fraction, list[Fill]] = defaultdict(list)
        for fill in fills:
            if stage == LEVEL or fill.wanted > 0:
                groups[_value(week, stage, fill)].append(fill)
        for value in sorted(groups):
            yield _level(week, remainder, stage, value, groups[value], known)


def _partly(week: WeekProblem, remainder: Remainder) -> set[str]:
    """Households whose wish in the rest is only what they have not received yet."""
    homes = remainder.problem.households.values()
    return {h.id for h in homes if h.meals_wanted != week.households[h.id].meals_wanted}


def _value(week: WeekProblem, stage: str, fill: Fill) -> Fraction:
    if stage == LEVEL:
        return fill.level
    return min(fill.received / fill.wanted, week.policy.week_floor)


def _level(
    week: WeekProblem,
    remainder: Remainder,
    stage: str,
    value: Fraction,
    fills: list[Fill],
    known: Mapping[str, Level],
) -> Level:
    """One level: what holds those of the rest, and the served ones that are short."""
    levels = [known[fill.household_id] for fill in fills if fill.household_id in known]
    short = [fill for fill in fills if _is_short(week, stage, fill)]
    caps = {cap for level in levels for cap in level.held_by.caps}
    caps |= {Cap(_why(f), f.household_id) for f in short if f.household_id not in known}
    held = [level.held_by for level in levels]
    bounds = [level.upper_bound for level in levels]
    lots = {remainder.origin_of[lot_id] for one in held for lot_id in one.lot_ids}
    if _partly(week, remainder) & {fill.household_id for fill in short}:
        bounds += [_wish(week, stage, fill) for fill in short]
    return Level(
        stage=stage,
        level=value,
        household_ids=tuple(fill.household_id for fill in fills),
        held_by=HeldBy(
            lot_ids=tuple(sorted(lots)),
            session_ids=tuple(sorted({s for one in held for s in one.session_ids})),
            caps=tuple(sorted((_whole(remainder, cap) for cap in caps), key=_order)),
        )
        if short
        else HeldBy(),
        proof="search" if short else "dual",
        upper_bound=max([value, *bounds]),
    )


def _why(fill: Fill) -> str:
    return SERVED if fill.received else OVER


def _is_short(week: WeekProblem, stage: str, fill: Fill) -> bool:
    share = week.policy.week_floor if stage == FLOOR else Fraction(1)
    return fill.received < share * fill.wanted


def _wish(week: WeekProblem, stage: str, fill: Fill) -> Fraction:
    """Where a household would stand with all it wants."""
    if stage == FLOOR:
        return week.policy.week_floor
    return (fill.past_received + fill.wanted) / (fill.past_wanted + fill.wanted) / fill.weight


def _whole(remainder: Remainder, cap: Cap) -> Cap:
    return replace(cap, id=remainder.origin_of.get(cap.id, cap.id))


def _order(cap: Cap) -> tuple[str, str, str, int]:
    return cap.kind, cap.id, cap.storage, -1 if cap.day is None else cap.day


def _unmet(
    week: WeekProblem,
    remainder: Remainder,
    fills: tuple[Fill, ...],
    part: Allocation,
    language: str,
) -> Iterator[Unmet]:
    """Who is short: the rest's reasons, or that the household has been served."""
    partly = _partly(week, remainder)
    reasons = {u.household_id: u.reasons for u in part.unmet if u.household_id not in partly}
    for fill in fills:
        short = fill.wanted - fill.received
        if short <= 0:
            continue
        known = reasons.get(fill.household_id)
        if known is None:
            params: dict[str, Any] = {"household": fill.household_id}
            text, fix = worded(language, _why(fill), params, week)
            yield Unmet(fill.household_id, short, (Reason(_why(fill), params, text, fix),))
        else:
            yield Unmet(
                fill.household_id,
                short,
                tuple(_told(week, remainder, reason, language) for reason in known),
            )


def _told(week: WeekProblem, remainder: Remainder, reason: Reason, language: str) -> Reason:
    """A reason of the rest in the lots' names of the whole week."""
    params = _named(reason.params, remainder.origin_of)
    if params == dict(reason.params):
        return reason
    text, fix = worded(language, reason.code, params, week)
    return Reason(reason.code, params, text, fix)


def _named(value: Any, origin_of: Mapping[str, str]) -> Any:
    """Plain values with every name of a lot led back to the whole week."""
    if isinstance(value, str):
        return origin_of.get(value, value)
    if isinstance(value, Mapping):
        return {key: _named(item, origin_of) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(item, origin_of) for item in value]
    return value


def _leftovers(
    week: WeekProblem, past: Past, lines: Iterable[Line], after: Iterable[Route]
) -> Iterator[Leftover]:
    """What nobody gets, where it stands when all is driven and handed out; lost units are nowhere."""
    stock = Counter(past.stock)
    for route in after:
        for stop in (stop for trip in route.trips for stop in trip.stops):
            if stop.kind is StopKind.SITE:
                stock.subtract({(load.lot_id, stop.id): load.units for load in stop.load})
                stock.update({(load.lot_id, stop.id): load.units for load in stop.unload})
    for line in lines:
        if line.session_id is not None:
            stock[line.lot_id, week.sessions[line.session_id].site_id] -= line.units
    for line in past.settled:
        if line.session_id is not None:
            stock[line.lot_id, week.sessions[line.session_id].site_id] += line.units
    for (lot_id, site_id), units in sorted(stock.items()):
        if units > 0:
            moved = replace(week.lots[lot_id], site_id=site_id)
            yield Leftover(lot_id, site_id, units, fate_of(week, moved))
