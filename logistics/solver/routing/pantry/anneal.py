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
from logistics.solver.routing.pantry.jit import entry, part
from logistics.solver.routing.pantry.plan import copy, is_served, load, take_out
from logistics.solver.routing.pantry.recreate import recreate
from logistics.solver.routing.pantry.ruin import choose, fewest_calls
from logistics.solver.routing.problem import VEHICLE_DAY_COST

ANNEAL, AGAIN, CLOSE, FEWER = range(4)
"""What a slice of the search does: rounds of annealing, the same from the best plan on with all shifts
open, closing a shift of the best plan, rounds to serve all without it."""


@part
def _round(f: Facts, now: State, other: State, w: Work) -> bool:
    """Make `other` a neighbour of `now`; false if it is of no use."""
    choose(f, now, w)
    return take_out(f, other, w.gone, w) and recreate(f, other, w)


@part
def _anneal(
    f: Facts, now: State, other: State, best: State, w: Work, rounds: int, hot: float, cold: float
) -> None:
    """Rounds with a temperature that falls from `hot` to `cold` by equal factors."""
    factor = (cold / hot) ** (1.0 / max(1, rounds))
    heat = hot
    for _ in range(rounds):
        heat *= factor
        useful = _round(f, now, other, w)
        limit = now.total[c.TOTAL] - heat * log(1.0 - luck(w.chance))
        if useful and other.total[c.TOTAL] < limit:
            copy(other, now, False)
            if now.total[c.TOTAL] < best.total[c.TOTAL]:
                copy(now, best, True)
        else:
            copy(now, other, False)


@part
def _missed(f: Facts, st: State, w: Work) -> int:
    """How hard the tasks are to place that a plan leaves out although they are worth a vehicle-day."""
    missed = 0
    for t in range(len(f.task)):
        if f.task[t, c.PRICE] >= VEHICLE_DAY_COST and not is_served(f, st, t):
            missed += w.absences[t]
    return missed


@part
def _close(f: Facts, now: State, other: State, w: Work) -> bool:
    """Take a plan's shift with the fewest calls out of use, and keep all closed that are not in use."""
    fewest = fewest_calls(now)
    w.gone[:] = 0
    for s in range(len(now.chained)):
        w.closed[s] = s == fewest or now.chained[s] == 0
    for k in range(now.chained[fewest]):
        t = now.chain[fewest, k]
        for i in range(now.trip[t, c.LENGTH]):
            w.gone[f.point[now.seq[t, i], c.TASK]] = 1
    useful = take_out(f, now, w.gone, w) and recreate(f, now, w)
    copy(now, other, True)
    return useful


@part
def _with_fewer(
    f: Facts, now: State, other: State, best: State, w: Work, rounds: int, heat: float
) -> bool:
    """Rounds on fewer shifts until all is served all the same; whether that succeeded.

    While tasks are left out, a plan is gone on from if those it leaves out are easier to place, as
    counted by the rounds in which they were left out (absence counters of the article).
    """
    missed = _missed(f, now, w)
    for _ in range(rounds):
        if now.total[c.TOTAL] < best.total[c.TOTAL]:
            copy(now, best, True)
            return True
        useful = _round(f, now, other, w)
        if useful:
            after = _missed(f, other, w)
            limit = now.total[c.TOTAL] - heat * log(1.0 - luck(w.chance))
            if after < missed or (after == missed and other.total[c.TOTAL] < limit):
                for t in range(len(f.task)):
                    w.absences[t] += not is_served(f, other, t)
                copy(other, now, False)
                missed = _missed(f, now, w)
                continue
            for t in range(len(f.task)):
                w.absences[t] += not is_served(f, other, t)
            missed = _missed(f, now, w)
        copy(now, other, False)
    return False


def entries(stamp: int) -> tuple[Callable[..., bool], Callable[..., bool]]:
    """The functions that Python calls; the stamp of the sources is part of what they are cached by."""

    @entry
    def begin(f: Facts, st: State, flat: Shorts, ends: Ints, w: Work) -> bool:
        return stamp != 0 and load(f, st, flat, ends, w)

    @entry
    def search(
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
        if stamp == 0:
            return False
        if kind == CLOSE:
            copy(best, now, True)
            return _close(f, now, other, w)
        if kind == FEWER:
            return _with_fewer(f, now, other, best, w, rounds, hot)
        if kind == AGAIN:
            copy(best, now, True)
            copy(best, other, True)
            w.closed[:] = 0
        _anneal(f, now, other, best, w, rounds, hot, cold)
        return True

    return begin, search
