"""From lines to driving: what has to be collected, delivered and driven straight on each day."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from logistics.model.goods import Lot
from logistics.model.plan import Allocation, Line, Load, StopKind
from logistics.model.problem import WeekProblem
from logistics.model.units import DAY_S, Storage
from logistics.solver.eligible import Option
from logistics.solver.routing import (
    MUST_PRICE,
    VEHICLE_DAY_COST,
    Call,
    Collection,
    DayJobs,
    Delivery,
    Pair,
)
from logistics.solver.ways import WayKind

VISIT_PRICE = 10 * VEHICLE_DAY_COST
"""Least price of leaving out a visit; up to twice that for a household at level 0."""


class JobBuilder:
    """Builds the jobs of every day from an allocation and the ways its goods take."""

    def __init__(
        self, problem: WeekProblem, options: Iterable[Option], allocation: Allocation
    ) -> None:
        self._problem = problem
        self._ways = {(o.household_id, o.lot_id, o.session_id): o.way for o in options}
        self._levels = {fill.household_id: fill.level for fill in allocation.fill}
        self._collected: dict[tuple[int, str, str, int | None, int | None], dict[str, int]] = (
            defaultdict(lambda: defaultdict(int))
        )
        self._delivered: dict[tuple[int, str, str, str], dict[str, int]] = defaultdict(
            lambda: defaultdict(int)
        )
        self._straight: dict[tuple[int, str, str], dict[str, int]] = defaultdict(
            lambda: defaultdict(int)
        )
        for line in allocation.lines:
            self._sort(line)

    def _sort(self, line: Line) -> None:
        """File a line under the jobs that carry it."""
        way = self._ways[line.household_id, line.lot_id, line.session_id]
        if way.kind is WayKind.HERE:
            return
        goal = line.session_id or line.household_id
        lot = self._problem.lots[line.lot_id]
        if way.kind is WayKind.STRAIGHT:
            self._straight[way.day, lot.id, goal][lot.id] += line.units
            return
        if way.collect_day is not None:
            key = (way.collect_day, way.hub_id, lot.site_id, lot.ready_s, lot.collect_by_s)
            self._collected[key][lot.id] += line.units
        ends_at_hub = line.session_id and self._site_of(line.session_id) == way.hub_id
        if not ends_at_hub:
            fresh = "same day" if way.collect_day == way.day and line.session_id else ""
            if way.collect_day is None and (lot.ready_s or 0) > way.day * DAY_S:
                fresh = f"ready {lot.ready_s}"
            self._delivered[way.day, way.hub_id, goal, fresh][lot.id] += line.units

    def _site_of(self, session_id: str) -> str:
        return self._problem.sessions[session_id].site_id

    def days(self) -> list[DayJobs]:
        """One `DayJobs` for every day on which something must be driven."""
        numbers = {key[0] for key in self._collected}
        numbers |= {key[0] for key in self._delivered} | {key[0] for key in self._straight}
        return [self._day(day) for day in sorted(numbers)]

    def _day(self, day: int) -> DayJobs:
        collections = tuple(self._collections(day))
        carrier: dict[str, set[str]] = defaultdict(set)
        for collection in collections:
            for load in collection.loads:
                carrier[load.lot_id].add(collection.id)
        return DayJobs(
            day=day,
            deliveries=tuple(self._deliveries(day, carrier)),
            collections=collections,
            pairs=tuple(self._pairs(day)),
        )

    def _collections(self, day: int) -> Iterable[Collection]:
        """One per donor and time window, in parts that fit a vehicle.

        What is needed only later carries the full price; what leaves again on the same day is driven
        because a delivery needs it.
        """
        leaves_today = {
            lot_id for key, units in self._delivered.items() if key[0] == day for lot_id in units
        }
        for key in sorted(self._collected, key=str):
            number, hub_id, site_id, ready_s, collect_by_s = key
            if number != day:
                continue
            call = self._pickup_call(site_id, day, ready_s, collect_by_s)
            for part, loads in enumerate(
                self._parts(self._collected[key], hub_id, day, whole_lots=True)
            ):
                only_today = all(load.lot_id in leaves_today for load in loads)
                name = _job_id("collect", site_id, hub_id, ready_s, collect_by_s, part)
                price = 0 if only_today else MUST_PRICE
                yield Collection(name, hub_id, call, loads, self._grams(loads), price)

    def _deliveries(self, day: int, carrier: Mapping[str, set[str]]) -> Iterable[Delivery]:
        for key in sorted(self._delivered):
            number, hub_id, goal, fresh = key
            if number != day:
                continue
            units = self._delivered[key]
            whole = goal in self._problem.households
            parts = [self._loads(units)] if whole else self._parts(units, hub_id, day)
            for part, loads in enumerate(parts):
                needs = frozenset(c for load in loads for c in carrier.get(load.lot_id, ()))
                yield Delivery(
                    _job_id("deliver", goal, hub_id, fresh or "stock", part),
                    hub_id,
                    self._goal_call(goal, day, loads),
                    loads,
                    self._grams(loads),
                    self._price(goal),
                    needs,
                    self._ready_s(fresh, loads),
                )

    def _pairs(self, day: int) -> Iterable[Pair]:
        for key in sorted(self._straight):
            number, lot_id, goal = key
            if number != day:
                continue
            lot = self._problem.lots[lot_id]
            pickup = self._pickup_call(lot.site_id, day, lot.ready_s, lot.collect_by_s)
            loads = self._loads(self._straight[key])
            drop = self._goal_call(goal, day, loads)
            name = _job_id("straight", goal, lot_id)
            yield Pair(name, pickup, drop, loads, self._grams(loads), self._price(goal))

    def _pickup_call(
        self, site_id: str, day: int, ready_s: int | None, collect_by_s: int | None
    ) -> Call:
        """A call that loads goods: ready, within receive hours, by the donor's deadline."""
        site = self._problem.sites[site_id]
        return Call(
            site.id,
            StopKind.SITE,
            open_s=max(day * DAY_S + site.receive_open_s, ready_s or 0),
            leave_by_s=min(
                day * DAY_S + site.receive_close_s,
                (day + 1) * DAY_S if collect_by_s is None else collect_by_s,
            ),
            service_s=site.dock_s,
        )

    def _goal_call(self, goal: str, day: int, loads: tuple[Load, ...]) -> Call:
        session = self._problem.sessions.get(goal)
        if session is not None:
            site = self._problem.sites[session.site_id]
            return Call(
                site.id,
                StopKind.SITE,
                open_s=day * DAY_S + site.receive_open_s,
                leave_by_s=min(session.open_s, day * DAY_S + site.receive_close_s),
                service_s=site.dock_s,
            )
        visit = self._problem.households[goal].visit
        assert visit is not None, goal
        eat_by = [self._lot(load).eat_by_s for load in loads]
        start_by_s = min([visit.close_s, *(moment for moment in eat_by if moment is not None)])
        return Call(
            goal,
            StopKind.HOUSEHOLD,
            open_s=visit.open_s,
            start_by_s=start_by_s,
            service_s=visit.service_s,
        )

    def _price(self, goal: str) -> int:
        """Sessions must be served; a visit's price falls with the household's level."""
        if goal in self._problem.sessions:
            return MUST_PRICE
        level = min(Fraction(1), self._levels.get(goal, Fraction(0)))
        return int(VISIT_PRICE * (2 - level))

    def _ready_s(self, fresh: str, loads: tuple[Load, ...]) -> int:
        """Since when hub stock can be loaded, 0 where a collection of the day or nothing says so."""
        ready = fresh.startswith("ready")
        return max(self._lot(load).ready_s or 0 for load in loads) if ready else 0

    def _lot(self, load: Load) -> Lot:
        return self._problem.lots[load.lot_id]

    def _loads(self, units: Mapping[str, int]) -> tuple[Load, ...]:
        return tuple(Load(lot_id, units[lot_id]) for lot_id in sorted(units))

    def _grams(self, loads: Iterable[Load]) -> dict[Storage, int]:
        grams: dict[Storage, int] = defaultdict(int)
        for load in loads:
            grams[self._lot(load).storage] += load.units * self._lot(load).unit_g
        return dict(grams)

    def _parts(
        self, units: Mapping[str, int], hub_id: str, day: int, *, whole_lots: bool = False
    ) -> list[tuple[Load, ...]]:
        """Loads in as few parts as fit the roomiest vehicle of the hub that day, first fit by lot,
        in whole packs.

        Goods of classes that no one vehicle has together go in parts of their own. With `whole_lots`
        no lot is split: an offer is collected once.
        """
        vehicles = [
            self._problem.vehicles[shift.vehicle_id]
            for shift in self._problem.shifts
            if shift.day == day and self._problem.vehicles[shift.vehicle_id].home_site_id == hub_id
        ]
        used = sorted({self._problem.lots[lot_id].storage for lot_id in units})
        able = [v for v in vehicles if all(v.room_g(s) for s in used)]
        if not able and len(used) > 1:
            return [
                part
                for storage in used
                for part in self._parts(
                    {k: n for k, n in units.items() if self._problem.lots[k].storage is storage},
                    hub_id,
                    day,
                    whole_lots=whole_lots,
                )
            ]
        best = max(able, key=lambda v: sum(v.room_g(s) for s in used), default=None)
        room = {s: best.room_g(s) if best else 0 for s in used}
        parts: list[dict[str, int]] = [defaultdict(int)]
        free = [dict(room)]
        for lot_id in sorted(units):
            lot, rest = self._problem.lots[lot_id], units[lot_id]
            while rest:
                fit = min(rest, free[-1][lot.storage] // (lot.unit_g * lot.pack) * lot.pack)
                if whole_lots and fit < rest:
                    fit = 0
                if fit == 0 and not parts[-1]:
                    fit = rest
                if fit == 0:
                    parts.append(defaultdict(int))
                    free.append(dict(room))
                    continue
                parts[-1][lot_id] += fit
                free[-1][lot.storage] -= fit * lot.unit_g
                rest -= fit
        return [self._loads(part) for part in parts]


def _job_id(kind: str, place: str, *more: object) -> str:
    """A job's identifier, from which its goal can be read whatever the identifiers hold."""
    return json.dumps([kind, place, *more], ensure_ascii=False)


def goal_of(job: Delivery | Pair) -> str:
    """The session or household that a job is for."""
    goal = json.loads(job.id)[1]
    assert isinstance(goal, str)
    return goal
