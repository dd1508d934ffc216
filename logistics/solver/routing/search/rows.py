"""Routes in rows: written anew by insertion and removal, with earliest and latest times and loads."""

from __future__ import annotations

from logistics.solver.routing.search.columns import Facts
from logistics.solver.routing.search.compiled import compiled, drive, leg
from logistics.solver.routing.search.state import (
    FREE_ROWS,
    NEXT_STAMP,
    ROUND,
    TOTAL,
    TOUCHED,
    USED,
    State,
)


@compiled
def empty_row(facts: Facts, kind: int) -> int:
    """The row of a vehicle of type `kind` that stays at home."""
    return facts.rows - 1 - kind


@compiled
def open_row(state: State) -> int:
    """A row that no slot has."""
    state.number[FREE_ROWS] -= 1
    return int(state.free[state.number[FREE_ROWS]])


@compiled
def free_row(state: State, row: int) -> None:
    """Give a row back."""
    state.free[state.number[FREE_ROWS]] = row
    state.number[FREE_ROWS] += 1


@compiled
def touch(facts: Facts, state: State, slot: int) -> int:
    """The row into which this round writes the slot; the one it had is kept for a refusal."""
    if state.mark[slot] == state.number[ROUND]:
        if state.row_of[slot] < 0:
            state.row_of[slot] = open_row(state)
            _count(facts, state, slot, 1)
        return int(state.row_of[slot])
    state.mark[slot] = state.number[ROUND]
    at = state.number[TOUCHED]
    state.touched_slot[at] = slot
    state.touched_row[at] = state.row_of[slot]
    state.number[TOUCHED] += 1
    if state.row_of[slot] < 0:
        _count(facts, state, slot, 1)
    state.row_of[slot] = open_row(state)
    return int(state.row_of[slot])


@compiled
def close_slot(facts: Facts, state: State, slot: int) -> None:
    """The touched slot stays at home."""
    free_row(state, state.row_of[slot])
    state.row_of[slot] = -1
    _count(facts, state, slot, -1)


@compiled
def _count(facts: Facts, state: State, slot: int, more: int) -> None:
    kind = facts.type_of[slot]
    state.number[USED] += more
    state.used_of[kind] += more
    if more > 0 and slot >= state.top[kind]:
        state.top[kind] = slot + 1


@compiled
def keep(facts: Facts, state: State) -> None:
    """The round stands: what the slots had before is free."""
    for at in range(state.number[TOUCHED]):
        if state.touched_row[at] >= 0:
            free_row(state, state.touched_row[at])
    state.number[TOUCHED] = 0
    for kind in range(len(state.top)):
        while state.top[kind] > facts.slot_first[kind] and state.row_of[state.top[kind] - 1] < 0:
            state.top[kind] -= 1


@compiled
def put_back(facts: Facts, state: State) -> None:
    """The round is refused: every slot gets the row it had."""
    for at in range(state.number[TOUCHED]):
        slot, row = state.touched_slot[at], state.touched_row[at]
        if state.row_of[slot] >= 0:
            close_slot(facts, state, slot)
        if row >= 0:
            state.row_of[slot] = row
            _count(facts, state, slot, 1)
    state.number[TOUCHED] = 0


@compiled
def insert(facts: Facts, state: State, slot: int, unit: int, code: int) -> None:
    """Write the unit into the slot where `code` says (see `scan.py`)."""
    kind = facts.type_of[slot]
    source = state.row_of[slot]
    old_cost = state.cost[source] if source >= 0 else 0
    if source < 0:
        source = empty_row(facts, kind)
    row = touch(facts, state, slot)
    seq, a, b = state.seq, source * facts.width, row * facts.width
    m = state.size[source]
    if facts.partner[unit] >= 0:
        first, second, other = code // facts.width, code % facts.width, facts.partner[unit]
    elif code < 0:
        first, second, other = -code - 1, -code - 1, facts.start[kind]
    else:
        first, second, other = code, m + 1, -1
    step = 2 if other >= 0 else 1
    if other >= 0:
        for k in range(m + 1, second, -1):
            seq[b + k + 2] = seq[a + k]
        seq[b + second + 2] = other
    for k in range(second, first, -1):
        seq[b + k + 1] = seq[a + k]
    seq[b + first + 1] = unit
    if a != b:
        for k in range(first + 1):
            seq[b + k] = seq[a + k]
    state.size[row] = m + step
    state.slot_of[unit] = slot
    if facts.partner[unit] >= 0:
        state.slot_of[other] = slot
    refresh(facts, state, row, kind)
    state.number[TOTAL] += state.cost[row] - old_cost


@compiled
def remove_gone(facts: Facts, state: State, slot: int) -> None:
    """Write the slot without the nodes marked as gone, and without trips that carry nothing."""
    kind, source = facts.type_of[slot], state.row_of[slot]
    old_cost = state.cost[source]
    row = touch(facts, state, slot)
    seq, a, b = state.seq, source * facts.width, row * facts.width
    seq[b] = seq[a]
    m = 0
    for k in range(1, state.size[source] + 1):
        node = seq[a + k]
        if node < facts.depots:
            if seq[b + m] >= facts.depots:
                m += 1
                seq[b + m] = node
        elif not state.gone[node]:
            m += 1
            seq[b + m] = node
    if m > 0 and seq[b + m] < facts.depots:
        m -= 1
    if m == 0:
        close_slot(facts, state, slot)
        state.number[TOTAL] -= old_cost
        return
    seq[b + m + 1] = facts.end[kind]
    state.size[row] = m
    refresh(facts, state, row, kind)
    state.number[TOTAL] += state.cost[row] - old_cost


@compiled
def refresh(facts: Facts, state: State, row: int, kind: int) -> None:
    """Recompute legs, cost, times and loads of a row from its nodes."""
    base, m = row * facts.width, state.size[row]
    state.stamp[row] = state.number[NEXT_STAMP]
    state.number[NEXT_STAMP] += 1
    total = facts.fixed[kind]
    for k in range(base, base + m + 1):
        state.legs[k] = leg(facts, state.seq[k], state.seq[k + 1])
        total += state.legs[k]
    state.cost[row] = total
    if facts.reloads:
        last = m + 1
        for k in range(m, -1, -1):
            if state.seq[base + k] < facts.depots:
                state.trip_end[base + k] = last
                last = k
    _refresh_loads(facts, state, base, m)
    if facts.timed:
        _refresh_times(facts, state, base, m, kind)


@compiled
def trip_end(facts: Facts, state: State, base: int, start: int, m: int) -> int:
    """The place of the depot that ends the trip whose depot is at `start`."""
    return int(state.trip_end[base + start]) if facts.reloads else m + 1


@compiled
def _refresh_loads(facts: Facts, state: State, base: int, m: int) -> None:
    nd = facts.dimensions
    for d in range(nd):
        start, total = 0, 0
        for k in range(1, m + 2):
            node = state.seq[base + k]
            if k == m + 1 or node < facts.depots:
                state.load[(base + start) * nd + d] = total
                start, total = k, 0
            elif facts.partner[node] < 0:
                total += facts.amount[node * nd + d]
        if facts.paired:
            load = state.load[base * nd + d]
            for k in range(1, m + 1):
                node = state.seq[base + k]
                amount = facts.amount[node * nd + d]
                load += amount if facts.partner[node] >= 0 else -amount
                state.load[(base + k) * nd + d] = load


@compiled
def _refresh_times(facts: Facts, state: State, base: int, m: int, kind: int) -> None:
    seq, leave, latest = state.seq, state.leave_s, state.latest_s
    now, cum = facts.start_s[kind], 0
    for k in range(m + 2):
        node = seq[base + k]
        if k > 0:
            state.drives[base + k - 1] = drive(facts, seq[base + k - 1], node)
            now += state.drives[base + k - 1]
            cum += state.drives[base + k - 1]
        if node < facts.depots:
            cum = 0
            if facts.released and k <= m:
                for j in range(k + 1, trip_end(facts, state, base, k, m)):
                    now = max(now, facts.release_s[seq[base + j]])
        else:
            now = max(now, facts.open_s[node]) + facts.service_s[node]
            cum += facts.service_s[node]
        leave[base + k] = now
        state.cum_s[base + k] = cum
    now = facts.end_s[kind]
    latest[base + m + 1] = now
    for k in range(m, -1, -1):
        node = seq[base + k]
        now -= state.drives[base + k]
        if node >= facts.depots:
            now = min(now - facts.service_s[node], facts.close_s[node])
        latest[base + k] = now


@compiled
def set_up(facts: Facts, state: State) -> None:
    """Write the rows of vehicles that stay at home."""
    for kind in range(len(facts.start)):
        row = empty_row(facts, kind)
        state.seq[row * facts.width] = facts.start[kind]
        state.seq[row * facts.width + 1] = facts.end[kind]
        state.size[row] = 0
        refresh(facts, state, row, kind)
