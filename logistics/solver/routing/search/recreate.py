"""Greedy insertion with blinks: the work list in a sorted order, each unit where it is cheapest."""

from __future__ import annotations

from logistics.solver.routing.search.columns import Facts
from logistics.solver.routing.search.compiled import FAR, chance, compiled, leg
from logistics.solver.routing.search.rows import empty_row, insert
from logistics.solver.routing.search.scan import BLINK, scan
from logistics.solver.routing.search.state import (
    ABSENT,
    LIMIT,
    MISSING,
    TOTAL,
    USED,
    WORK,
    State,
)


@compiled
def set_absent(state: State, unit: int, absent: bool) -> None:
    """Note that the unit is on no route, or that it is on one."""
    at = state.absent_at[unit]
    if absent and at < 0:
        state.absent[state.number[ABSENT]] = unit
        state.absent_at[unit] = state.number[ABSENT]
        state.number[ABSENT] += 1
    elif not absent and at >= 0:
        state.number[ABSENT] -= 1
        last = state.absent[state.number[ABSENT]]
        state.absent[at] = last
        state.absent_at[last] = at
        state.absent_at[unit] = -1


@compiled
def _remembered(
    facts: Facts, state: State, row: int, kind: int, unit: int
) -> tuple[int, int]:
    """The cheapest place in a row, from memory if the row has not changed since."""
    if not facts.cached:
        return scan(facts, state, row, kind, unit, False, -1)
    at = 3 * (unit * facts.rows + row)
    if state.known[at] != state.stamp[row]:
        added, code = scan(facts, state, row, kind, unit, False, -1)
        state.known[at] = state.stamp[row]
        state.known[at + 1] = added
        state.known[at + 2] = code
    return state.known[at + 1], state.known[at + 2]


@compiled
def _try_row(
    facts: Facts, state: State, row: int, kind: int, unit: int, extra: int, best: int
) -> tuple[int, int]:
    """The cheapest place in a row if it beats `best`, else `FAR`; blinks included."""
    added, code = _remembered(facts, state, row, kind, unit)
    if added + extra >= best:
        return FAR, 0
    if chance(state.chance) < BLINK:
        added, code = scan(facts, state, row, kind, unit, True, code)
        if added + extra >= best:
            return FAR, 0
    return added + extra, code


@compiled
def cheapest(facts: Facts, state: State, unit: int) -> tuple[int, int, int]:
    """Cost, slot and code of the unit's cheapest place; an idle vehicle where none else has room,
    or, where vehicles do not come first, where it is cheaper."""
    best, slot, code = FAR, -1, 0
    for kind in range(len(facts.start)):
        for at in range(facts.slot_first[kind], state.top[kind]):
            if state.row_of[at] >= 0:
                added, place = _try_row(facts, state, state.row_of[at], kind, unit, 0, best)
                if added < best:
                    best, slot, code = added, at, place
    if state.number[USED] >= state.number[LIMIT] or (facts.vehicles_first and best < FAR):
        return best, slot, code
    for kind in range(len(facts.start)):
        first, end = facts.slot_first[kind], facts.slot_first[kind + 1]
        if state.used_of[kind] < end - first:
            extra = leg(facts, facts.start[kind], facts.end[kind]) + facts.fixed[kind]
            row = empty_row(facts, kind)
            added, place = _try_row(facts, state, row, kind, unit, extra, best)
            if added < best:
                at = first
                while state.row_of[at] >= 0:
                    at += 1
                best, slot, code = added, at, place
    return best, slot, code


@compiled
def _key(facts: Facts, state: State, unit: int, order: int) -> float:
    """What the work list is sorted by, smallest first."""
    depot = facts.start[0]
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
        return float(facts.close_s[unit] - facts.open_s[unit])
    if order < 15:
        return float(facts.open_s[unit])
    if order < 17:
        return -float(facts.close_s[unit])
    return -float(facts.prize[unit])


@compiled
def sort_work(facts: Facts, state: State) -> None:
    """Sort the work list by an order drawn at random (Shell 1959, doi:10.1145/368370.368387)."""
    order = int(chance(state.chance) * (17 if facts.timed else 11))
    if facts.optional and chance(state.chance) < 0.3:
        order = 17
    count = state.number[WORK]
    keys, work, slots = state.work_key, state.work, state.work_slot
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
    """Insert the work list; False as soon as the cost passes `ceiling` or more are missing than may be."""
    sort_work(facts, state)
    for w in range(state.number[WORK]):
        unit = state.work[w]
        added, slot, code = cheapest(facts, state, unit)
        prize = facts.prize[unit]
        if slot < 0 or (prize >= 0 and added >= prize):
            if prize >= 0:
                state.number[TOTAL] += prize
            else:
                state.number[MISSING] += 1
                if state.number[MISSING] > missing_max:
                    return False
            set_absent(state, unit, True)
        else:
            insert(facts, state, slot, unit, code)
            set_absent(state, unit, False)
        if state.number[TOTAL] > ceiling:
            return False
    return True
