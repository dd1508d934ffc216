"""From tables of text to checked rows, one finding per wrong cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from logistics.intake.cells import identifier
from logistics.intake.report import Report
from logistics.intake.rows import PlaceRow, Row, Spec
from logistics.intake.tables import Grid, Table, under_headings

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Checked(Generic[R]):
    """A table after validation.

    `rows` are the good ones, of those with the same identifier only the first. `ids` are the
    identifiers of all rows, good or bad, so that a bad row does not make every reference to it
    wrong as well. `settles` says that every identifier could be read: only then does a missing one
    prove a reference wrong.
    """

    file: str
    rows: tuple[R, ...] = ()
    ids: frozenset[str] = frozenset()
    settles: bool = False
    table: Table | None = None

    def has(self, column: str) -> bool:
        """Whether the table has this column."""
        return self.table is not None and column in self.table.columns

    def has_any(self, *columns: str) -> bool:
        """Whether the table has at least one of these columns."""
        return any(self.has(name) for name in columns)

    def mentions(self, column: str) -> Iterator[tuple[int, str]]:
        """Row number and text of every filled cell of a column, in rows good or bad."""
        if self.table is None or column not in self.table.columns:
            return
        place = self.table.columns[column]
        for number, cells in self.table.rows:
            if cells[place]:
                yield number, cells[place]


def report_blank(
    checked: Checked[R], row: int, column: str, code: str, report: Report, **words: object
) -> None:
    """Say that a row needs a cell that is blank; a column that is not there at all is said once."""
    if checked.has(column):
        report.add(code, checked.file, row, column, "", **words)
    else:
        report.missing_column(checked.file, column)


def validate(grid: Grid | None, spec: Spec[R], report: Report) -> Checked[R]:
    """Check every row of a table; a grid that is `None` has its finding already."""
    if grid is None:
        return Checked(spec.name)
    table = under_headings(spec.name, grid, spec.columns, spec.needed, report)
    if table is None:
        return Checked(grid.file)
    if issubclass(spec.model, PlaceRow):
        _need_place(table, report)
    rows = tuple(_good_rows(table, spec, report))
    if not spec.key:
        return Checked(grid.file, rows, table=table)
    first, settles = _identifiers(table, spec.key, report)
    distinct = tuple(row for row in rows if first[getattr(row, spec.key)] == row.row)
    return Checked(grid.file, distinct, frozenset(first), settles, table)


def _need_place(table: Table, report: Report) -> None:
    """A place needs both coordinates, or a town; one missing column is one finding."""
    missing = [column for column in ("lat", "lon") if column not in table.columns]
    if missing and (len(missing) == 1 or "town" not in table.columns):
        report.missing_column(table.file, missing[0])


def _good_rows(table: Table, spec: Spec[R], report: Report) -> Iterator[R]:
    check = spec.model.model_validate
    places = tuple(table.columns.items())
    for number, cells in table.rows:
        values: dict[str, object] = {name: cells[at] for name, at in places if cells[at]}
        values["row"] = number
        try:
            yield check(values)
        except ValidationError as problem:
            for code, column, value, words in reasons(problem):
                if column in table.columns:  # else the missing column has its finding already
                    report.add(code, table.file, number, column, value, **words)


def reasons(problem: ValidationError) -> Iterator[tuple[str, str, str, dict[str, object]]]:
    """Code, column, value and words of every error that pydantic found."""
    for error in problem.errors(include_url=False):
        column = ".".join(str(part) for part in error["loc"])
        if error["type"] == "missing":
            yield "blank_cell", column, "", {}
            continue
        words = dict(error.get("ctx", {}))
        code = words.pop("code", "wrong_type")
        value = error["input"]
        yield code, column, value if isinstance(value, str) else "", words


def _identifiers(table: Table, key: str, report: Report) -> tuple[dict[str, int], bool]:
    """First row of each identifier, and whether all could be read; a repeated one is a finding."""
    if key not in table.columns:
        return {}, False
    first: dict[str, int] = {}
    settles = True
    place = table.columns[key]
    for number, cells in sorted(table.rows + table.torn):
        cell = cells[place] if place < len(cells) else ""
        try:
            name = identifier(cell)
        except PydanticCustomError:
            name = ""
        if not name:
            settles = False
        elif name in first:
            report.add("duplicate_id", table.file, number, key, name, first=first[name])
        else:
            first[name] = number
    return first, settles
