"""The cheapest place for a unit in one row.

The answer is the cost added (`FAR` if there is no place) and a code: for a visit the position behind
which it goes, or -(k + 1) for a trip of its own behind the depot at position *k*; for a pair
`p * width + d`, the positions behind which pickup and drop go (with *d* = *p* the drop is next to the
pickup). The times of a row tell in constant time whether a visit fits (Savelsbergh 1992,
doi:10.1287/ijoc.4.2.146). Unless `overlooked` is `NO_BLINKS`, each place is overlooked with
probability `BLINK`, and the place of the code `overlooked` for certain.
"""

from __future__ import annotations

from logistics.solver.routing.search.columns import Facts
from logistics.solver.routing.search.compiled import (
    FAR,
    chance,
    compiled,
    drive,
    drive_in,
    inlined,
    leg,
    leg_in,
)
from logistics.solver.routing.search.fields import (
    BUFFER,
    CLOSE_S,
    CUM_S,
    DRIVES,
    LATEST_S,
    LEAST,
    LEAVE_S,
    LEGS,
    OPEN_S,
    PARTNER,
    RELEASE_S,
    SEQ,
    SERVICE_S,
    SIZE,
    START,
    START_S,
    TRIPS_MAX,
)
from logistics.solver.routing.search.rows import trip_end
from logistics.solver.routing.search.state import State

NO_BLINKS = -FAR

BLINK = 0.01
"""How often a place is overlooked: Christiaens and Vanden Berghe's value."""


@compiled
def scan(
    facts: Facts, state: State, row: int, kind: int, unit: int, overlooked: int
) -> tuple[int, int]:
    """The cheapest place of the unit in a row of a vehicle of type `kind`."""
    if facts.node[PARTNER, unit] >= 0:
        return _scan_pair(facts, state, row, kind, unit, overlooked)
    best, code = FAR, 0
    base, m = row * facts.width, state.row[SIZE, row]
    if m + 4 > facts.width:
        return FAR, 0
    nd = facts.dimensions
    start, trips = 0, 0
    while start <= m:
        end = trip_end(facts, state, base, start, m)
        trips += 1
        fits = True
        for d in range(nd):
            room = facts.capacity[kind * nd + d] - facts.amount[unit * nd + d]
            if state.load[(base + start) * nd + d] > room:
                fits = False
        if fits:
            if facts.timed:
                added, place = _scan_timed(
                    facts, state, base, start, end, unit, kind, best, overlooked
                )
            else:
                added, place = _scan_untimed(facts, state, base, start, end, unit, best, overlooked)
            if added < best:
                best, code = added, place
        start = end
    if facts.reloads and m > 0 and trips < facts.kind[TRIPS_MAX, kind]:
        added, place = _scan_trips(facts, state, base, m, kind, unit)
        if added < best and place != overlooked:
            best, code = added, place
    return best, code


@inlined
def _scan_untimed(
    facts: Facts,
    state: State,
    base: int,
    start: int,
    end: int,
    unit: int,
    best: int,
    overlooked: int,
) -> tuple[int, int]:
    code = 0
    for k in range(start, end):
        i, j = state.place[SEQ, base + k], state.place[SEQ, base + k + 1]
        added = leg_in(facts, i, unit) + leg(facts, unit, j) - state.place[LEGS, base + k]
        if added < best:
            if overlooked != NO_BLINKS and (k == overlooked or chance(state.chance) < BLINK):
                continue
            best, code = added, k
    return best, code


@inlined
def _scan_timed(
    facts: Facts,
    state: State,
    base: int,
    start: int,
    end: int,
    unit: int,
    kind: int,
    best: int,
    overlooked: int,
) -> tuple[int, int]:
    code, nd = 0, facts.dimensions
    open_s, close_s = facts.node[OPEN_S, unit], facts.node[CLOSE_S, unit]
    service_s = facts.node[SERVICE_S, unit]
    late = facts.released and facts.node[RELEASE_S, unit] > state.place[LEAVE_S, base + start]
    off_s = facts.node[RELEASE_S, unit]
    if late and off_s > state.place[LATEST_S, base + start]:
        return FAR, 0
    for k in range(start, end):
        if facts.paired and not _fits_before(facts, state, base + k, kind, unit, nd):
            break
        now = state.place[LEAVE_S, base + k]
        if late and off_s + state.place[CUM_S, base + k] > now:
            now = off_s + state.place[CUM_S, base + k]
        if now > close_s:
            break
        if open_s + service_s > state.place[LATEST_S, base + k + 1]:
            continue
        i, j = state.place[SEQ, base + k], state.place[SEQ, base + k + 1]
        added = leg_in(facts, i, unit) + leg(facts, unit, j) - state.place[LEGS, base + k]
        if added >= best:
            continue
        now += drive_in(facts, i, unit)
        if now > close_s:
            continue
        now = max(now, open_s) + service_s
        if now + drive(facts, unit, j) > state.place[LATEST_S, base + k + 1]:
            continue
        if overlooked != NO_BLINKS and (k == overlooked or chance(state.chance) < BLINK):
            continue
        best, code = added, k
    return best, code


@inlined
def _fits_before(facts: Facts, state: State, place: int, kind: int, unit: int, nd: int) -> bool:
    """Whether what leaves the depot for `unit` still fits on the leg behind `place`."""
    for d in range(nd):
        room = facts.capacity[kind * nd + d] - facts.amount[unit * nd + d]
        if state.load[place * nd + d] > room:
            return False
    return True


@inlined
def _scan_trips(
    facts: Facts, state: State, base: int, m: int, kind: int, unit: int
) -> tuple[int, int]:
    """A trip of its own, in front of, between or behind the others, wherever it is first in time."""
    depot, nd = facts.kind[START, kind], facts.dimensions
    for d in range(nd):
        if facts.amount[unit * nd + d] > facts.capacity[kind * nd + d]:
            return FAR, 0
    added = leg(facts, depot, unit) + leg(facts, unit, depot)
    if not facts.timed:
        return added, -(m + 2)
    there, back = drive(facts, depot, unit), drive(facts, unit, depot)
    start = 0
    while start <= m + 1:
        now = facts.kind[START_S, kind]
        if start > 0:
            now = state.place[LEAVE_S, base + start - 1] + state.place[DRIVES, base + start - 1]
        now = max(now, facts.node[RELEASE_S, unit]) + there
        if now > facts.node[CLOSE_S, unit]:
            break
        now = max(now, facts.node[OPEN_S, unit]) + facts.node[SERVICE_S, unit] + back
        if now <= state.place[LATEST_S, base + start]:
            return added, -(start + 1)
        if start == m + 1:
            break
        start = trip_end(facts, state, base, start, m)
    return FAR, 0


@inlined
def _on_board(facts: Facts, state: State, place: int, kind: int, unit: int) -> bool:
    """Whether what the pair carries fits on the leg behind `place`."""
    nd = facts.dimensions
    for d in range(nd):
        if state.load[place * nd + d] + facts.amount[unit * nd + d] > facts.capacity[kind * nd + d]:
            return False
    return True


@inlined
def _drop_costs(facts: Facts, state: State, base: int, m: int, drop: int) -> None:
    """`buffer[k]`: cost of the drop behind place *k*; `least[k]`: the least of those from *k* on."""
    ready = facts.node[OPEN_S, drop] + facts.node[SERVICE_S, drop]
    least = FAR
    state.scratch[LEAST, m + 1] = FAR
    for k in range(m, -1, -1):
        place = base + k
        cost = FAR
        if (
            ready <= state.place[LATEST_S, place + 1]
            and state.place[LEAVE_S, place] <= facts.node[CLOSE_S, drop]
        ):
            cost = leg_in(facts, state.place[SEQ, place], drop) - state.place[LEGS, place]
            cost += leg(facts, drop, state.place[SEQ, place + 1])
        least = min(least, cost)
        state.scratch[BUFFER, k], state.scratch[LEAST, k] = cost, least


@inlined
def _scan_pair(
    facts: Facts, state: State, row: int, kind: int, unit: int, overlooked: int
) -> tuple[int, int]:
    best, code = FAR, 0
    base, m = row * facts.width, state.row[SIZE, row]
    if m + 4 > facts.width:
        return FAR, 0
    drop = facts.node[PARTNER, unit]
    _drop_costs(facts, state, base, m, drop)
    between, between_s = leg(facts, unit, drop), drive(facts, unit, drop)
    for p in range(m + 1):
        place = base + p
        i, j = state.place[SEQ, place], state.place[SEQ, place + 1]
        if state.place[LEAVE_S, place] > facts.node[CLOSE_S, unit]:
            break
        if not _on_board(facts, state, place, kind, unit):
            continue
        to = leg_in(facts, i, unit) - state.place[LEGS, place]
        first = to + leg(facts, unit, j)
        beside = to + between + leg(facts, drop, j)
        if beside >= best and first + state.scratch[LEAST, p + 1] >= best:
            continue
        leave = state.place[LEAVE_S, place] + drive_in(facts, i, unit)
        if leave > facts.node[CLOSE_S, unit]:
            continue
        leave = max(leave, facts.node[OPEN_S, unit]) + facts.node[SERVICE_S, unit]
        if facts.metric and leave + drive(facts, unit, j) > state.place[LATEST_S, place + 1]:
            continue
        if beside < best:
            now = leave + between_s
            fits = now <= facts.node[CLOSE_S, drop]
            now = max(now, facts.node[OPEN_S, drop]) + facts.node[SERVICE_S, drop]
            fits = fits and now + drive(facts, drop, j) <= state.place[LATEST_S, place + 1]
            here = p * facts.width + p
            if fits and not (
                overlooked != NO_BLINKS and (here == overlooked or chance(state.chance) < BLINK)
            ):
                best, code = beside, here
        added, d = _scan_drop(facts, state, base, p, m, kind, unit, first, leave, best, overlooked)
        if added < best:
            best, code = added, p * facts.width + d
    return best, code


@inlined
def _scan_drop(
    facts: Facts,
    state: State,
    base: int,
    p: int,
    m: int,
    kind: int,
    unit: int,
    first: int,
    leave: int,
    best: int,
    overlooked: int,
) -> tuple[int, int]:
    """The cheapest later drop, with the pickup behind place `p` at cost `first`, left at `leave`."""
    found, drop, now = 0, facts.node[PARTNER, unit], leave
    for d in range(p + 1, m + 1):
        if first + state.scratch[LEAST, d] >= best:
            break
        place = base + d
        node = state.place[SEQ, place]
        now += drive(facts, unit, node) if d == p + 1 else state.place[DRIVES, place - 1]
        now = max(now, facts.node[OPEN_S, node])
        if now > state.place[LATEST_S, place]:
            break
        now += facts.node[SERVICE_S, node]
        if now > facts.node[CLOSE_S, drop]:
            break
        if not _on_board(facts, state, place, kind, unit):
            break
        added = first + state.scratch[BUFFER, d]
        if added >= best:
            continue
        at = now + drive_in(facts, node, drop)
        if at > facts.node[CLOSE_S, drop]:
            continue
        at = max(at, facts.node[OPEN_S, drop]) + facts.node[SERVICE_S, drop]
        if at + drive(facts, drop, state.place[SEQ, place + 1]) > state.place[LATEST_S, place + 1]:
            continue
        here = p * facts.width + d
        if overlooked != NO_BLINKS and (here == overlooked or chance(state.chance) < BLINK):
            continue
        best, found = added, d
    return best, found
