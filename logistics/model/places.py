"""Places and the hours in which something happens there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from logistics.model.errors import require
from logistics.model.units import DAY_S, Sector, SiteKind, Storage, day_of


@dataclass(frozen=True, slots=True)
class Organisation:
    """A member of the network."""

    id: str
    name: str
    sector: Sector


@dataclass(frozen=True, slots=True)
class Site:
    """A place where goods are stored or handed over.

    `capacity_g` holds only the storage classes that exist there. `receive_open_s` and
    `receive_close_s` are seconds of the day between which goods are loaded or unloaded; `dock_s` is
    the time one such stop takes.
    """

    id: str
    org_id: str
    name: str
    kind: SiteKind
    lat: float
    lon: float
    capacity_g: Mapping[Storage, int] = field(default_factory=lambda: MappingProxyType({}))
    receive_open_s: int = 0
    receive_close_s: int = DAY_S
    dock_s: int = 0

    def __post_init__(self) -> None:
        require(
            -90 <= self.lat <= 90, f"Site {self.id}: lat must be within -90..90, got {self.lat}"
        )
        require(
            -180 <= self.lon <= 180, f"Site {self.id}: lon must be within -180..180, got {self.lon}"
        )
        require(
            0 <= self.receive_open_s < self.receive_close_s <= DAY_S,
            f"Site {self.id}: receiving must open before it closes",
        )
        require(self.dock_s >= 0, f"Site {self.id}: dock_s must be >= 0, got {self.dock_s}")
        require(
            all(grams >= 0 for grams in self.capacity_g.values()),
            f"Site {self.id}: capacities must be >= 0",
        )

    def room_g(self, storage: Storage) -> int:
        """Capacity in grams for a storage class, 0 if the site has none."""
        return self.capacity_g.get(storage, 0)

    def keeps(self, storage: Storage) -> bool:
        """Whether the site has storage of this class at all."""
        return self.room_g(storage) > 0


@dataclass(frozen=True, slots=True)
class Session:
    """An opening of a satellite at which households pick up. Times are seconds of the week."""

    id: str
    site_id: str
    open_s: int
    close_s: int
    households_max: int | None = None

    def __post_init__(self) -> None:
        require(self.open_s < self.close_s, f"Session {self.id}: must open before it closes")
        require(
            self.households_max is None or self.households_max >= 0,
            f"Session {self.id}: households_max must be >= 0, got {self.households_max}",
        )

    @property
    def day(self) -> int:
        """Day number of the week on which it is held."""
        return day_of(self.open_s)


@dataclass(frozen=True, slots=True)
class HotMealRun:
    """A planned run of hot meals (an indicator: it is compared, never forced)."""

    id: str
    day: int
    site_id: str
    meals: int
