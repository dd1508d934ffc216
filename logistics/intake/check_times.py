"""Times: nothing ends before it begins, dates lie in the week, shifts do not overlap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from logistics.intake.report import Report
from logistics.intake.rows import ShiftRow
from logistics.intake.sources import SETTINGS
from logistics.intake.week_tables import WeekTables
from logistics.model.units import DAY_S, WEEK_DAYS, Channel, clock


def openings_last(week: WeekTables, report: Report) -> None:
    """Receiving hours, sessions and shifts take time; a visit's window may be a single moment."""
    for file, row, column, open_s, close_s in _openings(week):
        if close_s <= open_s:
            report.add(
                "closes_before_open",
                file,
                row,
                column,
                clock_text(close_s),
                opens=clock_text(open_s),
            )


def _openings(week: WeekTables) -> Iterator[tuple[str, int, str, int, int]]:
    """File, row, column of the end, begin and end; a window's last moment belongs to it."""
    for site in week.sites.rows:
        yield week.sites.file, site.row, "receive_close", site.receive_open, site.receive_close
    for session in week.sessions.rows:
        yield week.sessions.file, session.row, "close", session.open, session.close
    for shift in week.shifts.rows:
        yield week.shifts.file, shift.row, "end", shift.start, shift.end
    for visit in week.visits.rows:
        if visit.window_close < visit.window_open:
            yield (
                week.visits.file,
                visit.row,
                "window_close",
                visit.window_open,
                visit.window_close,
            )
    for home in week.households.rows:
        if home.channel is Channel.PICKUP or home.window_open is None or home.window_close is None:
            continue
        if home.window_close < home.window_open or home.window_open == DAY_S:
            yield (
                week.households.file,
                home.row,
                "window_close",
                home.window_open,
                home.window_close,
            )


def clock_text(moment_s: int) -> str:
    """`HH:MM`, with `24:00` for the end of the day."""
    return "24:00" if moment_s == DAY_S else clock(moment_s)


def dates_in_week(week: WeekTables, report: Report) -> None:
    """Sessions, shifts, visits and runs lie in the week; goods are there before it ends."""
    first = week.week_start
    if first is None:
        return
    last = first + timedelta(days=WEEK_DAYS - 1)
    outside = [found for found in _dates(week) if not first <= found[3] <= last]
    too_late = [found for found in _goods_dates(week) if found[3] > last]
    for file, row, column, day in outside + too_late:
        report.add("date_outside_week", file, row, column, day.isoformat(), first=first, last=last)


def _dates(week: WeekTables) -> Iterator[tuple[str, int | None, str, date]]:
    """File, row, column and date of everything that happens on a day of the week."""
    for session in week.sessions.rows:
        yield week.sessions.file, session.row, "date", session.date
    for shift in week.shifts.rows:
        yield week.shifts.file, shift.row, "date", shift.date
    for visit in week.visits.rows:
        yield week.visits.file, visit.row, "date", visit.date
    for home in week.households.rows:
        if home.channel is Channel.DELIVERY and home.date is not None:
            yield week.households.file, home.row, "date", home.date
    for at, run in enumerate(week.settings.runs if week.settings else ()):
        yield SETTINGS, None, f"runs.{at}.date", run.date


def _goods_dates(week: WeekTables) -> Iterator[tuple[str, int | None, str, date]]:
    """File, row, column and date of goods, which may lie before the week but not after it."""
    for lot in week.lots.rows:
        if lot.made_on is not None:
            yield week.lots.file, lot.row, "made_on", lot.made_on
        if lot.ready_at is not None:
            yield week.lots.file, lot.row, "ready_at", lot.ready_at.date()


def shifts_apart(week: WeekTables, report: Report) -> None:
    """A vehicle drives one shift at a time; the later row of an overlapping pair is named."""

    def order(row: ShiftRow) -> tuple[str, date, int, int]:
        return row.vehicle_id, row.date, row.start, row.row

    lasting = (row for row in week.shifts.rows if row.start < row.end)
    for _, group in groupby(sorted(lasting, key=order), key=lambda row: (row.vehicle_id, row.date)):
        longest: ShiftRow | None = None
        for row in group:
            if longest is not None and row.start < longest.end:
                late, early = max(row.row, longest.row), min(row.row, longest.row)
                report.add(
                    "overlapping_shifts",
                    week.shifts.file,
                    late,
                    "start",
                    row.vehicle_id,
                    other=early,
                )
            if longest is None or row.end > longest.end:
                longest = row


def history_is_past(week: WeekTables, report: Report) -> None:
    """History weeks begin on Mondays before this one, and each household has each week once."""
    first: dict[tuple[str, date], int] = {}
    for row in week.history.rows:
        value = row.week_start.isoformat()
        if row.week_start.weekday() != 0:
            report.add("not_monday", week.history.file, row.row, "week_start", value)
        elif week.week_start is not None and row.week_start >= week.week_start:
            report.add(
                "week_not_past",
                week.history.file,
                row.row,
                "week_start",
                value,
                week_start=week.week_start,
            )
        known = first.setdefault((row.household_id, row.week_start), row.row)
        if known != row.row:
            report.add(
                "duplicate_row",
                week.history.file,
                row.row,
                "week_start",
                value,
                first=known,
                what="household_id, week_start",
            )
