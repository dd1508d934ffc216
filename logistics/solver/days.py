"""Routing the days of a week, one after another or side by side over processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from logistics.model.packing import packed, unpacked
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.hours import seconds_driven, shared_out, with_hours
from logistics.solver.routing import DayJobs, DayResult, route_day


class DayRouter:
    """Routes days of one week; with more than one worker the processes begin at once, so that they
    are ready when the first allocation is."""

    def __init__(self, problem: WeekProblem, travel: Travel, seed: int, workers: int = 1) -> None:
        self._problem, self._travel, self._seed = problem, travel, seed
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        if workers > 1:
            facts = packed((problem, dict(travel), seed))
            self._pool = ProcessPoolExecutor(workers, get_context("spawn"), _receive, (facts,))
            for _ in range(workers):
                self._pool.submit(_ready)

    def __enter__(self) -> DayRouter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def route(
        self,
        days: Sequence[DayJobs],
        seconds: float,
        progress: Callable[[str], None],
        beside: Iterable[DayResult] = (),
    ) -> list[DayResult]:
        """Every day's routes; each day gets its part of the seconds by its number of jobs.

        Nobody's hours are exceeded, with what they drive in results of other days `beside`. Where a
        day must be routed again for that, it gets its seconds again.
        """
        if not any(person.work_s_max is not None for person in self._problem.volunteers.values()):
            return self._route(days, seconds, progress)
        spent = seconds_driven(route for result in beside for route in result.routes)
        results = self._route(with_hours(self._problem, days, spent), seconds, progress)
        again = shared_out(self._problem, days, results, spent)
        if again:
            routed = self._route(list(again.values()), seconds, progress)
            for i, result in zip(again, routed, strict=True):
                results[i] = result
        return results

    def _route(
        self, days: Sequence[DayJobs], seconds: float, progress: Callable[[str], None]
    ) -> list[DayResult]:
        jobs = [len(list(day)) for day in days]
        shares = [min(seconds, self._workers * seconds * n / max(1, sum(jobs))) for n in jobs]
        if self._pool is None:
            results = []
            for day, share in zip(days, shares, strict=True):
                progress(f"route day {day.day}")
                results.append(route_day(self._problem, self._travel, day, share, self._seed))
            return results
        progress(f"route {len(days)} days")
        tasks = [packed((day, share)) for day, share in zip(days, shares, strict=True)]
        return [unpacked(result) for result in self._pool.map(_route, tasks)]


_received: list[tuple[WeekProblem, Travel, int]] = []
"""In a worker process: the week it routes, sent once and not with every day."""


def _receive(facts: bytes) -> None:
    """Begin a worker process."""
    _received[:] = [unpacked(facts)]


def _ready() -> None:
    """Load what routing needs while nothing else is to do."""
    from ortools.constraint_solver import pywrapcp

    assert pywrapcp


def _route(task: bytes) -> bytes:
    """Route one day in a worker process."""
    problem, travel, seed = _received[0]
    day, seconds = unpacked(task)
    return packed(route_day(problem, travel, day, seconds, seed))
