"""What an OSRM server has answered, kept on disk: never in silence, never for ever."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from logistics.model.errors import Severity
from logistics.travel.engine import Fault

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT = "osusowake.travel-cache/1"
DAY_S = 86_400

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Known:
    """Answers for n points, as the server gave them, before any factor.

    `metres` and `seconds` are n x n: not a number where nothing was asked, infinite where the server
    knows no way. `snap_m` is the distance from each point to its road. `asked_s` says when each
    point was asked about first, in seconds since 1970. `version` is the server's `data_version`,
    blank if it names none.
    """

    points: tuple[Point, ...]
    snap_m: NDArray[np.float64]
    asked_s: NDArray[np.float64]
    metres: NDArray[np.float64]
    seconds: NDArray[np.float64]
    version: str = ""

    def only(self, kept: list[int]) -> Known:
        """The answers among some of the points."""
        import numpy as np

        square = np.ix_(kept, kept)
        return Known(
            tuple(self.points[i] for i in kept),
            self.snap_m[kept],
            self.asked_s[kept],
            self.metres[square],
            self.seconds[square],
            self.version,
        )


def nothing(points: tuple[Point, ...] = ()) -> Known:
    """No answers for the points."""
    import numpy as np

    unknown = np.full((len(points), len(points)), np.nan)
    blank = np.full(len(points), np.nan)
    return Known(points, blank, blank.copy(), unknown, unknown.copy())


class Cache:
    """One file for a server and a profile in a folder; 0 days keep nothing."""

    def __init__(self, folder: Path, server: str, profile: str, days: int) -> None:
        self._key = f"{server} {profile}"
        name = hashlib.sha256(self._key.encode()).hexdigest()[:16]
        self._path = folder / f"osrm-{name}.npz" if days > 0 else None
        self._age_s = days * DAY_S
        self.warnings: list[Fault] = []

    def read(self) -> Known:
        """What is known and young enough; a file that cannot be read is passed over with a warning."""
        if self._path is None or not self._path.exists():
            return nothing()
        try:
            known = self._load(self._path)
        except Exception as problem:  # noqa: BLE001  a broken archive raises whatever it likes
            self._warn("cache_broken", str(problem) or type(problem).__name__)
            return nothing()
        now = time.time()
        return known.only([i for i, at in enumerate(known.asked_s) if 0 <= now - at <= self._age_s])

    def write(self, known: Known) -> None:
        """Replace the file in one step; if that fails, only a warning."""
        if self._path is None:
            return
        import numpy as np

        made = None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, made = tempfile.mkstemp(dir=self._path.parent, suffix=".part")
            with os.fdopen(handle, "wb") as stream:
                np.savez_compressed(
                    stream,
                    format=np.array([FORMAT, self._key, known.version]),
                    points=np.array(known.points, dtype=float).reshape(-1, 2),
                    snap_m=known.snap_m,
                    asked_s=known.asked_s,
                    metres=known.metres,
                    seconds=known.seconds,
                )
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(made, self._path)
        except OSError as problem:
            if made is not None:
                Path(made).unlink(missing_ok=True)
            self._warn("cache_unwritten", problem.strerror or str(problem))

    def _load(self, path: Path) -> Known:
        import numpy as np

        # From memory: NumPy leaves a file open if the archive in it is broken.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            form, key, version = file["format"].tolist()
            columns = {
                name: np.asarray(file[name], dtype=float)
                for name in ("snap_m", "asked_s", "metres", "seconds")
            }
            points = tuple((float(lat), float(lon)) for lat, lon in file["points"])
        known = Known(points, **columns, version=str(version))
        n = len(points)
        shapes = (
            {known.snap_m.shape, known.asked_s.shape},
            {known.metres.shape, known.seconds.shape},
        )
        wrong = (form, key) != (FORMAT, self._key) or shapes != ({(n,)}, {(n, n)})
        if wrong or len(set(points)) != n or not _sound(known):
            raise ValueError("not the answers of this server")
        return known

    def _warn(self, code: str, why: str) -> None:
        words = {"file": self._path.name if self._path else "", "why": why[:120]}
        self.warnings.append(
            Fault(code, words, column="travel.osrm.cache", severity=Severity.WARNING)
        )


def _sound(known: Known) -> bool:
    """Whether no number is negative, and metres and seconds are unknown together."""
    import numpy as np

    columns = (known.snap_m, known.metres, known.seconds)
    unknown = np.isnan(known.metres) == np.isnan(known.seconds)
    return not any((column < 0).any() for column in columns) and bool(unknown.all())
