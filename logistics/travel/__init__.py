"""How far and how long: legs between the places of a week, and the file that keeps those used."""

from logistics.travel.files import travel_sha256, write_travel
from logistics.travel.legs import (
    ENGINES,
    UnknownTravelEngine,
    closed,
    engine_label,
    fastest,
    legs_for,
)

__all__ = [
    "legs_for",
    "fastest",
    "closed",
    "engine_label",
    "write_travel",
    "travel_sha256",
    "ENGINES",
    "UnknownTravelEngine",
]
