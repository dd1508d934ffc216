"""Shifts, clocks, hours and visits (section 5 of the rules); what is on board is in `cargo`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from logistics.judge.case import Call, Case, Drive, covers
from logistics.judge.words import day_name, differs, finding, show, when
from logistics.model.errors import Finding
from logistics.model.plan import Route, Stop, StopKind
from logistics.model.units import DAY_S


def routes_single(case: Case) -> Iterator[Finding]:
    """`route_twice`: a route is one vehicle's one day."""
    seen = set()
    for route in case.plan.routes:
        key = (route.vehicle_id, route.day)
        if key in seen:
            message = f"Vehicle {route.vehicle_id} has another route on {day_name(route.day)}"
            yield finding("route_twice", message, route.vehicle_id)
        seen.add(key)


def shifts_kept(case: Case) -> Iterator[Finding]:
    """`outside_shift` and `unknown_volunteer`: each route lies in one shift, with its people.

    Trips that are facts, and who drove them, stand whatever the shifts are now.
    """
    for route in case.plan.routes:
        if route.vehicle_id not in case.problem.vehicles:
            continue
        where = f"Vehicle {route.vehicle_id}, {day_name(route.day)}"
        shifts = case.shifts_of.get((route.vehicle_id, route.day), [])
        facts = case.driven.routes.get((route.vehicle_id, route.day))
        ahead = case.driven.ahead(route)
        fitting = [shift for shift in shifts if covers(shift, ahead)]
        if not fitting and (ahead.trips or not facts):
            hours = ", ".join(f"{when(s.start_s)} to {when(s.end_s)}" for s in shifts) or "no shift"
            message = f"{where}: expected within {hours}, found {_hours(ahead)}"
            yield finding("outside_shift", message, route.vehicle_id)
        crew = {name for shift in fitting or shifts for name in shift.volunteer_ids}
        crew |= set(facts.volunteer_ids if facts else ())
        for name in sorted(set(route.volunteer_ids) - crew):
            message = f"{where}: {name!r} is not on this shift"
            yield finding("unknown_volunteer", message, name)


def _hours(route: Route) -> str:
    stops = [stop for trip in route.trips for stop in trip.stops]
    if not stops:
        return "no stops"
    first, last = min(stop.arrive_s for stop in stops), max(stop.leave_s for stop in stops)
    return f"{when(first)} to {when(last)}"


def trips_from_home(case: Case) -> Iterator[Finding]:
    """`trip_not_home` and `first_stop`: from home to home, the clock starts with the first service.

    A shift's own start and end count for its first and its last trip. A trip begins where the one
    before ended, so that a vehicle which has ended elsewhere may go on from there. Trips that are
    facts are held to what was driven (`driven_changed`) and not to this.
    """
    trips = {(route.vehicle_id, route.day): len(route.trips) for route in case.plan.routes}
    ended = ""
    for drive in case.drives:
        stops, home, shift = drive.trip.stops, drive.vehicle.home_site_id, drive.shift
        if case.is_fact(drive):
            ended = stops[-1].id if stops else home
            continue
        ends = {home, shift.end_id or home} if shift else {home}
        if drive.number == trips[drive.vehicle.id, drive.day]:
            ends = {(shift.end_id if shift else None) or home}
        if drive.number == 1:
            ended = (shift.start_id if shift else None) or home
        if len(stops) < 2 or not _goes(stops[0], {ended}) or not _goes(stops[-1], ends):
            found = f"{stops[0].id} to {stops[-1].id}" if stops else "no stops"
            aim = " or ".join(sorted(ends))
            message = f"{drive.name}: expected from {ended} to {aim}, found {found}"
            yield finding("trip_not_home", message, drive.vehicle.id)
        ended = stops[-1].id if len(stops) > 1 and _goes(stops[-1], ends) else home
        if stops and stops[0].arrive_s != stops[0].start_s:
            arrive, start = when(stops[0].arrive_s), when(stops[0].start_s)
            message = f"{drive.name}: expected to start at {arrive}, found {start}"
            yield finding("first_stop", message, drive.vehicle.id)


def _goes(stop: Stop, site_ids: set[str]) -> bool:
    """Whether a stop is at one of the sites."""
    return stop.kind is StopKind.SITE and stop.id in site_ids


def trips_in_turn(case: Case) -> Iterator[Finding]:
    """`trips_overlap`: a trip starts when the one before has ended, or later."""
    driven = [drive for drive in case.drives if drive.trip.stops]
    for before, after in pairwise(driven):
        if (before.vehicle.id, before.day) != (after.vehicle.id, after.day):
            continue
        ended_s, begins_s = before.trip.stops[-1].leave_s, after.trip.stops[0].arrive_s
        if begins_s < ended_s:
            message = f"{after.name}: expected from {when(ended_s)} on, found {when(begins_s)}"
            yield finding("trips_overlap", message, after.vehicle.id)


def legs_kept(case: Case) -> Iterator[Finding]:
    """`leg_missing`, `leg_differs`: every leg driven is in the table, and agrees with the week's own."""
    for start_id, end_id in sorted(_legs_driven(case)):
        leg, own = case.leg(start_id, end_id), case.problem.legs.get((start_id, end_id))
        if leg is None:
            message = f"Leg from {start_id} to {end_id}: the travel table has none"
            yield finding("leg_missing", message, start_id, end_id)
        elif own is not None and own != leg:
            message = (
                f"Leg from {start_id} to {end_id}: expected {own.metres} m, {own.seconds} s, "
                f"found {leg.metres} m, {leg.seconds} s"
            )
            yield finding("leg_differs", message, start_id, end_id)


def _legs_driven(case: Case) -> set[tuple[str, str]]:
    return {
        (before.id, after.id)
        for drive in case.drives
        for before, after in pairwise(drive.trip.stops)
        if case.knows_place(before) and case.knows_place(after)
    }


def arrivals_kept(case: Case) -> Iterator[Finding]:
    """`arrival_time`: each arrival is the departure before plus the travel time."""
    for drive in case.drives:
        for index, (before, after) in enumerate(pairwise(drive.trip.stops), start=1):
            leg = case.leg(before.id, after.id)
            if leg is None:
                continue
            arrive_s = before.leave_s + leg.seconds
            if after.arrive_s != arrive_s:
                message = (
                    f"{Call(drive, index, after).name}: expected {when(arrive_s)}, "
                    f"found {when(after.arrive_s)}"
                )
                yield finding("arrival_time", message, drive.vehicle.id, after.id)


def services_kept(case: Case) -> Iterator[Finding]:
    """`start_early` and `service_short`: first arrive, then serve as long as it takes."""
    for call in case.calls:
        stop = call.stop
        if stop.start_s < stop.arrive_s:
            message = f"{call.name}: arrives {when(stop.arrive_s)}, starts {when(stop.start_s)}"
            yield finding("start_early", message, call.drive.vehicle.id, stop.id)
        needed_s = service_s(case, stop)
        if stop.leave_s - stop.start_s < needed_s:
            message = (
                f"{call.name}: expected {needed_s} s of service, "
                f"found {show(stop.leave_s - stop.start_s)} s"
            )
            yield finding("service_short", message, call.drive.vehicle.id, stop.id)


def service_s(case: Case, stop: Stop) -> int:
    """Seconds that the work at a stop takes."""
    if stop.kind is StopKind.HOUSEHOLD:
        household = case.problem.households.get(stop.id)
        return household.visit.service_s if household and household.visit else 0
    site = case.problem.sites.get(stop.id)
    return site.dock_s if site and (stop.load or stop.unload) else 0


def receiving_kept(case: Case) -> Iterator[Finding]:
    """`receive_hours`: goods move while the site receives, except at the vehicle's own home."""
    for call in case.calls:
        stop = call.stop
        site = case.problem.sites.get(stop.id) if stop.kind is StopKind.SITE else None
        if site is None or call.drive.is_home(stop) or not (stop.load or stop.unload):
            continue
        open_s = call.drive.day * DAY_S + site.receive_open_s
        close_s = call.drive.day * DAY_S + site.receive_close_s
        if stop.start_s < open_s or stop.leave_s > close_s:
            message = (
                f"{call.name}: expected within {when(open_s)} to {when(close_s)}, "
                f"found {when(stop.start_s)} to {when(stop.leave_s)}"
            )
            yield finding("receive_hours", message, site.id, call.drive.vehicle.id)


def visits_kept(case: Case) -> Iterator[Finding]:
    """`window_missed`, `visited_twice`, `not_visited`, `visit_goods`, `loaded_at_door`."""
    for household_id, calls in case.visits.items():
        visits = case.problem.households[household_id].visits
        if len(calls) > 1:
            message = f"Household {household_id}: expected 1 visit, found {len(calls)}"
            yield finding("visited_twice", message, household_id)
        for call in calls:
            start_s = call.stop.start_s
            if visits and not any(v.open_s <= start_s <= v.close_s for v in visits):
                windows = " or ".join(f"{when(v.open_s)} to {when(v.close_s)}" for v in visits)
                message = f"{call.name}: expected within {windows}, found {when(start_s)}"
                yield finding("window_missed", message, household_id)
            if call.stop.load:
                message = f"{call.name}: nothing is loaded at a household's door"
                yield finding("loaded_at_door", message, household_id)
    for household_id in sorted(case.visits.keys() | case.lines_of.keys()):
        yield from _door_gets_its_lines(case, household_id)


def _door_gets_its_lines(case: Case, household_id: str) -> Iterator[Finding]:
    expected: Counter[str] = Counter()
    for line in case.lines_of.get(household_id, ()):
        if line.session_id is None:
            expected[line.lot_id] += line.units
    calls = case.visits.get(household_id, ())
    if expected and not calls:
        message = f"Household {household_id}: gets {len(expected)} lot(s) at its door, no visit"
        yield finding("not_visited", message, household_id)
        return
    found: Counter[str] = Counter()
    for call in calls:
        for load in call.stop.unload:
            found[load.lot_id] += load.units
    for lot_id in sorted(expected.keys() | found.keys()):
        if expected[lot_id] != found[lot_id]:
            what = f"Door of {household_id}, lot {lot_id}"
            message = differs(what, expected[lot_id], found[lot_id])
            yield finding("visit_goods", message, household_id, lot_id)


def trip_numbers_true(case: Case) -> Iterator[Finding]:
    """`trip_metres` and `trip_seconds`: as the legs and stops add up."""
    for drive in case.drives:
        metres = trip_metres(case, drive)
        if metres is not None and metres != drive.trip.metres:
            message = differs(f"{drive.name}, metres", metres, drive.trip.metres)
            yield finding("trip_metres", message, drive.vehicle.id)
        seconds = trip_seconds(drive)
        if seconds != drive.trip.seconds:
            message = differs(f"{drive.name}, seconds", seconds, drive.trip.seconds)
            yield finding("trip_seconds", message, drive.vehicle.id)


def trip_metres(case: Case, drive: Drive) -> int | None:
    """Metres of a trip: the sum of its legs; `None` if the travel table lacks one of them."""
    metres = 0
    for before, after in pairwise(drive.trip.stops):
        leg = case.leg(before.id, after.id)
        if leg is None:
            return None
        metres += leg.metres
    return metres


def trip_seconds(drive: Drive) -> int:
    """Seconds of a trip: leaving the last stop less arriving at the first."""
    stops = drive.trip.stops
    return stops[-1].leave_s - stops[0].arrive_s if stops else 0
