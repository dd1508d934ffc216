"""Ruin and recreate on whole packs, compiled: some hundred thousand rounds a second.

One round looks at a household that could have more, asks one of its options for a pack, makes room
(whoever holds the last pack of that lot, the last kilogram of that room or the last seat gives it
back), lets those who lost something choose anew from what is free, and keeps the outcome if it is
worth more, or little less while the search is hot (simulated annealing, Kirkpatrick, Gelatt and Vecchi
1983, doi:10.1126/science.220.4598.671; ruin and recreate, Schrimpf et al. 2000,
doi:10.1006/jcph.1999.6413). Every row is kept after every step, in integers.

Columns are options, then flags; a flag is set while packs that wait for it are given (`users`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from logistics.solver.compiled import kept

FITS, NO_MORE = -2, -1
"""What `_obstacle` says besides a row: the pack fits, or there is no further one of this option."""

TOGETHER, LOG = 6, 4096
"""Households of one round at most, and packs moved in one round at most."""

MAKE_ROOM, MOVE, FURTHER, RIVALS = 4, 0.03, 0.4, 3
"""Obstacles cleared for one pack at most; how often a household gives all back, as for another
session; how often each household of a round gives one more pack back; households of which the one
to whom a grain is worth most is looked at."""

OVERSHOOT = 0.3
"""What a pack that gives more than is wanted counts beside one that does not."""


F = TypeVar("F", bound=Callable[..., Any])

Turn = Any
"""What one round touches: needs, steps (`i + 1` given, `-(i + 1)` taken), and how many of both."""

NEEDS, STEPS = 0, 1


def _inlined(function: F) -> F:
    """A function that is written out where it is called."""
    return kept(function, inline="always")


@kept
def _luck(random: Any) -> Any:
    """A number from 0 up to 1 (xorshift, Marsaglia 2003, doi:10.18637/jss.v008.i14)."""
    bits = random[0]
    bits ^= bits << np.uint64(13)
    bits ^= bits >> np.uint64(7)
    bits ^= bits << np.uint64(17)
    random[0] = bits
    return (bits >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@_inlined
def _obstacle(columns: Any, entries: Any, rows: Any, flags: Any, i: Any) -> Any:
    """Why one more pack of an option does not fit: a row, `NO_MORE`, or `FITS`."""
    found = FITS
    column = columns[i]
    if column.packs >= column.most:
        found = NO_MORE
    for k in range(column.first, column.last):
        row = rows[entries[k].row]
        if entries[k].weight > 0 and row.total + entries[k].weight > row.upper:
            found = entries[k].row
            break
    if found == FITS:
        for f in range(column.first_flag, column.last_flag):
            flag = columns[flags[f]]
            if flag.packs == 0:
                for k in range(flag.first, flag.last):
                    row = rows[entries[k].row]
                    if row.total + entries[k].weight > row.upper:
                        found = entries[k].row
                        break
    return found


@kept
def _change(columns: Any, entries: Any, rows: Any, i: Any, step: Any) -> None:
    columns[i].packs += step
    for k in range(columns[i].first, columns[i].last):
        rows[entries[k].row].total += step * entries[k].weight


@kept
def _move(columns: Any, entries: Any, rows: Any, needs: Any, flags: Any, i: Any, step: Any) -> None:
    """Give or take one pack, with the flags it waits for, or that nobody waits for any more."""
    before = columns[i].packs
    _change(columns, entries, rows, i, step)
    needs[columns[i].owner].given += step * columns[i].grains
    if before == 0 or before + step == 0:
        for f in range(columns[i].first_flag, columns[i].last_flag):
            flag = flags[f]
            users = columns[flag].users
            columns[flag].users = users + step
            if users == 0 or users + step == 0:
                _change(columns, entries, rows, flag, step)


@kept
def _next_grain(needs: Any, worth: Any, n: Any) -> Any:
    """What one more grain is worth to a need."""
    need = needs[n]
    if need.given >= need.wanted:
        return 0.0
    return worth[need.worth + need.given + 1] - worth[need.worth + need.given]


@kept
def _centre(needs: Any, worth: Any, random: Any) -> Any:
    """The one of some needs to which a grain is worth most; -1 if none of them could have more."""
    found, most = -1, -1.0
    for _ in range(RIVALS):
        n = int(_luck(random) * len(needs))
        if needs[n].last > needs[n].first and needs[n].given < needs[n].wanted:
            gain = _next_grain(needs, worth, n)
            if gain > most:
                found, most = n, gain
    return found


@kept
def _step(
    columns: Any, entries: Any, rows: Any, needs: Any, flags: Any, turn: Turn, i: Any, step: Any
) -> None:
    """Give or take one pack, and note it."""
    _, log, size = turn
    _move(columns, entries, rows, needs, flags, i, step)
    log[size[STEPS]] = step * (i + 1)
    size[STEPS] += 1


@kept
def _joins(turn: Turn, n: Any) -> Any:
    """Make a need part of the round; False if there is no place for it."""
    own, _, size = turn
    for q in range(size[NEEDS]):
        if own[q] == n:
            return True
    if size[NEEDS] == TOGETHER:
        return False
    own[size[NEEDS]] = n
    size[NEEDS] += 1
    return True


@kept
def _holder(columns: Any, places: Any, first: Any, last: Any, random: Any) -> Any:
    """One of some columns of which packs are given, whichever luck meets first; -1 if none is."""
    width = last - first
    start = int(_luck(random) * width)
    for q in range(width):
        i = places[first + (start + q) % width]
        if columns[i].packs > 0:
            return i
    return -1


@kept
def _vacate(
    columns: Any, entries: Any, rows: Any, needs: Any, members: Any, flags: Any, turn: Turn,
    n: Any, flag: Any,
) -> None:  # fmt: skip
    """All packs of a need back that wait for a flag; all of them if `flag` is negative."""
    _, _, size = turn
    for q in range(needs[n].first, needs[n].last):
        i = members[q]
        waits = flag < 0
        for f in range(columns[i].first_flag, columns[i].last_flag):
            waits = waits or flags[f] == flag
        while waits and columns[i].packs > 0 and size[STEPS] < LOG // 2:
            _step(columns, entries, rows, needs, flags, turn, i, -1)


@kept
def _cleared(
    columns: Any, entries: Any, rows: Any, row_columns: Any, needs: Any, members: Any, flags: Any,
    turn: Turn, row: Any, random: Any,
) -> Any:  # fmt: skip
    """Whether somebody in a full row gives a pack back, or a seat with all packs that wait for it."""
    i = _holder(columns, row_columns, rows[row].first, rows[row].last, random)
    if i < 0 or not _joins(turn, columns[i].owner):
        return False
    if columns[i].grains > 0:
        _step(columns, entries, rows, needs, flags, turn, i, -1)
    else:
        _vacate(columns, entries, rows, needs, members, flags, turn, columns[i].owner, i)
    return True


@kept
def _ruin(
    columns: Any, entries: Any, rows: Any, row_columns: Any, needs: Any, members: Any, flags: Any,
    turn: Turn, centre: Any, random: Any,
) -> None:  # fmt: skip
    """Room for a pack that a need would like, and some more; the pack, if it fits then."""
    own, _, size = turn
    own[0], size[NEEDS], size[STEPS] = centre, 1, 0
    width = needs[centre].last - needs[centre].first
    wished = members[needs[centre].first + int(_luck(random) * width)]
    if _luck(random) < MOVE:
        _vacate(columns, entries, rows, needs, members, flags, turn, centre, -1)
    for _ in range(MAKE_ROOM):
        row = _obstacle(columns, entries, rows, flags, wished)
        if row < 0 or not _cleared(
            columns, entries, rows, row_columns, needs, members, flags, turn, row, random
        ):
            break
    for q in range(size[NEEDS]):
        if _luck(random) < FURTHER:
            need = needs[own[q]]
            i = _holder(columns, members, need.first, need.last, random)
            if i >= 0:
                _step(columns, entries, rows, needs, flags, turn, i, -1)
    if _obstacle(columns, entries, rows, flags, wished) == FITS:
        _step(columns, entries, rows, needs, flags, turn, wished, 1)


@kept
def _choice(
    columns: Any, entries: Any, rows: Any, members: Any, flags: Any, need: Any, worth: Any,
    random: Any,
) -> Any:  # fmt: skip
    """A pack that fits, by worth and luck; -1 if none does or nothing is wanted."""
    chosen, greatest = -1, 0.0
    if need.given >= need.wanted:
        return chosen
    now = worth[need.worth + need.given]
    for q in range(need.first, need.last):
        i = members[q]
        if _obstacle(columns, entries, rows, flags, i) == FITS:
            grains = need.given + columns[i].grains
            gain = worth[need.worth + min(grains, need.wanted)] - now
            gain *= _luck(random) * (OVERSHOOT if grains > need.wanted else 1.0)
            if gain > greatest:
                chosen, greatest = i, gain
    return chosen


@kept
def _recreate(
    columns: Any, entries: Any, rows: Any, needs: Any, members: Any, flags: Any, turn: Turn,
    worth: Any, random: Any,
) -> None:  # fmt: skip
    """Whoever is in the round chooses packs, one at a time, those first to whom they are worth most."""
    own, _, size = turn
    waiting = (1 << size[NEEDS]) - 1
    while waiting and size[STEPS] < LOG - 1:
        place, greatest = -1, -1.0
        for q in range(size[NEEDS]):
            if waiting >> q & 1:
                gain = _next_grain(needs, worth, own[q])
                if gain > greatest:
                    place, greatest = q, gain
        chosen = _choice(columns, entries, rows, members, flags, needs[own[place]], worth, random)
        if chosen < 0:
            waiting &= ~(1 << place)
        else:
            _step(columns, entries, rows, needs, flags, turn, chosen, 1)


@kept
def _gained(columns: Any, needs: Any, worth: Any, turn: Turn) -> Any:
    """How much more a round's needs have than before it, in worth."""
    own, log, size = turn
    gained = 0.0
    for q in range(size[NEEDS]):
        need = needs[own[q]]
        before = need.given
        for s in range(size[STEPS]):
            i = abs(log[s]) - 1
            if columns[i].owner == own[q]:
                before -= columns[i].grains if log[s] > 0 else -columns[i].grains
        gained += worth[need.worth + min(need.given, need.wanted)]
        gained -= worth[need.worth + min(before, need.wanted)]
    return gained


@kept
def _kept(rows: Any, checked: Any) -> Any:
    """Whether the rows that taking packs could break are kept, too."""
    for k in range(len(checked)):
        row = rows[checked[k]]
        if not row.lower <= row.total <= row.upper:
            return False
    return True


@kept
def _total(needs: Any, worth: Any) -> Any:
    total = 0.0
    for n in range(len(needs)):
        total += worth[needs[n].worth + min(needs[n].given, needs[n].wanted)]
    return total


@kept
def anneal(
    columns: Any, entries: Any, rows: Any, row_columns: Any, needs: Any, members: Any, flags: Any,
    checked: Any, worth: Any, rounds: Any, hot: Any, cold: Any, goal: Any, random: Any,
) -> Any:  # fmt: skip
    """So many rounds from a plan, which changes; returns its worth.

    The temperature falls from `hot` to `cold`. Ends early at a worth of `goal`.
    """
    turn = np.empty(TOGETHER, np.int64), np.empty(LOG, np.int64), np.zeros(2, np.int64)
    total = _total(needs, worth)
    cooling, heat = (cold / hot) ** (1.0 / max(1, rounds)), hot
    for _ in range(rounds):
        if total >= goal:
            break
        heat *= cooling
        centre = _centre(needs, worth, random)
        if centre < 0:
            continue
        _ruin(columns, entries, rows, row_columns, needs, members, flags, turn, centre, random)
        _recreate(columns, entries, rows, needs, members, flags, turn, worth, random)
        gained = _gained(columns, needs, worth, turn)
        good = gained >= 0 or _luck(random) < np.exp(gained / heat)
        if not (good and _kept(rows, checked)):
            _, log, size = turn
            for s in range(size[STEPS] - 1, -1, -1):
                step = -1 if log[s] > 0 else 1
                _move(columns, entries, rows, needs, flags, abs(log[s]) - 1, step)
            continue
        total += gained
    return total
