"""Changes that may help a household: each is an amount of something, applied to a week.

A fix says nothing about whether it helps; `advice` plans the changed week again to find out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from logistics.model.problem import Pin, WeekProblem
from logistics.model.units import KG_G, MINUTE_S, Storage, date_of
from logistics.solver.allocation.advice.gifts import Gift
from logistics.solver.allocation.advice.what_if import without_pins

SHIFT_STEP_S = 30 * MINUTE_S
PHONED = 3
"""Organisations named for one fix at most."""

Plain = dict[str, object]
"""A fix in codes, identifiers and numbers, as `logistics.words.reasons` reads it."""


@dataclass(frozen=True, slots=True)
class MoreFood:
    """Meals of a kind of food, at its site by a day."""

    gift: Gift
    day: int = field(default=0, compare=False)
    amount: int = 1
    most: ClassVar[int] = 64
    free_day: ClassVar[int | None] = None

    def applied(self, problem: WeekProblem) -> WeekProblem:
        """The week with so many meals of it."""
        return self.gift.given_to(problem, self.amount)

    def plain(self, problem: WeekProblem) -> Plain:
        """Kind, meals, site, last day, and who gives such food already."""
        return {
            "code": "sure_food",
            "n": self.amount,
            "site": self.gift.site_id,
            "date": date_of(problem.week_start, self.day).isoformat(),
            "gift": gift_plain(self.gift),
            "orgs": list(self.gift.givers(problem))[:PHONED],
        }


def gift_plain(gift: Gift) -> Plain:
    """What a gift is, in codes."""
    return {
        "group": str(gift.group),
        "storage": str(gift.storage),
        "kitchen": str(gift.kitchen),
        "codes": list(gift.free_of),
        "diets": [str(diet) for diet in gift.diets],
    }


@dataclass(frozen=True, slots=True)
class MoreRoom:
    """Kilograms of one storage class at a site."""

    site_id: str
    storage: Storage
    amount: int = 1
    most: ClassVar[int] = 64
    free_day: ClassVar[int | None] = None

    def applied(self, problem: WeekProblem) -> WeekProblem:
        """The week with so many kilograms more room."""
        site = problem.sites[self.site_id]
        room_g = site.room_g(self.storage) + self.amount * KG_G
        changed = replace(site, capacity_g={**site.capacity_g, self.storage: room_g})
        return replace(problem, sites={**problem.sites, site.id: changed})

    def plain(self, problem: WeekProblem) -> Plain:
        """Where, of which class, how many kilograms, and whose site it is."""
        return {
            "code": "sure_storage",
            "site": self.site_id,
            "storage": str(self.storage),
            "n": self.amount,
            "orgs": _owners(problem, self.site_id),
        }


@dataclass(frozen=True, slots=True)
class MoreSeats:
    """Households more at a session."""

    session_id: str
    amount: int = 1
    most: ClassVar[int] = 64
    free_day: ClassVar[int | None] = None

    def applied(self, problem: WeekProblem) -> WeekProblem:
        """The week with so many places more at the session."""
        session = problem.sessions[self.session_id]
        changed = replace(session, households_max=(session.households_max or 0) + self.amount)
        return replace(problem, sessions={**problem.sessions, session.id: changed})

    def plain(self, problem: WeekProblem) -> Plain:
        """Which session, how many places, and who holds it."""
        site_id = problem.sessions[self.session_id].site_id
        return {
            "code": "sure_session",
            "session": self.session_id,
            "n": self.amount,
            "orgs": _owners(problem, site_id),
        }


@dataclass(frozen=True, slots=True)
class LongerShift:
    """A shift (by its position) that ends later, in steps of half an hour."""

    position: int
    day: int
    amount: int = 1
    most: ClassVar[int] = 8

    @property
    def free_day(self) -> int | None:
        """The day of the shift: what could not be driven then may be possible now."""
        return self.day

    def applied(self, problem: WeekProblem) -> WeekProblem:
        """The week with that shift longer."""
        shifts = list(problem.shifts)
        old = shifts[self.position]
        shifts[self.position] = replace(old, end_s=old.end_s + self.amount * SHIFT_STEP_S)
        return replace(problem, shifts=tuple(shifts))

    def plain(self, problem: WeekProblem) -> Plain:
        """Which vehicle, on which day, how many minutes, and whose it is."""
        vehicle = problem.vehicles[problem.shifts[self.position].vehicle_id]
        return {
            "code": "sure_shift",
            "vehicle": vehicle.id,
            "date": date_of(problem.week_start, self.day).isoformat(),
            "n": self.amount * SHIFT_STEP_S // MINUTE_S,
            "orgs": _owners(problem, vehicle.home_site_id),
        }


@dataclass(frozen=True, slots=True)
class NoPin:
    """A pin (by its position) taken away."""

    position: int
    amount: int = 1
    most: ClassVar[int] = 1
    free_day: ClassVar[int | None] = None

    def applied(self, problem: WeekProblem) -> WeekProblem:
        """The week without that pin."""
        return without_pins(problem, self.position)

    def plain(self, problem: WeekProblem) -> Plain:
        """Which pin, as its row of pins.csv."""
        return {"code": "sure_no_pin", "pin": pin_text(problem.pins[self.position]), "orgs": []}


@dataclass(frozen=True, slots=True)
class CheckedLabels:
    """Lots whose labels are asked about; it helps only if the answer is "not in it"."""

    lot_ids: tuple[str, ...]
    codes: tuple[str, ...]
    amount: int = 1
    most: ClassVar[int] = 1
    free_day: ClassVar[int | None] = None

    def applied(self, problem: WeekProblem) -> WeekProblem:
        """The week in which these codes are known to be absent from the lots."""
        lots = dict(problem.lots)
        for lot_id in self.lot_ids:
            lots[lot_id] = replace(lots[lot_id], checked=lots[lot_id].checked | {*self.codes})
        return replace(problem, lots=lots)

    def plain(self, problem: WeekProblem) -> Plain:
        """Which lots, about what, whom to ask."""
        orgs = dict.fromkeys(problem.lots[lot_id].org_id for lot_id in self.lot_ids)
        return {
            "code": "sure_label",
            "items": list(self.lot_ids),
            "codes": list(self.codes),
            "orgs": [org_id for org_id in orgs if org_id in problem.organisations][:PHONED],
        }


@dataclass(frozen=True, slots=True)
class SinglePacks:
    """Lots handed out unit by unit instead of in packs."""

    lot_ids: tuple[str, ...]
    amount: int = 1
    most: ClassVar[int] = 1
    free_day: ClassVar[int | None] = None

    def applied(self, problem: WeekProblem) -> WeekProblem:
        """The week in which these lots come in packs of one unit."""
        opened = {lot_id: replace(problem.lots[lot_id], pack=1) for lot_id in self.lot_ids}
        return replace(problem, lots={**problem.lots, **opened})

    def plain(self, problem: WeekProblem) -> Plain:
        """Which lots to open, and who keeps them."""
        sites = dict.fromkeys(problem.lots[lot_id].site_id for lot_id in self.lot_ids)
        orgs = [org_id for site_id in sites for org_id in _owners(problem, site_id)]
        return {"code": "sure_single", "items": list(self.lot_ids), "orgs": orgs[:PHONED]}


Fix = MoreFood | MoreRoom | MoreSeats | LongerShift | NoPin | CheckedLabels | SinglePacks


def pin_text(pin: Pin) -> str:
    """A pin as a row of pins.csv: kind, household, lot, session, vehicle, units."""
    units = "" if pin.units is None else str(pin.units)
    return ",".join(
        (str(pin.kind), pin.household_id, pin.lot_id, pin.session_id, pin.vehicle_id, units)
    )


def _owners(problem: WeekProblem, site_id: str) -> list[str]:
    """The organisation whose site it is, if it is known."""
    org_id = problem.sites[site_id].org_id
    return [org_id] if org_id in problem.organisations else []
