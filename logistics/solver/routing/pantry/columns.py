"""What the compiled search reads and writes: tables of whole numbers, and the names of their columns.

Points, tasks and slots are those of `Day`, with the same numbers. Grams stand at the end of a row, one
column a storage class. Moments are seconds of the week, costs are in the units of the objective.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]
Flags = NDArray[np.uint8]

INF = 2**60
"""Later than every moment, dearer than every plan."""

# A point: its task, its place, whether it is a site, its window, minutes, and whether it loads.
TASK, PLACE, SITE, OPEN, START_BY, LEAVE_BY, SERVICE, LOADS, CHANGE = range(9)

# A task: points FIRST .. FIRST + COUNT - 1, the last one ends it; whether it is loaded or unloaded at
# home; where its orders, needs, helped tasks and cold spans begin and end in their lists; the moment
# from which its trip may start loading and by which it must be over.
PRICE, FIRST, COUNT, FROM, TO, ORDERS, ORDERS_N, RELEASE, DUE = range(9)
NEEDS, NEEDS_END, HELPS, HELPS_END, COLD, COLD_END, OUT = range(9, 16)

# A slot: its vehicle, where it starts and ends, minutes at the dock, hours, cold seconds (-1: no limit),
# and what the first trip costs beside its driving.
VEHICLE, HOME, BACK, DOCK, START, END, COLD_MAX, DAY_COST, ROOM = range(9)

# A trip. It depends on nothing but its slot and its calls; what it costs does not depend on when it
# starts: it ends at max(SOONEST, start + LASTS), if it starts no later than LATEST.
LENGTH, SOONEST, LATEST, LASTS, METRES, BUSY, COST, AFTER, BEFORE, LOADED = range(10)
# AFTER and BEFORE are release and due moment of its tasks, LOADED the tasks that it loads at home for.
# Set by the day it is part of: slot, place in the slot, start, end, latest end that nothing forbids, and
# the moment for which it waits because of collections.
SLOT, NUMBER, BEGIN, OVER, LIMIT, READY, LEAVING = range(10, 17)

# A gap between two calls: leaving before it at the soonest, seconds on the road and at stops until then,
# latest start behind it, seconds from there to the end.
LEFT, SINCE, REACHED, UNTIL = range(4)

TOTAL, TOP, DRIVEN = range(3)
"""Of a plan: its cost, the number above all its trips' numbers, and its shifts in use."""


class Facts(NamedTuple):
    """A day as tables; see the columns above.

    `legs[a, b]` is (metres, seconds). `orders` holds sequences of a task's points, one after another.
    `cold` holds pairs of points, with the stand-ins of `Day` for the two ends of a trip. `allowed[t, s]`
    says whether a slot may serve a task, `extra[t, s]` what that costs beside driving. `near[p]` are
    points in order of their distance from p.
    """

    point: Ints
    task: Ints
    slot: Ints
    legs: Shorts
    orders: Shorts
    needs: Shorts
    helps: Shorts
    cold: Shorts
    allowed: Flags
    extra: Ints
    near: Shorts


class State(NamedTuple):
    """A plan: `seq[t]` are the calls of trip t, `chain[s]` the trips of slot s in order.

    `gaps[t, g]` describes the gap before call g. `trip_of[p]` is -1 where a call is not made.
    `holder[v]` is the slot in which vehicle v is driven, or -1. `touched` marks trips that differ from
    the plan that this one was copied from.
    """

    seq: Shorts
    gaps: Ints
    trip: Ints
    chain: Shorts
    chained: Ints
    trip_of: Shorts
    holder: Ints
    total: Ints
    touched: Flags


class Work(NamedTuple):
    """Room to work in: halts of a trip, a trip tried, its figures, the best place found so far."""

    halt: Ints
    where: Shorts
    tried: Shorts
    found: Ints
    best: Ints
    best_found: Ints
    marked: Flags
    queue: Shorts
    gone: Flags
    closed: Flags
    absent: Shorts
    keys: NDArray[np.float64]
    absences: Ints
    chance: NDArray[np.uint64]


def new_state(facts: Facts) -> State:
    """A plan in which nobody drives."""
    points, slots = len(facts.point), len(facts.slot)
    classes = facts.point.shape[1] - CHANGE
    vehicles = int(facts.slot[:, VEHICLE].max(initial=-1)) + 1
    return State(
        seq=np.zeros((points, points), np.int32),
        gaps=np.zeros((points, points + 1, 4), np.int64),
        trip=np.zeros((points, LEAVING + classes), np.int64),
        chain=np.zeros((slots, points), np.int32),
        chained=np.zeros(slots, np.int64),
        trip_of=np.full(points, -1, np.int32),
        holder=np.full(vehicles, -1, np.int64),
        total=np.array([facts.task[:, PRICE].sum(), 0, 0], np.int64),
        touched=np.zeros(points, np.uint8),
    )


def new_work(facts: Facts, seed: int) -> Work:
    """Fresh room, with the random numbers at the beginning of a sequence."""
    points, tasks = len(facts.point), len(facts.task)
    classes = facts.point.shape[1] - CHANGE
    mixed = (seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % 2**64 or 1
    return Work(
        halt=np.zeros((points + 2, 8), np.int64),
        where=np.zeros(points, np.int32),
        tried=np.zeros(points, np.int32),
        found=np.zeros(LEAVING + classes, np.int64),
        best=np.zeros(8, np.int64),
        best_found=np.zeros(LEAVING + classes, np.int64),
        marked=np.zeros(points, np.uint8),
        queue=np.zeros(points, np.int32),
        gone=np.zeros(tasks, np.uint8),
        closed=np.zeros(len(facts.slot), np.uint8),
        absent=np.zeros(tasks, np.int32),
        keys=np.zeros(tasks, np.float64),
        absences=np.ones(tasks, np.int64),
        chance=np.array([mixed], np.uint64),
    )


def as_any(value: Any) -> Any:
    """A value of which the type checker is to know nothing, at the border to compiled code."""
    return value
