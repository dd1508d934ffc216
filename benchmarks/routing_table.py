"""Runs of the routing benchmark, and what they say in the mean: for people and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from math import sqrt
from pathlib import Path

from benchmarks.contest import OURS

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Run:
    """One contestant on one instance with one seed.

    `gap` is cost / best known - 1, in percent, `extra` vehicles above the best known (0 where vehicles
    do not come first); both None if nothing was found that serves everyone. `trace`: (seconds, gap) of
    every better solution.
    """

    group: str
    instance: str
    contestant: str
    seed: int
    seconds: float
    missing: int | None
    gap: float | None
    extra: int | None
    by: str
    trace: tuple[tuple[float, float], ...] = field(default=(), repr=False)

    @property
    def line(self) -> str:
        """For people, while they wait."""
        what = "nothing" if self.gap is None else f"{self.gap:8.3f} %  {self.extra:+d} vehicles"
        return (
            f"{self.group:22}{self.instance:14}{self.contestant:10} seed {self.seed:<4}"
            f"{self.seconds:7.1f} s  {what}  {self.by}"
        )


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with half of its 95 % interval; no interval of fewer than two values."""

    value: float
    half: float | None
    number: int

    @property
    def text(self) -> str:
        """`value ± half`."""
        return f"{self.value:.2f}" + ("" if self.half is None else f" ± {self.half:.2f}")


@dataclass(frozen=True, slots=True)
class Row:
    """What one contestant did on one class.

    `gap`: of the runs that need as many vehicles as the best known; `extra`: vehicles above it.
    `behind`: our gap less this one's, over pairs of runs of the same instance and seed that need as many
    vehicles; `fewer`: our vehicles less this one's, over all pairs. Negative: ours is better.
    """

    group: str
    contestant: str
    runs: int
    failed: int
    gap: Mean | None
    extra: Mean | None
    behind: Mean | None
    fewer: Mean | None


def mean(values: Sequence[float]) -> Mean | None:
    """Student's interval over values that are taken as independent; None of no value."""
    from scipy.stats import t

    n = len(values)
    if not n:
        return None
    middle = sum(values) / n
    if n == 1:
        return Mean(middle, None, 1)
    deviation = sqrt(sum((value - middle) ** 2 for value in values) / (n - 1))
    return Mean(middle, float(t.ppf((1 + CONFIDENCE) / 2, n - 1)) * deviation / sqrt(n), n)


def rows(runs: Sequence[Run]) -> Iterator[Row]:
    """All classes and contestants, in the order in which they ran."""
    ours = {(run.instance, run.seed): run for run in runs if run.contestant == OURS}
    for group in dict.fromkeys(run.group for run in runs):
        for contestant in dict.fromkeys(run.contestant for run in runs):
            own = [run for run in runs if (run.group, run.contestant) == (group, contestant)]
            if own:
                yield _row(group, contestant, own, ours)


def _row(
    group: str, contestant: str, own: Sequence[Run], ours: Mapping[tuple[str, int], Run]
) -> Row:
    served = [run for run in own if run.gap is not None and run.extra is not None]
    gaps = [run.gap for run in served if run.gap is not None and run.extra == 0]
    behind, fewer = list[float](), list[float]()
    for run in served if contestant != OURS else ():
        other = ours.get((run.instance, run.seed))
        if other is None or other.gap is None or run.gap is None:
            continue
        vehicles = (other.extra or 0) - (run.extra or 0)
        fewer.append(vehicles)
        if not vehicles:
            behind.append(other.gap - run.gap)
    return Row(
        group,
        contestant,
        len(own),
        len(own) - len(served),
        mean(gaps),
        mean([float(run.extra or 0) for run in served]),
        mean(behind),
        mean(fewer),
    )


def table(runs: Sequence[Run]) -> str:
    """The rows as text."""
    heading = (
        f"{'class':22}{'contestant':12}{'runs':>6}{'failed':>8}{'gap %':>16}"
        f"{'vehicles above':>18}{'ours less it, %':>18}{'vehicles':>16}"
    )
    lines = [heading]
    for row in rows(runs):
        means = (row.gap, row.extra, row.behind, row.fewer)
        gap, extra, behind, fewer = ("–" if m is None else m.text for m in means)
        lines.append(
            f"{row.group:22}{row.contestant:12}{row.runs:6}{row.failed:8}{gap:>16}"
            f"{extra:>18}{behind:>18}{fewer:>16}"
        )
    return "\n".join(lines)


def write_csv(runs: Sequence[Run], setting: Mapping[str, object], path: Path) -> None:
    """All runs, with the setting in every one; a trace as `seconds:gap` pairs."""
    names = [one.name for one in fields(Run)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*names, *setting])
        for run in runs:
            values = asdict(run)
            values["trace"] = ";".join(f"{at:.2f}:{gap:.4f}" for at, gap in run.trace)
            writer.writerow([*(values[name] for name in names), *setting.values()])
