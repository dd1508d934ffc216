"""Slack induction by string removals (Christiaens and Vanden Berghe 2020, doi:10.1287/trsc.2019.0914).

Some neighbouring calls are taken out, all that is left out is put back greedily, and the plan is gone on
from if it costs no more than the one before plus an exponential amount that shrinks (annealing).
"""

from __future__ import annotations

from collections.abc import Callable
from math import log

from logistics.solver.routing.pantry import columns as c
from logistics.solver.routing.pantry.chance import luck
from logistics.solver.routing.pantry.columns import Facts, Ints, Shorts, State, Work
from logistics.solver.routing.pantry.jit import entry, glue, part
from logistics.solver.routing.pantry.plan import clear, copy, is_served, load, take_out
from logistics.solver.routing.pantry.recreate import recreate
from logistics.solver.routing.pantry.ruin import choose, fewest_calls
from logistics.solver.routing.problem import VEHICLE_DAY_COST

LOAD, ANNEAL, AGAIN, CLOSE, FEWER = range(5)
"""What a call does: take a plan in, rounds of annealing, the same from the best plan on with all shifts
open, closing a shift of the best plan, rounds to serve all without it."""


@part
def _missed(f: Facts, st: State, w: Work) -> int:
    """How hard the tasks are to place that a plan leaves out although they are worth a vehicle-day."""
    missed = 0
    for t in range(len(f.task)):
        if f.task[t, c.PRICE] >= VEHICLE_DAY_COST and not is_served(f, st, t):
            missed += w.absences[t]
    return missed


@part
def _mark_shift(f: Facts, now: State, w: Work) -> None:
    """Close the shift with the fewest calls, and all that are not in use; mark its tasks to take out."""
    fewest = fewest_calls(now)
    clear(w.gone)
    for s in range(len(now.chained)):
        w.closed[s] = s == fewest or now.chained[s] == 0
    for k in range(now.chained[fewest]):
        t = now.chain[fewest, k]
        for i in range(now.trip[t, c.LENGTH]):
            w.gone[f.point[now.seq[t, i], c.TASK]] = 1


@glue
def _accepts(f: Facts, now: State, other: State, w: Work, kind: int, heat: float) -> bool:
    """Whether to go on from another plan.

    While tasks are left out on fewer shifts, those that are left out must become easier to place, as
    counted by the rounds in which they were left out (absence counters of the article).
    """
    cheaper = other.total[c.TOTAL] < now.total[c.TOTAL] - heat * log(1.0 - luck(w.chance))
    if kind != FEWER:
        return cheaper or kind == CLOSE
    after, before = _missed(f, other, w), _missed(f, now, w)
    for t in range(len(f.task)):
        w.absences[t] += not is_served(f, other, t)
    return after < before or (after == before and cheaper)


@glue
def _search(
    f: Facts,
    now: State,
    other: State,
    best: State,
    w: Work,
    rounds: int,
    hot: float,
    cold: float,
    kind: int,
) -> bool:
    """Rounds with a temperature that falls from `hot` to `cold`; whether the best plan was bettered."""
    if kind in (AGAIN, CLOSE):
        copy(best, now, True)
        copy(best, other, True)
        clear(w.closed)
    heat, factor, bettered = hot, (cold / hot) ** (1.0 / rounds), False
    for _ in range(rounds):
        heat *= factor
        if kind == CLOSE:
            _mark_shift(f, now, w)
        else:
            choose(f, now, w)
        useful = take_out(f, other, w.gone, w) and recreate(f, other, w)
        if useful and _accepts(f, now, other, w, kind, heat):
            copy(other, now, False)
            if now.total[c.TOTAL] < best.total[c.TOTAL]:
                copy(now, best, True)
                bettered = True
                if kind == FEWER:
                    break
        else:
            copy(now, other, False)
    return bettered


def compiled(stamp: int) -> Callable[..., bool]:
    """The function that Python calls; the stamp of the sources is part of what it is cached by.

    `LOAD` fills the best plan from `flat` and `ends` (see `load`), all else are slices of a search.
    """

    @entry
    def run(
        f: Facts,
        now: State,
        other: State,
        best: State,
        w: Work,
        rounds: int,
        hot: float,
        cold: float,
        kind: int,
        flat: Shorts,
        ends: Ints,
    ) -> bool:
        if stamp == 0:
            return False
        if kind == LOAD:
            return load(f, best, flat, ends, w)
        return _search(f, now, other, best, w, rounds, hot, cold, kind)

    return run
