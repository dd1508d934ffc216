"""`outcomes.csv` as text: rows to outcomes, and a finding for each cell that cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeVar

from logistics.inventory.outcomes import Outcome, OutcomeKind
from logistics.model.errors import Finding, InvalidFact

T = TypeVar("T")

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "household_id": "世帯",
        "lot_id": "ロット",
        "session_id": "配布会",
        "date": "日付",
        "outcome": "結果",
        "units": "数",
        "to_site_id": "返却先",
        "reason": "理由",
        "recorded_at": "記録時刻",
    }
)
"""The columns with their Japanese headings; either may be used."""

WORDS: Mapping[str, OutcomeKind] = MappingProxyType(
    {
        "渡した": OutcomeKind.DELIVERED,
        "一部": OutcomeKind.PARTLY,
        "不在": OutcomeKind.NOT_HOME,
        "返却": OutcomeKind.RETURNED,
        "廃棄": OutcomeKind.WASTED,
        **{str(kind): kind for kind in OutcomeKind},
    }
)
"""What a row may say happened."""

_NEEDED = ("household_id", "lot_id", "date", "outcome", "recorded_at")
_Cells = Mapping[str, str]


def outcomes_from_bytes(data: bytes, file: str) -> tuple[tuple[Outcome, ...], tuple[Finding, ...]]:
    """Read an outcomes file in UTF-8 or, as Japanese spreadsheets save it, cp932."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return outcomes_from_text(data.decode(encoding), file)
        except UnicodeDecodeError:
            continue
    return (), (
        Finding("encoding", "neither UTF-8 nor cp932", "save the file as CSV UTF-8", file=file),
    )


def outcomes_from_text(text: str, file: str) -> tuple[tuple[Outcome, ...], tuple[Finding, ...]]:
    """Outcomes of a file's rows; rows with findings are left out, unknown columns are not read."""
    try:
        rows = [
            (number, row)
            for number, row in enumerate(csv.reader(io.StringIO(text, newline="")), start=1)
            if number == 1 or any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        return (), (Finding("csv", f"not readable as CSV ({error})", file=file),)
    names = {ja: name for name, ja in COLUMNS.items()}
    header = [names.get(cell.strip(), cell.strip()) for cell in rows[0][1]] if rows else []
    findings = [
        Finding("column_missing", f"column {name} ({COLUMNS[name]}) is missing", file=file, row=1)
        for name in _NEEDED
        if name not in header
    ]
    if findings:
        return (), tuple(findings)
    outcomes = []
    for number, row in rows[1:]:
        reader = _Row(dict(zip(header, map(str.strip, row), strict=False)), file, number)
        outcome = reader.outcome()
        if outcome is not None:
            outcomes.append(outcome)
        findings += reader.findings
    return tuple(outcomes), tuple(findings)


class _Row:
    """Reads one row; what cannot be read becomes a finding with its column."""

    def __init__(self, cells: _Cells, file: str, row: int) -> None:
        self.cells, self.file, self.row = cells, file, row
        self.findings: list[Finding] = []

    def outcome(self) -> Outcome | None:
        """The row as an outcome, `None` if it has findings."""
        household_id = self.read("household_id", _some, "a household_id")
        lot_id = self.read("lot_id", _some, "a lot_id")
        day = self.read("date", _day, "a date such as 2026-11-25")
        kind = self.read("outcome", WORDS.__getitem__, "one of " + ", ".join(OutcomeKind))
        noted_at = self.read("recorded_at", _local, "a time such as 2026-11-25T16:30")
        units = self.read("units", _units, "a whole number > 0, or blank for all that is open")
        if household_id is None or lot_id is None or day is None or kind is None:
            return None
        if noted_at is None or self.findings:
            return None
        try:
            return Outcome(
                household_id=household_id,
                lot_id=lot_id,
                session_id=self.cells.get("session_id") or None,
                day=day,
                kind=kind,
                units=units or None,
                noted_at=noted_at,
                to_site_id=self.cells.get("to_site_id", ""),
                reason=self.cells.get("reason", ""),
                file=self.file,
                row=self.row,
            )
        except InvalidFact as error:
            self.findings.append(Finding("outcome", str(error), file=self.file, row=self.row))
            return None

    def read(self, column: str, convert: Callable[[str], T], expected: str) -> T | None:
        """One cell through a conversion that raises ValueError or KeyError on bad text."""
        value = self.cells.get(column, "")
        try:
            return convert(value)
        except (ValueError, KeyError):
            self.findings.append(
                Finding(
                    "cell",
                    f"expected {expected}",
                    file=self.file,
                    row=self.row,
                    column=column,
                    value=value,
                )
            )
            return None


def _some(text: str) -> str:
    if not text:
        raise ValueError("empty")
    return text


def _iso(text: str) -> str:
    """A day, perhaps with a time, as ISO 8601 writes it; spreadsheets save `2026/1/5 9:05`."""
    day, _, clock = text.partition(" ")
    if "/" in day:
        year, month, number = day.split("/")
        day = f"{year}-{month:0>2}-{number:0>2}"
    hour, colon, rest = clock.partition(":")
    return f"{day} {hour:0>2}{colon}{rest}" if clock else day


def _day(text: str) -> date:
    return date.fromisoformat(_iso(text))


def _local(text: str) -> datetime:
    at = datetime.fromisoformat(_iso(text))
    if at.tzinfo is not None:
        raise ValueError("local time has no offset")
    return at


def _units(text: str) -> int:
    """Units of a cell, 0 for a blank one."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) == 0:
        raise ValueError("no whole number > 0")
    return int(text)
