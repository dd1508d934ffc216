"""Tables of numbers: Solomon and Gehring-Homberger (with headings), Li-Lim (without).

Solomon 1987, doi:10.1287/opre.35.2.254; Gehring and Homberger 1999; Li and Lim 2001,
doi:10.1109/ICTAI.2001.974461. Nodes are numbered from 0, the depot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logistics.intake.routing_parts import (
    Field,
    Format,
    Line,
    Raw,
    Rows,
    Table,
    column_of,
    table_of,
)
from logistics.intake.routing_report import RoutingReport

COLUMNS = {
    "x": "XCOORD.",
    "y": "YCOORD.",
    "demand": "DEMAND",
    "open": "READY TIME",
    "close": "DUE DATE",
    "service": "SERVICE TIME",
}
"""Columns after the node's number: what we call them, what the file calls them."""

SIGNED = {"x", "y"}

PICKUP, DELIVERY = 6, 7
"""Places of a Li-Lim row's two references, after the node's number."""


def is_solomon(lines: Sequence[Line]) -> bool:
    """Whether a file has one of the headings of Solomon's form."""
    return any(line.text.upper() in ("VEHICLE", "CUSTOMER") for line in lines[:10])


def is_li_lim(lines: Sequence[Line]) -> bool:
    """Whether a file begins with a row of numbers of vehicles, capacity, speed."""
    tokens = lines[0].text.split()
    return len(tokens) in (2, 3) and all(token[:1].isdigit() for token in tokens)


def read_solomon(lines: Sequence[Line], report: RoutingReport) -> Raw | None:
    """An instance in Solomon's form; `None` with findings."""
    upper = [line.text.upper() for line in lines]
    if "VEHICLE" not in upper or "CUSTOMER" not in upper[upper.index("VEHICLE") :]:
        missing = "CUSTOMER" if "VEHICLE" in upper else "VEHICLE"
        report.note("missing_section", None, missing)
        return None
    vehicle = upper.index("VEHICLE")
    customer = upper.index("CUSTOMER", vehicle)
    fleet = _without_heading(lines[vehicle + 1 : customer], "NUMBER")
    rows = _without_heading(lines[customer + 1 :], "CUST")
    name = lines[0].text if vehicle else ""
    if len(fleet) != 1 or len(fleet[0][1]) != 2:
        row, cells = fleet[0] if fleet else (lines[vehicle].row, [])
        report.note("wrong_width", row, "VEHICLE", " ".join(cells), expected=2, found=len(cells))
        return None
    row, (number, room) = fleet[0]
    vehicles = report.whole(number, row, "NUMBER", least=1)
    capacity = report.number(room, row, "CAPACITY")
    table = table_of(rows, "CUSTOMER", len(COLUMNS), 0, None, report)
    fields = _fields(table, SIGNED, report) if table else {}
    if vehicles is None or capacity is None or table is None or len(fields) < len(COLUMNS):
        return None
    size = len(table.rows)
    return Raw(Format.SOLOMON, "VRPTW", name, size, fields, capacity, vehicles)


def read_li_lim(lines: Sequence[Line], report: RoutingReport) -> Raw | None:
    """An instance in Li and Lim's form, which has no name; `None` with findings.

    Every row but the depot's is a pickup, whose last number names its delivery, or a delivery, whose
    last number but one names its pickup; the other of the two is 0. The speed in the first line is
    not used, as in the benchmark.
    """
    head = lines[0]
    cells = head.text.split()
    if len(cells) != 3:
        report.note("wrong_width", head.row, "", head.text, expected=3, found=len(cells))
        return None
    vehicles = report.whole(cells[0], head.row, "vehicles", least=1)
    capacity = report.number(cells[1], head.row, "capacity")
    if cells[2] not in ("0", "1"):
        report.note("not_used", head.row, "speed", cells[2])
    rows: Rows = [(line.row, line.text.split()) for line in lines[1:]]
    table = table_of(rows, "", DELIVERY + 1, 0, None, report)
    fields = _fields(table, SIGNED | {"demand"}, report) if table else {}
    if vehicles is None or capacity is None or table is None or len(fields) < len(COLUMNS):
        return None
    pairs = tuple(_pairs(table, fields["demand"], report))
    if report.has_errors:
        return None
    size = len(table.rows)
    return Raw(Format.LI_LIM, "PDPTW", "", size, fields, capacity, vehicles, pairs=pairs)


def _without_heading(lines: Sequence[Line], word: str) -> Rows:
    """Rows in cells, without a first one that begins with the heading's first word."""
    rows = [(line.row, line.text.split()) for line in lines]
    return rows[1:] if rows and rows[0][1][0].upper() == word else rows


def _fields(table: Table, signed: set[str], report: RoutingReport) -> dict[str, Field]:
    read = {
        name: column_of(table, position, heading, report, negative=name in signed)
        for position, (name, heading) in enumerate(COLUMNS.items())
    }
    return {name: field for name, field in read.items() if field is not None}


def _pairs(table: Table, demand: Field, report: RoutingReport) -> Iterator[tuple[int, int]]:
    """Positions of pickups and drops; findings on all that do not match."""
    size = len(table.rows)
    partner: list[tuple[int, int] | None] = []
    for i, (cells, row) in enumerate(zip(table.cells, table.rows, strict=True)):
        pickup, delivery = (
            report.whole(cells[place], row, name)
            for place, name in ((PICKUP, "pickup"), (DELIVERY, "delivery"))
        )
        if pickup is None or delivery is None:
            partner.append(None)
        elif i == 0:
            partner.append(None)
            if pickup or delivery:
                report.note("depot_paired", row, "pickup", f"{pickup} {delivery}")
        elif bool(pickup) == bool(delivery) or max(pickup, delivery) >= size:
            report.note("pair_role", row, "pickup", f"{pickup} {delivery}", node=i, last=size - 1)
            partner.append(None)
        else:
            partner.append((pickup, delivery))
    if report.has_errors:
        return
    for i, roles in enumerate(partner):
        if roles is None:
            continue
        pickup, delivery = roles
        other = delivery or pickup
        back = partner[other]
        row = table.rows[i]
        if back != ((i, 0) if delivery else (0, i)):
            shown = "" if back is None else f"{back[0]} {back[1]}"
            report.note("pair_mismatch", row, "pickup", shown, node=i, other=other)
        elif delivery:
            if demand.values[i] != -demand.values[delivery] or demand.values[i] < 0:
                report.note(
                    "pair_loads", row, "DEMAND", demand.values[i],
                    node=i, other=other, amount=demand.values[delivery],
                )  # fmt: skip
            else:
                yield i, delivery
