"""Integer leximin by maximum flow, where every pack is one meal and every cap is nested.

Lots flow through (household, food group, cooked day) into households; what can be received together
is then a polymatroid, on which greedy is exact: go through the events by the level they leave, ties
by the best next level, keep each that still fits. The longest prefix that fits is found by galloping
and bisection with one maximum flow a probe; the minimum cut at the event that does not fit is the
certificate: the households behind it can reach only the arcs it crosses, and these are full.
Fujishige 1980 (doi:10.1287/moor.5.2.186); Megiddo 1974 (doi:10.1007/BF01585506).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from logistics.model.plan import Cap
from logistics.solver.allocation.events import Event, Freeze, Group
from logistics.solver.allocation.shape import Row, Shape
from logistics.solver.allocation.state import Leximin


def flow_applies(shape: Shape) -> bool:
    """Whether the shape without its relaxable rows is a flow of whole meals.

    Every pack is one meal, nobody chooses among sessions, nothing is pinned, and cooked meals lie
    within one food group.
    """
    if any(meals != shape.grains_per_meal for meals in shape.meals) or shape.grains_per_meal != 1:
        return False
    choices = any(row.cap.kind == "sessions_max" for row in shape.rows)
    pinned = any(row.cap.kind == "pin" for row in shape.rows)
    groups = _row_of_variable(shape, "group_share")
    cooked: dict[int, set[int | None]] = {}
    for r, row in enumerate(shape.rows):
        if row.cap.kind == "cooked_per_day":
            cooked[r] = {groups.get(i) for i, _ in row.terms}
    nested = all(len(found) == 1 for found in cooked.values())
    clipped = any(row.cap.kind.startswith("group_share") and row.upper == 0 for row in shape.rows)
    return nested and not (choices or pinned or clipped)


def _row_of_variable(shape: Shape, kind: str) -> dict[int, int]:
    return {
        i: r
        for r, row in enumerate(shape.rows)
        if row.cap.kind.startswith(kind)
        for i, _ in row.terms
    }


@dataclass(frozen=True, slots=True)
class _Arc:
    tail: int
    head: int
    capacity: int
    cap: Cap | None = None


class _Network:
    """Source -> lots -> options -> (cooked day) -> (food group) -> households -> sink."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._nodes: dict[object, int] = {}
        self._arcs: list[_Arc] = []
        self.source, self.sink = self._node("source"), self._node("sink")
        lot_rows = _row_of_variable(shape, "lot")
        inner = [_row_of_variable(shape, "cooked_per_day"), _row_of_variable(shape, "group_share")]
        self.option_arcs: list[int] = [0] * len(shape.options)
        for n, members in enumerate(shape.members):
            for i in members:
                lot = self._lot_node(i, lot_rows)
                head = self._household(n)
                for rows in reversed(inner):
                    if i in rows:
                        head = self._gate(rows[i], shape.rows[rows[i]], head)
                cap = Cap("lot", shape.options[i].lot_id)
                self.option_arcs[i] = self._add(_Arc(lot, head, shape.most[i], cap))
        self.first_sink = len(self._arcs)
        for n in range(len(shape.needs)):
            self._arcs.append(_Arc(self._household(n), self.sink, 0))
        self._tails = np.array([arc.tail for arc in self._arcs], dtype=np.int32)
        self._heads = np.array([arc.head for arc in self._arcs], dtype=np.int32)
        self._capacities = np.array([arc.capacity for arc in self._arcs], dtype=np.int64)

    def _node(self, name: object) -> int:
        return self._nodes.setdefault(name, len(self._nodes))

    def _household(self, n: int) -> int:
        return self._node(("need", n))

    def _add(self, arc: _Arc) -> int:
        self._arcs.append(arc)
        return len(self._arcs) - 1

    def _lot_node(self, i: int, rows: dict[int, int]) -> int:
        """The lot's node, fed by its supply (a lot that can never run out has no row)."""
        lot_id = self._shape.options[i].lot_id
        known = ("lot", lot_id) in self._nodes
        node = self._node(("lot", lot_id))
        if not known:
            row = self._shape.rows[rows[i]] if i in rows else None
            plenty = sum(self._shape.most)
            supply = plenty if row is None or row.upper is None else row.upper
            self._add(_Arc(self.source, node, supply, Cap("lot", lot_id)))
        return node

    def _gate(self, r: int, row: Row, head: int) -> int:
        """A node whose only way out is as wide as the row allows."""
        known = ("row", r) in self._nodes
        node = self._node(("row", r))
        if not known:
            self._add(_Arc(node, head, row.upper or 0, row.cap))
        return node

    def flow(self, lower: Sequence[int]) -> Any:
        """A maximum flow in which household *n* may take at most `lower[n]`."""
        from ortools.graph.python import max_flow

        solver = max_flow.SimpleMaxFlow()
        self._capacities[self.first_sink :] = lower
        solver.add_arcs_with_capacity(self._tails, self._heads, self._capacities)
        status = solver.solve(self.source, self.sink)
        assert status == solver.OPTIMAL, status
        return solver

    def packs(self, solver: Any) -> tuple[int, ...]:
        """Packs of each option in a flow."""
        flows = solver.flows(np.array(self.option_arcs, dtype=np.int32))
        return tuple(int(v) for v in flows)

    def tight_set(self, solver: Any) -> tuple[list[int], tuple[Cap, ...]]:
        """Needs behind the minimum cut nearest the sink, and the caps that it crosses."""
        behind = set(solver.get_sink_side_min_cut())
        needs = [n for n in range(len(self._shape.needs)) if self._household(n) in behind]
        crossed = [
            arc.cap
            for arc in self._arcs[: self.first_sink]
            if arc.head in behind and arc.tail not in behind and arc.cap is not None
        ]
        return needs, tuple(dict.fromkeys(crossed))


class FlowLeximin:
    """Greedy over the events with one maximum flow per probe."""

    def __init__(self, shape: Shape, groups: Sequence[Group]) -> None:
        self.shape = shape
        self._network = _Network(shape)
        self._events = [event for group in groups for event in sorted(group.events, key=self._rank)]

    def _rank(self, event: Event) -> tuple[object, ...]:
        """Best next level first; within a tie of the floor, whoever stands lower over the weeks."""
        need = self.shape.needs[event.need]
        return (
            -event.reaches,
            need.level(event.origin),
            -need.level(event.target),
            event.need,
        )

    def solve(self) -> Leximin:
        """All levels; whoever is short gets the smallest minimum cut that holds it in the end.

        Tight sets stay tight and are closed under intersection, so that this cut lies within the one
        met on the way, and nobody in it stands higher.
        """
        lower = [0] * len(self.shape.needs)
        frozen: set[int] = set()
        position = 0
        while True:
            position = self._longest_prefix(position, lower, frozen)
            if position == len(self._events):
                break
            blocked = self._events[position]
            trial = list(lower)
            trial[blocked.need] = blocked.target
            needs, _ = self._network.tight_set(self._network.flow(trial))
            frozen.update(needs)
        packs = self._network.packs(self._network.flow(lower))
        short = tuple(
            self._freeze(n, lower)
            for n, need in enumerate(self.shape.needs)
            if lower[n] < need.wanted
        )
        return Leximin(packs, short, proven=True)

    def _freeze(self, n: int, lower: list[int]) -> Freeze:
        held: tuple[Cap, ...] = (Cap("nothing_fits", self.shape.needs[n].household_id),)
        if self.shape.members[n]:
            trial = list(lower)
            trial[n] += 1
            _, held = self._network.tight_set(self._network.flow(trial))
        return Freeze(n, lower[n], lower[n], "min_cut", held)

    def _longest_prefix(self, start: int, lower: list[int], frozen: set[int]) -> int:
        """Raise `lower` as far as whole events fit; return the first event that does not."""
        good, width = start, 1
        bad = len(self._events) + 1
        while good < len(self._events) and bad > good + 1:
            probe = min(good + width, bad - 1, len(self._events))
            trial = self._raised(lower, good, probe, frozen)
            if self._fits(trial):
                lower[:] = trial
                good, width = probe, width * 2
            else:
                bad, width = probe, max(1, (probe - good) // 2)
        return good

    def _raised(self, lower: list[int], start: int, stop: int, frozen: set[int]) -> list[int]:
        trial = list(lower)
        for event in self._events[start:stop]:
            if event.need not in frozen:
                trial[event.need] = max(trial[event.need], event.target)
        return trial

    def _fits(self, lower: list[int]) -> bool:
        return bool(self._network.flow(lower).optimal_flow() == sum(lower))
