"""Who drives: breaks, hours and the people whom a visit needs (section 5 of the rules)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from logistics.judge.case import Case, Drive, covers
from logistics.judge.driving import service_s
from logistics.judge.words import day_name, finding, when
from logistics.model.errors import Finding
from logistics.model.fleet import Break
from logistics.model.plan import Route


def breaks_kept(case: Case) -> Iterator[Finding]:
    """`break_missing` and `break_worked`: long enough, in its window, without driving or service."""
    for route in case.plan.routes:
        shifts = case.shifts_of.get((route.vehicle_id, route.day), ())
        shift = next((shift for shift in shifts if covers(shift, route)), None)
        if shift is None or shift.break_ is None or not route.trips:
            continue
        where, due, rest = (
            f"Vehicle {route.vehicle_id}, {day_name(route.day)}",
            shift.break_,
            route.rest,
        )
        if (
            rest is None
            or not due.open_s <= rest.start_s <= due.close_s
            or (rest.end_s - rest.start_s < due.rest_s)
        ):
            found = f"{when(rest.start_s)} to {when(rest.end_s)}" if rest else "none"
            message = f"{where}: expected a break {_wanted(due)}, found {found}"
            yield finding("break_missing", message, route.vehicle_id)
            continue
        for begin_s, end_s in _busy(case, route):
            if max(begin_s, rest.start_s) < min(end_s, rest.end_s):
                message = (
                    f"{where}: works {when(begin_s)} to {when(end_s)}, "
                    f"in the break {when(rest.start_s)} to {when(rest.end_s)}"
                )
                yield finding("break_worked", message, route.vehicle_id)
                break


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
