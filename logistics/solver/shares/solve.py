"""Solve a bare instance by the engine that fits it, and say why."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from time import monotonic

import numpy as np

from logistics.model.plan import Status
from logistics.model.shares import Prices, ShareResult, Shares
from logistics.solver.shares.exact import Whole
from logistics.solver.shares.flow import Flowed, flow_leximin, spread
from logistics.solver.shares.levels import levels_of_chain, levels_with_prices, short, standings
from logistics.solver.shares.linear import LinearLeximin, Priced, prices_of


def solve(shares: Shares, *, seconds: float = 60.0, seed: int = 1) -> ShareResult:
    """The leximin share with its proof.

    Args:
        shares: the instance.
        seconds: limit; an answer that is not proven by then has the status `time_limit`.
        seed: for the engines that search.

    Raises:
        InvalidFact: if whole packs are asked of quantities too large to be listed.
    """
    begun = monotonic()
    flowed = flow_leximin(shares)
    left = max(0.0, seconds - (monotonic() - begun))
    if flowed is not None and not flowed.broken:
        result = _by_flow(shares, flowed)
    elif shares.integer:
        why = "packs of several sizes" if flowed is None else _broken(shares, flowed)
        result = _by_packs(shares, max(0.5, left), seed, why)
    else:
        assert flowed is not None
        linear = LinearLeximin(shares, flowed, left, seed)
        result = _by_prices(shares, linear.run(), _broken(shares, flowed))
    return replace(result, runtime_s=monotonic() - begun)


def _broken(shares: Shares, flowed: Flowed) -> str:
    names = [shares.capacities[k].id for k in flowed.broken]
    shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
    return f"capacities that overlap ({shown}) stop the flow's answer"


def _by_flow(shares: Shares, flowed: Flowed) -> ShareResult:
    kept = "capacities nested or kept anyway" if shares.capacities else "no capacities"
    packs = "packs of one size, " if shares.integer else ""
    return ShareResult(
        Status.OPTIMAL,
        f"flow, split at minimum cuts in whole numbers: {packs}{kept}",
        flowed.received,
        flowed.scale,
        flowed.line_household,
        flowed.line_lot,
        flowed.line_amount,
        levels_of_chain(shares, flowed.received, flowed.scale, flowed.chain),
        flowed.chain,
    )


def _by_prices(shares: Shares, priced: Priced, why: str) -> ShareResult:
    needs, lines = priced.classes.needs, priced.lines
    received = spread(len(shares.household_ids), needs, lines.received, 0)
    scale = spread(len(shares.household_ids), needs, lines.scale, 1)
    proofs = _proofs(shares, priced, received, scale) if priced.exact else {}
    settled = {h for h in needs.tolist() if priced.exact and priced.stopped[priced.classes.of[h]]}
    bounds = {
        h: shares.level(h, Fraction(int(shares.wanted[h])))
        for h in needs.tolist()
        if h not in settled and (priced.late or not priced.exact)
    }
    ended = " (out of time: the rest filled up)" if priced.late else " (no exact plan was found)"
    proven = priced.exact and not priced.late
    status = Status.OPTIMAL if proven else Status.TIME_LIMIT if priced.late else Status.FEASIBLE
    return ShareResult(
        status,
        f"linear programs ({priced.engine}) with prices in whole numbers: {why}"
        + ("" if proven else ended),
        received,
        scale,
        needs[lines.need],
        lines.lot,
        lines.amount,
        levels_with_prices(shares, received, scale, proofs, bounds),
    )


def _proofs(shares: Shares, priced: Priced, received: Whole, scale: Whole) -> dict[int, Prices]:
    """Per level below full, the prices that prove it, by the first household that is short there.

    Levels that the same cuts hold share their proof.
    """
    found: dict[int, Prices] = {}
    summed: dict[frozenset[int], Prices] = {}
    of, lacks = priced.classes.of, short(shares, received, scale)
    for _, households in standings(shares, received, scale):
        lacking = households[lacks[households]]
        stops = (priced.stopped[c] for c in np.unique(of[lacking]).tolist())
        cuts = frozenset(stop[1] for stop in stops if stop is not None)
        if cuts:
            if cuts not in summed:
                summed[cuts] = prices_of(priced, sorted(cuts))
            found[int(lacking[0])] = summed[cuts]
    return found


def _by_packs(shares: Shares, seconds: float, seed: int, why: str) -> ShareResult:
    """The engines of the week, which are only loaded where they are needed."""
    from logistics.solver.shares.packs import pack_leximin

    return pack_leximin(shares, seconds, seed, why)
