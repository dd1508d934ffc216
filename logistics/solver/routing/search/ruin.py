"""Removal of strings: runs of visits from routes that pass near one another.

Christiaens and Vanden Berghe 2020, doi:10.1287/trsc.2019.0914, section 5.2.
"""

from __future__ import annotations

from logistics.solver.routing.search.columns import Facts
from logistics.solver.routing.search.compiled import below, chance, inlined
from logistics.solver.routing.search.fields import (
    ABSENT,
    ABSENT_AT,
    ABSENT_LIST,
    BUFFER,
    GONE,
    IS_DROP,
    MARK,
    MISSING,
    PARTNER,
    PRIZE,
    ROUND,
    ROW_OF,
    SEQ,
    SIZE,
    SLOT_OF,
    TOTAL,
    UNITS,
    USED,
    WORK,
    WORK_SLOT,
    WORK_UNIT,
)
from logistics.solver.routing.search.rows import remove_gone
from logistics.solver.routing.search.state import State

REMOVED = 10.0
"""Visits removed in a round, on average."""

STRING_MAX = 10.0
"""Visits in the longest string."""

SPLIT = 0.5
"""How often a string keeps a run in its middle."""

DEEPER = 0.01
"""How often that run grows by one more visit."""

PULLED_MAX = 15
"""Absent visits near the seed that are tried again in a round."""

TRIED_MAX = 30
"""Absent visits that must be made and are tried again in a round."""


@inlined
def take(facts: Facts, state: State, unit: int) -> None:
    """Put a unit on this round's work list: off its route, or out of the absent."""
    at = state.number[WORK]
    state.unit[WORK_UNIT, at] = unit
    state.unit[WORK_SLOT, at] = state.unit[SLOT_OF, unit]
    state.number[WORK] += 1
    if state.unit[SLOT_OF, unit] < 0:
        if facts.node[PRIZE, unit] < 0:
            state.number[MISSING] -= 1
        else:
            state.number[TOTAL] -= facts.node[PRIZE, unit]


@inlined
def ruin(facts: Facts, state: State) -> None:
    """Choose this round's work: strings around a seed, and absent visits."""
    n, depots = facts.n, facts.depots
    seed = depots + below(state.chance, n - depots)
    mean = (state.number[UNITS] - state.number[ABSENT]) / max(1, state.number[USED])
    if facts.paired:
        mean *= 2.0
    longest = min(STRING_MAX, mean)
    strings = int(chance(state.chance) * (4.0 * REMOVED / (1.0 + longest) - 1.0) + 1.0)
    width = facts.nearby
    pulled = 0
    for at in range(-1, width):
        node = seed if at < 0 else facts.near[seed * width + at]
        if node < 0 or (strings <= 0 and not (facts.optional and at < 3 * PULLED_MAX)):
            break
        slot = state.unit[SLOT_OF, node]
        if slot >= 0:
            if strings > 0 and state.slot[MARK, slot] != state.number[ROUND]:
                _remove_string(facts, state, slot, node, longest)
                strings -= 1
        elif (
            state.unit[ABSENT_AT, node] >= 0
            and facts.node[PRIZE, node] >= 0
            and pulled < PULLED_MAX
        ):
            take(facts, state, node)
            pulled += 1
    if state.number[MISSING] > 0:
        _take_missing(facts, state)


@inlined
def _take_missing(facts: Facts, state: State) -> None:
    """Absent visits that must be made: all of them, or a run of the list that starts anywhere."""
    count = state.number[ABSENT]
    start = below(state.chance, count)
    taken = 0
    for step in range(count):
        unit = state.unit[ABSENT_LIST, (start + step) % count]
        if facts.node[PRIZE, unit] < 0:
            take(facts, state, unit)
            taken += 1
            if taken == TRIED_MAX:
                break


@inlined
def _remove_string(facts: Facts, state: State, slot: int, node: int, longest: float) -> None:
    row = state.slot[ROW_OF, slot]
    base = row * facts.width
    visits, at = 0, 0
    for k in range(1, state.row[SIZE, row] + 1):
        if state.place[SEQ, base + k] >= facts.depots:
            if state.place[SEQ, base + k] == node:
                at = visits
            state.scratch[BUFFER, visits] = k
            visits += 1
    length = 1 + int(chance(state.chance) * min(longest, float(visits)))
    length = min(length, visits)
    kept = 0
    if length > 1 and length < visits and chance(state.chance) < SPLIT:
        kept = 1
        while length + kept < visits and chance(state.chance) < DEEPER:
            kept += 1
    window = length + kept
    lowest, highest = max(0, at - window + 1), min(at, visits - window)
    start = lowest + below(state.chance, highest - lowest + 1)
    skip = start + 1 + below(state.chance, length - 1) if kept > 0 else visits
    first = state.number[WORK]
    for v in range(start, start + window):
        if not skip <= v < skip + kept:
            other = state.place[SEQ, base + state.scratch[BUFFER, v]]
            unit = facts.node[PARTNER, other] if facts.node[IS_DROP, other] == 1 else other
            if state.unit[GONE, unit] == 0:
                take(facts, state, unit)
                state.unit[GONE, unit] = 1
                if facts.node[PARTNER, unit] >= 0:
                    state.unit[GONE, facts.node[PARTNER, unit]] = 1
    lift(facts, state, slot, first)


@inlined
def lift(facts: Facts, state: State, slot: int, first: int) -> None:
    """Take the units of the work list from `first` on, all marked as gone, off their slot."""
    remove_gone(facts, state, slot)
    for w in range(first, state.number[WORK]):
        unit = state.unit[WORK_UNIT, w]
        state.unit[GONE, unit] = 0
        state.unit[SLOT_OF, unit] = -1
        if facts.node[PARTNER, unit] >= 0:
            state.unit[GONE, facts.node[PARTNER, unit]] = 0
            state.unit[SLOT_OF, facts.node[PARTNER, unit]] = -1


@inlined
def take_route(facts: Facts, state: State, slot: int) -> None:
    """Put all of a slot on the work list; it stays at home."""
    row = state.slot[ROW_OF, slot]
    base, first = row * facts.width, state.number[WORK]
    for k in range(1, state.row[SIZE, row] + 1):
        node = state.place[SEQ, base + k]
        if node >= facts.depots:
            state.unit[GONE, node] = 1
            if facts.node[IS_DROP, node] == 0:
                take(facts, state, node)
    lift(facts, state, slot, first)
