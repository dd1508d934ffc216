"""Shifts that start or end elsewhere than at the vehicle's home, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logistics.model.errors import InvalidFact
from logistics.model.fleet import Shift
from logistics.model.plan import Load, Route
from logistics.model.units import MINUTE_S
from logistics.solver.routing import (
    METRE_COST,
    SECOND_COST,
    VEHICLE_DAY_COST,
    DayJobs,
    route_day,
)
from tests.solver.routing.days import (
    CHILLED,
    HOUR,
    NINE,
    collection,
    delivery,
    on_a_line,
    pair,
    site,
    van,
    week,
)

LINE = on_a_line({"WEST": -20, "HUB": 0, "A": 10, "EAST": 30})
HOMES = ("HUB", "WEST", "EAST")
DOCK_S = 5 * MINUTE_S


def driven(jobs: DayJobs, **ends: str) -> tuple[Route, float]:
    """The only route, of a van of HUB from 9 to 17 o'clock, and what the day costs."""
    fleet = week([van()], [Shift("V1", NINE, 17 * HOUR, **ends)], HOMES, DOCK_S)
    result = route_day(fleet, LINE, jobs, 0.5, 1)
    assert not result.dropped
    assert result.stage.objective is not None
    assert result.stage.bound is not None
    assert result.stage.bound <= result.stage.objective
    return result.routes[0], result.stage.objective


def test_goods_of_the_hub_are_loaded_on_the_way() -> None:
    # West to the hub 20 min, 5 min loading, A 10 min, home 10 min: 45 min and 10 + 5 + 5 km.
    route, cost = driven(DayJobs(0, (delivery("a", site("A")),)), start_id="WEST")
    (trip,) = route.trips
    assert [stop.id for stop in trip.stops] == ["WEST", "HUB", "A", "HUB"]
    assert trip.stops[1].load == (Load("lot-a", 1),)
    assert (trip.metres, trip.seconds) == (20_000, 45 * MINUTE_S)
    assert cost == VEHICLE_DAY_COST + METRE_COST * 20_000 + SECOND_COST * 45 * MINUTE_S


def test_a_collection_needs_no_way_past_the_hub_first() -> None:
    # East to A 20 min, on to the hub 10 min, 5 min unloading.
    route, _ = driven(DayJobs(0, (), (collection("a", site("A"), price=10**8),)), start_id="EAST")
    (trip,) = route.trips
    assert [stop.id for stop in trip.stops] == ["EAST", "A", "HUB"]
    assert trip.seconds == 35 * MINUTE_S


def test_collected_goods_are_unloaded_before_the_end() -> None:
    # Hub, A, hub 5 min, west: 10 + 10 + 5 + 20 min.
    route, _ = driven(DayJobs(0, (), (collection("a", site("A"), price=10**8),)), end_id="WEST")
    (trip,) = route.trips
    assert [stop.id for stop in trip.stops] == ["HUB", "A", "HUB", "WEST"]
    assert trip.stops[2].unload == (Load("lot-a", 1),)
    assert trip.stops[3].unload == ()
    assert trip.seconds == 45 * MINUTE_S


def test_the_last_of_two_trips_ends_elsewhere() -> None:
    # 60 + 60 kg in a van of 100 kg: two trips, the second ends in the east without coming home.
    jobs = DayJobs(0, (delivery("a", site("A"), 60_000), delivery("b", site("A"), 60_000)))
    route, _ = driven(jobs, end_id="EAST")
    assert [[stop.id for stop in trip.stops] for trip in route.trips] == [
        ["HUB", "A", "HUB"],
        ["HUB", "A", "EAST"],
    ]


def test_what_goes_straight_does_not_touch_the_hub() -> None:
    # A stands on the way from west to east: 30 + 20 min.
    route, _ = driven(
        DayJobs(0, pairs=(pair("a", site("A"), site("EAST")),)), start_id="WEST", end_id="EAST"
    )
    (trip,) = route.trips
    assert [stop.id for stop in trip.stops] == ["WEST", "A", "EAST"]
    assert trip.stops[2].unload == (Load("lot-a", 1),)
    assert trip.seconds == 50 * MINUTE_S


def test_the_cold_begins_at_the_hub_and_not_at_the_start() -> None:
    # Milk travels from the hub to A in 10 minutes, whatever the way to the hub takes.
    fleet = week([van(cold_s_max=600)], [Shift("V1", NINE, 17 * HOUR, start_id="WEST")], HOMES)
    milk = delivery("a", site("A"), storage=CHILLED)
    assert not route_day(fleet, LINE, DayJobs(0, (milk,)), 0.5, 1).dropped
    warm = replace(fleet, vehicles={"V1": van(cold_s_max=599)})
    (dropped,) = route_day(warm, LINE, DayJobs(0, (milk,)), 0.5, 1).dropped
    assert dropped.proven


def test_the_way_home_counts_in_the_shift() -> None:
    # 5 min loading, 10 min, 15 min at A, 30 min to the west: 60 min.
    jobs = DayJobs(0, (delivery("a", site("A", service_s=15 * MINUTE_S)),))
    for minutes, dropped in ((60, []), (59, [True])):
        shift = Shift("V1", NINE, NINE + minutes * MINUTE_S, end_id="WEST")
        result = route_day(week([van()], [shift], HOMES, DOCK_S), LINE, jobs, 0.5, 1)
        assert [drop.proven for drop in result.dropped] == dropped


def test_a_shift_starts_at_a_site_of_the_week() -> None:
    with pytest.raises(InvalidFact):
        week([van()], [Shift("V1", NINE, 17 * HOUR, start_id="NOWHERE")])
