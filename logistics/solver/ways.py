"""By which way goods can reach a session or a door, and the quickest that could ever be.

The rules are those of docs/rules.md §2. All times are lower bounds: one vehicle, one errand, an
otherwise empty day, travel times that no way round undercuts (`logistics.travel.fastest`). What is
too late here is too late whatever the routes (a proven refusal).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from logistics.model.fleet import Shift, Vehicle
from logistics.model.goods import Lot
from logistics.model.people import Household
from logistics.model.places import Session, Site
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import DAY_S, SiteKind, Storage


class WayKind(StrEnum):
    """How goods get there."""

    HERE = "here"
    HUB = "hub"
    STRAIGHT = "straight"


@dataclass(frozen=True, slots=True)
class Way:
    """A way for a lot: driven on `day` (HERE: the hand-over day), there no earlier than `earliest_s`.

    `hub_id` is the hub it is loaded at (HUB) or passes; `collect_day` is set for a donor's lot that
    is fetched to that hub first.
    """

    kind: WayKind
    day: int
    earliest_s: int
    hub_id: str = ""
    collect_day: int | None = None


@dataclass(frozen=True, slots=True)
class NoWay:
    """Why there is no way: a refusal code of docs/rules.md §1."""

    code: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """The collection of a donor's lot: to which hub, on which day, unloaded at the earliest when."""

    hub_id: str
    day: int
    unloaded_s: int


@dataclass(frozen=True, slots=True)
class _Goal:
    """A destination: where, how long a stop takes, and between which moments it may start and end."""

    place_id: str
    service_s: int
    start_min_s: int
    start_max_s: int
    leave_max_s: int


class Ways:
    """Answers "by which way?" for one week; remembers what it has worked out."""

    def __init__(self, problem: WeekProblem, travel: Travel) -> None:
        self._problem = problem
        self._travel = travel
        self._hub_ids = frozenset(v.home_site_id for v in problem.vehicles.values())
        self._fetches: dict[str, Fetch | NoWay] = {}
        self._quickest: dict[tuple[object, ...], int | None] = {}

    def is_hub(self, site_id: str) -> bool:
        """Whether a vehicle is at home there."""
        return site_id in self._hub_ids

    def fetch(self, lot: Lot) -> Fetch | NoWay:
        """The earliest collection of a donor's lot."""
        if lot.id not in self._fetches:
            self._fetches[lot.id] = self._earliest_fetch(lot)
        return self._fetches[lot.id]

    def to_session(self, lot: Lot, session: Session) -> Way | NoWay:
        """By which way a lot gets to a session in time."""
        site = self._problem.sites[session.site_id]
        if lot.site_id == site.id:
            if lot.ready_s is not None and lot.ready_s > session.open_s:
                return NoWay("too_late")
            return Way(WayKind.HERE, session.day, session.open_s)
        if not site.keeps(lot.storage):
            return NoWay("no_storage")
        first = session.day if self._goes_straight(lot) else 0
        days = range(session.day, first - 1, -1)
        goals = (
            _Goal(
                site.id,
                site.dock_s,
                day * DAY_S + site.receive_open_s,
                (day + 1) * DAY_S,
                min(session.open_s, day * DAY_S + site.receive_close_s),
            )
            for day in days
        )
        return self._way(lot, goals, hand_over_site_id=site.id)

    def to_door(self, lot: Lot, household: Household) -> Way | NoWay:
        """By which way a lot gets to a household's door within its visit."""
        visit = household.visit
        if visit is None:
            return NoWay("not_offered")
        latest_s = visit.close_s
        if lot.eat_by_s is not None:
            latest_s = min(latest_s, lot.eat_by_s)
        goal = _Goal(
            household.id, visit.service_s, visit.open_s, latest_s, latest_s + visit.service_s
        )
        return self._way(lot, iter((goal,)))

    def _way(
        self, lot: Lot, goals: Iterable[_Goal], hand_over_site_id: str | None = None
    ) -> Way | NoWay:
        """The first goal (latest day first) that can be reached, or why none can."""
        if not self._has_vehicle(lot.storage):
            return NoWay("no_vehicle")
        straight = self._goes_straight(lot)
        fetch: Fetch | None = None
        if not straight and self._is_offer(lot):
            found = self.fetch(lot)
            if isinstance(found, NoWay):
                return found
            fetch = found
        for goal in goals:
            day = goal.start_min_s // DAY_S
            if straight:
                arrival_s = self._quickest_straight(lot, goal, day)
                if arrival_s is not None:
                    return Way(WayKind.STRAIGHT, day, arrival_s)
                continue
            hub_id = fetch.hub_id if fetch is not None else lot.site_id
            ready_s = fetch.unloaded_s if fetch is not None else lot.ready_s or 0
            collect_day = fetch.day if fetch is not None else None
            if hub_id == hand_over_site_id:
                if fetch is not None and fetch.day < day:
                    return Way(WayKind.HUB, day, ready_s, hub_id, collect_day)
                continue
            arrival_s = self._quickest_from_hub(lot.storage, hub_id, goal, day, 0)
            if arrival_s is None:
                continue
            if ready_s > day * DAY_S:
                arrival_s = self._quickest_from_hub(lot.storage, hub_id, goal, day, ready_s)
            return (
                NoWay("too_late")
                if arrival_s is None
                else Way(WayKind.HUB, day, arrival_s, hub_id, collect_day)
            )
        return NoWay("too_late")

    def _goes_straight(self, lot: Lot) -> bool:
        return lot.is_cooked or not (self._is_offer(lot) or self.is_hub(lot.site_id))

    def _is_offer(self, lot: Lot) -> bool:
        return self._problem.sites[lot.site_id].kind is SiteKind.DONOR

    def _has_vehicle(self, storage: Storage) -> bool:
        return any(
            self._problem.vehicles[shift.vehicle_id].room_g(storage) > 0
            for shift in self._problem.shifts
        )

    def _shifts(
        self, storage: Storage, day: int | None = None
    ) -> Iterator[tuple[Shift, Vehicle, Site]]:
        for shift in self._problem.shifts:
            vehicle = self._problem.vehicles[shift.vehicle_id]
            if vehicle.room_g(storage) > 0 and (day is None or shift.day == day):
                yield shift, vehicle, self._problem.sites[vehicle.home_site_id]

    def _seconds(self, origin: str, target: str) -> int:
        return 0 if origin == target else self._travel[origin, target].seconds

    def _load_at(self, lot: Lot, arrive_s: int, day: int) -> int | None:
        """Earliest leave from the place where a lot is loaded, or None if it shuts before."""
        site = self._problem.sites[lot.site_id]
        start_s = max(arrive_s, day * DAY_S + site.receive_open_s, lot.ready_s or 0)
        leave_s = start_s + site.dock_s
        latest_s = day * DAY_S + site.receive_close_s
        if lot.collect_by_s is not None:
            latest_s = min(latest_s, lot.collect_by_s)
        return leave_s if leave_s <= latest_s else None

    def _cold_kept(self, vehicle: Vehicle, storage: Storage, aboard_s: int) -> bool:
        limit_s = vehicle.cold_s_max
        return storage is Storage.AMBIENT or limit_s is None or aboard_s <= limit_s

    def _earliest_fetch(self, lot: Lot) -> Fetch | NoWay:
        best: Fetch | None = None
        roomless = True
        for shift, vehicle, home in self._shifts(lot.storage):
            if not home.keeps(lot.storage):
                continue
            roomless = False
            leave_s = self._load_at(
                lot, shift.start_s + self._seconds(home.id, lot.site_id), shift.day
            )
            if leave_s is None:
                continue
            back_s = leave_s + self._seconds(lot.site_id, home.id)
            unloaded_s = back_s + home.dock_s
            if unloaded_s > shift.end_s or not self._cold_kept(
                vehicle, lot.storage, back_s - leave_s
            ):
                continue
            found = Fetch(home.id, shift.day, unloaded_s)
            if best is None or (found.day, found.unloaded_s, found.hub_id) < (
                best.day,
                best.unloaded_s,
                best.hub_id,
            ):
                best = found
        return best or NoWay("no_storage" if roomless else "too_late")

    def _quickest_from_hub(
        self, storage: Storage, hub_id: str, goal: _Goal, day: int, ready_s: int
    ) -> int | None:
        """Earliest end of unloading (door: start of the visit) for goods that wait at a hub."""
        key = (storage, hub_id, goal, day, ready_s)
        if key not in self._quickest:
            arrivals = []
            for shift, vehicle, home in self._shifts(storage, day):
                if home.id != hub_id:
                    continue
                leave_s = max(shift.start_s, ready_s) + home.dock_s
                arrivals.append(self._reach(goal, hub_id, leave_s, shift, vehicle, home, storage))
            self._quickest[key] = min((a for a in arrivals if a is not None), default=None)
        return self._quickest[key]

    def _quickest_straight(self, lot: Lot, goal: _Goal, day: int) -> int | None:
        """Earliest end of unloading for a lot that is driven straight from where it is."""
        arrivals = []
        for shift, vehicle, home in self._shifts(lot.storage, day):
            leave_s = self._load_at(lot, shift.start_s + self._seconds(home.id, lot.site_id), day)
            if leave_s is not None:
                arrivals.append(
                    self._reach(goal, lot.site_id, leave_s, shift, vehicle, home, lot.storage)
                )
        return min((a for a in arrivals if a is not None), default=None)

    def _reach(
        self,
        goal: _Goal,
        origin_id: str,
        leave_s: int,
        shift: Shift,
        vehicle: Vehicle,
        home: Site,
        storage: Storage,
    ) -> int | None:
        """End of the stop at the goal when leaving `origin_id` then, or None if it breaks a rule.

        Waiting before leaving never helps the clock and is what keeps the cold time to the drive.
        """
        drive_s = self._seconds(origin_id, goal.place_id)
        start_s = max(leave_s + drive_s, goal.start_min_s)
        end_s = start_s + goal.service_s
        if start_s > goal.start_max_s or end_s > goal.leave_max_s:
            return None
        if end_s + self._seconds(goal.place_id, home.id) > shift.end_s:
            return None
        return end_s if self._cold_kept(vehicle, storage, drive_s) else None
