"""Maps for the wall: sites and routes in full, homes not at all."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.model.problem import WeekProblem
from logistics.model.units import Sector
from logistics.reports.boundary import read_boundary
from logistics.reports.drawing import Drawing, Label, Mark, text_width
from logistics.reports.itinerary import journeys
from logistics.reports.mapframe import FRAME
from logistics.reports.maps import (
    Leg,
    class_width,
    map_drawing,
    public_sites,
    site_legs,
    site_meals,
)
from logistics.reports.sketch import trip_sketch
from tests.reports.sample import FOLDER, FRIDAY, THURSDAY, WEDNESDAY, sample_plan, sample_problem

PROBLEM, PLAN = sample_problem(), sample_plan()
BOUNDARY = read_boundary(FOLDER / "boundary.geojson")
DAYS = [WEDNESDAY, THURSDAY, FRIDAY, None]


def texts(drawing: Drawing) -> str:
    return "\n".join(shape.text for shape in drawing.shapes if isinstance(shape, (Label, Mark)))


def moved_homes(lat: float, lon: float) -> WeekProblem:
    homes = {
        name: replace(household, lat=household.lat + lat, lon=household.lon + lon)
        for name, household in PROBLEM.households.items()
    }
    return replace(PROBLEM, households=homes)


@settings(max_examples=10, deadline=None)
@given(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2), st.sampled_from(DAYS))
def test_moving_every_home_changes_nothing_on_the_map(
    lat: float, lon: float, day: int | None
) -> None:
    assert map_drawing(moved_homes(lat, lon), PLAN, day, BOUNDARY) == map_drawing(
        PROBLEM, PLAN, day, BOUNDARY
    )


def test_no_household_is_named_on_the_map() -> None:
    for day in DAYS:
        said = texts(map_drawing(PROBLEM, PLAN, day, BOUNDARY))
        assert not any(name in said for name in PROBLEM.households)


def test_homes_leave_only_a_trace_between_sites() -> None:
    legs = [leg for journey in journeys(PLAN) for leg in site_legs(journey.trip, PROBLEM.sites)]
    assert legs == [
        Leg("HUB", "D1", False),
        Leg("D1", "D2", False),
        Leg("D2", "HUB", False),
        Leg("HUB", "S1", False),
        Leg("S1", "HUB", True),  # by H09 and H10
        Leg("HUB", "HUB", True),  # Thursday, V1: two homes and back
        Leg("HUB", "S2", False),
        Leg("S2", "HUB", False),
    ]


def test_a_private_donor_is_treated_as_a_home() -> None:
    farmer = replace(PROBLEM.organisations["O3"], sector=Sector.INDIVIDUAL)
    private = replace(PROBLEM, organisations={**PROBLEM.organisations, "O3": farmer})
    assert set(public_sites(private)) == {"HUB", "S1", "S2", "D1"}
    assert "原の畑" in texts(map_drawing(PROBLEM, PLAN, WEDNESDAY, BOUNDARY))
    assert "原の畑" not in texts(map_drawing(private, PLAN, WEDNESDAY, BOUNDARY))
    collect = next(iter(journeys(PLAN)))
    assert site_legs(collect.trip, public_sites(private))[1] == Leg("D1", "HUB", True)


def test_meals_are_counted_where_they_are_handed_out_or_given() -> None:
    # SE1: H01 5, H02 4, H03 5, H04 6 units of two meals. D1 gives 30 + 24 units, D2 40.
    meals = site_meals(PROBLEM, PLAN, WEDNESDAY)
    assert meals == {"S1": 40, "D1": 108, "D2": 80}
    assert site_meals(PROBLEM, PLAN, None)["S2"] == 2 * (3 + 4 + 6)


def test_meals_are_shown_in_classes_not_in_numbers() -> None:
    assert [class_width(meals) for meals in (1, 20, 21, 60, 61, 150, 151)] == [
        5.5, 5.5, 8.0, 8.0, 11.0, 11.0, 14.5,
    ]  # fmt: skip
    assert "40" not in texts(map_drawing(PROBLEM, PLAN, WEDNESDAY, None)).replace("2026", "")


@pytest.mark.parametrize("day", DAYS)
def test_names_on_the_map_cover_neither_each_other_nor_leave_the_frame(day: int | None) -> None:
    drawing = map_drawing(PROBLEM, PLAN, day, BOUNDARY)
    names = [
        shape
        for shape in drawing.shapes
        if isinstance(shape, Label) and FRAME[1] < shape.at[1] < FRAME[3]
    ]
    boxes = [
        (*n.at, n.at[0] + text_width(n.text, n.size), n.at[1] + n.size * 0.3528) for n in names
    ]
    assert len(boxes) >= 3
    for a, b in combinations(boxes, 2):
        assert min(a[2], b[2]) <= max(a[0], b[0]) or min(a[3], b[3]) <= max(a[1], b[1])
    assert all(FRAME[0] <= box[0] and box[2] <= FRAME[2] for box in boxes)


def test_a_day_without_routes_still_shows_the_sites() -> None:
    said = texts(map_drawing(PROBLEM, PLAN, FRIDAY, None, ("en",)))
    assert "No vehicle drives on this day" in said
    assert "高槻フードハブ" in said
    assert "Vehicle V1" not in said


def test_the_boundary_is_credited_and_only_if_drawn() -> None:
    assert "国土数値情報" in texts(map_drawing(PROBLEM, PLAN, None, BOUNDARY))
    assert "国土数値情報" not in texts(map_drawing(PROBLEM, PLAN, None, None))


def test_the_drivers_own_sketch_numbers_every_stop() -> None:
    deliver = list(journeys(PLAN, WEDNESDAY))[1]
    drawing = trip_sketch(PROBLEM, deliver)
    badges = [shape.text for shape in drawing.shapes if isinstance(shape, Mark)]
    assert badges == ["", "1", "2", "3"]
    assert {"H09", "H10", "第七中学校区つどいの場", "N"} <= set(texts(drawing).split("\n"))


def test_a_trip_that_ends_elsewhere_is_drawn_to_its_end() -> None:
    deliver = list(journeys(PLAN, WEDNESDAY))[1]
    *stops, last = deliver.trip.stops
    trip = replace(deliver.trip, stops=(*stops[:-1], replace(last, id=stops[-1].id)))
    drawing = trip_sketch(PROBLEM, replace(deliver, trip=trip))
    marks = [shape for shape in drawing.shapes if isinstance(shape, Mark) and shape.text == ""]
    assert [mark.shape for mark in marks] == ["square", "square"]
