"""Exact arithmetic around the floating-point solvers: checks of packs, safe dual bounds.

A solver's claim is never taken on trust: whole packs are checked row by row in integers, and a dual
bound is recomputed in integers from the (rounded) multipliers, which makes it valid whatever the
rounding (Neumaier and Shcherbina 2004, doi:10.1007/s10107-003-0433-3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import frexp

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from logistics.solver.allocation.shape import Shape

DUAL_SCALE = 1 << 32
"""Multipliers are rounded to this fraction."""


def keeps_rows(shape: Shape, packs: Sequence[int]) -> bool:
    """Whether whole packs keep every row and every variable's range."""
    ranges = (*shape.most, *([1] * len(shape.flags)))
    if any(not 0 <= given <= most for given, most in zip(packs, ranges, strict=True)):
        return False
    for row in shape.rows:
        total = sum(c * packs[i] for i, c in row.terms)
        if row.upper is not None and total > row.upper:
            return False
        if row.lower is not None and total < row.lower:
            return False
    return True


def dual_bound_of(
    shape: Shape,
    need: int,
    lower: Sequence[int],
    row_duals: Mapping[int, float],
    meal_duals: Mapping[int, float],
) -> int:
    """Largest number of grains that `need` can receive, proven by multipliers.

    For any multipliers y of the rows (>= 0 on an upper, <= 0 on a lower side) and z <= 0 of the lower
    bounds b on meals, max c x <= y u + z b + sum_i most_i max(0, c_i - (A'y)_i - (M'z)_i). Computed
    in integers, rounded down to whole grains.
    """
    reduced = [0] * (len(shape.most) + len(shape.flags))
    for i in shape.members[need]:
        reduced[i] += shape.meals[i] * DUAL_SCALE
    total = 0
    for r, dual in row_duals.items():
        row, y = shape.rows[r], round(dual * DUAL_SCALE)
        side = row.upper if y > 0 else row.lower
        if side is None or y == 0:
            continue
        total += y * side
        for i, c in row.terms:
            reduced[i] -= y * c
    for n, dual in meal_duals.items():
        z = min(0, round(dual * DUAL_SCALE))
        total += z * lower[n]
        for i in shape.members[n]:
            reduced[i] -= z * shape.meals[i]
    for i, rest in enumerate(reduced):
        if rest > 0:
            total += rest * (shape.most[i] if i < len(shape.most) else 1)
    return total // DUAL_SCALE


def safe_maximum(
    rows: csr_matrix,
    limits: NDArray[np.float64],
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
    gain: NDArray[np.float64],
    prices: NDArray[np.float64],
) -> int:
    """Most that `gain x` can be over rows x <= limits and bounds, proven by prices, rounded down.

    For any prices y >= 0, max g x <= y u + sum_j max(l_j d_j, h_j d_j) with d = g - A'y. All data are
    whole numbers; the prices are rounded to a power of 1/2 so fine that nothing leaves 63 bits.
    """
    reach = float(
        prices @ np.abs(limits)
        + (np.abs(gain) + np.abs(rows).T @ prices) @ np.maximum(1.0, np.abs(bounds[1]))
    )
    scale = 1 << max(0, min(32, 60 - frexp(reach)[1]))
    whole = np.rint(prices * scale).astype(np.int64)
    rest = gain.astype(np.int64) * scale - rows.astype(np.int64).T @ whole
    low, high = (side.astype(np.int64) for side in bounds)
    total = int(whole @ limits.astype(np.int64)) + int(np.maximum(low * rest, high * rest).sum())
    return total // scale
