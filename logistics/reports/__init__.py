"""Paper and maps: pick lists, driver and satellite sheets, and the map of the day."""

from logistics.reports.boundary import BoundaryUnreadable, read_boundary
from logistics.reports.contacts import ContactsUnreadable, read_contacts
from logistics.reports.itinerary import PlanForeign
from logistics.reports.maps import draw_map
from logistics.reports.messages import LANGUAGES, UnknownLanguage
from logistics.reports.sheets import documents, write_sheets
from logistics.reports.typeset import SheetFailed

__all__ = [
    "write_sheets",
    "draw_map",
    "documents",
    "read_boundary",
    "read_contacts",
    "LANGUAGES",
    "PlanForeign",
    "ContactsUnreadable",
    "BoundaryUnreadable",
    "SheetFailed",
    "UnknownLanguage",
]
