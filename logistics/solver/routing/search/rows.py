"""Routes in rows: written anew by insertion and removal, with earliest and latest times and loads."""

from __future__ import annotations

from logistics.solver.routing.search.columns import Facts
from logistics.solver.routing.search.compiled import compiled, drive, inlined, leg
from logistics.solver.routing.search.fields import (
    CLOSE_S,
    COST,
    CUM_S,
    DRIVES,
    END,
    END_S,
    FIXED,
    FREE,
    FREE_ROWS,
    GONE,
    LATEST_S,
    LEAVE_S,
    LEGS,
    MARK,
    NEXT_STAMP,
    OPEN_S,
    PARTNER,
    RELEASE_S,
    ROUND,
    ROW_OF,
    SEQ,
    SERVICE_S,
    SIZE,
    SLOT_FIRST,
    SLOT_OF,
    STAMP,
    START,
    START_S,
    TOP,
    TOTAL,
    TOUCHED,
    TOUCHED_ROW,
    TOUCHED_SLOT,
    TRIP_END,
    TYPE_OF,
    USED,
    USED_OF,
)
from logistics.solver.routing.search.state import State


@inlined
def empty_row(facts: Facts, kind: int) -> int:
    """The row of a vehicle of type `kind` that stays at home."""
    return facts.rows - 1 - kind


@inlined
def open_row(state: State) -> int:
    """A row that no slot has."""
    state.number[FREE_ROWS] -= 1
    return int(state.row[FREE, state.number[FREE_ROWS]])


@inlined
def free_row(state: State, row: int) -> None:
    """Give a row back."""
    state.row[FREE, state.number[FREE_ROWS]] = row
    state.number[FREE_ROWS] += 1


@inlined
def touch(state: State, slot: int) -> int:
    """The row into which this round writes the slot; the one it had is kept for a refusal."""
    if state.slot[MARK, slot] == state.number[ROUND]:
        if state.slot[ROW_OF, slot] < 0:
            state.slot[ROW_OF, slot] = open_row(state)
            _count(state, slot, 1)
        return int(state.slot[ROW_OF, slot])
    state.slot[MARK, slot] = state.number[ROUND]
    at = state.number[TOUCHED]
    state.slot[TOUCHED_SLOT, at] = slot
    state.slot[TOUCHED_ROW, at] = state.slot[ROW_OF, slot]
    state.number[TOUCHED] += 1
    if state.slot[ROW_OF, slot] < 0:
        _count(state, slot, 1)
    state.slot[ROW_OF, slot] = open_row(state)
    return int(state.slot[ROW_OF, slot])


@inlined
def close_slot(state: State, slot: int) -> None:
    """The touched slot stays at home."""
    free_row(state, state.slot[ROW_OF, slot])
    state.slot[ROW_OF, slot] = -1
    _count(state, slot, -1)


@inlined
def _count(state: State, slot: int, more: int) -> None:
    kind = state.slot[TYPE_OF, slot]
    state.number[USED] += more
    state.of_kind[USED_OF, kind] += more
    if more > 0 and slot >= state.of_kind[TOP, kind]:
        state.of_kind[TOP, kind] = slot + 1


@inlined
def keep(facts: Facts, state: State) -> None:
    """The round stands: what the slots had before is free."""
    for at in range(state.number[TOUCHED]):
        if state.slot[TOUCHED_ROW, at] >= 0:
            free_row(state, state.slot[TOUCHED_ROW, at])
    state.number[TOUCHED] = 0
    for kind in range(facts.kinds):
        while (
            state.of_kind[TOP, kind] > facts.kind[SLOT_FIRST, kind]
            and state.slot[ROW_OF, state.of_kind[TOP, kind] - 1] < 0
        ):
            state.of_kind[TOP, kind] -= 1


@inlined
def put_back(state: State) -> None:
    """The round is refused: every slot gets the row it had."""
    for at in range(state.number[TOUCHED]):
        slot, row = state.slot[TOUCHED_SLOT, at], state.slot[TOUCHED_ROW, at]
        if state.slot[ROW_OF, slot] >= 0:
            close_slot(state, slot)
        if row >= 0:
            state.slot[ROW_OF, slot] = row
            _count(state, slot, 1)
    state.number[TOUCHED] = 0


@compiled
def insert(facts: Facts, state: State, slot: int, unit: int, code: int) -> None:
    """Write the unit into the slot where `code` says (see `scan.py`)."""
    kind = state.slot[TYPE_OF, slot]
    source = state.slot[ROW_OF, slot]
    old_cost = state.row[COST, source] if source >= 0 else 0
    if source < 0:
        source = empty_row(facts, kind)
    row = touch(state, slot)
    place, a, b = state.place, source * facts.width, row * facts.width
    m = state.row[SIZE, source]
    if facts.node[PARTNER, unit] >= 0:
        first, second, other = code // facts.width, code % facts.width, facts.node[PARTNER, unit]
    elif code < 0:
        first, second, other = -code - 1, -code - 1, facts.kind[START, kind]
    else:
        first, second, other = code, m + 1, -1
    step = 2 if other >= 0 else 1
    if other >= 0:
        for k in range(m + 1, second, -1):
            place[SEQ, b + k + 2] = place[SEQ, a + k]
        place[SEQ, b + second + 2] = other
    for k in range(second, first, -1):
        place[SEQ, b + k + 1] = place[SEQ, a + k]
    place[SEQ, b + first + 1] = unit
    if a != b:
        for k in range(first + 1):
            place[SEQ, b + k] = place[SEQ, a + k]
    state.row[SIZE, row] = m + step
    state.unit[SLOT_OF, unit] = slot
    if facts.node[PARTNER, unit] >= 0:
        state.unit[SLOT_OF, other] = slot
    refresh(facts, state, row, kind)
    state.number[TOTAL] += state.row[COST, row] - old_cost


@compiled
def remove_gone(facts: Facts, state: State, slot: int) -> None:
    """Write the slot without the nodes marked as gone, and without trips that carry nothing."""
    kind, source = state.slot[TYPE_OF, slot], state.slot[ROW_OF, slot]
    old_cost = state.row[COST, source]
    row = touch(state, slot)
    place, a, b = state.place, source * facts.width, row * facts.width
    place[SEQ, b] = place[SEQ, a]
    m = 0
    for k in range(1, state.row[SIZE, source] + 1):
        node = place[SEQ, a + k]
        if node < facts.depots:
            if place[SEQ, b + m] >= facts.depots:
                m += 1
                place[SEQ, b + m] = node
        elif state.unit[GONE, node] == 0:
            m += 1
            place[SEQ, b + m] = node
    if m > 0 and place[SEQ, b + m] < facts.depots:
        m -= 1
    if m == 0:
        close_slot(state, slot)
        state.number[TOTAL] -= old_cost
        return
    place[SEQ, b + m + 1] = facts.kind[END, kind]
    state.row[SIZE, row] = m
    refresh(facts, state, row, kind)
    state.number[TOTAL] += state.row[COST, row] - old_cost


@compiled
def refresh(facts: Facts, state: State, row: int, kind: int) -> None:
    """Recompute legs, cost, times and loads of a row from its nodes."""
    base, m = row * facts.width, state.row[SIZE, row]
    state.row[STAMP, row] = state.number[NEXT_STAMP]
    state.number[NEXT_STAMP] += 1
    total = facts.kind[FIXED, kind]
    for k in range(base, base + m + 1):
        state.place[LEGS, k] = leg(facts, state.place[SEQ, k], state.place[SEQ, k + 1])
        total += state.place[LEGS, k]
    state.row[COST, row] = total
    if facts.reloads:
        last = m + 1
        for k in range(m, -1, -1):
            if state.place[SEQ, base + k] < facts.depots:
                state.place[TRIP_END, base + k] = last
                last = k
    _refresh_loads(facts, state, base, m)
    if facts.timed:
        _refresh_times(facts, state, base, m, kind)


@inlined
def trip_end(facts: Facts, state: State, base: int, start: int, m: int) -> int:
    """The place of the depot that ends the trip whose depot is at `start`."""
    return int(state.place[TRIP_END, base + start]) if facts.reloads else m + 1


@inlined
def _refresh_loads(facts: Facts, state: State, base: int, m: int) -> None:
    nd = facts.dimensions
    for d in range(nd):
        start, total = 0, 0
        for k in range(1, m + 2):
            node = state.place[SEQ, base + k]
            if k == m + 1 or node < facts.depots:
                state.load[(base + start) * nd + d] = total
                start, total = k, 0
            elif facts.node[PARTNER, node] < 0:
                total += facts.amount[node * nd + d]
        if facts.paired:
            load = state.load[base * nd + d]
            for k in range(1, m + 1):
                node = state.place[SEQ, base + k]
                amount = facts.amount[node * nd + d]
                load += amount if facts.node[PARTNER, node] >= 0 else -amount
                state.load[(base + k) * nd + d] = load


@inlined
def _refresh_times(facts: Facts, state: State, base: int, m: int, kind: int) -> None:
    place = state.place
    now, cum = facts.kind[START_S, kind], 0
    for k in range(m + 2):
        node = place[SEQ, base + k]
        if k > 0:
            state.place[DRIVES, base + k - 1] = drive(facts, place[SEQ, base + k - 1], node)
            now += state.place[DRIVES, base + k - 1]
            cum += state.place[DRIVES, base + k - 1]
        if node < facts.depots:
            cum = 0
            if facts.released and k <= m:
                for j in range(k + 1, trip_end(facts, state, base, k, m)):
                    now = max(now, facts.node[RELEASE_S, place[SEQ, base + j]])
        else:
            now = max(now, facts.node[OPEN_S, node]) + facts.node[SERVICE_S, node]
            cum += facts.node[SERVICE_S, node]
        place[LEAVE_S, base + k] = now
        state.place[CUM_S, base + k] = cum
    now = facts.kind[END_S, kind]
    place[LATEST_S, base + m + 1] = now
    for k in range(m, -1, -1):
        node = place[SEQ, base + k]
        now -= state.place[DRIVES, base + k]
        if node >= facts.depots:
            now = min(now - facts.node[SERVICE_S, node], facts.node[CLOSE_S, node])
        place[LATEST_S, base + k] = now


@inlined
def set_up(facts: Facts, state: State) -> None:
    """Write the rows of vehicles that stay at home."""
    for kind in range(facts.kinds):
        row = empty_row(facts, kind)
        state.place[SEQ, row * facts.width] = facts.kind[START, kind]
        state.place[SEQ, row * facts.width + 1] = facts.kind[END, kind]
        state.row[SIZE, row] = 0
        refresh(facts, state, row, kind)
