"""Drawings in millimetres: paths, marks and labels, placed so that nothing hides anything.

Geography becomes paper here: an equirectangular projection (true to about 0.1 % over one city),
a round scale bar and a greedy placement of labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

M_PER_DEGREE = 111_320.0
"""Metres of one degree of latitude."""

POINT_MM = 0.3528
"""Millimetres of one typographic point."""

AIR_MM = 0.7
"""Room between a label and what is beside it."""

ROUND_SCALES_M = (20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50)

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Path:
    """A line or, if closed, an area. Colours are `#rrggbb`, empty for none; widths millimetres."""

    points: tuple[Point, ...]
    stroke: str = ""
    width: float = 0.3
    dashed: bool = False
    fill: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A symbol (circle, square, diamond) with its centre, width and a short text inside."""

    at: Point
    shape: str
    size: float
    fill: str
    stroke: str = "#1a1a1a"
    text: str = ""
    ink: str = "#ffffff"


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text with its top left corner, size in points."""

    at: Point
    text: str
    size: float
    bold: bool = False
    ink: str = "#1a1a1a"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a size in millimetres, shapes painted in order."""

    width: float
    height: float
    shapes: tuple[Path | Mark | Label, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """Latitude and longitude to millimetres from the top left corner of a frame."""

    west: float
    north: float
    mm_per_m: float
    shrink: float
    offset: Point

    def at(self, lat: float, lon: float) -> Point:
        """The point on paper."""
        x_m = (lon - self.west) * M_PER_DEGREE * self.shrink
        y_m = (self.north - lat) * M_PER_DEGREE
        return (self.offset[0] + x_m * self.mm_per_m, self.offset[1] + y_m * self.mm_per_m)

    def place(self, point: Point) -> Point:
        """Latitude and longitude of a point on paper."""
        x_m = (point[0] - self.offset[0]) / self.mm_per_m
        y_m = (point[1] - self.offset[1]) / self.mm_per_m
        return (
            self.north - y_m / M_PER_DEGREE,
            self.west + x_m / (M_PER_DEGREE * self.shrink),
        )


def fit(points: Iterable[Point], frame: Bounds, span_min_m: float = 800.0) -> Projection:
    """The largest projection that shows all points (latitude, longitude) centred in a frame.

    `frame` is left, top, right, bottom in millimetres; `span_min_m` keeps a single point from being
    enlarged without end.
    """
    places = list(points)
    south, north = min(p[0] for p in places), max(p[0] for p in places)
    west, east = min(p[1] for p in places), max(p[1] for p in places)
    shrink = cos(radians((south + north) / 2))
    wide_m = max((east - west) * M_PER_DEGREE * shrink, span_min_m)
    high_m = max((north - south) * M_PER_DEGREE, span_min_m)
    left, top, right, bottom = frame
    scale = min((right - left) / wide_m, (bottom - top) / high_m)
    middle_x = (east - west) * M_PER_DEGREE * shrink * scale / 2
    middle_y = (north - south) * M_PER_DEGREE * scale / 2
    offset = ((left + right) / 2 - middle_x, (top + bottom) / 2 - middle_y)
    return Projection(west, north, scale, shrink, offset)


def scale_bar(projection: Projection, at: Point, width_max: float) -> tuple[Path | Label, ...]:
    """A bar of a round length with its length written over it; `at` is its left end."""
    length_m = next(
        (m for m in ROUND_SCALES_M if m * projection.mm_per_m <= width_max), ROUND_SCALES_M[-1]
    )
    x, y = at
    end = x + length_m * projection.mm_per_m
    text = f"{length_m // 1000} km" if length_m >= 1000 else f"{length_m} m"
    ticks = ((x, y - 1.4), (x, y), (end, y), (end, y - 1.4))
    return (Path(ticks, "#1a1a1a", 0.4), Label((x + 1.2, y - 4.2), text, 8))


def north_arrow(at: Point, size: float) -> tuple[Path | Label, ...]:
    """An arrow to the north with an N; `at` is its tip."""
    x, y = at
    half = size * 0.32
    head = ((x, y), (x + half, y + size), (x, y + size * 0.75), (x - half, y + size))
    return (
        Path(head, fill="#1a1a1a", closed=True),
        Label((x - size * 0.16, y + size + 0.6), "N", size * 1.1, bold=True),
    )


def arrow_head(start: Point, end: Point, ink: str, size: float) -> Path:
    """A filled head a little before the middle, so that there and back do not cover each other."""
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    mx, my = start[0] + 0.42 * (end[0] - start[0]), start[1] + 0.42 * (end[1] - start[1])
    tip = (mx + ux * size, my + uy * size)
    left = (mx - ux * size - uy * size * 0.7, my - uy * size + ux * size * 0.7)
    right = (mx - ux * size + uy * size * 0.7, my - uy * size - ux * size * 0.7)
    return Path((tip, left, right), fill=ink, closed=True)


def text_width(text: str, size: float) -> float:
    """Width in millimetres: full-width characters one em, the others 0.68 em.

    Rather too much than too little: what is placed by it must not touch."""
    ems = sum(1.0 if ord(char) > 0x2E7F else 0.68 for char in text)
    return ems * size * POINT_MM


def spread(points: Sequence[Point], distance: float, frame: Bounds) -> list[Point]:
    """Points moved apart until none lies nearer to another than `distance`, kept in the frame.

    Sixty rounds of halving each overlap: enough for some dozens of stops; points far enough from
    each other do not move at all.
    """
    moved = list(points)
    for _ in range(60):
        for i in range(len(moved)):
            for j in range(i):
                moved[j], moved[i] = _apart(moved[j], moved[i], distance, frame)
    return moved


def _apart(a: Point, b: Point, distance: float, frame: Bounds) -> tuple[Point, Point]:
    dx, dy = b[0] - a[0], b[1] - a[1]
    gap = hypot(dx, dy)
    if gap >= distance:
        return a, b
    ux, uy = (dx / gap, dy / gap) if gap > 1e-6 else (1.0, 0.0)
    push = (distance - gap) / 2
    return (
        _inside((a[0] - ux * push, a[1] - uy * push), frame),
        _inside((b[0] + ux * push, b[1] + uy * push), frame),
    )


def _inside(point: Point, frame: Bounds) -> Point:
    left, top, right, bottom = frame
    return (min(max(point[0], left), right), min(max(point[1], top), bottom))


@dataclass(frozen=True, slots=True)
class Wish:
    """A label that wants to stand near a mark: `reach` is the mark's radius in millimetres."""

    at: Point
    reach: float
    text: str
    size: float
    bold: bool = False


def place_labels(
    wishes: Sequence[Wish], blocked: Sequence[Bounds], lines: Sequence[Point], frame: Bounds
) -> list[Label]:
    """Labels beside their marks, each at the free place that hides least.

    Greedy over sixteen candidates: leaving the frame costs most, covering another label or mark
    next, lying on a line (given as sample points along it) least; ties go to the right-hand side.
    """
    taken = list(blocked)
    labels = []
    for wish in wishes:
        box = min(_candidates(wish, frame), key=lambda box: _cost(box, taken, lines, frame))
        taken.append(box)
        labels.append(Label((box[0], box[1]), wish.text, wish.size, wish.bold))
    return labels


def _candidates(wish: Wish, frame: Bounds) -> list[Bounds]:
    """Places around the mark, near ones first, pushed sideways into the frame."""
    x, y = wish.at
    width, height = text_width(wish.text, wish.size), wish.size * POINT_MM * 1.15
    boxes = []
    for gap in (wish.reach + 0.8, wish.reach + 4.0):
        right, left, middle = x + gap, x - gap - width, x - width / 2
        above, below, level = y - gap - height, y + gap, y - height / 2
        corners = (right, level), (left, level), (middle, below), (middle, above)
        diagonals = (right, below - gap / 2), (right, above + gap / 2)
        mirrored = (left, below - gap / 2), (left, above + gap / 2)
        boxes += [
            (a, b, a + width, b + height)
            for x_free, b in (*corners, *diagonals, *mirrored)
            for a in [min(max(x_free, frame[0]), frame[2] - width)]
        ]
    return boxes


def _cost(box: Bounds, taken: Sequence[Bounds], lines: Sequence[Point], frame: Bounds) -> float:
    outside = (box[2] - box[0]) * (box[3] - box[1]) - _overlap(box, frame)
    airy = (box[0] - AIR_MM, box[1] - AIR_MM, box[2] + AIR_MM, box[3] + AIR_MM)
    hidden = sum(_overlap(airy, other) for other in taken)
    crossed = sum(airy[0] <= x <= airy[2] and airy[1] <= y <= airy[3] for x, y in lines)
    return 100 * outside + 40 * hidden + 4 * crossed


def _overlap(a: Bounds, b: Bounds) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    return wide * high if wide > 0 and high > 0 else 0.0
