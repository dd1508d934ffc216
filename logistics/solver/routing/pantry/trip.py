"""One trip, compiled: halts, loads, and the three moments that say all about its timing.

A trip with its calls in order is a system of differences. Let it end at `SOONEST` at the soonest, start
at `LATEST` at the latest, and let the longest chain of driving, service and cold spans from its start
to its end take T seconds. Started at any moment b <= `LATEST` it ends at the soonest at
max(`SOONEST`, b + T), and the latest start that still ends then makes it last
`LASTS` = max(T, `SOONEST` - `LATEST`) whatever b is. A trip's cost does not depend on the day around it,
and its end is max(`SOONEST`, b + `LASTS`).
"""

from __future__ import annotations

from logistics.solver.routing.pantry import columns as c
from logistics.solver.routing.pantry.columns import Facts, Ints, Shorts, Work
from logistics.solver.routing.pantry.jit import part
from logistics.solver.routing.problem import METRE_COST, SECOND_COST

H_PLACE, H_SITE, H_CALLS, H_OPEN, H_START_BY, H_LEAVE_BY, H_SERVICE, H_HOLD = range(8)


@part
def measure(f: Facts, s: int, seq: Shorts, n: int, w: Work, found: Ints) -> int:
    """Fill in the figures of a trip; the number of its halts, 0 if no moment keeps every rule.

    The columns of a trip up to `LOADED` and its grams from `LEAVING` on are written, and the halts in
    `w.halt` with the halt of each call in `w.where`.
    """
    if not _loads(f, s, seq, n, found):
        return 0
    halts, spans = _halts(f, s, seq, n, w, found)
    halt, slot = w.halt, f.slot
    metres = busy = 0
    moment = slot[s, c.START]
    for h in range(halts):
        if h:
            a, b = halt[h - 1, H_PLACE], halt[h, H_PLACE]
            metres += f.legs[a, b, 0]
            busy += f.legs[a, b, 1]
            moment += f.legs[a, b, 1]
        moment = max(moment, halt[h, H_OPEN])
        if moment > min(halt[h, H_START_BY], halt[h, H_LEAVE_BY] - halt[h, H_SERVICE]):
            return 0
        moment += halt[h, H_SERVICE]
        busy += halt[h, H_SERVICE]
    soonest = moment
    compact, latest = soonest, slot[s, c.END]
    for h in range(halts - 1, -1, -1):
        if h < halts - 1:
            drive = f.legs[halt[h, H_PLACE], halt[h + 1, H_PLACE], 1]
            compact -= drive
            latest -= drive
        cap = min(halt[h, H_START_BY], halt[h, H_LEAVE_BY] - halt[h, H_SERVICE])
        compact = min(compact - halt[h, H_SERVICE], cap)
        latest = min(latest - halt[h, H_SERVICE], cap)
    # A trip no longer than the cold minutes keeps them all.
    if spans and soonest - compact > slot[s, c.COLD_MAX]:
        soonest = _soonest(f, s, seq, n, w, halts)
        if soonest < 0:
            return 0
        compact = _latest(f, s, seq, n, w, halts, soonest)
        latest = _latest(f, s, seq, n, w, halts, slot[s, c.END])
    found[c.LENGTH], found[c.SOONEST], found[c.LATEST] = n, soonest, latest
    found[c.LASTS], found[c.METRES], found[c.BUSY] = soonest - compact, metres, busy
    found[c.COST] += METRE_COST * metres + SECOND_COST * (soonest - compact)
    return halts


@part
def describe(f: Facts, s: int, seq: Shorts, n: int, w: Work, halts: int, gaps: Ints) -> None:
    """Fill in the gaps of the trip that has just been measured, without regard to cold spans."""
    halt = w.halt
    moment, busy = f.slot[s, c.START], 0
    for h in range(halts):
        if h:
            drive = f.legs[halt[h - 1, H_PLACE], halt[h, H_PLACE], 1]
            moment, busy = moment + drive, busy + drive
        moment = max(moment, halt[h, H_OPEN]) + halt[h, H_SERVICE]
        busy += halt[h, H_SERVICE]
        halt[h, H_SITE], halt[h, H_CALLS] = moment, busy
    for g in range(n + 1):
        before = w.where[seq[g - 1]] if g else 0
        gaps[g, c.LEFT], gaps[g, c.SINCE] = halt[before, H_SITE], halt[before, H_CALLS]
    moment, busy = f.slot[s, c.END], 0
    for h in range(halts - 1, -1, -1):
        if h < halts - 1:
            drive = f.legs[halt[h, H_PLACE], halt[h + 1, H_PLACE], 1]
            moment, busy = moment - drive, busy + drive
        cap = min(halt[h, H_START_BY], halt[h, H_LEAVE_BY] - halt[h, H_SERVICE])
        moment = min(moment - halt[h, H_SERVICE], cap)
        busy += halt[h, H_SERVICE]
        halt[h, H_SITE], halt[h, H_CALLS] = moment, busy
    for g in range(n + 1):
        after = w.where[seq[g]] if g < n else halts - 1
        gaps[g, c.REACHED], gaps[g, c.UNTIL] = halt[after, H_SITE], halt[after, H_CALLS]


@part
def _loads(f: Facts, s: int, seq: Shorts, n: int, found: Ints) -> bool:
    """Whether home and compartments allow a trip; notes what its tasks add up to."""
    classes = f.slot.shape[1] - c.ROOM
    for k in range(classes):
        found[c.LEAVING + k] = 0
    found[c.LOADED], found[c.AFTER], found[c.BEFORE], found[c.COST] = 0, -c.INF, c.INF, 0
    loads = False
    for i in range(n):
        p = seq[i]
        loads |= f.point[p, c.LOADS] > 0
        t = f.point[p, c.TASK]
        if p != f.task[t, c.FIRST] + f.task[t, c.COUNT] - 1:
            continue
        if not f.allowed[t, s]:
            return False
        found[c.COST] += f.extra[t, s]
        found[c.LOADED] += f.task[t, c.FROM]
        found[c.AFTER] = max(found[c.AFTER], f.task[t, c.RELEASE])
        found[c.BEFORE] = min(found[c.BEFORE], f.task[t, c.DUE])
        for k in range(classes):
            found[c.LEAVING + k] += f.task[t, c.OUT + k]
    for k in range(classes):
        if found[c.LEAVING + k] > f.slot[s, c.ROOM + k]:
            return False
        if loads and _fullest(f, seq, n, k, found[c.LEAVING + k]) > f.slot[s, c.ROOM + k]:
            return False
    return True


@part
def _fullest(f: Facts, seq: Shorts, n: int, k: int, board: int) -> int:
    """Grams of a class on board at the fullest of all stops: calls in a row at one place are one."""
    most, i = board, 0
    while i < n:
        place = f.point[seq[i], c.PLACE]
        full = board
        while i < n and f.point[seq[i], c.PLACE] == place:
            change = f.point[seq[i], c.CHANGE + k]
            full += max(change, 0)
            board += change
            i += 1
        most = max(most, full)
    return most


@part
def _halts(f: Facts, s: int, seq: Shorts, n: int, w: Work, found: Ints) -> tuple[int, bool]:
    """Write the halts from home to home; their number, and whether cold spans bind the trip."""
    slot, point = f.slot, f.point
    unloads = spans = False
    for i in range(n):
        t = point[seq[i], c.TASK]
        unloads |= f.task[t, c.TO] > 0
        spans |= f.task[t, c.COLD] < f.task[t, c.COLD_END]
    start, end = slot[s, c.START], slot[s, c.END]
    dock = slot[s, c.DOCK] if found[c.LOADED] else 0
    halts = _add(w.halt, 0, slot[s, c.HOME], 1, 0, start, end, end, dock)
    for i in range(n):
        p = seq[i]
        halts = _add(
            w.halt,
            halts,
            point[p, c.PLACE],
            point[p, c.SITE],
            1,
            point[p, c.OPEN],
            point[p, c.START_BY],
            point[p, c.LEAVE_BY],
            point[p, c.SERVICE],
        )
        w.where[p] = halts - 1
    dock = slot[s, c.DOCK] if unloads else 0
    halts = _add(w.halt, halts, slot[s, c.BACK], 1, 0, start, end, end, dock)
    return halts, spans and slot[s, c.COLD_MAX] >= 0


@part
def _add(
    halt: Ints,
    halts: int,
    place: int,
    is_site: int,
    calls: int,
    open_s: int,
    start_by_s: int,
    leave_by_s: int,
    service_s: int,
) -> int:
    """Add a halt, or make it one with the last if both are at one site and can start together."""
    if halts:
        last = halt[halts - 1]
        if last[H_PLACE] == place and last[H_SITE] and is_site and last[H_CALLS] + calls:
            opens, service = max(last[H_OPEN], open_s), max(last[H_SERVICE], service_s)
            start_by, leave_by = (
                min(last[H_START_BY], start_by_s),
                min(last[H_LEAVE_BY], leave_by_s),
            )
            if opens <= min(start_by, leave_by - service):
                last[H_CALLS] += calls
                last[H_OPEN], last[H_START_BY] = opens, start_by
                last[H_LEAVE_BY], last[H_SERVICE] = leave_by, service
                return halts
    new = halt[halts]
    new[H_PLACE], new[H_SITE], new[H_CALLS], new[H_OPEN] = place, is_site, calls, open_s
    new[H_START_BY], new[H_LEAVE_BY], new[H_SERVICE] = start_by_s, leave_by_s, service_s
    return halts + 1


@part
def _end(where: Shorts, end: int, halts: int) -> int:
    """The halt at which a cold span begins or ends."""
    if end >= 0:
        return int(where[end])
    return 0 if end == -1 else halts - 1


@part
def _soonest(f: Facts, s: int, seq: Shorts, n: int, w: Work, halts: int) -> int:
    """Earliest end that keeps the cold minutes, by relaxation to a fixed point; -1 if there is none."""
    halt, limit = w.halt, f.slot[s, c.COLD_MAX]
    for h in range(halts):
        halt[h, H_HOLD] = 0
    # Starts are kept in H_CALLS from here on, leaves in H_SITE: nothing is added any more.
    for _ in range(2 * halts + 1):
        moment = f.slot[s, c.START]
        for h in range(halts):
            if h:
                moment += f.legs[halt[h - 1, H_PLACE], halt[h, H_PLACE], 1]
            moment = max(moment, halt[h, H_OPEN])
            if moment > min(halt[h, H_START_BY], halt[h, H_LEAVE_BY] - halt[h, H_SERVICE]):
                return -1
            halt[h, H_CALLS] = moment
            moment = max(moment + halt[h, H_SERVICE], halt[h, H_HOLD])
            if moment > halt[h, H_LEAVE_BY]:
                return -1
            halt[h, H_SITE] = moment
        waits = False
        for i in range(n):
            t = f.point[seq[i], c.TASK]
            if seq[i] != f.task[t, c.FIRST]:
                continue
            for span in range(f.task[t, c.COLD], f.task[t, c.COLD_END]):
                a = _end(w.where, f.cold[span, 0], halts)
                b = _end(w.where, f.cold[span, 1], halts)
                leave = halt[b, H_CALLS] - limit
                if leave > halt[a, H_SITE]:
                    halt[a, H_HOLD] = max(halt[a, H_HOLD], leave)
                    waits = True
        if not waits:
            return int(moment)
    return -1


@part
def _latest(f: Facts, s: int, seq: Shorts, n: int, w: Work, halts: int, end: int) -> int:
    """Latest start with which a trip that can be driven still ends at a moment."""
    halt, limit = w.halt, f.slot[s, c.COLD_MAX]
    for h in range(halts):
        halt[h, H_CALLS] = min(halt[h, H_START_BY], halt[h, H_LEAVE_BY] - halt[h, H_SERVICE])
    for _ in range(2 * halts + 1):
        moment = end
        for h in range(halts - 1, -1, -1):
            moment = min(moment, halt[h, H_LEAVE_BY])
            halt[h, H_SITE] = moment
            halt[h, H_CALLS] = min(moment - halt[h, H_SERVICE], halt[h, H_CALLS])
            moment = halt[h, H_CALLS]
            if h:
                moment -= f.legs[halt[h - 1, H_PLACE], halt[h, H_PLACE], 1]
        late = False
        for i in range(n):
            t = f.point[seq[i], c.TASK]
            if seq[i] != f.task[t, c.FIRST]:
                continue
            for span in range(f.task[t, c.COLD], f.task[t, c.COLD_END]):
                b = _end(w.where, f.cold[span, 1], halts)
                start = halt[_end(w.where, f.cold[span, 0], halts), H_SITE] + limit
                if start < halt[b, H_CALLS]:
                    halt[b, H_CALLS] = start
                    late = True
        if not late:
            break
    return int(halt[0, H_CALLS])
