"""Households: the least about people that planning needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from logistics.model.errors import require
from logistics.model.units import Channel, Cold, Diet, Kitchen, day_of


@dataclass(frozen=True, slots=True)
class Visit:
    """When a household is visited at home, and by whom. Times are seconds of the week.

    At least `crew` people of the shift come, one of them with the `qualification` if there is one;
    `last_visitor_ids` came last time.
    """

    open_s: int
    close_s: int
    service_s: int
    crew: int = 1
    qualification: str = ""
    last_visitor_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require(self.open_s <= self.close_s, "a visit's window must open before it closes")
        require(self.crew >= 1, f"a visit's crew must be >= 1, got {self.crew}")
        require(self.service_s >= 0, f"a visit's service_s must be >= 0, got {self.service_s}")

    @property
    def day(self) -> int:
        """Day number of the visit."""
        return day_of(self.open_s)


@dataclass(frozen=True, slots=True)
class Household:
    """A registered household, by reference only: no name, no address.

    `session_ids` are the sessions it can come to (pickup) or the organising satellite's (delivery).
    `weight` divides the level: a household of weight 2 counts as half as well served. One of the
    `visits` is made; without alternatives there is only `visit`, which else is one of them. Planning
    looks at those on the day of `visit` alone (`logistics/solver/visit_days.py` chooses it).
    """

    id: str
    lat: float
    lon: float
    members: int
    meals_wanted: int
    infants: int = 0
    children: int = 0
    seniors: int = 0
    avoid: frozenset[str] = frozenset()
    diet: frozenset[Diet] = frozenset()
    kitchen: Kitchen = Kitchen.FULL
    cold: Cold = Cold.FREEZER
    channel: Channel = Channel.PICKUP
    session_ids: tuple[str, ...] = ()
    visit: Visit | None = None
    language: str = "ja"
    weight: Fraction = Fraction(1)
    alternatives: tuple[Visit, ...] = ()

    def __post_init__(self) -> None:
        require(self.members >= 1, f"Household {self.id}: members must be >= 1, got {self.members}")
        require(
            self.meals_wanted >= 0,
            f"Household {self.id}: meals_wanted must be >= 0, got {self.meals_wanted}",
        )
        require(
            min(self.infants, self.children, self.seniors) >= 0
            and self.infants + self.children + self.seniors <= self.members,
            f"Household {self.id}: infants, children and seniors must fit into {self.members} members",
        )
        require(self.weight > 0, f"Household {self.id}: weight must be > 0, got {self.weight}")
        require(
            (self.visit is None) == (self.channel is Channel.PICKUP),
            f"Household {self.id}: a delivery needs a visit window, a pickup must not have one",
        )
        require(
            not self.alternatives or self.visit in self.alternatives,
            f"Household {self.id}: its visit must be one of its alternatives",
        )

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The visits of which one is made; empty for a pickup."""
        if self.alternatives or self.visit is None:
            return self.alternatives
        return (self.visit,)

    def visit_at(self, moment_s: int) -> Visit | None:
        """The visit within whose window a moment lies, else the one that planning looks at."""
        kept = (visit for visit in self.visits if visit.open_s <= moment_s <= visit.close_s)
        return next(kept, self.visit)

    def visits_on(self, day: int) -> tuple[Visit, ...]:
        """The visits that may be made on a day, in the order given."""
        return tuple(visit for visit in self.visits if visit.day == day)


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody who drives or visits.

    `work_s_max` bounds the seconds of all trips of the week, `days` are those on which they can
    come; `None` is no limit.
    """

    id: str
    qualifications: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    work_s_max: int | None = None
    days: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class HistoryWeek:
    """What a household wanted and received in one past week."""

    household_id: str
    week_start: date
    meals_wanted: int
    meals_received: Fraction

    def __post_init__(self) -> None:
        require(
            self.meals_wanted >= 0 and self.meals_received >= 0,
            f"History of {self.household_id} in {self.week_start}: meals must be >= 0",
        )


@dataclass(frozen=True, slots=True)
class Past:
    """The history that counts for one household: each week's receipts capped at what it wanted."""

    wanted: int = 0
    received: Fraction = Fraction(0)
