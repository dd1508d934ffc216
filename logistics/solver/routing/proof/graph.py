"""One kind of shift as arrays: where a vehicle may go, when, with what, forwards and backwards.

A *state* of a shift under way is a lower bound on every way of driving the same calls in the same
order, so whatever is not known exactly here is left out, never guessed: goods are counted call by call
and not at a shared stop's fullest, cold minutes only rule out legs, a shared stop takes the time of its
first call, and goods collected for a delivery come at the soonest moment at which anybody could have
unloaded them. Read backwards, a shift is a shift again: moments count down, collections become
deliveries, and a pair is opened where it ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from logistics.solver.routing.day import BACK_HOME, LEAVING_HOME, Day
from logistics.solver.routing.frame import one_stop
from logistics.solver.routing.problem import METRE_COST
from logistics.solver.routing.schedule import AFTER_UNLOADING_S
from logistics.travel import closed

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]

SCALE = 1 << 10
"""Costs are counted in this fraction of a unit, so that whole multipliers lose little."""

NO_ARC, DRIVE, SHARE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Graph:
    """Shifts that are alike: `slots` are their numbers, times are seconds since the shift begins.

    Points are 0 .. n-1, home is n. `drive_s`, `cost` (n+1, n+1): seconds and scaled metres of a leg;
    `arc`: whether it may be driven, or joins two calls at one stop. `opens`, `closes`: when service may
    start. `back_s`, `out_s`: the fastest ways home and from home. `hub_g` (n, classes): what leaves
    the hub for a call; `board_g`: what a call changes beside that; `room` only of the classes that
    could ever be full. `wanted`, `cleared`, `opened`: pickups that must be open at a call, that it
    closes, that it opens. `bars_trip`, `bars_shift`: calls that cannot come later in the same trip or
    shift.
    """

    slots: tuple[int, ...]
    end_s: int
    dock_s: int
    drive_s: Ints
    cost: Ints
    arc: NDArray[np.int8]
    opens: Ints
    closes: Ints
    service: Ints
    service_max: Ints
    loads: NDArray[np.bool_]
    unloads: NDArray[np.bool_]
    back_s: Ints
    out_s: Ints
    room: Ints
    hub_g: Ints
    board_g: Ints
    wanted: Bits
    cleared: Bits
    opened: Bits
    bars_trip: Bits
    bars_shift: Bits
    backward: bool = False

    @property
    def size(self) -> int:
        """Number of points; the home has this number."""
        return len(self.opens)


def graphs_of(
    day: Day, undriveable: set[int], ready_s: dict[int, int], classes_max: int = 3
) -> list[Graph]:
    """One graph for each kind of shift.

    Args:
        day: the day.
        undriveable: tasks that are in no plan.
        ready_s: for each task that others need, no plan has unloaded it before this moment.
        classes_max: compartments that are counted, those first that are asked the most of.
    """
    shifts = Counter(slot.vehicle_id for slot in day.slots)
    kinds: dict[object, list[int]] = {}
    for s, slot in enumerate(day.slots):
        name = slot.vehicle_id if shifts[slot.vehicle_id] > 1 else ""
        kinds.setdefault(replace(slot, vehicle_id=name, volunteer_ids=()), []).append(s)
    return [
        _graph(day, tuple(slots), undriveable, ready_s, classes_max) for slots in kinds.values()
    ]


def reversed_graph(graph: Graph) -> Graph:
    """The same shifts read from their end."""
    opened = np.where(graph.opened != 0, np.uint64(0), graph.cleared)
    closing = np.where(graph.opened != 0, graph.opened, np.uint64(0))
    return replace(
        graph,
        drive_s=np.ascontiguousarray(graph.drive_s.T),
        cost=np.ascontiguousarray(graph.cost.T),
        arc=np.ascontiguousarray(graph.arc.T),
        opens=graph.end_s - graph.closes - graph.service,
        closes=graph.end_s - graph.opens - graph.service,
        loads=graph.unloads,
        unloads=graph.loads,
        back_s=graph.out_s,
        out_s=graph.back_s,
        hub_g=np.where(graph.unloads[:, None], graph.board_g, 0),
        board_g=np.where(graph.unloads[:, None], 0, graph.hub_g - graph.board_g),
        wanted=closing,
        cleared=closing,
        opened=opened,
        bars_shift=_transposed(graph.bars_shift),
        backward=True,
    )


def _graph(
    day: Day,
    slots: tuple[int, ...],
    undriveable: set[int],
    ready_s: dict[int, int],
    classes_max: int,
) -> Graph:
    slot, n = day.slots[slots[0]], len(day.points)
    tasks = [day.tasks[point.task] for point in day.points]
    places = [*(day.at(p) for p in range(n)), day.places[slot.home_id]]
    drive = np.array(day.seconds, dtype=np.int64)[np.ix_(places, places)]
    metres = np.array(day.metres, dtype=np.int64)[np.ix_(places, places)]
    way_s = np.array(closed(day.seconds), dtype=np.int64)[np.ix_(places, places)]
    ours = [
        point.task not in undriveable and tasks[p].hub_id in (None, slot.home_id)
        for p, point in enumerate(day.points)
    ]
    loads = np.array([bool(task.from_hub) for task in tasks], dtype=np.bool_)
    unloads = np.array([bool(task.to_hub) for task in tasks], dtype=np.bool_)
    service = np.array([point.call.service_s for point in day.points], dtype=np.int64)
    opens, closes = _windows(day, slots[0], way_s, ready_s)
    hub_g, board_g, room = _goods(day, slot.room_g, ours, classes_max)
    wanted, opened = _pairs(day)
    bars_trip, bars_shift = _needs(day)
    graph = Graph(
        slots=slots,
        end_s=slot.end_s - slot.start_s,
        dock_s=slot.dock_s,
        drive_s=drive,
        cost=metres * (METRE_COST * SCALE),
        arc=np.zeros((n + 1, n + 1), dtype=np.int8),
        opens=opens,
        closes=closes,
        service=service,
        service_max=np.array(
            [max(service[q] for q in range(n) if places[q] == places[p]) for p in range(n)],
            dtype=np.int64,
        ),
        loads=loads,
        unloads=unloads,
        back_s=way_s[:n, n].copy(),
        out_s=way_s[n, :n].copy(),
        room=room,
        hub_g=hub_g,
        board_g=board_g,
        wanted=wanted,
        cleared=wanted,
        opened=opened,
        bars_trip=bars_trip,
        bars_shift=bars_shift,
    )
    _draw(day, graph, ours, way_s, slot.cold_s_max)
    return graph


def _windows(day: Day, s: int, way_s: Ints, ready_s: dict[int, int]) -> tuple[Ints, Ints]:
    """First and last starts of service, by the call, the shift, and what has to be fetched before."""
    slot, n = day.slots[s], len(day.points)
    opens, closes = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for p, point in enumerate(day.points):
        task = day.tasks[point.task]
        begin_s = max([slot.start_s, *(ready_s[t] + AFTER_UNLOADING_S for t in task.needs)])
        first_s = begin_s + slot.dock_s * bool(task.from_hub) + int(way_s[n, p])
        last_s = slot.end_s - slot.dock_s * bool(task.to_hub) - int(way_s[p, n])
        opens[p] = max(point.call.open_s, first_s) - slot.start_s
        closes[p] = min(point.call.latest_start_s, last_s - point.call.service_s) - slot.start_s
    return opens, closes


def _goods(
    day: Day, rooms: tuple[int, ...], ours: list[bool], classes_max: int
) -> tuple[Ints, Ints, Ints]:
    """Grams from the hub, grams changed beside them, and room, of the classes that could be full."""
    asked = []
    for c, room_g in enumerate(rooms):
        hub = [0] * len(day.points)
        board = [point.change_g[c] for point in day.points]
        for task in day.tasks:
            sent = task.from_hub_g[c] if task.from_hub_g else 0
            hub[task.points[-1]] = sent
            board[task.points[-1]] += sent
        in_all = sum(h + max(0, b) for h, b, mine in zip(hub, board, ours, strict=True) if mine)
        if in_all > room_g:
            asked.append((Fraction(in_all, max(1, room_g)), c, hub, board, room_g))
    asked.sort(reverse=True)
    asked = asked[:classes_max]
    room = [room_g for *_, room_g in asked]
    shape = (len(day.points), len(room))
    hub_g, board_g = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for c, (_, _, hub, board, _) in enumerate(asked):
        hub_g[:, c], board_g[:, c] = hub, board
    return hub_g, board_g, np.array(room, dtype=np.int64)


def _pairs(day: Day) -> tuple[Bits, Bits]:
    """For each point the pickups that must have been made, and itself if it is one."""
    wanted, opened = (np.zeros(len(day.points), dtype=np.uint64) for _ in range(2))
    for task in day.tasks:
        *pickups, last = task.points
        wanted[last] = bits_of(pickups)
        for p in pickups:
            opened[p] = bits_of([p])
    return wanted, opened


def _needs(day: Day) -> tuple[Bits, Bits]:
    """What is collected in a trip cannot leave with it, and what has left was collected before."""
    trip, shift = (np.zeros(len(day.points), dtype=np.uint64) for _ in range(2))
    for task in day.tasks:
        needed = [p for t in sorted(task.needs) for p in day.tasks[t].points]
        for p in task.points:
            trip[p] |= bits_of(needed)
            shift[p] |= bits_of(needed)
        for p in needed:
            trip[p] |= bits_of(task.points)
    return trip, shift


def _draw(day: Day, graph: Graph, ours: list[bool], way_s: Ints, cold_s_max: int | None) -> None:
    """Fill in the arcs that some trip could drive."""
    n, arc = graph.size, graph.arc
    warm = set[int]()
    if cold_s_max is not None:
        ends = {LEAVING_HOME: n, BACK_HOME: n}
        for task in day.tasks:
            if any(way_s[ends.get(a, a), ends.get(b, b)] > cold_s_max for a, b in task.cold):
                warm.update(task.points)
    good = [p for p in range(n) if ours[p] and p not in warm and graph.opens[p] <= graph.closes[p]]
    leave_s = graph.opens + graph.service
    for p in good:
        arc[n, p] = arc[p, n] = DRIVE
        for q in good:
            if p == q or graph.bars_trip[p] & bits_of([q]):
                continue
            if p < q and one_stop(day, p, q):  # in the order of their numbers: all are alike
                arc[p, q] = SHARE
            elif leave_s[p] + graph.drive_s[p, q] <= graph.closes[q]:
                arc[p, q] = DRIVE


def bits_of(points: Iterable[int]) -> np.uint64:
    """A set of points as bits."""
    return np.uint64(sum(1 << p for p in set(points)))


def _transposed(bits: Bits) -> Bits:
    """For each point those that name it."""
    rows = [[q for q in range(len(bits)) if int(bits[q]) >> p & 1] for p in range(len(bits))]
    return np.array([bits_of(row) for row in rows], dtype=np.uint64)
