"""Legs along a road graph: places snapped to its nodes, fastest ways by Dijkstra's algorithm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logistics.model.errors import Severity
from logistics.model.travel import GraphSettings
from logistics.travel.engine import EARTH_RADIUS_M, Fault, Place, Table, walked
from logistics.travel.roads import RoadFiles, Roads, Shape, read_roads, shape_of

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np
    from numpy.typing import NDArray

MAIN_MIN = 0.9
"""A graph with fewer of its nodes in the main part is probably cut badly: a warning."""

BATCH = 64
"""Origins searched at once: distances and predecessors take 12 bytes a node and origin."""


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """Ways along an embedded road graph, from door to door.

    Each place goes on foot to the nearest node of the graph's main part, the largest in which every
    node can be driven to from every other; from there the fastest way is driven.
    """

    files: RoadFiles
    settings: GraphSettings
    snap_m: int
    walk_kmh: float

    def table(self, places: Sequence[Place]) -> Table:
        """Legs between all places along the graph."""
        import numpy as np

        roads = read_roads(self.files)
        shape = shape_of(roads.graph)
        main = sorted(shape.main)
        nearest, snap_m = _nearest(roads, main, places)
        stranded, warnings = self._far(roads, shape, places, snap_m)
        metres, seconds = fastest_ways(roads.graph.subgraph(main), main, nearest)
        far = list(stranded)
        seconds[far, :] = seconds[:, far] = np.inf
        whole = walked(metres, seconds / self.settings.speed_factor, snap_m, self.walk_kmh)
        factor = f"{self.settings.speed_factor:g}"
        detail = f"{self.files.edges.name} {roads.sha256[:12]}, ×{factor}"
        return Table(*whole, detail, stranded, (*self._cut(shape), *warnings))

    def _cut(self, shape: Shape) -> list[Fault]:
        """The warning that a graph falls apart."""
        if len(shape.main) >= MAIN_MIN * shape.nodes:
            return []
        words = {
            "share": f"{len(shape.main) / shape.nodes:.0%}",
            "nodes": shape.nodes,
            "parts": shape.parts,
            "no_exit": shape.no_exit,
            "no_entry": shape.no_entry,
        }
        file = self.files.edges.name
        return [Fault("graph_parts", words, file=file, severity=Severity.WARNING)]

    def _far(
        self, roads: Roads, shape: Shape, places: Sequence[Place], snap_m: NDArray[np.float64]
    ) -> tuple[dict[int, Fault], list[Fault]]:
        """Places too far from the main part, and warnings for those nearer to another part."""
        names = list(roads.graph)
        nodes, any_m = _nearest(roads, names, places)
        stranded, warnings = {}, []
        for i, place in enumerate(places):
            words = {
                "place": place.name,
                "metres": f"{snap_m[i]:.0f}",
                "limit": self.snap_m,
                "node": names[nodes[i]],
            }
            isolated = names[nodes[i]] not in shape.main and any_m[i] <= self.snap_m
            if snap_m[i] > self.snap_m:
                code = "isolated" if isolated else "far"
                stranded[i] = Fault(code, words, ids=place.ids)
            elif isolated:
                warnings.append(Fault("moved", words, severity=Severity.WARNING, ids=place.ids))
        return stranded, warnings


def _nearest(
    roads: Roads, names: Sequence[str], places: Sequence[Place]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each place the index of the nearest node among `names`, and the great circle to it in m."""
    import numpy as np
    from scipy.spatial import KDTree

    def on_sphere(points: Any) -> NDArray[np.float64]:
        lat, lon = np.radians(np.array(points, dtype=float)).T
        return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])

    nodes = roads.graph.nodes
    tree = KDTree(on_sphere([(nodes[name]["lat"], nodes[name]["lon"]) for name in names]))
    chord, index = tree.query(on_sphere([(place.lat, place.lon) for place in places]))
    return index.astype(np.int64), 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(chord / 2, 1))


def fastest_ways(
    graph: nx.DiGraph[str], names: Sequence[str], stops: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres and seconds along the fastest ways between stops, both len(stops) x len(stops).

    Dijkstra's algorithm from every stop (scipy.sparse.csgraph); metres are summed along the way that
    was found, so they are not the least possible. Infinite where there is no way.

    Args:
        graph: edges with `metres` and `seconds` > 0.
        names: all nodes of the graph, by which stops are numbered.
        stops: indices into `names`; may repeat.
    """
    import networkx as nx
    import numpy as np
    from scipy.sparse.csgraph import dijkstra

    times, lengths = (
        nx.to_scipy_sparse_array(graph, names, dtype=np.dtype(float), weight=weight, format="csr")
        for weight in ("seconds", "metres")
    )
    metres = np.full((len(stops), len(stops)), np.inf)
    seconds = np.full((len(stops), len(stops)), np.inf)
    for first in range(0, len(stops), BATCH):
        batch = stops[first : first + BATCH]
        found, before = dijkstra(times, indices=batch, return_predecessors=True)
        seconds[first : first + BATCH] = found[:, stops]
        metres[first : first + BATCH] = _along(lengths, before, stops)
    metres[~np.isfinite(seconds)] = np.inf
    return metres, seconds


def _along(
    lengths: Any, before: NDArray[np.int32], stops: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Metres of the ways that predecessors describe, walked back from all stops at once."""
    import numpy as np

    metres = np.zeros((len(before), len(stops)))
    at = np.broadcast_to(stops, metres.shape).copy()
    row, column = np.nonzero(np.ones(metres.shape, dtype=bool))
    while len(row):
        node = at[row, column]
        came = before[row, node]
        goes_on = came >= 0  # SciPy marks the origin, and what cannot be reached, with -9999
        row, column, node, came = row[goes_on], column[goes_on], node[goes_on], came[goes_on]
        if len(row):
            metres[row, column] += np.asarray(lengths[came, node]).ravel()
            at[row, column] = came
    return metres
