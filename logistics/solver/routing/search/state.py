"""The room in which the compiled search works: routes in rows of arrays, remembered insertions, the best.

A *slot* is a vehicle, a *row* what it drives. A round never changes the row that a slot had before: it
writes a new one, so that a refused round puts the old row number back, and what was remembered about the
old row still holds. A remembered insertion is valid while the row has the stamp it was computed for.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from logistics.solver.routing.search.columns import Facts

(
    FREE_ROWS,
    NEXT_STAMP,
    TOTAL,
    ABSENT,
    MISSING,
    USED,
    LIMIT,
    ROUND,
    TOUCHED,
    WORK,
    BEST_MISSING,
    BEST_USED,
    BEST_TOTAL,
    BEST_LENGTH,
    BETTER,
    UNITS,
) = range(16)
"""Places in `State.number`."""


class State(NamedTuple):
    """Everything that changes.

    Per place of a row (row * width + position): `seq` the node, `legs` and `drives` to the next place,
    `leave_s` the earliest end of service, `latest_s` the latest start of service that keeps all that
    follows, `cum_s` driving and service from the depot without any waiting, `trip_end` the place at which
    the trip that starts here ends, `load` (times dimensions) what is on board behind the place where there
    are pairs, else the load of the trip that starts here.
    """

    number: Any
    chance: Any
    row_of: Any
    mark: Any
    top: Any
    used_of: Any
    size: Any
    stamp: Any
    cost: Any
    free: Any
    seq: Any
    legs: Any
    drives: Any
    leave_s: Any
    latest_s: Any
    cum_s: Any
    trip_end: Any
    load: Any
    slot_of: Any
    gone: Any
    absent: Any
    absent_at: Any
    absences: Any
    touched_slot: Any
    touched_row: Any
    work: Any
    work_slot: Any
    work_key: Any
    buffer: Any
    least: Any
    known: Any
    best: Any
    best_slot: Any


def state_of(facts: Facts, seed: int) -> State:
    """An empty room: nobody is on a route, everybody is absent."""
    n, slots = facts.n, int(facts.slot_first[-1])
    places = facts.rows * facts.width
    timed = places if facts.timed else 1
    units = [i for i in range(facts.depots, n) if not facts.is_drop[i]]
    number = np.zeros(16, np.int64)
    number[NEXT_STAMP] = 1
    number[FREE_ROWS] = 2 * slots
    number[ABSENT] = number[UNITS] = len(units)
    must = [u for u in units if facts.prize[u] < 0]
    number[MISSING] = number[BEST_MISSING] = len(must)
    number[TOTAL] = number[BEST_TOTAL] = int(np.maximum(facts.prize[units], 0).sum())
    number[LIMIT] = slots
    absent_at = np.full(n, -1, np.int64)
    absent_at[units] = np.arange(len(units))
    return State(
        number=number,
        chance=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 or 1], np.uint64),
        row_of=np.full(slots, -1, np.int64),
        mark=np.full(slots, -1, np.int64),
        top=facts.slot_first[:-1].copy(),
        used_of=np.zeros(len(facts.slot_first) - 1, np.int64),
        size=np.zeros(facts.rows, np.int64),
        stamp=np.zeros(facts.rows, np.int64),
        cost=np.zeros(facts.rows, np.int64),
        free=np.arange(2 * slots - 1, -1, -1, dtype=np.int64),
        seq=np.empty(places, np.int32),
        legs=np.empty(places, np.int64),
        drives=np.empty(timed, np.int64),
        leave_s=np.empty(timed, np.int64),
        latest_s=np.empty(timed, np.int64),
        cum_s=np.empty(timed, np.int64),
        trip_end=np.empty(places if facts.reloads else 1, np.int32),
        load=np.empty(max(1, places * facts.dimensions), np.int64),
        slot_of=np.full(n, -1, np.int64),
        gone=np.zeros(n, np.bool_),
        absent=np.array([*units, *[0] * (n - len(units))], np.int64),
        absent_at=absent_at,
        absences=np.ones(n, np.int64),
        touched_slot=np.zeros(slots, np.int64),
        touched_row=np.zeros(slots, np.int64),
        work=np.zeros(n, np.int64),
        work_slot=np.zeros(n, np.int64),
        work_key=np.zeros(n, np.float64),
        buffer=np.zeros(facts.width + 1, np.int64),
        least=np.zeros(facts.width + 2, np.int64),
        known=np.zeros(3 * n * facts.rows if facts.cached else 3, np.int64),
        best=np.zeros(n + slots + (n if facts.reloads else 0), np.int32),
        best_slot=np.zeros(slots + 1, np.int64),
    )
