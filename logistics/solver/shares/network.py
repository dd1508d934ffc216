"""The flow network of an instance: source -> lots -> gates -> classes, and which capacities fit it.

What can be received at the ends of a flow network is a polymatroid, on which leximin has an exact
decomposition (docs/decisions/0016). A capacity fits if it is

- *upstream*: over all households, its lots nested with those of the others of its kind; it stands
  between the source and its lots;
- a *gate*: over households that may all have the same of its lots; between two gates with a pair of
  lot and household in common, one has all lots and none but households of the other.

Everything else is relaxed and checked afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from logistics.model.shares import Capacity, Shares
from logistics.solver.shares.exact import Whole, whole

SOURCE = 0
UNLIMITED = -1

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Classes:
    """Households with the same eligible lots and capacities: `of[h]`, and the lots of each class.

    `needs` are the households that want something, sorted by class; those of class *c* are
    `needs[starts[c]:starts[c + 1]]`.
    """

    of: Ints
    lots: Sequence[tuple[int, ...]]
    needs: Ints
    starts: Ints


def capacities_over(capacities: Sequence[Capacity]) -> dict[int, tuple[int, ...]]:
    """The capacities that list a household, by household."""
    found: dict[int, list[int]] = {}
    for k, capacity in enumerate(capacities):
        for h in capacity.households or ():
            found.setdefault(h, []).append(k)
    return {h: tuple(named) for h, named in found.items()}


def classes_of(shares: Shares, capacities: Sequence[Capacity]) -> Classes:
    """Classes fine enough for these capacities."""
    of = np.asarray(shares.class_of, dtype=np.int64)
    lots = list(shares.class_lots)
    inside = capacities_over(capacities)
    if inside:
        of = of.copy()
        number: dict[tuple[int, tuple[int, ...]], int] = {}
        for h in sorted(inside):
            key = (int(of[h]), inside[h])
            if key not in number:
                number[key] = len(lots)
                lots.append(lots[key[0]])
            of[h] = number[key]
    wanting = np.flatnonzero(np.asarray(shares.wanted) > 0)
    needs = wanting[np.argsort(of[wanting], kind="stable")]
    starts = np.searchsorted(of[needs], np.arange(len(lots) + 1))
    return Classes(of, lots, needs, starts.astype(np.int64))


@dataclass(frozen=True, slots=True)
class _Gate:
    capacity: int
    lots: frozenset[int]
    classes: frozenset[int]

    def before(self, other: _Gate) -> bool:
        """Whether everything common flows first through this gate, then through the other."""
        return self.lots <= other.lots and self.classes >= other.classes

    def meets(self, other: _Gate) -> bool:
        return bool(self.lots & other.lots) and bool(self.classes & other.classes)


@dataclass(frozen=True, slots=True)
class Fitting:
    """Capacities by position: those upstream (inner ones first), the gates, and the relaxed ones."""

    upstream: tuple[int, ...]
    gates: tuple[_Gate, ...]
    relaxed: tuple[int, ...]


def fitting(shares: Shares, classes: Classes) -> Fitting:
    """Sort the capacities into those that fit the network and those that do not."""
    everything = frozenset(range(len(shares.lot_ids)))
    everybody = frozenset(classes.needs.tolist()) if shares.capacities else frozenset()
    upstream: list[tuple[int, frozenset[int]]] = []
    gates: list[_Gate] = []
    relaxed: list[int] = []
    for k, capacity in enumerate(shares.capacities):
        lots = everything if capacity.lots is None else capacity.lots
        if capacity.households is None or everybody <= capacity.households:
            if all(not lots & old or lots <= old or old <= lots for _, old in upstream):
                upstream.append((k, lots))
            else:
                relaxed.append(k)
            continue
        gate = _gate(k, lots, capacity.households, classes)
        if gate is None or any(
            gate.meets(old) and not gate.before(old) and not old.before(gate) for old in gates
        ):
            relaxed.append(k)
        elif gate.lots and gate.classes:
            gates.append(gate)
    upstream.sort(key=lambda found: len(found[1]))
    gates.sort(key=lambda gate: (len(gate.lots), -len(gate.classes)))
    return Fitting(tuple(k for k, _ in upstream), tuple(gates), tuple(relaxed))


def _gate(
    k: int, lots: frozenset[int], households: frozenset[int], classes: Classes
) -> _Gate | None:
    """The gate of a capacity, None if its households may not all have the same of its lots."""
    common: frozenset[int] | None = None
    inside = set()
    for c in {int(classes.of[h]) for h in households}:
        own = lots.intersection(classes.lots[c])
        if not own or classes.starts[c] == classes.starts[c + 1]:
            continue
        if common is not None and own != common:
            return None
        common = own
        inside.add(c)
    return _Gate(k, common or frozenset(), frozenset(inside))


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs `tail -> head` with capacities in units (UNLIMITED: none) over nodes 0..nodes-1.

    Node 0 is the source; `class_node[c]` is where the amounts of class *c* are taken out. `lot_arc`
    and `capacity_arc` are the arcs of lots and capacities (-1: not in the network).
    """

    nodes: int
    tail: Ints
    head: Ints
    size: Whole
    class_node: Ints
    lot_arc: Ints
    capacity_arc: Ints


class _Builder:
    def __init__(self, shares: Shares) -> None:
        self.nodes = 1
        self.tail: list[int] = []
        self.head: list[int] = []
        self.size: list[int] = []
        self.capacity_arc = [-1] * len(shares.capacities)

    def node(self) -> int:
        self.nodes += 1
        return self.nodes - 1

    def arc(self, tail: int, head: int, size: int = UNLIMITED) -> int:
        self.tail.append(tail)
        self.head.append(head)
        self.size.append(size)
        return len(self.tail) - 1


def network_of(shares: Shares, classes: Classes, fit: Fitting, unit: int) -> Network:
    """The network, with sizes in units of so many grains, rounded down."""
    builder = _Builder(shares)
    above = _upstream(builder, shares, fit, unit)
    lot_node = np.full(len(shares.lot_ids), -1, dtype=np.int64)
    lot_arc = np.full(len(shares.lot_ids), -1, dtype=np.int64)
    of_class, lot = pairs_of(classes)
    for lot_number in np.unique(lot).tolist():
        lot_node[lot_number] = builder.node()
        lot_arc[lot_number] = builder.arc(
            above.get(lot_number, SOURCE),
            int(lot_node[lot_number]),
            shares.usable(lot_number) // unit,
        )
    class_node = np.full(len(classes.lots), -1, dtype=np.int64)
    wanting = np.flatnonzero(np.diff(classes.starts) > 0)
    class_node[wanting] = builder.nodes + np.arange(len(wanting))
    builder.nodes += len(wanting)
    free = _ungated(fit, of_class, lot)
    tails, heads = lot_node[lot[free]], class_node[of_class[free]]
    _gated_arcs(builder, shares, fit, unit, lot_node, class_node)
    return Network(
        builder.nodes,
        np.concatenate([np.array(builder.tail, dtype=np.int64), tails]),
        np.concatenate([np.array(builder.head, dtype=np.int64), heads]),
        whole([*builder.size, *([UNLIMITED] * len(tails))]),
        class_node,
        lot_arc,
        np.array(builder.capacity_arc, dtype=np.int64),
    )


def pairs_of(classes: Classes) -> tuple[Ints, Ints]:
    """(class, lot) of every pair that may be served, over classes in which somebody wants something."""
    lengths = np.fromiter(map(len, classes.lots), dtype=np.int64, count=len(classes.lots))
    flat = np.fromiter(chain.from_iterable(classes.lots), dtype=np.int64, count=int(lengths.sum()))
    of_class = np.repeat(np.arange(len(lengths)), lengths)
    wanted = (np.diff(classes.starts) > 0)[of_class]
    return of_class[wanted], flat[wanted]


def _upstream(builder: _Builder, shares: Shares, fit: Fitting, unit: int) -> dict[int, int]:
    """Nodes of the upstream capacities, outer ones first; returns the innermost node of each lot."""
    above: dict[int, int] = {}
    for k in reversed(fit.upstream):
        capacity = shares.capacities[k]
        lots = range(len(shares.lot_ids)) if capacity.lots is None else sorted(capacity.lots)
        node = builder.node()
        outer = next((above[lot] for lot in lots if lot in above), SOURCE)
        builder.capacity_arc[k] = builder.arc(outer, node, capacity.grains // unit)
        above.update(dict.fromkeys(lots, node))
    return above


def _ungated(fit: Fitting, of_class: Ints, lot: Ints) -> NDArray[np.bool_]:
    """Which pairs go straight from lot to class, with no gate between."""
    free = np.ones(len(lot), dtype=bool)
    if fit.gates:
        gated = {(c, one) for gate in fit.gates for c in gate.classes for one in gate.lots}
        free &= [pair not in gated for pair in zip(of_class.tolist(), lot.tolist(), strict=True)]
    return free


def _gated_arcs(
    builder: _Builder,
    shares: Shares,
    fit: Fitting,
    unit: int,
    lot_node: Ints,
    class_node: Ints,
) -> None:
    """Each gate as two nodes with the capacity between them, in a row from lots to class."""
    doors: list[tuple[int, int]] = []
    for gate in fit.gates:
        entry, way_out = builder.node(), builder.node()
        doors.append((entry, way_out))
        size = shares.capacities[gate.capacity].grains // unit
        builder.capacity_arc[gate.capacity] = builder.arc(entry, way_out, size)
    steps: set[tuple[int, int]] = set()
    for c in {c for gate in fit.gates for c in gate.classes}:
        passed: dict[int, int] = {}
        own = [g for g, gate in enumerate(fit.gates) if c in gate.classes]
        for g in own:
            for lot in sorted(fit.gates[g].lots):
                last = passed.get(lot)
                steps.add((int(lot_node[lot]) if last is None else doors[last][1], doors[g][0]))
                passed[lot] = g
        steps.update((doors[g][1], int(class_node[c])) for g in set(passed.values()))
    for tail, head in sorted(steps):
        builder.arc(tail, head)
