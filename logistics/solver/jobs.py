"""From lines to driving: what has to be collected, delivered and driven straight on each day."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from logistics.model.goods import Lot
from logistics.model.plan import Allocation, Line, Load, StopKind
from logistics.model.problem import WeekProblem
from logistics.model.units import DAY_S, SiteKind, Storage
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

ANYBODY: Mapping[str, Any] = MappingProxyType(
    {"crew": 1, "qualification": "", "last_visitor_ids": ()}
)
"""What a visit says of people if it asks nothing of them."""

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
            if self._release_s(lot, way.day) and line.session_id:
                fresh = str(lot.ready_s)
            self._delivered[way.day, way.hub_id, goal, fresh][lot.id] += line.units

    def _release_s(self, lot: Lot, day: int) -> int:
        """When stock of a hub is ready, if that is on the day on which it is driven."""
        is_offer = self._problem.sites[lot.site_id].kind is SiteKind.DONOR
        ready_s = 0 if is_offer else lot.ready_s or 0
        return ready_s if ready_s > day * DAY_S else 0

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
                    max(self._release_s(self._lot(load), day) for load in loads),
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
        visits = self._problem.households[goal].visits_on(day)
        eat_by = [self._lot(load).eat_by_s for load in loads]
        closes_s = max(visit.close_s for visit in visits)
        asks = len(visits) > 1 or any(replace(v, **ANYBODY) != v for v in visits)
        return Call(
            goal,
            StopKind.HOUSEHOLD,
            open_s=min(visit.open_s for visit in visits),
            start_by_s=min([closes_s, *(moment for moment in eat_by if moment is not None)]),
            service_s=visits[0].service_s,
            visits=visits if asks else (),
        )

    def _price(self, goal: str) -> int:
        """Sessions must be served; a visit's price falls with the household's level."""
        if goal in self._problem.sessions:
            return MUST_PRICE
        level = min(Fraction(1), self._levels.get(goal, Fraction(0)))
        return int(VISIT_PRICE * (2 - level))

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
        """Loads in parts that fit the cars of the hub that day, in whole packs.

        Cars take turns, the roomiest first, so that small ones beside a large one get parts that
        they can carry; parts that fit together may still travel together. With `whole_lots` no lot
        is split: an offer is collected once. What fits no car is a part of its own.
        """
        used = sorted({self._problem.lots[lot_id].storage for lot_id in units})
        cars = self._rooms(hub_id, day, used)
        turns = itertools.cycle(cars)
        parts: list[dict[str, int]] = []
        free: list[dict[Storage, int]] = []
        for lot_id in sorted(units):
            lot, rest = self._problem.lots[lot_id], units[lot_id]
            least = rest if whole_lots else min(rest, lot.pack)
            able = any(_fit(room, lot, rest) >= least for room in cars)
            while rest:
                at = next((i for i, r in enumerate(free) if _fit(r, lot, rest) >= least), None)
                if at is None:
                    at = len(parts)
                    parts.append(defaultdict(int))
                    room = next(turns) if able else dict.fromkeys(used, rest * lot.unit_g)
                    free.append(dict(room))
                fit = _fit(free[at], lot, rest)
                if fit < least:
                    continue  # this car is too small for it; the next one takes its turn
                parts[at][lot_id] += fit
                free[at][lot.storage] -= fit * lot.unit_g
                rest -= fit
                least = min(least, rest)
        return [self._loads(part) for part in parts if part]

    def _rooms(self, hub_id: str, day: int, used: list[Storage]) -> list[dict[Storage, int]]:
        """Room for some classes in each car of a hub on a day, the roomiest first."""
        vehicle_ids = {shift.vehicle_id for shift in self._problem.shifts if shift.day == day}
        vehicles = [self._problem.vehicles[name] for name in sorted(vehicle_ids)]
        rooms = [
            {storage: vehicle.room_g(storage) for storage in used}
            for vehicle in vehicles
            if vehicle.home_site_id == hub_id
        ]
        return sorted(rooms, key=lambda room: (-min(room.values()), -sum(room.values())))


def _fit(room: Mapping[Storage, int], lot: Lot, units: int) -> int:
    """How many of these units fit into a room: all, or whole packs of them."""
    most = room[lot.storage] // lot.unit_g
    return units if units <= most else most // lot.pack * lot.pack


def _job_id(kind: str, place: str, *more: object) -> str:
    """A job's identifier, from which its goal can be read whatever the identifiers hold."""
    return json.dumps([kind, place, *more], ensure_ascii=False)


def goal_of(job: Delivery | Pair) -> str:
    """The session or household that a job is for."""
    goal = json.loads(job.id)[1]
    assert isinstance(goal, str)
    return goal
