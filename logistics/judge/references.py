"""Does everything the plan names exist, and is it for this week?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from logistics.judge.case import Case
from logistics.judge.words import finding, show
from logistics.model.errors import Finding
from logistics.model.plan import Level, Load, StopKind
from logistics.model.units import WEEK_DAYS, Storage


def digest_kept(case: Case) -> Iterator[Finding]:
    """The plan was made from exactly these data."""
    expected, found = case.problem.digest, case.plan.problem_digest
    if expected != found:
        yield finding("digest", f"problem_digest: expected {expected!r}, found {found!r}")


def lines_known(case: Case) -> Iterator[Finding]:
    """Lines name known things, hand out at least one unit, and no handout is listed twice."""
    problem, seen = case.problem, set()
    for number, line in enumerate(case.plan.allocation.lines, start=1):
        where = f"Line {number}"
        yield from _known(where, "household", problem.households, line.household_id)
        yield from _known(where, "lot", problem.lots, line.lot_id)
        if line.session_id is not None:
            yield from _known(where, "session", problem.sessions, line.session_id)
        if line.units < 1:
            message = f"{where}: expected 1 unit or more of {line.lot_id}, found {show(line.units)}"
            yield finding("bad_units", message, line.household_id, line.lot_id)
        key = (line.household_id, line.lot_id, line.session_id, line.day)
        if key in seen:
            message = f"{where}: {line.lot_id} for {line.household_id} is listed more than once"
            yield finding("duplicate_line", message, line.household_id, line.lot_id)
        seen.add(key)


def tables_known(case: Case) -> Iterator[Finding]:
    """The tables of results name known households, lots and sites."""
    problem, allocation = case.problem, case.plan.allocation
    for fill in allocation.fill:
        yield from _known("fill", "household", problem.households, fill.household_id)
    for unmet in allocation.unmet:
        yield from _known("unmet", "household", problem.households, unmet.household_id)
    for left in allocation.leftover:
        yield from _known("leftover", "lot", problem.lots, left.lot_id)
        yield from _known("leftover", "site", problem.sites, left.site_id)


def levels_known(case: Case) -> Iterator[Finding]:
    """Levels name known households, and known lots, sessions, vehicles and capacities as scarce."""
    problem = case.problem
    capped = (problem.sites, problem.sessions, problem.vehicles, problem.households, problem.lots)
    for level in case.plan.allocation.levels:
        where = f"Level {show(level.level)} of stage {level.stage}"
        held = level.held_by
        yield from _all_known(where, "household", problem.households, level.household_ids)
        yield from _all_known(where, "lot", problem.lots, held.lot_ids)
        yield from _all_known(where, "session", problem.sessions, held.session_ids)
        yield from _all_known(where, "vehicle", problem.vehicles, held.vehicle_ids)
        yield from _caps_known(where, level, capped)


def routes_known(case: Case) -> Iterator[Finding]:
    """Routes name known vehicles, places and lots, and move at least one unit at a time."""
    problem = case.problem
    for route in case.plan.routes:
        yield from _known("Route", "vehicle", problem.vehicles, route.vehicle_id)
        for number, trip in enumerate(route.trips, start=1):
            for place, stop in enumerate(trip.stops, start=1):
                where = f"Vehicle {route.vehicle_id}, trip {number}, stop {place}"
                if stop.kind is StopKind.SITE:
                    yield from _known(where, "site", problem.sites, stop.id)
                else:
                    yield from _known(where, "household", problem.households, stop.id)
                yield from _loads_known(where, case, (*stop.load, *stop.unload))


def _loads_known(where: str, case: Case, loads: Iterable[Load]) -> Iterator[Finding]:
    for load in loads:
        yield from _known(where, "lot", case.problem.lots, load.lot_id)
        if load.units < 1:
            message = f"{where}: expected 1 unit or more of {load.lot_id}, found {show(load.units)}"
            yield finding("bad_units", message, load.lot_id)


def _caps_known(where: str, level: Level, capped: Iterable[Collection[str]]) -> Iterator[Finding]:
    for cap in level.held_by.caps:
        known_id = any(cap.id in known for known in capped)
        known_class = not cap.storage or cap.storage in tuple(Storage)
        if not (known_id and known_class and (cap.day is None or 0 <= cap.day < WEEK_DAYS)):
            name = f"{cap.kind} {cap.id} {cap.storage} day {show(cap.day)}"
            yield finding("unknown_cap", f"{where}: the week has no capacity {name}", cap.id)


def _all_known(
    where: str, noun: str, known: Collection[str], ids: Iterable[str]
) -> Iterator[Finding]:
    for name in ids:
        yield from _known(where, noun, known, name)


def _known(where: str, noun: str, known: Collection[str], name: str) -> Iterator[Finding]:
    if name not in known:
        yield finding(f"unknown_{noun}", f"{where}: the week has no {noun} {name!r}", name)
