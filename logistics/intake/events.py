"""events.csv: what has happened in a week since its plan was published, checked against the week."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from logistics.intake.build import household_of
from logistics.intake.report import Language, Report
from logistics.intake.rows import EVENTS, EventRow, HomeRow, HouseholdRow, PlaceRow
from logistics.intake.tables import csv_grid
from logistics.intake.towns import town_point
from logistics.intake.validate import Checked, report_blank, validate
from logistics.model.errors import Finding
from logistics.model.events import LOSSES, VEHICLE_KINDS, Event, EventKind
from logistics.model.people import Household
from logistics.model.problem import WeekProblem
from logistics.model.units import WEEK_DAYS, Channel, SiteKind, seconds_of

_HOME = (*PlaceRow.model_fields, *HomeRow.model_fields, "members", "meals_wanted")
HOME_COLUMNS = frozenset(_HOME) - {"row"}
"""Columns that describe a household that is added."""

NEEDED: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.DRIVER_ILL: ("vehicle_id",),
    EventKind.CAR_BROKEN: ("vehicle_id",),
    EventKind.SHIFT_CHANGED: ("vehicle_id", "since", "until"),
    EventKind.LOT_LATE: ("lot_id", "since"),
    EventKind.LOT_SPOILT: ("lot_id",),
    EventKind.LOT_SHORT: ("lot_id", "units"),
    EventKind.SESSION_CLOSED: ("session_id",),
    EventKind.HOUSEHOLD_CANCELLED: ("household_id",),
    EventKind.HOUSEHOLD_ADDED: ("household_id", "members", "meals_wanted"),
}
"""Columns that an event cannot do without, beside `event` and `at`."""

ALLOWED: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.DRIVER_ILL: ("since", "until"),
    EventKind.CAR_BROKEN: ("since", "until", "site_id"),
    EventKind.LOT_LATE: ("until",),
    EventKind.LOT_SPOILT: ("units", "site_id"),
    EventKind.LOT_SHORT: ("site_id",),
    EventKind.HOUSEHOLD_ADDED: tuple(sorted(HOME_COLUMNS)),
}
"""Columns that say something for an event if they are filled."""


def read_events(
    path: Path, problem: WeekProblem, language: Language = "en"
) -> tuple[tuple[Event, ...], list[Finding]]:
    """Read what has happened, all or nothing: with any error there are no events.

    Args:
        path: the CSV file, in UTF-8 or cp932.
        problem: the week before the events.
        language: of the findings.
    """
    report = Report(language)
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError:
        report.add("unreadable_file", path.name)
        return (), report.findings
    checked = validate(csv_grid(path.name, content, report), EVENTS, report)
    if checked.table is not None and not checked.table.rows and not checked.table.torn:
        report.add("no_events", path.name)
    _filled(checked, report)
    _consistent(checked, report)
    for check in (_known, _timely, _sensible):
        check(checked, problem, report)
    if report.has_errors:
        return (), report.in_order()
    events = tuple(_event(row, problem) for row in checked.rows)
    return events, report.in_order()


def _filled(checked: Checked[EventRow], report: Report) -> None:
    """Every event has what it needs, and nothing that it makes no use of."""
    for row in checked.rows:
        needed = NEEDED[row.event]
        for column in needed:
            if getattr(row, column) in (None, ""):
                report_blank(checked, row.row, column, "event_needs", report, kind=row.event)
        used = {"event", "at", "note", *needed, *ALLOWED.get(row.event, ())}
        for column, cell in _cells(checked, row):
            if cell and column not in used:
                report.add(
                    "event_ignores", checked.file, row.row, column, cell, kind=str(row.event)
                )


def _cells(checked: Checked[EventRow], row: EventRow) -> Iterator[tuple[str, str]]:
    """Column and text of every cell of a row."""
    if checked.table is None:
        return
    cells = next(cells for number, cells in checked.table.rows if number == row.row)
    for column, place in checked.table.columns.items():
        yield column, cells[place]


def _known(checked: Checked[EventRow], problem: WeekProblem, report: Report) -> None:
    """Everything named is in the week; a household that is added is not."""
    added = {row.household_id for row in checked.rows if row.event is EventKind.HOUSEHOLD_ADDED}
    known: dict[str, Callable[[str], bool]] = {
        "vehicle_id": problem.vehicles.__contains__,
        "lot_id": problem.lots.__contains__,
        "session_id": problem.sessions.__contains__,
        "household_id": lambda name: name in problem.households or name in added,
        "site_id": problem.sites.__contains__,
    }
    for row in checked.rows:
        for column, holds in known.items():
            name = getattr(row, column)
            if name and not holds(name):
                report.add("event_unknown", checked.file, row.row, column, name, name=name)
        for name in row.session_ids:
            if name not in problem.sessions:
                report.add("event_unknown", checked.file, row.row, "session_ids", name, name=name)
        is_new = row.event is EventKind.HOUSEHOLD_ADDED
        if is_new and (row.household_id in problem.households or row.household_id in problem.sites):
            report.add(
                "event_known",
                *(checked.file, row.row, "household_id", row.household_id),
                name=row.household_id,
            )


def _timely(checked: Checked[EventRow], problem: WeekProblem, report: Report) -> None:
    """Moments lie in the week, or in the one before it, in which its plan was made."""
    monday = datetime.combine(problem.week_start, datetime.min.time())
    first, last = monday - timedelta(days=WEEK_DAYS), monday + timedelta(days=WEEK_DAYS)
    for row in checked.rows:
        for column in ("at", "since", "until"):
            moment = getattr(row, column)
            if moment is not None and not first <= moment <= last:
                report.add(
                    "event_outside_week",
                    *(checked.file, row.row, column, moment.isoformat(timespec="minutes")),
                    first=first.date(),
                    last=last.date(),
                )
        begins = row.since or (row.at if row.event in VEHICLE_KINDS else None)
        if row.until is not None and begins is not None and row.until <= begins:
            report.add("event_ends_early", checked.file, row.row, "until", row.until.isoformat())


def _sensible(checked: Checked[EventRow], problem: WeekProblem, report: Report) -> None:
    """Numbers and places fit what is named."""
    for row in checked.rows:
        if row.event is EventKind.SHIFT_CHANGED and row.since and row.until:
            midnight = datetime.combine(row.since.date() + timedelta(days=1), datetime.min.time())
            if row.since.date() < problem.week_start or row.until > midnight:
                report.add("event_two_days", checked.file, row.row, "until", str(row.until))
        lot = problem.lots.get(row.lot_id)
        if lot and row.event in LOSSES and row.units and row.units > lot.units:
            report.add(
                "event_too_many",
                *(checked.file, row.row, "units", str(row.units)),
                most=lot.units,
            )
        site = problem.sites.get(row.site_id)
        if site and row.event is EventKind.CAR_BROKEN and site.kind is SiteKind.DONOR:
            report.add("event_no_store", checked.file, row.row, "site_id", site.id)
        if row.event is EventKind.HOUSEHOLD_ADDED:
            _home_fits(checked, row, report)


def _home_fits(checked: Checked[EventRow], row: EventRow, report: Report) -> None:
    """A household that is added has all that one of households.csv needs."""
    if (row.lat is None or row.lon is None) and town_point(row.town) is None:
        column = "town" if row.town else "lat"
        report.add("event_no_place", checked.file, row.row, column, row.town)
    parts = row.infants + row.children + row.seniors
    if row.members is not None and parts > row.members:
        report.add(
            "too_many_members",
            *(checked.file, row.row, "members", str(row.members)),
            parts=parts,
        )
    if row.channel is Channel.PICKUP and not row.session_ids:
        report_blank(checked, row.row, "session_ids", "no_sessions", report)
    if row.channel is Channel.DELIVERY:
        blank = (c for c in ("date", "window_open", "window_close") if getattr(row, c) is None)
        column = next(blank, "")
        if column:
            report_blank(checked, row.row, column, "no_visit_window", report)
        elif (row.window_open or 0) > (row.window_close or 0):
            report.add("event_ends_early", checked.file, row.row, "window_close")


def _consistent(checked: Checked[EventRow], report: Report) -> None:
    """Nothing is cancelled, closed or added twice, or changed after it is no more."""
    ended: dict[tuple[str, str], int] = {}
    added: dict[str, int] = {}
    for row in sorted(checked.rows, key=lambda row: (row.at, row.row)):
        ends = _ends(row)
        for column in ("household_id", "session_id", "lot_id"):
            name = getattr(row, column)
            first = ended.get((column, name))
            if first is not None:
                code = "event_twice" if ends == (column, name) else "event_contradicts"
                report.add(code, checked.file, row.row, column, name, first=first, name=name)
        if ends is not None:
            ended.setdefault(ends, row.row)
        if row.event is EventKind.HOUSEHOLD_ADDED:
            name = row.household_id
            first = added.setdefault(name, row.row)
            if first != row.row:
                where = (checked.file, row.row, "household_id", name)
                report.add("event_twice", *where, first=first, name=name)


def _ends(row: EventRow) -> tuple[str, str] | None:
    """Column and name of what an event says is no more."""
    if row.event is EventKind.HOUSEHOLD_CANCELLED:
        return "household_id", row.household_id
    if row.event is EventKind.SESSION_CLOSED:
        return "session_id", row.session_id
    if row.event is EventKind.LOT_SPOILT and row.units is None and not row.site_id:
        return "lot_id", row.lot_id
    return None


def _event(row: EventRow, problem: WeekProblem) -> Event:
    """A checked row as a noun, without what the event makes no use of."""
    used = {*NEEDED[row.event], *ALLOWED.get(row.event, ())}

    def name(column: str) -> str:
        return str(getattr(row, column)) if column in used else ""

    def moment_s(column: str) -> int | None:
        moment = getattr(row, column) if column in used else None
        return None if moment is None else seconds_of(problem.week_start, moment)

    return Event(
        kind=row.event,
        at_s=seconds_of(problem.week_start, row.at),
        vehicle_id=name("vehicle_id"),
        lot_id=name("lot_id"),
        session_id=name("session_id"),
        household_id=name("household_id"),
        site_id=name("site_id"),
        units=row.units if "units" in used else None,
        since_s=moment_s("since"),
        until_s=moment_s("until"),
        household=_home(row, problem) if row.event is EventKind.HOUSEHOLD_ADDED else None,
        note=row.note,
    )


def _home(row: EventRow, problem: WeekProblem) -> Household:
    values = {name: getattr(row, name) for name in HouseholdRow.model_fields}
    return household_of(HouseholdRow.model_construct(**values), problem.week_start)
