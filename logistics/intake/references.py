"""References between tables: every identifier that is named must be there, once per cause."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError

from logistics.intake import rows
from logistics.intake.cells import identifier, identifiers
from logistics.intake.report import Report
from logistics.intake.rows import Spec
from logistics.intake.settings import Settings
from logistics.intake.sources import SETTINGS
from logistics.intake.validate import Checked
from logistics.intake.week_tables import WeekTables

_LINKED: tuple[Spec[Any], ...] = (
    rows.SITES,
    rows.LOTS,
    rows.SESSIONS,
    rows.HOUSEHOLDS,
    rows.VEHICLES,
    rows.SHIFTS,
    rows.PINS,
    rows.VISITS,
)


def check_references(week: WeekTables, report: Report) -> None:
    """Name every reference that leads nowhere, in rows good or bad."""
    for spec in _LINKED:
        source: Checked[Any] = getattr(week, spec.name)
        for column, target_name in spec.references:
            _resolve(source, column, getattr(week, target_name), target_name, report)
    _one_name_space(week, report)
    _known_history(week, report)
    _known_points(week, report)
    if week.settings is not None:
        _resolve_runs(week.settings, week.sites, report)


def _resolve(
    source: Checked[Any], column: str, target: Checked[Any], target_name: str, report: Report
) -> None:
    """Check one column against one table, if that table can settle it."""
    if not target.settles:
        return
    for number, cell in source.mentions(column):
        try:
            named = identifiers(cell)
        except PydanticCustomError:
            continue  # the cell has its finding already
        lost = [name for name in named if name not in target.ids]
        if lost:
            report.add(
                "unknown_reference",
                source.file,
                number,
                column,
                cell,
                ids=", ".join(lost),
                target=target_name,
            )


def _one_name_space(week: WeekTables, report: Report) -> None:
    """Sites and households are both points of the travel table."""
    for number, cell in week.households.mentions("household_id"):
        if name_of(cell) in week.sites.ids:
            report.add("id_collision", week.households.file, number, "household_id", cell)


def name_of(cell: str) -> str:
    """The identifier in a cell; empty where there is none that can be read."""
    try:
        return identifier(cell)
    except PydanticCustomError:
        return ""


def _known_history(week: WeekTables, report: Report) -> None:
    """History of households that are no longer registered: one warning per household."""
    if not week.households.settles:
        return
    seen: set[str] = set()
    for number, cell in week.history.mentions("household_id"):
        name = name_of(cell)
        if name and name not in week.households.ids and name not in seen:
            seen.add(name)
            report.add("not_registered", week.history.file, number, "household_id", name)


def _known_points(week: WeekTables, report: Report) -> None:
    """Legs from or to places that are not in this week: one warning per identifier."""
    if not (week.households.settles and week.sites.settles):
        return
    points = week.households.ids | week.sites.ids
    seen: set[str] = set()
    for column in ("from_id", "to_id"):
        for number, cell in week.travel.mentions(column):
            name = name_of(cell)
            if name and name not in points and name not in seen:
                seen.add(name)
                report.add("unknown_point", week.travel.file, number, column, name)


def _resolve_runs(settings: Settings, sites: Checked[rows.SiteRow], report: Report) -> None:
    """The hot-meal runs of week.toml name sites, and have names of their own."""
    first: dict[str, int] = {}
    for at, run in enumerate(settings.runs):
        if sites.settles and run.site_id not in sites.ids:
            report.add(
                "unknown_reference",
                SETTINGS,
                column=f"runs.{at}.site_id",
                value=run.site_id,
                ids=run.site_id,
                target="sites",
            )
        if run.run_id in first:
            report.add(
                "duplicate_row",
                SETTINGS,
                column=f"runs.{at}.run_id",
                value=run.run_id,
                first=first[run.run_id],
                what="run_id",
            )
        else:
            first[run.run_id] = at
