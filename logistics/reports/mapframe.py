"""What surrounds a map on its sheet: ground, title, legend, scale, north, credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from logistics.model.plan import Plan
from logistics.model.problem import WeekProblem
from logistics.model.units import KG_G, SiteKind
from logistics.reports.boundary import Boundary
from logistics.reports.drawing import (
    Bounds,
    Label,
    Mark,
    Path,
    Projection,
    fit,
    north_arrow,
    scale_bar,
    text_width,
)
from logistics.reports.itinerary import journeys
from logistics.reports.messages import Words

WIDTH_MM, HEIGHT_MM = 297.0, 420.0
FRAME: Bounds = (12.0, 50.0, 285.0, 350.0)
NAMES: Bounds = (15.0, 53.0, 282.0, 347.0)
"""Where names may stand: the frame less a little air."""

INK = "#1a1a1a"
MUTED = "#555555"
PAPER = "#ffffff"
AROUND = "#e6ebee"
INSIDE = "#fdfaf2"
EDGE = "#a08f6c"
SITE_LOOKS = {
    SiteKind.HUB: ("square", "#1a1a1a"),
    SiteKind.SATELLITE: ("circle", "#ffd23f"),
    SiteKind.DONOR: ("diamond", "#bfe3c0"),
}
HUB_MM = 9.0
QUIET_MM = 3.6
CLASSES: tuple[tuple[Fraction | None, float], ...] = (
    (Fraction(20), 5.5),
    (Fraction(60), 8.0),
    (Fraction(150), 11.0),
    (None, 14.5),
)
"""Meals up to (`None`: more) and the width of the mark in millimetres."""

SCALE_BOX: Bounds = (15.0, 336.0, 75.0, 347.0)
NORTH_BOX: Bounds = (270.0, 53.0, 282.0, 72.0)
INSET: Bounds = (251.0, 355.0, 285.0, 404.0)
LEGEND_Y = 358.0
ROW_MM = 9.5
TITLE_MM = FRAME[2] - FRAME[0]
Shape = Path | Mark | Label


def ground(boundary: Boundary | None, projection: Projection) -> list[Shape]:
    """The city's area, cut to the frame by painting the margins over it."""
    left, top, right, bottom = FRAME
    shapes: list[Shape] = [_area(FRAME, AROUND if boundary else INSIDE)]
    for ring in boundary.rings if boundary else ():
        points = tuple(projection.at(lat, lon) for lat, lon in ring)
        shapes.append(Path(points, EDGE, 0.7, fill=INSIDE, closed=True))
    margins = (
        (-1.0, -1.0, WIDTH_MM + 1, top),
        (-1.0, bottom, WIDTH_MM + 1, HEIGHT_MM + 1),
        (-1.0, top - 1, left, bottom + 1),
        (right, top - 1, WIDTH_MM + 1, bottom + 1),
    )
    shapes += [_area(box, PAPER) for box in margins]
    shapes.append(Path(_corners(FRAME), INK, 0.5, closed=True))
    return shapes


def _corners(box: Bounds) -> tuple[tuple[float, float], ...]:
    left, top, right, bottom = box
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _area(box: Bounds, fill: str) -> Path:
    return Path(_corners(box), fill=fill, closed=True)


def furniture(
    problem: WeekProblem,
    plan: Plan,
    day: int | None,
    boundary: Boundary | None,
    projection: Projection,
    inks: Mapping[str, str],
    languages: Sequence[str],
) -> list[Shape]:
    """Everything around the map, in the languages given: the first large, the others smaller."""
    voices = [Words(language, problem) for language in languages]
    shapes = _headline(plan, day, voices)
    shapes += _symbols(voices) + _classes(voices) + _vehicles(inks, voices)
    shapes += [*scale_bar(projection, (18.0, 344.0), 50.0), *north_arrow((276.0, 54.0), 9.0)]
    if boundary:
        shapes += _inset(boundary, projection)
        shapes.append(Label((12.0, 411.0), _credit(boundary, voices), 8, ink=MUTED))
    homes = "  ".join(voice.say("map_homes_hidden") for voice in voices)
    shapes.append(Label((12.0, 405.5), homes, 9, ink=MUTED))
    return shapes


def _headline(plan: Plan, day: int | None, voices: Sequence[Words]) -> list[Shape]:
    key = "map_title_week" if day is None else "map_title_day"
    titles = [voice.say(key, day=voice.day(day or 0)) for voice in voices]
    size = min(30.0, 30.0 * TITLE_MM / text_width(titles[0], 30))
    shapes: list[Shape] = [Label((12.0, 11.0), titles[0], size, bold=True)]
    shapes += [Label((12.0, 25.5 + 7 * row), title, 15) for row, title in enumerate(titles[1:])]
    figures = "   ".join(_figures(plan, day, voice) for voice in voices)
    shapes.append(Label((12.0, 40.0), figures, 12, ink=MUTED))
    return shapes


def _figures(plan: Plan, day: int | None, words: Words) -> str:
    trips = [journey.trip for journey in journeys(plan, day)]
    if not trips:
        return words.say("map_no_drives")
    grams = sum(
        load.units * words.problem.lots[load.lot_id].unit_g
        for trip in trips
        for stop in trip.stops
        for load in stop.load
    )
    metres = sum(trip.metres for trip in trips)
    km, kg = round(metres / 1000), round(grams / KG_G)
    return words.say("map_figures", trips=len(trips), km=km, kg=kg)


def _both(key: str, voices: Sequence[Words], **values: object) -> str:
    return " / ".join(dict.fromkeys(voice.say(key, **values) for voice in voices))


def _symbols(voices: Sequence[Words]) -> list[Shape]:
    shapes: list[Shape] = []
    for row, (kind, (look, fill)) in enumerate(SITE_LOOKS.items()):
        y = LEGEND_Y + row * ROW_MM
        shapes.append(Mark((16.0, y), look, 6.0, fill))
        shapes.append(Label((22.0, y - 2.2), _both(f"map_{kind}", voices), 11))
    return shapes


def _classes(voices: Sequence[Words]) -> list[Shape]:
    shapes: list[Shape] = [Label((12.0, LEGEND_Y + 27.0), _both("map_meals", voices), 9)]
    x, lower = 12.0, Fraction(0)
    for most, width in CLASSES:
        shapes.append(Mark((x + width / 2, LEGEND_Y + 39.0), "circle", width, "#ffffff"))
        text = f"> {lower}" if most is None else f"≤ {most}"
        shapes.append(Label((x + width + 1.2, LEGEND_Y + 37.2), text, 9))
        x += width + 14.5
        lower = most or lower
    return shapes


def _vehicles(inks: Mapping[str, str], voices: Sequence[Words]) -> list[Shape]:
    shapes: list[Shape] = []
    for index, (vehicle_id, ink) in enumerate(inks.items()):
        x, y = 112.0 + index // 3 * 66.0, LEGEND_Y + index % 3 * ROW_MM
        shapes.append(Path(((x, y), (x + 12, y)), ink, 1.4))
        text = _both("map_route", voices, vehicle=vehicle_id)
        shapes.append(Label((x + 15, y - 2.2), text, 11))
    y = LEGEND_Y + min(len(inks), 3) * ROW_MM
    if inks:
        shapes.append(Path(((112.0, y), (124.0, y)), INK, 1.4, dashed=True))
        for row, voice in enumerate(voices):
            text = voice.say("map_via_homes")
            shapes.append(Label((127.0, y - 2.0 + 5 * row), text, 10))
    return shapes


def _inset(boundary: Boundary, projection: Projection) -> list[Shape]:
    """The whole outline in small, with the frame of the map on it."""
    small = fit((point for ring in boundary.rings for point in ring), INSET)
    shapes: list[Shape] = [
        Path(tuple(small.at(*point) for point in ring), EDGE, 0.4, fill=INSIDE, closed=True)
        for ring in boundary.rings
    ]
    left, top, right, bottom = FRAME
    south_west = small.at(*projection.place((left, bottom)))
    north_east = small.at(*projection.place((right, top)))
    box = (
        max(south_west[0], INSET[0] - 1),
        max(north_east[1], INSET[1] - 1),
        min(north_east[0], INSET[2] + 1),
        min(south_west[1], INSET[3] + 1),
    )
    shapes.append(Path(_corners(box), INK, 0.6, closed=True))
    return shapes


def _credit(boundary: Boundary, voices: Sequence[Words]) -> str:
    if boundary.credit:
        return voices[0].say("boundary_credit_other", credit=boundary.credit)
    return _both("boundary_credit_n03", voices) if boundary.is_n03 else ""
