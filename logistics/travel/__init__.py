"""How far and how long: legs between the places of a week, and the file that keeps those used."""

from logistics.model.travel import ENGINES
from logistics.travel.engine import Fault, TravelFailed
from logistics.travel.files import travel_sha256, write_travel
from logistics.travel.legs import (
    Measured,
    UnknownTravelEngine,
    closed,
    engine_label,
    examine,
    fastest,
    legs_for,
    measure,
)

__all__ = [
    "measure",
    "Measured",
    "examine",
    "legs_for",
    "fastest",
    "closed",
    "engine_label",
    "write_travel",
    "travel_sha256",
    "ENGINES",
    "Fault",
    "TravelFailed",
    "UnknownTravelEngine",
]
