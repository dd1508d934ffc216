"""From flows on classes back to lines: which household gets how much of which lot.

Within a class everybody may have the same lots, so that lots and households are laid side by side,
each taking on where the one before it ended; a class of h households and l lots needs at most
h + l - 1 lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import lcm

import numpy as np

from logistics.solver.shares.decompose import Steps
from logistics.solver.shares.exact import Whole, ranges, whole
from logistics.solver.shares.network import Classes, Ints, Network

Piece = tuple[int, Fraction]
"""A lot and units of it."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines by need (position in `classes.needs`), lot and amount; `received` of every need.

    Amounts and receipts of a need are in 1 / scale[need] of a unit.
    """

    need: Ints
    lot: Ints
    amount: Whole
    received: Whole
    scale: Whole


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What each class gets of each lot, in 1 / scale[class] of a unit, sorted by step and class."""

    of_class: Ints
    lot: Ints
    amount: Whole
    scale: Whole


def expanded(network: Network, classes: Classes, steps: Steps, *, gated: bool) -> Lines:
    """Lines that give every need its amount; `gated`: some capacities lie between lots and classes."""
    class_step = np.where(network.class_node >= 0, steps.node_step[network.class_node], 0)
    step_scale = whole(steps.scale)[class_step]
    pieces = (
        _through_gates(network, steps, step_scale)
        if gated
        else _straight(network, steps, class_step, step_scale)
    )
    counts = np.diff(classes.starts)
    scale = np.repeat(pieces.scale, counts)
    received = steps.amount * (scale // np.repeat(step_scale, counts))
    needs: list[Ints] = []
    chosen: list[Ints] = []
    amounts: list[Whole] = []
    for pairs, group in _blocks(pieces.of_class, class_step):
        members = ranges(classes.starts[group], counts[group])
        n, i, amount = _side_by_side(received[members], pieces.amount[pairs])
        needs.append(members[n])
        chosen.append(pairs.start + i)
        amounts.append(amount)
    nothing = np.empty(0, dtype=np.int64)
    every = np.concatenate([nothing, *chosen])
    return Lines(
        np.concatenate([nothing, *needs]),
        pieces.lot[every],
        np.concatenate([nothing, *amounts]),
        received,
        scale,
    )


def _blocks(of_class: Ints, class_step: Ints) -> Iterator[tuple[slice, Ints]]:
    """Runs of pairs of one step, with the classes that they belong to, in their order."""
    if not len(of_class):
        return
    step = class_step[of_class]
    bounds = [0, *(np.flatnonzero(np.diff(step)) + 1).tolist(), len(step)]
    for start, stop in pairwise(bounds):
        run = of_class[start:stop]
        yield slice(start, stop), run[np.concatenate([[True], run[1:] != run[:-1]])]


def _side_by_side(received: Whole, given: Whole) -> tuple[Ints, Ints, Whole]:
    """(taker, giver, amount) where both columns are cut at each other's running totals."""
    taken, handed = np.cumsum(received), np.cumsum(given)
    ends = np.union1d(taken, handed)
    ends = ends[ends > 0]
    amounts = np.diff(np.concatenate([ends[:0], [0], ends]))
    return np.searchsorted(taken, ends), np.searchsorted(handed, ends), amounts.astype(ends.dtype)


def _straight(network: Network, steps: Steps, class_step: Ints, step_scale: Whole) -> _Pieces:
    """Flows on arcs from lots to classes."""
    class_of, lot_of = _names(network)
    arcs = np.flatnonzero((class_of[network.head] >= 0) & (steps.flow_on > 0))
    of_class, lot = class_of[network.head[arcs]], lot_of[network.tail[arcs]]
    order = np.lexsort((lot, of_class, class_step[of_class]))
    return _Pieces(of_class[order], lot[order], steps.flow_on[arcs][order], step_scale)


def _names(network: Network) -> tuple[Ints, Ints]:
    """Class and lot of each node, -1 of all others."""
    class_of = np.full(network.nodes, -1, dtype=np.int64)
    named = np.flatnonzero(network.class_node >= 0)
    class_of[network.class_node[named]] = named
    lot_of = np.full(network.nodes, -1, dtype=np.int64)
    lots = np.flatnonzero(network.lot_arc >= 0)
    lot_of[network.head[network.lot_arc[lots]]] = lots
    return class_of, lot_of


def _through_gates(network: Network, steps: Steps, step_scale: Whole) -> _Pieces:
    """Pieces traced through the gates: what flows out of a gate takes its lots in their order."""
    class_of, lot_of = _names(network)
    flow = [
        Fraction(int(steps.flow_on[a]), steps.scale[steps.node_step[network.head[a]]])
        for a in range(len(network.tail))
    ]
    leaving: dict[int, list[int]] = defaultdict(list)
    waiting = [0] * network.nodes
    for a in np.flatnonzero(steps.flow_on > 0).tolist():
        leaving[int(network.tail[a])].append(a)
        waiting[int(network.head[a])] += 1
    stock: dict[int, list[Piece]] = defaultdict(list)
    ready = [0]
    while ready:
        node = ready.pop()
        for a in leaving[node]:
            head = int(network.head[a])
            if lot_of[head] >= 0:
                stock[head].append((int(lot_of[head]), flow[a]))
            elif node != 0 and stock[node]:
                stock[head] += _taken(stock[node], flow[a])
            waiting[head] -= 1
            if waiting[head] == 0:
                ready.append(head)
    rows = [
        (int(steps.node_step[node]), int(class_of[node]), lot, amount)
        for node in np.flatnonzero(class_of >= 0).tolist()
        for lot, amount in stock[node]
    ]
    rows.sort(key=lambda row: row[:3])
    scale = [int(s) for s in step_scale]
    for _, c, _, amount in rows:
        scale[c] = lcm(scale[c], amount.denominator)
    return _Pieces(
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.int64),
        whole([int(row[3] * scale[row[1]]) for row in rows]),
        whole(scale),
    )


def _taken(stock: list[Piece], amount: Fraction) -> list[Piece]:
    """Take an amount from the front of a stock."""
    found: list[Piece] = []
    while amount > 0:
        lot, there = stock.pop(0)
        used = min(there, amount)
        found.append((lot, used))
        if used < there:
            stock.insert(0, (lot, there - used))
        amount -= used
    return found
