"""The nouns of a recall: what stands, what is driven, whom to warn, and what adds up to what came in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from logistics.inventory.entries import Account, AccountKind, Kind


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """Units of a lot at a site or on board a vehicle; `promised` of them to somebody."""

    kind: AccountKind
    id: str
    lot_id: str
    units: int
    promised: int


@dataclass(frozen=True, slots=True, order=True)
class Loading:
    """Units that a published plan has a vehicle carry and that no outcome has settled yet.

    `begun` when the planned loading has passed: they may be on board, or handed over already.
    """

    load_at: datetime
    vehicle_id: str
    site_id: str
    lot_id: str
    units: int
    begun: bool


@dataclass(frozen=True, slots=True, order=True)
class Bound:
    """Units that stand at `site_id` and are promised to another site, `to_site_id`."""

    to_site_id: str
    site_id: str
    lot_id: str
    units: int


@dataclass(frozen=True, slots=True, order=True)
class Gone:
    """Units that were thrown away or brought back at a moment; what was brought back stands again."""

    at: datetime
    kind: Kind
    place: Account
    lot_id: str
    units: int
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Warned:
    """A household that was given units, or is promised them, through a place on a day.

    `site_id` is the session's site, or where the vehicle that came to the door started;
    `session_id` is empty at a door.
    """

    site_id: str
    session_id: str
    day: date
    household_id: str
    lot_id: str
    given: int
    promised: int


@dataclass(frozen=True, slots=True)
class Sum:
    """What became of all units of a lot: `came` = the others together.

    `came`: from the donor, net of what was undone, and out of changes; `changed`: into other lots;
    `missing`: lost in counting (below zero: found).
    """

    lot_id: str
    unit_g: int
    unit_meals: Fraction
    came: int
    standing: int
    aboard: int
    handed_out: int
    wasted: int
    missing: int
    changed: int

    @property
    def holds(self) -> bool:
        """Whether every unit that came is accounted for."""
        found = self.standing + self.aboard + self.handed_out + self.wasted + self.missing
        return self.came == found + self.changed


@dataclass(frozen=True, slots=True)
class Mass:
    """What became of all grams of the lots together: what came in = the others together.

    `received_g` from donors; `made_g` out of changes that took none of the lots; `mixed_in_g` of other
    lots that a change put to these. `lost_g`: went into changes and did not come out of them.
    """

    received_g: int
    made_g: int
    mixed_in_g: int
    standing_g: int
    aboard_g: int
    handed_out_g: int
    wasted_g: int
    missing_g: int
    lost_g: int

    @property
    def came_g(self) -> int:
        """All that has to be accounted for."""
        return self.received_g + self.made_g + self.mixed_in_g

    @property
    def found_g(self) -> int:
        """All that is accounted for."""
        there = self.standing_g + self.aboard_g + self.handed_out_g
        return there + self.wasted_g + self.missing_g + self.lost_g

    @property
    def holds(self) -> bool:
        """Whether every gram is accounted for."""
        return self.came_g == self.found_g


@dataclass(frozen=True, slots=True)
class Recall:
    """Whom to stop, to call and to warn because of a lot; `lots` are it and all lots made of it."""

    lot_id: str
    lots: tuple[str, ...]
    sources: tuple[str, ...]
    at: datetime
    held: frozenset[str]
    stock: tuple[Standing, ...]
    loading: tuple[Loading, ...]
    bound: tuple[Bound, ...]
    warned: tuple[Warned, ...]
    gone: tuple[Gone, ...]
    sums: tuple[Sum, ...]
    mass: Mass

    @property
    def complete(self) -> bool:
        """Whether every unit and gram is accounted for, and each unit handed out has its household."""
        named: dict[str, int] = defaultdict(int)
        for each in self.warned:
            named[each.lot_id] += each.given
        told = all(each.handed_out == named[each.lot_id] for each in self.sums)
        return told and self.mass.holds and all(each.holds for each in self.sums)

    def places(self) -> tuple[str, ...]:
        """The sites that have something to do: units to stop, units to come, households to warn."""
        stops = {each.id for each in self.stock if each.kind is AccountKind.SITE}
        comes = {each.to_site_id for each in self.bound}
        return tuple(sorted(stops | comes | {each.site_id for each in self.warned}))
