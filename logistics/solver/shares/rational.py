"""Linear systems in exact fractions, for the vertices that floating-point solvers point at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import lcm

Row = dict[int, Fraction]


def solved(
    rows: Sequence[Mapping[int, int]], right: Sequence[Fraction]
) -> dict[int, Fraction] | None:
    """The unique solution of a sparse system, None if there is none or more than one.

    Gaussian elimination, the row with the fewest entries first: rows with one unknown, of which such
    bases mostly consist, cost no arithmetic but a subtraction.
    """
    left: list[Row] = [{j: Fraction(c) for j, c in row.items() if c} for row in rows]
    values = list(right)
    users: dict[int, set[int]] = defaultdict(set)
    for r, row in enumerate(left):
        for j in row:
            users[j].add(r)
    unknowns = len(users)
    queue = [(len(row), r) for r, row in enumerate(left)]
    heapify(queue)
    done: list[tuple[int, int]] = []
    finished = [False] * len(left)
    while queue:
        length, r = heappop(queue)
        if finished[r] or length != len(left[r]):
            continue
        finished[r] = True
        if not left[r]:
            if values[r]:
                return None
            continue
        pivot = min(left[r], key=lambda j: len(users[j]))
        done.append((r, pivot))
        for other in sorted(users[pivot] - {r}):
            if finished[other]:
                continue
            _subtract(left, values, users, other, r, pivot)
            heappush(queue, (len(left[other]), other))
        for j in left[r]:
            users[j].discard(r)
    if len(done) < unknowns:
        return None
    found: dict[int, Fraction] = {}
    for r, pivot in reversed(done):
        rest = sum((c * found[j] for j, c in left[r].items() if j != pivot), Fraction(0))
        found[pivot] = (values[r] - rest) / left[r][pivot]
    return found


def _subtract(
    left: list[Row],
    values: list[Fraction],
    users: dict[int, set[int]],
    other: int,
    r: int,
    pivot: int,
) -> None:
    """Take the multiple of row `r` from row `other` that clears the pivot."""
    factor = left[other][pivot] / left[r][pivot]
    for j, c in left[r].items():
        rest = left[other].get(j, Fraction(0)) - factor * c
        if rest:
            left[other][j] = rest
            users[j].add(other)
        else:
            left[other].pop(j, None)
            users[j].discard(other)
    values[other] -= factor * values[r]


def small_multiple(values: Sequence[float], limit: int = 2000) -> list[int] | None:
    """Whole numbers in the proportions of these, by the smallest common multiplier up to `limit`."""
    if not any(values):
        return None
    common = 1
    top = max(values)
    for value in values:
        near = Fraction(value / top).limit_denominator(limit)
        if abs(float(near) - value / top) > 1e-9:
            return [round(v / top * (1 << 40)) for v in values]
        common = lcm(common, near.denominator)
        if common > 1 << 40:
            return [round(v / top * (1 << 40)) for v in values]
    return [round(Fraction(v / top).limit_denominator(limit) * common) for v in values]
