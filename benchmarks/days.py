"""How good and how fast are a pantry's routes, and how do they grow? `python -m benchmarks.days [...]`.

Days are synthetic (`benchmarks/generated_days.py`) or those of the bundled weeks. Prints cost against
seconds for the search in Python and OR-Tools and for the compiled one, then a table of growth: stops,
seconds, peak MiB, tasks left out, shifts in use, cost.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from statistics import median

from benchmarks.generated_days import generated
from logistics.intake import read_week
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.routing import DayJobs, insertion, pantry, route, route_day
from logistics.solver.routing.day import Day, day_of_jobs, empty_sketch
from logistics.solver.routing.schedule import Clock, Timetable
from scenarios.registry import names, scenario

SECONDS = (1.0, 2.0, 5.0)
GROWTH = ((50, 5), (200, 10), (1_000, 10), (5_000, 40), (20_000, 120))
"""Stops of a synthetic day and the seconds it is given."""

LONG = 6
"""A long run gets so many times the longest seconds."""


def old_way(day: Day, seconds: float, seed: int) -> Timetable:
    """The plan of insertion in Python and guided local search in OR-Tools, in turn."""
    clock, ends_at = Clock(day), time.monotonic() + seconds
    table = insertion.first_plan(clock)
    for turn, (engine, share) in enumerate(route.TURNS):
        left_s = max(0.0, ends_at - time.monotonic())
        table = engine(clock, table, share * left_s, seed + turn) if left_s else table
    return table


def new_way(day: Day, seconds: float, seed: int) -> Timetable:
    """The plan of the compiled search, from nothing."""
    clock = Clock(day)
    nothing = clock.timetable(empty_sketch(day))
    assert nothing is not None  # nobody drives: no rule can be broken
    return pantry.improve(clock, nothing, seconds, seed)


def compare(name: str, day: Day, seeds: range) -> None:
    """Print median and worst cost of both searches for each limit, beside the best of long runs."""
    print(f"{name}: {len(day.points)} calls, {len(day.slots)} shifts")
    best = min(new_way(day, LONG * SECONDS[-1], seed).cost for seed in seeds)
    print(f"  best of {len(seeds)} runs of {LONG * SECONDS[-1]:g} s: {best:,}")
    for seconds in SECONDS:
        for way, search in (("old", old_way), ("new", new_way)):
            costs = sorted(search(day, seconds, seed).cost for seed in seeds)
            gaps = [
                f"{cost / best - 1:+.2%}" if best else "0" for cost in (median(costs), costs[-1])
            ]
            print(
                f"  {seconds:4g} s  {way}  median {median(costs):15,.0f} ({gaps[0]}), worst {gaps[1]}"
            )


def days_of_scenario(name: str, seconds: float) -> list[tuple[str, Day]]:
    """The days that one plan of a bundled week routes."""
    from logistics.solver.days import DayRouter
    from logistics.solver.planner import plan
    from logistics.solver.rounds import Limits

    problem, findings = read_week(scenario(name).folder)
    if problem is None:
        raise SystemExit("\n".join(finding.text() for finding in findings))
    seen: dict[int, tuple[WeekProblem, Travel, DayJobs]] = {}
    kept = DayRouter.route

    def noting(self: DayRouter, days: list[DayJobs], *more: object) -> object:
        for jobs in days:
            seen[jobs.day] = (self._problem, self._travel, jobs)
        return kept(self, days, *more)  # type: ignore[arg-type]

    DayRouter.route = noting  # type: ignore[assignment, method-assign]
    try:
        plan(problem, Limits(seconds))
    finally:
        DayRouter.route = kept  # type: ignore[method-assign]
    return [
        (f"{name}, day {day}", day_of_jobs(*facts))
        for day, facts in sorted(seen.items())
        if facts[2]
    ]


def grow(stops: int, seconds: float) -> None:
    """Route one synthetic day and print its line of the table."""
    made = generated(stops, 1)
    began = time.monotonic()
    result = route_day(made.problem, made.travel, made.jobs, seconds, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{stops:7,} {time.monotonic() - began:8.1f} {peak:9,} {len(result.dropped):9} "
        f"{len(result.routes):6} {result.stage.objective:16,.0f}",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", choices=("search", "weeks", "growth"))
    parser.add_argument("--grow", nargs=2, type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    pantry.warm_up()
    if arguments.grow:
        grow(int(arguments.grow[0]), arguments.grow[1])
        return
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python "
        f"{platform.python_version()}, numba {version('numba')}, ortools {version('ortools')}"
    )
    seeds = range(1, arguments.seeds + 1)
    if arguments.only in (None, "search"):
        for stops in (60, 150):
            made = generated(stops, 1)
            day = day_of_jobs(made.problem, made.travel, made.jobs)
            compare(f"synthetic, {made.name}", day, seeds)
    if arguments.only in (None, "weeks"):
        for name in names():
            for title, day in days_of_scenario(name, 20.0):
                compare(title, day, seeds)
    if arguments.only in (None, "growth"):
        print("  stops  seconds  peak MiB  left out  shifts             cost")
        for stops, limit in GROWTH:  # each in a process of its own, for its peak of memory
            command = [sys.executable, "-m", "benchmarks.days", "--grow", str(stops), str(limit)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
