"""Removal of strings: runs of visits from routes that pass near one another.

Christiaens and Vanden Berghe 2020, doi:10.1287/trsc.2019.0914, section 5.2.
"""

from __future__ import annotations

from logistics.solver.routing.search.columns import Facts
from logistics.solver.routing.search.compiled import below, chance, compiled
from logistics.solver.routing.search.rows import remove_gone
from logistics.solver.routing.search.state import (
    ABSENT,
    MISSING,
    ROUND,
    TOTAL,
    UNITS,
    USED,
    WORK,
    State,
)

REMOVED = 10.0
"""Visits removed in a round, on average."""

STRING_MAX = 10.0
"""Visits in the longest string."""

SPLIT = 0.5
"""How often a string keeps a run in its middle."""

DEEPER = 0.01
"""How often that run grows by one more visit."""

PULLED_MAX = 10
"""Absent visits near the seed that are tried again in a round."""

TRIED_MAX = 30
"""Absent visits that must be made and are tried again in a round."""


@compiled
def take(facts: Facts, state: State, unit: int) -> None:
    """Put a unit on this round's work list: off its route, or out of the absent."""
    at = state.number[WORK]
    state.work[at] = unit
    state.work_slot[at] = state.slot_of[unit]
    state.number[WORK] += 1
    if state.slot_of[unit] < 0:
        if facts.prize[unit] < 0:
            state.number[MISSING] -= 1
        else:
            state.number[TOTAL] -= facts.prize[unit]


@compiled
def ruin(facts: Facts, state: State) -> None:
    """Choose this round's work: strings around a seed, and absent visits."""
    n, depots = facts.n, facts.depots
    seed = depots + below(state.chance, n - depots)
    if state.number[USED] > 0:
        mean = (state.number[UNITS] - state.number[ABSENT]) / state.number[USED]
        if facts.paired:
            mean *= 2.0
        longest = min(STRING_MAX, mean)
        strings = int(chance(state.chance) * (4.0 * REMOVED / (1.0 + longest) - 1.0) + 1.0)
        width = len(facts.near) // n
        pulled = 0
        for at in range(-1, width):
            node = seed if at < 0 else facts.near[seed * width + at]
            if node < 0 or (strings <= 0 and not (facts.optional and at < 2 * PULLED_MAX)):
                break
            slot = state.slot_of[node]
            if slot >= 0:
                if strings > 0 and state.mark[slot] != state.number[ROUND]:
                    _remove_string(facts, state, slot, node, longest)
                    strings -= 1
            elif state.absent_at[node] >= 0 and facts.prize[node] >= 0 and pulled < PULLED_MAX:
                take(facts, state, node)
                pulled += 1
    if state.number[MISSING] > 0:
        _take_missing(facts, state)


@compiled
def _take_missing(facts: Facts, state: State) -> None:
    """Absent visits that must be made: all of them, or a run of the list that starts anywhere."""
    count = state.number[ABSENT]
    start = below(state.chance, count)
    taken = 0
    for step in range(count):
        unit = state.absent[(start + step) % count]
        if facts.prize[unit] < 0:
            take(facts, state, unit)
            taken += 1
            if taken == TRIED_MAX:
                break


@compiled
def _remove_string(facts: Facts, state: State, slot: int, node: int, longest: float) -> None:
    row = state.row_of[slot]
    base = row * facts.width
    visits, at = 0, 0
    for k in range(1, state.size[row] + 1):
        if state.seq[base + k] >= facts.depots:
            if state.seq[base + k] == node:
                at = visits
            state.buffer[visits] = k
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
            other = state.seq[base + state.buffer[v]]
            unit = facts.partner[other] if facts.is_drop[other] else other
            if not state.gone[unit]:
                take(facts, state, unit)
                state.gone[unit] = True
                if facts.partner[unit] >= 0:
                    state.gone[facts.partner[unit]] = True
    lift(facts, state, slot, first)


@compiled
def lift(facts: Facts, state: State, slot: int, first: int) -> None:
    """Take the units of the work list from `first` on, all marked as gone, off their slot."""
    remove_gone(facts, state, slot)
    for w in range(first, state.number[WORK]):
        unit = state.work[w]
        state.gone[unit] = False
        state.slot_of[unit] = -1
        if facts.partner[unit] >= 0:
            state.gone[facts.partner[unit]] = False
            state.slot_of[facts.partner[unit]] = -1


@compiled
def take_route(facts: Facts, state: State, slot: int) -> None:
    """Put all of a slot on the work list; it stays at home."""
    row = state.row_of[slot]
    base, first = row * facts.width, state.number[WORK]
    for k in range(1, state.size[row] + 1):
        node = state.seq[base + k]
        if node >= facts.depots:
            state.gone[node] = True
            if not facts.is_drop[node]:
                take(facts, state, node)
    lift(facts, state, slot, first)
