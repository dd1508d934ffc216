"""Plan the week: allocate, route each day, take back what cannot be driven, until it is stable."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from time import monotonic

from logistics.model.plan import Cut, Plan, Route, Stage, Status, TravelSource
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation import Allocated, allocate
from logistics.solver.eligible import eligibility
from logistics.solver.jobs import JobBuilder, cuts_of
from logistics.solver.metrics import metrics_of
from logistics.solver.routing import DayJobs, DayResult, route_day
from logistics.solver.ways import Ways
from logistics.travel import engine_label, legs_for, travel_sha256

ROUNDS = 5
"""Rounds in which routing may send single jobs back; after that whole days are closed."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What planning may cost: seconds in all, and the seed of every random choice.

    `quick` settles each tie at once instead of keeping the choice open, and routes with little
    search: for stress tests, where many weeks are planned and compared. Its allocation may stay
    below the best, and says so.
    """

    seconds: float = 20.0
    seed: int = 1
    quick: bool = False


STANDARD = Limits()


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan (not yet judged), the legs it uses, and which allocation engine was chosen and why."""

    plan: Plan
    travel: Travel
    engine: str


def plan(
    problem: WeekProblem,
    limits: Limits = STANDARD,
    *,
    language: str = "en",
    progress: Progress = lambda _: None,
) -> Planned:
    """Allocate and route a week within the limits; see `logistics.week.plan_week`."""
    begun = monotonic()
    travel = legs_for(problem, [*problem.sites, *problem.households])
    eligible = eligibility(problem, Ways(problem, travel))
    cuts: tuple[Cut, ...] = ()
    round_number = 0
    while True:
        progress(f"allocate {round_number + 1}")
        left = limits.seconds - (monotonic() - begun)
        share = 0.5 if round_number == 0 else 0.35
        allocated = allocate(
            problem,
            travel,
            eligible,
            cuts,
            seconds=max(1.0, left * share),
            seed=limits.seed,
            language=language,
        )
        days = JobBuilder(problem, eligible.options, allocated.allocation).days()
        left = max(1.0, limits.seconds - (monotonic() - begun))
        results = _route(problem, travel, days, left * 0.5, limits.seed, progress)
        new = _new_cuts(problem, days, results, round_number)
        if not new:
            break
        cuts += tuple(cut for cut in new if cut not in cuts)
        round_number += 1
    return _finished(problem, limits, travel, allocated, results)


def _route(
    problem: WeekProblem,
    travel: Travel,
    days: list[DayJobs],
    seconds: float,
    seed: int,
    progress: Progress,
) -> list[DayResult]:
    """Route every day; each gets time by its number of jobs."""
    jobs = sum(len(list(day)) for day in days)
    results = []
    for day in days:
        progress(f"route day {day.day}")
        share = seconds * len(list(day)) / max(1, jobs)
        results.append(route_day(problem, travel, day, share, seed))
    return results


def _new_cuts(
    problem: WeekProblem, days: list[DayJobs], results: list[DayResult], round_number: int
) -> list[Cut]:
    cuts = []
    for day, result in zip(days, results, strict=True):
        if not result.dropped:
            continue
        if round_number < ROUNDS:
            cuts += cuts_of(problem, day, result.dropped)
        else:
            why = f"no routes for all of day {day.day} after {ROUNDS} rounds"
            cuts.append(Cut("day", (str(day.day),), False, why))
    return cuts


def _finished(
    problem: WeekProblem,
    limits: Limits,
    travel: Travel,
    allocated: Allocated,
    results: list[DayResult],
) -> Planned:
    routes = tuple(route for result in results for route in result.routes)
    used = legs_used(routes, travel)
    plan_ = Plan(
        problem_digest=problem.digest,
        seed=limits.seed,
        versions={
            "osusowake": "0.1.0",
            "python": platform.python_version(),
            "ortools": version("ortools"),
        },
        travel=TravelSource(engine_label(problem), "travel.csv", travel_sha256(used)),
        allocation=allocated.allocation,
        routes=routes,
        stages=(*allocated.stages, *(result.stage for result in results)),
        metrics=metrics_of(problem, allocated.allocation, routes),
    )
    return Planned(plan_, used, allocated.engine)


def legs_used(routes: tuple[Route, ...], travel: Travel) -> Travel:
    """The legs that routes drive, which is all that a judge needs."""
    pairs = {
        (a.id, b.id)
        for route in routes
        for trip in route.trips
        for a, b in zip(trip.stops, trip.stops[1:], strict=False)
        if a.id != b.id
    }
    return {pair: travel[pair] for pair in sorted(pairs)}


def worst_status(stages: tuple[Stage, ...]) -> Status:
    """The weakest status among stages: what the plan as a whole may claim."""
    order = (Status.OPTIMAL, Status.FEASIBLE, Status.TIME_LIMIT, Status.INFEASIBLE)
    return max((stage.status for stage in stages), key=order.index, default=Status.OPTIMAL)
