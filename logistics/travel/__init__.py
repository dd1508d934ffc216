"""How far and how long: legs between the places of a week, and the file that keeps those used."""

from logistics.travel.files import travel_sha256, write_travel
from logistics.travel.legs import ENGINES, UnknownTravelEngine, engine_label, legs_for

__all__ = [
    "legs_for",
    "engine_label",
    "write_travel",
    "travel_sha256",
    "ENGINES",
    "UnknownTravelEngine",
]
