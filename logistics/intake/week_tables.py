"""Every table of a week, checked row by row, with the settings: what the cross checks look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from logistics.intake import rows
from logistics.intake.report import Report
from logistics.intake.rows import R, Spec
from logistics.intake.settings import Settings
from logistics.intake.sources import REQUIRED
from logistics.intake.tables import Grid
from logistics.intake.validate import Checked, validate

_NEVER_EMPTY = frozenset({"organisations", "sites", "households"})


@dataclass(frozen=True, slots=True)
class WeekTables:
    """Settings (`None` if not readable) and tables."""

    settings: Settings | None
    organisations: Checked[rows.OrganisationRow]
    sites: Checked[rows.SiteRow]
    lots: Checked[rows.LotRow]
    sessions: Checked[rows.SessionRow]
    households: Checked[rows.HouseholdRow]
    vehicles: Checked[rows.VehicleRow]
    shifts: Checked[rows.ShiftRow]
    history: Checked[rows.HistoryRow]
    travel: Checked[rows.TravelRow]
    pins: Checked[rows.PinRow]
    volunteers: Checked[rows.VolunteerRow]
    visits: Checked[rows.VisitRow]

    @property
    def week_start(self) -> date | None:
        """The Monday; `None` while it is unknown or no Monday, so that no date is judged by it."""
        if self.settings is None or self.settings.week_start.weekday() != 0:
            return None
        return self.settings.week_start


def check_tables(
    settings: Settings | None, grids: Mapping[str, Grid | None], report: Report
) -> WeekTables:
    """Validate every table that is there; say which are missing or empty."""

    def table(spec: Spec[R]) -> Checked[R]:
        if spec.name in grids:
            checked = validate(grids[spec.name], spec, report)
            return _with_rows(spec.name, checked, report)
        if spec.name in REQUIRED:
            report.add("missing_file", f"{spec.name}.csv")
        elif spec.name == "history":
            report.add("missing_history", "history.csv")
        return Checked(f"{spec.name}.csv")

    return WeekTables(
        settings,
        organisations=table(rows.ORGANISATIONS),
        sites=table(rows.SITES),
        lots=table(rows.LOTS),
        sessions=table(rows.SESSIONS),
        households=table(rows.HOUSEHOLDS),
        vehicles=table(rows.VEHICLES),
        shifts=table(rows.SHIFTS),
        history=table(rows.HISTORY),
        travel=table(rows.TRAVEL),
        pins=table(rows.PINS),
        volunteers=table(rows.VOLUNTEERS),
        visits=table(rows.VISITS),
    )


def _with_rows(name: str, checked: Checked[R], report: Report) -> Checked[R]:
    """Name a table without rows; where one cannot be, nothing that points into it is judged."""
    if checked.table is None or checked.table.rows or checked.table.torn:
        return checked
    if name == "lots":
        report.add("no_lots", checked.file)
    if name not in _NEVER_EMPTY:
        return checked
    report.add("no_rows", checked.file)
    return Checked(checked.file)
