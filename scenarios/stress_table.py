"""The tables of the stress lab: means, intervals and statuses by shock and severity."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from scenarios.shocks import names, shock
from scenarios.stress import STATUSES, UNDISTURBED, UNPLANNED, Measures, Run, Task
from scenarios.stress_stats import Estimate, estimate

DECIMALS = 6
NO_CHANGE = estimate(())


@dataclass(frozen=True, slots=True)
class Compared:
    """A field of `Measures` that is compared: heading with unit, decimals in which people read it."""

    key: str
    heading: str
    decimals: int


COMPARED = (
    Compared("meals_given", "meals given", 1),
    Compared("level_min", "worst level", 3),
    Compared("waste_kg", "waste kg", 1),
    Compared("km", "driven km", 1),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a reader must know to judge the numbers.

    `seconds` is the limit given for a week, `used_s` what a week took on average.
    """

    title_ja: str
    title_en: str
    is_synthetic: bool
    seeds: tuple[int, ...]
    seconds: float
    used_s: float
    version: str

    def caption_en(self) -> str:
        """Scenario, seeds, effort and version in a few words."""
        kind = "Synthetic data" if self.is_synthetic else "Data as given"
        return (
            f"{kind}: {self.title_en}. Seeds: {_span(self.seeds)} (n = {len(self.seeds)}), quick "
            f"plans, limit {self.seconds:g} s a week (used: {self.used_s:.1f} s on average). "
            f"Osusowake {self.version}."
        )

    def caption_ja(self) -> str:
        """The same in Japanese."""
        kind = "架空のデータ" if self.is_synthetic else "与えられたデータ"
        return (
            f"{kind}: {self.title_ja}。乱数の種 {_span(self.seeds)}(n = {len(self.seeds)})、"
            f"簡易計画、1週間あたり上限 {self.seconds:g} 秒(実際は平均 {self.used_s:.1f} 秒)。"
            f"おすそわけ {self.version}。"
        )


@dataclass(frozen=True, slots=True)
class Row:
    """All runs of one shock at one severity.

    `means` are over the planned weeks, `changes` over the pairs with the undisturbed week of the
    same seed where both were planned; the undisturbed row has no changes.
    """

    shock: str
    severity: int
    statuses: Mapping[str, int]
    means: Mapping[str, float | None]
    changes: Mapping[str, Estimate]

    @property
    def runs(self) -> int:
        """Weeks asked for."""
        return sum(self.statuses.values())

    @property
    def planned(self) -> int:
        """Weeks with an accepted plan."""
        return self.runs - sum(self.statuses[status] for status in UNPLANNED)


def summarise(runs: Sequence[Run]) -> list[Row]:
    """One row per shock and severity, in the order of the runs; the undisturbed week comes first."""
    groups: dict[tuple[str, int], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.task.shock, run.task.severity), []).append(run)
    calm = undisturbed(runs)
    return [_row(name, severity, group, calm) for (name, severity), group in groups.items()]


def undisturbed(runs: Iterable[Run]) -> dict[int, Measures | None]:
    """What the undisturbed week achieves, by seed."""
    return {run.task.seed: run.measures for run in runs if run.task.shock == UNDISTURBED}


def _row(
    name: str, severity: int, group: Sequence[Run], calm: Mapping[int, Measures | None]
) -> Row:
    counted = Counter(run.status for run in group)
    return Row(
        name,
        severity,
        {status: counted[status] for status in STATUSES},
        {one.key: estimate(_values(group, one.key)).mean for one in COMPARED},
        {}
        if name == UNDISTURBED
        else {one.key: estimate([*changes(group, calm, one.key).values()]) for one in COMPARED},
    )


def changes(
    group: Iterable[Run], calm: Mapping[int, Measures | None], measure: str
) -> dict[int, float]:
    """Shocked less undisturbed, by seed, where both weeks have this measure."""
    found = {}
    for run in group:
        after, before = run.measures, calm.get(run.task.seed)
        if after is None or before is None:
            continue
        value, reference = getattr(after, measure), getattr(before, measure)
        if value is not None and reference is not None:
            found[run.task.seed] = value - reference
    return found


def _values(group: Iterable[Run], measure: str) -> list[float]:
    values = (getattr(run.measures, measure) for run in group if run.measures is not None)
    return [value for value in values if value is not None]


def write_tables(
    runs: Sequence[Run], rows: Sequence[Row], setting: Setting, out: Path
) -> list[Path]:
    """Write `stress.csv` (rows), `runs.csv` (every run) and `stress.txt` (for people)."""
    out.mkdir(parents=True, exist_ok=True)
    summary, every, text = out / "stress.csv", out / "runs.csv", out / "stress.txt"
    _write_csv(summary, [row_record(row) for row in rows])
    _write_csv(every, [run_record(run) for run in runs])
    text.write_text(report(runs, rows, setting) + "\n", encoding="utf-8")
    return [summary, every, text]


def row_record(row: Row) -> dict[str, object]:
    """A row as flat columns."""
    record: dict[str, object] = {
        "shock": row.shock or "none",
        "severity": row.severity,
        "runs": row.runs,
        "planned": row.planned,
    }
    for key in (one.key for one in COMPARED):
        change = row.changes.get(key, NO_CHANGE)
        record[f"{key}_mean"] = _short(row.means[key])
        record[f"{key}_n"] = change.n
        record[f"{key}_change"] = _short(change.mean)
        record[f"{key}_change_low"] = _short(change.low)
        record[f"{key}_change_high"] = _short(change.high)
    return record | dict(row.statuses)


def run_record(run: Run) -> dict[str, object]:
    """A run as flat columns; numbers are blank where there is no accepted plan."""
    numbers = asdict(run.measures) if run.measures else {f.name: None for f in fields(Measures)}
    return {
        **asdict(Task(run.task.shock or "none", run.task.severity, run.task.seed)),
        "status": run.status,
        **{
            key: _short(value) if isinstance(value, float) else value
            for key, value in numbers.items()
        },
        "runtime_s": round(run.runtime_s, 3),
        "note": run.note,
    }


def report(runs: Sequence[Run], rows: Sequence[Row], setting: Setting) -> str:
    """The table for people, with what to know before reading it."""
    heading = f"{'shock':<16}{'sev.':>5}{'n':>7}" + "".join(
        f"{one.heading:>29}" for one in COMPARED
    )
    lines = [setting.caption_ja(), setting.caption_en(), "", heading, "-" * len(heading)]
    lines += [_line(row) for row in rows]
    lines += ["", *_notes(runs, rows, setting), "", *_legend(rows)]
    return "\n".join(lines)


def _line(row: Row) -> str:
    place = f"{row.shock or 'undisturbed':<16}{row.severity:>5}{f'{row.planned}/{row.runs}':>7}"
    return place + "".join(f"{_cell(row, one):>29}" for one in COMPARED)


def _cell(row: Row, one: Compared) -> str:
    """The mean for the undisturbed week, else the change with its interval."""
    decimals = one.decimals
    if row.shock == UNDISTURBED:
        mean = row.means[one.key]
        return "-" if mean is None else f"{mean:.{decimals}f}"
    change = row.changes[one.key]
    if change.mean is None:
        return "-"
    text = f"{change.mean:+.{decimals}f}"
    if change.low is None or change.high is None:
        return text
    return f"{text} [{change.low:+.{decimals}f}, {change.high:+.{decimals}f}]"


def _notes(runs: Sequence[Run], rows: Sequence[Row], setting: Setting) -> list[str]:
    notes = [
        "初めの行は平常の週の平均、以下は同じ種の平常の週との差の平均と95 %区間(Student の t)。",
        "First row: means of the undisturbed week. Below: mean difference to the undisturbed week "
        "of the same seed [95 % interval, Student's t]. n: weeks with an accepted plan / planned.",
    ]
    counted = Counter(run.status for run in runs)
    told = ", ".join(f"{status} {counted[status]}" for status in STATUSES if counted[status])
    notes.append(f"状態 / Statuses: {told}")
    if len(setting.seeds) < 2:
        notes += [
            "種が1つだけなので区間はありません。",
            "Only one seed: there are no intervals.",
        ]
    if any(row.planned < row.runs for row in rows):
        notes += [
            "受け入れられる計画のない週があります。平均はそれらを除くので、よく見えすぎることがあります。",
            "Some weeks have no accepted plan. The means leave them out and may look too good; "
            "runs.csv says which and why.",
        ]
    return notes


def _legend(rows: Sequence[Row]) -> list[str]:
    shown = {row.shock for row in rows}
    return [
        f"{name}: {shock(name).title_ja} / {shock(name).title_en}: {shock(name).meaning}"
        for name in names()
        if name in shown
    ]


def _write_csv(path: Path, records: Sequence[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


def _span(seeds: Sequence[int]) -> str:
    return f"{seeds[0]}–{seeds[-1]}" if len(seeds) > 1 else str(seeds[0])
