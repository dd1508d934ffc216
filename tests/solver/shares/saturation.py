"""Leximin as the textbook does it, in floating point: raise all, fix who is stuck, again."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from logistics.model.shares import Shares

SLACK = 1e-9
STUCK = 1e-6


def saturated(shares: Shares) -> dict[int, float]:
    """Receipts of all households that want something."""
    wanting = [h for h in range(len(shares.household_ids)) if shares.wanted[h] > 0]
    pairs = [(h, lot) for h in wanting for lot in shares.class_lots[shares.class_of[h]]]
    of = np.array([h for h, _ in pairs], dtype=int)
    rows = [[float(lot == k) for _, lot in pairs] for k in range(len(shares.lot_ids))]
    rows += [[float(c.covers(lot, h)) for h, lot in pairs] for c in shares.capacities]
    right = [float(s) for s in shares.supply] + [float(c.grains) for c in shares.capacities]
    rows += [(of == h).astype(float).tolist() for h in wanting]
    right += [float(shares.wanted[h]) for h in wanting]

    def total(h: int) -> float:
        return float((shares.past_wanted[h] + shares.wanted[h]) * shares.weight[h])

    def at(h: int, level: float) -> float:
        return max(0.0, level * total(h) - shares.past_received[h])

    def most(asked: dict[int, float], climbing: list[int], goal: np.ndarray) -> float:
        a = [[*row, 0.0] for row in rows]
        a += [[*(-(of == h).astype(float)), 0.0] for h in asked]
        a += [[*(-(of == h).astype(float)), total(h)] for h in climbing]
        b = right + [SLACK - v for v in asked.values()]
        b += [float(shares.past_received[h]) for h in climbing]
        bounds = [(0, None)] * len(pairs) + [(None, None)]
        found = linprog(-goal, A_ub=a, b_ub=b, bounds=bounds, method="highs")
        return float(-found.fun)

    fixed: dict[int, float] = {}
    while len(fixed) < len(wanting):
        climbing = [h for h in wanting if h not in fixed]
        level = most(fixed, climbing, np.array([0.0] * len(pairs) + [1.0]))
        asked = fixed | {h: at(h, level) for h in climbing}
        own = {h: np.append((of == h).astype(float), 0.0) for h in climbing}
        stuck = [h for h in climbing if most(asked, [], own[h]) < asked[h] + STUCK]
        assert stuck, "somebody is always stuck"
        fixed |= {h: asked[h] for h in stuck}
    return fixed
