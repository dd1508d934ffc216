"""Solve a bare instance by the engine that fits it, and say why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from time import monotonic

import numpy as np

from logistics.model.plan import Status
from logistics.model.shares import Prices, ShareLevel, ShareResult, Shares
from logistics.solver.allocation.greedy import trimmed
from logistics.solver.allocation.shape import Shape
from logistics.solver.allocation.state import Deadline, Leximin
from logistics.solver.shares.exact import Whole, whole
from logistics.solver.shares.flow import Flowed, flow_leximin, spread, wishes_of
from logistics.solver.shares.levels import levels_of_chain, levels_with_prices, standings
from logistics.solver.shares.linear import LinearLeximin, Priced, prices_of
from logistics.solver.shares.packs import pack_leximin

KINDS = ("lot", "capacity")
"""What a bare instance may name as scarce."""


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
    left = max(0.5, seconds - (monotonic() - begun))
    if flowed is not None and not flowed.broken:
        result = _by_flow(shares, flowed)
    elif shares.integer:
        why = "packs of several sizes" if flowed is None else _broken(shares, flowed)
        result = _by_packs(shares, *pack_leximin(shares, seconds=left, seed=seed), why)
    else:
        assert flowed is not None
        linear = LinearLeximin(shares, wishes_of(shares), Deadline(left, left), seed)
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
    proofs: dict[int, Prices] = {}
    bounds: dict[int, Fraction] = {}
    of = priced.classes.of.tolist()
    if priced.exact and not priced.late:
        proofs = _proofs(shares, priced, received, scale)
    else:
        bounds = {int(h): _bound(shares, priced, int(h), of[h]) for h in needs}
    status = Status.TIME_LIMIT if priced.late else Status.FEASIBLE
    return ShareResult(
        Status.OPTIMAL if proofs or (priced.exact and not priced.late) else status,
        f"linear programs ({priced.engine}) with prices in whole numbers: {why}",
        received,
        scale,
        needs[lines.need],
        lines.lot,
        lines.amount,
        levels_with_prices(shares, received, scale, proofs, bounds),
    )


def _proofs(shares: Shares, priced: Priced, received: Whole, scale: Whole) -> dict[int, Prices]:
    """Per level below full, the prices that prove it, by the first household that is short there."""
    found: dict[int, Prices] = {}
    stands = [False] * len(shares.household_ids)
    of = priced.classes.of.tolist()
    for _, households in standings(shares, received, scale):
        cuts: set[int] = set()
        first = None
        for h in households.tolist():
            stands[h] = True
            stopped = priced.stopped[of[h]]
            if int(received[h]) < int(shares.wanted[h]) * int(scale[h]) and stopped is not None:
                cuts.add(stopped[1])
                first = h if first is None else first
        if first is not None:
            found[first] = prices_of(shares, priced, cuts, stands)
    return found


def _bound(shares: Shares, priced: Priced, h: int, c: int) -> Fraction:
    """Where the cut that stopped its class would let a household stand, or with all it wants."""
    full = shares.level(h, Fraction(int(shares.wanted[h])))
    stopped = priced.stopped[c]
    return full if stopped is None else min(full, stopped[0] * shares.weight_scale)


def _by_packs(shares: Shares, shape: Shape, leximin: Leximin, why: str) -> ShareResult:
    place = {str(name): h for h, name in enumerate(shares.household_ids)}
    lots = {str(name): k for k, name in enumerate(shares.lot_ids)}
    packs = trimmed(shape, leximin.packs or ())
    received = [0] * len(shares.household_ids)
    for need, grains in zip(shape.needs, shape.received(packs), strict=True):
        received[place[need.household_id]] = grains
    lines = [
        (place[option.household_id], lots[option.lot_id], shape.meals[i] * packs[i])
        for i, option in enumerate(shape.options)
        if packs[i]
    ]
    scale = np.ones(len(received), dtype=np.int64)
    household, lot, amount = (whole([line[k] for line in lines]) for k in range(3))
    status = Status.OPTIMAL if leximin.proven else Status.TIME_LIMIT
    levels = levels_with_prices(shares, whole(received), scale, {}, _bounds(shape, leximin, place))
    return ShareResult(
        status,
        f"raise and freeze in whole packs: {why}",
        whole(received),
        scale,
        household,
        lot,
        amount,
        _named(shares, shape, levels, leximin, place, _left(shares, lines)),
    )


def _bounds(shape: Shape, leximin: Leximin, place: dict[str, int]) -> dict[int, Fraction]:
    """Proven levels that households cannot pass."""
    return {
        place[shape.needs[f.need].household_id]: shape.needs[f.need].level(max(f.at, f.bound))
        for f in leximin.frozen
    }


def _named(
    shares: Shares,
    shape: Shape,
    levels: tuple[ShareLevel, ...],
    leximin: Leximin,
    place: dict[str, int],
    left: Sequence[int],
) -> tuple[ShareLevel, ...]:
    """Levels with the lots and capacities that their households' freezes name.

    Where a freeze names nothing, whole packs are what holds it: then every lot or capacity of which
    less is left than a pack.
    """
    held = {place[shape.needs[f.need].household_id]: f.held for f in leximin.frozen}
    number = {("lot", str(name)): k for k, name in enumerate(shares.lot_ids)}
    number |= {("capacity", capacity.id): k for k, capacity in enumerate(shares.capacities)}
    found = []
    for level in levels:
        names: set[tuple[str, int]] = set()
        for h in map(int, level.households):
            own = {(c.kind, number[c.kind, c.id]) for c in held.get(h, ()) if c.kind in KINDS}
            names |= own or (_used_up(shares, h, left) if h in held else set())
        lots, capacities = (tuple(sorted(k for kind, k in names if kind == one)) for one in KINDS)
        found.append(replace(level, lots=lots, capacities=capacities))
    return tuple(found)


def _used_up(shares: Shares, h: int, left: Sequence[int]) -> set[tuple[str, int]]:
    """Lots and capacities of which too little is left for one more pack of a household's lots."""
    found = set()
    for lot in shares.class_lots[int(shares.class_of[h])]:
        size = shares.pack_grains(lot)
        if left[lot] < size:
            found.add(("lot", lot))
        for k, capacity in enumerate(shares.capacities):
            if capacity.covers(lot, h) and left[len(shares.lot_ids) + k] < size:
                found.add(("capacity", k))
    return found


def _left(shares: Shares, lines: Sequence[tuple[int, int, int]]) -> list[int]:
    """Grains that lots, then capacities, still hold after all lines."""
    found = [shares.usable(lot) for lot in range(len(shares.lot_ids))]
    found += [capacity.grains for capacity in shares.capacities]
    for h, lot, grains in lines:
        found[lot] -= grains
        for k, capacity in enumerate(shares.capacities):
            if capacity.covers(lot, h):
                found[len(shares.lot_ids) + k] -= grains
    return found
