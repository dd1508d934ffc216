"""Files to facts and findings: a week folder is read whole or not at all, and nothing is guessed.

Bytes become grids of text (`sources`, `tables`), grids become checked rows (`rows`, `cells`,
`validate`), rows are checked against each other (`references`, `check_*`), and only a week without
errors becomes nouns (`build`). docs/formats.md describes the folder, the bare fair-share instances
that `shares` reads, and the public routing instances that `routing` reads.
"""

from logistics.intake.allergens import known_allergens
from logistics.intake.events import read_events
from logistics.intake.read import TravelUnreadable, read_travel, read_week
from logistics.intake.routing import read_routing
from logistics.intake.shares import read_shares
from logistics.intake.sources import digest
from logistics.intake.towns import town_point

__all__ = [
    "read_week",
    "read_shares",
    "read_routing",
    "read_events",
    "digest",
    "read_travel",
    "TravelUnreadable",
    "known_allergens",
    "town_point",
]
