"""Legs from an OSRM server: its `/table` service in chunks, door to door, with a cache on disk.

The API: https://project-osrm.org/docs/v5.24.0/api/#table-service
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from logistics.model.travel import OsrmSettings
from logistics.travel.asking import Asking, TooBig, printable
from logistics.travel.cache import Cache, Known, Point, nothing
from logistics.travel.engine import Fault, Place, Table, TravelFailed, walked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIGITS = 6
"""Decimals of a coordinate that are sent to a server on this machine: about 0.1 m."""

HOME_DIGITS_AWAY = 3
"""Decimals of a home's coordinate that are sent to another machine: about 100 m."""


AMOUNT_MAX = 10**9
"""Metres or seconds of a leg; more is nonsense, and would leave the integers of a table."""


@dataclass(frozen=True, slots=True)
class Osrm:
    """Real roads, from any OSRM server.

    Times are divided by `speed_factor`, then the ways on foot from door to road are added. Only
    coordinates are sent, never an identifier; to another machine only with `allow_remote`, and homes
    rounded to `HOME_DIGITS_AWAY`.
    """

    settings: OsrmSettings
    snap_m: int
    walk_kmh: float
    folder: Path

    def table(self, places: Sequence[Place]) -> Table:
        """Legs between all places, from the cache as far as it knows them."""
        import numpy as np

        settings = self.settings
        if not settings.is_local and not settings.allow_remote:
            column = "travel.osrm.allow_remote"
            raise TravelFailed(Fault("remote", {"server": settings.url}, column=column))
        points = [self._sent(place) for place in places]
        cache = Cache(self.folder, settings.url, settings.profile, settings.cache_days)
        known = self._known(tuple(dict.fromkeys(points)), cache)
        at = {point: i for i, point in enumerate(known.points)}
        known = known.only([at[point] for point in points])
        stranded = {
            i: Fault("far", self._words(place, known.snap_m[i]), ids=place.ids)
            for i, place in enumerate(places)
            if known.snap_m[i] > self.snap_m
        }
        far = list(stranded)
        known.seconds[far, :] = known.seconds[:, far] = np.inf
        seconds = known.seconds / settings.speed_factor
        whole = walked(known.metres, seconds, known.snap_m, self.walk_kmh)
        return Table(*whole, self._detail(known), stranded, tuple(cache.warnings))

    def _sent(self, place: Place) -> Point:
        coarse = place.is_home and not self.settings.is_local
        digits = HOME_DIGITS_AWAY if coarse else DIGITS
        return round(place.lat, digits), round(place.lon, digits)

    def _words(self, place: Place, snap_m: float) -> dict[str, object]:
        return {"place": place.name, "metres": f"{snap_m:.0f}", "limit": self.snap_m}

    def _detail(self, known: Known) -> str:
        """Server and profile, the factor, the days of the oldest and newest answers, the data."""
        days = sorted({datetime.fromtimestamp(at, UTC).date() for at in known.asked_s})
        told = [
            f"{self.settings.url}/{self.settings.profile}",
            f"×{self.settings.speed_factor:g}",
            "–".join(dict.fromkeys((days[0].isoformat(), days[-1].isoformat()))),
        ]
        return ", ".join(told + ([known.version] if known.version else []))

    def _known(self, points: tuple[Point, ...], cache: Cache) -> Known:
        """Answers for all points; what the cache lacks is asked for and put into it."""
        stored = cache.read()
        old, new = _split(stored, points)
        if not new:
            return old
        with Asking(self.settings) as asking:
            grown = _Asked(self.settings, asking, old, new).answers()
            if old.points and grown.version != old.version:
                # The server's roads are others now: nothing of before may stand beside them.
                grown = _Asked(self.settings, asking, nothing(), list(points)).answers()
        cache.write(grown)
        return grown


def _split(known: Known, points: tuple[Point, ...]) -> tuple[Known, list[Point]]:
    """The answers among points that are all known with each other, and the points left.

    What was kept for other places is dropped with the next writing: who left is forgotten.
    """
    import numpy as np

    at = {point: i for i, point in enumerate(known.points)}
    kept: list[int] = []
    for point in points:
        i = at.get(point)
        if i is not None and not np.isnan(known.seconds[i, [*kept, i]]).any():
            kept.append(i)
    found = known.only(kept)
    rest = set(points).difference(found.points)
    return found, [point for point in points if point in rest]


class _Asked:
    """Answers grown by new points: from each of them to all, from all to each of them."""

    def __init__(
        self, settings: OsrmSettings, asking: Asking, old: Known, new: list[Point]
    ) -> None:
        import numpy as np

        self._settings, self._asking = settings, asking
        self._most = settings.table_max
        self._versions: set[str] = set()
        n = len(old.points)
        grown = nothing((*old.points, *new))
        grown.snap_m[:n], grown.asked_s[:n] = old.snap_m, old.asked_s
        grown.metres[:n, :n], grown.seconds[:n, :n] = old.metres, old.seconds
        grown.asked_s[n:] = time.time()
        self._grown = grown
        self._old, self._new = np.arange(n), np.arange(n, len(grown.points))

    def answers(self) -> Known:
        """Ask for all that is not known.

        Raises:
            TravelFailed: if the server gives no answer, or its roads change while it is asked.
        """
        while True:
            try:
                self._ask(self._new, self._new)
                self._ask(self._new, self._old)
                self._ask(self._old, self._new)
                break
            except TooBig:
                self._most //= 2
                if self._most < 2:
                    raise self._bad("TooBig") from None
        if len(self._versions) > 1:
            raise self._bad(f"data_version {sorted(self._versions)}")
        return replace(self._grown, version="".join(self._versions))

    def _ask(self, origins: NDArray[np.int64], targets: NDArray[np.int64]) -> None:
        """Ask for a rectangle of legs in blocks that hold `table_max` places in all."""
        import numpy as np

        half = max(1, self._most // 2)
        if origins is targets and len(origins) <= self._most:
            half = max(1, len(origins))
        for i in range(0, len(origins), half):
            for j in range(0, len(targets), half):
                rows, columns = origins[i : i + half], targets[j : j + half]
                square = np.ix_(rows, columns)
                if np.isnan(self._grown.seconds[square]).any():
                    self._block(rows, columns, square)

    def _block(self, rows: NDArray[np.int64], columns: NDArray[np.int64], square: Any) -> None:
        """One request: legs from each of the rows to each of the columns."""
        import numpy as np

        places = list(dict.fromkeys([*rows.tolist(), *columns.tolist()]))
        if len(places) == 1:  # OSRM wants two places: the same one twice
            places *= 2
        points = [self._grown.points[i] for i in places]
        where = ";".join(f"{lon:.{DIGITS}f},{lat:.{DIGITS}f}" for lat, lon in points)
        seat = {place: n for n, place in reversed([*enumerate(places)])}
        sources = ";".join(str(seat[i]) for i in rows.tolist())
        targets = ";".join(str(seat[i]) for i in columns.tolist())
        answer = self._asking.get(
            f"/table/v1/{quote(self._settings.profile, safe='')}/{where}?sources={sources}"
            f"&destinations={targets}&annotations=duration,distance&generate_hints=false"
        )
        try:
            size = len(rows), len(columns)
            seconds, metres = (_matrix(answer[key], size) for key in ("durations", "distances"))
            for indices, key in ((rows, "sources"), (columns, "destinations")):
                self._grown.snap_m[indices] = _snaps(answer[key], len(indices))
            self._versions.add(printable(answer.get("data_version", "")))
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise self._bad(f"{type(problem).__name__}: {problem}"[:120]) from None
        lost = np.isinf(seconds) | np.isinf(metres)
        seconds[lost] = metres[lost] = math.inf
        self._grown.seconds[square], self._grown.metres[square] = seconds, metres

    def _bad(self, why: str) -> TravelFailed:
        words = {"server": self._settings.url, "why": why, "attempts": 1}
        return TravelFailed(Fault("bad_answer", words, column="travel.osrm.url"))


def _matrix(rows: Any, size: tuple[int, int]) -> NDArray[np.float64]:
    """Numbers >= 0 of an answer, infinite for `null`; a `ValueError` if it is anything else."""
    import numpy as np

    if not isinstance(rows, list) or len(rows) != size[0]:
        raise ValueError(f"expected {size[0]} rows")
    for row in rows:
        if not isinstance(row, list) or len(row) != size[1]:
            raise ValueError(f"expected rows of {size[1]} numbers")
        if not all(number is None or _is_amount(number) for number in row):
            raise ValueError("expected numbers >= 0")
    return np.array([[math.inf if n is None else n for n in row] for row in rows], dtype=float)


def _snaps(waypoints: Any, size: int) -> list[float]:
    """Distances from the places to their roads, in metres."""
    found = [waypoint["distance"] for waypoint in waypoints]
    if len(found) != size or not all(_is_amount(number) for number in found):
        raise ValueError(f"expected {size} places with a distance >= 0")
    return found


def _is_amount(number: object) -> bool:
    """Whether this is a number within 0..`AMOUNT_MAX` (`bool` is none, nor is NaN)."""
    return (
        isinstance(number, int | float)
        and not isinstance(number, bool)
        and 0 <= number <= AMOUNT_MAX
    )
