"""One day's routes: a first plan by insertion, improved by an engine, bounded from below."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Protocol

from logistics.model.plan import Status, StopKind
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.routing import exact, guided, insertion, pantry
from logistics.solver.routing.bound import bounds_of
from logistics.solver.routing.bounds import Bounds, bounds_told, part_stages, stage_of
from logistics.solver.routing.day import Day, Sketch, day_of_jobs, empty_sketch
from logistics.solver.routing.explain import dropped_jobs, undriveable
from logistics.solver.routing.problem import MUST_PRICE, SECOND_COST, DayJobs, DayResult
from logistics.solver.routing.proof import is_enumerable, prove_or_bound
from logistics.solver.routing.schedule import Clock, Timetable
from logistics.solver.routing.stops import routes_of

SMALL_SHARE = 0.2
"""Share of the time of a small day that is spent on a good plan before the proof."""

PROOF_SHARE = 0.4
"""Share of the time that is kept for bounding a day's cost from below."""

LARGE_JOBS = 300
"""Jobs above which a day is searched by parts, without a matrix of all its legs."""

CHECK_SHARE = 0.1
"""Share of the time of a large day that is kept for clock times and the plan's nouns."""


class RoutingEngine(Protocol):
    """Betters a plan of one day; never returns a worse or an undriveable one."""

    def __call__(self, clock: Clock, table: Timetable, seconds: float, seed: int) -> Timetable:
        """The best timetable found within the time, at worst the one given."""
        ...


COMPILED: tuple[tuple[RoutingEngine, float], ...] = ((pantry.improve, 1.0),)
"""Engines in turn where the compiled search is ready and knows every rule of the day."""

TURNS: tuple[tuple[RoutingEngine, float], ...] = (
    (insertion.improve, 0.2),
    (insertion.with_fewer_shifts, 0.5),
    (guided.improve, 0.6),
    (insertion.improve, 1.0),
)
"""Engines in turn otherwise, each with its share of the time that is left."""


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
    if len(list(jobs)) > LARGE_JOBS and not jobs.fixed and not jobs.work_s_max:
        thin = pantry.thin_day(problem, travel, jobs)
        if pantry.knows(thin):
            return _route_large(thin, seconds, seed)
    day = day_of_jobs(problem, travel, jobs)
    clock = Clock(day)
    reasons = undriveable(day)
    table = insertion.first_plan(clock)
    bounds = bounds_of(day, set(reasons))
    if bounds.cost < table.cost:
        table, bounds = _search(clock, table, bounds, set(reasons), began + seconds, seed)
    return DayResult(
        routes=routes_of(clock, table),
        dropped=dropped_jobs(day, table, reasons),
        stage=stage_of(day, table, bounds, time.monotonic() - began),
        parts=tuple(part_stages(day, table, bounds)),
        calls=table.sketch,
    )


def prove_day(
    problem: WeekProblem, travel: Travel, jobs: DayJobs, result: DayResult, seconds: float
) -> DayResult:
    """The same routes with better bounds, as far as the seconds go.

    Nothing is done where a job was left out, the day was searched by parts, or all is proven.
    """
    if result.dropped or not any(result.calls) or result.stage.status is Status.OPTIMAL:
        return result
    began = time.monotonic()
    day = day_of_jobs(problem, travel, jobs)
    clock = Clock(day)
    table = clock.timetable(result.calls)
    if table is None:
        return result
    _, bounds = prove_or_bound(clock, table, bounds_told(result), set(undriveable(day)), seconds)
    took_s = result.stage.runtime_s + time.monotonic() - began
    return replace(
        result,
        stage=stage_of(day, table, bounds, took_s),
        parts=tuple(part_stages(day, table, bounds)),
    )


def _route_large(day: Day, seconds: float, seed: int) -> DayResult:
    """Routes of a day that is searched by parts; the bound is only what no job can do without.

    Where the search is not compiled yet it is compiled first: nothing else gets through such a day.
    """
    began = time.monotonic()
    pantry.warm_up()
    clock = Clock(day)
    left_s = (1 - CHECK_SHARE) * (began + seconds - time.monotonic())
    table = _drivable(clock, pantry.plan_large(day, left_s, seed))
    least = SECOND_COST * sum(
        min(day.points[p].call.service_s for p in task.points)
        for task in day.tasks
        if task.price >= MUST_PRICE and day.points[task.points[-1]].call.kind is StopKind.HOUSEHOLD
    )
    bounds = Bounds(min(least, sum(task.price for task in day.tasks)), driving=least)
    return DayResult(
        routes=routes_of(clock, table),
        dropped=dropped_jobs(day, table, {}),
        stage=stage_of(day, table, bounds, time.monotonic() - began),
        parts=tuple(part_stages(day, table, bounds)),
    )


def _drivable(clock: Clock, sketch: Sketch) -> Timetable:
    """The timetable of a sketch; of one that the exact schedule refuses, as many shifts as it allows.

    A shift that waits for goods of another one is tried again after it.
    """
    whole = clock.timetable(sketch)
    if whole is not None:
        return whole
    table = clock.timetable(empty_sketch(clock.day))
    assert table is not None  # nobody drives: no rule can be broken
    left = [s for s, trips in enumerate(sketch) if trips]
    while left:
        refused = []
        for s in left:
            fuller = clock.timetable((*table.sketch[:s], sketch[s], *table.sketch[s + 1 :]))
            if fuller is None:
                refused.append(s)
            else:
                table = fuller
        if len(refused) == len(left):
            break
        left = refused
    return table


def _search(
    clock: Clock,
    table: Timetable,
    bounds: Bounds,
    undriveable: set[int],
    ends_at: float,
    seed: int,
) -> tuple[Timetable, Bounds]:
    """A better plan and better bounds: proof first for small days, engines first for others."""
    proof_s = PROOF_SHARE * _left(ends_at)
    turns = _turns(clock.day)
    if is_enumerable(clock.day):
        table, bounds = prove_or_bound(clock, table, bounds, undriveable, proof_s)
    if bounds.cost < table.cost and exact.is_small(clock.day):
        table = turns[0][0](clock, table, SMALL_SHARE * _left(ends_at), seed)
        table, cost = exact.prove(clock, table, bounds.cost, _left(ends_at), seed)
        bounds = bounds.raised(cost)
    if bounds.cost == table.cost:
        return table, bounds
    if not is_enumerable(clock.day):
        ends_at -= proof_s
    for turn, (engine, share) in enumerate(turns):
        if _left(ends_at) == 0:
            break
        table = engine(clock, table, share * _left(ends_at), seed + turn)
    if not is_enumerable(clock.day):
        table, bounds = prove_or_bound(clock, table, bounds, undriveable, proof_s)
    return table, bounds


def _turns(day: Day) -> tuple[tuple[RoutingEngine, float], ...]:
    """The engines for a day; where the compiled search is not ready, it is made so for later days."""
    if pantry.is_ready() and pantry.knows(day):
        return COMPILED
    return TURNS


def _left(ends_at: float) -> float:
    return max(0.0, ends_at - time.monotonic())
