"""Greedy insertion with blinks: the work list in a sorted order, each unit where it is cheapest."""

from __future__ import annotations

from logistics.solver.routing.search.columns import Facts
from logistics.solver.routing.search.compiled import FAR, chance, compiled, inlined, leg, whole
from logistics.solver.routing.search.fields import (
    ABSENT,
    ABSENT_AT,
    ABSENT_LIST,
    CLOSE_S,
    END,
    FIXED,
    LIMIT,
    LISTED,
    MISSING,
    OPEN_S,
    PARTNER,
    PRIZE,
    ROW_OF,
    SEEN,
    SLOT_FIRST,
    SLOT_OF,
    STAMP,
    START,
    SWEEP,
    TOP,
    TOTAL,
    TYPE_OF,
    USED,
    USED_OF,
    WORK,
    WORK_SLOT,
    WORK_UNIT,
)
from logistics.solver.routing.search.rows import empty_row, insert
from logistics.solver.routing.search.scan import BLINK, NO_BLINKS, scan
from logistics.solver.routing.search.state import State

ROUTES_FEW = 20
"""Routes up to which all of them are tried for every visit."""

GENEROUS = 0.1
"""How often a round makes one visit whose prize is less than its detour: it may bring others along."""


@compiled
def add_absent(state: State, unit: int) -> None:
    """Note that the unit is on no route."""
    if state.unit[ABSENT_AT, unit] < 0:
        state.unit[ABSENT_LIST, state.number[ABSENT]] = unit
        state.unit[ABSENT_AT, unit] = state.number[ABSENT]
        state.number[ABSENT] += 1


@compiled
def drop_absent(state: State, unit: int) -> None:
    """Note that the unit is on a route."""
    at = state.unit[ABSENT_AT, unit]
    if at >= 0:
        state.number[ABSENT] -= 1
        last = state.unit[ABSENT_LIST, state.number[ABSENT]]
        state.unit[ABSENT_LIST, at] = last
        state.unit[ABSENT_AT, last] = at
        state.unit[ABSENT_AT, unit] = -1


@inlined
def _try_row(
    facts: Facts, state: State, row: int, kind: int, unit: int, extra: int, best: int
) -> tuple[int, int]:
    """The cheapest place in a row if it beats `best`, else `FAR`; blinks included.

    What is remembered is the cheapest place without blinks: with probability `BLINK` it is overlooked,
    and the others are looked at again, each of which may be overlooked too.
    """
    at = 3 * (unit * facts.rows + row) if facts.cached else 0
    if state.known[at] != state.row[STAMP, row] or not facts.cached:
        added, code = scan(facts, state, row, kind, unit, whole(NO_BLINKS))
        state.known[at] = state.row[STAMP, row]
        state.known[at + 1] = added
        state.known[at + 2] = code
    added, code = state.known[at + 1], state.known[at + 2]
    if added + extra < best and chance(state.chance) < BLINK:
        added, code = scan(facts, state, row, kind, unit, code)
    if added + extra >= best:
        return FAR, 0
    return added + extra, code


@inlined
def _list_kin(facts: Facts, state: State, unit: int) -> int:
    """List the slots on which the unit's kin, or that of its drop, are; return how many."""
    count, node = 0, unit
    state.number[SWEEP] += 1
    for _ in range(2):
        for at in range(node * facts.kindred, (node + 1) * facts.kindred):
            slot = state.unit[SLOT_OF, facts.kin[at]] if facts.kin[at] >= 0 else -1
            if slot >= 0 and state.slot[SEEN, slot] != state.number[SWEEP]:
                state.slot[SEEN, slot] = state.number[SWEEP]
                state.slot[LISTED, count] = slot
                count += 1
        node = facts.node[PARTNER, unit]
        if node < 0:
            break
    return count


@inlined
def _list_all(facts: Facts, state: State) -> int:
    """List all slots in use; return how many."""
    count = 0
    for kind in range(facts.kinds):
        for slot in range(facts.kind[SLOT_FIRST, kind], state.of_kind[TOP, kind]):
            if state.slot[ROW_OF, slot] >= 0:
                state.slot[LISTED, count] = slot
                count += 1
    return count


@inlined
def cheapest(facts: Facts, state: State, unit: int) -> tuple[int, int, int]:
    """Cost, slot and code of the unit's cheapest place; an idle vehicle where none else has room,
    or, where vehicles do not come first, where it is cheaper.

    Where there are many routes, those without any of the unit's kin are tried only if no other has room.
    """
    best, slot, code = whole(FAR), whole(-1), whole(0)
    few = state.number[USED] <= ROUTES_FEW
    for attempt in range(2):
        every = few or attempt == 1
        count = _list_all(facts, state) if every else _list_kin(facts, state, unit)
        for c in range(count):
            at = state.slot[LISTED, c]
            kind = state.slot[TYPE_OF, at]
            added, place = _try_row(facts, state, state.slot[ROW_OF, at], kind, unit, 0, best)
            if added < best:
                best, slot, code = added, at, place
        if few or best < FAR:
            break
    if state.number[USED] >= state.number[LIMIT] or (facts.vehicles_first and best < FAR):
        return best, slot, code
    for kind in range(facts.kinds):
        first, end = facts.kind[SLOT_FIRST, kind], facts.kind[SLOT_FIRST, kind + 1]
        if state.of_kind[USED_OF, kind] < end - first:
            extra = (
                leg(facts, facts.kind[START, kind], facts.kind[END, kind]) + facts.kind[FIXED, kind]
            )
            row = empty_row(facts, kind)
            added, place = _try_row(facts, state, row, kind, unit, extra, best)
            if added < best:
                at = first
                while state.slot[ROW_OF, at] >= 0:
                    at += 1
                best, slot, code = added, at, place
    return best, slot, code


@inlined
def _key(facts: Facts, state: State, unit: int, order: int) -> float:
    """What the work list is sorted by, smallest first."""
    depot = facts.kind[START, 0]
    if order < 4:
        return float(chance(state.chance))
    if order < 8:
        demand = 0.0
        for d in range(facts.dimensions):
            demand += facts.amount[unit * facts.dimensions + d] / max(1, facts.capacity[d])
        return -demand
    if order < 10:
        return -float(leg(facts, depot, unit))
    if order < 11:
        return float(leg(facts, depot, unit))
    if order < 13:
        return float(facts.node[CLOSE_S, unit] - facts.node[OPEN_S, unit])
    if order < 15:
        return float(facts.node[OPEN_S, unit])
    if order < 17:
        return -float(facts.node[CLOSE_S, unit])
    return -float(facts.node[PRIZE, unit])


@inlined
def sort_work(facts: Facts, state: State) -> None:
    """Sort the work list by an order drawn at random (Shell 1959, doi:10.1145/368370.368387)."""
    order = int(chance(state.chance) * (17 if facts.timed else 11))
    if facts.optional and chance(state.chance) < 0.3:
        order = 17
    count = state.number[WORK]
    keys, work, slots = state.work_key, state.unit[WORK_UNIT], state.unit[WORK_SLOT]
    for w in range(count):
        keys[w] = _key(facts, state, work[w], order)
    gap = 1
    while 3 * gap + 1 < count:
        gap = 3 * gap + 1
    while gap > 0:
        for w in range(gap, count):
            key, unit, slot = keys[w], work[w], slots[w]
            at = w
            while at >= gap and keys[at - gap] > key:
                keys[at], work[at], slots[at] = keys[at - gap], work[at - gap], slots[at - gap]
                at -= gap
            keys[at], work[at], slots[at] = key, unit, slot
        gap //= 3


@compiled
def recreate(facts: Facts, state: State, ceiling: float, missing_max: int) -> bool:
    """Insert the work list; False as soon as it costs more than `ceiling` or too many are missing."""
    sort_work(facts, state)
    generous = facts.optional and chance(state.chance) < GENEROUS
    for w in range(state.number[WORK]):
        unit = state.unit[WORK_UNIT, w]
        added, slot, code = cheapest(facts, state, unit)
        prize = facts.node[PRIZE, unit]
        if slot >= 0 and prize >= 0 and added >= prize and generous:
            prize, generous = added + 1, False
        if slot < 0 or (prize >= 0 and added >= prize):
            if prize >= 0:
                state.number[TOTAL] += prize
            else:
                state.number[MISSING] += 1
                if state.number[MISSING] > missing_max:
                    return False
            add_absent(state, unit)
        else:
            insert(facts, state, slot, unit, code)
            drop_absent(state, unit)
        if state.number[TOTAL] > ceiling:
            return False
    return True
