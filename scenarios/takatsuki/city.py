"""The real ground of the scenario: towns, schools, boundary and holidays of Takatsuki.

The tables under `facts/` come from public data; `README.md` names source and licence of each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from logistics.model.errors import NotFound
from scenarios.ground import Point, crow_km, inside, scatter
from scenarios.tables import read_rows

FACTS = Path(__file__).parent / "facts"
OFFSET_KM = 0.15
"""How far at most a household stands from its town's point: never at an address."""


@dataclass(frozen=True, slots=True)
class City:
    """Town and school points by name, the boundary as a ring, and holidays with their names."""

    towns: Mapping[str, Point]
    schools: Mapping[str, Point]
    boundary: tuple[Point, ...]
    holidays: Mapping[date, str]

    def point(self, place: str) -> Point:
        """The point of a town or school.

        Raises:
            NotFound: if the city has no such place.
        """
        found = self.towns.get(place) or self.schools.get(place)
        if found is None:
            raise NotFound(f"Takatsuki has no town or school named {place!r} in its facts")
        return found

    def home_near(self, rng: Random, centre: Point, within_km: float) -> Point:
        """A made-up home: off the point of a town within so many kilometres, inside the boundary."""
        near = sorted(town for town, at in self.towns.items() if crow_km(centre, at) <= within_km)
        while True:
            home = scatter(rng, self.towns[rng.choice(near)], OFFSET_KM)
            if inside(self.boundary, home):
                return home


def read_city() -> City:
    """The facts, read from the committed tables."""
    geometry = json.loads((FACTS / "boundary.geojson").read_text(encoding="utf-8"))
    ring = geometry["features"][0]["geometry"]["coordinates"][0]
    return City(
        towns=_points("towns.csv", "town"),
        schools=_points("schools.csv", "school"),
        boundary=tuple((lat, lon) for lon, lat in ring),
        holidays={
            date.fromisoformat(row["date"]): row["name"]
            for row in read_rows(FACTS / "holidays.csv")
        },
    )


def _points(file: str, name: str) -> dict[str, Point]:
    """Coordinates of a table of places, by the column that names them."""
    return {row[name]: (float(row["lat"]), float(row["lon"])) for row in read_rows(FACTS / file)}
