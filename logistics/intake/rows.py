"""One pydantic model per table: the columns, their readers and the defaults of blank cells.

A field without a default is a column that must be there and be filled. docs/formats.md says the
same in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PlainValidator

from logistics.intake import cells
from logistics.intake.allergens import allergen_codes, examined_codes
from logistics.intake.cells import LabelDate
from logistics.model.events import EventKind
from logistics.model.units import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    Channel,
    Cold,
    Diet,
    FoodGroup,
    Kitchen,
    Label,
    PinKind,
    Sector,
    SiteKind,
    Storage,
    Tag,
)

Id = Annotated[str, PlainValidator(cells.identifier)]
Ids = Annotated[tuple[str, ...], PlainValidator(cells.identifiers)]
Text = Annotated[str, PlainValidator(cells.text)]
Texts = Annotated[tuple[str, ...], PlainValidator(cells.items)]
Day = Annotated[date, PlainValidator(cells.day)]
Days = Annotated[tuple[date, ...], PlainValidator(cells.days)]
Clock = Annotated[int, PlainValidator(cells.clock_s)]
Moment = Annotated[datetime, PlainValidator(cells.moment)]
Count = Annotated[int, PlainValidator(cells.whole())]
Positive = Annotated[int, PlainValidator(cells.whole(minimum=1))]
Grams = Annotated[int, PlainValidator(cells.grams)]
Minutes = Annotated[int, PlainValidator(cells.seconds(MINUTE_S))]
Hours = Annotated[int, PlainValidator(cells.seconds(HOUR_S))]
Meals = Annotated[Fraction, PlainValidator(cells.exact(minimum=0))]
UnitMeals = Annotated[Fraction, PlainValidator(cells.exact(above=0, finest=100))]
PositiveExact = Annotated[Fraction, PlainValidator(cells.exact(above=0))]
Degrees = Annotated[float, PlainValidator(cells.degrees)]


class Row(BaseModel):
    """A row of a table; `row` is its number in a spreadsheet, the header being row 1."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    row: int


class PlaceRow(Row):
    """A row with a place: coordinates in degrees, or the name of a town."""

    lat: Degrees | None = None
    lon: Degrees | None = None
    town: Text = ""


class StorageRow(Row):
    """A row with capacities by storage class, in grams; blank is none."""

    ambient_kg: Grams = 0
    chilled_kg: Grams = 0
    frozen_kg: Grams = 0

    @property
    def capacity_g(self) -> dict[Storage, int]:
        """The storage classes that exist here."""
        rooms = {
            Storage.AMBIENT: self.ambient_kg,
            Storage.CHILLED: self.chilled_kg,
            Storage.FROZEN: self.frozen_kg,
        }
        return {storage: room_g for storage, room_g in rooms.items() if room_g}


class OrganisationRow(Row):
    """organisations.csv"""

    org_id: Id
    name: Text = ""
    sector: Annotated[Sector, PlainValidator(cells.one_of(Sector))]


class SiteRow(PlaceRow, StorageRow):
    """sites.csv"""

    site_id: Id
    org_id: Id
    name: Text = ""
    kind: Annotated[SiteKind, PlainValidator(cells.one_of(SiteKind))]
    receive_open: Clock = 0
    receive_close: Clock = DAY_S
    dock_minutes: Minutes = 0


class LotRow(Row):
    """lots.csv"""

    lot_id: Id
    site_id: Id
    org_id: Id
    item: Text
    food_group: Annotated[FoodGroup, PlainValidator(cells.one_of(FoodGroup))]
    storage: Annotated[Storage, PlainValidator(cells.one_of(Storage))]
    units: Count
    hold_units: Count = 0
    unit_g: Positive
    unit_meals: UnitMeals
    pack: Positive = 1
    label: Annotated[Label, PlainValidator(cells.one_of(Label))]
    label_date: Annotated[LabelDate | None, PlainValidator(cells.label_date)] = None
    made_on: Day | None = None
    ready_at: Moment | None = None
    collect_by: Moment | None = None
    hours_max: Hours | None = None
    allergens: Annotated[frozenset[str], PlainValidator(allergen_codes)] = frozenset()
    allergens_checked: Annotated[frozenset[str], PlainValidator(examined_codes)] = frozenset()
    kitchen_needed: Annotated[Kitchen, PlainValidator(cells.one_of(Kitchen))] = Kitchen.NONE
    tags: Annotated[frozenset[Tag], PlainValidator(cells.some_of(Tag))] = frozenset()


class SessionRow(Row):
    """sessions.csv"""

    session_id: Id
    site_id: Id
    date: Day
    open: Clock
    close: Clock
    households_max: Count | None = None


class HomeRow(Row):
    """What a household has beside its name, size and wish.

    A blank kitchen or cold store counts as none, the cautious reading.
    """

    infants: Count = 0
    children: Count = 0
    seniors: Count = 0
    avoid: Annotated[frozenset[str], PlainValidator(allergen_codes)] = frozenset()
    diet: Annotated[frozenset[Diet], PlainValidator(cells.some_of(Diet))] = frozenset()
    kitchen: Annotated[Kitchen, PlainValidator(cells.one_of(Kitchen))] = Kitchen.NONE
    cold: Annotated[Cold, PlainValidator(cells.one_of(Cold))] = Cold.NONE
    channel: Annotated[Channel, PlainValidator(cells.one_of(Channel))] = Channel.PICKUP
    session_ids: Ids = ()
    date: Day | None = None
    window_open: Clock | None = None
    window_close: Clock | None = None
    visit_minutes: Minutes = 5 * MINUTE_S
    language: Text = "ja"
    weight: PositiveExact = Fraction(1)


class HouseholdRow(PlaceRow, HomeRow):
    """households.csv"""

    household_id: Id
    members: Positive
    meals_wanted: Count


class VehicleRow(StorageRow):
    """vehicles.csv"""

    vehicle_id: Id
    home_site_id: Id
    cold_minutes_max: Minutes | None = None


class ShiftRow(Row):
    """shifts.csv"""

    vehicle_id: Id
    date: Day
    start: Clock
    end: Clock
    volunteer_ids: Ids = ()
    start_id: Id = ""
    end_id: Id = ""
    break_open: Clock | None = None
    break_close: Clock | None = None
    break_minutes: Minutes | None = None


class HistoryRow(Row):
    """history.csv"""

    household_id: Id
    week_start: Day
    meals_wanted: Count
    meals_received: Meals


class TravelRow(Row):
    """travel.csv"""

    from_id: Id
    to_id: Id
    metres: Count
    seconds: Count


class PinRow(Row):
    """pins.csv; empty references match anything."""

    kind: Annotated[PinKind, PlainValidator(cells.one_of(PinKind))]
    household_id: Id = ""
    lot_id: Id = ""
    session_id: Id = ""
    vehicle_id: Id = ""
    units: Count | None = None


class VolunteerRow(Row):
    """volunteers.csv; the town is for people, it changes no plan."""

    volunteer_id: Id
    home_town: Text = ""
    qualifications: Texts = ()
    languages: Texts = ()
    hours_max: Hours | None = None
    dates: Days = ()


class VisitRow(Row):
    """visits.csv"""

    household_id: Id
    date: Day
    window_open: Clock
    window_close: Clock
    crew: Positive = 1
    qualification: Text = ""
    last_visitor_ids: Ids = ()


class EventRow(HomeRow):
    """events.csv: what has happened; the columns of a household describe one that is added."""

    event: Annotated[EventKind, PlainValidator(cells.one_of(EventKind))]
    at: Moment
    vehicle_id: Id = ""
    lot_id: Id = ""
    session_id: Id = ""
    household_id: Id = ""
    site_id: Id = ""
    units: Positive | None = None
    since: Moment | None = None
    until: Moment | None = None
    members: Positive | None = None
    meals_wanted: Count | None = None
    note: Text = ""
    lat: Degrees | None = None
    lon: Degrees | None = None
    town: Text = ""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Spec(Generic[R]):
    """A table: its name, its row model, its identifier, and the tables its references point to."""

    name: str
    model: type[R]
    key: str = ""
    references: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is known, in the order of the model."""
        return tuple(name for name in self.model.model_fields if name != "row")

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns without a default."""
        fields = self.model.model_fields
        return tuple(name for name in self.columns if fields[name].is_required())


ORGANISATIONS = Spec("organisations", OrganisationRow, "org_id")
SITES = Spec("sites", SiteRow, "site_id", (("org_id", "organisations"),))
LOTS = Spec("lots", LotRow, "lot_id", (("site_id", "sites"), ("org_id", "organisations")))
SESSIONS = Spec("sessions", SessionRow, "session_id", (("site_id", "sites"),))
HOUSEHOLDS = Spec("households", HouseholdRow, "household_id", (("session_ids", "sessions"),))
VEHICLES = Spec("vehicles", VehicleRow, "vehicle_id", (("home_site_id", "sites"),))
SHIFTS = Spec(
    "shifts",
    ShiftRow,
    "",
    (
        ("vehicle_id", "vehicles"),
        ("volunteer_ids", "volunteers"),
        ("start_id", "sites"),
        ("end_id", "sites"),
    ),
)
HISTORY = Spec("history", HistoryRow)
TRAVEL = Spec("travel", TravelRow)
PINS = Spec(
    "pins",
    PinRow,
    "",
    (
        ("household_id", "households"),
        ("lot_id", "lots"),
        ("session_id", "sessions"),
        ("vehicle_id", "vehicles"),
    ),
)
VOLUNTEERS = Spec("volunteers", VolunteerRow, "volunteer_id")
EVENTS = Spec("events", EventRow)
VISITS = Spec("visits", VisitRow, "", (("household_id", "households"),))
