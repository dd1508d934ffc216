"""The cheapest shifts of one kind under given prizes, from labels forwards and backwards.

Both halves of a shift are labelled up to its middle and joined (Righini and Salani 2006,
doi:10.1016/j.disopt.2006.05.007), which takes far fewer labels than going all the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from logistics.solver.compiled import Kernel
from logistics.solver.routing.day import Trip
from logistics.solver.routing.proof import labels
from logistics.solver.routing.proof.graph import Bits, Graph, Ints, reversed_graph

KERNEL = Kernel("proof", [Path(labels.__file__)], lambda: labels.label)

FIRST_ROOM = 1 << 13


@dataclass
class Labels:
    """Rows for labels of one direction; see `labels.label`."""

    num: Ints
    bits: Bits
    mode: NDArray[np.int8]
    node: Ints
    parent: Ints
    dead: NDArray[np.bool_]
    used: int = 0

    @classmethod
    def empty(cls, rows: int, goods: int) -> Labels:
        """Room for so many labels."""
        return cls(
            num=np.empty((rows, 3 + 2 * goods), dtype=np.int64),
            bits=np.empty((rows, 4), dtype=np.uint64),
            mode=np.empty(rows, dtype=np.int8),
            node=np.empty(rows, dtype=np.int64),
            parent=np.empty(rows, dtype=np.int64),
            dead=np.empty(rows, dtype=np.bool_),
        )

    def path(self, row: int) -> list[int]:
        """Calls and homes from the empty shift to a label."""
        path = []
        while row > 0:
            path.append(int(self.node[row]))
            row = int(self.parent[row])
        return path[::-1]


@dataclass(frozen=True, slots=True)
class Priced:
    """A shift as trips, and its reduced cost in `1 / SCALE` (without the cost of its vehicle-day)."""

    trips: tuple[Trip, ...]
    reduced: int


@dataclass
class Pricer:
    """Prices shifts of one graph; `rows_max` bounds the labels of one direction,
    `second_cost` is in `1 / SCALE`."""

    graph: Graph
    rows_max: int
    second_cost: int
    _backward: Graph = field(init=False)
    _rows: dict[bool, Labels] = field(init=False)

    def __post_init__(self) -> None:
        self._backward = reversed_graph(self.graph)
        self._rows = {way: self._room(FIRST_ROOM) for way in (False, True)}

    def _room(self, rows: int) -> Labels:
        return Labels.empty(min(rows, self.rows_max), len(self.graph.room))

    def price(
        self, prize: Ints, trip_prize: int, near: Bits, loose: bool, most: int
    ) -> list[Priced] | None:
        """Up to `most` shifts, the cheapest first; `None` if there is no room for the labels.

        A call earns its `prize`, a trip `trip_prize`, in `1 / SCALE`.

        Unless `loose`, no shift that a vehicle can drive has a smaller reduced cost than the first.
        """
        graph = self.graph
        half_s = graph.end_s // 2
        slack_s = int(graph.service_max.max(initial=0))
        cost = graph.cost.copy()
        cost[graph.size] -= trip_prize
        there = self._labelled(graph, cost, prize, near, half_s, loose)
        cost = np.ascontiguousarray(cost.T)
        late_s = graph.end_s - half_s + slack_s
        back = there and self._labelled(self._backward, cost, prize, near, late_s, loose)
        if there is None or back is None:
            return None
        rows = np.flatnonzero(~back.dead[: back.used])
        rows = rows[np.lexsort((back.num[rows, 1], back.node[rows]))]
        starts = np.searchsorted(back.node[rows], np.arange(graph.size + 2))
        best = np.empty(max(1, there.used), dtype=np.int64)
        partner = np.full(len(best), -1, dtype=np.int64)
        labels.join(
            there.num, there.bits, there.mode, there.node, there.dead, there.used,
            back.num, back.bits, back.mode, rows, starts, half_s, graph.end_s, self.second_cost,
            graph.service_max, prize, graph.opened, graph.cleared, best, partner,
        )  # fmt: skip
        best[0], found = 1 << 60, []
        for a in np.argsort(best, kind="stable")[:most]:
            if partner[a] < 0:
                break
            trips = self._trips(there.path(int(a)), back.path(int(partner[a])))
            found.append(Priced(trips, int(best[a])))
        return found

    def every_set(self) -> tuple[Labels, Ints] | None:
        """Shifts that make all sets of calls that can be made: labels, and those that came home."""
        n = self.graph.size
        all_calls = np.full(n + 1, (1 << n) - 1, dtype=np.uint64)
        free = np.zeros(n, dtype=np.int64)
        end_s = self.graph.end_s
        rows = self._labelled(self.graph, self.graph.cost, free, all_calls, end_s, False, True)
        if rows is None:
            return None
        home = (rows.node[: rows.used] == n) & ~rows.dead[: rows.used]
        home[0] = False
        return rows, np.flatnonzero(home)

    def _trips(self, there: list[int], back: list[int]) -> tuple[Trip, ...]:
        """The trips of a path joined from two; a call at the seam stands in both."""
        home = self.graph.size
        return trips_of(there + (back[-2::-1] if there[-1] != home else back[::-1]), home)

    def _labelled(
        self,
        graph: Graph,
        cost: Ints,
        prize: Ints,
        near: Bits,
        half_s: int,
        loose: bool,
        whole: bool = False,
    ) -> Labels | None:
        back = graph.backward
        while True:
            rows = self._rows[back]
            docks = int(graph.loads.any())
            rows.used = labels.label(
                rows.num, rows.bits, rows.mode, rows.node, rows.parent, rows.dead, self.second_cost,
                graph.end_s, graph.dock_s, graph.arc, graph.drive_s, cost, graph.opens,
                graph.closes, graph.service, graph.service_max, graph.loads, graph.unloads,
                graph.back_s, graph.room, graph.hub_g, graph.board_g, graph.wanted, graph.cleared,
                graph.opened, graph.bars_trip, graph.bars_shift, near, prize,
                docks * int(graph.loads.all()), docks, half_s, loose, whole,
            )  # fmt: skip
            if rows.used >= 0:
                return rows
            if len(rows.node) >= self.rows_max:
                return None
            self._rows[back] = self._room(4 * len(rows.node))


def trips_of(path: list[int], home: int) -> tuple[Trip, ...]:
    """A path over calls and homes, cut into trips at home."""
    trips: list[Trip] = [()]
    for p in path:
        if p == home:
            trips.append(())
        else:
            trips[-1] = (*trips[-1], p)
    return tuple(trip for trip in trips if trip)
