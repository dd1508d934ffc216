"""VRPLIB: `KEY : VALUE` lines, then sections of rows that begin with a node's number.

Fields and sections as in CVRPLIB and in the instances of PyVRP (CVRP, VRPTW, PCVRPTW, MTVRPTWR). The
package `vrplib` drops node numbers and rows, without which no mistake can be named, so that this is a
reader of its own; tests compare the two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from logistics.intake.routing_matrix import read_matrix
from logistics.intake.routing_parts import (
    Field,
    Format,
    Line,
    Raw,
    Rows,
    column_of,
    table_of,
)
from logistics.intake.routing_report import Number, RoutingReport

SECTIONS_OF = {
    "CVRP": ("DEMAND",),
    "VRPTW": ("DEMAND", "TIME_WINDOW"),
    "PCVRPTW": ("DEMAND", "TIME_WINDOW", "PRIZE"),
    "MTVRPTWR": ("DEMAND", "TIME_WINDOW", "RELEASE_TIME", "VEHICLES_RELOAD_DEPOT"),
}
"""By TYPE: the sections that must be there beside coordinates or distances and DEPOT."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "NODE_COORD": ("x", "y"),
    "DEMAND": ("demand",),
    "TIME_WINDOW": ("open", "close"),
    "SERVICE_TIME": ("service",),
    "RELEASE_TIME": ("release",),
    "PRIZE": ("prize",),
}
"""Sections with values a node, and what we call them."""

OTHER_SECTIONS = ("EDGE_WEIGHT", "DEPOT", "VEHICLES_RELOAD_DEPOT")
FIELDS = (
    "NAME", "COMMENT", "TYPE", "DIMENSION", "CAPACITY", "VEHICLES", "SERVICE_TIME",
    "EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "VEHICLES_MAX_RELOADS",
)  # fmt: skip
UNUSED_SECTIONS = ("DISPLAY_DATA",)
RULES = re.compile(r"DISTANCE|CAPACITY_.*|.*DEPOT.*|VEHICLES_.*|.*RELEASE.*|.*PRIZE.*|.*BACKHAUL.*")
"""Fields whose names say that they change the problem: unknown ones of these are refused."""

_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9_ ]*?)\s*:\s*(.*)")
_SECTION = re.compile(r"([A-Z][A-Z0-9_]*)_SECTION\s*:?")


@dataclass(frozen=True, slots=True)
class Source:
    """A file in parts: fields and sections by name, each with the row where it begins."""

    fields: dict[str, tuple[int, str]]
    sections: dict[str, tuple[int, Rows]]


def is_vrplib(lines: Sequence[Line]) -> bool:
    """Whether a file has a section or a field of VRPLIB."""
    return any(
        _SECTION.fullmatch(line.text)
        or ((found := _FIELD.fullmatch(line.text)) and found[1].upper() in FIELDS)
        for line in lines
    )


def read_vrplib(lines: Sequence[Line], report: RoutingReport) -> Raw | None:
    """An instance as its file says it; `None` with findings."""
    source = _parts(lines, report)
    if source is None:
        return None
    _known_parts(source, report)
    kind = _kind(source, report)
    size = _whole(source, "DIMENSION", report, least=1, needed=True)
    capacity = _number(source, "CAPACITY", report, needed=True)
    vehicles = _whole(source, "VEHICLES", report, least=1)
    if kind is None or size is None:
        return None
    fields = _columns(source, size, report)
    _service(source, size, fields, report)
    matrix = read_matrix(source.fields, source.sections.get("EDGE_WEIGHT"), size, report)
    if matrix is None and "NODE_COORD" not in source.sections:
        report.note("missing_section", None, "NODE_COORD_SECTION")
    _depot(source, report)
    trips_max = _trips_max(source, vehicles, report)
    if report.has_errors:
        return None
    assert capacity is not None
    name = source.fields["NAME"][1] if "NAME" in source.fields else ""
    return Raw(
        Format.VRPLIB, kind, name, size, fields, capacity, vehicles, trips_max, matrix or None
    )


def _parts(lines: Sequence[Line], report: RoutingReport) -> Source | None:
    """The file cut at its headings; `None` with findings on what is twice or belongs nowhere."""
    source = Source({}, {})
    rows: Rows | None = None
    for at, line in enumerate(lines):
        if line.text == "EOF":
            if at + 1 < len(lines):
                report.note("after_end", lines[at + 1].row, "EOF", lines[at + 1].text)
            break
        if section := _SECTION.fullmatch(line.text):
            rows = []
            if section[1] in source.sections:
                report.note("duplicate_part", line.row, line.text)
            else:
                source.sections[section[1]] = (line.row, rows)
        elif found := _FIELD.fullmatch(line.text):
            name = "_".join(found[1].upper().split())
            if name in source.fields:
                report.note("duplicate_part", line.row, name, found[2])
            source.fields[name] = (line.row, found[2].strip())
        elif rows is None:
            report.note("stray_line", line.row, "", line.text)
        else:
            rows.append((line.row, line.text.split()))
    return None if report.has_errors else source


def _known_parts(source: Source, report: RoutingReport) -> None:
    """What is not used is said; what would change the problem is refused."""
    for name, (row, value) in source.fields.items():
        if name not in FIELDS:
            code = "unsupported" if RULES.fullmatch(name) else "not_used"
            report.note(code, row, name, value)
    for name, (row, _) in source.sections.items():
        if name in UNUSED_SECTIONS:
            report.note("not_used", row, f"{name}_SECTION")
        elif name not in COLUMNS and name not in OTHER_SECTIONS:
            report.note("unsupported", row, f"{name}_SECTION")


def _kind(source: Source, report: RoutingReport) -> str | None:
    """TYPE, with a finding for each section that it needs and the file has not."""
    if "TYPE" not in source.fields:
        report.note("missing_field", None, "TYPE")
        return None
    row, kind = source.fields["TYPE"]
    kind = kind.upper()
    if kind not in SECTIONS_OF:
        report.note("wrong_value", row, "TYPE", kind, allowed=", ".join(SECTIONS_OF))
        return None
    for name in (*SECTIONS_OF[kind], "DEPOT"):
        if name not in source.sections:
            report.note("missing_section", None, f"{name}_SECTION")
    return kind


def _number(
    source: Source, name: str, report: RoutingReport, *, needed: bool = False
) -> Number | None:
    if name not in source.fields:
        if needed:
            report.note("missing_field", None, name)
        return None
    row, value = source.fields[name]
    return report.number(value, row, name)


def _whole(
    source: Source, name: str, report: RoutingReport, *, least: int, needed: bool = False
) -> int | None:
    if name not in source.fields:
        if needed:
            report.note("missing_field", None, name)
        return None
    row, value = source.fields[name]
    return report.whole(value, row, name, least=least)


def _columns(source: Source, size: int, report: RoutingReport) -> dict[str, Field]:
    """Every section with values a node."""
    fields: dict[str, Field] = {}
    for name, columns in COLUMNS.items():
        if name not in source.sections:
            continue
        heading = f"{name}_SECTION"
        rows = source.sections[name][1]
        table = table_of(rows, heading, len(columns), 1, size, report)
        for position, column in enumerate(columns if table else ()):
            assert table is not None
            signed = name == "NODE_COORD"
            read = column_of(table, position, heading, report, negative=signed)
            if read is not None:
                fields[column] = read
    return fields


def _service(source: Source, size: int, fields: dict[str, Field], report: RoutingReport) -> None:
    """One SERVICE_TIME for all visits stands for a section of it."""
    if "SERVICE_TIME" not in source.fields:
        return
    row, _ = source.fields["SERVICE_TIME"]
    if "SERVICE_TIME" in source.sections:
        report.note("duplicate_part", row, "SERVICE_TIME")
        return
    value = _number(source, "SERVICE_TIME", report)
    if value is not None and fields:  # a column was read, so there are that many nodes
        fields["service"] = Field("SERVICE_TIME", [0, *[value] * (size - 1)], [row] * size)


def _depot(source: Source, report: RoutingReport) -> None:
    """One depot, node 1; the list may end with -1."""
    if "DEPOT" not in source.sections:
        return
    row, rows = source.sections["DEPOT"]
    tokens = [(at, token) for at, cells in rows for token in cells]
    if tokens and tokens[-1][1] == "-1":
        tokens.pop()
    for at, token in tokens:
        if token != "1":
            report.note("depot_number", at, "DEPOT_SECTION", token)
    if not tokens:
        report.note("depot_number", row, "DEPOT_SECTION")


def _trips_max(source: Source, vehicles: int | None, report: RoutingReport) -> int | None:
    """Trips of a vehicle: 1 without reloading, any number unless VEHICLES_MAX_RELOADS says less."""
    reloads = _whole(source, "VEHICLES_MAX_RELOADS", report, least=0)
    if "VEHICLES_RELOAD_DEPOT" not in source.sections:
        if "VEHICLES_MAX_RELOADS" in source.fields:
            report.note("missing_section", None, "VEHICLES_RELOAD_DEPOT_SECTION")
        return 1
    heading = "VEHICLES_RELOAD_DEPOT_SECTION"
    if vehicles is None:
        if "VEHICLES" not in source.fields:
            report.note("missing_field", None, "VEHICLES")
        return 1
    table = table_of(source.sections["VEHICLES_RELOAD_DEPOT"][1], heading, 1, 1, vehicles, report)
    for cells, row in zip(table.cells, table.rows, strict=True) if table else ():
        if cells != ["1"]:
            report.note("depot_number", row, heading, cells[0])
    return None if reloads is None else reloads + 1
