"""A line of the allocation benchmark's tables, for people and as CSV."""

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
