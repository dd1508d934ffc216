"""Who comes when: breaks within their shifts, volunteers who can, visits that somebody can make."""

from __future__ import annotations

from collections import defaultdict

from logistics.intake.check_times import clock_text
from logistics.intake.report import Report
from logistics.intake.rows import HouseholdRow, ShiftRow, VisitRow
from logistics.intake.validate import report_blank
from logistics.intake.week_tables import WeekTables
from logistics.model.units import Channel

BREAK = ("break_open", "break_close", "break_minutes")


def breaks_fit(week: WeekTables, report: Report) -> None:
    """A break has all of its columns, and its shift leaves time for it."""
    for row in week.shifts.rows:
        given = [getattr(row, column) is not None for column in BREAK]
        if any(given) and not all(given):
            report_blank(week.shifts, row.row, BREAK[given.index(False)], "half_break", report)
        elif all(given):
            _break_in_shift(week, row, report)


def _break_in_shift(week: WeekTables, row: ShiftRow, report: Report) -> None:
    opens_s, closes_s, rest_s = row.break_open or 0, row.break_close or 0, row.break_minutes or 0
    if closes_s < opens_s:
        report.add(
            "closes_before_open",
            week.shifts.file,
            row.row,
            "break_close",
            clock_text(closes_s),
            opens=clock_text(opens_s),
        )
    elif row.start < row.end and (opens_s < row.start or closes_s + rest_s > row.end):
        report.add(
            "break_outside_shift",
            week.shifts.file,
            row.row,
            "break_open",
            clock_text(opens_s),
            start=clock_text(row.start),
            end=clock_text(row.end),
        )


def volunteers_can_come(week: WeekTables, report: Report) -> None:
    """Nobody is on a shift on a day on which they cannot come."""
    dates = {row.volunteer_id: row.dates for row in week.volunteers.rows}
    for shift in week.shifts.rows:
        for name in shift.volunteer_ids:
            if dates.get(name) and shift.date not in dates[name]:
                report.add(
                    "volunteer_away",
                    week.shifts.file,
                    shift.row,
                    "volunteer_ids",
                    name,
                    who=name,
                    date=shift.date,
                )


def volunteers_once(week: WeekTables, report: Report) -> None:
    """Nobody is on two vehicles at the same time; the later row of a pair is named."""
    shifts = sorted(week.shifts.rows, key=lambda row: (row.date, row.start, row.row))
    on_road: dict[str, ShiftRow] = {}
    for shift in shifts:
        for name in shift.volunteer_ids:
            before = on_road.get(name)
            if (
                before is not None
                and before.vehicle_id != shift.vehicle_id
                and before.date == shift.date
                and shift.start < before.end
            ):
                report.add(
                    "volunteer_twice",
                    week.shifts.file,
                    max(shift.row, before.row),
                    "volunteer_ids",
                    name,
                    who=name,
                    other=min(shift.row, before.row),
                )
            if before is None or before.date < shift.date or before.end < shift.end:
                on_road[name] = shift


def visits_fit(week: WeekTables, report: Report) -> None:
    """Visits are of households that are visited, each given once, and somebody can make them."""
    homes = {row.household_id: row for row in week.households.rows}
    first: dict[VisitRow, int] = {}
    rows_of: dict[str, list[VisitRow]] = defaultdict(list)
    for visit in week.visits.rows:
        home = homes.get(visit.household_id)
        if home is not None and home.channel is Channel.PICKUP:
            report.add(
                "visit_ignored", week.visits.file, visit.row, "household_id", home.household_id
            )
        known = first.setdefault(visit.model_copy(update={"row": 0}), visit.row)
        if known != visit.row:
            report.add(
                "duplicate_row",
                week.visits.file,
                visit.row,
                "household_id",
                visit.household_id,
                first=known,
                what="all columns",
            )
        rows_of[visit.household_id].append(visit)
        _somebody_can(week, visit, report)
    for household_id, visits in rows_of.items():
        if household_id in homes:
            _one_source(week, homes[household_id], visits, report)


def _somebody_can(week: WeekTables, visit: VisitRow, report: Report) -> None:
    """Warn of a visit for which no shift of its day has the people."""
    skills = {row.volunteer_id: row.qualifications for row in week.volunteers.rows}
    for shift in week.shifts.rows:
        known = {skill for name in shift.volunteer_ids for skill in skills.get(name, ())}
        if (
            shift.date == visit.date
            and max(1, len(shift.volunteer_ids)) >= visit.crew
            and (not visit.qualification or visit.qualification in known)
        ):
            return
    report.add(
        "nobody_for_visit",
        week.visits.file,
        visit.row,
        "crew" if visit.crew > 1 else "date",
        visit.household_id,
        crew=visit.crew,
        qualification=f", {visit.qualification}" if visit.qualification else "",
        date=visit.date,
    )


def _one_source(
    week: WeekTables, home: HouseholdRow, visits: list[VisitRow], report: Report
) -> None:
    """Warn of a window in households that is none of those in visits."""
    own = (home.date, home.window_open, home.window_close)
    if home.channel is Channel.PICKUP or own == (None, None, None):
        return
    if own not in [(visit.date, visit.window_open, visit.window_close) for visit in visits]:
        report.add("window_replaced", week.households.file, home.row, "date", home.household_id)
