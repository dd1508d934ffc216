"""The case before the judge: problem and plan side by side, indexed once.

Whatever names an unknown thing or moves less than one unit is left out here, after
`references_known` has reported it, so that no later check can stumble over it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from logistics.judge.driven import NOTHING_DRIVEN, Driven
from logistics.judge.words import day_name
from logistics.model.fleet import Shift, Vehicle
from logistics.model.goods import Lot
from logistics.model.people import Past
from logistics.model.plan import Line, Load, Plan, Route, Stop, StopKind, Trip
from logistics.model.problem import Leg, Travel, WeekProblem
from logistics.model.units import SiteKind


class Flow(Enum):
    """How the goods of a lot may travel (section 2 of the rules)."""

    HUB = "loaded where the trip starts"
    COLLECTED = "from the donor to the hub, then like hub stock"
    STRAIGHT = "from where it is to the destination within one trip"


@dataclass(frozen=True, slots=True)
class Drive:
    """One trip of a known vehicle; `number` counts from 1 within the route of that day.

    `shift` is the one in which the route lies, if there is one; trips that are facts lie where they did.
    """

    vehicle: Vehicle
    day: int
    number: int
    trip: Trip
    shift: Shift | None = None

    @property
    def name(self) -> str:
        """`Vehicle V1, Tue, trip 2`."""
        return f"Vehicle {self.vehicle.id}, {day_name(self.day)}, trip {self.number}"

    def is_home(self, stop: Stop) -> bool:
        """Whether the stop is at the vehicle's home site."""
        return stop.kind is StopKind.SITE and stop.id == self.vehicle.home_site_id

    @property
    def loading(self) -> int:
        """Index of the stop at which goods of the hub are loaded: the first, or the next one."""
        stops = self.trip.stops
        return int(len(stops) > 1 and not self.is_home(stops[0]) and self.is_home(stops[1]))

    @property
    def unloading(self) -> int:
        """Index of the stop at which collected goods are unloaded: the last, or the one before."""
        stops, last = self.trip.stops, len(self.trip.stops) - 1
        early = last > 0 and not self.is_home(stops[last]) and self.is_home(stops[last - 1])
        return last - 1 if early else last


@dataclass(frozen=True, slots=True)
class Call:
    """One stop of a drive; `index` counts from 0."""

    drive: Drive
    index: int
    stop: Stop

    @property
    def name(self) -> str:
        """`Vehicle V1, Tue, trip 2, stop 3 (S1)`."""
        return f"{self.drive.name}, stop {self.index + 1} ({self.stop.id})"

    @property
    def is_loading(self) -> bool:
        """Whether goods of the hub may be loaded here."""
        return self.index == self.drive.loading and self.drive.is_home(self.stop)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the checks look at; the mappings hold an entry only where there is something.

    `calls` are the stops of all drives in driving order; `lines_of`, `lines_with` and `lines_at`
    are the sound lines by household, lot and session;
    `given` is meals by household before, `received` after capping at what is wanted; `visits` are
    the stops at each household; `hubs_of` the hubs to which a donor's lot was collected; `driven` are
    facts of a week under way.
    """

    problem: WeekProblem
    travel: Travel
    plan: Plan
    lines: tuple[Line, ...]
    drives: tuple[Drive, ...]
    calls: tuple[Call, ...]
    lines_of: Mapping[str, list[Line]]
    lines_with: Mapping[str, list[Line]]
    lines_at: Mapping[str, list[Line]]
    given: Mapping[str, Fraction]
    received: Mapping[str, Fraction]
    past: Mapping[str, Past]
    visits: Mapping[str, list[Call]]
    flows: Mapping[str, Flow]
    hubs_of: Mapping[str, set[str]]
    shifts_of: Mapping[tuple[str, int], list[Shift]]
    driven: Driven = NOTHING_DRIVEN

    def taken(self, lot_id: str) -> int:
        """Units of a lot that lines hand out."""
        return sum(line.units for line in self.lines_with.get(lot_id, ()))

    def is_fact(self, drive: Drive) -> bool:
        """Whether a trip was driven before the plan was made anew."""
        return drive.number <= self.driven.trips(drive.vehicle.id, drive.day)

    def counts(self, household_id: str) -> bool:
        """Whether the household wants or wanted anything; the others are left out of all numbers."""
        wanted = self.problem.households[household_id].meals_wanted
        return wanted + self.past[household_id].wanted > 0

    def leg(self, start_id: str, end_id: str) -> Leg | None:
        """The leg between two places, nothing where the table has none; staying costs nothing."""
        leg = self.travel.get((start_id, end_id))
        if leg is None and start_id == end_id:
            return Leg(0, 0)
        return leg if leg is not None and min(leg.metres, leg.seconds) >= 0 else None

    def knows_place(self, stop: Stop) -> bool:
        """Whether the stop is at a site or household of the week."""
        known = self.problem.sites if stop.kind is StopKind.SITE else self.problem.households
        return stop.id in known


def open_case(
    problem: WeekProblem, travel: Travel, plan: Plan, driven: Driven = NOTHING_DRIVEN
) -> Case:
    """Index a plan for the checks, in time and memory linear in its size."""
    lines = tuple(line for line in plan.allocation.lines if is_sound(problem, line))
    shifts_of = _shifts_of(problem)
    drives = tuple(_drives(problem, plan, shifts_of, driven))
    calls = tuple(
        Call(drive, index, stop) for drive in drives for index, stop in enumerate(drive.trip.stops)
    )
    flows = {lot.id: flow for lot, flow in _flows(problem)}
    lines_of, lines_with, lines_at = _group_lines(lines)
    given = {
        household_id: sum(
            (line.units * problem.lots[line.lot_id].unit_meals for line in lines_of[household_id]),
            Fraction(0),
        )
        for household_id in lines_of
    }
    received = {
        household.id: min(Fraction(household.meals_wanted), given.get(household.id, Fraction(0)))
        for household in problem.households.values()
    }
    visits: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        if call.stop.kind is StopKind.HOUSEHOLD and call.stop.id in problem.households:
            visits[call.stop.id].append(call)
    return Case(
        problem=problem,
        travel=travel,
        plan=plan,
        lines=lines,
        drives=drives,
        calls=calls,
        lines_of=lines_of,
        lines_with=lines_with,
        lines_at=lines_at,
        given=given,
        received=received,
        past=problem.past(),
        visits=dict(visits),
        flows=flows,
        hubs_of=_hubs_of(problem, calls, flows),
        shifts_of=shifts_of,
        driven=driven,
    )


def is_sound(problem: WeekProblem, line: Line) -> bool:
    """Whether a line names known things and hands out at least one unit."""
    return (
        line.household_id in problem.households
        and line.lot_id in problem.lots
        and (line.session_id is None or line.session_id in problem.sessions)
        and line.units >= 1
    )


def _group_lines(
    lines: Iterable[Line],
) -> tuple[dict[str, list[Line]], dict[str, list[Line]], dict[str, list[Line]]]:
    """Lines by household, by lot, by session."""
    by_household: dict[str, list[Line]] = defaultdict(list)
    by_lot: dict[str, list[Line]] = defaultdict(list)
    by_session: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_household[line.household_id].append(line)
        by_lot[line.lot_id].append(line)
        if line.session_id is not None:
            by_session[line.session_id].append(line)
    return dict(by_household), dict(by_lot), dict(by_session)


def covers(shift: Shift, route: Route) -> bool:
    """Whether a route lies within a shift."""
    return all(
        shift.start_s <= stop.arrive_s and stop.leave_s <= shift.end_s
        for trip in route.trips
        for stop in trip.stops
    )


def _drives(
    problem: WeekProblem,
    plan: Plan,
    shifts_of: Mapping[tuple[str, int], list[Shift]],
    driven: Driven,
) -> Iterator[Drive]:
    def sound(loads: tuple[Load, ...]) -> tuple[Load, ...]:
        return tuple(load for load in loads if load.lot_id in problem.lots and load.units >= 1)

    for route in plan.routes:
        vehicle = problem.vehicles.get(route.vehicle_id)
        if vehicle is None:
            continue
        shifts, ahead = shifts_of.get((route.vehicle_id, route.day), ()), driven.ahead(route)
        shift = next((shift for shift in shifts if covers(shift, ahead)), None)
        for number, trip in enumerate(route.trips, start=1):
            stops = tuple(
                replace(stop, load=sound(stop.load), unload=sound(stop.unload))
                for stop in trip.stops
            )
            yield Drive(vehicle, route.day, number, replace(trip, stops=stops), shift)


def _flows(problem: WeekProblem) -> Iterator[tuple[Lot, Flow]]:
    homes = {vehicle.home_site_id for vehicle in problem.vehicles.values()}
    for lot in problem.lots.values():
        kind = problem.sites[lot.site_id].kind
        if not lot.is_cooked and kind is SiteKind.DONOR:
            yield lot, Flow.COLLECTED
        elif not lot.is_cooked and lot.site_id in homes:
            yield lot, Flow.HUB
        else:
            yield lot, Flow.STRAIGHT


def _hubs_of(
    problem: WeekProblem, calls: Iterable[Call], flows: Mapping[str, Flow]
) -> dict[str, set[str]]:
    hubs: dict[str, set[str]] = defaultdict(set)
    for call in calls:
        for load in call.stop.load:
            lot = problem.lots[load.lot_id]
            if flows[lot.id] is Flow.COLLECTED and call.stop.id == lot.site_id:
                hubs[lot.id].add(call.drive.vehicle.home_site_id)
    return dict(hubs)


def _shifts_of(problem: WeekProblem) -> dict[tuple[str, int], list[Shift]]:
    shifts: dict[tuple[str, int], list[Shift]] = defaultdict(list)
    for shift in problem.shifts:
        shifts[shift.vehicle_id, shift.day].append(shift)
    return dict(shifts)
