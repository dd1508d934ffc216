"""The estimate: great-circle distances made longer, driven at one speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logistics.travel.engine import EARTH_RADIUS_M, Place, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Estimate:
    """Great circle x `circuity`, driven at `speed_kmh`.

    Metres and seconds are rounded up, so that an estimate is never too good by rounding.
    """

    circuity: float
    speed_kmh: float

    def table(self, places: Sequence[Place]) -> Table:
        """Legs between all places, the same in both directions."""
        import numpy as np

        points = np.radians(np.array([(place.lat, place.lon) for place in places]))
        exact_m = great_circle_m(points) * self.circuity
        return Table(
            metres=np.ceil(exact_m).astype(np.int64),
            seconds=np.ceil(exact_m * 3.6 / self.speed_kmh).astype(np.int64),
            detail=f"×{self.circuity:g}, {self.speed_kmh:g} km/h",
        )


def great_circle_m(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances in metres between all rows (latitude, longitude in radians).

    The haversine formula: 2 R asin(sqrt(sin²(Δφ/2) + cos φ cos φ' sin²(Δλ/2))).
    """
    import numpy as np

    lat, lon = points[:, 0], points[:, 1]
    half_lat = np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
    half_lon = np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
    haversine = half_lat + np.cos(lat)[:, None] * np.cos(lat)[None, :] * half_lon
    distances: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(haversine.clip(0, 1)))
    return distances
