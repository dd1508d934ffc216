"""What could be handed out at most if driving took no time: the rows that certificates price.

Every row here follows from the week's facts and docs/rules.md alone, without roads, routes or cuts, so
that the judge, who knows no travel times, can work it out again. Meals are counted in grains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from logistics.model.fleet import Shift
from logistics.model.goods import Lot, codes_covered_by_all
from logistics.model.people import Household, Visit
from logistics.model.places import Session, Site
from logistics.model.plan import Cap
from logistics.model.problem import WeekProblem
from logistics.model.units import DAY_S, KG_G, PinKind, SiteKind
from logistics.solver.allocation.shape import Need, grains_per_meal, needs_of
from logistics.solver.eligible import freshness_refusal, matches, personal_refusal

WORTH = KG_G
"""A meal of weight 1 is worth so much for each grain; then kilograms count whole, too."""

Departure = tuple[str, Shift, int]
"""Home site, shift and the earliest moment at which goods, loaded, leave to be handed out."""


@dataclass(frozen=True, slots=True)
class Opening:
    """At most so many packs of a lot for a need, at a session or (`None`) at the door.

    `uses` are rows with how much of each one pack takes.
    """

    need: int
    lot_id: str
    session_id: str | None
    packs_max: int
    grains: int
    uses: tuple[tuple[Cap, int], ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is, and what one such unit is worth at price 1."""

    upper: int
    worth: int


@dataclass(frozen=True, slots=True)
class Market:
    """Needs, all openings, the sizes of what they share, and every sum of packs of each need."""

    needs: tuple[Need, ...]
    openings: tuple[Opening, ...]
    sizes: dict[Cap, Size]
    seats: dict[str, int]
    sessions_max: int
    grains_per_meal: int
    values: tuple[tuple[int, ...], ...]


def market_of(problem: WeekProblem) -> Market:
    """Everything that could be handed out in a week, and what is scarce."""
    return _Builder(problem).build()


class _Builder:
    """Collects openings and sizes."""

    def __init__(self, problem: WeekProblem) -> None:
        self.problem = problem
        self.grains = grains_per_meal(problem)
        self.needs = needs_of(problem, self.grains)
        self.sizes: dict[Cap, Size] = {}
        self.homes = {vehicle.home_site_id for vehicle in problem.vehicles.values()}
        self.lots = [
            replace(lot, checked=lot.checked | codes_covered_by_all(problem.allergens, lot.made_on))
            if "all" in lot.checked
            else lot
            for lot in problem.lots.values()
        ]
        self.departures = {lot.id: list(self._departures(lot)) for lot in self.lots}
        self.reached: dict[tuple[str, str], bool] = {}

    def build(self) -> Market:
        openings = tuple(o for n in range(len(self.needs)) for o in self._openings(n))
        own: list[list[Opening]] = [[] for _ in self.needs]
        for opening in openings:
            own[opening.need].append(opening)
        seats = {
            session.id: session.households_max
            for session in self.problem.sessions.values()
            if session.households_max is not None
        }
        return Market(
            self.needs,
            openings,
            self.sizes,
            seats,
            self.problem.policy.sessions_max,
            self.grains,
            tuple(_sums(n.wanted, o) for n, o in zip(self.needs, own, strict=True)),
        )

    def _openings(self, n: int) -> Iterator[Opening]:
        need = self.needs[n]
        household = self.problem.households[need.household_id]
        for lot in self.lots:
            grains = int(lot.pack_meals * self.grains)
            packs = min(self._packs(lot), -(-need.wanted // grains))
            if packs < 1 or personal_refusal(lot, household) is not None:
                continue
            for session in self._places(household):
                if self._can_have(lot, household, session):
                    uses = tuple(self._uses(lot, household, session, grains))
                    name = session.id if session else None
                    yield Opening(n, lot.id, name, packs, grains, uses)

    def _places(self, household: Household) -> list[Session | None]:
        if household.visit is not None:
            return [None]
        return [self.problem.sessions[name] for name in dict.fromkeys(household.session_ids)]

    def _packs(self, lot: Lot) -> int:
        """Packs that can be given; an offer is collected once, by one vehicle."""
        packs = lot.free_units // lot.pack
        if not self._is_collected(lot):
            return packs
        vehicles = [self.problem.vehicles[shift.vehicle_id] for shift in self.problem.shifts]
        room_g = max((vehicle.room_g(lot.storage) for vehicle in vehicles), default=0)
        return min(packs, room_g // (lot.unit_g * lot.pack))

    def _uses(
        self, lot: Lot, household: Household, session: Session | None, grains: int
    ) -> Iterator[tuple[Cap, int]]:
        """Rows of docs/rules.md §3 and §4 over one pack, with their sizes."""
        yield self._row(Cap("lot", lot.id), self._packs(lot), grains * WORTH), 1
        share = ceil(self.problem.policy.group_share_max * household.meals_wanted) * self.grains
        if share:
            cap = Cap(f"group_share_{lot.food_group}", household.id)
            yield self._row(cap, share, WORTH), min(grains, share)
        if lot.is_cooked:
            days = {session.day} if session else {v.day for v in self._at_door(lot, household)}
            if len(days) == 1:
                cap = Cap("cooked_per_day", household.id, day=days.pop())
                yield self._row(cap, household.members * self.grains, WORTH), grains
        if session is not None and session.site_id != lot.site_id:
            cap = Cap("site_storage", session.site_id, lot.storage, session.day)
            room_g = self._room_g(self.problem.sites[session.site_id], lot)
            yield self._row(cap, room_g, self.grains), lot.unit_g * lot.pack

    def _row(self, cap: Cap, upper: int, worth: int) -> Cap:
        self.sizes.setdefault(cap, Size(upper, worth))
        return cap

    def _room_g(self, site: Site, like: Lot) -> int:
        """Room for a storage class beside what stood at a site on Monday."""
        standing_g = sum(
            lot.units * lot.unit_g
            for lot in self.lots
            if lot.site_id == site.id and lot.storage is like.storage
        )
        return max(0, site.room_g(like.storage) - standing_g)

    def _can_have(self, lot: Lot, household: Household, session: Session | None) -> bool:
        """Fresh, allowed and, if roads cost nothing, there in time."""
        name = session.id if session else None
        if session and freshness_refusal(self.problem, lot, session.day, session.close_s):
            return False
        for pin in self.problem.pins:
            forbids = pin.kind is PinKind.FORBID and not pin.vehicle_id
            if forbids and matches(pin, household.id, lot.id, name):
                return False
        if session is None:
            return any(True for _ in self._at_door(lot, household))
        key = (lot.id, session.id)
        if key not in self.reached:
            self.reached[key] = self._to_session(lot, session)
        return self.reached[key]

    def _to_session(self, lot: Lot, session: Session) -> bool:
        site = self.problem.sites[session.site_id]
        if lot.site_id == site.id:
            return lot.ready_s is None or lot.ready_s <= session.open_s
        if not site.keeps(lot.storage):
            return False
        for home_id, shift, leave_s in self.departures[lot.id]:
            home = self.problem.sites[home_id]
            if self._is_collected(lot) and home_id == site.id:
                there_s: int | None = leave_s - home.dock_s  # it was unloaded for good here
            elif shift.day == session.day or not self._goes_straight(lot):
                there_s = _moved_s(site, home_id, shift, leave_s)
            else:
                there_s = None
            if there_s is not None and there_s <= session.open_s:
                return True
        return False

    def _at_door(self, lot: Lot, household: Household) -> Iterator[Visit]:
        """The visits of a household, whoever can make them, that could bring a lot."""
        for visit in household.visits:
            if freshness_refusal(self.problem, lot, visit.day, visit.open_s) is not None:
                continue
            last_s = visit.close_s if lot.eat_by_s is None else min(visit.close_s, lot.eat_by_s)
            starts = ((max(s, visit.open_s), shift) for _, shift, s in self.departures[lot.id])
            if any(
                start_s <= last_s and start_s + visit.service_s <= shift.end_s
                for start_s, shift in starts
            ):
                yield visit

    def _departures(self, lot: Lot) -> Iterator[Departure]:
        vehicles = self.problem.vehicles
        able = [s for s in self.problem.shifts if vehicles[s.vehicle_id].room_g(lot.storage) > 0]
        if not self._is_collected(lot):
            for shift in able:
                home_id = vehicles[shift.vehicle_id].home_site_id
                leave_s = self._load_s(lot, home_id, shift)
                if leave_s is not None and (self._goes_straight(lot) or home_id == lot.site_id):
                    yield home_id, shift, leave_s
            return
        since: dict[str, int] = {}
        for shift in able:
            home = self.problem.sites[vehicles[shift.vehicle_id].home_site_id]
            leave_s = self._load_s(lot, home.id, shift)
            if (
                leave_s is None
                or leave_s + home.dock_s > shift.end_s
                or not home.keeps(lot.storage)
            ):
                continue
            since[home.id] = min(leave_s + home.dock_s, since.get(home.id, shift.end_s))
        for shift in able:
            home = self.problem.sites[vehicles[shift.vehicle_id].home_site_id]
            if home.id in since:
                yield home.id, shift, max(shift.start_s, since[home.id]) + home.dock_s

    def _load_s(self, lot: Lot, home_id: str, shift: Shift) -> int | None:
        """Earliest moment at which a shift leaves the place of a lot with it."""
        site = self.problem.sites[lot.site_id]
        begin_s = shift.start_s if lot.ready_s is None else max(shift.start_s, lot.ready_s)
        end_s = _moved_s(site, home_id, shift, begin_s)
        deadline_s = lot.collect_by_s if site.kind is SiteKind.DONOR else None
        if end_s is None or (deadline_s is not None and end_s > deadline_s):
            return None
        return end_s

    def _is_collected(self, lot: Lot) -> bool:
        return not lot.is_cooked and self.problem.sites[lot.site_id].kind is SiteKind.DONOR

    def _goes_straight(self, lot: Lot) -> bool:
        return lot.is_cooked or not (self._is_collected(lot) or lot.site_id in self.homes)


def _moved_s(site: Site, home_id: str, shift: Shift, begin_s: int) -> int | None:
    """Earliest end of a stop that moves goods within receiving hours (not kept at the own home)."""
    first_s, last_s = shift.start_s, shift.end_s
    if site.id != home_id:
        first_s = shift.day * DAY_S + site.receive_open_s
        last_s = min(last_s, shift.day * DAY_S + site.receive_close_s)
    end_s = max(begin_s, first_s) + site.dock_s
    return end_s if end_s <= last_s else None


def _sums(wanted: int, openings: list[Opening]) -> tuple[int, ...]:
    """Receipts that whole packs can come to, capped at the wish (bit `v` stands for `v` grains)."""
    sums, full = 1, 1 << wanted
    for opening in {o.lot_id: o for o in openings}.values():
        for _ in range(opening.packs_max):
            more = sums | sums << opening.grains
            sums = more & (full - 1) | (full if more >= full else 0)
    return tuple(value for value in range(wanted + 1) if sums >> value & 1)
