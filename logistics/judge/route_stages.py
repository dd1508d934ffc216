"""What stages say of a day's routes, counted again from the routes (section 6 of the rules)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from logistics.judge.case import Case, Drive
from logistics.judge.driving import trip_metres, trip_seconds
from logistics.judge.words import day_name, finding
from logistics.model.errors import Finding
from logistics.model.people import Household

SECOND, STRANGER, LANGUAGE = 2, 3_000, 5_000
"""What a second of driving, a visit by nobody who came last, and one by nobody who speaks the language
count, in metres (section 5)."""

HOME_LANGUAGE = "ja"


def route_stages_true(case: Case) -> Iterator[Finding]:
    """`stage_routes`: `vehicles`, `driving` and `balance` of a day are those of its routes.

    Their bounds are from below, so none may be above its value.
    """
    for stage in case.plan.stages:
        name, _, number = stage.name.partition(" ")
        counted = COUNTED.get(name)
        if counted is None or not number.isdecimal() or len(number) > 2:
            continue
        where = f"Stage {name}, {day_name(int(number))}"
        expected = counted(case, int(number))
        if expected is not None and stage.objective != expected:
            message = f"{where}: expected {expected}, found {stage.objective}"
            yield finding("stage_routes", message)
        elif stage.bound is not None and stage.objective is not None:
            message = f"{where}: a bound of {stage.bound} above the value {stage.objective}"
            yield from () if stage.bound <= stage.objective else (finding("stage_routes", message),)


def _vehicles(case: Case, day: int) -> int:
    return len({drive.vehicle.id for drive in _drives(case, day)})


def _driving(case: Case, day: int) -> int | None:
    """Metres and seconds of a day's trips with what visits count; `None` if a leg is not known."""
    total = 0
    for drive in _drives(case, day):
        metres = trip_metres(case, drive)
        if metres is None:
            return None
        total += metres + SECOND * trip_seconds(drive)
    for household_id, calls in case.visits.items():
        household = case.problem.households[household_id]
        for call in calls:
            if call.drive.day == day:
                total += _unlike(case, household, _crew(case, call.drive), day)
    return total


def _longest(case: Case, day: int) -> int:
    """The longest work of a day's routes; named people begin with what they drive on other days."""
    of_route: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for drive in case.drives:
        if drive.day == day:
            of_route[drive.vehicle.id] += trip_seconds(drive)
        else:
            for name in set(_crew(case, drive)):
                before[name] += trip_seconds(drive)
    works = [0]
    for route in case.plan.routes:
        if route.day == day and route.vehicle_id in of_route:
            held = max((before[name] for name in route.volunteer_ids), default=0)
            works.append(of_route[route.vehicle_id] + held)
    return max(works)


COUNTED: Mapping[str, Callable[[Case, int], int | None]] = MappingProxyType(
    {"vehicles": _vehicles, "driving": _driving, "balance": _longest}
)
"""Stages of a day that are counted again, by the first word of their names."""


def _drives(case: Case, day: int) -> Iterator[Drive]:
    return (drive for drive in case.drives if drive.day == day)


def _crew(case: Case, drive: Drive) -> tuple[str, ...]:
    """Who drives a trip."""
    named = (
        route.volunteer_ids
        for route in case.plan.routes
        if (route.vehicle_id, route.day) == (drive.vehicle.id, drive.day)
    )
    return next(named, ())


def _unlike(case: Case, household: Household, crew: tuple[str, ...], day: int) -> int:
    """What a visit counts more for who makes it; of the day's visits those that this crew may make."""
    people = [case.problem.volunteers[n] for n in crew if n in case.problem.volunteers]
    held = {""}.union(*(person.qualifications for person in people))
    last = {
        name
        for visit in household.visits_on(day)
        if visit.crew <= max(1, len(crew)) and visit.qualification in held
        for name in visit.last_visitor_ids
    }
    spoken = {language for person in people for language in person.languages} or {HOME_LANGUAGE}
    cost = STRANGER if last and not last & set(crew) else 0
    return cost + (LANGUAGE if household.language not in spoken else 0)
