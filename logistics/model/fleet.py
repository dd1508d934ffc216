"""Vehicles and the hours in which somebody drives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from logistics.model.errors import require
from logistics.model.units import Storage, day_of


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle with its compartments.

    `cold_s_max` is the longest time from leaving the loading stop to unloading for chilled or frozen
    goods; `None` means a powered fridge.
    """

    id: str
    home_site_id: str
    capacity_g: Mapping[Storage, int] = field(default_factory=lambda: MappingProxyType({}))
    cold_s_max: int | None = None

    def __post_init__(self) -> None:
        require(
            all(grams >= 0 for grams in self.capacity_g.values()),
            f"Vehicle {self.id}: capacities must be >= 0",
        )
        require(
            self.cold_s_max is None or self.cold_s_max >= 0,
            f"Vehicle {self.id}: cold_s_max must be >= 0, got {self.cold_s_max}",
        )

    def room_g(self, storage: Storage) -> int:
        """Capacity in grams of a compartment, 0 if there is none."""
        return self.capacity_g.get(storage, 0)


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of `rest_s` seconds in one piece that begins within `open_s` .. `close_s`."""

    open_s: int
    close_s: int
    rest_s: int

    def __post_init__(self) -> None:
        require(self.open_s <= self.close_s, "a break's window must open before it closes")
        require(self.rest_s > 0, f"a break's rest_s must be > 0, got {self.rest_s}")


@dataclass(frozen=True, slots=True)
class Shift:
    """A day on which a vehicle is driven. Times are seconds of the week.

    `start_id` and `end_id` are the sites where the day's first trip begins and the last one ends;
    `None` is the vehicle's home site.
    """

    vehicle_id: str
    start_s: int
    end_s: int
    volunteer_ids: tuple[str, ...] = ()
    start_id: str | None = None
    end_id: str | None = None
    break_: Break | None = None

    def __post_init__(self) -> None:
        require(
            self.start_s < self.end_s,
            f"Shift of {self.vehicle_id}: must start before it ends, got {self.start_s}..{self.end_s}",
        )

    @property
    def day(self) -> int:
        """Day number of the shift."""
        return day_of(self.start_s)
