"""Putting back what a plan leaves out, one task after another, each where it costs least."""

from __future__ import annotations

from logistics.solver.routing.pantry import columns as c
from logistics.solver.routing.pantry.chance import below, luck
from logistics.solver.routing.pantry.columns import Facts, State, Work
from logistics.solver.routing.pantry.jit import glue, part
from logistics.solver.routing.pantry.place import (
    B_COST,
    B_FIRST,
    B_LAST,
    B_NUMBER,
    B_ORDER,
    B_SLOT,
    B_TRIP,
    best_place,
    fill,
)
from logistics.solver.routing.pantry.plan import (
    clear,
    is_served,
    open_trip,
    put,
    set_times,
    take_out,
    trip_of_task,
)
from logistics.solver.routing.schedule import AFTER_UNLOADING_S


@glue
def recreate(f: Facts, st: State, w: Work) -> bool:
    """Serve every task that is left out and worth it, in a random one of the orders.

    False if a change that the bounds of times allow turned out undriveable, which only happens where
    a leg is longer than a way round; the plan is of no use then.
    """
    n = _absent(f, st, w)
    useful, i = True, 0
    while useful and i < n:
        # What another task needed has been served with it.
        useful = is_served(f, st, w.absent[i]) or insert(f, st, w.absent[i], w)
        i += 1
    return useful


@part
def _absent(f: Facts, st: State, w: Work) -> int:
    """List the tasks that are left out and have a price, in the order in which they are put back.

    By chance: at random, most goods first, farthest or nearest first, shortest window, earliest or
    latest end (weights of the article, with those of its problem with windows); half of the time what
    has a higher price goes first.
    """
    n, kind, by_price = 0, below(w.chance, 18), luck(w.chance) < 0.5
    for t in range(len(f.task)):
        if f.task[t, c.PRICE] == 0 or is_served(f, st, t):
            continue
        w.absent[n] = t
        w.keys[n] = _key(f, t, kind, w)
        if by_price:
            w.keys[n] -= 1e9 * float(f.task[t, c.PRICE] // 1000)
        n += 1
    for i in range(1, n):
        key, t = w.keys[i], w.absent[i]
        j = i - 1
        while j >= 0 and w.keys[j] > key:
            w.keys[j + 1], w.absent[j + 1] = w.keys[j], w.absent[j]
            j -= 1
        w.keys[j + 1], w.absent[j + 1] = key, t
    return n


@part
def _key(f: Facts, t: int, kind: int, w: Work) -> float:
    p = f.task[t, c.FIRST] + f.task[t, c.COUNT] - 1
    chance = luck(w.chance)
    if kind < 4:
        return chance
    opens = f.point[p, c.OPEN]
    latest = min(f.point[p, c.START_BY], f.point[p, c.LEAVE_BY] - f.point[p, c.SERVICE])
    if kind < 8:
        most = 0
        for k in range(c.CHANGE, f.point.shape[1]):
            most = max(most, abs(f.point[p, k]))
        return -float(most)
    if kind < 11:
        far = float(f.legs[f.slot[0, c.HOME], f.point[p, c.PLACE], 1])
        return far if kind == 10 else -far
    if kind < 14:
        return float(latest - opens) + chance
    return float(latest) + chance if kind < 16 else -float(opens) - chance


@part
def insert(f: Facts, st: State, t: int, w: Work) -> bool:
    """Serve a task and the collections it needs, if that is worth its price; false as `recreate`."""
    before = st.total[c.TOTAL]
    done = _insert_after(f, st, t, False, w)
    if not done and f.task[t, c.NEEDS] < f.task[t, c.NEEDS_END]:
        if not _undo(f, st, t, w):
            return False
        done = _insert_after(f, st, t, True, w)
    elif not done and not is_served(f, st, t):
        return True
    return (done and st.total[c.TOTAL] < before) or _undo(f, st, t, w)


@glue
def _insert_after(f: Facts, st: State, t: int, soonest: bool, w: Work) -> bool:
    """Serve a task after the collections it needs, which go where they cost least or end soonest."""
    first, end = f.task[t, c.NEEDS], f.task[t, c.NEEDS_END]
    for j in range(first, end):
        if not is_served(f, st, f.needs[j]) and not _insert_alone(
            f, st, f.needs[j], -c.INF, soonest, w
        ):
            return False
    ready = -c.INF
    for j in range(first, end):
        giver = trip_of_task(f, st, f.needs[j])
        ready = max(ready, st.trip[giver, c.OVER] + AFTER_UNLOADING_S)
        _mark(f, st, giver, w)
    done = _insert_alone(f, st, t, ready, False, w)
    clear(w.marked)
    return done


@part
def _mark(f: Facts, st: State, trip: int, w: Work) -> None:
    """Mark a trip and all that it waits for."""
    n = 0
    if not w.marked[trip]:
        w.marked[trip] = 1
        w.queue[0] = trip
        n = 1
    while n:
        n -= 1
        t = w.queue[n]
        if st.trip[t, c.NUMBER]:
            before = st.chain[st.trip[t, c.SLOT], st.trip[t, c.NUMBER] - 1]
            if not w.marked[before]:
                w.marked[before] = 1
                w.queue[n] = before
                n += 1
        for i in range(st.trip[t, c.LENGTH]):
            task = f.point[st.seq[t, i], c.TASK]
            for j in range(f.task[task, c.NEEDS], f.task[task, c.NEEDS_END]):
                giver = trip_of_task(f, st, f.needs[j])
                if not w.marked[giver]:
                    w.marked[giver] = 1
                    w.queue[n] = giver
                    n += 1


@glue
def _insert_alone(f: Facts, st: State, t: int, ready: int, soonest: bool, w: Work) -> bool:
    """Serve a task whose needs are served, at the best place there is, if there is one."""
    if not best_place(f, st, t, ready, soonest, w):
        return False
    if not soonest and f.task[t, c.PRICE] and w.best[B_COST] >= f.task[t, c.PRICE]:
        return False
    trip = w.best[B_TRIP]
    n = fill(f, st, t, trip, w.best[B_FIRST], w.best[B_LAST], w.best[B_ORDER], w.tried)
    if trip < 0:
        trip = open_trip(f, st, w.best[B_SLOT], w.best[B_NUMBER])
    put(f, st, trip, w.tried, n, w)
    return set_times(f, st)


@glue
def _undo(f: Facts, st: State, t: int, w: Work) -> bool:
    """Take out a task again, and the free collections that only it would have needed."""
    clear(w.gone)
    w.gone[t] = 1
    return take_out(f, st, w.gone, w)
