"""From checked rows to the nouns of the week. Nothing is decided here: every row is good by now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from logistics.intake.allergens import checked_codes, known_allergens
from logistics.intake.rows import (
    HouseholdRow,
    LotRow,
    PlaceRow,
    SessionRow,
    ShiftRow,
    SiteRow,
    StorageRow,
    TravelRow,
    VehicleRow,
    VisitRow,
    VolunteerRow,
)
from logistics.intake.settings import Settings, policy_of
from logistics.intake.settings_travel import travel_of
from logistics.intake.towns import Point, town_point
from logistics.intake.week_tables import WeekTables
from logistics.model.errors import InvalidFact
from logistics.model.fleet import Break, Shift, Vehicle
from logistics.model.goods import Lot
from logistics.model.people import HistoryWeek, Household, Visit, Volunteer
from logistics.model.places import HotMealRun, Organisation, Session, Site
from logistics.model.problem import Leg, Pin, Travel, WeekProblem
from logistics.model.units import DAY_S, Channel, Storage, day_number, seconds_of

T = TypeVar("T", Organisation, Site, Lot, Session, Household, Vehicle, Volunteer)


def build_problem(week: WeekTables, settings: Settings, digest: str, folder: Path) -> WeekProblem:
    """The problem of a week without errors; the order of rows in the files leaves no trace."""
    start = settings.week_start
    sites = _by_id(_site(row) for row in week.sites.rows)
    alternatives: dict[str, list[VisitRow]] = defaultdict(list)
    for visit in week.visits.rows:
        alternatives[visit.household_id].append(visit)
    households = _by_id(
        household_of(row, start, alternatives[row.household_id]) for row in week.households.rows
    )
    points = sites.keys() | households.keys()
    return WeekProblem(
        name=settings.name,
        week_start=start,
        organisations=_by_id(
            Organisation(row.org_id, row.name or row.org_id, row.sector)
            for row in week.organisations.rows
        ),
        sites=sites,
        lots=_by_id(_lot(row, start) for row in week.lots.rows),
        sessions=_by_id(_session(row, start) for row in week.sessions.rows),
        households=households,
        vehicles=_by_id(_vehicle(row) for row in week.vehicles.rows),
        shifts=tuple(
            sorted(
                (_shift(row, start) for row in week.shifts.rows),
                key=lambda shift: (shift.start_s, shift.vehicle_id),
            )
        ),
        history=_history(week),
        policy=policy_of(settings),
        travel=travel_of(settings.travel, folder),
        legs=legs_of(
            row for row in week.travel.rows if row.from_id in points and row.to_id in points
        ),
        pins=_pins(week),
        runs=tuple(
            HotMealRun(run.run_id, day_number(start, run.date), run.site_id, run.meals)
            for run in sorted(settings.runs, key=lambda run: (run.date, run.run_id))
        ),
        allergens=known_allergens(),
        timezone=settings.timezone,
        digest=digest,
        volunteers=_by_id(_volunteer(row, start) for row in week.volunteers.rows),
    )


def _by_id(nouns: Iterable[T]) -> Mapping[str, T]:
    return MappingProxyType({noun.id: noun for noun in sorted(nouns, key=lambda noun: noun.id)})


def _point(row: PlaceRow) -> Point:
    """Coordinates where they are given, else the town's."""
    if row.lat is not None and row.lon is not None:
        return row.lat, row.lon
    point = town_point(row.town)
    if point is None:
        raise InvalidFact(f"row {row.row}: the town {row.town} is not known")
    return point


def _capacity(row: StorageRow) -> Mapping[Storage, int]:
    return MappingProxyType(row.capacity_g)


def _site(row: SiteRow) -> Site:
    lat, lon = _point(row)
    return Site(
        id=row.site_id,
        org_id=row.org_id,
        name=row.name or row.site_id,
        kind=row.kind,
        lat=lat,
        lon=lon,
        capacity_g=_capacity(row),
        receive_open_s=row.receive_open,
        receive_close_s=row.receive_close,
        dock_s=row.dock_minutes,
    )


def _lot(row: LotRow, start: date) -> Lot:
    return Lot(
        id=row.lot_id,
        site_id=row.site_id,
        org_id=row.org_id,
        item=row.item,
        food_group=row.food_group,
        storage=row.storage,
        units=row.units,
        unit_g=row.unit_g,
        unit_meals=row.unit_meals,
        pack=row.pack,
        hold_units=row.hold_units,
        label=row.label,
        last_day=row.label_date.day if row.label_date else None,
        made_on=row.made_on,
        ready_s=_moment_s(row.ready_at, start),
        collect_by_s=_moment_s(row.collect_by, start),
        fresh_s=row.hours_max,
        contains=row.allergens,
        checked=checked_codes(row.allergens_checked, row.made_on),
        kitchen_needed=row.kitchen_needed,
        tags=row.tags,
    )


def _moment_s(moment: datetime | None, start: date) -> int | None:
    return None if moment is None else seconds_of(start, moment)


def _session(row: SessionRow, start: date) -> Session:
    midnight_s = day_number(start, row.date) * DAY_S
    return Session(
        row.session_id,
        row.site_id,
        midnight_s + row.open,
        midnight_s + row.close,
        row.households_max,
    )


def household_of(
    row: HouseholdRow, start: date, alternatives: Sequence[VisitRow] = ()
) -> Household:
    """The household of a row, in a week that begins on a Monday."""
    lat, lon = _point(row)
    visits = _visits(row, alternatives, start)
    return Household(
        id=row.household_id,
        lat=lat,
        lon=lon,
        members=row.members,
        meals_wanted=row.meals_wanted,
        infants=row.infants,
        children=row.children,
        seniors=row.seniors,
        avoid=row.avoid,
        diet=row.diet,
        kitchen=row.kitchen,
        cold=row.cold,
        channel=row.channel,
        session_ids=row.session_ids,
        visit=visits[0] if visits else None,
        language=row.language,
        weight=row.weight,
        alternatives=visits if alternatives else (),
    )


def _visits(row: HouseholdRow, alternatives: Sequence[VisitRow], start: date) -> tuple[Visit, ...]:
    """The rows of visits.csv in order of time, or the window that the household's own row gives."""
    if row.channel is Channel.PICKUP:
        return ()
    if alternatives:
        visits = (_visit(visit, row.visit_minutes, start) for visit in alternatives)
        return tuple(sorted(visits, key=lambda v: (v.open_s, v.close_s, v.crew, v.qualification)))
    if row.date is None or row.window_open is None or row.window_close is None:
        raise InvalidFact(f"household {row.household_id}: a delivery needs a date and a window")
    midnight_s = day_number(start, row.date) * DAY_S
    own = Visit(midnight_s + row.window_open, midnight_s + row.window_close, row.visit_minutes)
    return (own,)


def _visit(row: VisitRow, service_s: int, start: date) -> Visit:
    midnight_s = day_number(start, row.date) * DAY_S
    return Visit(
        open_s=midnight_s + row.window_open,
        close_s=midnight_s + row.window_close,
        service_s=service_s,
        crew=row.crew,
        qualification=row.qualification,
        last_visitor_ids=row.last_visitor_ids,
    )


def _volunteer(row: VolunteerRow, start: date) -> Volunteer:
    return Volunteer(
        id=row.volunteer_id,
        qualifications=frozenset(row.qualifications),
        languages=frozenset(row.languages),
        work_s_max=row.hours_max,
        days=frozenset(day_number(start, day) for day in row.dates) if row.dates else None,
    )


def _vehicle(row: VehicleRow) -> Vehicle:
    return Vehicle(row.vehicle_id, row.home_site_id, _capacity(row), row.cold_minutes_max)


def _shift(row: ShiftRow, start: date) -> Shift:
    midnight_s = day_number(start, row.date) * DAY_S
    rest = None
    if row.break_open is not None and row.break_close is not None and row.break_minutes:
        opens_s, closes_s = midnight_s + row.break_open, midnight_s + row.break_close
        rest = Break(opens_s, closes_s, row.break_minutes)
    return Shift(
        vehicle_id=row.vehicle_id,
        start_s=midnight_s + row.start,
        end_s=midnight_s + row.end,
        volunteer_ids=row.volunteer_ids,
        start_id=row.start_id or None,
        end_id=row.end_id or None,
        break_=rest,
    )


def _history(week: WeekTables) -> tuple[HistoryWeek, ...]:
    """History of the households of this week."""
    known = (row for row in week.history.rows if row.household_id in week.households.ids)
    return tuple(
        HistoryWeek(row.household_id, row.week_start, row.meals_wanted, row.meals_received)
        for row in sorted(known, key=lambda row: (row.household_id, row.week_start))
    )


def legs_of(rows: Iterable[TravelRow]) -> Travel:
    """Legs by pair of points."""
    ordered = sorted(rows, key=lambda row: (row.from_id, row.to_id))
    return MappingProxyType(
        {(row.from_id, row.to_id): Leg(row.metres, row.seconds) for row in ordered}
    )


def _pins(week: WeekTables) -> tuple[Pin, ...]:
    def order(pin: Pin) -> tuple[str, str, str, str, str, int]:
        units = -1 if pin.units is None else pin.units
        return pin.kind, pin.household_id, pin.lot_id, pin.session_id, pin.vehicle_id, units

    pins = (
        Pin(row.kind, row.household_id, row.lot_id, row.session_id, row.vehicle_id, row.units)
        for row in week.pins.rows
    )
    return tuple(sorted(pins, key=order))
