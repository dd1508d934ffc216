"""The figures that the project set itself for allocation, each measured in processes of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.building import WAYS
from benchmarks.contest import OURS, OUT_OF_TIME, SLACK_S, Figures, measured, run
from benchmarks.lines import Line

ARRAYS: tuple[tuple[str, Figures, float], ...] = (
    (
        "unit meals",
        {"households": 50_000, "lots": 500, "ways": 8.82, "integer": True},
        1.0,
    ),
    ("100,000 x 2,000", {"households": 100_000, "lots": 2_000, "ways": 10.0}, 3.0),
)
"""Name, city, seconds to reach. Everybody chooses on their own, so that each is a class."""

COMMAND_HOUSEHOLDS, COMMAND_S = 1_000_000, 60.0
PACKS: tuple[tuple[int, int, float], ...] = (
    (62, 60, 20.0),
    (200, 150, 20.0),
    (500, 150, 30.0),
    (2_000, 300, 30.0),
)
"""Households, lots and limit in seconds of the generated weeks."""


def weeks(limit_s: float, seed: int) -> Iterator[Line]:
    """The bundled weeks, allocated without routes."""
    for name in ("takatsuki", "southern_tier"):
        found = run("week", {"name": name, "limit_s": limit_s, "seed": seed})
        if "ended" in found:
            yield failed("weeks, without routes", name, OURS, 0, found)
            continue
        yield Line(
            "weeks, without routes",
            name,
            OURS,
            found["households"],
            found["fairness_s"],
            found["peak_mib"],
            found["lowest"],
            note=f"{found['status']}; {found['proven']} of {found['levels']} levels proven; "
            f"{found['meals']:g} meals, at most {found['bound_meals']:g}; "
            f"with all later objectives {found['seconds']:.1f} s",
        )


def failed(table: str, case: str, engine: str, households: int, found: Figures) -> Line:
    """The line of a run that did not come to an end."""
    why = " ".join(str(found.get("errors", "")).split())[-120:]
    note = found["ended"] + (f": {why}" if why else "")
    return Line(table, case, engine, households, note=note)


def read_arrays(folder: Path, limit_s: float, seed: int) -> Iterator[Line]:
    """All levels of cities without structure, reading the arrays included."""
    for name, wish, aim_s in ARRAYS:
        path = folder / f"{name}.npz"
        asked = {"city": wish | {"seed": seed}, "path": str(path), "limit_s": limit_s}
        drawn, found = run("draw", asked), run("arrays", asked)
        table = "targets: from arrays"
        if "ended" in drawn or "ended" in found:
            yield failed(table, name, OURS, wish["households"], drawn | found)
            continue
        yield Line(
            table,
            name,
            OURS,
            wish["households"],
            found["seconds"],
            found["peak_mib"],
            right=found["right"],
            note=f"aim {aim_s:g} s; {drawn['classes']:,} classes, {drawn['pairs']:,} pairs, "
            f"{drawn['lots']:,} lots; {proof(found)}",
        )


def proof(found: Figures) -> str:
    """Levels, how many of them are proven, and what the judge says."""
    said = "judged clean" if not found["faults"] else f"the judge found {found['faults']} faults"
    proven = f"{found['proven']:,} of {found['levels']:,} levels proven"
    return f"{proven}, {said} in {found['judge_s']:.2f} s"


def building(folder: Path, limit_s: float) -> Iterator[Line]:
    """Ways to build the program of the first level, on the first city of `read_arrays`."""
    name, wish, _ = ARRAYS[0]
    for way in WAYS:
        found = run("build", {"path": str(folder / f"{name}.npz"), "way": way, "limit_s": limit_s})
        table, households = "targets: building a linear program", wish["households"]
        if "ended" in found:
            yield failed(table, name, way, households, found)
        else:
            yield Line(table, name, way, households, found["seconds"], found["peak_mib"])


def command(folder: Path, households: int, seed: int) -> Iterator[Line]:
    """`osusowake allocate FOLDER`: from CSV to lines and certificates, judged and written."""
    table, case = "targets: the command, from CSV to files", f"{households:,}"
    wish = {"households": households, "history": True, "seed": seed}
    source, out = folder / "city", folder / "result"
    run("draw", {"city": wish, "path": str(source), "limit_s": SLACK_S})
    size_mb = sum(file.stat().st_size for file in source.iterdir()) / 1e6
    program = [str(Path(sys.executable).with_name("osusowake")), "allocate", str(source)]
    code, seconds, peak_mib, errors = measured(
        [*program, "--out", str(out), "--seconds", f"{SLACK_S:g}"], 2 * SLACK_S
    )
    if code:
        yield failed(table, case, OURS, households, {"ended": f"exit {code}", "errors": errors})
        return
    yield Line(
        table,
        case,
        OURS,
        households,
        seconds,
        peak_mib,
        note=f"aim {COMMAND_S:g} s, 6 GiB; history and weights; {size_mb:.0f} MB of CSV; judged clean",
    )


def packs(sizes: Sequence[tuple[int, int, float]], seeds: Sequence[int]) -> Iterator[Line]:
    """Integer leximin of generated weeks with packs, group caps and kilograms."""
    for households, lots, limit_s in sizes:
        runs = [
            run("packs", {"households": households, "lots": lots, "seed": s, "limit_s": limit_s})
            for s in seeds
        ]
        table, case = f"packs, seeds {seeds[0]} to {seeds[-1]}", f"{households:,} x {lots}"
        done = [found for found in runs if "ended" not in found]
        if not done:
            yield failed(table, case, OURS, households, runs[0])
            continue
        times, shares = [found["seconds"] for found in done], [_short(found) for found in done]
        late = sum(found.get("ended") == OUT_OF_TIME for found in runs)
        yield Line(
            table,
            case,
            OURS,
            households,
            median(times),
            max(found["peak_mib"] for found in done),
            short_meals=median(found["short_meals"] for found in done),
            note=f"worst {max(times):.1f} s (limit {limit_s:g}); proven "
            f"{sum(found['proven'] for found in done)} of {len(runs)}; short of the bound "
            f"{median(shares):.2%}, worst {max(shares):.2%}; household furthest behind "
            f"{max(found['behind_meals'] for found in done):g} meals"
            + (f"; {late} out of time" if late else "")
            + (f"; {len(runs) - len(done) - late} broken" if len(runs) - len(done) > late else ""),
        )


def _short(found: Figures) -> float:
    """Meals short of the bound, as a share of what is given."""
    share: float = found["short_meals"] / max(1.0, found["meals"])
    return share
