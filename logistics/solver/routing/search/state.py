"""The room in which the compiled search works: routes in rows of tables, what is remembered, the best.

A *slot* is a vehicle, a *row* what it drives. A round never changes the row that a slot had before: it
writes a new one, so that a refused round puts the old row number back, and what was remembered about the
old row still holds. A remembered insertion is valid while the row has the stamp it was computed for.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from logistics.solver.routing.search.columns import Facts
from logistics.solver.routing.search.fields import (
    ABSENCES,
    ABSENT,
    ABSENT_AT,
    ABSENT_LIST,
    BEST_MISSING,
    BEST_TOTAL,
    FREE,
    FREE_ROWS,
    GONE,
    IS_DROP,
    LIMIT,
    MARK,
    MISSING,
    NEXT_STAMP,
    PRIZE,
    ROW_OF,
    SLOT_FIRST,
    SLOT_OF,
    TOP,
    TOTAL,
    TYPE_OF,
    UNITS,
)


class State(NamedTuple):
    """Everything that changes; the rows of the tables are named in `fields.py`.

    Per place of a row: `SEQ` the node, `LEGS` and `DRIVES` to the next place, `LEAVE_S` the earliest end
    of service, `LATEST_S` the latest start of service that keeps all that follows, `CUM_S` driving and
    service since the depot without any waiting, `TRIP_END` the place at which the trip that starts here
    ends. `load` (places x dimensions) is what is on board behind the place where there are pairs, else
    the load of the trip that starts there. `known` has three numbers for each node and row: the stamp of
    the row, the cost of the cheapest insertion and its code.
    """

    number: Any
    chance: Any
    of_kind: Any
    slot: Any
    row: Any
    place: Any
    load: Any
    unit: Any
    work_key: Any
    scratch: Any
    known: Any
    best: Any


def state_of(facts: Facts, seed: int) -> State:
    """An empty room: nobody is on a route, everybody is absent."""
    n, kinds = facts.n, facts.kinds
    first = facts.kind[SLOT_FIRST, : kinds + 1]
    slots = int(first[-1])
    units = np.flatnonzero(facts.node[IS_DROP, facts.depots :] == 0) + facts.depots
    prizes = facts.node[PRIZE, units]
    number = np.zeros(17, np.int64)
    number[NEXT_STAMP] = 1
    number[FREE_ROWS] = 2 * slots
    number[ABSENT] = number[UNITS] = len(units)
    number[MISSING] = number[BEST_MISSING] = (prizes < 0).sum()
    number[TOTAL] = number[BEST_TOTAL] = np.maximum(prizes, 0).sum()
    number[LIMIT] = slots
    of_kind = np.zeros((2, kinds), np.int64)
    of_kind[TOP] = first[:-1]
    slot = np.zeros((7, slots), np.int64)
    slot[[ROW_OF, MARK]] = -1
    slot[TYPE_OF] = np.repeat(np.arange(kinds), np.diff(first))
    row = np.zeros((4, facts.rows), np.int64)
    row[FREE, : 2 * slots] = np.arange(2 * slots - 1, -1, -1)
    unit = np.zeros((7, n), np.int64)
    unit[[SLOT_OF, ABSENT_AT]] = -1
    unit[GONE], unit[ABSENCES] = 0, 1
    unit[ABSENT_LIST, : len(units)] = units
    unit[ABSENT_AT, units] = np.arange(len(units))
    places = facts.rows * facts.width
    return State(
        number=number,
        chance=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 or 1], np.uint64),
        of_kind=of_kind,
        slot=slot,
        row=row,
        place=np.empty((7, places), np.int64),
        load=np.empty(max(1, places * facts.dimensions), np.int64),
        unit=unit,
        work_key=np.zeros(n, np.float64),
        scratch=np.zeros((2, facts.width + 2), np.int64),
        known=np.zeros(3 * n * facts.rows if facts.cached else 3, np.int64),
        best=np.zeros(n + slots + (n if facts.reloads else 0), np.int64),
    )
