"""Leximin on a flow network by splitting at minimum cuts.

Let everybody in a tight part climb until the part's total is reached. If the network can carry that,
the part is one step: nobody in it can stand higher. If not, those behind the minimum cut cannot
all have so much: they become a part of their own with the cut as total, and the others the rest.
Arcs that the cut crosses stay full from then on: they feed the one part and drain the other. Each
split is one maximum flow on a part, so that all steps cost little more than a few flows on the whole
(Fujishige 1980, doi:10.1287/moor.5.2.186; Megiddo 1974, doi:10.1007/BF01585506).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from logistics.solver.shares.exact import WORD, Whole, most, ranges, sums, wide
from logistics.solver.shares.ladder import Ladder
from logistics.solver.shares.maxflow import Flow, max_flow
from logistics.solver.shares.network import SOURCE, UNLIMITED, Classes, Ints, Network


@dataclass(frozen=True, slots=True)
class Steps:
    """The answer on classes: `node_step[v]` (the source stands after all), and per step the `scale`
    of its amounts and flows.

    `amount[n]` of need *n* (in the order of `classes.needs`) is in 1 / scale of its step;
    `flow_on[a]` of arc *a* in 1 / scale of the step of its head. `count` steps are scarce; the last
    one after them holds those who have all they want from what is not.
    """

    count: int
    node_step: Ints
    scale: list[int]
    amount: Whole
    flow_on: Whole


@dataclass(frozen=True, slots=True)
class _Part:
    """Nodes that share `total` units, arcs within, and what crosses: feeds and drains per node."""

    nodes: Ints
    classes: Ints
    arcs: Ints
    fed: Ints
    drained: Ints
    total: int


class Decomposition:
    """One run over a network."""

    def __init__(self, network: Network, classes: Classes, ladder: Ladder) -> None:
        self.network, self.classes, self.ladder = network, classes, ladder
        self._place = np.zeros(network.nodes, dtype=np.int64)
        self._step = np.zeros(network.nodes, dtype=np.int64)
        self._scale: list[int] = []
        self._amounts: list[tuple[Ints, Whole]] = []
        self._flows: list[tuple[Ints, Whole]] = []

    def run(self) -> Steps:
        """All steps, from the lowest up."""
        whole, plenty = self._satiated()
        stack = [whole] if len(whole.nodes) else []
        while stack:
            part = stack.pop()
            members = self._members(part.classes)
            amounts, scale = self.ladder.climb(members, part.total)
            flow = self._flow_of(part, amounts, scale)
            if flow.value == self._asked(part, scale):
                self._settle(part, members, amounts, scale, flow)
            else:
                stack += self._split(part, flow)
        count = len(self._scale)
        members = self._members(plenty.classes)
        amounts = self.ladder.all(members)
        self._settle(plenty, members, amounts, 1, self._flow_of(plenty, amounts, 1))
        self._step[SOURCE] = count + 1
        amount = _assembled(len(self.classes.needs), self._amounts)
        flows = _assembled(len(self.network.tail), self._flows)
        return Steps(count, self._step, self._scale, amount, flows)

    def _satiated(self) -> tuple[_Part, _Part]:
        """Those who cannot all have what they want, and those who can whatever the others get."""
        net = self.network
        classes = np.flatnonzero(net.class_node >= 0)
        start = net.tail == SOURCE
        everything = _Part(
            np.arange(1, net.nodes),
            classes,
            np.flatnonzero(~start),
            np.flatnonzero(start),
            np.empty(0, dtype=np.int64),
            0,
        )
        members = self._members(classes)
        flow = self._flow_of(everything, self.ladder.all(members), 1)
        scarce, plenty = self._halves(everything, flow)
        return scarce, plenty

    def _members(self, classes: Ints) -> Ints:
        """Positions of the needs of these classes."""
        starts = self.classes.starts
        return ranges(starts[classes], starts[classes + 1] - starts[classes])

    def _asked(self, part: _Part, scale: int) -> int:
        return (part.total + self._sum(part.drained)) * scale

    def _sum(self, arcs: Ints) -> int:
        return int(wide(self.network.size[arcs], 1).sum()) if len(arcs) else 0

    def _flow_of(self, part: _Part, amounts: Whole, scale: int) -> Flow:
        """The most that the part can carry towards these amounts; 0 is the source, 1 the sink."""
        net = self.network
        self._place[part.nodes] = np.arange(2, len(part.nodes) + 2)
        per_class = self._per_class(part.classes, amounts)
        asked = int(per_class.sum()) + self._sum(part.drained) * scale
        tails = [self._place[net.tail[part.arcs]], np.zeros(len(part.fed), dtype=np.int64)]
        heads = [self._place[net.head[part.arcs]], self._place[net.head[part.fed]]]
        tails += [self._place[net.tail[part.drained]], self._place[net.class_node[part.classes]]]
        heads += [np.ones(len(part.drained) + len(part.classes), dtype=np.int64)]
        arcs = np.concatenate([part.arcs, part.fed, part.drained])
        size = _scaled(net.size[arcs], scale, asked)
        if per_class.dtype == object or size.dtype == object:
            size, per_class = size.astype(object), per_class.astype(object)
        return max_flow(
            len(part.nodes) + 2,
            np.concatenate(tails),
            np.concatenate(heads),
            np.concatenate([size, per_class]),
            asked,
        )

    def _per_class(self, classes: Ints, amounts: Whole) -> Whole:
        starts = self.classes.starts
        lengths = starts[classes + 1] - starts[classes]
        amounts = wide(amounts, 1)
        return sums(amounts, np.cumsum(lengths) - lengths)

    def _halves(self, part: _Part, flow: Flow) -> tuple[_Part, _Part]:
        """The part behind the cut with all that crosses it, and the part before it."""
        net = self.network
        behind = np.zeros(net.nodes, dtype=bool)
        behind[part.nodes] = flow.behind[2:]
        tail, head = behind[net.tail[part.arcs]], behind[net.head[part.arcs]]
        crossing = part.arcs[~tail & head]
        fed, drained = behind[net.head[part.fed]], behind[net.tail[part.drained]]
        of_class = behind[net.class_node[part.classes]]
        inflow = np.concatenate([part.fed[fed], crossing])
        outflow = part.drained[drained]
        low = _Part(
            part.nodes[behind[part.nodes]],
            part.classes[of_class],
            part.arcs[tail & head],
            inflow,
            outflow,
            self._sum(inflow) - self._sum(outflow),
        )
        high = _Part(
            part.nodes[~behind[part.nodes]],
            part.classes[~of_class],
            part.arcs[~tail & ~head],
            part.fed[~fed],
            np.concatenate([part.drained[~drained], crossing]),
            part.total - low.total,
        )
        return low, high

    def _split(self, part: _Part, flow: Flow) -> list[_Part]:
        """Both halves, the lower one on top of the stack."""
        low, high = self._halves(part, flow)
        assert 0 < len(low.nodes) < len(part.nodes), "a cut that splits nothing"
        return [high, low]

    def _settle(self, part: _Part, members: Ints, amounts: Whole, scale: int, flow: Flow) -> None:
        """Keep a part's amounts and flows as the next step."""
        self._step[part.nodes] = len(self._scale)
        self._scale.append(scale)
        self._amounts.append((members, amounts))
        arcs = np.concatenate([part.arcs, part.fed])
        self._flows.append((arcs, flow.on[: len(arcs)]))


def _assembled(length: int, pieces: list[tuple[Ints, Whole]]) -> Whole:
    """One column from values by position; 0 where there is none."""
    wide_one = any(values.dtype == object for _, values in pieces)
    found = np.zeros(length, dtype=object if wide_one else np.int64)
    for positions, values in pieces:
        found[positions] = values
    return found


def _scaled(size: Whole, scale: int, asked: int) -> Whole:
    """Sizes times the scale; what is unlimited or more than is asked for counts as that."""
    enough = asked // scale + 1
    if size.dtype != object and enough < WORD:
        size = np.where((size == UNLIMITED) | (size > enough), enough, size)
        if enough * scale < WORD:
            return size * scale
        return size.astype(object) * scale
    clipped = [enough if s == UNLIMITED or s > enough else s for s in size.tolist()]
    found = np.array(clipped, dtype=object) * scale
    return found.astype(np.int64) if most(found) < WORD else found
