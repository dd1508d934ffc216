"""How fair, how fast, how large? `python -m benchmarks.allocation [--quick] [--sizes …] [--seed N]`.

Our engines beside what people do by hand and what is published, on the two bundled weeks and on
generated cities from 50 to 1,000,000 households: same machine, same limit, each run in a process of
its own. Then the figures that the project set itself as targets.

*Lowest*: the lowest level; *right*: sorted levels equal to the exact ones to 1e-6; *short*: meals
wanted and not given. A peer that ran out of time is not asked about larger cities. Writes
`allocation.csv`, `allocation.md` and `allocation.png`.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from benchmarks.contest import OURS, Figures, run
from benchmarks.lines import HEADING, Line, write_csv, write_markdown
from benchmarks.peers import PEERS
from benchmarks.targets import (
    COMMAND_HOUSEHOLDS,
    PACKS,
    building,
    command,
    failed,
    packs,
    proof,
    read_arrays,
    weeks,
)

SIZES = (50, 200, 1_000, 5_000, 20_000, 100_000, 1_000_000)
LIMIT_S = 60.0
CITIES: dict[str, tuple[Figures, int]] = {
    "cities": ({}, 1_000_000),
    "cities with history and weights": ({"history": True}, 1_000_000),
    "cities, nested capacities": ({"caps": "nested"}, 1_000),
    "cities, overlapping capacities": ({"caps": "overlapping"}, 5_000),
}
"""What is added to a city, and its largest size: beyond a flow, linear programs set the limit."""

QUICK_SIZES, QUICK_LIMIT_S, QUICK_COMMAND = (50, 1_000), 5.0, 10_000
QUICK_PACKS = ((62, 60, 5.0),)
PACK_SEEDS = range(1, 7)
ASYMPTOTIC = 1_000
"""Growth is fitted over cities of at least so many households: below, constants prevail."""

Part = Callable[[], Iterator[Line]]


def contest(table: str, sizes: Sequence[int], limit_s: float, seed: int) -> Iterator[Line]:
    """All engines on cities of one kind, from the smallest up."""
    added, largest = CITIES[table]
    gone: dict[str, Line] = {}
    with TemporaryDirectory() as folder:
        for households in (size for size in sizes if size <= largest):
            city = {"households": households, "seed": seed, **added}
            levels = str(Path(folder) / f"{households}.npy")
            for engine in (OURS, *PEERS):
                case = f"{households:,}"
                if engine in gone:
                    note = f"not asked: {gone[engine].note} at {gone[engine].case}"
                    yield Line(table, case, engine, households, note=note)
                    continue
                found = run(
                    "share", {"city": city, "engine": engine, "levels": levels, "limit_s": limit_s}
                )
                line = _line(table, case, engine, households, found)
                if "ended" in found:
                    gone[engine] = line
                yield line


def _line(table: str, case: str, engine: str, households: int, found: Figures) -> Line:
    if "ended" in found:
        return failed(table, case, engine, households, found)
    return Line(
        table,
        case,
        engine,
        households,
        found["seconds"],
        found["peak_mib"],
        found["lowest"],
        found.get("right"),
        found["short_meals"],
        f"{found['by'].split(':')[0]}; {proof(found)}" if engine == OURS else "",
    )


def growth(lines: Sequence[Line], of: str) -> float | None:
    """Exponent of time or memory over households, fitted to logarithms; None of fewer than three."""
    points = [
        (line.households, float(getattr(line, of)))
        for line in lines
        if line.households >= ASYMPTOTIC and getattr(line, of)
    ]
    if len(points) < 3:
        return None
    size, value = np.log(np.array(points)).T
    return float(np.polyfit(size, value, 1)[0])


def parts(options: argparse.Namespace, folder: Path) -> dict[str, list[Part]]:
    """All tables, by the name under which `--only` asks for them."""
    quick, seed, limit_s = options.quick, options.seed, options.limit
    sizes = options.sizes or (QUICK_SIZES if quick else SIZES)
    households = QUICK_COMMAND if quick else COMMAND_HOUSEHOLDS
    return {
        "weeks": [lambda: weeks(limit_s, seed)],
        "cities": [_contest(table, sizes, limit_s, seed) for table in CITIES],
        "targets": [
            lambda: read_arrays(folder, limit_s, seed),
            lambda: building(folder, limit_s),
            lambda: command(folder, households, seed),
        ],
        "packs": [
            lambda: packs(QUICK_PACKS if quick else PACKS, [1] if quick else list(PACK_SEEDS))
        ],
    }


def _contest(table: str, sizes: Sequence[int], limit_s: float, seed: int) -> Part:
    return lambda: contest(table, sizes, limit_s, seed)


def setting_of(options: argparse.Namespace) -> dict[str, object]:
    """Machine, versions, seed and limit."""
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        **{name: _version(name) for name in ("ortools", "numpy", "scipy", "cvxpy-leximin")},
        "seed": options.seed,
        "limit_s": options.limit,
    }


def _version(name: str) -> str:
    """Of a package; the peers of the `dev` extra may be missing, and then their runs are broken."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, a minute or two")
    parser.add_argument("--sizes", type=int, nargs="+", help="households of the cities")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, help="seconds for each engine")
    parser.add_argument("--only", nargs="+", choices=("weeks", "cities", "targets", "packs"))
    parser.add_argument("--out", type=Path, default=Path("out") / "bench")
    options = parser.parse_args()
    options.limit = options.limit or (QUICK_LIMIT_S if options.quick else LIMIT_S)
    setting = setting_of(options)
    print(", ".join(f"{key} {value}" for key, value in setting.items()))
    begun, lines = perf_counter(), list[Line]()
    with TemporaryDirectory() as folder:
        for name, tables in parts(options, Path(folder)).items():
            for table in tables if not options.only or name in options.only else ():
                lines += _shown(table())
    _print_growth(lines)
    print(f"\n{perf_counter() - begun:.0f} s")
    options.out.mkdir(parents=True, exist_ok=True)
    write_csv(lines, setting, options.out / "allocation.csv")
    write_markdown(lines, list(CITIES), options.out / "allocation.md")
    _draw(lines, setting, options.out / "allocation.png")


def _shown(lines: Iterator[Line]) -> list[Line]:
    """The lines of a table, each printed as soon as it is there."""
    found: list[Line] = []
    for line in lines:
        if not found:
            print(f"\n{line.table}\n{HEADING}")
        print(line.text, flush=True)
        found.append(line)
    return found


def _print_growth(lines: Sequence[Line]) -> None:
    print()
    for table in CITIES:
        ours = [line for line in lines if line.table == table and line.engine == OURS]
        time, memory = growth(ours, "seconds"), growth(ours, "peak_mib")
        if time is not None and memory is not None:
            print(
                f"{table}: ours grows with households ^ {time:.2f} in time, {memory:.2f} in memory"
            )


def _draw(lines: Sequence[Line], setting: dict[str, object], path: Path) -> None:
    from benchmarks.allocation_plot import draw

    cities = [line for line in lines if line.table in CITIES]
    if cities:
        draw(cities, ", ".join(f"{key} {value}" for key, value in setting.items()), path)
        print(f"{path.with_suffix('.csv')}, {path}")


if __name__ == "__main__":
    main()
