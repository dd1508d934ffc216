"""Where a task fits best, compiled: trips there are, new trips, shifts not driven yet.

A place is first valued by a bound: the legs it adds, and no less time than all driving and service take.
Only what could beat the best place so far, and is not plainly late, is measured exactly.
"""

from __future__ import annotations

from logistics.solver.routing.pantry import columns as c
from logistics.solver.routing.pantry.chance import luck
from logistics.solver.routing.pantry.columns import Facts, Shorts, State, Work
from logistics.solver.routing.pantry.jit import part
from logistics.solver.routing.pantry.trip import measure
from logistics.solver.routing.problem import METRE_COST, SECOND_COST

BLINK = 0.01
"""Share of places that are overlooked (Christiaens and Vanden Berghe 2020)."""

B_COST, B_TRIP, B_SLOT, B_NUMBER, B_FIRST, B_LAST, B_ORDER, B_END = range(8)
"""The best place: cost, trip (-1: a new one of slot, number), gaps of pickups and drop, order, end."""


@part
def best_place(f: Facts, st: State, t: int, ready: int, soonest: bool, w: Work) -> bool:
    """Look for the cheapest place of a task, or the one whose trip ends soonest; into `w.best`.

    A trip that is marked in `w.marked` comes before what the task needs and is no place for it; the
    trip that serves it starts no earlier than `ready`.
    """
    w.best[B_COST], w.best[B_END], w.best[B_TRIP] = c.INF, c.INF, -1
    for s in range(len(st.chained)):
        if f.allowed[t, s] and not w.closed[s]:
            for k in range(st.chained[s]):
                trip = st.chain[s, k]
                if not w.marked[trip]:
                    _try_trip(f, st, t, trip, ready, soonest, w)
    for s in range(len(st.chained)):
        if f.allowed[t, s] and not w.closed[s]:
            holder = st.holder[f.slot[s, c.VEHICLE]]
            if holder == s or (holder < 0 and (soonest or f.slot[s, c.DAY_COST] < w.best[B_COST])):
                _try_new(f, st, t, s, ready, soonest, w)
    return bool(w.best[B_COST] < c.INF)


@part
def _try_trip(f: Facts, st: State, t: int, trip: int, ready: int, soonest: bool, w: Work) -> None:
    """Value all places of a task within one trip."""
    row = st.trip[trip]
    for k in range(f.slot.shape[1] - c.ROOM):
        if row[c.LEAVING + k] + f.task[t, c.OUT + k] > f.slot[row[c.SLOT], c.ROOM + k]:
            return
    begin = max(row[c.BEGIN], ready)
    if begin > row[c.LATEST]:
        return
    count, n = f.task[t, c.COUNT], row[c.LENGTH]
    for o in range(f.task[t, c.ORDERS_N]):
        first = f.task[t, c.ORDERS] + o * count
        for g in range(n + 1):
            for g2 in range(g, g + 1 if count == 1 else n + 1):
                if count == 1:
                    bound = _bound(f, st, t, trip, g, f.orders[first], begin)
                else:
                    bound = _pair_bound(f, st, t, trip, g, g2, first, begin)
                    if bound == c.INF and g2 == g:
                        break
                if bound < w.best[B_COST] or (soonest and bound < c.INF):
                    _try(f, st, t, trip, row[c.SLOT], row[c.NUMBER], g, g2, o, ready, soonest, w)


@part
def _place(f: Facts, st: State, trip: int, i: int) -> int:
    """Place of a call of a trip, or of its ends."""
    s = st.trip[trip, c.SLOT]
    if i < 0:
        return int(f.slot[s, c.HOME])
    if i >= st.trip[trip, c.LENGTH]:
        return int(f.slot[s, c.BACK])
    return int(f.point[st.seq[trip, i], c.PLACE])


@part
def _bound(f: Facts, st: State, t: int, trip: int, g: int, p: int, begin: int) -> int:
    """Least that one more call in a gap can cost, `INF` if it is too late there."""
    row, gap = st.trip[trip], st.gaps[trip, g]
    a, b, here = _place(f, st, trip, g - 1), _place(f, st, trip, g), f.point[p, c.PLACE]
    metres = f.legs[a, here, 0] + f.legs[here, b, 0] - f.legs[a, b, 0]
    seconds = f.legs[a, here, 1] + f.legs[here, b, 1] - f.legs[a, b, 1]
    service = f.point[p, c.SERVICE]
    if here in (a, b):  # it may share that stop
        service = 0
    else:
        start = max(gap[c.LEFT], begin + gap[c.SINCE]) + f.legs[a, here, 1]
        start = max(start, f.point[p, c.OPEN])
        if start > min(f.point[p, c.START_BY], f.point[p, c.LEAVE_BY] - service):
            return c.INF
        reach = start + service + f.legs[here, b, 1]
        if reach > gap[c.REACHED] or reach + gap[c.UNTIL] > row[c.LIMIT]:
            return c.INF
    longer = row[c.BUSY] + seconds + service - row[c.LASTS]
    if seconds + service >= 0 and a != b:
        longer = max(longer, 0)
    return int(METRE_COST * metres + SECOND_COST * longer + f.extra[t, row[c.SLOT]])


@part
def _pair_bound(
    f: Facts, st: State, t: int, trip: int, g: int, g2: int, first: int, begin: int
) -> int:
    """Least that a block of pickups in one gap and their drop in that or a later one can cost.

    `INF` if the drop is too late there, or, where both go into one gap, a single pickup.
    """
    row, count = st.trip[trip], f.task[t, c.COUNT]
    drop, here, b = f.orders[first + count - 1], _place(f, st, trip, g - 1), _place(f, st, trip, g)
    if g2 > g and _bound(f, st, t, trip, g2, drop, begin) == c.INF:
        return c.INF
    if g2 == g and count == 2 and _bound(f, st, t, trip, g, f.orders[first], begin) == c.INF:
        return c.INF
    metres, seconds = -f.legs[here, b, 0], -f.legs[here, b, 1]
    for i in range(count if g2 == g else count - 1):
        place = f.point[f.orders[first + i], c.PLACE]
        metres += f.legs[here, place, 0]
        seconds += f.legs[here, place, 1]
        here = place
    metres += f.legs[here, b, 0]
    seconds += f.legs[here, b, 1]
    if g2 > g:
        a, b, here = _place(f, st, trip, g2 - 1), _place(f, st, trip, g2), f.point[drop, c.PLACE]
        metres += f.legs[a, here, 0] + f.legs[here, b, 0] - f.legs[a, b, 0]
        seconds += f.legs[a, here, 1] + f.legs[here, b, 1] - f.legs[a, b, 1]
    longer = max(0, row[c.BUSY] + seconds - row[c.LASTS])
    return int(METRE_COST * metres + SECOND_COST * longer + f.extra[t, row[c.SLOT]])


@part
def _try(
    f: Facts,
    st: State,
    t: int,
    trip: int,
    s: int,
    k: int,
    g: int,
    g2: int,
    o: int,
    ready: int,
    soonest: bool,
    w: Work,
) -> None:
    """Measure one place and keep it if it is the best so far.

    The task goes into a trip, or (-1) into a new one that becomes number k of slot s.
    """
    if luck(w.chance) < BLINK:
        return
    n, cost, latest = 0, 0, c.INF
    if trip >= 0:
        n, cost, latest = st.trip[trip, c.LENGTH], -st.trip[trip, c.COST], st.trip[trip, c.LIMIT]
        ready = max(ready, st.trip[trip, c.READY])
    elif st.chained[s] == 0:
        cost = f.slot[s, c.DAY_COST]
    elif k < st.chained[s]:
        after = st.trip[st.chain[s, k]]
        latest = min(after[c.LATEST], after[c.LIMIT] - after[c.LASTS])
    fill(f, st, t, trip, g, g2, o, w.tried)
    if measure(f, s, w.tried, n + f.task[t, c.COUNT], w, w.found) == 0:
        return
    cost += w.found[c.COST]
    before = st.trip[st.chain[s, k - 1], c.OVER] if k else f.slot[s, c.START]
    begin = max(before, ready, w.found[c.AFTER])
    end = max(w.found[c.SOONEST], begin + w.found[c.LASTS])
    if begin > w.found[c.LATEST] or end > min(latest, w.found[c.BEFORE]):
        return
    if (end < w.best[B_END]) if soonest else (cost < w.best[B_COST]):
        w.best[B_COST], w.best[B_END], w.best[B_TRIP] = cost, end, trip
        w.best[B_SLOT], w.best[B_NUMBER] = s, k
        w.best[B_FIRST], w.best[B_LAST], w.best[B_ORDER] = g, g2, o


@part
def fill(f: Facts, st: State, t: int, trip: int, g: int, g2: int, o: int, target: Shorts) -> int:
    """Write a trip (-1: an empty one) with a task's pickups in one gap and its drop in the same or a
    later one; its number of calls."""
    count = f.task[t, c.COUNT]
    n = st.trip[trip, c.LENGTH] if trip >= 0 else 0
    first = f.task[t, c.ORDERS] + o * count
    for i in range(g):
        target[i] = st.seq[trip, i]
    for i in range(count - 1):
        target[g + i] = f.orders[first + i]
    for i in range(g, g2):
        target[i + count - 1] = st.seq[trip, i]
    target[g2 + count - 1] = f.orders[first + count - 1]
    for i in range(g2, n):
        target[i + count] = st.seq[trip, i]
    return int(n + count)


@part
def _try_new(f: Facts, st: State, t: int, s: int, ready: int, soonest: bool, w: Work) -> None:
    """Value a trip of its own for a task, at every place among the trips of a slot."""
    for o in range(f.task[t, c.ORDERS_N]):
        for k in range(st.chained[s] + 1):
            # Before a marked trip, what the task needs would come after it.
            if k == st.chained[s] or not w.marked[st.chain[s, k]]:
                _try(f, st, t, -1, s, k, 0, 0, o, ready, soonest, w)
