"""Cheapest shifts by labelling, with memory of some calls only (ng-routes) or of all.

A label is a shift under way: it has left call v at `E` at the earliest. A trip that takes D seconds
without waiting and starts at L at the latest ends no sooner than max(E, L + D) if it starts at L, so its
least duration is max(E - L, D) and its time costs max(U, W + w E), where w is the cost of a second,
U = cost + w D and W = cost - w L. A label is dominated by one at the same call that is nowhere worse
in E, U, W, in what it may still do and in the goods on board. Labels remember a call only while they
stay within its neighbourhood (Baldacci, Mingozzi and Roberti 2011, doi:10.1287/opre.1110.0975), so a
shift may call twice at one place, which makes the cheapest reduced cost a bound from below.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logistics.solver.compiled import kept
from logistics.solver.routing.proof.graph import Bits, Ints

BUCKET_S = 60
"""Labels are extended in order of time, those of one minute together."""

# Columns of a label's numbers and bits.
E, U, W, GOODS = 0, 1, 2, 3
SEEN, OPEN, TRIP, SHIFT = 0, 1, 2, 3
# Bits of a trip's mode: it docked to load at its start, and will dock to unload at its end.
LOADED, UNLOADS = 1, 2


@kept
def dominates(
    num: Ints, bits: Bits, mode: NDArray[np.int8], a: int, b: int, goods: int, loose: bool
) -> bool:
    """Whether label a can replace label b; `loose` forgets what b may still do."""
    if num[a, 0] > num[b, 0] or num[a, 1] > num[b, 1] or num[a, 2] > num[b, 2]:
        return False
    if bits[a, 1] != bits[b, 1]:
        return False
    if (mode[a] & 1) < (mode[b] & 1) or (mode[a] & 2) > (mode[b] & 2):
        return False
    if loose:
        return True
    if bits[a, 0] & ~bits[b, 0] or bits[a, 2] & ~bits[b, 2] or bits[a, 3] & ~bits[b, 3]:
        return False
    for k in range(3, 3 + goods):  # noqa: SIM110 (compiled)
        if num[a, k] > num[b, k]:
            return False
    return True


@kept
def step(  # noqa: C901 (rules of one call, compiled)
    num: Ints, bits: Bits, mode: NDArray[np.int8], a: int, b: int, p: int, q: int, load: int,
    second_cost: int, end_s: int, dock_s: int, arc: NDArray[np.int8], drive_s: Ints, cost: Ints,
    opens: Ints, closes: Ints, service: Ints, service_max: Ints, loads: NDArray[np.bool_],
    unloads: NDArray[np.bool_], back_s: Ints, room: Ints, hub_g: Ints, board_g: Ints,
    wanted: Bits, cleared: Bits, opened: Bits, bars_trip: Bits, bars_shift: Bits, near: Bits,
    prize: Ints,
) -> bool:  # fmt: skip
    """Write to row b the label a (at p, home being n) extended to call q; whether that is allowed."""
    n = len(opens)
    how = arc[p, q]
    bit = np.uint64(1) << np.uint64(q)
    if how == 0 or (bits[a, 0] | bits[a, 2] | bits[a, 3]) & bit:
        return False
    if wanted[q] & ~bits[a, 1] or opened[q] & bits[a, 1]:
        return False
    m = mode[a]
    e, u, w = num[a, 0], num[a, 1], num[a, 2]
    if p == n:
        m = load
        e += dock_s * load
        u += second_cost * dock_s * load
        w -= second_cost * end_s
    if loads[q] and not m & 1:
        return False
    if unloads[q]:
        m = m | 2
    if how == 2:  # at the same stop
        if e - service_max[p] > closes[q]:
            return False
        e = max(e, opens[q] + service[q])
        w = max(w, u - second_cost * (closes[q] + service_max[p]))
    else:
        e = max(e + drive_s[p, q], opens[q])
        if e > closes[q]:
            return False
        u += cost[p, q] + second_cost * drive_s[p, q]
        w = max(w + cost[p, q], u - second_cost * closes[q])
        e += service[q]
        u += second_cost * service[q]
    if e + back_s[q] + (dock_s if m & 2 else 0) > end_s:
        return False
    goods = len(room)
    for k in range(goods):
        board = board_g[q, k]
        most = hub_g[q, k]
        if p != n:
            board += num[a, 3 + goods + k]
            most += num[a, 3 + k]
        most = max(most, board)
        if most > room[k]:
            return False
        num[b, 3 + k] = most
        num[b, 3 + goods + k] = board
    num[b, 0], num[b, 1], num[b, 2] = e, u - prize[q], w - prize[q]
    bits[b, 0] = (bits[a, 0] & near[q]) | bit
    bits[b, 1] = (bits[a, 1] & ~cleared[q]) | opened[q]
    bits[b, 2] = (np.uint64(0) if p == n else bits[a, 2]) | bars_trip[q]
    bits[b, 3] = bits[a, 3] | bars_shift[q]
    mode[b] = m
    return True


@kept
def come_home(
    num: Ints, bits: Bits, mode: NDArray[np.int8], a: int, b: int, p: int, second_cost: int,
    end_s: int, dock_s: int, drive_s: Ints, cost: Ints, near: Bits,
) -> bool:  # fmt: skip
    """Write to row b the label a (at p) whose trip ends; whether that is allowed."""
    n = len(near) - 1
    unload_s = dock_s if mode[a] & 2 else 0
    e = num[a, 0] + drive_s[p, n] + unload_s
    if bits[a, 1] or e > end_s:
        return False
    u = num[a, 1] + cost[p, n] + second_cost * (drive_s[p, n] + unload_s)
    w = num[a, 2] + cost[p, n]
    num[b, 0] = e
    num[b, 1] = num[b, 2] = max(u, w + second_cost * e)
    for k in range(3, num.shape[1]):
        num[b, k] = 0
    bits[b, 0] = bits[a, 0] & near[n]
    bits[b, 1] = bits[b, 2] = 0
    bits[b, 3] = bits[a, 3]
    mode[b] = 0
    return True


@kept
def keep(
    num: Ints, bits: Bits, mode: NDArray[np.int8], b: int, at: int, first: Ints,
    following: Ints, dead: NDArray[np.bool_], goods: int, loose: bool,
) -> bool:  # fmt: skip
    """Put label b on the list of its call, lowest U first, unless one there dominates it; drop
    those it dominates."""
    before = -1
    other = first[at]
    while other >= 0 and num[other, 1] <= num[b, 1]:
        if dominates(num, bits, mode, other, b, goods, loose):
            return False
        before, other = other, following[other]
    following[b] = other
    if before < 0:
        first[at] = b
    else:
        following[before] = b
    before = b
    while other >= 0:
        if dominates(num, bits, mode, b, other, goods, loose):
            dead[other] = True
            following[before] = following[other]
        else:
            before = other
        other = following[other]
    return True


@kept
def label(
    num: Ints, bits: Bits, mode: NDArray[np.int8], node: Ints, parent: Ints,
    dead: NDArray[np.bool_], second_cost: int, end_s: int, dock_s: int, arc: NDArray[np.int8],
    drive_s: Ints, cost: Ints, opens: Ints, closes: Ints, service: Ints, service_max: Ints,
    loads: NDArray[np.bool_], unloads: NDArray[np.bool_], back_s: Ints, room: Ints, hub_g: Ints,
    board_g: Ints, wanted: Bits, cleared: Bits, opened: Bits, bars_trip: Bits, bars_shift: Bits,
    near: Bits, prize: Ints, least_load: int, most_load: int, half_s: int, loose: bool,
    whole: bool,
) -> int:  # fmt: skip
    """All labels that none dominates, from an empty shift; their number, or -1 if there is no room.

    Labels later than `half_s` are kept but not extended. With `whole` memory, labels only compete that
    have made the same calls.

    Rows of `num`, `bits`, `mode`, `node`, `parent`, `dead` are labels; row 0 is the empty shift.
    """
    n = len(opens)
    goods = 2 * len(room)
    following = np.full(len(node), -1, dtype=np.int64)
    queued = np.full(len(node), -1, dtype=np.int64)
    first = np.full((n + 1) << n if whole else n + 1, -1, dtype=np.int64)
    bucket = np.full(end_s // 60 + 2, -1, dtype=np.int64)
    num[0, :] = 0
    bits[0, :] = 0
    mode[0] = 0
    node[0], parent[0], dead[0] = n, -1, False
    bucket[0] = 0  # the empty shift dominates none: whoever is sent out must make a call
    used = 1
    for moment in range(len(bucket)):
        while bucket[moment] >= 0:
            a = bucket[moment]
            bucket[moment] = queued[a]
            if dead[a] or num[a, 0] > half_s:
                continue
            p = node[a]
            for q in range(n + 1):
                for load in range(least_load if p == n else 0, (most_load if p == n else 0) + 1):
                    if used == len(node):
                        return -1
                    if q == n:
                        if p == n or not come_home(
                            num,
                            bits,
                            mode,
                            a,
                            used,
                            p,
                            second_cost,
                            end_s,
                            dock_s,
                            drive_s,
                            cost,
                            near,
                        ):
                            continue
                    elif not step(
                        num,
                        bits,
                        mode,
                        a,
                        used,
                        p,
                        q,
                        load,
                        second_cost,
                        end_s,
                        dock_s,
                        arc,
                        drive_s,
                        cost,
                        opens,
                        closes,
                        service,
                        service_max,
                        loads,
                        unloads,
                        back_s,
                        room,
                        hub_g,
                        board_g,
                        wanted,
                        cleared,
                        opened,
                        bars_trip,
                        bars_shift,
                        near,
                        prize,
                    ):
                        continue
                    node[used], parent[used], dead[used] = q, a, False
                    at = (q << n) + int(bits[used, 0]) if whole else q
                    if keep(num, bits, mode, used, at, first, following, dead, goods, loose):
                        slot = num[used, 0] // 60
                        queued[used] = bucket[slot]
                        bucket[slot] = used
                        used += 1
    return used


@kept
def join(
    num: Ints, bits: Bits, mode: NDArray[np.int8], node: Ints, dead: NDArray[np.bool_],
    used: int, back_num: Ints, back_bits: Bits, back_mode: NDArray[np.int8], by_node: Ints,
    starts: Ints, half_s: int, end_s: int, second_cost: int, service_max: Ints, prize: Ints,
    opened: Bits, cleared: Bits, best: Ints, partner: Ints,
) -> None:  # fmt: skip
    """For each label the cheapest end of its shift: labels of the reversed graph at the same call.

    What bars what within the trip at the seam is not looked at: memories do not tell trips apart.

    `by_node[starts[v] : starts[v + 1]]` are labels of the reversed graph at v, cheapest U first. Writes
    reduced costs to `best` and the label that ends the shift to `partner` (-1: none).
    """
    n = len(service_max)
    for a in range(1, used):
        partner[a] = -1
        best[a] = 1 << 60
        v = node[a]
        if dead[a] or (num[a, 0] <= half_s and v != n):
            continue
        if num[a, 0] <= half_s:
            best[a], partner[a] = num[a, 1], 0
            continue
        service_s = 0 if v == n else service_max[v]
        bit = np.uint64(0) if v == n else np.uint64(1) << np.uint64(v)
        turned = np.uint64(0) if v == n else opened[v] | cleared[v]
        gained = 0 if v == n else prize[v]
        for i in range(starts[v], starts[v + 1]):
            b = by_node[i]
            value = num[a, 1] + back_num[b, 1] - second_cost * service_s + gained
            if value >= best[a]:
                break
            if num[a, 0] + back_num[b, 0] - service_s > end_s:
                continue
            if bits[a, 0] & back_bits[b, 0] & ~bit or bits[a, 1] ^ turned != back_bits[b, 1]:
                continue
            if v != n:
                if (back_mode[b] & 2) > 2 * (mode[a] & 1) or (mode[a] & 2) > 2 * (back_mode[b] & 1):
                    continue
                waits = num[a, 2] + back_num[b, 2] + second_cost * end_s + gained
                value = max(value, waits)
            if (bits[a, 3] & back_bits[b, 0] | back_bits[b, 3] & bits[a, 0]) & ~bit:
                continue
            if value < best[a]:
                best[a], partner[a] = value, b


@kept
def share_out(shift: Ints, before: Ints, chosen: Ints) -> Ints:
    """Least cost of each set of calls when one vehicle more may make a part of it.

    `shift[T]` is the cost of a shift that makes the calls T, `before[S]` that of all other vehicles;
    `chosen[S]` is set to the part of S that the vehicle makes.
    """
    cost = before.copy()
    for s in range(len(shift)):
        chosen[s] = 0
        part = s
        while part:
            if shift[part] < cost[s]:
                total = shift[part] + before[s ^ part]
                if total < cost[s]:
                    cost[s] = total
                    chosen[s] = part
            part = (part - 1) & s
    return cost
