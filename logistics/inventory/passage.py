"""By which way: the planned driving of one lot, taken apart into the way of each line's units.

Units of a lot are alike, so at each place those that came first leave first; any such reading of a
plan gives the same stock at every place and time.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from logistics.inventory.clock import moment
from logistics.model.errors import PlanRefused, require
from logistics.model.plan import Plan, StopKind
from logistics.model.problem import WeekProblem


@dataclass(frozen=True, slots=True)
class Haul:
    """On board one vehicle from a site to a site, or to a door when `to_site_id` is empty.

    As planned: loading starts at `load_at`, unloading has ended at `unload_at`.
    """

    vehicle_id: str
    from_site_id: str
    to_site_id: str
    load_at: datetime
    unload_at: datetime


@dataclass(frozen=True, slots=True)
class Passage:
    """Units of a lot that go the same way; no hauls when they are handed out where they stand."""

    units: int
    hauls: tuple[Haul, ...] = ()

    def __post_init__(self) -> None:
        require(self.units > 0, f"Passage: units must be > 0, got {self.units}")


@dataclass(frozen=True, slots=True)
class Incident:
    """Units that left a broken car or a site otherwise than the plan drives, at `at_s` of the week.

    They came to `to_site_id`; where it is empty they are lost. One of `vehicle_id` and `from_site_id`
    says where they were.
    """

    lot_id: str
    units: int
    at_s: int
    vehicle_id: str = ""
    from_site_id: str = ""
    to_site_id: str = ""


Handout = tuple[str, str | None]
"""Who gets units and through which session (`None`: at the door)."""


@dataclass(frozen=True, slots=True)
class _Move:
    """Units of a lot leave or reach a place; `arrives` sorts what leaves before what comes."""

    at: datetime
    arrives: bool
    source: str
    target: str
    lot_id: str
    units: int
    vehicle_id: str = ""
    handout: Handout | None = None


def passages(
    problem: WeekProblem, plan: Plan, incidents: Sequence[Incident] = ()
) -> dict[tuple[str, Handout], tuple[Passage, ...]]:
    """The ways of the units of each plan line, by lot and hand-out.

    Goods of a broken car that were brought to a site go on from there; lost ones go nowhere.

    Raises:
        PlanRefused: if the plan moves units that are not there.
    """
    stock: dict[tuple[str, str], deque[Passage]] = defaultdict(deque)
    for lot in problem.lots.values():
        if lot.units:
            stock[lot.id, lot.site_id].append(Passage(lot.units))
    given: dict[tuple[str, Handout], list[Passage]] = defaultdict(list)
    moves = [*_handouts(problem, plan), *_driving(problem, plan)]
    moves += [_beside(problem, incident) for incident in incidents]
    for move in sorted(moves, key=attrgetter("at", "arrives")):
        taken = _take(stock[move.lot_id, move.source], move)
        if move.vehicle_id:
            taken = [_hauled(passage, move) for passage in taken]
        if move.handout is not None:
            given[move.lot_id, move.handout] += taken
        else:
            stock[move.lot_id, move.target].extend(taken)
    return {key: _merged(ways) for key, ways in given.items()}


def _merged(ways: list[Passage]) -> tuple[Passage, ...]:
    """Ways in their order of arrival, equal ways as one."""
    units: Counter[tuple[Haul, ...]] = Counter()
    for way in ways:
        units[way.hauls] += way.units
    return tuple(Passage(n, hauls) for hauls, n in units.items())


def _handouts(problem: WeekProblem, plan: Plan) -> Iterator[_Move]:
    """A session hands its units out at its close."""
    for line in sorted(plan.allocation.lines, key=attrgetter("lot_id", "household_id")):
        if line.session_id is not None:
            session = problem.sessions[line.session_id]
            handout = (line.household_id, line.session_id)
            at = moment(problem.week_start, session.close_s, problem.timezone)
            yield _Move(at, False, session.site_id, "", line.lot_id, line.units, handout=handout)


def _driving(problem: WeekProblem, plan: Plan) -> Iterator[_Move]:
    """Loading takes units at the stop's start, unloading gives them at its end."""
    for route in plan.routes:
        board, who = f"\0{route.vehicle_id}", route.vehicle_id  # no site bears such a name
        for stop in (stop for trip in route.trips for stop in trip.stops):
            starts = moment(problem.week_start, stop.start_s, problem.timezone)
            leaves = moment(problem.week_start, stop.leave_s, problem.timezone)
            at_door = stop.kind is StopKind.HOUSEHOLD
            place = "" if at_door else stop.id
            handout: Handout | None = (stop.id, None) if at_door else None
            for load in stop.load:
                yield _Move(starts, False, stop.id, board, load.lot_id, load.units, who)
            for load in stop.unload:
                yield _Move(
                    leaves,
                    True,
                    board,
                    place,
                    load.lot_id,
                    load.units,
                    who,
                    handout,
                )


def _beside(problem: WeekProblem, incident: Incident) -> _Move:
    """What happened to goods as a move: a car's are unloaded, lost ones come to a place of no name."""
    at = moment(problem.week_start, incident.at_s, problem.timezone)
    on_board = bool(incident.vehicle_id)
    source = f"\0{incident.vehicle_id}" if on_board else incident.from_site_id
    target, lot_id, units = incident.to_site_id, incident.lot_id, incident.units
    return _Move(at, on_board, source, target, lot_id, units, incident.vehicle_id)


def _hauled(passage: Passage, move: _Move) -> Passage:
    """The passage with its last haul begun or ended by this move."""
    if not move.arrives:
        begun = Haul(move.vehicle_id, move.source, "", move.at, move.at)
        return replace(passage, hauls=(*passage.hauls, begun))
    ended = replace(passage.hauls[-1], to_site_id=move.target, unload_at=move.at)
    return replace(passage, hauls=(*passage.hauls[:-1], ended))


def _take(queue: deque[Passage], move: _Move) -> list[Passage]:
    """Take a move's units out of a queue, first come first."""
    taken, missing = [], move.units
    while missing and queue:
        first = queue.popleft()
        units = min(first.units, missing)
        taken.append(replace(first, units=units))
        missing -= units
        if first.units > units:
            queue.appendleft(replace(first, units=first.units - units))
    if missing:
        raise PlanRefused(
            f"Lot {move.lot_id}: the plan moves {move.units} units from "
            f"{move.source.lstrip(chr(0))}, {move.units - missing} are there"
        )
    return taken


def portion(ways: tuple[Passage, ...], skip: int, units: int) -> tuple[Passage, ...]:
    """The ways of `units` units after the first `skip`, in the order in which they are settled."""
    queue = deque(ways)
    result = []
    while units and queue:
        first = queue.popleft()
        passed = min(skip, first.units)
        skip -= passed
        taken = min(units, first.units - passed)
        if taken:
            result.append(replace(first, units=taken))
            units -= taken
    return tuple(result)
