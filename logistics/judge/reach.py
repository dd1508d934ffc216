"""What could be handed out to whom if driving took no time: the widest that the rules allow.

A certificate speaks of every plan that keeps the rules, so it must count every hand-over that some
plan might hold. Here each lot, session and door is looked at on its own and roads cost nothing; what
is ruled out even so is ruled out whatever the roads and routes are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

from logistics.judge.eligibility import checked_codes, home_faults, keeps_until
from logistics.model.fleet import Shift
from logistics.model.goods import Lot
from logistics.model.people import Household, Visit
from logistics.model.places import Session, Site
from logistics.model.problem import WeekProblem
from logistics.model.units import DAY_S, Channel, PinKind, SiteKind


@dataclass(frozen=True, slots=True)
class HandOver:
    """At most so many packs of a lot, at a session or (`None`) at the door.

    `day` is the day of it; `None` where a door could get it on several.
    """

    lot: Lot
    session: Session | None
    day: int | None
    packs_max: int


class Reach:
    """Everything that could be handed out in a week; worked out for a household when asked for."""

    def __init__(self, problem: WeekProblem) -> None:
        self._problem = problem
        self._hand_overs: dict[str, tuple[HandOver, ...]] = {}
        self._receipts: dict[str, tuple[int, ...]] = {}
        self._sessions: dict[tuple[str, str], bool] = {}
        self._collections: dict[str, dict[str, int]] = {}

    @cached_property
    def grains(self) -> int:
        """How many grains a meal has: as few as make every pack a whole number of them."""
        return lcm(*(lot.pack_meals.denominator for lot in self._problem.lots.values()), 1)

    def hand_overs(self, household: Household) -> tuple[HandOver, ...]:
        """What a household could get at all, by sections 1 and 2 of the rules."""
        if household.id not in self._hand_overs:
            self._hand_overs[household.id] = tuple(self._find(household))
        return self._hand_overs[household.id]

    def receipts(self, household: Household) -> tuple[int, ...]:
        """Every number of grains that sums of its packs can come to, capped at its wish, rising.

        Bit *v* of a set stands for *v* grains.
        """
        if household.id not in self._receipts:
            wanted = household.meals_wanted * self.grains
            most = {offer.lot.id: offer for offer in self.hand_overs(household)}
            sums = 1
            for offer in most.values():
                size = int(offer.lot.pack_meals * self.grains)
                for _ in range(offer.packs_max):
                    sums |= sums << size
                    full = int(sums >> wanted > 0)
                    sums = sums & ((1 << wanted) - 1) | full << wanted
            self._receipts[household.id] = tuple(v for v in range(wanted + 1) if sums >> v & 1)
        return self._receipts[household.id]

    def packs_free(self, lot: Lot) -> int:
        """Packs of a lot that can be given: an offer is collected once, by one vehicle."""
        packs = lot.free_units // lot.pack
        if not self._is_collected(lot):
            return packs
        rooms = (
            self._problem.vehicles[s.vehicle_id].room_g(lot.storage) for s in self._problem.shifts
        )
        return min(packs, max(rooms, default=0) // (lot.unit_g * lot.pack))

    @cached_property
    def _homes(self) -> frozenset[str]:
        return frozenset(vehicle.home_site_id for vehicle in self._problem.vehicles.values())

    def _find(self, household: Household) -> Iterator[HandOver]:
        for lot in self._problem.lots.values():
            packs = min(
                self.packs_free(lot), -(-Fraction(household.meals_wanted) // lot.pack_meals)
            )
            if packs < 1 or not self._is_fit(lot, household):
                continue
            for session in self._places(household):
                if self._is_allowed(lot, household, session):
                    days = {session.day} if session else self._door_days(lot, household)
                    yield HandOver(lot, session, days.pop() if len(days) == 1 else None, packs)

    def _is_fit(self, lot: Lot, household: Household) -> bool:
        """Whether the household can eat, cook and keep it."""
        avoid = household.avoid
        known = checked_codes(self._problem, lot, avoid)
        return avoid <= known - lot.contains and not any(home_faults(lot, household))

    def _places(self, household: Household) -> tuple[Session | None, ...]:
        if household.channel is Channel.DELIVERY:
            return (None,)
        return tuple(self._problem.sessions[name] for name in dict.fromkeys(household.session_ids))

    def _is_allowed(self, lot: Lot, household: Household, session: Session | None) -> bool:
        pinned = any(
            pin.kind is PinKind.FORBID
            and not pin.vehicle_id
            and pin.household_id in ("", household.id)
            and pin.lot_id in ("", lot.id)
            and (not pin.session_id or (session is not None and pin.session_id == session.id))
            for pin in self._problem.pins
        )
        if pinned:
            return False
        if session is None:
            return bool(self._door_days(lot, household))
        if (lot.id, session.id) not in self._sessions:
            self._sessions[lot.id, session.id] = self._gets_to_session(lot, session)
        return self._sessions[lot.id, session.id]

    def _gets_to_session(self, lot: Lot, session: Session) -> bool:
        site = self._problem.sites[session.site_id]
        if not keeps_until(self._problem, lot, session.day):
            return False
        if lot.eat_by_s is not None and session.close_s > lot.eat_by_s:
            return False
        if lot.site_id == site.id:
            return lot.ready_s is None or lot.ready_s <= session.open_s
        if not site.keeps(lot.storage):
            return False
        collected_s = self._collected_s(lot).get(site.id)
        if collected_s is not None and collected_s <= session.open_s:
            return True
        ends = (
            _stop_ends(site, home, shift, leave_s)
            for home, shift, leave_s in self._departures(lot)
            if shift.day == session.day or not self._goes_straight(lot)
        )
        return any(end_s is not None and end_s <= session.open_s for end_s in ends)

    def _door_days(self, lot: Lot, household: Household) -> set[int]:
        """Days on which a lot could be brought to a door, whoever can make the visit."""
        return {visit.day for visit in household.visits if self._gets_to_door(lot, visit)}

    def _gets_to_door(self, lot: Lot, visit: Visit) -> bool:
        if not keeps_until(self._problem, lot, visit.day):
            return False
        last_s = visit.close_s if lot.eat_by_s is None else min(visit.close_s, lot.eat_by_s)
        return any(
            max(leave_s, visit.open_s) <= last_s
            and max(leave_s, visit.open_s) + visit.service_s <= shift.end_s
            for _, shift, leave_s in self._departures(lot)
        )

    def _departures(self, lot: Lot) -> Iterator[tuple[Site, Shift, int]]:
        """Home, shift and earliest moment at which a lot, loaded, is on its way to be handed out."""
        for home, shift in self._able(lot):
            if self._goes_straight(lot):
                leave_s = self._loaded(lot, home, shift)
            elif self._is_collected(lot):
                ready_s = self._collected_s(lot).get(home.id)
                leave_s = None if ready_s is None else max(shift.start_s, ready_s) + home.dock_s
            else:
                begin_s = max(shift.start_s, lot.ready_s or shift.start_s)
                leave_s = begin_s + home.dock_s if home.id == lot.site_id else None
            if leave_s is not None:
                yield home, shift, leave_s

    def _collected_s(self, lot: Lot) -> dict[str, int]:
        """Since when an offer can be at each hub that keeps its class."""
        if lot.id not in self._collections:
            found: dict[str, int] = {}
            for home, shift in self._able(lot) if self._is_collected(lot) else ():
                leave_s = self._loaded(lot, home, shift)
                if leave_s is None or not home.keeps(lot.storage):
                    continue
                unloaded_s = leave_s + home.dock_s
                if unloaded_s <= shift.end_s:
                    found[home.id] = min(unloaded_s, found.get(home.id, unloaded_s))
            self._collections[lot.id] = found
        return self._collections[lot.id]

    def _loaded(self, lot: Lot, home: Site, shift: Shift) -> int | None:
        """Earliest moment at which a shift leaves the place of a lot with it."""
        begin_s = max(shift.start_s, lot.ready_s or shift.start_s)
        end_s = _stop_ends(self._problem.sites[lot.site_id], home, shift, begin_s)
        is_offer = self._problem.sites[lot.site_id].kind is SiteKind.DONOR
        late = is_offer and lot.collect_by_s is not None
        if end_s is None or (late and end_s > (lot.collect_by_s or 0)):
            return None
        return end_s

    def _able(self, lot: Lot) -> Iterator[tuple[Site, Shift]]:
        """Shifts of vehicles with a compartment for the lot, with their homes."""
        for shift in self._problem.shifts:
            vehicle = self._problem.vehicles[shift.vehicle_id]
            if vehicle.room_g(lot.storage) > 0:
                yield self._problem.sites[vehicle.home_site_id], shift

    def _is_collected(self, lot: Lot) -> bool:
        return not lot.is_cooked and self._problem.sites[lot.site_id].kind is SiteKind.DONOR

    def _goes_straight(self, lot: Lot) -> bool:
        return not self._is_collected(lot) and (lot.is_cooked or lot.site_id not in self._homes)


def _stop_ends(site: Site, home: Site, shift: Shift, begin_s: int) -> int | None:
    """Earliest end of a stop that moves goods; receiving hours count except at the own home."""
    midnight_s = shift.day * DAY_S
    if site.id == home.id:
        opens_s, closes_s = shift.start_s, shift.end_s
    else:
        opens_s = midnight_s + site.receive_open_s
        closes_s = min(midnight_s + site.receive_close_s, shift.end_s)
    end_s = max(begin_s, opens_s) + site.dock_s
    return end_s if end_s <= closes_s else None
