"""Solution files of public routing instances, in the form of CVRPLIB.

    Route #1: 4 7 0 2
    Cost 1503.4

A line for each vehicle that drives, visits in driving order by the instance's own numbers, the depot's
number `0` between two trips of one vehicle. The file says nothing about types of vehicles, so that
problems must have one only.
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import fsum
from pathlib import Path

from logistics.intake.report import Language
from logistics.intake.routing_parts import lines_of
from logistics.intake.routing_report import RoutingReport
from logistics.model.errors import Finding, require
from logistics.model.routing import (
    MUST,
    Convention,
    RoutingProblem,
    RoutingScore,
    RoutingSolution,
    VehicleRoute,
)

_ROUTE = re.compile(r"route\s*#?\s*[0-9]+\s*:\s*(.*)", re.IGNORECASE)
_COST = re.compile(r"cost\b.*", re.IGNORECASE)

EXACT_PLACES = 6
"""Places of a cost that is counted in double precision."""


def write_solution(
    problem: RoutingProblem, solution: RoutingSolution, score: RoutingScore, path: Path
) -> None:
    """Write a solution that was judged to have this score; the folder is made if need be.

    Raises:
        InvalidFact: if there are several types of vehicle.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(solution_text(problem, solution, score), encoding="utf-8", newline="\n")


def solution_text(problem: RoutingProblem, solution: RoutingSolution, score: RoutingScore) -> str:
    """What `write_solution` writes.

    Raises:
        InvalidFact: if there are several types of vehicle.
    """
    _one_type(problem)
    reload = f" {problem.numbers[problem.vehicles[0].start]} "
    lines = [
        f"Route #{k}: "
        + reload.join(" ".join(str(problem.numbers[i]) for i in trip) for trip in trips)
        for k, trips in enumerate(_driven(solution), start=1)
    ]
    return "\n".join([*lines, f"Cost {cost_text(problem, solution, score)}", ""])


def cost_text(problem: RoutingProblem, solution: RoutingSolution, score: RoutingScore) -> str:
    """The cost in the instance's own unit, as its convention prints it.

    `cvrplib`: a whole number; `dimacs`: one decimal; both with prizes of the visits left out. `sintef`:
    straight lines added up in double precision, not the millionths that were counted.
    """
    if problem.convention is not Convention.SINTEF:
        return f"{score.cost // problem.scale}" + (
            f".{score.cost % problem.scale}" if problem.scale == 10 else ""
        )
    rest = (score.cost - score.distance) / problem.scale
    return f"{exact_distance(problem, solution) + rest:.{EXACT_PLACES}f}"


def exact_distance(problem: RoutingProblem, solution: RoutingSolution) -> float:
    """Length of all routes in double precision, in the instance's own unit.

    Where distances are listed, of those as they were rounded to the problem's scale.
    """
    legs = []
    for route in solution.routes:
        vehicle = problem.vehicles[route.kind]
        trips = [trip for trip in route.trips if trip]
        for t, trip in enumerate(trips, start=1):
            end = vehicle.end if t == len(trips) else vehicle.start
            stops = (vehicle.start, *trip, end)
            legs += [
                problem.leg(i, j) / problem.scale if problem.distance else problem.straight(i, j)
                for i, j in pairwise(stops)
            ]
    return fsum(legs)


def read_solution(
    path: Path, problem: RoutingProblem, language: Language = "en"
) -> tuple[RoutingSolution | None, list[Finding]]:
    """Read a solution of this problem, all or nothing; what it says of its cost is not believed.

    The solution is `None` exactly when a finding is an error. Whether it keeps the rules is for
    `logistics.judge.check_routes`.

    Raises:
        InvalidFact: if there are several types of vehicle.
    """
    _one_type(problem)
    path = Path(path)
    report = RoutingReport(path.name, language)
    visits = {str(problem.numbers[i]): i for i in problem.visits}
    depots = {str(problem.numbers[i]) for i in range(problem.depots)}
    routes: list[VehicleRoute] = []
    for line in lines_of(path, report) or ():
        if found := _ROUTE.fullmatch(line.text):
            routes.append(VehicleRoute(_trips(found[1], line.row, visits, depots, report)))
        elif not _COST.fullmatch(line.text):
            report.note("other_line", line.row, "", line.text)
    optional = all(problem.prize[i] != MUST for i in problem.visits)
    if not routes and not optional and not report.has_errors:
        report.note("no_routes", None, "")
    report.count_unlisted()
    return None if report.has_errors else RoutingSolution(tuple(routes)), report.findings


def _trips(
    text: str, row: int, visits: dict[str, int], depots: set[str], report: RoutingReport
) -> tuple[tuple[int, ...], ...]:
    trips: list[list[int]] = [[]]
    for token in text.split():
        if token in depots:
            trips.append([])
        elif token in visits:
            trips[-1].append(visits[token])
        else:
            report.note("unknown_visit", row, "", token)
    return tuple(tuple(trip) for trip in trips if trip)


def _driven(solution: RoutingSolution) -> list[list[tuple[int, ...]]]:
    """Trips with visits of all vehicles that have any."""
    used = ([trip for trip in route.trips if trip] for route in solution.routes)
    return [trips for trips in used if trips]


def _one_type(problem: RoutingProblem) -> None:
    require(
        len(problem.vehicles) == 1,
        f"{problem.name}: a solution file cannot say which of {len(problem.vehicles)} types drives",
    )
