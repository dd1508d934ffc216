"""One day's routes: a first plan by insertion, improved by an engine, bounded from below."""

from __future__ import annotations

import time
from typing import Protocol

from logistics.model.plan import Stage, Status
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.routing import insertion
from logistics.solver.routing.bound import lower_bound
from logistics.solver.routing.day import day_of_jobs
from logistics.solver.routing.explain import dropped_jobs, undriveable
from logistics.solver.routing.problem import DayJobs, DayResult
from logistics.solver.routing.schedule import Clock, Timetable
from logistics.solver.routing.stops import routes_of


class RoutingEngine(Protocol):
    """Betters a plan of one day; never returns a worse or an undriveable one."""

    def __call__(self, clock: Clock, table: Timetable, seconds: float, seed: int) -> Timetable:
        """The best timetable found within the time, at worst the one given."""
        ...


def route_day(
    problem: WeekProblem, travel: Travel, jobs: DayJobs, seconds: float, seed: int
) -> DayResult:
    """Plan the routes of one day.

    Args:
        problem: the week, of which vehicles, shifts and sites are used.
        travel: every leg between the homes of the vehicles and the places of the jobs.
        jobs: what is to be driven.
        seconds: the most that the search may take.
        seed: the same seed and enough time give the same routes.

    Raises:
        LegMissing: if the travel data lacks a leg between two places of the day.
    """
    began = time.monotonic()
    day = day_of_jobs(problem, travel, jobs)
    clock = Clock(day)
    reasons = undriveable(clock)
    table = insertion.first_plan(clock)
    bound = lower_bound(day, set(reasons))
    if bound < table.cost:
        table = insertion.improve(clock, table, seconds, seed)
    return DayResult(
        routes=routes_of(clock, table),
        dropped=dropped_jobs(day, table, reasons),
        stage=Stage(
            name=f"routes {day.number}",
            status=Status.OPTIMAL if bound == table.cost else Status.FEASIBLE,
            objective=table.cost,
            bound=bound,
            gap=(table.cost - bound) / table.cost if table.cost else 0.0,
            runtime_s=time.monotonic() - began,
        ),
    )
