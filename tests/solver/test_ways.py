"""By which way goods reach a session or a door, with the clock worked out by hand.

Along one road: FARM 10 minutes before the hub, T1 20 minutes behind it, home H 15 minutes behind it.
A stop at the hub, at T1 or at the farm takes 5 minutes. Sessions open at 10:00.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from logistics.model.fleet import Shift
from logistics.model.goods import Lot
from logistics.model.problem import WeekProblem
from logistics.model.units import HOUR_S, MINUTE_S, SiteKind, Storage
from logistics.solver.ways import NoWay, Way, WayKind, Ways
from tests import strategies, weeks
from tests.weeks import at

TUESDAY, WEDNESDAY = 1, 2
ROAD = weeks.road({"FARM": -10, "HUB": 0, "H": 15, "T1": 20})
SITES = (
    weeks.site("HUB", SiteKind.HUB, dock_s=5 * MINUTE_S),
    weeks.site("FARM", SiteKind.DONOR, dock_s=5 * MINUTE_S),
    weeks.site("T1", dock_s=5 * MINUTE_S),
)
WHOLE_DAY = weeks.shift(at(WEDNESDAY, 8), at(WEDNESDAY, 18))
THE_DAY_BEFORE = weeks.shift(at(TUESDAY, 8), at(TUESDAY, 18))


def on(shift: Shift, start: tuple[int, int] | None = None, end: tuple[int, int] = (18, 0)) -> Shift:
    """The same day with other hours."""
    return weeks.shift(
        at(shift.day, *start) if start else shift.start_s, at(shift.day, *end), shift.vehicle_id
    )


def to_session(lot: Lot, *shifts: Shift, place: str = "T1", **more: Any) -> Way | NoWay:
    """The way to Wednesday's session."""
    base = weeks.week(
        [lot],
        [],
        [weeks.session("S1", WEDNESDAY, site_id=place)],
        SITES,
        vehicles={"V1": weeks.van()},
    )
    problem = replace(base, **more, shifts=shifts)
    return Ways(problem, ROAD).to_session(lot, problem.sessions["S1"])


def to_door(lot: Lot, *shifts: Shift, **more: Any) -> Way | NoWay:
    """The way to a visit of ten minutes on Wednesday that starts between 11 and 12."""
    home = weeks.visited("H", 4, at(WEDNESDAY, 11), at(WEDNESDAY, 12), 10 * MINUTE_S)
    base = weeks.week([lot], [home], [], SITES, vehicles={"V1": weeks.van()}, shifts=shifts)
    return Ways(replace(base, **more), ROAD).to_door(lot, home)


def at_place(site_id: str, **more: Any) -> Lot:
    return weeks.lot("L", 4, site_id=site_id, **more)


STOCK, LOCAL, OFFER = at_place("HUB"), at_place("T1"), at_place("FARM")


# --- here, and from the hub ---------------------------------------------------------------------


def test_what_stands_at_the_session_needs_no_vehicle() -> None:
    assert to_session(LOCAL) == Way(WayKind.HERE, WEDNESDAY, at(WEDNESDAY, 10))


def test_stock_of_the_hub_is_driven_on_the_sessions_day() -> None:
    # 08:00 loading, 08:05 off, 08:25 there, 08:30 unloaded; Tuesday's shift is not needed.
    way = to_session(STOCK, THE_DAY_BEFORE, WHOLE_DAY)
    assert way == Way(WayKind.HUB, WEDNESDAY, at(WEDNESDAY, 8, 30), "HUB")


def test_unloaded_on_the_stroke_of_the_opening_is_in_time() -> None:
    # 09:30 + 5 + 20 + 5 minutes = 10:00.
    way = to_session(STOCK, on(WHOLE_DAY, (9, 30)))
    assert way == Way(WayKind.HUB, WEDNESDAY, at(WEDNESDAY, 10), "HUB")


def test_a_minute_later_is_too_late() -> None:
    assert to_session(STOCK, on(WHOLE_DAY, (9, 31))) == NoWay("too_late")


def test_a_session_that_opens_too_early_is_supplied_the_day_before() -> None:
    way = to_session(STOCK, THE_DAY_BEFORE, on(WHOLE_DAY, (9, 31)))
    assert way == Way(WayKind.HUB, TUESDAY, at(TUESDAY, 8, 30), "HUB")


def test_of_several_earlier_days_the_latest_is_taken() -> None:
    monday = weeks.shift(at(0, 8), at(0, 18))
    way = to_session(STOCK, monday, THE_DAY_BEFORE, on(WHOLE_DAY, (9, 31)))
    assert isinstance(way, Way)
    assert way.day == TUESDAY


def test_a_day_after_the_session_is_no_use() -> None:
    assert to_session(STOCK, weeks.shift(at(3, 8), at(3, 18))) == NoWay("too_late")


def test_the_driver_must_be_home_before_the_shift_ends() -> None:
    # 08:30 unloaded + 20 minutes back = 08:50.
    assert isinstance(to_session(STOCK, on(WHOLE_DAY, end=(8, 50))), Way)
    assert to_session(STOCK, on(WHOLE_DAY, end=(8, 49))) == NoWay("too_late")


def test_a_site_receives_within_its_hours() -> None:
    # T1 receives from 09:00: the vehicle is there at 08:25 and waits; 09:05 unloaded.
    way = to_session(STOCK, WHOLE_DAY, sites=_sites_with(receive_open_s=9 * HOUR_S))
    assert isinstance(way, Way)
    assert way.earliest_s == at(WEDNESDAY, 9, 5)
    # Until 08:29 it would have to be left a minute before it can be.
    shut = _sites_with(receive_close_s=8 * HOUR_S + 29 * MINUTE_S)
    assert to_session(STOCK, WHOLE_DAY, sites=shut) == NoWay("too_late")


def _sites_with(**more: Any) -> dict[str, Any]:
    """The sites, T1 changed."""
    return {site.id: replace(site, **more) if site.id == "T1" else site for site in SITES}


# --- straight -----------------------------------------------------------------------------------


def test_stock_of_a_satellite_goes_straight_on_the_day_itself() -> None:
    # 08:00 off to T1, 08:20-08:25 loading, 08:45 at the hub, 08:50 unloaded.
    way = to_session(LOCAL, WHOLE_DAY, place="HUB")
    assert way == Way(WayKind.STRAIGHT, WEDNESDAY, at(WEDNESDAY, 8, 50))


def test_what_goes_straight_never_goes_the_day_before() -> None:
    assert to_session(LOCAL, THE_DAY_BEFORE, place="HUB") == NoWay("too_late")


def test_a_cooked_meal_goes_straight_from_the_donor_once_it_is_ready() -> None:
    # Ready 09:20: 09:25 off, half an hour to T1, 09:55-10:00 unloading. A minute later it is too late.
    meal = at_place("FARM", ready_s=at(WEDNESDAY, 9, 20), fresh_s=4 * HOUR_S)
    assert to_session(meal, WHOLE_DAY) == Way(WayKind.STRAIGHT, WEDNESDAY, at(WEDNESDAY, 10))
    late = replace(meal, ready_s=at(WEDNESDAY, 9, 21))
    assert to_session(late, WHOLE_DAY) == NoWay("too_late")


def test_the_donor_s_deadline_counts_when_leaving() -> None:
    # The farm is reached at 08:10 and left at 08:15.
    meal = at_place("FARM", ready_s=at(WEDNESDAY, 7), fresh_s=5 * HOUR_S)
    by = replace(meal, collect_by_s=at(WEDNESDAY, 8, 15))
    assert isinstance(to_session(by, WHOLE_DAY), Way)
    before = replace(meal, collect_by_s=at(WEDNESDAY, 8, 14))
    assert to_session(before, WHOLE_DAY) == NoWay("too_late")


def test_a_hub_without_vehicles_is_no_hub() -> None:
    # The vehicle is at home at T1: stock of HUB is fetched and brought straight.
    way = to_session(STOCK, WHOLE_DAY, vehicles={"V1": weeks.van(home="T1")})
    # 08:00 off, 08:20-08:25 loading at HUB, 08:45 at T1, 08:50 unloaded.
    assert way == Way(WayKind.STRAIGHT, WEDNESDAY, at(WEDNESDAY, 8, 50))


# --- from donors through the hub ----------------------------------------------------------------


def test_an_offer_is_collected_on_the_first_day_and_delivered_from_the_hub() -> None:
    way = to_session(OFFER, THE_DAY_BEFORE, WHOLE_DAY)
    assert way == Way(WayKind.HUB, WEDNESDAY, at(WEDNESDAY, 8, 30), "HUB", collect_day=TUESDAY)


def test_an_offer_can_be_collected_and_delivered_on_one_day() -> None:
    # 08:10-08:15 at the farm, 08:25-08:30 unloading, loading till 08:35, 08:55-09:00 at T1.
    way = to_session(OFFER, WHOLE_DAY)
    assert way == Way(WayKind.HUB, WEDNESDAY, at(WEDNESDAY, 9), "HUB", collect_day=WEDNESDAY)


def test_an_offer_ready_a_minute_too_late_is_too_late() -> None:
    # Ready 09:10: 09:15 off, 09:25-09:30 at the hub, loaded 09:35, 09:55-10:00 at T1.
    ready = replace(OFFER, ready_s=at(WEDNESDAY, 9, 10))
    assert isinstance(to_session(ready, WHOLE_DAY), Way)
    late = replace(OFFER, ready_s=at(WEDNESDAY, 9, 11))
    assert to_session(late, WHOLE_DAY) == NoWay("too_late")


def test_for_a_session_at_the_hub_an_offer_is_collected_on_an_earlier_day() -> None:
    # Tuesday 08:10-08:15 at the farm, 08:25-08:30 at the hub, where it waits for Wednesday.
    way = to_session(OFFER, THE_DAY_BEFORE, WHOLE_DAY, place="HUB")
    assert way == Way(WayKind.HUB, WEDNESDAY, at(TUESDAY, 8, 30), "HUB", collect_day=TUESDAY)
    assert to_session(OFFER, WHOLE_DAY, place="HUB") == NoWay("too_late")


def test_an_offer_needs_storage_at_the_hub_it_passes() -> None:
    bare = {site.id: site for site in SITES}
    bare["HUB"] = replace(bare["HUB"], capacity_g={Storage.AMBIENT: 10_000})
    chilled = replace(OFFER, storage=Storage.CHILLED)
    assert to_session(chilled, WHOLE_DAY, sites=bare) == NoWay("no_storage")
    # Cooked meals pass no hub.
    meal = replace(chilled, ready_s=at(WEDNESDAY, 8), fresh_s=4 * HOUR_S)
    assert isinstance(to_session(meal, WHOLE_DAY, sites=bare), Way)


def test_the_earliest_collection_decides_the_hub() -> None:
    # V2 at home at T1 starts at 08:00: 30 minutes to the farm, 08:35 off, 09:05-09:10 at T1.
    # V1 of the hub starts at 09:00 only: 09:10-09:15 at the farm, 09:25-09:30 at the hub.
    problem = weeks.week(
        [OFFER],
        [],
        sites=SITES,
        vehicles={"V1": weeks.van(), "V2": weeks.van("V2", "T1")},
        shifts=(on(WHOLE_DAY, (9, 0)), weeks.shift(at(2, 8), at(2, 18), "V2")),
    )
    fetch = Ways(problem, ROAD).fetch(OFFER)
    assert (fetch.hub_id, fetch.unloaded_s) == ("T1", at(WEDNESDAY, 9, 10))  # type: ignore[union-attr]


# --- to the door, and the cold chain ------------------------------------------------------------


def test_a_visit_waits_for_its_window() -> None:
    way = to_door(STOCK, WHOLE_DAY)
    assert isinstance(way, Way)
    assert (way.kind, way.day, way.hub_id) == (WayKind.HUB, WEDNESDAY, "HUB")


def test_a_visit_may_start_until_its_window_closes() -> None:
    # 11:40 + 5 minutes of loading + 15 of driving = 12:00, the last moment of the window.
    assert isinstance(to_door(STOCK, on(WHOLE_DAY, (11, 40))), Way)
    assert to_door(STOCK, on(WHOLE_DAY, (11, 41))) == NoWay("too_late")


def test_a_visit_includes_its_minutes_and_the_way_home() -> None:
    # It starts at 11:00 at the earliest, takes 10 minutes and 15 more to the hub: 11:25.
    assert isinstance(to_door(STOCK, on(WHOLE_DAY, end=(11, 25))), Way)
    assert to_door(STOCK, on(WHOLE_DAY, end=(11, 24))) == NoWay("too_late")


def test_a_visit_is_made_on_its_day() -> None:
    assert to_door(STOCK, THE_DAY_BEFORE) == NoWay("too_late")


def test_pickup_has_no_door() -> None:
    home = weeks.household("H", 4)
    problem = weeks.week([STOCK], [home], sites=SITES)
    assert Ways(problem, ROAD).to_door(STOCK, home) == NoWay("not_offered")


@pytest.mark.parametrize("storage", [Storage.CHILLED, Storage.FROZEN])
def test_without_a_fridge_the_drive_must_be_short_enough(storage: Storage) -> None:
    # Twenty minutes from leaving the hub to unloading at T1.
    cold = replace(STOCK, storage=storage)
    twenty = {"V1": weeks.van(cold_s_max=20 * MINUTE_S)}
    nineteen = {"V1": weeks.van(cold_s_max=19 * MINUTE_S)}
    assert isinstance(to_session(cold, WHOLE_DAY, vehicles=twenty), Way)
    assert to_session(cold, WHOLE_DAY, vehicles=nineteen) == NoWay("too_late")
    assert isinstance(to_session(STOCK, WHOLE_DAY, vehicles=nineteen), Way)


def test_waiting_is_done_before_loading_so_that_the_cold_time_is_the_drive_alone() -> None:
    # The visit starts at 11:00 at the earliest, the drive takes 15 minutes of at most 15.
    cold = replace(STOCK, storage=Storage.CHILLED)
    vehicles = {"V1": weeks.van(cold_s_max=15 * MINUTE_S)}
    assert isinstance(to_door(cold, WHOLE_DAY, vehicles=vehicles), Way)


def test_only_vehicles_with_the_compartment_count() -> None:
    # V1 drives in time but has no freezer; V2 has one and starts too late.
    frozen = replace(STOCK, storage=Storage.FROZEN)
    vehicles = {
        "V1": weeks.van(capacity_g={Storage.AMBIENT: 10_000}),
        "V2": weeks.van("V2"),
    }
    late = weeks.shift(at(WEDNESDAY, 9, 31), at(WEDNESDAY, 18), "V2")
    assert to_session(frozen, WHOLE_DAY, late, vehicles=vehicles) == NoWay("too_late")
    assert isinstance(to_session(STOCK, WHOLE_DAY, late, vehicles=vehicles), Way)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.small_weeks())
def test_more_time_never_closes_a_way(problem: WeekProblem) -> None:
    """Shifts that begin an hour earlier and end an hour later reach whatever was reached before.

    Offers are left out: with more time another hub may be the first that can fetch them.
    """
    longer = tuple(
        replace(s, start_s=s.start_s - HOUR_S, end_s=s.end_s + HOUR_S) for s in problem.shifts
    )
    legs = strategies.legs_of(problem)
    before, after = Ways(problem, legs), Ways(replace(problem, shifts=longer), legs)
    for lot in problem.lots.values():
        if problem.sites[lot.site_id].kind is SiteKind.DONOR and not lot.is_cooked:
            continue
        for session in problem.sessions.values():
            if isinstance(before.to_session(lot, session), Way):
                assert isinstance(after.to_session(lot, session), Way)
