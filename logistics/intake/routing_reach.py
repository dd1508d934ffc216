"""Which visits no vehicle can make in time, whatever the route."""

from __future__ import annotations

from logistics.intake.routing_parts import Raw
from logistics.intake.routing_report import RoutingReport
from logistics.model.routing import FOREVER, MUST, Convention, RoutingProblem


def check_reach(raw: Raw, problem: RoutingProblem, report: RoutingReport) -> None:
    """Findings on visits and drops that are too late by the direct way, or too late to come home.

    That is proof where no detour is quicker. Straight lines rounded upwards keep the triangle
    inequality; rounded otherwise they break it by one unit a stop at most, which a stop that takes
    one unit of service or more costs again. Elsewhere the finding is a warning.
    """
    if "close" not in raw.fields:
        return
    sure = not problem.distance and (
        problem.convention is Convention.SINTEF
        or min(problem.service_s[i] for i in problem.visits) >= 1
    )
    pickup_of = {drop: pickup for pickup, drop in problem.pairs}
    starts: dict[int, int] = {}
    for i in problem.visits:
        starts[i] = _start_s(problem, i)
    for i in problem.visits:
        start_s = starts[i]
        if i in pickup_of:
            pickup = pickup_of[i]
            ready_s = starts[pickup] + problem.service_s[pickup]
            start_s = max(start_s, ready_s + problem.drive_s(pickup, i))
        _check(raw, problem, i, start_s, sure, report)


def _start_s(problem: RoutingProblem, i: int) -> int:
    """When visit *i* can start at the earliest, straight from the depot."""
    (fleet,) = problem.vehicles
    leave_s = max(fleet.open_s, problem.release_s[i])
    return int(max(leave_s + problem.drive_s(fleet.start, i), problem.open_s[i]))


def _check(
    raw: Raw, problem: RoutingProblem, i: int, start_s: int, sure: bool, report: RoutingReport
) -> None:
    (fleet,) = problem.vehicles
    back_s = start_s + problem.service_s[i] + problem.drive_s(i, fleet.end)
    if start_s > problem.close_s[i]:
        code, found_s, limit_s = "unreachable", start_s, problem.close_s[i]
    elif fleet.close_s < FOREVER and back_s > fleet.close_s:
        code, found_s, limit_s = "not_home", back_s, fleet.close_s
    else:
        return
    if problem.prize[i] != MUST:
        code = "never_made" if sure else "doubtful"
    elif not sure:
        code = "doubtful"
    field = raw.fields["close"]
    report.note(
        code, field.rows[i], field.name, field.values[i], node=i,
        arrive=problem.shown(found_s), limit=problem.shown(limit_s),
    )  # fmt: skip
