"""Maximum flow with its minimum cut: OR-Tools in machine words, NetworkX in Python's integers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logistics.solver.shares.exact import WORD, Whole, most


@dataclass(frozen=True, slots=True)
class Flow:
    """The value, the flow on every arc, and which nodes lie behind the minimum cut nearest the sink."""

    value: int
    on: Whole
    behind: NDArray[np.bool_]


def max_flow(nodes: int, tail: Whole, head: Whole, size: Whole, demand: int) -> Flow:
    """Maximum flow from node 0 to node 1; no more than `demand` is asked for at the sink."""
    size = np.minimum(size, demand)
    if size.dtype == object and most(size) < WORD:
        size = size.astype(np.int64)
    if size.dtype == object or demand >= WORD:
        return _in_python(nodes, tail, head, size)
    from ortools.graph.python import max_flow as library

    solver = library.SimpleMaxFlow()
    solver.add_arcs_with_capacity(tail.astype(np.int32), head.astype(np.int32), size)
    status = solver.solve(0, 1)
    if status != solver.OPTIMAL:
        return _in_python(nodes, tail, head, size.astype(object))
    behind = np.zeros(nodes, dtype=bool)
    behind[solver.get_sink_side_min_cut()] = True
    flows = solver.flows(np.arange(len(tail), dtype=np.int32))
    return Flow(int(solver.optimal_flow()), flows, behind)


def _in_python(nodes: int, tail: Whole, head: Whole, size: Whole) -> Flow:
    """The same for integers of any size, on parallel arcs put together."""
    import networkx as nx

    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(nodes))
    arcs = list(zip(tail.tolist(), head.tolist(), size.tolist(), strict=True))
    for u, v, capacity in arcs:
        before = graph[u][v]["capacity"] if graph.has_edge(u, v) else 0
        graph.add_edge(u, v, capacity=before + capacity)
    rest = nx.algorithms.flow.preflow_push(graph, 0, 1)
    flows = []
    used: dict[tuple[int, int], int] = {}
    for u, v, capacity in arcs:
        total = max(0, rest[u][v]["flow"]) if capacity else 0
        here = min(capacity, total - used.get((u, v), 0))
        used[u, v] = used.get((u, v), 0) + here
        flows.append(here)
    behind = np.zeros(nodes, dtype=bool)
    reached, queue = {1}, [1]
    while queue:
        v = queue.pop()
        for u in rest.predecessors(v):
            if u not in reached and rest[u][v]["capacity"] > rest[u][v]["flow"]:
                reached.add(u)
                queue.append(u)
    behind[list(reached)] = True
    return Flow(int(rest.graph["flow_value"]), np.array(flows, dtype=object), behind)
