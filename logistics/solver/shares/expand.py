"""From flows on classes back to lines: which household gets how much of which lot.

Within a class everybody may have the same lots, so that lots and households are laid side by side,
each taking on where the one before it ended; a class of h households and l lots needs at most
h + l - 1 lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise
from math import lcm

import numpy as np

from logistics.solver.shares.decompose import Steps
from logistics.solver.shares.exact import WORD, Whole, ranges, sums, whole
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
class Pieces:
    """What each class gets of each lot, sorted by class, and what each need receives.

    Both are in 1 / scale[class] of a unit.
    """

    of_class: Ints
    lot: Ints
    amount: Whole
    received: Whole
    scale: Whole

    @classmethod
    def of(
        cls,
        rows: Sequence[tuple[int, int, Fraction]],
        received: Sequence[Fraction],
        classes: Classes,
    ) -> Pieces:
        """From exact (class, lot, amount), sorted by class, and exact receipts of needs."""
        scale = [1] * len(classes.lots)
        counts = np.diff(classes.starts)
        class_of_need = np.repeat(np.arange(len(counts)), counts).tolist()
        for c, amount in chain(
            ((row[0], row[2]) for row in rows), zip(class_of_need, received, strict=True)
        ):
            scale[c] = lcm(scale[c], amount.denominator)
        return cls(
            np.array([row[0] for row in rows], dtype=np.int64),
            np.array([row[1] for row in rows], dtype=np.int64),
            whole([int(row[2] * scale[row[0]]) for row in rows]),
            whole([int(r * scale[c]) for c, r in zip(class_of_need, received, strict=True)]),
            whole(scale),
        )


def expanded(network: Network, classes: Classes, steps: Steps, *, gated: bool) -> Lines:
    """Lines that give every need its amount; `gated`: some capacities lie between lots and classes."""
    class_step = np.where(network.class_node >= 0, steps.node_step[network.class_node], 0)
    step_scale = whole(steps.scale)[class_step]
    if not gated:
        return lines_of(_straight(network, steps, step_scale), classes)
    counts = np.diff(classes.starts)
    scales = np.repeat(step_scale, counts).tolist()
    received = [Fraction(int(a), s) for a, s in zip(steps.amount.tolist(), scales, strict=True)]
    return lines_of(Pieces.of(_through_gates(network, steps), received, classes), classes)


def lines_of(pieces: Pieces, classes: Classes) -> Lines:
    """Within each class, lots and households side by side."""
    counts = np.diff(classes.starts)
    needs: list[Ints] = []
    chosen: list[Ints] = []
    amounts: list[Whole] = []
    for pairs, group in _blocks(pieces):
        members = ranges(classes.starts[group], counts[group])
        n, i, amount = _side_by_side(pieces.received[members], pieces.amount[pairs])
        needs.append(members[n])
        chosen.append(pairs.start + i)
        amounts.append(amount)
    nothing = np.empty(0, dtype=np.int64)
    return Lines(
        np.concatenate([nothing, *needs]),
        pieces.lot[np.concatenate([nothing, *chosen])],
        np.concatenate([nothing, *amounts]),
        pieces.received,
        np.repeat(pieces.scale, counts),
    )


BLOCK = float(WORD >> 8)
"""Amounts are added up in runs of about this size, far from what a machine word holds."""


def _blocks(pieces: Pieces) -> Iterator[tuple[slice, Ints]]:
    """Runs of pairs of whole classes whose amounts together are safe to add up, with the classes."""
    of_class = pieces.of_class
    if not len(of_class):
        return
    firsts = np.flatnonzero(np.concatenate([[True], of_class[1:] != of_class[:-1]]))
    if pieces.amount.dtype == object:
        bounds = [0, len(firsts)]
    else:
        totals = np.cumsum(sums(pieces.amount, firsts).astype(float))
        bounds = [0, *(np.flatnonzero(np.diff(totals // BLOCK)) + 1).tolist(), len(firsts)]
    ends = np.append(firsts, len(of_class))
    for start, stop in pairwise(bounds):
        yield slice(int(ends[start]), int(ends[stop])), of_class[firsts[start:stop]]


def _side_by_side(received: Whole, given: Whole) -> tuple[Ints, Ints, Whole]:
    """(taker, giver, amount) where both columns are cut at each other's running totals."""
    taken, handed = np.cumsum(received), np.cumsum(given)
    ends = np.union1d(taken, handed)
    ends = ends[ends > 0]
    amounts = np.diff(np.concatenate([ends[:0], [0], ends]))
    return np.searchsorted(taken, ends), np.searchsorted(handed, ends), amounts.astype(ends.dtype)


def _straight(network: Network, steps: Steps, step_scale: Whole) -> Pieces:
    """Flows on arcs from lots to classes."""
    class_of, lot_of = _names(network)
    arcs = np.flatnonzero((class_of[network.head] >= 0) & (steps.flow_on > 0))
    of_class, lot = class_of[network.head[arcs]], lot_of[network.tail[arcs]]
    order = np.lexsort((lot, of_class))
    flows = steps.flow_on[arcs][order]
    return Pieces(of_class[order], lot[order], flows, steps.amount, step_scale)


def _names(network: Network) -> tuple[Ints, Ints]:
    """Class and lot of each node, -1 of all others."""
    class_of = np.full(network.nodes, -1, dtype=np.int64)
    named = np.flatnonzero(network.class_node >= 0)
    class_of[network.class_node[named]] = named
    lot_of = np.full(network.nodes, -1, dtype=np.int64)
    lots = np.flatnonzero(network.lot_arc >= 0)
    lot_of[network.head[network.lot_arc[lots]]] = lots
    return class_of, lot_of


def _through_gates(network: Network, steps: Steps) -> list[tuple[int, int, Fraction]]:
    """(class, lot, amount) through the gates; what leaves a gate takes its lots in their order."""
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
        (int(class_of[node]), lot, amount)
        for node in np.flatnonzero(class_of >= 0).tolist()
        for lot, amount in stock[node]
    ]
    return sorted(rows, key=lambda row: row[:2])


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
