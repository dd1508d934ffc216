"""The week as a problem: every fact that planning needs, nothing about how it was stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from logistics.model.errors import require
from logistics.model.fleet import Shift, Vehicle
from logistics.model.goods import Allergen, Lot
from logistics.model.people import HistoryWeek, Household, Past, Volunteer
from logistics.model.places import HotMealRun, Organisation, Session, Site
from logistics.model.travel import GraphSettings, OsrmSettings
from logistics.model.units import Label, PinKind, Storage

DEFAULT_MARGIN_DAYS: Mapping[tuple[Storage, Label], int] = MappingProxyType(
    {
        (Storage.AMBIENT, Label.USE_BY): 1,
        (Storage.AMBIENT, Label.BEST_BEFORE): 7,
        (Storage.AMBIENT, Label.NONE): 1,
        (Storage.CHILLED, Label.USE_BY): 1,
        (Storage.CHILLED, Label.BEST_BEFORE): 2,
        (Storage.CHILLED, Label.NONE): 1,
        (Storage.FROZEN, Label.USE_BY): 7,
        (Storage.FROZEN, Label.BEST_BEFORE): 14,
        (Storage.FROZEN, Label.NONE): 7,
    }
)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules a network sets for itself.

    `balance_days` is the share by which a day's driving may cost more so that its longest working day
    is shorter; at 0 nobody asks for that.
    """

    margin_days: Mapping[tuple[Storage, Label], int] = field(
        default_factory=lambda: DEFAULT_MARGIN_DAYS
    )
    group_share_max: Fraction = Fraction(3, 5)
    week_floor: Fraction = Fraction(1, 2)
    fairness_slack: Fraction = Fraction(0)
    history_weeks: int = 8
    sessions_max: int = 1
    balance_days: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        for name in ("group_share_max", "week_floor", "balance_days"):
            value = getattr(self, name)
            require(0 <= value <= 1, f"Policy: {name} must be within 0..1, got {value}")
        require(self.fairness_slack >= 0, "Policy: fairness_slack must be >= 0")
        require(self.history_weeks >= 0, "Policy: history_weeks must be >= 0")
        require(self.sessions_max >= 1, "Policy: sessions_max must be >= 1")


@dataclass(frozen=True, slots=True)
class TravelSettings:
    """Where distances and times come from when `travel.csv` gives none.

    Places up to `snap_m` from the nearest road are joined to it on foot, at `walk_kmh`. `folder` is the
    week folder, from which paths in these settings start; it is no fact of the week.
    """

    engine: str = "estimate"
    speed_kmh: float = 21.0
    circuity: float = 1.32
    snap_m: int = 500
    walk_kmh: float = 4.0
    graph: GraphSettings = field(default_factory=GraphSettings)
    osrm: OsrmSettings = field(default_factory=OsrmSettings)
    folder: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        require(self.speed_kmh > 0, f"Travel: speed_kmh must be > 0, got {self.speed_kmh}")
        require(self.circuity >= 1, f"Travel: circuity must be >= 1, got {self.circuity}")
        require(self.snap_m >= 0, f"Travel: snap_m must be >= 0, got {self.snap_m}")
        require(self.walk_kmh > 0, f"Travel: walk_kmh must be > 0, got {self.walk_kmh}")


@dataclass(frozen=True, slots=True)
class Leg:
    """Driving from one point to another."""

    metres: int
    seconds: int


Travel = Mapping[tuple[str, str], Leg]
"""Legs by (from, to): identifiers of sites and households, which share one name space."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A coordinator's decision that the plan must respect. Empty references mean "any"."""

    kind: PinKind
    household_id: str = ""
    lot_id: str = ""
    session_id: str = ""
    vehicle_id: str = ""
    units: int | None = None


@dataclass(frozen=True, slots=True)
class WeekProblem:
    """Everything known about one week. Every reference resolves; identifiers are the keys."""

    name: str
    week_start: date
    organisations: Mapping[str, Organisation]
    sites: Mapping[str, Site]
    lots: Mapping[str, Lot]
    sessions: Mapping[str, Session]
    households: Mapping[str, Household]
    vehicles: Mapping[str, Vehicle]
    shifts: tuple[Shift, ...]
    history: tuple[HistoryWeek, ...] = ()
    policy: Policy = Policy()
    travel: TravelSettings = TravelSettings()
    legs: Travel = field(default_factory=lambda: MappingProxyType({}))
    pins: tuple[Pin, ...] = ()
    runs: tuple[HotMealRun, ...] = ()
    allergens: Mapping[str, Allergen] = field(default_factory=lambda: MappingProxyType({}))
    timezone: str = "Asia/Tokyo"
    digest: str = ""
    volunteers: Mapping[str, Volunteer] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        require(
            self.week_start.weekday() == 0, f"week_start must be a Monday, got {self.week_start}"
        )
        shared = self.sites.keys() & self.households.keys()
        require(not shared, f"sites and households share the identifiers {sorted(shared)}")
        for lot in self.lots.values():
            require(lot.site_id in self.sites, f"Lot {lot.id}: unknown site {lot.site_id}")
        for session in self.sessions.values():
            require(
                session.site_id in self.sites,
                f"Session {session.id}: unknown site {session.site_id}",
            )
        for vehicle in self.vehicles.values():
            require(
                vehicle.home_site_id in self.sites,
                f"Vehicle {vehicle.id}: unknown site {vehicle.home_site_id}",
            )
        for shift in self.shifts:
            require(shift.vehicle_id in self.vehicles, f"Shift: unknown vehicle {shift.vehicle_id}")
            for site_id in (shift.start_id, shift.end_id):
                require(site_id is None or site_id in self.sites, f"Shift: unknown site {site_id}")
            for name in shift.volunteer_ids:
                days = self.volunteers[name].days if name in self.volunteers else None
                require(
                    days is None or shift.day in days,
                    f"Shift of {shift.vehicle_id} on day {shift.day}: {name} cannot come",
                )

    def past(self) -> dict[str, Past]:
        """History that counts, by household: the last `history_weeks` weeks before this one.

        Each past week's receipts are capped at what was wanted in it, so that one lavish week never
        counts against the next.
        """
        first = self.week_start.toordinal() - 7 * self.policy.history_weeks
        totals = {household_id: Past() for household_id in self.households}
        for week in self.history:
            if week.household_id not in totals:
                continue
            if not first <= week.week_start.toordinal() < self.week_start.toordinal():
                continue
            old = totals[week.household_id]
            kept = min(week.meals_received, Fraction(week.meals_wanted))
            totals[week.household_id] = Past(old.wanted + week.meals_wanted, old.received + kept)
        return totals

    @property
    def places(self) -> list[str]:
        """Identifiers of all sites and households."""
        return [*self.sites, *self.households]

    def point(self, place_id: str) -> tuple[float, float]:
        """Latitude and longitude of a site or household."""
        place = self.sites.get(place_id) or self.households[place_id]
        return place.lat, place.lon
