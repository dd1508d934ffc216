"""The map of a day or of the week that one would like to hang up.

A map on a wall is read by everybody, so it never shows a home. Not even rounded to a grid: in a hill
village a cell of 500 m may hold a single family. Home visits appear only as a dashed line between
the sites before and after them, or as a dashed loop where both are the same, in a direction that
depends on the vehicle alone; the frame is fitted to sites only, and meals are shown in classes. A donor
who is a private person gives from a home, and is treated like one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import cos, hypot, pi, sin
from pathlib import Path as FilePath

from logistics.model.places import Site
from logistics.model.plan import Plan, Trip
from logistics.model.problem import WeekProblem
from logistics.model.units import Sector, SiteKind
from logistics.reports.boundary import Boundary, read_boundary
from logistics.reports.drawing import (
    Bounds,
    Drawing,
    Label,
    Mark,
    Path,
    Point,
    Wish,
    arrow_head,
    fit,
    place_labels,
)
from logistics.reports.itinerary import journeys
from logistics.reports.mapframe import (
    CLASSES,
    FRAME,
    HEIGHT_MM,
    HUB_MM,
    NAMES,
    NORTH_BOX,
    QUIET_MM,
    SCALE_BOX,
    SITE_LOOKS,
    WIDTH_MM,
    furniture,
    ground,
)
from logistics.reports.messages import LANGUAGES, Words
from logistics.reports.typeset import drawing_file, form_of

ROUTE_INKS = ("#0072b2", "#d55e00", "#009e73", "#a3357a", "#b27700", "#3a3a8c")
"""Darkened from Okabe and Ito's palette, so that lines stand out on light ground and in grey."""

LOOP_MM = 11.0


@dataclass(frozen=True, slots=True)
class Leg:
    """A way between two sites; `via_homes` if homes are visited in between."""

    start_id: str
    end_id: str
    via_homes: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A leg of one vehicle as it is drawn."""

    vehicle_id: str
    points: tuple[Point, ...]
    via_homes: bool

    @property
    def length(self) -> float:
        """Length in millimetres from end to end; loops count nothing."""
        return hypot(self.points[-1][0] - self.points[0][0], self.points[-1][1] - self.points[0][1])


def draw_map(
    problem: WeekProblem,
    plan: Plan,
    day: int | None,
    boundary: FilePath | None,
    path: FilePath,
    languages: Sequence[str] = LANGUAGES,
) -> FilePath:
    """Draw the map of a day (`None`: of the week) to a `.png`, `.svg` or `.pdf` file.

    `boundary` is a GeoJSON file or `None`; the first language is set large, the others below it.
    """
    outline = read_boundary(boundary) if boundary else None
    drawing = map_drawing(problem, plan, day, outline, languages)
    words = map_words(problem, day, languages)
    path.write_bytes(drawing_file(drawing, words, problem.week_start, form_of(path)))
    return path


def map_words(problem: WeekProblem, day: int | None, languages: Sequence[str]) -> dict[str, str]:
    """Title, text for those who cannot see it, and language of a map."""
    words = Words(languages[0], problem)
    key = "map_title_week" if day is None else "map_title_day"
    title = words.say(key, day=words.day(day or 0))
    return {"title": title, "alt": words.say("map_alt"), "language": languages[0]}


def map_drawing(
    problem: WeekProblem,
    plan: Plan,
    day: int | None,
    boundary: Boundary | None,
    languages: Sequence[str] = LANGUAGES,
) -> Drawing:
    """The map as shapes on A3."""
    meals = site_meals(problem, plan, day)
    public = public_sites(problem)
    shown = [site for site in public.values() if site.kind is not SiteKind.DONOR or meals[site.id]]
    busy = {
        stop.id for journey in journeys(plan, day) for stop in journey.trip.stops
    } | meals.keys()
    left, top, right, bottom = FRAME
    inner = (left + 26, top + 22, right - 26, bottom - 22)
    places = [(site.lat, site.lon) for site in shown] or _corners(boundary)
    projection = fit(places, inner, span_min_m=3000)
    at = {site.id: projection.at(site.lat, site.lon) for site in shown}
    vehicles = sorted({journey.route.vehicle_id for journey in journeys(plan, day)})
    inks = {name: ROUTE_INKS[i % len(ROUTE_INKS)] for i, name in enumerate(vehicles)}
    routes = _routes(plan, day, at, vehicles)
    marks = [_mark(site, at[site.id], meals) for site in shown]
    return Drawing(
        WIDTH_MM,
        HEIGHT_MM,
        (
            *ground(boundary, projection),
            *(shape for route in routes for shape in _drawn(route, inks)),
            *sorted(marks, key=lambda mark: -mark.size),
            *_labels(shown, marks, routes, busy),
            *furniture(problem, plan, day, boundary, projection, inks, languages),
        ),
    )


def _labels(shown: list[Site], marks: list[Mark], routes: list[Way], busy: set[str]) -> list[Label]:
    """Names of hubs and satellites, of the others, and each vehicle's name on its longest way."""
    wishes = [
        Wish(mark.at, mark.size / 2, site.name, 11 if small else 14, bold=not small)
        for site, mark in zip(shown, marks, strict=True)
        for small in [site.kind is SiteKind.DONOR or site.id not in busy]
    ]
    wishes.sort(key=lambda wish: not wish.bold)
    longest = {way.vehicle_id: way for way in sorted(routes, key=lambda way: way.length)}
    wishes += [
        Wish(way.points[len(way.points) // 2], 2.5, way.vehicle_id, 11, bold=True)
        for way in longest.values()
    ]
    trail = [point for way in routes for point in way.points]
    boxes = [_box(mark) for mark in marks]
    return place_labels(wishes, [*boxes, SCALE_BOX, NORTH_BOX], trail, NAMES)


def site_meals(problem: WeekProblem, plan: Plan, day: int | None) -> Counter[str]:
    """Meals by site: handed out at sessions, and taken along at donors; hubs pass on and count 0.

    Counted in whole meals, rounded up, for the classes of the map only.
    """
    exact: dict[str, Fraction] = {}

    def add(site_id: str, lot_id: str, units: int) -> None:
        meals = problem.lots[lot_id].unit_meals * units
        exact[site_id] = exact.get(site_id, Fraction(0)) + meals

    for line in plan.allocation.lines:
        session = problem.sessions.get(line.session_id or "")
        if session and day in (None, session.day):
            add(session.site_id, line.lot_id, line.units)
    for journey in journeys(plan, day):
        for stop in journey.calls:
            if stop.id in problem.sites and problem.sites[stop.id].kind is SiteKind.DONOR:
                for load in stop.load:
                    add(stop.id, load.lot_id, load.units)
    return Counter({site_id: -int(-meals // 1) for site_id, meals in exact.items()})


def public_sites(problem: WeekProblem) -> dict[str, Site]:
    """Sites that may be shown: all but those of private persons."""
    private = {org.id for org in problem.organisations.values() if org.sector is Sector.INDIVIDUAL}
    return {site.id: site for site in problem.sites.values() if site.org_id not in private}


def site_legs(trip: Trip, public: Container[str]) -> list[Leg]:
    """The trip as ways between public sites; homes only leave a trace: there were some."""
    stops = trip.stops
    sites = [index for index, stop in enumerate(stops) if stop.id in public]
    return [Leg(stops[i].id, stops[j].id, j - i > 1) for i, j in pairwise(sites)]


def _routes(plan: Plan, day: int | None, at: Mapping[str, Point], vehicles: list[str]) -> list[Way]:
    """Every way between sites once a vehicle; a trip that never leaves its site has none."""
    legs = dict.fromkeys(
        (journey.route.vehicle_id, leg)
        for journey in journeys(plan, day)
        for leg in site_legs(journey.trip, at)
    )
    ways = []
    for vehicle_id, leg in legs:
        order = vehicles.index(vehicle_id)
        start, end = at[leg.start_id], at[leg.end_id]
        if leg.start_id != leg.end_id:
            points = _bend(start, end, 0.07 + 0.045 * order)
        elif leg.via_homes:
            points = _loop(start, order)
        else:
            continue
        ways.append(Way(vehicle_id, points, leg.via_homes))
    return ways


def _drawn(way: Way, inks: Mapping[str, str]) -> tuple[Path, Path]:
    ink, middle = inks[way.vehicle_id], len(way.points) // 2
    head = arrow_head(way.points[middle - 1], way.points[middle + 1], ink, 2.4)
    return Path(way.points, ink, 1.1, dashed=way.via_homes), head


def _bend(start: Point, end: Point, share: float, steps: int = 24) -> tuple[Point, ...]:
    """An arc to the left of the way, so that there and back, and two vehicles, do not coincide."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    x = (start[0] + end[0]) / 2 + dy * share * 2
    y = (start[1] + end[1]) / 2 - dx * share * 2
    return tuple(
        (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * x + t * t * end[0],
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * y + t * t * end[1],
        )
        for t in (step / steps for step in range(steps + 1))
    )


def _loop(at: Point, order: int, steps: int = 32) -> tuple[Point, ...]:
    """A circle through a site, its direction given by the vehicle's number and nothing else."""
    turn = pi / 4 + order * pi * 2 / len(ROUTE_INKS)
    middle = (at[0] + LOOP_MM * cos(turn), at[1] + LOOP_MM * sin(turn))
    angles = (turn + pi + 2 * pi * step / steps for step in range(steps + 1))
    return tuple((middle[0] + LOOP_MM * cos(a), middle[1] + LOOP_MM * sin(a)) for a in angles)


def _mark(site: Site, at: Point, meals: Counter[str]) -> Mark:
    shape, fill = SITE_LOOKS[site.kind]
    if site.kind is SiteKind.HUB:
        return Mark(at, shape, HUB_MM, fill)
    if not meals[site.id]:
        return Mark(at, shape, QUIET_MM, "#ffffff")
    return Mark(at, shape, class_width(meals[site.id]), fill)


def class_width(meals: int) -> float:
    """Width of a mark in millimetres by class of meals."""
    return next(width for most, width in CLASSES if most is None or meals <= most)


def _box(mark: Mark) -> Bounds:
    reach = mark.size / 2
    return (mark.at[0] - reach, mark.at[1] - reach, mark.at[0] + reach, mark.at[1] + reach)


def _corners(boundary: Boundary | None) -> list[Point]:
    return [point for ring in boundary.rings for point in ring] if boundary else [(0.0, 0.0)]
