"""Lines of the allocation benchmark's tables: for people, as CSV, and as Markdown."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """What one engine did on one case; what was not measured is None.

    `right` of `households` levels are the exact ones; `note` says the rest.
    """

    table: str
    case: str
    engine: str
    households: int
    seconds: float | None = None
    peak_mib: float | None = None
    lowest: float | None = None
    right: int | None = None
    short_meals: float | None = None
    note: str = ""

    @property
    def text(self) -> str:
        """For people."""
        right = "" if self.right is None else f"{self.right:,} of {self.households:,}"
        return (
            f"{self.case:20}{self.engine:34}{_number(self.seconds, 2, 's'):>11}"
            f"{_number(self.peak_mib, 0, 'MiB'):>11}{_number(self.lowest, 4):>9}{right:>24}"
            f"{_number(self.short_meals, 1):>13}  {self.note}"
        ).rstrip()


HEADING = f"{'':54}{'time':>11}{'peak':>11}{'lowest':>9}{'right':>24}{'short':>13}"


def _number(value: float | None, digits: int, unit: str = "") -> str:
    return "" if value is None else f"{value:,.{digits}f} {unit}".rstrip()


def write_csv(lines: Sequence[Line], setting: Mapping[str, object], path: Path) -> None:
    """All lines, with the setting in every one."""
    names = [field.name for field in fields(Line)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*names, *setting])
        for line in lines:
            values = asdict(line)
            writer.writerow([*(values[name] for name in names), *setting.values()])


def write_markdown(lines: Sequence[Line], compared: Sequence[str], path: Path) -> None:
    """Tables for benchmarks/README.md: engines over cases where they are compared, else all lines."""
    blocks = []
    for table in dict.fromkeys(line.table for line in lines):
        own = [line for line in lines if line.table == table]
        made = _pivots(own) if table in compared else [_listed(own)]
        blocks.append(f"## {table}\n\n" + "\n\n".join(made))
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _listed(lines: Sequence[Line]) -> str:
    rows = [
        [ln.case, ln.engine, _number(ln.seconds, 2, "s"), _number(ln.peak_mib, 0, "MiB"), ln.note]
        for ln in lines
    ]
    return _table(["case", "engine", "time", "peak", ""], rows)


def _pivots(lines: Sequence[Line]) -> list[str]:
    """Seconds, lowest level and share of levels right, each with a row an engine and a column a case."""
    cases = list(dict.fromkeys(line.case for line in lines))
    engines = list(dict.fromkeys(line.engine for line in lines))
    by = {(line.engine, line.case): line for line in lines}
    found = []
    for title, shown in (("time", _time), ("lowest level", _lowest), ("levels right", _right)):
        rows = [
            [engine, *(shown(by[engine, case]) for case in cases if (engine, case) in by)]
            for engine in engines
        ]
        found.append(_table([title, *cases], rows))
    return found


def _time(line: Line) -> str:
    if line.seconds is not None:
        return _number(line.seconds, 3 if line.seconds < 0.1 else 1, "s")
    return "–" if line.note.startswith("not asked") else line.note.split(":")[0]


def _lowest(line: Line) -> str:
    return _number(line.lowest, 3)


def _right(line: Line) -> str:
    """Rounded down: 100 % are all of them."""
    return "" if line.right is None else f"{100 * line.right // line.households} %"


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
