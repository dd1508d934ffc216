"""What is to be driven on one day, and what came of it: jobs in, routes and dropped jobs out.

Three shapes cover a food network's day. A *delivery* leaves the vehicle's home hub, a *collection*
comes back to it, a *pair* goes straight from one place to another within one trip. Every job may be
left out at its price, so a day always has an answer. Times are seconds of the week.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from logistics.model.errors import require
from logistics.model.people import Visit
from logistics.model.plan import Load, Route, Stage, StopKind
from logistics.model.units import DAY_S, WEEK_DAYS, Storage

METRE_COST = 1
SECOND_COST = 2
VEHICLE_DAY_COST = 1_000_000
MUST_PRICE = 100_000_000
STRANGER_COST = 3_000
LANGUAGE_COST = 5_000
"""The weights of the objective, in one unit: the cost of a metre.

A vehicle-day outweighs whatever one vehicle can drive in a day, and leaving out a job of price
`MUST_PRICE` outweighs a hundred vehicle-days: unserved jobs count first, vehicle-days second, driving
third. A price below that states what a visit is worth: at `VEHICLE_DAY_COST` one more vehicle, at
20,000 a detour of 20 km. A visit by nobody who came last time, where it is known who did, costs as
much as 3 km; one by nobody who speaks the household's language as much as 5 km.
"""

NO_LIMIT_S = (WEEK_DAYS + 1) * DAY_S
"""Later than every moment of a week's driving."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call at a place: where, when it may start, by when it must be over, and how long it takes.

    `start` must lie within `open_s` .. `start_by_s` and `leave` must be at most `leave_by_s`. A donor:
    `open_s` is the later of `ready_at` and the receive hours, `leave_by_s` the earlier of
    `collect_by` and the receive hours. A session's site: `leave_by_s` is the session's opening at the
    latest. A door: the visit window in `open_s` and `start_by_s`; where `visits` are given, the call
    must also keep the window of one of them, with a crew that may make it. A call that nobody can
    keep (`open_s` after `latest_start_s`) is no error: it ends up proven undriveable.
    """

    place_id: str
    kind: StopKind
    open_s: int = 0
    start_by_s: int = NO_LIMIT_S
    leave_by_s: int = NO_LIMIT_S
    service_s: int = 0
    visits: tuple[Visit, ...] = ()

    def __post_init__(self) -> None:
        require(
            self.service_s >= 0,
            f"Call at {self.place_id}: service_s must be >= 0, got {self.service_s}",
        )

    @property
    def latest_start_s(self) -> int:
        """Last moment at which the call may start."""
        return min(self.start_by_s, self.leave_by_s - self.service_s)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods from the vehicle's home hub to a session's site or a door.

    `needs` are the collections of the same day that must have been unloaded at the hub before the
    trip starts. Without them the delivery cannot be made. The trip starts no earlier than
    `release_s`, when goods are there that no collection of `needs` brings.
    """

    id: str
    hub_id: str
    call: Call
    loads: tuple[Load, ...]
    grams: Mapping[Storage, int]
    price: int = MUST_PRICE
    needs: frozenset[str] = frozenset()
    release_s: int = 0

    def __post_init__(self) -> None:
        _check_job(self.id, self.loads, self.grams, self.price)
        _check_way(self.id, self.hub_id, self.call.place_id)


@dataclass(frozen=True, slots=True)
class Collection:
    """Goods from a donor to the vehicle's home hub.

    Made if a delivery that is kept needs it, or if its own price is worth the way (goods that are
    needed on a later day carry `MUST_PRICE`).
    """

    id: str
    hub_id: str
    call: Call
    loads: tuple[Load, ...]
    grams: Mapping[Storage, int]
    price: int = 0

    def __post_init__(self) -> None:
        _check_job(self.id, self.loads, self.grams, self.price)
        _check_way(self.id, self.call.place_id, self.hub_id)


@dataclass(frozen=True, slots=True)
class Pair:
    """Goods that go straight: loaded at one place, unloaded at another within one trip."""

    id: str
    pickup: Call
    drop: Call
    loads: tuple[Load, ...]
    grams: Mapping[Storage, int]
    price: int = MUST_PRICE

    def __post_init__(self) -> None:
        _check_job(self.id, self.loads, self.grams, self.price)
        _check_way(self.id, self.pickup.place_id, self.drop.place_id)


Job = Delivery | Collection | Pair


@dataclass(frozen=True, slots=True)
class DayJobs:
    """Everything that could be driven on one day; vehicles and shifts come from the week.

    All jobs that end at one door are driven as one visit or not at all, because a visit is made once.

    `fixed` is what of a day under way can no longer be changed, one route for each vehicle at most:
    trips that are driven, or loaded and on their way, as they were (or will be) timed, each with all
    its stops up to the last. What they carry is in no job of this day; goods that they bring to a hub
    are handed on through `release_s`. The search only appends trips: the next one starts no earlier
    than the last fixed stop is left, at the site of that stop, and the vehicle-day is paid for. The
    vehicle must be empty there. Routes come out whole, fixed trips first. A `rest` that a fixed route
    has counts as taken; without it a break is still due after the fixed trips. A driver who goes
    home early is a shift that ends then.

    `work_s_max` bounds, by volunteer, the seconds of all trips of the day, fixed ones included.
    """

    day: int
    deliveries: tuple[Delivery, ...] = ()
    collections: tuple[Collection, ...] = ()
    pairs: tuple[Pair, ...] = ()
    fixed: tuple[Route, ...] = ()
    work_s_max: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._check_fixed()
        ids = [job.id for job in self]
        require(len(ids) == len(set(ids)), f"Jobs of day {self.day}: an identifier occurs twice")
        hub_of = {collection.id: collection.hub_id for collection in self.collections}
        for delivery in self.deliveries:
            for needed in sorted(delivery.needs):
                require(
                    hub_of.get(needed) == delivery.hub_id,
                    f"Delivery {delivery.id}: needs {needed}, which is no collection to "
                    f"{delivery.hub_id} on that day",
                )
        hub_at_door: dict[str, str] = {}
        for delivery in self.deliveries:
            if delivery.call.kind is StopKind.HOUSEHOLD:
                place_id = delivery.call.place_id
                require(
                    hub_at_door.setdefault(place_id, delivery.hub_id) == delivery.hub_id,
                    f"Household {place_id}: one visit cannot bring goods from two hubs",
                )

    def _check_fixed(self) -> None:
        vehicle_ids = [route.vehicle_id for route in self.fixed]
        require(
            len(vehicle_ids) == len(set(vehicle_ids)),
            f"Jobs of day {self.day}: two fixed routes of one vehicle",
        )
        for route in self.fixed:
            require(
                route.day == self.day and all(trip.stops for trip in route.trips),
                f"Fixed route of {route.vehicle_id}: must be of day {self.day}, without empty trips",
            )
            require(
                bool(route.trips) and route.trips[-1].stops[-1].kind is StopKind.SITE,
                f"Fixed route of {route.vehicle_id}: must end at a site",
            )

    def __iter__(self) -> Iterator[Job]:
        """Deliveries, collections, pairs, in the order given."""
        yield from self.deliveries
        yield from self.collections
        yield from self.pairs


@dataclass(frozen=True, slots=True)
class Dropped:
    """A job that is not driven.

    `proven` says that no vehicle could drive it even alone on an otherwise empty day; `why` names the
    rule, or says what the job would have had to compete with.
    """

    job_id: str
    proven: bool
    why: str


@dataclass(frozen=True, slots=True)
class DayResult:
    """A day's routes, the jobs that are not driven, and how good that provably is.

    Every job is either on a route or in `dropped`. `stage` is the day's whole cost, `parts` are stages
    of its own for what that cost is made of. `calls` are the calls by shift and trip, numbered as in
    `day.day_of_jobs`; empty where the day was searched by parts.
    """

    routes: tuple[Route, ...]
    dropped: tuple[Dropped, ...]
    stage: Stage
    parts: tuple[Stage, ...] = ()
    calls: tuple[tuple[tuple[int, ...], ...], ...] = ()


def _check_job(
    job_id: str, loads: tuple[Load, ...], grams: Mapping[Storage, int], price: int
) -> None:
    require(bool(loads), f"Job {job_id}: carries nothing")
    require(all(load.units > 0 for load in loads), f"Job {job_id}: units must be > 0")
    require(all(mass >= 0 for mass in grams.values()), f"Job {job_id}: grams must be >= 0")
    require(price >= 0, f"Job {job_id}: price must be >= 0, got {price}")


def _check_way(job_id: str, origin_id: str, target_id: str) -> None:
    require(origin_id != target_id, f"Job {job_id}: begins and ends at the same place {origin_id}")
