"""Even working days over a week: day after day, each knowing what its people drive on the others.

The policy `balance_days` says by which share a day's driving may cost more for that. Who gets what, the
number of vehicle-days, and volunteers' hours stay as they are kept already.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from time import monotonic

from logistics.model.problem import Travel, WeekProblem
from logistics.solver.driven import Driven
from logistics.solver.hours import seconds_driven, with_hours
from logistics.solver.routing import DayResult
from logistics.solver.routing.balance import Evening, balance_day, cost_max

SWEEPS = 3
"""Times that every day is looked at again, because the others have changed."""


def balanced(
    problem: WeekProblem, travel: Travel, driven: Driven, seconds: float, seed: int
) -> Driven:
    """The same jobs of every day, with the longest working days made short; seconds are in all."""
    share = float(problem.policy.balance_days)
    if not share:
        return driven
    ends_at = monotonic() + seconds
    limits = [cost_max(result, share) for result in driven.results]
    results = list(driven.results)
    for _ in range(SWEEPS):
        changed = False
        for i in range(len(results)):
            left_s = max(0.0, ends_at - monotonic()) / len(results)
            found = _evened(problem, travel, driven, results, i, limits[i], left_s, seed)
            changed |= found.routes != results[i].routes
            results[i] = found
        if not changed:
            break
    # What a day was compared by may have changed with the days after it.
    for i in range(len(results)):
        results[i] = _evened(problem, travel, driven, results, i, limits[i], 0.0, seed)
    return replace(driven, results=results)


def _evened(
    problem: WeekProblem,
    travel: Travel,
    driven: Driven,
    results: list[DayResult],
    i: int,
    limit: int,
    seconds: float,
    seed: int,
) -> DayResult:
    """One day's result beside those of the others."""
    others = [result for number, result in enumerate(results) if number != i]
    before: Counter[str] = seconds_driven(route for one in others for route in one.routes)
    (jobs,) = with_hours(problem, [driven.days[i]], before)
    return balance_day(problem, travel, jobs, results[i], Evening(before, limit, seconds, seed))
