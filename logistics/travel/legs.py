"""Legs between places: great-circle distances made longer and slower, overridden where known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from logistics.model.errors import OsusowakeError
from logistics.model.problem import Leg, Travel, WeekProblem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth (IUGG), in metres."""

ENGINES = ("estimate",)
"""Names that `[travel] engine` in week.toml may have."""


class UnknownTravelEngine(OsusowakeError):
    """The week asks for a travel engine that does not exist."""


def engine_label(problem: WeekProblem) -> str:
    """What the legs of a week come from: the engine, and `travel.csv` if it overrides any.

    Raises:
        UnknownTravelEngine: if the week asks for an engine that does not exist.
    """
    engine = problem.travel.engine
    if engine not in ENGINES:
        raise UnknownTravelEngine(
            f"week.toml: there is no travel engine {engine!r}; there is {', '.join(ENGINES)}. "
            "Distances of your own go into travel.csv."
        )
    return f"{engine}+travel.csv" if problem.legs else engine


def legs_for(problem: WeekProblem, place_ids: Iterable[str]) -> Travel:
    """Legs between every two different places of a week.

    An estimated leg is the great circle x `circuity`, driven at `speed_kmh`; metres and seconds are
    rounded up, so that an estimate is never too good by rounding. A leg in `travel.csv` replaces the
    estimate in its own direction only.

    Args:
        problem: the week, for coordinates, settings and known legs.
        place_ids: identifiers of sites and households, in any order; repeated ones count once.

    Returns:
        Legs by (from, to), in the order of the identifiers; none from a place to itself.

    Raises:
        UnknownTravelEngine: if the week asks for an engine that does not exist.
        KeyError: if an identifier is neither a site nor a household.
    """
    import numpy as np

    engine_label(problem)
    ids = sorted(set(place_ids))
    if len(ids) < 2:
        return {}
    points = np.radians(np.array([problem.point(place_id) for place_id in ids]))
    exact_m = great_circle_m(points) * problem.travel.circuity
    metres = np.ceil(exact_m).astype(np.int64).tolist()
    seconds = np.ceil(exact_m * 3.6 / problem.travel.speed_kmh).astype(np.int64).tolist()
    return {
        (origin, target): problem.legs.get((origin, target)) or Leg(row_m[j], row_s[j])
        for i, (origin, row_m, row_s) in enumerate(zip(ids, metres, seconds, strict=True))
        for j, target in enumerate(ids)
        if i != j
    }


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


def fastest(travel: Travel, place_ids: Iterable[str]) -> Travel:
    """The same legs with the seconds of the fastest way by any other places.

    Legs from a file may take longer than a way round; bounds that are to be proven must not rest on
    them. Metres stay those of the direct leg.
    """
    ids = sorted(set(place_ids))
    seconds = closed([[0 if a == b else travel[a, b].seconds for b in ids] for a in ids])
    return {
        (a, b): Leg(travel[a, b].metres, seconds[i][j])
        for i, a in enumerate(ids)
        for j, b in enumerate(ids)
        if a != b
    }


def closed(seconds: list[list[int]]) -> list[list[int]]:
    """Seconds between all places by way of any others (Floyd and Warshall, O(n^3) in numpy)."""
    import numpy as np

    ways = np.array(seconds, dtype=np.int64).reshape(len(seconds), len(seconds))
    for via in range(len(seconds)):
        np.minimum(ways, ways[:, via, None] + ways[None, via, :], out=ways)
    found: list[list[int]] = ways.tolist()
    return found
