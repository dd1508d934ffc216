"""From files to tables of text: CSV and Excel alike, nothing interpreted yet.

The standard `csv` module reads at a million cells a second and tells a torn row from a short one,
which a data frame would pad in silence; openpyxl is imported only where there is a workbook.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from itertools import islice
from typing import Any

from logistics.intake.report import Report
from logistics.intake.sources import ELSEWHERE, TABLES, WORKBOOK, Sources, decode
from logistics.intake.vocabulary import fold, headings, sheets

_UNPACKED_MAX = 500_000_000
"""Bytes; a workbook of 10^6 rows unpacks to about a tenth of this."""

_ROWS_MAX = 1_048_576
"""Rows that a sheet can have."""

NEAR = 0.8
"""How alike a heading must be to a known one to be taken for a slip of it (Ratcliff-Obershelp)."""

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of stripped text as they stand in a file, the heading first."""

    file: str
    rows: list[Cells]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under known headings: `columns` maps a column to its place in a row.

    Each row comes with its number in the spreadsheet; `torn` rows have too few or too many cells.
    """

    file: str
    columns: Mapping[str, int]
    rows: list[tuple[int, Cells]]
    torn: list[tuple[int, Cells]]


def read_grids(sources: Sources, report: Report) -> dict[str, Grid | None]:
    """Grids by table; `None` where a table is given but cannot be read (a finding says why)."""
    book = _week_book(sources, report)
    grids: dict[str, Grid | None] = {}
    for table in TABLES:
        given = _grids_of(table, sources, report)
        if book is not None and table in book:
            given.append(book[table])
        if len(given) > 1:
            files = [grid.file for grid in given if grid] or [table]
            report.add("two_sources", files[-1], sources=", ".join(files))
            grids[table] = None
        elif given or book is None:  # a lost workbook may have held any table
            grids[table] = given[0] if given else None
    return grids


def _grids_of(table: str, sources: Sources, report: Report) -> list[Grid | None]:
    """What `table.csv` and `table.xlsx` give, as far as they are there."""
    given: list[Grid | None] = []
    for name, read in ((f"{table}.csv", csv_grid), (f"{table}.xlsx", _book_grid)):
        if name in sources.contents:
            given.append(read(name, sources.contents[name], report))
        elif name in sources.refused:
            given.append(None)
    return given


def csv_grid(file: str, content: bytes, report: Report) -> Grid | None:
    """Rows of a CSV file (commas, or tabs where the heading has no comma); `None` with a finding."""
    text = decode(content, file, report)
    if text is None:
        return None
    heading = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in heading and "," not in heading else ","
    rows: list[Cells] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append([cell.strip() for cell in cells])  # noqa: PERF401 (rows count on failure)
    except csv.Error as problem:
        report.add("broken_csv", file, len(rows) + 1, detail=problem)
        return None
    return Grid(file, rows)


def _week_book(sources: Sources, report: Report) -> dict[str, Grid] | None:
    """Sheets of `week.xlsx` by table, none if there is no such file; `None` if it is not readable."""
    if WORKBOOK in sources.refused:
        return None
    if WORKBOOK not in sources.contents:
        return {}
    book = _book(WORKBOOK, sources.contents[WORKBOOK], report)
    if book is None:
        return None
    grids: dict[str, Grid] = {}
    for title, rows in book.items():
        file = f"{WORKBOOK}:{title}"
        table = sheets().get(fold(title))
        if table is None:
            if rows and fold(title) not in ELSEWHERE:
                report.add("unknown_sheet", WORKBOOK, sheet=title)
        elif table in grids:
            report.add("two_sources", file, sources=f"{grids[table].file}, {file}")
        else:
            grids[table] = Grid(file, rows)
    return grids


def _book_grid(file: str, content: bytes, report: Report) -> Grid | None:
    """The sheet of a table's own workbook that is named like the table, else the first."""
    book = _book(file, content, report)
    if book is None:
        return None
    table = file.removesuffix(".xlsx")
    named = [title for title in book if sheets().get(fold(title)) == table]
    chosen = named[0] if named else next(iter(book), None)
    for title, rows in book.items():
        if title != chosen and rows:
            report.add("unknown_sheet", file, sheet=title)
    return Grid(file, book[chosen] if chosen is not None else [])


def _book(file: str, content: bytes, report: Report) -> dict[str, list[Cells]] | None:
    """Every sheet of a workbook as rows of text."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _UNPACKED_MAX:
            report.add("too_large", file, megabytes=unpacked // 10**6)
            return None
        return _sheets_of(content)
    except Exception:  # noqa: BLE001  a damaged workbook makes openpyxl raise almost anything
        report.add("broken_workbook", file)
        return None


def _sheets_of(content: bytes) -> dict[str, list[Cells]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, never about cells
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        grids: dict[str, list[Cells]] = {}
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            # A damaged row number would make openpyxl fill the gap before it without end.
            given = islice(sheet.iter_rows(values_only=True), _ROWS_MAX)
            grids[sheet.title] = _squared([[_cell_text(cell) for cell in row] for row in given])
        book.close()
    return grids


def _squared(rows: list[Cells]) -> list[Cells]:
    """Rows without blank ends, each at least as long as the heading: a sheet has no short rows."""
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    width = len(rows[0]) if rows else 0
    return [row + [""] * (width - len(row)) for row in rows]


def _cell_text(value: Any) -> str:
    """A spreadsheet's value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value).strip()


def under_headings(
    name: str, grid: Grid, columns: Iterable[str], needed: Iterable[str], report: Report
) -> Table | None:
    """The rows of a grid under its headings; `None` if it has none (a finding says so)."""
    if not any(any(row) for row in grid.rows):
        report.add("empty_file", grid.file)
        return None
    known = {fold(column): column for column in columns} | dict(headings(name))
    heading = list(grid.rows[0])
    while heading and not heading[-1]:
        heading.pop()
    places = _places(grid.file, heading, known, report)
    if places is None:
        report.add("no_header", grid.file, 1, columns=", ".join(columns))
        return None
    for column in needed:
        if column not in places:
            report.missing_column(grid.file, column)
    rows: list[tuple[int, Cells]] = []
    torn: list[tuple[int, Cells]] = []
    width = len(heading)
    for number, row in enumerate(grid.rows[1:], start=2):
        if not any(row):
            continue
        if len(row) < width or any(row[width:]):
            torn.append((number, row))
            report.add("ragged_row", grid.file, number, found=len(row), expected=width)
        else:
            rows.append((number, row))
    return Table(grid.file, places, rows, torn)


def _places(
    file: str, heading: Cells, known: Mapping[str, str], report: Report
) -> dict[str, int] | None:
    """Place of each known column; `None` if not a single heading is known."""
    names = [known.get(fold(title), "") for title in heading]
    if not any(names):
        return None
    places: dict[str, int] = {}
    strangers = []
    for place, (title, column) in enumerate(zip(heading, names, strict=True)):
        if not column:
            meant = _meant(title, known, names)
            if meant:
                report.add("near_column", file, 1, title, near=meant)
            else:
                strangers.append(title or f"#{place + 1}")
        elif column in places:
            report.add("duplicate_column", file, 1, column, title)
        else:
            places[column] = place
    if strangers:
        report.add("unknown_columns", file, 1, "; ".join(strangers))
    return places


def _meant(title: str, known: Mapping[str, str], there: Sequence[str]) -> str:
    """The column, not in the file, whose name in some language is nearest to a heading; or nothing."""
    near = get_close_matches(fold(title), known, n=1, cutoff=NEAR)
    column = known[near[0]] if near else ""
    return "" if column in there else column
