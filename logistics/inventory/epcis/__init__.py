"""The book as EPCIS 2.0 events: pure, from entries to JSON-LD; promises and households stay inside."""

from logistics.inventory.epcis.events import PREFIX, STEPS, document, event_id, events_of, stamp
from logistics.inventory.epcis.happenings import SOMEBODY, Happening, happenings, is_private
from logistics.inventory.epcis.names import EXAMPLE_BASE, Names, base_of, gtin_of, segment

__all__ = [
    "EXAMPLE_BASE",
    "Happening",
    "Names",
    "PREFIX",
    "SOMEBODY",
    "STEPS",
    "base_of",
    "document",
    "event_id",
    "events_of",
    "gtin_of",
    "happenings",
    "is_private",
    "segment",
    "stamp",
]
