"""Households, and the pins and legs that a coordinator adds."""

from __future__ import annotations

from logistics.intake.references import name_of
from logistics.intake.report import Report
from logistics.intake.rows import HouseholdRow, TravelRow
from logistics.intake.validate import Checked, report_blank
from logistics.intake.week_tables import WeekTables
from logistics.model.units import Channel, PinKind


def households_fit(week: WeekTables, report: Report) -> None:
    """Ages fit into the household, and its channel has what it needs."""
    visited = {name_of(cell) for _, cell in week.visits.mentions("household_id")}
    for row in week.households.rows:
        parts = row.infants + row.children + row.seniors
        if parts > row.members:
            report.add(
                "too_many_members",
                week.households.file,
                row.row,
                "members",
                str(row.members),
                parts=parts,
            )
        if row.channel is Channel.DELIVERY:
            if row.household_id not in visited:
                _needs_window(week.households, row, report)
            continue
        if not row.session_ids:
            report_blank(week.households, row.row, "session_ids", "no_sessions", report)
        if any(part is not None for part in (row.date, row.window_open, row.window_close)):
            report.add("visit_ignored", week.households.file, row.row, "date")


def _needs_window(homes: Checked[HouseholdRow], row: HouseholdRow, report: Report) -> None:
    """One finding for the first of date and window that is blank."""
    for column in ("date", "window_open", "window_close"):
        if getattr(row, column) is None:
            report_blank(homes, row.row, column, "no_visit_window", report)
            return


def pins_say_something(week: WeekTables, report: Report) -> None:
    """A pin names something, and counts units where its kind needs them."""
    for row in week.pins.rows:
        if not (row.household_id or row.lot_id or row.session_id or row.vehicle_id):
            report.add("pin_matches_all", week.pins.file, row.row, "household_id")
        if row.kind is not PinKind.FORBID and row.units is None:
            report_blank(week.pins, row.row, "units", "pin_without_units", report, kind=row.kind)


def legs_are_distinct(week: WeekTables, report: Report) -> None:
    """Each pair of points has one leg."""
    repeated_legs(week.travel, report)


def repeated_legs(travel: Checked[TravelRow], report: Report) -> None:
    """Name each leg that an earlier row has given already."""
    first: dict[tuple[str, str], int] = {}
    for row in travel.rows:
        known = first.setdefault((row.from_id, row.to_id), row.row)
        if known != row.row:
            report.add(
                "duplicate_row",
                travel.file,
                row.row,
                "from_id",
                row.from_id,
                first=known,
                what="from_id, to_id",
            )
