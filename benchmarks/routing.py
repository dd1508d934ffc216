"""How good are the routes? `python -m benchmarks.routing DIR --seconds 30 [--classes …] [--seeds …]`.

Our portfolio beside OR-Tools, PyVRP, commiv and VROOM, each alone, on public instances with best-known
values: one after the other, same wall time, same cores, and our score for all of them. Whoever uses one
core gets as many seeds as there are cores at once, and the best of them counts: that is what the cores
buy without new ideas. Every engine works in a process of its own; starting it is part of its time.

DIR holds a folder a class and `best_known.json`: {"meta": {class: {"scale": units of its values per unit
of the instance}}, "sets": {class: {instance: {"best": value, "routes": number}}}}.

*gap*: cost above the best known; where vehicles come first, of the runs with no more vehicles than
that. *ours less it*: paired by instance and seed. Intervals are Student's, 95 %, over instances x seeds.
Writes `routing.csv`, `routing.txt` and `routing.png`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from benchmarks.contest import OURS
from benchmarks.routing_plot import draw
from benchmarks.routing_table import Run, table, write_csv
from logistics.model.routing import RoutingProblem, RoutingScore, RoutingSolution
from logistics.solver.routing.portfolio import available_cores, solve

VROOM = "benchmarks.routing_peers:Vroom"
CONTESTANTS: dict[str, tuple[str, ...] | None] = {
    OURS: None,
    "pyvrp": ("pyvrp",),
    "commiv": ("commiv",),
    "ortools": ("ortools",),
    "vroom": (VROOM,),
}
"""Engines of each contestant; None: the portfolio's own choice."""
ALL_CORES = frozenset({VROOM})
"""Engines that use all cores themselves."""
SECONDS, SEEDS = 30.0, (1, 2, 3)
CONSTRUCTION = "nearest"


class Task(NamedTuple):
    """An instance and its best known value, in units of the problem."""

    group: str
    name: str
    problem: RoutingProblem
    best: float
    routes: int | None


def tasks(folder: Path, classes: Sequence[str] | None, limit: int | None) -> Iterator[Task]:
    """The instances of the classes asked for, at most so many of each, evenly chosen by name."""
    from logistics.intake.routing import read_routing

    known = json.loads((folder / "best_known.json").read_text(encoding="utf-8"))
    for group, values in known["sets"].items():
        if classes is not None and group not in classes:
            continue
        paths = sorted(path for path in (folder / group).iterdir() if path.stem in values)
        for path in spread(paths, limit):
            problem, findings = read_routing(path)
            if problem is None:
                raise SystemExit("\n".join(str(finding) for finding in findings))
            scale = known["meta"][group].get("scale") or 1
            best = values[path.stem]
            value = best["best"] * problem.scale / scale
            yield Task(group, path.stem, problem, value, best.get("routes"))


def spread(paths: Sequence[Path], limit: int | None) -> list[Path]:
    """So many of a sequence, evenly spaced, the first among them."""
    if limit is None or limit >= len(paths):
        return list(paths)
    return [paths[k * len(paths) // limit] for k in range(limit)]


def contest(task: Task, contestant: str, seconds: float, seed: int, cores: int) -> Run:
    """One contestant on one instance."""
    engines = CONTESTANTS[contestant]
    begun, trace = perf_counter(), list[tuple[float, float]]()

    def note(_: RoutingSolution, worth: RoutingScore) -> None:
        if worth.missing == 0:
            trace.append((perf_counter() - begun, gap(task, worth)))

    alone = engines is not None
    found = solve(
        task.problem,
        seconds=seconds,
        seed=seed * cores,
        workers=1 if alone and ALL_CORES & set(engines or ()) else cores,
        engines=engines,
        rounds=1 if alone else None,
        on_better=note,
    )
    worth, by = found.score, found.engine or ""
    if alone and by == CONSTRUCTION:  # it steps in when an engine has nothing
        worth, by, trace = None, "; ".join(sorted({one.note for one in found.runs})), []
    return Run(
        group=task.group,
        instance=task.name,
        contestant=contestant,
        seed=seed,
        seconds=perf_counter() - begun,
        missing=None if worth is None else worth.missing,
        gap=None if worth is None or worth.missing else gap(task, worth),
        extra=None if worth is None or worth.missing else extra(task, worth),
        by=by,
        trace=tuple(trace),
    )


def gap(task: Task, worth: RoutingScore) -> float:
    """Percent above the best known cost."""
    return 100.0 * (worth.cost / task.best - 1.0)


def extra(task: Task, worth: RoutingScore) -> int:
    """Vehicles above the best known, where they come first."""
    if not task.problem.vehicles_first or task.routes is None:
        return 0
    return worth.vehicles - task.routes


def able(task: Task, contestant: str) -> bool:
    """Whether a contestant can take an instance at all."""
    from logistics.solver.routing.lineup import seated

    engines = CONTESTANTS[contestant]
    return engines is None or bool(seated(task.problem, engines)[0])


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.routing", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--classes", nargs="+")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    parser.add_argument(
        "--engines", nargs="+", choices=list(CONTESTANTS), default=list(CONTESTANTS)
    )
    parser.add_argument("--instances", type=int, help="at most so many of each class")
    parser.add_argument("--cores", type=int, default=available_cores())
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the contest, print it, and write it down."""
    asked = options(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    runs: list[Run] = []
    setting: dict[str, Any] = {
        "limit_s": asked.seconds,
        "cores": asked.cores,
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    if hasattr(os, "getloadavg"):
        setting["load_before"] = round(os.getloadavg()[0], 2)
    for task in tasks(asked.folder, asked.classes, asked.instances):
        for seed in asked.seeds:
            for contestant in asked.engines:
                if able(task, contestant):
                    runs.append(contest(task, contestant, asked.seconds, seed, asked.cores))
                    print(runs[-1].line, flush=True)
    caption = ", ".join(f"{name} {value}" for name, value in setting.items())
    text = f"{table(runs)}\n\n{caption}\n"
    print(f"\n{text}")
    (asked.out / "routing.txt").write_text(text, encoding="utf-8")
    write_csv(runs, setting, asked.out / "routing.csv")
    if runs:
        draw(runs, asked.seconds, caption, asked.out / "routing.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
