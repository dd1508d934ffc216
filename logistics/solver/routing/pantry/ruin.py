"""What is taken out of a plan before it is put together again: strings of calls, trips, shifts."""

from __future__ import annotations

from logistics.solver.routing.pantry import columns as c
from logistics.solver.routing.pantry.chance import below, luck
from logistics.solver.routing.pantry.columns import Facts, State, Work
from logistics.solver.routing.pantry.jit import part
from logistics.solver.routing.pantry.plan import clear

STRING_MAX = 10
"""Longest string of calls that is taken out of a trip."""

REMOVED_MEAN = 10
"""Calls taken out on average."""

SPLIT = 0.5
"""Share of strings that keep some calls in their middle."""

KEEP_ONE_MORE = 0.01
"""Chance that the middle which is kept ends, after each call of it."""

TRIP_SHARE, SHIFT_SHARE = 0.03, 0.02
"""Shares of the rounds that take out a whole trip, or a whole shift."""


@part
def choose(f: Facts, st: State, w: Work) -> None:
    """Mark the tasks to take out in `w.gone`."""
    clear(w.gone)
    kind = luck(w.chance)
    if st.total[c.DRIVEN] and kind < TRIP_SHARE:
        _whole_trip(f, st, w)
    elif st.total[c.DRIVEN] and kind < TRIP_SHARE + SHIFT_SHARE:
        _whole_shift(f, st, w)
    else:
        _strings(f, st, w)


@part
def _whole_trip(f: Facts, st: State, w: Work) -> None:
    t = below(w.chance, st.total[c.TOP])
    while st.trip[t, c.LENGTH] == 0:
        t = (t + 1) % st.total[c.TOP]
    for i in range(st.trip[t, c.LENGTH]):
        w.gone[f.point[st.seq[t, i], c.TASK]] = 1


@part
def _whole_shift(f: Facts, st: State, w: Work) -> None:
    """All trips of a shift, half of the time the one with the fewest calls."""
    s = fewest_calls(st) if luck(w.chance) < 0.5 else below(w.chance, len(st.chained))
    for k in range(st.chained[s]):
        t = st.chain[s, k]
        for i in range(st.trip[t, c.LENGTH]):
            w.gone[f.point[st.seq[t, i], c.TASK]] = 1


@part
def fewest_calls(st: State) -> int:
    """The shift in use with the fewest calls, 0 if none is."""
    least, found = c.INF, 0
    for s in range(len(st.chained)):
        calls = 0
        for k in range(st.chained[s]):
            calls += st.trip[st.chain[s, k], c.LENGTH]
        if 0 < calls < least:
            least, found = calls, s
    return found


@part
def _strings(f: Facts, st: State, w: Work) -> None:
    """Adjacent string removal: from trips near a call, a string each that holds its nearest call."""
    calls = trips = 0
    for t in range(st.total[c.TOP]):
        calls += st.trip[t, c.LENGTH]
        trips += st.trip[t, c.LENGTH] > 0
    if calls == 0:
        return
    longest = min(float(STRING_MAX), calls / trips)
    most = 4.0 * REMOVED_MEAN / (1.0 + longest) - 1.0
    strings = int(luck(w.chance) * most + 1.0)
    seed = below(w.chance, len(f.point))
    if luck(w.chance) < 0.3:  # go to the rescue of what is left out, if anything is
        seed = _left_out(f, st, seed)
    for i in range(f.near.shape[1]):
        p = f.near[seed, i]
        t = st.trip_of[p]
        if t < 0 or w.marked[t] or w.gone[f.point[p, c.TASK]]:
            continue
        w.marked[t] = 1
        size = int(luck(w.chance) * min(longest, float(st.trip[t, c.LENGTH])) + 1.0)
        _string(f, st, t, p, size, w)
        strings -= 1
        if strings == 0:
            break
    clear(w.marked)


@part
def _left_out(f: Facts, st: State, seed: int) -> int:
    """A call that is wanted and not made, the first from a number on; that number if there is none."""
    for i in range(len(f.point)):
        p = (seed + i) % len(f.point)
        if st.trip_of[p] < 0 and f.task[f.point[p, c.TASK], c.PRICE]:
            return p
    return seed


@part
def _string(f: Facts, st: State, t: int, p: int, size: int, w: Work) -> None:
    """Mark a string of a trip that holds a call; with luck calls in its middle are kept."""
    n = st.trip[t, c.LENGTH]
    at = 0
    while st.seq[t, at] != p:
        at += 1
    kept = 0
    if size > 1 and size < n and luck(w.chance) < SPLIT:
        kept = 1
        while size + kept < n and luck(w.chance) > KEEP_ONE_MORE:
            kept += 1
    whole = size + kept
    low, high = max(0, at - whole + 1), min(at, n - whole)
    begin = low + below(w.chance, high - low + 1)
    keep_from = begin + 1 + below(w.chance, max(1, size - 1)) if kept else n
    for i in range(begin, begin + whole):
        if not keep_from <= i < keep_from + kept:
            w.gone[f.point[st.seq[t, i], c.TASK]] = 1
