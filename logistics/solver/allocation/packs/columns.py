"""Households choose among baskets (`baskets.py`): tighter than split packs, by column generation.

The master program mixes baskets of each household (shares that sum to 1) within the rows that
households share; its prices make new baskets until none is worth more than it costs (Dantzig and Wolfe
1960, doi:10.1287/opre.8.1.101). Baskets are kept from call to call.

Any prices y >= 0 bound what whole packs can gain: y u + sum over households of the best (gain - cost) of
a basket. Recomputed in integers, that proves what is impossible, whatever the rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import frexp
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, identity, vstack

from logistics.solver.allocation.events import Event, Tie
from logistics.solver.allocation.packs.baskets import NEVER, Baskets, Ints, Numbers
from logistics.solver.allocation.packs.matrix import Floats, Matrix
from logistics.solver.allocation.quiet import hushed

GAP = 1e-3
"""Relative gap at which a mix is good enough to search with."""

EPSILON = 1e-7
PENALTY = 10.0
"""Price of a household without a basket, in units of the largest gain."""

FORBIDDEN = -(1 << 50)
"""Gain of grains that are not allowed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of receipts: `gain[need, grains]`, and per tie the least grains that count."""

    gain: Numbers
    targets: tuple[Mapping[int, int], ...] = ()
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mix:
    """Outcome: which options the mixed baskets use, or that nothing can keep what is asked."""

    used: NDArray[np.bool_] | None = None
    impossible: bool = False


class Columns:
    """The baskets made so far for a shape, and the mixes of them."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.baskets = Baskets(matrix.shape)
        owner = np.zeros(matrix.size, dtype=np.int64)
        for n, own in enumerate(matrix.owned):
            owner[own] = n
        rows = matrix.rows.tocsr()
        shared = [
            r
            for r, (a, b) in enumerate(zip(rows.indptr, rows.indptr[1:], strict=False))
            if len(set(owner[rows.indices[a:b]])) > 1
        ]
        self.rows = rows[shared]
        self.whole = self.rows.astype(np.int64)
        self.limits = matrix.limits[shared]
        self.keys: list[tuple[int, int, tuple[tuple[int, int], ...]]] = []
        """Need, grains that it receives, and packs per column of each basket."""
        self._last = np.zeros(len(self.limits))
        self._known: set[tuple[int, int, tuple[tuple[int, int], ...]]] = set()

    def asked(
        self,
        lower: Sequence[int],
        ties: Sequence[Tie] = (),
        goal: Sequence[Event] = (),
        count: int = 0,
        gains: Mapping[int, Sequence[tuple[int, float]]] | None = None,
    ) -> Asked:
        """Lower bounds, ties, `count` events of a goal, and what grains above the bounds gain."""
        width = self.baskets.width
        gain = np.full((len(lower), width), float(FORBIDDEN))
        for n, bound in enumerate(lower):
            gain[n, bound:] = 0
            below = bound
            for grains, each in (gains or {}).get(n, ()):
                if grains > below:
                    steps = np.arange(width) - below
                    gain[n, bound:] += (each * np.clip(steps, 0, grains - below))[bound:]
                    below = grains
        every = [*((tie.events, tie.count) for tie in ties), (goal, count)]
        kept = [({e.need: e.target for e in events}, least) for events, least in every if least > 0]
        return Asked(gain, tuple(t for t, _ in kept), tuple(c for _, c in kept))

    def mix(self, asked: Asked, seconds: float) -> Mix:
        """The best mix of baskets, as far as the time allows."""
        end = monotonic() + seconds
        limits = np.concatenate([self.limits, [-float(count) for count in asked.counts]])
        prices, best = np.zeros(len(limits)), float("inf")
        prices[: len(self.limits)] = self._last
        penalty = PENALTY * max(1.0, float(asked.gain.max()))
        used: NDArray[np.bool_] | None = None
        settled = False  # whether the prices are those of this mix
        while monotonic() < end:
            bound, fresh = self._extended(asked, prices, limits)
            if bound < -EPSILON and self._refuted(asked, prices):
                return Mix(impossible=True)
            best = min(best, bound)
            solved = self._master(asked, limits, penalty, end - monotonic())
            if solved is None:
                break
            reached, prices, used, complete = solved
            self._last = prices[: len(self.limits)]
            if complete and not asked.gain.max() > 0:
                break
            if (settled and not fresh) or best - reached <= GAP * abs(reached):
                break
            settled = True
        return Mix(used)

    def _scores(self, asked: Asked, cost: Numbers, ties: Numbers) -> Numbers:
        """Gain less cost of each mode's cheapest baskets, by grains."""
        gain = asked.gain.astype(cost.dtype)
        for targets, price in zip(asked.targets, ties, strict=True):
            for n, grains in targets.items():
                gain[n, grains:] += price
        return gain[self.baskets.needs] - cost

    def _best(self, scores: Numbers) -> tuple[Numbers, Ints]:
        """Per need the best score and its mode."""
        per_mode = scores.max(axis=1)
        best = np.full(len(self.matrix.meals), FORBIDDEN, dtype=scores.dtype)
        modes = np.full(len(best), -1, dtype=np.int64)
        for mode, n in enumerate(self.baskets.needs):
            if per_mode[mode] > best[n]:
                best[n], modes[n] = per_mode[mode], mode
        return best, modes

    def _extended(self, asked: Asked, prices: Floats, limits: Floats) -> tuple[float, int]:
        """The bound that prices give; each need's best basket is added: how many are new."""
        split = len(self.limits)
        priced = self.baskets.priced(self.rows.T @ prices[:split])
        scores = self._scores(asked, priced.cost, prices[split:])
        values, modes = self._best(scores)
        fresh = 0
        for n, mode in enumerate(modes):
            if mode >= 0:
                grains = int(scores[mode].argmax())
                packs = priced.basket(int(mode), grains)
                if packs and self.baskets.seats[mode] >= 0:
                    packs[int(self.baskets.seats[mode])] = 1
                key = (n, grains, tuple(sorted(packs.items())))
                fresh += key not in self._known
                if key not in self._known:
                    self._known.add(key)
                    self.keys.append(key)
        return float(values.sum() + prices @ limits), fresh

    def _refuted(self, asked: Asked, prices: Floats) -> bool:
        """Whether prices prove, in integers, that no baskets keep what is asked (gains are 0).

        Where a shared row asks for packs, taking more than is wanted may pay; nothing is proven then.
        """
        if asked.gain.max() > 0 or (self.rows.data < 0).any():
            return False
        split = len(self.limits)
        most = np.array([*self.matrix.shape.most, *([1] * (self.matrix.size - self.matrix.packs))])
        reach = float(
            np.abs(prices[:split] @ self.rows) @ most
            + prices[:split] @ np.abs(self.limits)
            + prices[split:].sum() * len(self.matrix.meals)
        )
        scale = 1 << max(0, min(32, 48 - frexp(reach)[1]))
        exact = np.rint(prices * scale).astype(np.int64)
        priced = self.baskets.priced(self.whole.T @ exact[:split])
        best, _ = self._best(self._scores(asked, priced.cost, exact[split:]))
        total = int(exact[:split] @ self.limits.astype(np.int64)) - sum(
            int(price) * count for price, count in zip(exact[split:], asked.counts, strict=True)
        )
        return total + sum(int(value) for value in best) < 0

    def _master(
        self, asked: Asked, limits: Floats, penalty: float, seconds: float
    ) -> tuple[float, Floats, NDArray[np.bool_], bool] | None:
        """Value, prices, used options and completeness of the best mix of the baskets so far."""
        keys = [key for key in self.keys if asked.gain[key[0], key[1]] > FORBIDDEN]
        needs = np.array([n for n, _, _ in keys], dtype=np.int64)
        count, every = len(keys), len(self.matrix.meals)
        entries = [(j, i, q) for j, (_, _, packs) in enumerate(keys) for i, q in packs]
        column, variable, packs = np.array(entries, dtype=np.int64).reshape(-1, 3).T
        taken = csr_matrix((packs, (variable, column)), shape=(self.matrix.size, count))
        rising = [
            [float(targets.get(n, NEVER) <= grains) for n, grains, _ in keys]
            + [float(n in targets) for n in range(every)]
            for targets in asked.targets
        ]
        rows = hstack([self.rows @ taken, csr_matrix((len(self.limits), every))])
        if rising:
            rows = vstack([rows, csr_matrix(-np.array(rising))])
        one = csr_matrix((np.ones(count), (needs, np.arange(count))), shape=(every, count))
        gain = np.concatenate(
            [[asked.gain[n, grains] for n, grains, _ in keys], np.full(every, -penalty)]
        )
        with hushed():
            result = linprog(
                -gain,
                A_ub=rows.tocsr(),
                b_ub=limits,
                A_eq=hstack([one, identity(every)]).tocsr(),
                b_eq=np.ones(every),
                method="highs-ds",
                options={"time_limit": max(0.05, seconds)},
            )
        if result.x is None:
            return None
        mixed = np.asarray(taken @ result.x[:count])[: self.matrix.packs]
        complete = bool(result.x[count:].sum() < EPSILON)
        prices = np.maximum(0.0, -result.ineqlin.marginals)
        return -result.fun, prices, mixed > EPSILON, complete
