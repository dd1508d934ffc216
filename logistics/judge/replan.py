"""The judge of a plan made anew: what was driven stands in it unchanged, and every rule is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from logistics.judge.case import Case, open_case
from logistics.judge.driven import driven_by
from logistics.judge.verdict import CHECKS
from logistics.judge.words import day_name, finding, show, when
from logistics.model.errors import Finding
from logistics.model.events import Event, changed_week
from logistics.model.plan import Plan
from logistics.model.problem import Travel, WeekProblem


def verify_replan(
    problem: WeekProblem,
    published: Plan,
    travel: Travel,
    plan: Plan,
    events: Iterable[Event],
    now_s: int,
) -> list[Finding]:
    """Everything that is wrong with a plan that replaces a published one; none is acceptance.

    Args:
        problem: the week before the events.
        published: the plan that was in force until now, itself accepted.
        travel: every leg that either plan drives.
        plan: the new plan of the whole week.
        events: everything that has happened in the week so far.
        now_s: what began by then is a fact.
    """
    events = tuple(events)
    driven = driven_by(problem, travel, published, events, now_s)
    served = {line.household_id for line in driven.settled}
    case = open_case(changed_week(problem, events, served), travel, plan, driven)
    checks = (*PAST_CHECKS, *CHECKS)
    return [found for check in checks for found in check(case)]


def trips_stand(case: Case) -> Iterator[Finding]:
    """`driven_changed`: each vehicle's day begins with exactly the trips that were driven, and breaks
    that had begun stay."""
    routes = {(route.vehicle_id, route.day): route for route in case.plan.routes}
    for (vehicle_id, day), fact in case.driven.routes.items():
        route = routes.get((vehicle_id, day))
        trips = route.trips[: len(fact.trips)] if route else ()
        if trips != fact.trips:
            message = (
                f"Vehicle {vehicle_id}, {day_name(day)}: a trip that was driven is not as it was"
            )
            yield finding("driven_changed", message, vehicle_id)
    for (vehicle_id, day), rest in case.driven.rests.items():
        route = routes.get((vehicle_id, day))
        if route and route.trips and route.rest != rest:
            found = when(route.rest.start_s) if route.rest else "none"
            message = (
                f"Vehicle {vehicle_id}, {day_name(day)}: the break had begun {when(rest.start_s)}, "
                f"found {found}"
            )
            yield finding("driven_changed", message, vehicle_id)


def handouts_stand(case: Case) -> Iterator[Finding]:
    """`handed_out_changed`: what was handed out at a session or door is there, and nothing else."""
    for place, expected, found in _handouts(case):
        for household_id, lot_id in sorted(expected.keys() | found.keys()):
            had, has = expected[household_id, lot_id], found[household_id, lot_id]
            if had != has:
                message = (
                    f"{place}: {household_id} has had {show(had)} of {lot_id}, found {show(has)}"
                )
                yield finding("handed_out_changed", message, household_id, lot_id)


Handout = Counter[tuple[str, str]]


def _handouts(case: Case) -> Iterator[tuple[str, Handout, Handout]]:
    """Name of a session or door that is over, what was handed out there, what the plan says."""
    driven = case.driven
    for session_id in sorted(driven.session_ids):
        lines = [line for line in driven.settled if line.session_id == session_id]
        expected = Counter({(line.household_id, line.lot_id): line.units for line in lines})
        found: Handout = Counter()
        for line in case.lines_at.get(session_id, ()):
            found[line.household_id, line.lot_id] += line.units
        yield f"Session {session_id}", expected, found
    for door in sorted(driven.doors):
        expected, found = Counter(), Counter()
        for line in driven.settled:
            if line.session_id is None and line.household_id == door:
                expected[door, line.lot_id] += line.units
        for line in case.lines_of.get(door, ()):
            if line.session_id is None:
                found[door, line.lot_id] += line.units
        yield f"Door of {door}", expected, found


def rest_is_ahead(case: Case) -> Iterator[Finding]:
    """`driven_in_past`: whatever is not a fact begins from now on, and not with a stranded car."""
    for drive in case.drives:
        key = drive.vehicle.id, drive.day
        if drive.number <= case.driven.trips(*key) or not drive.trip.stops:
            continue
        start_s = drive.trip.stops[0].arrive_s
        if start_s < case.driven.now_s:
            message = f"{drive.name}: it is {when(case.driven.now_s)}, found {when(start_s)}"
            yield finding("driven_in_past", message, drive.vehicle.id)
        if key in case.driven.cut:
            message = f"{drive.name}: the car broke down on the road that day"
            yield finding("driven_in_past", message, drive.vehicle.id)


PAST_CHECKS = (trips_stand, handouts_stand, rest_is_ahead)
"""What only a plan made anew must keep, beside all of `CHECKS`."""
