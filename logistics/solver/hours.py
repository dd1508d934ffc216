"""Volunteers' hours over the week, shared out over days that are routed one by one.

Each day is first routed as if it had the hours to itself. Whoever then has driven too long keeps the
days on which they drive least, as many as fit, and of the next one what is left; whoever has not may
drive a little more. Days that lose hours are routed again under these limits, which add up whatever
comes of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from logistics.model.plan import Route
from logistics.model.problem import WeekProblem
from logistics.solver.routing import DayJobs, DayResult


def seconds_driven(routes: Iterable[Route]) -> Counter[str]:
    """Seconds of all trips, by volunteer."""
    driven: Counter[str] = Counter()
    for route in routes:
        for name in set(route.volunteer_ids):
            driven[name] += sum(trip.seconds for trip in route.trips)
    return driven


def hours_kept(problem: WeekProblem, results: Iterable[DayResult]) -> bool:
    """Whether nobody drives longer than they can in the week."""
    driven = seconds_driven(route for result in results for route in result.routes)
    return all(driven[name] <= limit_s for name, limit_s in _limits(problem).items())


def with_hours(
    problem: WeekProblem, days: Sequence[DayJobs], spent: Mapping[str, int]
) -> list[DayJobs]:
    """Days on which each volunteer may drive as long as the hours that are left, `spent` being gone."""
    limits = _limits(problem)
    return [
        replace(
            jobs,
            work_s_max={
                name: max(0, limits[name] - spent.get(name, 0))
                for name in sorted(_on_shift(problem, jobs.day) & limits.keys())
            },
        )
        for jobs in days
    ]


def shared_out(
    problem: WeekProblem,
    days: Sequence[DayJobs],
    results: Sequence[DayResult],
    spent: Mapping[str, int],
) -> dict[int, DayJobs]:
    """Days to route again, by position, with limits that add up; empty if everybody's hours are kept."""
    used = [seconds_driven(result.routes) for result in results]
    there = [_on_shift(problem, jobs.day) for jobs in days]
    share: dict[str, list[int]] = {}
    again: set[int] = set()
    for name, limit_s in _limits(problem).items():
        left_s = max(0, limit_s - spent.get(name, 0))
        total_s = sum(one[name] for one in used)
        if total_s > left_s:
            share[name] = _shortest_first([one[name] for one in used], left_s)
            again |= {i for i, one in enumerate(used) if one[name] > share[name][i]}
        else:
            more_s = (left_s - total_s) // max(1, sum(name in names for names in there))
            share[name] = [one[name] + more_s for one in used]
    return {
        i: replace(
            days[i],
            work_s_max={name: share[name][i] for name in sorted(share.keys() & there[i])},
        )
        for i in sorted(again)
    }


def _shortest_first(used_s: list[int], left_s: int) -> list[int]:
    """What each day keeps of its seconds when the shortest days come first."""
    kept = [0] * len(used_s)
    for i in sorted(range(len(used_s)), key=lambda i: (used_s[i], i)):
        kept[i] = min(used_s[i], left_s)
        left_s -= kept[i]
    return kept


def _limits(problem: WeekProblem) -> dict[str, int]:
    return {
        volunteer.id: volunteer.work_s_max
        for volunteer in problem.volunteers.values()
        if volunteer.work_s_max is not None
    }


def _on_shift(problem: WeekProblem, day: int) -> set[str]:
    """Volunteers of a day's shifts."""
    return {name for shift in problem.shifts if shift.day == day for name in shift.volunteer_ids}
