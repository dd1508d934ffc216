"""A plan as a whole, compiled: its timing, and the steps by which it changes."""

from __future__ import annotations

from logistics.solver.routing.pantry import columns as c
from logistics.solver.routing.pantry.columns import Facts, Flags, Ints, Shorts, State, Work
from logistics.solver.routing.pantry.jit import glue, part
from logistics.solver.routing.pantry.trip import describe, measure
from logistics.solver.routing.schedule import AFTER_UNLOADING_S


@part
def clear(flags: Flags) -> None:
    """Make all flags zero."""
    for i in range(len(flags)):
        flags[i] = 0


@part
def is_served(f: Facts, st: State, t: int) -> bool:
    """Whether a plan serves a task."""
    return bool(st.trip_of[f.task[t, c.FIRST] + f.task[t, c.COUNT] - 1] >= 0)


@part
def trip_of_task(f: Facts, st: State, t: int) -> int:
    """The trip that serves a task, or -1."""
    return int(st.trip_of[f.task[t, c.FIRST] + f.task[t, c.COUNT] - 1])


@part
def set_times(f: Facts, st: State) -> bool:
    """Give every trip its moments; false if one would have to start too late, or wait for itself."""
    waits = len(f.needs) > 0
    for t in range(st.total[c.TOP] if waits else 0):
        st.trip[t, c.OVER] = -c.INF  # from below, what is too late in the end is too late
    for _ in range(st.total[c.TOP] + 2):
        changed = False
        for s in range(len(st.chained)):
            moment = f.slot[s, c.START]
            for k in range(st.chained[s]):
                row = st.trip[st.chain[s, k]]
                ready = row[c.AFTER]
                if waits:
                    ready = max(ready, _collected(f, st, st.chain[s, k]))
                begin = max(moment, ready)
                if begin > row[c.LATEST]:
                    return False
                moment = max(row[c.SOONEST], begin + row[c.LASTS])
                changed |= begin != row[c.BEGIN] or moment != row[c.OVER]
                row[c.READY], row[c.BEGIN], row[c.OVER] = ready, begin, moment
                if moment > row[c.BEFORE]:
                    return False
        if not waits or not changed:
            _set_limits(f, st, waits)
            return True
    return False


@part
def _collected(f: Facts, st: State, t: int) -> int:
    """The moment from which all is in the hub's stock that a trip needs of collections."""
    ready = -c.INF
    for i in range(st.trip[t, c.LENGTH]):
        task = f.point[st.seq[t, i], c.TASK]
        for j in range(f.task[task, c.NEEDS], f.task[task, c.NEEDS_END]):
            giver = trip_of_task(f, st, f.needs[j])
            if giver < 0:
                return c.INF
            ready = max(ready, st.trip[giver, c.OVER] + AFTER_UNLOADING_S)
    return ready


@glue
def _set_limits(f: Facts, st: State, waits: bool) -> None:
    """The latest end of every trip that lets all that follow it, or wait for it, still be driven."""
    for t in range(st.total[c.TOP]):
        st.trip[t, c.LIMIT] = st.trip[t, c.BEFORE]
    changed = True
    while changed:
        changed = False
        for s in range(len(st.chained)):
            latest = c.INF
            for k in range(st.chained[s] - 1, -1, -1):
                t = st.chain[s, k]
                row = st.trip[t]
                if latest < row[c.LIMIT]:
                    row[c.LIMIT] = latest
                    changed = True
                latest = min(row[c.LATEST], row[c.LIMIT] - row[c.LASTS])
                if waits and _hurry(f, st, t, latest - AFTER_UNLOADING_S):
                    changed = True
        if not waits:
            return


@part
def _hurry(f: Facts, st: State, t: int, latest: int) -> bool:
    """Make the trips that a trip waits for end by a moment; whether that was news for any."""
    changed = False
    for i in range(st.trip[t, c.LENGTH]):
        task = f.point[st.seq[t, i], c.TASK]
        for j in range(f.task[task, c.NEEDS], f.task[task, c.NEEDS_END]):
            row = st.trip[trip_of_task(f, st, f.needs[j])]
            if latest < row[c.LIMIT]:
                row[c.LIMIT] = latest
                changed = True
    return changed


@glue
def measured_again(f: Facts, st: State, t: int, w: Work) -> bool:
    """Bring the figures of a trip up to date with its calls; false if it cannot be driven."""
    row = st.trip[t]
    before, length, s = row[c.COST], row[c.LENGTH], row[c.SLOT]
    st.touched[t] = 1
    halts = measure(f, s, st.seq[t], length, w, row)
    if halts == 0:
        return False
    describe(f, s, st.seq[t], length, w, halts, st.gaps[t])
    st.total[c.TOTAL] += row[c.COST] - before
    return True


@part
def open_trip(f: Facts, st: State, s: int, k: int) -> int:
    """A new trip without calls in a slot, before its trip number k; it must be filled at once."""
    t = 0
    while st.trip[t, c.LENGTH]:
        t += 1
    for j in range(st.chained[s], k, -1):
        st.chain[s, j] = st.chain[s, j - 1]
        st.trip[st.chain[s, j], c.NUMBER] = j
    st.chain[s, k] = t
    st.chained[s] += 1
    if st.chained[s] == 1:
        st.holder[f.slot[s, c.VEHICLE]] = s
        st.total[c.TOTAL] += f.slot[s, c.DAY_COST]
        st.total[c.DRIVEN] += 1
    st.trip[t, c.SLOT], st.trip[t, c.NUMBER], st.trip[t, c.COST] = s, k, 0
    st.total[c.TOP] = max(st.total[c.TOP], t + 1)
    st.touched[t] = 1
    return t


@part
def close_trip(f: Facts, st: State, t: int) -> None:
    """Take a trip without calls out of its slot."""
    s = st.trip[t, c.SLOT]
    for j in range(st.trip[t, c.NUMBER], st.chained[s] - 1):
        st.chain[s, j] = st.chain[s, j + 1]
        st.trip[st.chain[s, j], c.NUMBER] = j
    st.chained[s] -= 1
    st.total[c.TOTAL] -= st.trip[t, c.COST]
    st.trip[t, c.COST] = st.trip[t, c.LENGTH] = 0
    if st.chained[s] == 0:
        st.holder[f.slot[s, c.VEHICLE]] = -1
        st.total[c.TOTAL] -= f.slot[s, c.DAY_COST]
        st.total[c.DRIVEN] -= 1
    while st.total[c.TOP] and st.trip[st.total[c.TOP] - 1, c.LENGTH] == 0:
        st.total[c.TOP] -= 1
    st.touched[t] = 1


@part
def put(f: Facts, st: State, t: int, seq: Shorts, n: int, w: Work) -> bool:
    """Give a trip these calls, among them all that it has; false if it cannot be driven so."""
    for i in range(n):
        p = seq[i]
        st.seq[t, i] = p
        if st.trip_of[p] < 0:
            task = f.point[p, c.TASK]
            if p == f.task[task, c.FIRST] + f.task[task, c.COUNT] - 1:
                st.total[c.TOTAL] -= f.task[task, c.PRICE]
            st.trip_of[p] = t
    st.trip[t, c.LENGTH] = n
    return measured_again(f, st, t, w)


@part
def take_out(f: Facts, st: State, gone: Flags, w: Work) -> bool:
    """Remove tasks, what needs them, and free collections that nobody needs then; false if a leg that
    is longer than a way round makes what is left undriveable."""
    _with_helped(f, st, gone)
    for t in range(len(gone)):
        if gone[t] and is_served(f, st, t):
            st.total[c.TOTAL] += f.task[t, c.PRICE]
            for p in range(f.task[t, c.FIRST], f.task[t, c.FIRST] + f.task[t, c.COUNT]):
                w.marked[st.trip_of[p]] = 1
                st.trip_of[p] = -1
    drivable = True
    for t in range(st.total[c.TOP] - 1, -1, -1):
        if not w.marked[t]:
            continue
        w.marked[t] = 0
        st.touched[t] = 1  # also where the rest is given up: the trip must be restored
        kept = 0
        for i in range(st.trip[t, c.LENGTH]):
            p = st.seq[t, i]
            if st.trip_of[p] >= 0:
                st.seq[t, kept] = p
                kept += 1
        st.trip[t, c.LENGTH] = kept
        if kept == 0:
            close_trip(f, st, t)
        elif drivable:
            drivable = measured_again(f, st, t, w)
    return drivable and set_times(f, st)


@part
def _with_helped(f: Facts, st: State, gone: Flags) -> None:
    """Tasks that go with the tasks that go."""
    if len(f.needs):
        for t in range(len(gone)):
            for j in range(f.task[t, c.NEEDS], f.task[t, c.NEEDS_END]):
                gone[t] |= gone[f.needs[j]]
    for t in range(len(gone)):
        if f.task[t, c.PRICE] or not is_served(f, st, t):
            continue
        idle = True
        for j in range(f.task[t, c.HELPS], f.task[t, c.HELPS_END]):
            helped = f.helps[j]
            idle &= not is_served(f, st, helped) or gone[helped] > 0
        gone[t] |= idle


@part
def copy(source: State, target: State, whole: bool) -> None:
    """Make a plan like another: only the trips that `target` or `source` touched, or all of them."""
    top = max(source.total[c.TOP], target.total[c.TOP])
    for t in range(top):
        length = source.trip[t, c.LENGTH]
        if whole or source.touched[t] or target.touched[t]:
            for i in range(length):
                target.seq[t, i] = source.seq[t, i]
            for g in range(length + 1):
                for k in range(4):
                    target.gaps[t, g, k] = source.gaps[t, g, k]
        if length or whole or source.touched[t] or target.touched[t]:
            for k in range(source.trip.shape[1]):
                target.trip[t, k] = source.trip[t, k]
        source.touched[t] = target.touched[t] = 0
    _copy_chains(source, target)


@part
def _copy_chains(source: State, target: State) -> None:
    """All of a plan but its trips."""
    for s in range(len(source.chained)):
        target.chained[s] = source.chained[s]
        for k in range(source.chained[s]):
            target.chain[s, k] = source.chain[s, k]
    for p in range(len(source.trip_of)):
        target.trip_of[p] = source.trip_of[p]
    for v in range(len(source.holder)):
        target.holder[v] = source.holder[v]
    for k in range(len(source.total)):
        target.total[k] = source.total[k]


@glue
def load(f: Facts, st: State, flat: Shorts, ends: Ints, w: Work) -> bool:
    """Fill an empty plan: calls one after another, and for each trip its slot and where it ends."""
    begin = 0
    for i in range(len(ends)):
        s, end = ends[i, 0], ends[i, 1]
        t = open_trip(f, st, s, st.chained[s])
        if not put(f, st, t, flat[begin:end], end - begin, w):
            return False
        begin = end
    return set_times(f, st)
