"""The Southern Tier week: seventy real sites, mean demand, equal supply, and it can be driven."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from logistics.intake import read_week
from logistics.model.problem import WeekProblem
from logistics.model.units import Channel
from logistics.travel import legs_for
from scenarios.registry import scenario
from scenarios.southern_tier import build
from scenarios.tables import read_rows

FOLDER = scenario("southern_tier").folder


@pytest.fixture(scope="module")
def week() -> WeekProblem:
    problem, findings = read_week(FOLDER)
    assert problem is not None, [finding.text() for finding in findings]
    return problem


def demand() -> dict[str, dict[str, str]]:
    return {row["household_id"]: row for row in read_rows(FOLDER.parent / "demand.csv")}


def test_each_site_wants_its_mean_demand_at_its_own_place(week: WeekProblem) -> None:
    rows = demand()
    assert len(rows) == 70
    assert week.households.keys() == rows.keys()
    for household in week.households.values():
        row = rows[household.id]
        assert household.channel is Channel.DELIVERY
        assert (household.lat, household.lon) == (float(row["lat"]), float(row["lon"]))
        assert abs(household.meals_wanted - float(row["mean_demand"])) <= 0.5
        assert float(row["stdev_demand"]) > 0


def test_the_supply_is_the_mean_demand(week: WeekProblem) -> None:
    supply = sum(lot.free_units * lot.unit_meals for lot in week.lots.values())
    assert supply == sum(household.meals_wanted for household in week.households.values())
    assert week.policy.group_share_max == 1


def test_a_drawn_week_moves_demand_and_keeps_supply(tmp_path: Path) -> None:
    build.build(tmp_path, 3)
    drawn, findings = read_week(tmp_path)
    assert drawn is not None, [finding.text() for finding in findings]
    wanted = {home.id: home.meals_wanted for home in drawn.households.values()}
    assert sum(lot.units for lot in drawn.lots.values()) == 9_900
    # Within five deviations of the mean, and not the mean itself.
    rows = demand()
    assert all(
        abs(wanted[key] - float(row["mean_demand"])) <= 5 * float(row["stdev_demand"]) + 1
        for key, row in rows.items()
    )
    assert sum(wanted[key] != round(float(row["mean_demand"])) for key, row in rows.items()) > 35


def test_each_day_has_trucks_for_its_load_and_each_site_is_within_a_shift(
    week: WeekProblem,
) -> None:
    legs = legs_for(week, ["HUB", *week.households])
    unit_g = week.lots["L1"].unit_g
    load_g: Counter[int] = Counter()
    for home in week.households.values():
        assert home.visit is not None
        load_g[home.visit.day] += home.meals_wanted * unit_g
        there_s, back_s = legs["HUB", home.id].seconds, legs[home.id, "HUB"].seconds
        shifts = [shift for shift in week.shifts if shift.day == home.visit.day]
        dock_s = week.sites["HUB"].dock_s
        assert any(
            shift.start_s + dock_s + there_s <= home.visit.close_s
            and shift.start_s + dock_s + there_s + home.visit.service_s + back_s <= shift.end_s
            for shift in shifts
        )
    assert sorted(load_g) == [1, 2, 3, 4, 5]
    for day, grams in load_g.items():
        trucks = [week.vehicles[shift.vehicle_id] for shift in week.shifts if shift.day == day]
        assert grams <= sum(sum(truck.capacity_g.values()) for truck in trucks)
