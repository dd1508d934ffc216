"""Single runs of the allocation benchmark, each in a process of its own, so that memory is honest.

`run` starts `python -m benchmarks.contest TASK ARGUMENTS FILE` and reads what it measured. An engine
gets `limit_s` seconds, then the alarm ends its process, wherever it is. Every engine first shares out
a city of a dozen households: the seconds do not contain its imports.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, TypeVar

Figures = dict[str, Any]
T = TypeVar("T")

OURS = "ours"
RIGHT = 1e-6
"""Levels that differ by no more count as equal."""
SMALL = 12
"""Households of the city that warms an engine up."""
SLACK_S = 300.0
"""What a process may take beside the engine: drawing the city, judging."""
SHORT_S, REPEATS = 2.0, 5
"""What takes less is measured so many times."""
OUT_OF_TIME, GAVE_UP, BROKEN = "out of time", "gave up", "broken"


def run(task: str, arguments: Figures) -> Figures:
    """What a task measured in its own process, or {"ended": why it did not come to an end}."""
    with TemporaryDirectory() as folder:
        found = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "benchmarks.contest", task, json.dumps(arguments)]
        code, _, _, errors = measured([*command, str(found)], arguments["limit_s"] + SLACK_S)
        if code == -signal.SIGALRM:
            return {"ended": OUT_OF_TIME}
        if code:
            return {"ended": BROKEN, "errors": errors[-500:]}
        figures: Figures = json.loads(found.read_text(encoding="utf-8"))
        return figures


def measured(command: list[str], limit_s: float) -> tuple[int, float, float, str]:
    """Exit code, seconds, peak memory in MiB and stderr of a command that may take so long."""
    begun = perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, process_group=0
    )
    assert process.stderr is not None
    handler = signal.signal(signal.SIGALRM, lambda *_: process.kill())
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        with process.stderr:
            errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, perf_counter() - begun, usage.ru_maxrss / 1024, errors


@contextmanager
def clock(figures: Figures, limit_s: float) -> Iterator[None]:
    """Seconds and peak memory of what happens inside; the process ends when it takes too long."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    begun = perf_counter()
    yield
    figures["seconds"] = perf_counter() - begun
    signal.setitimer(signal.ITIMER_REAL, 0)
    figures["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work: Callable[[], T], figures: Figures, limit_s: float) -> T:
    """What the work gives, on the clock; where it is short, the seconds are a median of several."""
    with clock(figures, limit_s):
        found = work()
    if figures["seconds"] < SHORT_S:
        seconds = [figures["seconds"]]
        for _ in range(REPEATS - 1):
            with clock(figures, limit_s):
                work()
            seconds.append(figures["seconds"])
        figures["seconds"] = median(seconds)
    return found


def share(arguments: Figures) -> Figures:
    """One engine on a city; the levels of ours are kept in a file, with which others are compared."""
    import numpy as np

    from benchmarks.cities import City, city
    from benchmarks.peers import PEERS, GaveUp, wishes
    from logistics.solver.shares import solve

    wish = _city(arguments)
    shares, small = city(wish), city(City(SMALL, caps=wish.caps))
    figures: Figures = {"households": len(shares.household_ids), "classes": len(shares.class_lots)}
    limit_s, levels_file = arguments["limit_s"], Path(arguments["levels"])
    if arguments["engine"] == OURS:
        solve(small)
        result = timed(lambda: solve(shares, seconds=limit_s), figures, limit_s + SLACK_S / 2)
        received = np.asarray(result.received) / np.asarray(result.scale)
        figures |= _judged(shares, result)
    else:
        peer = PEERS[arguments["engine"]]
        peer(small)
        try:
            received = timed(lambda: peer(shares), figures, limit_s)
        except GaveUp as reason:
            return figures | {"ended": GAVE_UP, "errors": str(reason)}
    past = np.asarray(shares.past_received)
    levels = np.sort(((past + received) / wishes(shares)).astype(float))
    if arguments["engine"] == OURS:
        np.save(levels_file, levels)
    elif levels_file.exists():
        figures["right"] = int((np.abs(levels - np.load(levels_file)) <= RIGHT).sum())
    short = (np.asarray(shares.wanted) - received).sum() / shares.grains_per_meal
    return figures | {"lowest": float(levels[0]), "short_meals": float(short)}


def _city(arguments: Figures) -> Any:
    """The city that the arguments describe."""
    from benchmarks.cities import Caps, City

    wish = arguments["city"]
    return City(**{**wish, "caps": Caps(wish.get("caps", Caps.NONE))})


def _judged(shares: Any, result: Any) -> Figures:
    """Status, engine and levels of a result of ours, and what the judge says."""
    from logistics.judge.shares import verify_shares

    begun = perf_counter()
    findings = verify_shares(shares, result)
    return {
        "status": str(result.status),
        "by": result.engine,
        "levels": len(result.levels),
        "proven": sum(level.upper_bound == level.level for level in result.levels),
        "right": len(shares.household_ids) if result.status == "optimal" else None,
        "faults": len(findings),
        "judge_s": perf_counter() - begun,
    }


def draw(arguments: Figures) -> Figures:
    """A city, written as arrays (a file name that ends in .npz) or as a folder of CSV files."""
    from benchmarks.cities import city, pairs, save_arrays, write_folder

    shares, path = city(_city(arguments)), Path(arguments["path"])
    if path.suffix == ".npz":
        save_arrays(shares, path)
    else:
        write_folder(shares, path)
    return {"classes": len(shares.class_lots), "pairs": pairs(shares), "lots": len(shares.lot_ids)}


def arrays(arguments: Figures) -> Figures:
    """Ours on a city read from arrays, reading included."""
    from benchmarks.cities import City, city, load_arrays
    from logistics.solver.shares import solve

    solve(city(City(SMALL)))
    figures: Figures = {}
    with clock(figures, arguments["limit_s"]):
        shares = load_arrays(Path(arguments["path"]))
        result = solve(shares, seconds=arguments["limit_s"])
    return figures | _judged(shares, result)


def build(arguments: Figures) -> Figures:
    """The program of a city's first level, built in one of several ways."""
    from benchmarks.building import WAYS
    from benchmarks.cities import City, city, load_arrays

    way = WAYS[arguments["way"]]
    way(city(City(SMALL)))
    shares, figures = load_arrays(Path(arguments["path"])), Figures()
    with clock(figures, arguments["limit_s"]):
        way(shares)
    return figures


def week(arguments: Figures) -> Figures:
    """The allocation of a bundled week, without routes."""
    from logistics.intake import read_week
    from logistics.solver.allocation import allocate
    from logistics.solver.eligible import eligibility
    from logistics.solver.ways import Ways
    from logistics.travel import fastest, legs_for
    from scenarios.registry import scenario

    problem, findings = read_week(scenario(arguments["name"]).folder)
    if problem is None:
        raise SystemExit("\n".join(finding.text() for finding in findings))
    places = [*problem.sites, *problem.households]
    travel = fastest(legs_for(problem, places), places)
    eligible = eligibility(problem, Ways(problem, travel))
    figures: Figures = {"households": len(problem.households)}
    limit_s, seed = arguments["limit_s"], arguments["seed"]
    with clock(figures, limit_s + SLACK_S / 2):
        made = allocate(problem, travel, eligible, seconds=limit_s, seed=seed)
    levels, fairness = made.allocation.levels, made.stages[0]
    return figures | {
        "fairness_s": fairness.runtime_s,
        "status": str(made.allocation.status),
        "levels": len(levels),
        "proven": sum(level.upper_bound == level.level for level in levels),
        "lowest": float(min(fill.level for fill in made.allocation.fill)),
        "meals": fairness.objective,
        "bound_meals": fairness.bound,
        "by": made.engine,
    }


def packs(arguments: Figures) -> Figures:
    """A generated week with packs, allocated; `limit_s` is for fairness alone."""
    from benchmarks.weeks import generated_week, travel_between_sites
    from logistics.solver.allocation import allocate
    from logistics.solver.allocation.allocate import FAIR_SHARE
    from logistics.solver.eligible import eligibility
    from logistics.solver.ways import Ways

    limit_s, seed = arguments["limit_s"], arguments["seed"]
    problem = generated_week(arguments["households"], arguments["lots"], seed)
    travel = travel_between_sites(problem)
    eligible = eligibility(problem, Ways(problem, travel))
    figures: Figures = {}
    with clock(figures, limit_s / FAIR_SHARE + SLACK_S / 2):
        made = allocate(problem, travel, eligible, seconds=limit_s / FAIR_SHARE, seed=seed)
    fairness = made.stages[0]
    meals, bound = fairness.objective or 0.0, fairness.bound or 0.0
    return figures | {
        "seconds": fairness.runtime_s,
        "proven": made.allocation.status == "optimal",
        "meals": meals,
        "short_meals": bound - meals,
        "behind_meals": float(_behind(made.allocation)),
        "by": made.engine,
    }


def _behind(allocation: Any) -> Any:
    """Meals that a household may lack at most of what the bound of its level would give it."""
    fills = {fill.household_id: fill for fill in allocation.fill}
    most = Fraction(0)
    for level in allocation.levels:
        for fill in (fills[h] for h in level.household_ids if level.stage == "level"):
            wish = (fill.past_wanted + fill.wanted) * fill.weight
            gap = min((level.upper_bound - level.level) * wish, fill.wanted - fill.received)
            most = max(most, gap)
    return most


TASKS: dict[str, Callable[[Figures], Figures]] = {
    task.__name__: task for task in (share, draw, arrays, build, week, packs)
}


def main() -> None:
    """Do one task and write its figures."""
    task, arguments, path = sys.argv[1:]
    figures = TASKS[task](json.loads(arguments))
    Path(path).write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
