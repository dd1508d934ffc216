"""How long does a week take, and how good is it? `python -m benchmarks.week [--seconds S] [--repeat N]`.

Plans both bundled scenarios several times with different seeds in this process (imports excluded,
reading and judging included) and prints medians with the worst case: seconds, meals, lowest level,
status, and the gap of each stage.
"""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter

from logistics.intake import read_week
from logistics.week import Limits, PlanResult, plan_week
from scenarios.registry import names, scenario


def measure(folder: Path, seconds: float, seed: int) -> tuple[float, float, PlanResult]:
    """Seconds to read a week, seconds to plan and judge it, and the result."""
    begun = perf_counter()
    problem, findings = read_week(folder)
    read_s = perf_counter() - begun
    if problem is None:
        raise SystemExit("\n".join(finding.text() for finding in findings))
    result = plan_week(problem, Limits(seconds, seed))
    return read_s, perf_counter() - begun - read_s, result


def report(name: str, runs: list[tuple[float, float, PlanResult]]) -> str:
    """One block of text for a scenario."""
    plans = [result.plan for _, _, result in runs]
    lines = [
        f"{name}: {len(runs)} runs",
        f"  read   median {median(run[0] for run in runs):6.2f} s",
        f"  plan   median {median(run[1] for run in runs):6.2f} s, "
        f"worst {max(run[1] for run in runs):6.2f} s",
        f"  judged clean: {sum(result.is_clean for _, _, result in runs)} of {len(runs)}",
        f"  fairness: {', '.join(sorted({str(p.allocation.status) for p in plans}))}",
        f"  meals  median {float(median(p.metrics.meals_given for p in plans)):.1f} "
        f"of {plans[0].metrics.meals_wanted}",
        f"  households served, least: {min(p.metrics.households_served for p in plans)}",
    ]
    for k, stage in enumerate(plans[0].stages):
        gaps = [p.stages[k].gap for p in plans if k < len(p.stages)]
        known = [gap for gap in gaps if gap is not None]
        shown = f"{median(known):.2%}" if known else "no bound"
        lines.append(f"  {stage.name:14} gap {shown}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"ortools {version('ortools')}, limit {arguments.seconds:g} s, "
        f"seeds 1..{arguments.repeat}"
    )
    for name in names():
        folder = scenario(name).folder
        runs = [measure(folder, arguments.seconds, seed) for seed in range(1, arguments.repeat + 1)]
        print(report(name, runs))


if __name__ == "__main__":
    main()
