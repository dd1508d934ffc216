"""Generated weeks: the same seed makes the same week, with the structure that they promise."""

from __future__ import annotations

import pytest

from benchmarks.weeks import SUPPLY, generated_week, travel_between_sites
from logistics.solver.allocation.allocate import shapes_of
from logistics.solver.eligible import eligibility
from logistics.solver.ways import Ways


def test_the_same_arguments_make_the_same_week() -> None:
    assert generated_week(62, 60, 3) == generated_week(62, 60, 3)
    assert generated_week(62, 60, 3) != generated_week(62, 60, 4)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_food_is_scarce_by_the_share_that_is_said(seed: int) -> None:
    week = generated_week(62, 60, seed)
    wanted = sum(household.meals_wanted for household in week.households.values())
    meals = sum(lot.free_units * lot.unit_meals for lot in week.lots.values())
    assert len(week.households) == 62
    assert len(week.lots) == 60
    assert abs(float(meals / wanted) - SUPPLY) < 0.1  # packs are whole, so not exactly


def test_what_makes_an_allocation_hard_is_there() -> None:
    week = generated_week(200, 150, 1)
    travel = travel_between_sites(week)
    eligible = eligibility(week, Ways(week, travel))
    shape, _ = shapes_of(week, travel, eligible, ())
    kinds = {row.cap.kind for row in shape.rows}
    assert {"lot", "site_storage", "vehicle_day", "session", "attends"} <= kinds
    assert {"diet", "cold", "kitchen", "allergen"} <= set(eligible.refusals.values())
    assert len(set(shape.meals)) > 3
    assert {len(household.session_ids) for household in week.households.values()} == {1, 2}
    assert week.history


@pytest.mark.parametrize("size", [(62, 60), (500, 150), (2000, 300)])
def test_every_satellite_has_seats_for_all_who_can_come(size: tuple[int, int]) -> None:
    week = generated_week(*size, seed=1)
    for site_id in {session.site_id for session in week.sessions.values()}:
        here = {s.id: s.households_max for s in week.sessions.values() if s.site_id == site_id}
        comers = [h for h in week.households.values() if not here.keys().isdisjoint(h.session_ids)]
        seats = [most for most in here.values() if most is not None]
        assert len(seats) < len(here) or sum(seats) >= len(comers)
        for session_id, most in here.items():
            regulars = sum(h.session_ids == (session_id,) for h in comers)
            assert most is None or most >= regulars
