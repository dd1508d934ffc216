"""Plane geometry good enough for placing made-up points on a real map."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import asin, cos, hypot, pi, radians, sin, sqrt
from random import Random

EARTH_KM = 6371.0088
KM_PER_DEGREE = EARTH_KM * pi / 180

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def crow_km(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres (haversine on the mean sphere)."""
    half_lat, half_lon = radians(b[0] - a[0]) / 2, radians(b[1] - a[1]) / 2
    chord = sin(half_lat) ** 2 + cos(radians(a[0])) * cos(radians(b[0])) * sin(half_lon) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))


def inside(ring: Sequence[Point], point: Point) -> bool:
    """Whether a point lies within a closed ring (even-odd rule)."""
    lat, lon = point
    crossings = 0
    for (lat_a, lon_a), (lat_b, lon_b) in pairwise(ring):
        if (lat_a > lat) != (lat_b > lat):
            crossings += lon < lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
    return crossings % 2 == 1


def scatter(rng: Random, centre: Point, radius_km: float) -> Point:
    """A point drawn evenly from the disc around a centre, to five decimals (about a metre)."""
    while True:
        north_km, east_km = rng.uniform(-radius_km, radius_km), rng.uniform(-radius_km, radius_km)
        if hypot(north_km, east_km) <= radius_km:
            lat = centre[0] + north_km / KM_PER_DEGREE
            lon = centre[1] + east_km / (KM_PER_DEGREE * cos(radians(centre[0])))
            return round(lat, 5), round(lon, 5)
