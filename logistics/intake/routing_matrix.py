"""Distances that a VRPLIB file lists itself: full, or one half of a symmetric matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from logistics.intake.routing_parts import Rows
from logistics.intake.routing_report import LARGEST, Number, RoutingReport

HEADING = "EDGE_WEIGHT_SECTION"

ROWS_OF: Mapping[str, tuple[bool, bool]] = {
    "LOWER_ROW": (True, False),
    "LOWER_DIAG_ROW": (True, True),
    "UPPER_ROW": (False, False),
    "UPPER_DIAG_ROW": (False, True),
    "LOWER_COL": (False, False),
    "LOWER_DIAG_COL": (False, True),
    "UPPER_COL": (True, False),
    "UPPER_DIAG_COL": (True, True),
}
"""Halves: whether the rows of the lower triangle are listed, and whether with the diagonal.

The columns of one triangle of a symmetric matrix are the rows of the other.
"""

FORMATS = ("FULL_MATRIX", *ROWS_OF)

_PLAIN = re.compile(r"[0-9 ]*")


def read_matrix(
    fields: Mapping[str, tuple[int, str]],
    section: tuple[int, Rows] | None,
    size: int,
    report: RoutingReport,
) -> Sequence[Number] | None:
    """Distances row by row; empty if something is wrong with them, `None` if coordinates are meant.

    `fields` are row and text of the file's `KEY : VALUE` lines, `section` the row of the heading and
    what follows it.
    """
    if "EDGE_WEIGHT_TYPE" not in fields:
        report.note("missing_field", None, "EDGE_WEIGHT_TYPE")
        return ()
    row, kind = fields["EDGE_WEIGHT_TYPE"]
    if kind == "EUC_2D":
        if section is not None:
            report.note("matrix_unmeant", section[0], HEADING)
        return None
    if kind != "EXPLICIT":
        report.note("wrong_value", row, "EDGE_WEIGHT_TYPE", kind, allowed="EUC_2D, EXPLICIT")
        return ()
    form = _form(fields, report)
    if section is None:
        report.note("missing_section", None, HEADING)
    if form is None or section is None:
        return ()
    return _entries(form, *section, size, report)


def _form(fields: Mapping[str, tuple[int, str]], report: RoutingReport) -> str | None:
    if "EDGE_WEIGHT_FORMAT" not in fields:
        report.note("missing_field", None, "EDGE_WEIGHT_FORMAT")
        return None
    row, form = fields["EDGE_WEIGHT_FORMAT"]
    if form in FORMATS:
        return form
    report.note("wrong_value", row, "EDGE_WEIGHT_FORMAT", form, allowed=", ".join(FORMATS))
    return None


def _entries(form: str, row: int, rows: Rows, size: int, report: RoutingReport) -> Sequence[Number]:
    lower, diagonal = ROWS_OF.get(form, (False, True))
    expected = (
        size * size if form == "FULL_MATRIX" else size * (size + (1 if diagonal else -1)) // 2
    )
    found = sum(len(cells) for _, cells in rows)
    if found != expected:
        report.note("wrong_count", row, HEADING, expected=expected, found=found)
        return ()
    values = _numbers(rows, report)
    if len(values) != expected or form == "FULL_MATRIX":
        return values if len(values) == expected else ()
    return _mirrored(iter(values), lower, diagonal, size)


def _numbers(rows: Rows, report: RoutingReport) -> list[Number]:
    values: list[Number] = []
    for row, cells in rows:
        plain = (
            list(map(int, cells)) if _PLAIN.fullmatch(" ".join(cells)) and _short(cells) else None
        )
        if plain is not None and max(plain) <= LARGEST:
            values += plain
            continue
        read = (report.number(cell, row, HEADING) for cell in cells)
        values += [value for value in read if value is not None]
    return values


def _short(cells: Sequence[str]) -> bool:
    """Whether all of these have so few digits that Python turns them into numbers."""
    return max(map(len, cells)) <= len(str(LARGEST))


def _mirrored(values: Iterator[Number], lower: bool, diagonal: bool, size: int) -> Sequence[Number]:
    """The full matrix of which one half is given row by row."""
    full: list[Number] = [0] * (size * size)
    for i in range(size):
        ends = (0, i + diagonal) if lower else (i + (not diagonal), size)
        for j in range(*ends):
            full[i * size + j] = full[j * size + i] = next(values)
    return full
