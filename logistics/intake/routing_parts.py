"""A routing instance as its file says it: exact numbers in the file's own units, each with its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from logistics.intake.routing_report import Number, RoutingReport, few


class Format(StrEnum):
    """How an instance is written down."""

    VRPLIB = "vrplib"
    SOLOMON = "solomon"
    LI_LIM = "li_lim"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file that says something: its row (from 1) and its text without outer blanks."""

    row: int
    text: str


def lines_of(path: Path, report: RoutingReport) -> list[Line] | None:
    """All lines that say something (comments begin with #); `None` with a finding if there are none."""
    try:
        content = path.read_bytes()
    except OSError:
        report.note("unreadable_file", None, "")
        return None
    if b"\0" in content:
        report.note("binary_file", content[: content.index(b"\0")].count(b"\n") + 1, "")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        report.note("not_utf8", row, "", f"0x{content[error.start]:02x}")
        return None
    split = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    stripped = ((row, line.strip()) for row, line in enumerate(split, start=1))
    lines = [Line(row, line) for row, line in stripped if line and not line.startswith("#")]
    if not lines:
        report.note("empty_file", None, "")
        return None
    return lines


@dataclass(frozen=True, slots=True)
class Field:
    """One number a node: `name` as the file calls it, the row in which each stands."""

    name: str
    values: Sequence[Number]
    rows: Sequence[int]


@dataclass(slots=True)
class Raw:
    """All that a file says. What is not there is blank or `None`, or has no place in `fields`.

    `fields` may hold x, y, demand, open, close, service, release and prize, each with `size` values;
    node 0 is the depot. `matrix` is `size` x `size`, row by row. `trips_max` is as in `VehicleType`.
    `pairs` are positions of pickup and drop.
    """

    format: Format
    kind: str
    name: str
    size: int
    fields: dict[str, Field]
    capacity: Number
    vehicles: int | None = None
    trips_max: int | None = 1
    matrix: Sequence[Number] | None = None
    pairs: tuple[tuple[int, int], ...] = field(default=())

    @property
    def customers(self) -> int:
        """Number of nodes without the depot."""
        return self.size - 1


Rows = list[tuple[int, list[str]]]
"""Rows of a table: number of the line, cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in order of the node that each begins with: its cells after the number, and its row."""

    cells: list[list[str]]
    rows: list[int]


def table_of(
    rows: Rows, name: str, width: int, first: int, size: int | None, report: RoutingReport
) -> Table | None:
    """Rows that each begin with a node's number, one for every node from `first` on, in any order.

    `width` counts the values after the number. With `size` there must be as many nodes, else as many
    as the highest number says. `None` with findings if rows are torn, twice there, unknown or missing.
    """
    found: dict[int, tuple[int, list[str]]] = {}
    clean = True
    for row, cells in rows:
        node = report.whole(cells[0], row, name, least=first)
        if node is None:
            clean = False
        elif len(cells) != width + 1:
            report.note(
                "wrong_width", row, name, " ".join(cells), expected=width + 1, found=len(cells)
            )
            clean = False
        elif node in found:
            report.note("duplicate_node", row, name, node, earlier=found[node][0])
            clean = False
        elif size is not None and node >= first + size:
            report.note("unknown_node", row, name, node, first=first, last=first + size - 1)
            clean = False
        else:
            found[node] = (row, cells[1:])
    if not clean:
        return None
    wanted = size if size is not None else max(found, default=first - 1) - first + 1
    if len(found) < wanted:
        absent = (node for node in range(first, first + wanted) if node not in found)
        report.note(
            "missing_nodes", rows[-1][0] if rows else None, name, n=wanted - len(found),
            expected=wanted, found=len(found), nodes=few(absent),
        )  # fmt: skip
        return None
    ordered = [found[node] for node in range(first, first + wanted)]
    return Table([cells for _, cells in ordered], [row for row, _ in ordered])


def column_of(
    table: Table, position: int, name: str, report: RoutingReport, *, negative: bool = False
) -> Field | None:
    """One column of a table as exact numbers; `None` with a finding for each that is none."""
    read = [
        report.number(cells[position], row, name, negative=negative)
        for cells, row in zip(table.cells, table.rows, strict=True)
    ]
    values = [value for value in read if value is not None]
    return Field(name, values, table.rows) if len(values) == len(read) else None
