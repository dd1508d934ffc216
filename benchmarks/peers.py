"""Other ways to share out a bare instance, beside ours: what people do, and what is published.

Each takes an instance whose packs may be split and gives what every household receives, in grains as
floating-point numbers. None of them watches a clock: whoever runs them does.

- `first_come`: one household after the other takes what it lacks from what is left.
- `equal_split`, `proportional_split`: one lot after the other is split among all who may have it and
  still lack something, into equal parts (what one does not need goes to the others), or in proportion
  to what they lack. This is what coordinators do by hand.
- `saturation`: progressive filling by linear programs, as the textbooks have it: raise everybody's
  level, fix those whose row has a dual, go on (Willson 1998; Pióro and Medhi 2004, section 8.1).
- `ordered_outcomes`, `willson`: the two methods of cvxpy-leximin for splittable goods (Ogryczak and
  Śliwiński 2006, doi:10.1007/11751595_85). The latter counts as stuck who cannot gain one per cent.

The linear programs see one row a class where all members stand at one level whatever happens (nobody
has a past, all weights are equal), which is the smallest model a careful user would write.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logistics.model.shares import Shares

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Peer = Callable[[Shares], Floats]

DUAL = 1e-9
"""A row with a larger dual cannot rise."""
ROUNDING = 1e-8
"""What floating point may take from a level that was fixed, so that the next program has a solution."""
TOLERANCE = 1e-9
"""What HiGHS may leave open in a row; its default of 1e-7 adds up over many levels."""


class GaveUp(Exception):
    """A peer's solver found no answer."""


def first_come(shares: Shares) -> Floats:
    """Households in the order in which they are listed, lots in theirs."""
    left = np.asarray(shares.supply, dtype=float).tolist()
    rooms = [float(capacity.grains) for capacity in shares.capacities]
    of = np.asarray(shares.class_of).tolist()
    received = np.zeros(len(of))
    for h, wanted in enumerate(np.asarray(shares.wanted, dtype=float).tolist()):
        lacks = wanted
        for lot in shares.class_lots[of[h]]:
            over = [k for k, capacity in enumerate(shares.capacities) if capacity.covers(lot, h)]
            taken = min(lacks, left[lot], *(rooms[k] for k in over))
            if taken > 0:
                lacks -= taken
                left[lot] -= taken
                for k in over:
                    rooms[k] -= taken
        received[h] = wanted - lacks
    return received


def equal_split(shares: Shares) -> Floats:
    """Lot after lot in equal parts."""
    return _lot_by_lot(shares, _equal)


def proportional_split(shares: Shares) -> Floats:
    """Lot after lot in proportion to what is lacking."""
    return _lot_by_lot(shares, _proportional)


def _equal(lacks: Floats, supply: float) -> Floats:
    """The same for all, except that nobody gets more than they lack."""
    ordered = np.sort(lacks)
    others = len(lacks) - np.arange(len(lacks))
    used = np.cumsum(ordered) - ordered + ordered * others
    k = int(np.searchsorted(used, supply))
    if k == len(lacks):
        return lacks
    part = (supply - float(ordered[:k].sum())) / others[k]
    found: Floats = np.minimum(lacks, part)
    return found


def _proportional(lacks: Floats, supply: float) -> Floats:
    total = lacks.sum()
    found: Floats = lacks * min(1.0, supply / total) if total else lacks
    return found


def _lot_by_lot(shares: Shares, split: Callable[[Floats, float], Floats]) -> Floats:
    """Split each lot; where a capacity would be passed, all parts that it covers shrink alike."""
    lacks = np.asarray(shares.wanted, dtype=float).copy()
    rooms = [float(capacity.grains) for capacity in shares.capacities]
    members = _households_by_lot(shares)
    for lot, supply in enumerate(np.asarray(shares.supply, dtype=float).tolist()):
        here = members[lot]
        parts = split(lacks[here], supply)
        for k, capacity in enumerate(shares.capacities):
            if capacity.lots is None or lot in capacity.lots:
                inside = np.ones(len(here), dtype=bool)
                if capacity.households is not None:
                    inside = np.isin(here, list(capacity.households))
                asked = float(parts[inside].sum())
                if asked > rooms[k]:
                    parts = np.where(inside, parts * rooms[k] / asked, parts)
                rooms[k] -= min(asked, rooms[k])
        lacks[here] -= parts
    found: Floats = np.asarray(shares.wanted, dtype=float) - lacks
    return found


def _households_by_lot(shares: Shares) -> list[Ints]:
    """Who may have each lot."""
    of = np.asarray(shares.class_of)
    order = np.argsort(of, kind="stable")
    bounds = np.searchsorted(of[order], np.arange(len(shares.class_lots) + 1)).tolist()
    classes: list[list[Ints]] = [[order[:0]] for _ in shares.lot_ids]
    for c, lots in enumerate(shares.class_lots):
        for lot in lots:
            classes[lot].append(order[bounds[c] : bounds[c + 1]])
    return [np.concatenate(own) for own in classes]


@dataclass(frozen=True, slots=False)
class Rows:
    """An instance as sparse rows: one a group of households that stand at one level in any case."""

    shares: Shares

    @cached_property
    def group_of(self) -> Ints:
        """Group of each household: its class, or itself where histories or weights differ."""
        past, weight = np.asarray(self.shares.past_wanted), np.asarray(self.shares.weight)
        alike = not past.any() and (weight == weight[0]).all()
        return np.asarray(self.shares.class_of) if alike else np.arange(len(weight))

    @cached_property
    def first(self) -> Ints:
        """A household of each group."""
        found: Ints = np.unique(self.group_of, return_index=True)[1]
        return found

    @cached_property
    def wanted(self) -> Floats:
        """Grains that each group wants."""
        return self._summed(np.asarray(self.shares.wanted, dtype=float))

    @cached_property
    def wish(self) -> Floats:
        """Past and present wish of each group times its weight: a level is (past + received) / wish."""
        return self._summed(wishes(self.shares))

    @cached_property
    def past(self) -> Floats:
        """Grains that each group received before."""
        return self._summed(np.asarray(self.shares.past_received, dtype=float))

    @cached_property
    def pairs(self) -> tuple[Ints, Ints]:
        """Group and lot of every column."""
        of = np.asarray(self.shares.class_of)[self.first]
        own = [self.shares.class_lots[c] for c in of.tolist()]
        lengths = np.fromiter(map(len, own), dtype=np.int64, count=len(own))
        lots = np.fromiter(chain.from_iterable(own), dtype=np.int64, count=int(lengths.sum()))
        return np.repeat(np.arange(len(own)), lengths), lots

    @cached_property
    def receipts(self) -> Any:
        """Matrix: what each group receives."""
        group, _ = self.pairs
        return _ones(group, np.arange(len(group)), (len(self.first), len(group)))

    @cached_property
    def limits(self) -> tuple[Any, Floats]:
        """Matrix and sizes: supply of lots, then capacities."""
        from scipy.sparse import vstack

        group, lot = self.pairs
        shape = (len(self.shares.lot_ids), len(lot))
        blocks, sizes = [_ones(lot, np.arange(len(lot)), shape)], [*map(float, self.shares.supply)]
        for capacity in self.shares.capacities:
            covered = np.ones(len(lot), dtype=bool)
            if capacity.lots is not None:
                covered &= np.isin(lot, list(capacity.lots))
            if capacity.households is not None:
                covered &= np.isin(self.first[group], list(capacity.households))
            columns = np.flatnonzero(covered)
            blocks.append(_ones(columns * 0, columns, (1, len(lot))))
            sizes.append(float(capacity.grains))
        return vstack(blocks, format="csr"), np.array(sizes)

    def _summed(self, values: Floats) -> Floats:
        """Sums over groups."""
        found: Floats = np.bincount(self.group_of, values).astype(float)
        return found

    def spread(self, received: Floats) -> Floats:
        """What each household of a group receives: its part of what the group does."""
        share = received / np.maximum(self.wanted, 1.0)
        found: Floats = np.asarray(self.shares.wanted) * share[self.group_of]
        return found


def wishes(shares: Shares) -> Floats:
    """Past and present wish of each household times its weight, in grains."""
    total = np.asarray(shares.past_wanted) + np.asarray(shares.wanted)
    found: Floats = total * np.asarray(shares.weight) / shares.weight_scale
    return found


def _ones(rows: Ints, columns: Ints, shape: tuple[int, int]) -> Any:
    from scipy.sparse import csr_array

    return csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def saturation(shares: Shares) -> Floats:
    """Progressive filling with HiGHS.

    Raises:
        GaveUp: if a program has no solution.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack, vstack

    rows = Rows(shares)
    matrix, sizes = rows.limits
    wish = np.maximum(rows.wish, 1.0)
    levels, past, most = _scaled(rows.receipts, wish), rows.past / wish, rows.wanted / wish
    count, unit = len(wish), max(1.0, float(sizes.max()))
    fixed = np.zeros(count)
    free = rows.wish > 0
    while True:
        answer = linprog(
            np.append(np.zeros(matrix.shape[1]), -1.0),
            A_ub=vstack(
                [
                    hstack([-levels, csr_array(free.astype(float).reshape(-1, 1))]),
                    hstack([levels, csr_array((count, 1))]),
                    hstack([matrix / unit, csr_array((len(sizes), 1))]),
                ],
                format="csr",
            ),
            b_ub=np.concatenate([past - fixed, most, sizes / unit]),
            method="highs",
            options={"primal_feasibility_tolerance": TOLERANCE},
        )
        if answer.x is None:
            raise GaveUp(answer.message)
        stuck = free & (answer.ineqlin.marginals[:count] < -DUAL)
        if not stuck.any():
            raise GaveUp("no row has a dual")
        fixed[stuck] = np.maximum(past[stuck], answer.x[-1] - ROUNDING)
        free &= ~stuck
        if not free.any():
            return rows.spread(rows.receipts @ answer.x[:-1])


def _scaled(matrix: Any, wish: Floats) -> Any:
    from scipy.sparse import diags_array

    return (diags_array(1 / wish) @ matrix).tocsr()


def ordered_outcomes(shares: Shares) -> Floats:
    """cvxpy-leximin, exact up to the solver's tolerance."""
    return _cvxpy_leximin(shares, "ordered_outcomes")


def willson(shares: Shares) -> Floats:
    """cvxpy-leximin's saturation."""
    return _cvxpy_leximin(shares, "saturation")


def _cvxpy_leximin(shares: Shares, method: str) -> Floats:
    import cvxpy
    from cvxpy_leximin import Leximin, Problem

    rows = Rows(shares)
    matrix, sizes = rows.limits
    unit = max(1.0, float(rows.wanted.max()))
    x = cvxpy.Variable(matrix.shape[1], nonneg=True)
    received = rows.receipts @ x
    levels = [
        unit / w * received[g] + p / w
        for g, (w, p) in enumerate(zip(rows.wish, rows.past, strict=True))
    ]
    kept = [matrix @ x <= sizes / unit, received <= rows.wanted / unit]
    problem = Problem(Leximin(levels), kept)
    try:
        problem.solve(method=method, solver=cvxpy.SCIPY)
    except (cvxpy.SolverError, ValueError) as error:
        raise GaveUp(str(error)) from error
    return rows.spread(np.asarray(rows.receipts @ x.value) * unit)


PEERS: dict[str, Peer] = {
    "first come": first_come,
    "equal split": equal_split,
    "proportional split": proportional_split,
    "LP saturation": saturation,
    "cvxpy-leximin, ordered outcomes": ordered_outcomes,
    "cvxpy-leximin, saturation": willson,
}
"""By the names that stand in the tables."""
