"""The search itself: rounds of removal and insertion, accepted by simulated annealing.

A round that leaves no more visits out is accepted if its cost is at most `cost - T ln(U)`, with *U*
uniform on (0, 1] drawn beforehand, so that a round can be given up as soon as it costs more. While
visits that must be made are missing (the fleet is being cut), what counts is the sum of absences: how
often each of those missing has been missing (Christiaens and Vanden Berghe 2020,
doi:10.1287/trsc.2019.0914).
"""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np

from logistics.solver.compiled import kept
from logistics.solver.routing.search.columns import Facts
from logistics.solver.routing.search.compiled import (
    OPTIONS,
    chance,
    compiled,
    inlined,
    source_hash,
    whole,
)
from logistics.solver.routing.search.fields import (
    ABSENCES,
    ABSENT,
    ABSENT_LIST,
    BEST_LENGTH,
    BEST_MISSING,
    BEST_TOTAL,
    BEST_USED,
    BETTER,
    COST,
    IS_DROP,
    LIMIT,
    MISSING,
    PARTNER,
    PRIZE,
    ROUND,
    ROW_OF,
    SEQ,
    SIZE,
    SLOT_FIRST,
    SLOT_OF,
    TOP,
    TOTAL,
    TYPE_OF,
    USED,
    WORK,
    WORK_SLOT,
    WORK_UNIT,
)
from logistics.solver.routing.search.recreate import add_absent, drop_absent, recreate
from logistics.solver.routing.search.rows import keep, put_back, refresh, set_up
from logistics.solver.routing.search.ruin import ruin, take, take_route
from logistics.solver.routing.search.state import State


@inlined
def _undo(facts: Facts, state: State, total: int, missing: int) -> None:
    put_back(state)
    for w in range(state.number[WORK]):
        unit, slot = state.unit[WORK_UNIT, w], state.unit[WORK_SLOT, w]
        state.unit[SLOT_OF, unit] = slot
        if facts.node[PARTNER, unit] >= 0:
            state.unit[SLOT_OF, facts.node[PARTNER, unit]] = slot
        if slot < 0:
            add_absent(state, unit)
        else:
            drop_absent(state, unit)
    state.number[TOTAL] = total
    state.number[MISSING] = missing


@inlined
def _sum_of_absences(facts: Facts, state: State) -> int:
    total = 0
    for at in range(state.number[ABSENT]):
        unit = state.unit[ABSENT_LIST, at]
        if facts.node[PRIZE, unit] < 0:
            total += state.unit[ABSENCES, unit]
    return total


@inlined
def _count_absences(facts: Facts, state: State) -> None:
    for at in range(state.number[ABSENT]):
        unit = state.unit[ABSENT_LIST, at]
        if facts.node[PRIZE, unit] < 0:
            state.unit[ABSENCES, unit] += 1


@inlined
def is_better(facts: Facts, state: State) -> bool:
    """Whether the routes beat the best so far."""
    number = state.number
    if number[MISSING] != number[BEST_MISSING]:
        return bool(number[MISSING] < number[BEST_MISSING])
    if facts.vehicles_first and number[USED] != number[BEST_USED]:
        return bool(number[USED] < number[BEST_USED])
    return bool(number[TOTAL] < number[BEST_TOTAL])


@compiled
def save_best(facts: Facts, state: State) -> None:
    """Copy the routes: for each, -(slot + 1), then its nodes with the depots between trips."""
    at = 0
    for kind in range(facts.kinds):
        for slot in range(facts.kind[SLOT_FIRST, kind], state.of_kind[TOP, kind]):
            row = state.slot[ROW_OF, slot]
            if row >= 0:
                state.best[at] = -slot - 1
                at += 1
                for k in range(1, state.row[SIZE, row] + 1):
                    state.best[at] = state.place[SEQ, row * facts.width + k]
                    at += 1
    number = state.number
    number[BEST_LENGTH] = at
    number[BEST_MISSING], number[BEST_USED] = number[MISSING], number[USED]
    number[BEST_TOTAL] = number[TOTAL]
    number[BETTER] += 1


@inlined
def drop_route(facts: Facts, state: State) -> None:
    """Send home the vehicle whose visits have been missing least often; no more may be used then."""
    chosen, least = whole(-1), whole(0)
    for slot in range(state.slot.shape[1]):
        row = state.slot[ROW_OF, slot]
        if row >= 0:
            total = 0
            for k in range(1, state.row[SIZE, row] + 1):
                node = state.place[SEQ, row * facts.width + k]
                if node >= facts.depots and facts.node[IS_DROP, node] == 0:
                    total += state.unit[ABSENCES, node]
            if chosen < 0 or total < least:
                chosen, least = slot, total
    state.number[LIMIT] = state.number[USED] - 1
    state.number[ROUND] += 1
    state.number[WORK] = 0
    take_route(facts, state, chosen)
    for w in range(state.number[WORK]):
        unit = state.unit[WORK_UNIT, w]
        add_absent(state, unit)
        if facts.node[PRIZE, unit] < 0:
            state.number[MISSING] += 1
        else:
            state.number[TOTAL] += facts.node[PRIZE, unit]
    keep(facts, state)


@inlined
def _round(facts: Facts, state: State, heat: float) -> None:
    total, missing = state.number[TOTAL], state.number[MISSING]
    absences = _sum_of_absences(facts, state) if missing > 0 else 0
    state.number[ROUND] += 1
    state.number[WORK] = 0
    ruin(facts, state)
    ceiling = total - heat * log(1.0 - chance(state.chance))
    if missing == 0:
        accepted = recreate(facts, state, ceiling, whole(0))
    else:
        recreate(facts, state, np.inf, facts.n)
        accepted = state.number[MISSING] == 0
        if not accepted:
            now = _sum_of_absences(facts, state)
            accepted = now < absences or (now == absences and state.number[TOTAL] <= ceiling)
            _count_absences(facts, state)
    if accepted:
        keep(facts, state)
        if is_better(facts, state):
            save_best(facts, state)
    else:
        _undo(facts, state, total, missing)


@inlined
def _begin(facts: Facts, state: State) -> None:
    """Refresh what has been written from outside, then insert all who are absent."""
    set_up(facts, state)
    for slot in range(state.slot.shape[1]):
        row = state.slot[ROW_OF, slot]
        if row >= 0:
            refresh(facts, state, row, state.slot[TYPE_OF, slot])
            state.number[TOTAL] += state.row[COST, row]
    if state.number[USED] > 0 and is_better(facts, state):
        save_best(facts, state)
    state.number[ROUND] += 1
    state.number[WORK] = 0
    while state.number[WORK] < state.number[ABSENT]:
        take(facts, state, state.unit[ABSENT_LIST, state.number[WORK]])
    recreate(facts, state, np.inf, facts.n)
    keep(facts, state)
    if is_better(facts, state):
        save_best(facts, state)


def _entry(source: str) -> Any:
    def run(
        facts: Facts, state: State, rounds: int, hot: float, cold: float, begins: bool, fleet: int
    ) -> int:
        """Make rounds with heat falling from `hot` to `cold`.

        Where `fleet` is positive, a vehicle is sent home whenever nobody is missing, down to that many.

        Returns:
            The rounds made: fewer than asked for if `fleet` was reached.
        """
        if begins and len(source) > 0:
            _begin(facts, state)
        heat, falling = hot, (cold / hot) ** (1.0 / max(1, rounds))
        for made in range(rounds):
            if fleet > 0 and state.number[MISSING] == 0:
                if state.number[USED] <= fleet:
                    return made
                drop_route(facts, state)
            _round(facts, state, heat)
            heat *= falling
        return rounds

    return kept(run, **OPTIONS)


run = _entry(source_hash())
