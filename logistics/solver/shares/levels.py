"""From receipts to levels: who stands where, and what is scarce there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

import numpy as np

from logistics.model.shares import Chain, Column, Prices, ShareLevel, Shares
from logistics.solver.shares.exact import Whole, ordered, product, whole
from logistics.solver.shares.flow import wishes_of
from logistics.solver.shares.network import Ints, capacities_over

Standing = tuple[Fraction, Ints]
"""A level and the households that stand at it."""


def standings(shares: Shares, received: Whole, scale: Whole) -> Iterator[Standing]:
    """All levels from the lowest up, of the households that have one.

    Level = (past * s + r) * weight_scale / ((past wanted + wanted) * weight * s) for r / s grains.
    """
    past, wish = _exact(shares.past_received), wishes_of(shares)
    counts = np.flatnonzero(wish > 0)
    top = whole(past[counts] * scale[counts].astype(object) + received[counts])
    bottom = whole(wish[counts] * scale[counts].astype(object))
    common = np.gcd(top, bottom)
    top, bottom = whole(top // common), whole(bottom // common)
    rank = ordered(top, bottom)
    order = np.argsort(rank, kind="stable")
    bounds = [0, *(np.flatnonzero(np.diff(rank[order])) + 1).tolist(), len(order)]
    for start, stop in pairwise(bounds):
        if stop > start:
            first = order[start]
            level = Fraction(int(top[first]) * shares.weight_scale, int(bottom[first]))
            yield level, counts[order[start:stop]]


def _exact(column: object) -> Whole:
    return np.asarray(column).astype(object)


def short(shares: Shares, received: Whole, scale: Whole) -> Whole:
    """Which households receive less than they want."""
    found: Whole = received < product(whole(shares.wanted), scale)
    return found


def levels_of_chain(
    shares: Shares, received: Whole, scale: Whole, chain: Chain
) -> tuple[ShareLevel, ...]:
    """Levels that are all proven by a chain; scarce is what is cut of all that the short may have."""
    scarce = _Scarce(shares, chain)
    lacks, class_of = short(shares, received, scale), np.asarray(shares.class_of)
    steps = np.asarray(chain.household_step)
    found = []
    for level, households in standings(shares, received, scale):
        lacking = households[lacks[households]]
        lots: set[int] = set()
        capacities: set[int] = set()
        kinds = zip(
            class_of[lacking].tolist(), steps[lacking].tolist(), lacking.tolist(), strict=True
        )
        for kind in {(c, step, scarce.over.get(h, ())) for c, step, h in kinds}:
            lots.update(scarce.lots(*kind[:2]))
            capacities.update(scarce.capacities(*kind))
        full = len(lacking) < len(households)
        scarce_things = tuple(sorted(lots)), tuple(sorted(capacities))
        found.append(ShareLevel(level, households, *scarce_things, full, level))
    return tuple(found)


class _Scarce:
    """What a chain cuts, of all that a class or household may have."""

    def __init__(self, shares: Shares, chain: Chain) -> None:
        self._shares = shares
        self._lots = _spans(chain.lot_from, chain.lot_to)
        self._capacities = _spans(chain.capacity_from, chain.capacity_to)
        self.over = capacities_over(shares.capacities)
        self._over_all = tuple(
            k for k, capacity in enumerate(shares.capacities) if capacity.households is None
        )

    def lots(self, c: int, step: int) -> list[int]:
        """Lots of a class that are cut at a step."""
        spans = self._lots
        return [k for k in self._shares.class_lots[c] if spans[k][0] <= step < spans[k][1]]

    def capacities(self, c: int, step: int, named: tuple[int, ...]) -> list[int]:
        """Capacities over a class that are cut at a step; `named`: those that list its households."""
        own = self._shares.class_lots[c]
        found = []
        for k in (*self._over_all, *named):
            start, stop = self._capacities[k]
            lots = self._shares.capacities[k].lots
            if own and start <= step < stop and (lots is None or not lots.isdisjoint(own)):
                found.append(k)
        return found


def _spans(first: Column, until: Column) -> list[tuple[int, int]]:
    return list(zip(np.asarray(first).tolist(), np.asarray(until).tolist(), strict=True))


def levels_with_prices(
    shares: Shares,
    received: Whole,
    scale: Whole,
    proofs: Mapping[int, Prices],
    bounds: Mapping[int, Fraction],
) -> tuple[ShareLevel, ...]:
    """Levels with proofs by prices, found by any household of theirs, or with bounds only."""
    lacks = short(shares, received, scale)
    found = []
    for level, households in standings(shares, received, scale):
        lacking = households[lacks[households]].tolist()
        proof = next((proofs[h] for h in lacking if h in proofs), None)
        found.append(
            ShareLevel(
                level,
                households,
                *(_in_the_way(shares, lacking, proof) if proof else ((), ())),
                len(lacking) < len(households),
                max([level, *(bounds[h] for h in lacking if h in bounds)]),
                proof,
            )
        )
    return tuple(found)


def _in_the_way(
    shares: Shares, lacking: Iterable[int], proof: Prices
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Lots and capacities with a price that stand in the way of anybody who is short.

    A proof also prices what only holds those who stand lower.
    """
    lots: set[int] = set()
    capacities: set[int] = set()
    for h in lacking:
        own = shares.class_lots[int(shares.class_of[h])]
        lots.update(proof.lots.keys() & own)
        for k in proof.capacities.keys() - capacities:
            if any(shares.capacities[k].covers(lot, h) for lot in own):
                capacities.add(k)
    return tuple(sorted(lots)), tuple(sorted(capacities))
