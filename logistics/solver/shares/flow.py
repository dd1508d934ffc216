"""Exact leximin of a bare instance by decomposition of its flow network, with the chain as proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from logistics.model.shares import Chain, Shares
from logistics.solver.shares.decompose import Decomposition, Steps
from logistics.solver.shares.exact import Whole, product, whole, wide
from logistics.solver.shares.expand import Lines, expanded
from logistics.solver.shares.ladder import Continuous, Discrete, TooNear
from logistics.solver.shares.network import (
    Classes,
    Fitting,
    Ints,
    Network,
    classes_of,
    fitting,
    network_of,
)


@dataclass(frozen=True, slots=True)
class Flowed:
    """Exact leximin over the capacities that fit; `broken` are relaxed ones that it does not keep.

    `received[h]` in 1 / `scale[h]` grains; lines by household, lot and amount in the same scale.
    """

    received: Whole
    scale: Whole
    line_household: Ints
    line_lot: Ints
    line_amount: Whole
    chain: Chain
    broken: tuple[int, ...]


def pack_size(shares: Shares) -> int | None:
    """Grains of a pack if all lots that hold any have packs of one size."""
    sizes = {
        shares.pack_grains(lot) for lot in range(len(shares.lot_ids)) if shares.usable(lot) > 0
    }
    return sizes.pop() if len(sizes) == 1 else (1 if not sizes else None)


def flow_leximin(shares: Shares) -> Flowed | None:
    """Leximin of everything that is a flow; None where packs are of several sizes."""
    size = pack_size(shares) if shares.integer else 1
    if size is None:
        return None
    bound = [k for k, capacity in enumerate(shares.capacities) if capacity.households]
    classes = classes_of(shares, [shares.capacities[k] for k in bound])
    fit = fitting(shares, classes)
    network = network_of(shares, classes, fit, size)
    needs = classes.needs
    wanted = whole(shares.wanted)[needs]
    past = whole(shares.past_received)[needs]
    columns = wishes_of(shares)[needs], past, wanted
    if not shares.integer:
        steps = Decomposition(network, classes, Continuous(*columns)).run()
    elif Discrete.too_long(wanted, size):
        steps = _around_split(network, classes, columns, size)
    else:
        steps = Decomposition(network, classes, Discrete(*columns, size)).run()
    lines = expanded(network, classes, steps, gated=bool(fit.gates))
    return _flowed(shares, classes, fit, network, steps, lines, size)


def _around_split(
    network: Network, classes: Classes, columns: tuple[Whole, Whole, Whole], size: int
) -> Steps:
    """Whole packs near the answer in which they may be split."""
    wishes, past, wanted = columns
    filling = whole(-(-wanted // size) * size)
    grains = np.where(network.size > 0, wide(network.size, size) * size, network.size)
    split = Decomposition(
        replace(network, size=grains), classes, Continuous(wishes, past, filling)
    ).run()
    scales = np.repeat(
        whole(split.scale)[split.node_step[network.class_node]], np.diff(classes.starts)
    )
    packs = whole(split.amount // (scales * size))
    near = 2 * len(wanted) + 2
    while True:
        try:
            ladder = Discrete(*columns, size, packs, near)
            return Decomposition(network, classes, ladder).run()
        except TooNear:
            near *= 4


def wishes_of(shares: Shares) -> Whole:
    """(past wanted + wanted) * weight of every household."""
    total = whole(shares.past_wanted).astype(object) + whole(shares.wanted).astype(object)
    return whole(total * whole(shares.weight).astype(object))


def _flowed(
    shares: Shares,
    classes: Classes,
    fit: Fitting,
    network: Network,
    steps: Steps,
    lines: Lines,
    size: int,
) -> Flowed:
    households = len(shares.household_ids)
    amounts, given = wide(lines.amount, size) * size, wide(lines.received, size) * size
    wanted = whole(shares.wanted)[classes.needs]
    received = spread(households, classes.needs, np.minimum(given, product(wanted, lines.scale)), 0)
    scale = spread(households, classes.needs, lines.scale, 1)
    found = Flowed(
        received,
        scale,
        classes.needs[lines.need],
        lines.lot,
        amounts,
        _chain(shares, classes, network, steps),
        (),
    )
    broken = tuple(k for k in fit.relaxed if not _kept(shares, k, found))
    return replace(found, broken=broken)


def spread(length: int, positions: Ints, values: Whole, default: int) -> Whole:
    """A column with values at some positions."""
    found = np.full(length, default, dtype=values.dtype if len(values) else np.int64)
    found[positions] = values
    return found


def _chain(shares: Shares, classes: Classes, network: Network, steps: Steps) -> Chain:
    """Where arcs of lots and capacities cross from step to step."""
    end = steps.count
    nodes = network.class_node[classes.of]
    wanting = (nodes >= 0) & (np.asarray(shares.wanted) > 0)
    household = np.where(wanting, steps.node_step[nodes], end)
    lot_from, lot_to = _crossing(network.lot_arc, network, steps, end)
    capacity_from, capacity_to = _crossing(network.capacity_arc, network, steps, 0)
    return Chain(end, household, lot_from, lot_to, capacity_from, capacity_to)


def _crossing(arcs: Ints, network: Network, steps: Steps, missing: int) -> tuple[Ints, Ints]:
    """First step behind each arc and first step before it; `missing` twice where there is no arc."""
    start, stop = np.full((2, len(arcs)), missing, dtype=np.int64)
    there = np.flatnonzero(arcs >= 0)
    start[there] = steps.node_step[network.head[arcs[there]]]
    stop[there] = steps.node_step[network.tail[arcs[there]]]
    return start, np.maximum(start, stop)


def _kept(shares: Shares, k: int, found: Flowed) -> bool:
    """Whether lines keep a capacity, in whole numbers."""
    capacity = shares.capacities[k]
    counted = np.ones(len(found.line_lot), dtype=bool)
    if capacity.lots is not None:
        counted &= np.isin(found.line_lot, list(capacity.lots))
    if capacity.households is not None:
        counted &= np.isin(found.line_household, list(capacity.households))
    amounts, scales = found.line_amount[counted], found.scale[found.line_household[counted]]
    used = sum(
        (Fraction(int(amounts[scales == s].sum()), int(s)) for s in np.unique(scales)), Fraction(0)
    )
    return used <= capacity.grains
