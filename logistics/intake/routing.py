"""Public routing instances: from a file to a problem in whole numbers, all or nothing.

VRPLIB, Solomon and Gehring-Homberger, Li-Lim: docs/formats.md describes what is read and how numbers
are rounded. The form is known by what the file holds, whatever its name.
"""

from __future__ import annotations

from pathlib import Path

from logistics.intake.report import Language
from logistics.intake.routing_build import build
from logistics.intake.routing_parts import Format, Raw, lines_of
from logistics.intake.routing_report import RoutingReport
from logistics.intake.routing_tables import is_li_lim, is_solomon, read_li_lim, read_solomon
from logistics.intake.routing_vrplib import is_vrplib, read_vrplib
from logistics.model.errors import Finding
from logistics.model.routing import Convention, RoutingProblem

__all__ = ["read_routing", "SOLOMON_CUSTOMERS_MAX"]

SOLOMON_CUSTOMERS_MAX = 100
"""Solomon's instances have 25 to 100 customers, those of Gehring and Homberger 200 to 1,000."""


def read_routing(
    path: Path, convention: Convention | None = None, language: Language = "en"
) -> tuple[RoutingProblem | None, list[Finding]]:
    """Read an instance; without `convention` the one that is usual for its kind.

    The problem is `None` exactly when a finding is an error; warnings may come with a problem.
    """
    path = Path(path)
    report = RoutingReport(path.name, language)
    raw = _read(path, report)
    problem = None
    if raw is not None and not report.has_errors:
        raw.name = raw.name or path.stem
        problem = build(raw, convention or _usual(raw), report)
    report.count_unlisted()
    return (None if report.has_errors else problem), report.findings


def _usual(raw: Raw) -> Convention:
    """The convention under which best-known values of this kind of instance are published."""
    if raw.format is Format.VRPLIB:
        return Convention.CVRPLIB if raw.kind == "CVRP" else Convention.DIMACS
    if raw.format is Format.SOLOMON and raw.customers <= SOLOMON_CUSTOMERS_MAX:
        return Convention.DIMACS
    return Convention.SINTEF


def _read(path: Path, report: RoutingReport) -> Raw | None:
    lines = lines_of(path, report)
    if lines is None:
        return None
    if is_vrplib(lines):
        return read_vrplib(lines, report)
    if is_solomon(lines):
        return read_solomon(lines, report)
    if is_li_lim(lines):
        return read_li_lim(lines, report)
    report.note("unknown_format", lines[0].row, "", lines[0].text)
    return None
