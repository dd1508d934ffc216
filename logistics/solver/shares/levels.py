"""From receipts to levels: who stands where, and what is scarce there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from logistics.model.shares import Chain, Prices, ShareLevel, Shares
from logistics.solver.shares.exact import Whole, ordered, product, whole
from logistics.solver.shares.flow import wishes_of
from logistics.solver.shares.network import Ints

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
    """Levels that are all proven by a chain: scarce is what is cut from a level's own steps on."""
    lots, capacities = _by_step(chain.lot_from, chain), _by_step(chain.capacity_from, chain)
    steps, lacks = np.asarray(chain.household_step), short(shares, received, scale)
    found = []
    for level, households in standings(shares, received, scale):
        lacking = lacks[households]
        own = np.unique(steps[households[lacking]]).tolist()
        found.append(
            ShareLevel(
                level,
                households,
                tuple(sorted(lot for step in own for lot in lots.get(step, ()))),
                tuple(sorted(k for step in own for k in capacities.get(step, ()))),
                not bool(lacking.all()),
                level,
            )
        )
    return tuple(found)


def _by_step(first: object, chain: Chain) -> Mapping[int, Sequence[int]]:
    """Positions by the step from which they are cut."""
    found: dict[int, list[int]] = {}
    until = chain.lot_to if first is chain.lot_from else chain.capacity_to
    for k, (start, stop) in enumerate(
        zip(np.asarray(first).tolist(), np.asarray(until).tolist(), strict=True)
    ):
        if start < min(stop, chain.steps):
            found.setdefault(start, []).append(k)
    return found


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
                tuple(sorted(proof.lots)) if proof else (),
                tuple(sorted(proof.capacities)) if proof else (),
                len(lacking) < len(households),
                max([level, *(bounds[h] for h in lacking if h in bounds)]),
                proof,
            )
        )
    return tuple(found)
