"""Who drives: breaks, hours and the people whom a visit needs (section 5 of the rules)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from logistics.judge.case import Case, Drive, covers
from logistics.judge.driving import service_s
from logistics.judge.words import day_name, finding, show, when
from logistics.model.errors import Finding
from logistics.model.fleet import Break
from logistics.model.people import Visit
from logistics.model.plan import Route


def breaks_kept(case: Case) -> Iterator[Finding]:
    """`break_missing` and `break_worked`: long enough, in its window, without driving or service.

    Of a day under way what is ahead is held to its shift; a break that had begun counts.
    """
    for route in case.plan.routes:
        key, ahead = (route.vehicle_id, route.day), case.driven.ahead(route)
        shifts = case.shifts_of.get(key, ())
        shift = next((shift for shift in shifts if covers(shift, ahead)), None)
        if shift is None or shift.break_ is None or not ahead.trips:
            continue
        where, due, rest = (
            f"Vehicle {route.vehicle_id}, {day_name(route.day)}",
            shift.break_,
            route.rest,
        )
        taken = case.driven.rests.get(key)  # `driven_changed` if it is another one now
        if taken is None and (
            rest is None
            or not due.open_s <= rest.start_s <= due.close_s
            or (rest.end_s - rest.start_s < due.rest_s)
        ):
            found = f"{when(rest.start_s)} to {when(rest.end_s)}" if rest else "none"
            message = f"{where}: expected a break {_wanted(due)}, found {found}"
            yield finding("break_missing", message, route.vehicle_id)
            continue
        for begin_s, end_s in _busy(case, route) if rest else ():
            assert rest is not None
            if max(begin_s, rest.start_s) < min(end_s, rest.end_s):
                message = (
                    f"{where}: works {when(begin_s)} to {when(end_s)}, "
                    f"in the break {when(rest.start_s)} to {when(rest.end_s)}"
                )
                yield finding("break_worked", message, route.vehicle_id)
                break


def crews_kept(case: Case) -> Iterator[Finding]:
    """`crew_short` and `not_qualified`: of the visits whose window is kept, one has its people."""
    crew_of = {(route.vehicle_id, route.day): route.volunteer_ids for route in case.plan.routes}
    for household_id, calls in case.visits.items():
        for call in calls:
            start_s = call.stop.start_s
            visits = [
                visit
                for visit in case.problem.households[household_id].visits
                if visit.open_s <= start_s <= visit.close_s
            ]
            crew = crew_of[call.drive.vehicle.id, call.drive.day]
            enough = [visit for visit in visits if visit.crew <= max(1, len(set(crew)))]
            if visits and not enough:
                least = min(visit.crew for visit in visits)
                message = f"{call.name}: expected {least} people, found {max(1, len(set(crew)))}"
                yield finding("crew_short", message, household_id, call.drive.vehicle.id)
            elif enough and not any(_is_qualified(case, crew, visit) for visit in enough):
                needed = " or ".join(sorted({visit.qualification for visit in enough}))
                message = f"{call.name}: expected somebody with {needed}, found {', '.join(crew)}"
                yield finding("not_qualified", message, household_id, call.drive.vehicle.id)


def _is_qualified(case: Case, crew: Iterable[str], visit: Visit) -> bool:
    known = (case.problem.volunteers.get(name) for name in crew)
    return not visit.qualification or any(
        volunteer is not None and visit.qualification in volunteer.qualifications
        for volunteer in known
    )


def hours_kept(case: Case) -> Iterator[Finding]:
    """`hours_exceeded`: the trips of a volunteer's week take no more than their hours."""
    seconds: Counter[str] = Counter()
    for route in case.plan.routes:
        stops = [trip.stops for trip in route.trips if trip.stops]
        took_s = sum(stop[-1].leave_s - stop[0].arrive_s for stop in stops)
        for name in set(route.volunteer_ids):
            seconds[name] += took_s
    for name, took_s in sorted(seconds.items()):
        volunteer = case.problem.volunteers.get(name)
        limit_s = None if volunteer is None else volunteer.work_s_max
        if limit_s is not None and took_s > limit_s:
            message = f"{name}: expected at most {limit_s} s of trips, found {show(took_s)} s"
            yield finding("hours_exceeded", message, name)


def _wanted(due: Break) -> str:
    return f"of {due.rest_s} s that begins {when(due.open_s)} to {when(due.close_s)}"


def _busy(case: Case, route: Route) -> Iterator[tuple[int, int]]:
    """When a route drives or serves."""
    for drive in case.drives:
        if (drive.vehicle.id, drive.day) != (route.vehicle_id, route.day):
            continue
        yield from _worked(case, drive)


def _worked(case: Case, drive: Drive) -> Iterator[tuple[int, int]]:
    for stop in drive.trip.stops:
        yield stop.start_s, stop.start_s + service_s(case, stop)
    for before, after in pairwise(drive.trip.stops):
        yield before.leave_s, after.arrive_s
