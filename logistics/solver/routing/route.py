"""One day's routes: a first plan by insertion, improved by an engine, bounded from below."""

from __future__ import annotations

from logistics.model.problem import Travel, WeekProblem
from logistics.solver.routing.problem import DayJobs, DayResult


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
    """
    raise NotImplementedError
