"""`boundary.geojson`: the outline of the city, with the credit its source asks for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from logistics.model.errors import OsusowakeError
from logistics.reports.drawing import Point


class BoundaryUnreadable(OsusowakeError):
    """`boundary.geojson` is there but is no outline."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """Outer rings as (latitude, longitude).

    `credit` is the file's own text (member `credit`); `is_n03` says that the attributes are those of
    the National Land Numerical Information, whose terms ask to be named.
    """

    rings: tuple[tuple[Point, ...], ...]
    credit: str = ""
    is_n03: bool = False


def read_boundary(file: Path) -> Boundary | None:
    """The outline in a GeoJSON file, `None` if the file is missing.

    Raises:
        BoundaryUnreadable: if it is no GeoJSON with a Polygon or MultiPolygon.
    """
    if not file.is_file():
        return None
    try:
        data = json.loads(file.read_bytes())
        features = data["features"] if data["type"] == "FeatureCollection" else [data]
        rings = tuple(ring for feature in features for ring in _rings(feature))
        names = {name for feature in features for name in feature.get("properties") or {}}
        credit = str(data.get("credit", ""))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise BoundaryUnreadable(f"{file.name} is no GeoJSON of areas ({error})") from error
    if not rings:
        raise BoundaryUnreadable(f"{file.name}: expected a Polygon or MultiPolygon, found none")
    return Boundary(rings, credit, any(name.startswith("N03_") for name in names))


def _rings(feature: dict[str, Any]) -> list[tuple[Point, ...]]:
    geometry = feature.get("geometry", feature)
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else []
    if geometry["type"] == "Polygon":
        polygons = [geometry["coordinates"]]
    return [tuple((float(lat), float(lon)) for lon, lat, *_ in rings[0]) for rings in polygons]
