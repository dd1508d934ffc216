"""What every travel engine is: places in, a table of legs out, and what is wrong in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from logistics.model.errors import Finding, OsusowakeError, Severity
from logistics.words import say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NO_WAY = -1
"""Stands in a table where no way leads from a place to another."""

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth (IUGG), in metres."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point that legs begin or end at; `ids` are the sites and households that share it."""

    ids: tuple[str, ...]
    lat: float
    lon: float
    is_home: bool = False

    @property
    def name(self) -> str:
        """The identifiers as one text, the first few only."""
        shown = ", ".join(self.ids[:3])
        return shown if len(self.ids) <= 3 else f"{shown} (+{len(self.ids) - 3})"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with travel: a code whose words lie in `logistics/words` as `travel_CODE`."""

    code: str
    words: Mapping[str, object] = field(default_factory=dict)
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    severity: Severity = Severity.ERROR
    ids: tuple[str, ...] = ()

    def finding(self, language: str) -> Finding:
        """The fault in words."""
        return Finding(
            code=f"travel_{self.code}",
            message=say(language, f"travel_{self.code}", **self.words),
            fix=say(language, f"travel_{self.code}_fix", **self.words),
            file=self.file or "week.toml",
            row=self.row,
            column=self.column or ("" if self.file else "travel"),
            value=self.value[:200],
            severity=self.severity,
            ids=self.ids,
        )


class TravelFailed(OsusowakeError):
    """The engine that the week asks for gave no legs; nothing else is used in its place."""

    def __init__(self, *faults: Fault) -> None:
        told = (fault.finding("en") for fault in faults)
        super().__init__("\n".join(f"{found.message}; {found.fix}" for found in told))
        self.faults = faults

    def findings(self, language: str) -> list[Finding]:
        """The faults in words."""
        return [fault.finding(language) for fault in self.faults]


@dataclass(frozen=True, slots=True)
class Table:
    """Legs between n places, in whole metres and seconds, both n x n, `NO_WAY` where there is none.

    `detail` says what they come from. `stranded` are places without a road, by index, each with the
    fault that says so: all their legs are `NO_WAY`. `warnings` do not stop the week.
    """

    metres: NDArray[np.int64]
    seconds: NDArray[np.int64]
    detail: str
    stranded: Mapping[int, Fault] = field(default_factory=dict)
    warnings: tuple[Fault, ...] = ()


class Engine(Protocol):
    """A source of legs."""

    def table(self, places: Sequence[Place]) -> Table:
        """Legs between every two of the places, which are distinct points.

        Raises:
            TravelFailed: if the engine gives none.
        """


def walked(
    metres: NDArray[np.float64],
    seconds: NDArray[np.float64],
    snap_m: NDArray[np.float64],
    walk_kmh: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Road legs with the ways on foot from the door to the road at both ends, rounded up.

    Args:
        metres: n x n along the road, infinite where there is no way.
        seconds: n x n, the same.
        snap_m: n, from each place to its point of the road, in metres.
        walk_kmh: the pace on foot.

    Returns:
        Whole metres and seconds, `NO_WAY` where there is none; 0 from a place to itself.
    """
    import numpy as np

    on_foot_m = snap_m[:, None] + snap_m[None, :]
    lost = ~np.isfinite(seconds)
    found = []
    for road, foot in ((metres, on_foot_m), (seconds, on_foot_m * 3.6 / walk_kmh)):
        # Sums of tenths must not round up by their last bit: 0.1 + 0.2 is a little above 0.3.
        whole = np.ceil(np.where(lost, 0.0, road) + foot - 1e-9).astype(np.int64)
        whole[lost] = NO_WAY
        np.fill_diagonal(whole, 0)
        found.append(whole)
    return found[0], found[1]
