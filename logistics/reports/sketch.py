"""The driver's map sketch: the stops of one trip, numbered in order."""

from __future__ import annotations

from itertools import pairwise

from logistics.model.plan import StopKind
from logistics.model.problem import WeekProblem
from logistics.reports.drawing import (
    Bounds,
    Drawing,
    Mark,
    Path,
    Point,
    Wish,
    arrow_head,
    fit,
    north_arrow,
    place_labels,
    scale_bar,
    spread,
)
from logistics.reports.itinerary import Journey

WIDTH_MM, HEIGHT_MM = 104.0, 74.0
FRAME: Bounds = (18.0, 10.0, 86.0, 60.0)
PAPER: Bounds = (1.0, 1.0, WIDTH_MM - 1, HEIGHT_MM - 8)
BADGE_MM = 6.4
INK = "#1a1a1a"
ROAD = "#0072b2"


def trip_sketch(problem: WeekProblem, journey: Journey) -> Drawing:
    """Straight lines between numbered stops, drawn to scale; stops that coincide are moved apart.

    A trip that ends elsewhere than it starts has a square at both ends.
    """
    stops = journey.trip.stops
    projection = fit([problem.point(stop.id) for stop in stops], FRAME)
    home = projection.at(*problem.point(stops[0].id))
    calls = [projection.at(*problem.point(stop.id)) for stop in journey.calls]
    away = [stops[-1]] if stops[-1].id != stops[0].id else []
    ends = [projection.at(*problem.point(stop.id)) for stop in away]
    home, *spots = spread([home, *calls, *ends], BADGE_MM + 1.2, FRAME)
    calls, ends = spots[: len(calls)], spots[len(calls) :]
    way = [home, *calls, *(ends or [home])]
    shapes: list[Path | Mark] = []
    for start, end in pairwise(way):
        shapes += [Path((start, end), ROAD, 0.7), arrow_head(start, end, ROAD, 1.5)]
    shapes += [Mark(end, "square", BADGE_MM, INK) for end in (home, *ends)]
    for number, (point, stop) in enumerate(zip(calls, journey.calls, strict=True), start=1):
        at_door = stop.kind is StopKind.HOUSEHOLD
        fill, ink = ("#ffffff", INK) if at_door else (ROAD, "#ffffff")
        shapes.append(Mark(point, "circle", BADGE_MM, fill, INK, str(number), ink))
    named = (stops[0], *journey.calls, *away)
    names = [_name(problem, stop.id) for stop in named]
    bold = [stop.kind is StopKind.SITE for stop in named]
    wishes = [
        Wish(point, BADGE_MM / 2, name, 8.5, is_site)
        for point, name, is_site in zip([home, *calls, *ends], names, bold, strict=True)
    ]
    badges = [_box(point, BADGE_MM / 2) for point in [home, *calls, *ends]]
    labels = place_labels(wishes, badges, samples(way), PAPER)
    foot = (
        *scale_bar(projection, (4.0, HEIGHT_MM - 3.5), 30.0),
        *north_arrow((WIDTH_MM - 6.0, HEIGHT_MM - 14.0), 6.0),
    )
    return Drawing(WIDTH_MM, HEIGHT_MM, (*shapes, *labels, *foot))


def samples(way: list[Point], step_mm: float = 2.0) -> list[Point]:
    """Points along a way, about `step_mm` apart: what a label should not lie on."""
    points = []
    for (x0, y0), (x1, y1) in pairwise(way):
        count = max(1, int((abs(x1 - x0) + abs(y1 - y0)) / step_mm))
        points += [(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(count)]
    return points


def _name(problem: WeekProblem, place_id: str) -> str:
    site = problem.sites.get(place_id)
    return place_id if site is None else site.name


def _box(point: Point, reach: float) -> Bounds:
    return (point[0] - reach, point[1] - reach, point[0] + reach, point[1] + reach)
