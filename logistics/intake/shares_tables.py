"""The tables of a columnar instance: Parquet or CSV to Arrow columns, with findings on what is not."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from logistics.intake.shares_numbers import Exact, exact_column, is_text
from logistics.intake.shares_parts import (
    Field,
    Rows,
    identifiers,
    repeated,
    within_bounds,
)
from logistics.intake.shares_report import Place, ShareReport

if TYPE_CHECKING:
    import pyarrow as pa

_BLOCK_BYTES = 1 << 22
"""A row of a CSV file must fit into one block."""

_BLOCK_BYTES_MAX = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of one file by name; a column that is missing is `None`, which was said already."""

    place: Place
    columns: Mapping[str, pa.ChunkedArray | None]
    length: int


def read_table(folder: Path, name: str, fields: Sequence[str], report: ShareReport) -> Table | None:
    """`NAME.parquet` or `NAME.csv`; `None` if there is none of them or it cannot be read."""
    import pyarrow as pa

    paths = [folder / f"{name}.parquet", folder / f"{name}.csv"]
    given = [path for path in paths if path.is_file()]
    place = Place(given[0].name if given else name, name, nested=False)
    if len(given) > 1:
        report.note("two_sources", place, "", sources=", ".join(path.name for path in given))
    if len(given) != 1:
        return None
    read = _read_csv if given[0].suffix == ".csv" else _read_parquet
    try:
        return read(given[0], fields, place, report)
    except OSError as error:
        if isinstance(error, pa.ArrowException):
            _broken(place, error, report)
        else:
            report.note("unreadable_file", place, "")
    except (pa.ArrowException, UnicodeDecodeError, csv.Error) as error:
        _broken(place, error, report)
    return None


def _broken(place: Place, error: Exception, report: ShareReport) -> None:
    report.note("broken_table", place, "", detail=" ".join(str(error).split())[:200])


def _chosen(
    found: Sequence[str], fields: Sequence[str], place: Place, report: ShareReport
) -> list[str]:
    """The fields that a heading has, with findings on what is missing, unknown or there twice."""
    for name in repeated(found):
        report.note("duplicate_field", place, name, name)
    for name in dict.fromkeys(found):
        if name not in fields:
            report.note("unknown_field", place, name)
    for name in fields:
        if name not in found:
            report.note("missing_field", place, name)
    return [name for name in fields if found.count(name) == 1]


def _read_parquet(path: Path, fields: Sequence[str], place: Place, report: ShareReport) -> Table:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        chosen = _chosen(file.schema_arrow.names, fields, place, report)
        table = file.read(columns=chosen)
    table.validate(full=True)  # of text, too, which nothing else looks at before it is used
    columns = {name: table[name] if name in chosen else None for name in fields}
    return Table(place, columns, table.num_rows)


def _read_csv(path: Path, fields: Sequence[str], place: Place, report: ShareReport) -> Table | None:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        heading = [name.strip() for name in next(csv.reader(file), [])]
    chosen = _chosen(heading, fields, place, report)
    if not heading:
        return None
    torn: list[arrow_csv.InvalidRow] = []

    def keep_going(row: arrow_csv.InvalidRow) -> str:
        torn.append(row)
        return "skip"

    has_lists = place.table == "capacities"
    names = [f"{name} {index}" for index, name in enumerate(heading)]
    table = arrow_csv.read_csv(
        path,
        arrow_csv.ReadOptions(
            use_threads=False,
            block_size=_BLOCK_BYTES_MAX if has_lists else _BLOCK_BYTES,
            column_names=names,
            skip_rows=1,
        ),
        arrow_csv.ParseOptions(invalid_row_handler=keep_going),
        arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    for row in torn:
        here = place.at(row.number - 2)
        report.note("torn_row", here, "", expected=row.expected_columns, found=row.actual_columns)
    columns = {name: table[heading.index(name)] if name in chosen else None for name in fields}
    return None if torn else Table(place, columns, table.num_rows)


def texts(table: Table, field: str, report: ShareReport) -> pa.ChunkedArray | None:
    """A column of names as text; whole numbers are names, too. Blank is null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = table.columns[field]
    if column is None:
        return None
    if not (is_text(column.type) or pa.types.is_integer(column.type)):
        report.note("wrong_type", table.place, field, column.type, expected="text")
        return None
    trimmed = pc.utf8_trim_whitespace(pc.cast(column, pa.string()))
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def names(table: Table, field: str, report: ShareReport) -> pa.ChunkedArray | None:
    """A column of names that may not be blank; `None` with findings."""
    import pyarrow.compute as pc

    column = texts(table, field, report)
    if column is None or not column.null_count:
        return column
    for index in pc.indices_nonzero(pc.is_null(column)).to_pylist():
        report.note("blank", table.place.at(index), field)
    return None


def rows_of(
    table: Table, fields: Sequence[Field], integer: bool | None, report: ShareReport
) -> Rows:
    """Identifiers and numbers of a table of things."""
    columns: dict[str, Exact | None] = {}
    for field in fields:
        column = table.columns[field.name]
        read = None if column is None else exact_column(column, table.place, field.name, report)
        columns[field.name] = within_bounds(read, field, integer, table.place, report)
    ids = names(table, "id", report)
    found = None if ids is None else identifiers(ids.to_pylist(), table.place, report)
    return Rows(found, columns)


def name_lists(table: Table, field: str, report: ShareReport) -> list[object] | None:
    """Lists of names: an Arrow list column, or text with `;` between them; null means all."""
    import pyarrow as pa

    column = table.columns[field]
    if column is None:
        return None
    kind = column.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return cast("list[object]", column.to_pylist())
    if pa.types.is_null(kind):
        return [None] * table.length
    listed = texts(table, field, report)
    if listed is None:
        return None
    return [
        None if text is None else [part.strip() for part in text.split(";")]
        for text in listed.to_pylist()
    ]
