"""Geography to paper: true to scale, inside its frame, nothing on top of anything."""

from __future__ import annotations

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.reports.drawing import (
    Bounds,
    Label,
    Wish,
    fit,
    place_labels,
    scale_bar,
    spread,
    text_width,
)

FRAME: Bounds = (10.0, 10.0, 110.0, 90.0)
PLACES = st.lists(st.tuples(st.floats(34.7, 35.0), st.floats(135.5, 135.7)), min_size=1, max_size=8)


@given(PLACES)
def test_every_place_lies_in_the_frame_and_comes_back_from_it(
    places: list[tuple[float, float]],
) -> None:
    projection = fit(places, FRAME)
    for lat, lon in places:
        x, y = projection.at(lat, lon)
        assert FRAME[0] - 1e-6 <= x <= FRAME[2] + 1e-6
        assert FRAME[1] - 1e-6 <= y <= FRAME[3] + 1e-6
        assert projection.place((x, y)) == pytest.approx((lat, lon), abs=1e-9)


def test_north_is_up_and_one_kilometre_is_as_long_north_as_east() -> None:
    # 0.01 degrees north are 1113.2 m; east they are 1113.2 m x cos(34.85 degrees).
    projection = fit([(34.8, 135.6), (34.9, 135.7)], FRAME)
    origin, north = projection.at(34.85, 135.65), projection.at(34.86, 135.65)
    east = projection.at(34.85, 135.65 + 0.01 / projection.shrink)
    assert north[1] < origin[1]
    assert origin[1] - north[1] == pytest.approx(east[0] - origin[0])


def test_the_scale_bar_has_a_round_length_that_fits() -> None:
    projection = fit([(34.8, 135.6), (34.9, 135.7)], FRAME)  # 11.1 km on 80 mm: 7.2 mm a km
    bar, label = scale_bar(projection, (0.0, 0.0), 40.0)
    assert isinstance(label, Label)
    assert label.text == "5 km"
    assert not isinstance(bar, Label)
    assert bar.points[2][0] == pytest.approx(5 * 80 / 11.132)


@given(st.lists(st.tuples(st.floats(20, 100), st.floats(20, 80)), min_size=2, max_size=6))
def test_badges_that_coincide_are_moved_apart_and_stay_on_paper(
    points: list[tuple[float, float]],
) -> None:
    moved = spread(points, 7.0, FRAME)
    for (x0, y0), (x1, y1) in combinations(moved, 2):
        assert hypot(x1 - x0, y1 - y0) > 5.0
    assert all(10 <= x <= 110 and 10 <= y <= 90 for x, y in moved)


def test_badges_far_apart_do_not_move() -> None:
    points = [(20.0, 20.0), (60.0, 60.0)]
    assert spread(points, 7.0, FRAME) == points


def test_names_avoid_each_other_the_marks_and_the_edge() -> None:
    wishes = [Wish((100.0, 30.0 + 6 * row), 2.0, "みんなの台所", 9) for row in range(5)]
    marks = [(w.at[0] - 2, w.at[1] - 2, w.at[0] + 2, w.at[1] + 2) for w in wishes]
    labels = place_labels(wishes, marks, [], FRAME)
    boxes = [
        (*label.at, label.at[0] + text_width(label.text, 9), label.at[1] + 9 * 0.3528)
        for label in labels
    ]
    for a, b in combinations([*boxes, *marks], 2):
        if not (a in marks and b in marks):
            assert min(a[2], b[2]) <= max(a[0], b[0]) or min(a[3], b[3]) <= max(a[1], b[1])
    assert all(box[0] >= FRAME[0] and box[2] <= FRAME[2] for box in boxes)
