"""Legs: two villages on one meridian, a shortcut in travel.csv, and laws over random maps."""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.model.places import Site
from logistics.model.problem import Leg, Travel, TravelSettings, WeekProblem
from logistics.model.units import SiteKind
from logistics.travel import (
    UnknownTravelEngine,
    engine_label,
    legs_for,
    travel_sha256,
    write_travel,
)

MONDAY = date(2026, 4, 6)


def village(
    points: dict[str, tuple[float, float]],
    settings: TravelSettings | None = None,
    legs: Travel | None = None,
) -> WeekProblem:
    sites = {name: Site(name, "O", name, SiteKind.HUB, *point) for name, point in points.items()}
    return WeekProblem(
        name="villages",
        week_start=MONDAY,
        organisations={},
        sites=sites,
        lots={},
        sessions={},
        households={},
        vehicles={},
        shifts=(),
        travel=settings or TravelSettings(),
        legs=legs or {},
    )


MERIDIAN = {"A": (34.80, 135.60), "B": (34.81, 135.60)}


def test_a_hundredth_of_a_degree_north() -> None:
    # 0.01 degrees of arc on a sphere of 6,371,008.8 m: 6371008.8 x pi / 18000 = 1111.951 m.
    # x 1.32 = 1467.775 -> 1468 m; at 21 km/h: 1467.775 x 3.6 / 21 = 251.618 -> 252 s.
    legs = legs_for(village(MERIDIAN), ["A", "B"])
    assert legs == {("A", "B"): Leg(1468, 252), ("B", "A"): Leg(1468, 252)}


def test_travel_csv_overrides_its_own_direction_only() -> None:
    known = {("B", "A"): Leg(900, 90), ("B", "X"): Leg(1, 1)}
    problem = village(MERIDIAN, legs=known)
    legs = legs_for(problem, ["B", "A", "A"])
    assert legs == {("A", "B"): Leg(1468, 252), ("B", "A"): Leg(900, 90)}
    assert engine_label(problem) == "estimate+travel.csv"
    assert engine_label(village(MERIDIAN)) == "estimate"


def test_one_place_alone_has_no_legs() -> None:
    assert legs_for(village(MERIDIAN), ["A"]) == {}
    assert legs_for(village(MERIDIAN), []) == {}


def test_an_engine_that_does_not_exist_is_refused_in_words() -> None:
    problem = village(MERIDIAN, TravelSettings(engine="teleport"))
    with pytest.raises(UnknownTravelEngine, match=r"'teleport'; there is estimate, graph, osrm"):
        legs_for(problem, ["A", "B"])


def test_the_file_holds_every_leg_and_its_hash_is_that_of_its_bytes(tmp_path: Path) -> None:
    legs = legs_for(village(MERIDIAN), ["B", "A"])
    path = tmp_path / "travel.csv"
    digest = write_travel(path, legs)
    assert digest == travel_sha256(legs) == hashlib.sha256(path.read_bytes()).hexdigest()
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {"from_id": "A", "to_id": "B", "metres": "1468", "seconds": "252"}
    read = {(r["from_id"], r["to_id"]): Leg(int(r["metres"]), int(r["seconds"])) for r in rows}
    assert read == legs
    assert travel_sha256(dict(reversed(legs.items()))) == digest


@given(
    points=st.lists(
        st.tuples(st.floats(34.7, 35.0), st.floats(135.5, 135.8)), min_size=2, max_size=6
    ),
    speed=st.floats(5, 60),
    circuity=st.floats(1, 2),
)
def test_estimates_are_symmetric_and_rounded_up(
    points: list[tuple[float, float]], speed: float, circuity: float
) -> None:
    places = {f"P{i}": point for i, point in enumerate(points)}
    legs = legs_for(village(places, TravelSettings("estimate", speed, circuity)), places)
    assert len(legs) == len(points) * (len(points) - 1)
    for (a, b), leg in legs.items():
        assert legs[b, a] == leg
        assert (leg.metres == 0) == (places[a] == places[b]) or leg.metres <= 1
        # Seconds come from the distance before rounding, so they fit the rounded metres to 1 m.
        assert (leg.metres - 1) * 3.6 / speed <= leg.seconds < leg.metres * 3.6 / speed + 1
