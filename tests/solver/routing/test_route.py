"""Tiny days whose best routes are worked out by hand, one for each thing that a day can ask for.

Places lie on a road: position x is x minutes from the hub at 0, a minute is 500 m. A minute of
driving costs 500 + 2 x 60 = 620, a minute of anything else 120, a vehicle-day 1,000,000.
"""

from __future__ import annotations

import pytest

from logistics.model.errors import InvalidFact
from logistics.model.fleet import Vehicle
from logistics.model.plan import Status
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.routing import MUST_PRICE, VEHICLE_DAY_COST, DayJobs, DayResult, route_day
from logistics.solver.routing.day import LegMissing
from tests.solver.routing.days import (
    AMBIENT,
    CHILLED,
    HOUR,
    NINE,
    collection,
    delivery,
    door,
    on_a_line,
    pair,
    shift,
    site,
    van,
    week,
)
from tests.solver.routing.replay import broken_rules

DRIVEN_MINUTE = 620
IDLE_MINUTE = 120


def solved(problem: WeekProblem, travel: Travel, jobs: DayJobs) -> DayResult:
    result = route_day(problem, travel, jobs, seconds=2, seed=1)
    assert broken_rules(problem, travel, jobs, result) == []
    return result


def test_nothing_to_drive_costs_nothing() -> None:
    result = solved(week([van()], [shift()]), {}, DayJobs(0))
    assert result.routes == ()
    stage = result.stage
    assert (stage.status, stage.objective, stage.bound, stage.gap) == (Status.OPTIMAL, 0, 0, 0)
    assert stage.name == "routes 0"


def test_two_doors_on_one_road_are_one_trip() -> None:
    # Out to B at 20 and back: 40 minutes of driving; 5 minutes at each door; 10 at the home dock.
    jobs = DayJobs(
        0, (delivery("A", door("A", service_s=300)), delivery("B", door("B", service_s=300)))
    )
    legs = on_a_line({"HUB": 0, "A": 10, "B": 20})
    result = solved(week([van()], [shift()], dock_s=600), legs, jobs)
    assert result.stage.objective == VEHICLE_DAY_COST + 40 * DRIVEN_MINUTE + 20 * IDLE_MINUTE
    (trip,) = result.routes[0].trips
    assert trip.metres == 20_000
    assert trip.seconds == 60 * 60
    assert [load.lot_id for load in trip.stops[0].load] == ["lot-A", "lot-B"]
    assert trip.stops[0].leave_s == trip.stops[0].start_s + 600


def test_a_full_vehicle_comes_back_to_load_again() -> None:
    # 60 + 60 kg into a van of 100 kg: two trips of 20 and 40 minutes, still one vehicle-day.
    jobs = DayJobs(0, (delivery("A", door("A"), 60_000), delivery("B", door("B"), 60_000)))
    legs = on_a_line({"HUB": 0, "A": 10, "B": 20})
    result = solved(week([van(), van("V2")], [shift(), shift("V2")]), legs, jobs)
    assert result.stage.objective == VEHICLE_DAY_COST + 60 * DRIVEN_MINUTE
    assert [len(route.trips) for route in result.routes] == [2]


def test_two_vehicles_where_one_has_too_few_hours() -> None:
    # A at +30 and B at -30, both due at 9:40: no van can be at both, so two vehicle-days.
    jobs = DayJobs(
        0,
        tuple(delivery(name, site(name, leave_by_s=NINE + 40 * 60)) for name in ("A", "B")),
    )
    legs = on_a_line({"HUB": 0, "A": 30, "B": -30})
    result = solved(week([van(), van("V2")], [shift(), shift("V2")]), legs, jobs)
    assert result.stage.objective == 2 * VEHICLE_DAY_COST + 120 * DRIVEN_MINUTE
    assert [route.vehicle_id for route in result.routes] == ["V1", "V2"]


def test_compartments_are_counted_apart() -> None:
    # 15 + 15 kg chilled overfill 20 kg of cold room; 15 kg chilled + 90 kg ambient do not.
    legs = on_a_line({"HUB": 0, "A": 10, "B": 20})
    mixed = DayJobs(
        0, (delivery("A", door("A"), 15_000, storage=CHILLED), delivery("B", door("B"), 90_000))
    )
    cold = DayJobs(
        0,
        tuple(delivery(name, door(name), 15_000, storage=CHILLED) for name in ("A", "B")),
    )
    problem = week([van()], [shift()])
    assert solved(problem, legs, mixed).stage.objective == VEHICLE_DAY_COST + 40 * DRIVEN_MINUTE
    assert solved(problem, legs, cold).stage.objective == VEHICLE_DAY_COST + 60 * DRIVEN_MINUTE


def test_goods_collected_in_the_morning_leave_again_after_unloading() -> None:
    # The donor D at 15 is open from 10:00; unloading at the hub is done at 10:25 (10 minutes dock), so
    # the trip to A starts loading at 10:25:01 at the earliest and reaches A at 10:45:01.
    jobs = DayJobs(
        0,
        (delivery("A", door("A"), needs=("D",)),),
        (collection("D", site("D", open_s=NINE + HOUR)),),
    )
    legs = on_a_line({"HUB": 0, "A": 10, "D": 15})
    result = solved(week([van()], [shift()], dock_s=600), legs, jobs)
    assert result.stage.objective == VEHICLE_DAY_COST + 50 * DRIVEN_MINUTE + 20 * IDLE_MINUTE
    fetch, bring = result.routes[0].trips
    assert fetch.stops[0].start_s == NINE + 45 * 60
    assert fetch.stops[-1].leave_s == NINE + 85 * 60
    assert bring.stops[0].start_s > fetch.stops[-1].leave_s


def test_a_collection_rides_along_unless_it_is_needed_on_the_same_trip() -> None:
    # D lies on the way back from A: one trip of 30 minutes does both. Nothing needs E: not collected.
    jobs = DayJobs(
        0,
        (delivery("A", door("A")),),
        (collection("D", site("D"), price=50_000), collection("E", site("E"))),
    )
    legs = on_a_line({"HUB": 0, "D": 10, "A": 15, "E": 20})
    result = solved(week([van()], [shift()]), legs, jobs)
    assert result.stage.objective == VEHICLE_DAY_COST + 30 * DRIVEN_MINUTE
    assert [(drop.job_id, drop.proven) for drop in result.dropped] == [("E", False)]
    assert "nothing that is driven needs it" in result.dropped[0].why


def test_a_stop_that_loads_and_unloads_is_counted_at_its_fullest() -> None:
    # 60 kg go to T and 60 kg come from there; the van holds 100 kg. At one stop all is loaded before
    # any is unloaded, 120 kg; so T is called at twice: two trips of 20 minutes each.
    jobs = DayJobs(
        0,
        (delivery("A", site("T"), 60_000),),
        (collection("D", site("T"), 60_000, price=MUST_PRICE),),
    )
    legs = on_a_line({"HUB": 0, "T": 10})
    result = solved(week([van()], [shift()]), legs, jobs)
    assert [len(route.trips) for route in result.routes] == [2]
    assert not any(
        stop.load and stop.unload and stop.id == "T"
        for trip in result.routes[0].trips
        for stop in trip.stops
    )


def test_hot_meals_go_straight_and_share_the_stop_where_they_are_cooked() -> None:
    # Two pairs from the cook K at 10 to S at 20 and T at 30: one stop of 10 minutes at K loads both,
    # 10 minutes at each end: 60 minutes of driving, 30 of docking; nothing is docked at home.
    cook = site("K", open_s=NINE + HOUR, service_s=600)
    jobs = DayJobs(
        0,
        pairs=(
            pair("S", cook, site("S", service_s=600)),
            pair("T", cook, site("T", service_s=600)),
        ),
    )
    legs = on_a_line({"HUB": 0, "K": 10, "S": 20, "T": 30})
    result = solved(week([van()], [shift()], dock_s=900), legs, jobs)
    assert result.stage.objective == VEHICLE_DAY_COST + 60 * DRIVEN_MINUTE + 30 * IDLE_MINUTE
    (trip,) = result.routes[0].trips
    assert sorted(stop.id for stop in trip.stops[2:-1]) == ["S", "T"]
    assert trip.stops[1].id == "K"
    assert len(trip.stops[1].load) == 2


def test_a_door_gets_hub_goods_and_hot_meals_in_one_visit() -> None:
    jobs = DayJobs(
        0,
        (delivery("A", door("A", service_s=300)),),
        pairs=(pair("K", site("K"), door("A", service_s=300)),),
    )
    legs = on_a_line({"HUB": 0, "A": 10, "K": 20})
    result = solved(week([van()], [shift()]), legs, jobs)
    assert result.stage.objective == VEHICLE_DAY_COST + 40 * DRIVEN_MINUTE + 5 * IDLE_MINUTE
    (trip,) = result.routes[0].trips
    assert [stop.id for stop in trip.stops] == ["HUB", "K", "A", "HUB"]


def test_cold_minutes_split_a_trip() -> None:
    # Chilled for A at 10 and B at -10, without power for 25 minutes: after A, B is 30 minutes from
    # loading, so there are two trips of 20 minutes; with power one of 40 minutes costs the same way
    # but docks once: 10 minutes less.
    jobs = DayJobs(
        0,
        tuple(delivery(name, door(name), storage=CHILLED) for name in ("A", "B")),
    )
    legs = on_a_line({"HUB": 0, "A": 10, "B": -10})
    warm = solved(week([van(cold_s_max=25 * 60)], [shift()], dock_s=600), legs, jobs)
    powered = solved(week([van()], [shift()], dock_s=600), legs, jobs)
    assert warm.stage.objective == VEHICLE_DAY_COST + 40 * DRIVEN_MINUTE + 20 * IDLE_MINUTE
    assert powered.stage.objective == VEHICLE_DAY_COST + 40 * DRIVEN_MINUTE + 10 * IDLE_MINUTE
    assert (len(warm.routes[0].trips), len(powered.routes[0].trips)) == (2, 1)


def test_cold_goods_wait_at_the_donor_and_not_on_the_road() -> None:
    # Chilled from D at 10, back within 30 minutes by way of the door A at 20, open from 10:00: D is
    # left no earlier than 9:50, since 10:00 + 20 minutes home - 30 = 9:50. Direct, in two trips, the
    # way would be 20 + 40 minutes.
    jobs = DayJobs(
        0,
        (delivery("A", door("A", open_s=NINE + HOUR, start_by_s=NINE + HOUR)),),
        (collection("D", site("D", leave_by_s=NINE + 55 * 60), storage=CHILLED, price=10**6),),
    )
    legs = on_a_line({"HUB": 0, "D": 10, "A": 20})
    result = solved(week([van(cold_s_max=30 * 60)], [shift()]), legs, jobs)
    assert result.stage.objective == VEHICLE_DAY_COST + 40 * DRIVEN_MINUTE
    (trip,) = result.routes[0].trips
    assert trip.stops[1].leave_s == NINE + 50 * 60


def test_windows_decide_the_order() -> None:
    # B at 20 closes 9:20, A at 10 opens 9:30 on the way back: no waiting, 40 minutes.
    jobs = DayJobs(
        0,
        (
            delivery("A", door("A", open_s=NINE + 30 * 60)),
            delivery("B", door("B", start_by_s=NINE + 20 * 60)),
        ),
    )
    legs = on_a_line({"HUB": 0, "A": 10, "B": 20})
    result = solved(week([van()], [shift()]), legs, jobs)
    assert result.stage.objective == VEHICLE_DAY_COST + 40 * DRIVEN_MINUTE
    assert [stop.id for stop in result.routes[0].trips[0].stops] == ["HUB", "B", "A", "HUB"]


def test_nobody_leaves_home_early_only_to_wait() -> None:
    # The door at 10 opens 12:00: leave at 11:50 although the shift begins at 9:00.
    jobs = DayJobs(0, (delivery("A", door("A", open_s=12 * HOUR)),))
    result = solved(week([van()], [shift()]), on_a_line({"HUB": 0, "A": 10}), jobs)
    assert result.routes[0].trips[0].stops[0].start_s == 12 * HOUR - 600


def test_an_optional_stop_is_left_out_when_the_detour_costs_more() -> None:
    # B at 30 beyond A at 10 is 40 minutes more: 24,800. At 24,000 it is left out, at 25,000 served.
    legs = on_a_line({"HUB": 0, "A": 10, "B": 30})
    problem = week([van()], [shift()])
    for price, left_out in ((24_000, ["B"]), (25_000, [])):
        jobs = DayJobs(0, (delivery("A", door("A")), delivery("B", door("B"), price=price)))
        result = solved(problem, legs, jobs)
        assert [drop.job_id for drop in result.dropped] == left_out
        assert not any(drop.proven for drop in result.dropped)


def test_what_cannot_be_driven_is_dropped_with_its_reason() -> None:
    # F at 300 minutes does not fit into eight hours; W at 25 closes 9:20; H weighs 101 kg; N needs C,
    # whose donor closes 9:05; X belongs to a hub without vehicles.
    legs = on_a_line({"HUB": 0, "F": 300, "W": 25, "H": 5, "N": 5, "C": 10, "X": 5})
    jobs = DayJobs(
        0,
        (
            delivery("F", door("F")),
            delivery("W", door("W", start_by_s=NINE + 20 * 60)),
            delivery("H", door("H"), 101_000),
            delivery("N", door("N"), needs=("C",)),
            delivery("X", door("X"), hub="ELSEWHERE"),
        ),
        (collection("C", site("C", leave_by_s=NINE + 5 * 60)),),
    )
    result = solved(week([van()], [shift()]), legs, jobs)
    why = {drop.job_id: drop.why for drop in result.dropped}
    assert all(drop.proven for drop in result.dropped)
    assert why["W"] == "the window at W closes 09:20, the earliest possible arrival is 09:25"
    assert why["F"] == (
        "the shift at HUB ends 17:00, the vehicle could be back and unloaded at 19:00"
    )
    assert why["H"] == "101.0 kg ambient do not fit: V1 holds 100.0 kg"
    assert why["N"].startswith("it needs C: the window at C closes 09:05")
    assert why["X"] == "no vehicle of ELSEWHERE is driven that day"
    assert result.stage.status is Status.OPTIMAL
    assert result.stage.gap == 0


def test_cold_goods_that_travel_too_long_are_proven_undriveable() -> None:
    jobs = DayJobs(0, (delivery("A", door("A"), storage=CHILLED),))
    problem = week([van(cold_s_max=20 * 60)], [shift()])
    result = solved(problem, on_a_line({"HUB": 0, "A": 25}), jobs)
    assert result.dropped[0].proven
    assert result.dropped[0].why == (
        "cold goods may travel 20 minutes, the way from HUB takes longer"
    )


def test_a_vehicle_drives_one_of_its_two_shifts() -> None:
    # 9:00-10:00 reaches A, 13:00-14:00 reaches B; a route lies within one shift, so one is left out.
    jobs = DayJobs(
        0,
        (
            delivery("A", door("A", start_by_s=NINE + HOUR)),
            delivery("B", door("B", open_s=13 * HOUR)),
        ),
    )
    shifts = [shift(end_s=NINE + HOUR), shift(start_s=13 * HOUR, end_s=14 * HOUR)]
    result = solved(week([van()], shifts), on_a_line({"HUB": 0, "A": 5, "B": 5}), jobs)
    assert len(result.routes) == 1
    assert [drop.proven for drop in result.dropped] == [False]


def test_vehicles_serve_their_own_hub() -> None:
    # Hubs at 0 and 100; each one's goods go to the door next to the other: 2 x 180 minutes.
    jobs = DayJobs(
        0,
        (delivery("A", door("A")), delivery("B", door("B"), hub="HUB2")),
    )
    problem = week([van(), van("V2", home="HUB2")], [shift(), shift("V2")], ("HUB", "HUB2"))
    legs = on_a_line({"HUB": 0, "HUB2": 100, "A": 90, "B": 10})
    result = solved(problem, legs, jobs)
    assert result.stage.objective == 2 * VEHICLE_DAY_COST + 360 * DRIVEN_MINUTE


def test_other_days_shifts_do_not_count() -> None:
    tomorrow = shift(start_s=NINE + 24 * HOUR, end_s=17 * HOUR + 24 * HOUR)
    result = solved(
        week([van()], [tomorrow]),
        on_a_line({"HUB": 0, "A": 5}),
        DayJobs(0, (delivery("A", door("A")),)),
    )
    assert result.dropped[0].why == "no vehicle of HUB is driven that day"


def test_a_missing_leg_is_named() -> None:
    jobs = DayJobs(0, (delivery("A", door("A")),))
    with pytest.raises(LegMissing, match="no leg from A to HUB"):
        route_day(week([van()], [shift()]), {}, jobs, 1, 1)


def test_misuse_is_refused_at_birth() -> None:
    twice = delivery("A", door("A"))
    with pytest.raises(InvalidFact, match="occurs twice"):
        DayJobs(0, (twice, twice))
    with pytest.raises(InvalidFact, match="needs C, which is no collection to HUB"):
        DayJobs(0, (delivery("A", door("A"), needs=("C",)),))
    with pytest.raises(InvalidFact, match="begins and ends at the same place K"):
        pair("K", site("K"), site("K"))
    with pytest.raises(InvalidFact, match="one visit cannot bring goods from two hubs"):
        DayJobs(0, (twice, delivery("B", door("A"), hub="HUB2")))


def test_the_same_seed_gives_the_same_routes() -> None:
    names = "ABCDEFG"
    jobs = DayJobs(0, tuple(delivery(name, door(name), 30_000) for name in names))
    legs = on_a_line({"HUB": 0} | {name: 7 * i * (-1) ** i for i, name in enumerate(names, 1)})
    problem = week([van(), Vehicle("V2", "HUB", {AMBIENT: 60_000})], [shift(), shift("V2")])
    first, second = (solved(problem, legs, jobs) for _ in range(2))
    assert first.routes == second.routes
