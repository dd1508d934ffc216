"""A road graph from two tables: nodes with coordinates, edges with length and time or speed."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from logistics.travel.engine import Fault, TravelFailed

if TYPE_CHECKING:
    import networkx as nx

COLUMNS = {
    "node": ("node", "node_id", "osmid", "id"),
    "lat": ("lat", "y"),
    "lon": ("lon", "x"),
    "from": ("from", "u", "from_id"),
    "to": ("to", "v", "to_id"),
    "length": ("length", "length_m", "metres", "est_road_m"),
    "time": ("time", "time_s", "seconds", "travel_time", "est_time_s"),
    "speed": ("speed", "speed_kmh", "est_speed_kmh"),
}
"""Headings by meaning: our own first, then those of OSMnx and of other exports."""

LEAST_S = 1e-3
"""Shortest time of an edge: SciPy's sparse graphs do not keep edges of weight 0 everywhere."""

LARGEST = 1e7
"""Metres or seconds of an edge; more is a typing mistake."""

SHOWN_FAULTS = 10


@dataclass(frozen=True, slots=True)
class RoadFiles:
    """Where a graph lies and how its edges are read; `speed_kmh` where they have no time or speed."""

    nodes: Path
    edges: Path
    both_ways: bool
    speed_kmh: float


@dataclass(frozen=True, slots=True)
class Roads:
    """A graph whose nodes carry `lat`, `lon` and whose edges `metres`, `seconds`; its fingerprint."""

    graph: nx.DiGraph[str]
    sha256: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What a graph is like: `main` can be driven both ways, each node from each other."""

    main: frozenset[str]
    nodes: int
    parts: int
    no_exit: int
    no_entry: int


def read_roads(files: RoadFiles) -> Roads:
    """Read a graph; the last one stays in memory until one of its files changes.

    Raises:
        TravelFailed: naming up to ten mistakes by file, row and column.
    """
    stamps = []
    for path in (files.nodes, files.edges):
        try:
            stat = path.stat()
        except OSError:
            raise TravelFailed(Fault("no_graph", file=path.name)) from None
        stamps.append((stat.st_mtime_ns, stat.st_size))
    return parsed(files, tuple(stamps))


@lru_cache(maxsize=1)
def parsed(files: RoadFiles, _stamps: tuple[tuple[int, int], ...]) -> Roads:
    """The graph of two files as they are now; the stamps only tell one state from the next."""
    import networkx as nx

    total = hashlib.sha256()
    nodes = _Sheet(files.nodes, total)
    edges = _Sheet(files.edges, total)
    graph: nx.DiGraph[str] = nx.DiGraph()
    for row, cells in nodes.rows(("node", "lat", "lon")):
        lat, lon = nodes.number(row, cells, "lat", 90), nodes.number(row, cells, "lon", 180)
        if lat is not None and lon is not None:
            graph.add_node(cells["node"], lat=lat, lon=lon)
    _stop_at(nodes.faults)
    for row, cells in edges.rows(("from", "to", "length")):
        _add_edge(graph, edges, row, cells, files)
    _stop_at(edges.faults)
    if graph.number_of_edges() == 0:
        raise TravelFailed(Fault("empty_graph", file=files.edges.name))
    return Roads(graph, total.hexdigest())


def _stop_at(faults: list[Fault]) -> None:
    if faults:
        raise TravelFailed(*faults[:SHOWN_FAULTS])


def _add_edge(
    graph: nx.DiGraph[str], sheet: _Sheet, row: int, cells: Mapping[str, str], files: RoadFiles
) -> None:
    """Add an edge, or the quicker of two between the same nodes."""
    ends = cells["from"], cells["to"]
    for column, node in zip(("from", "to"), ends, strict=True):
        if node not in graph:
            sheet.fault("unknown_node", row, column, node)
            return
    metres = sheet.number(row, cells, "length", LARGEST, 0)
    seconds = _seconds(sheet, row, cells, metres, files.speed_kmh)
    if metres is None or seconds is None:
        return
    for a, b in (ends, ends[::-1]) if files.both_ways else (ends,):
        known = graph.get_edge_data(a, b)
        if a != b and (known is None or (seconds, metres) < (known["seconds"], known["metres"])):
            graph.add_edge(a, b, metres=metres, seconds=seconds)


def _seconds(
    sheet: _Sheet, row: int, cells: Mapping[str, str], metres: float | None, speed_kmh: float
) -> float | None:
    """Time of an edge: as given, else by its own speed, else by the week's speed."""
    if cells.get("time"):
        seconds = sheet.number(row, cells, "time", LARGEST, 0)
    elif metres is None:
        return None
    elif cells.get("speed"):
        speed = sheet.number(row, cells, "speed", 1000, 1e-3)
        seconds = None if speed is None else metres * 3.6 / speed
    else:
        seconds = metres * 3.6 / speed_kmh
    return None if seconds is None else max(seconds, LEAST_S)


class _Sheet:
    """A table of a graph: rows as cells by meaning, faults by row and column."""

    def __init__(self, path: Path, total: hashlib._Hash) -> None:
        self.faults: list[Fault] = []
        self._file = path.name
        self._names: dict[str, str] = {}
        try:
            content = path.read_bytes()
            self._text = content.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise TravelFailed(Fault("no_graph", file=path.name)) from None
        total.update(hashlib.sha256(content).digest())

    def rows(self, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
        """Row numbers as a spreadsheet counts, with the cells that mean something here."""
        reader = csv.reader(io.StringIO(self._text, newline=""))
        try:
            headings = [cell.strip().lower() for cell in next(reader, [])]
            places = {}
            for meaning, names in COLUMNS.items():
                name = next((name for name in names if name in headings), None)
                if name is not None:
                    places[meaning] = headings.index(name)
                    self._names[meaning] = name
                elif meaning in needed:
                    self.fault("no_column", 1, names[0], "", names=", ".join(names))
            if self.faults:
                return
            for row, cells in enumerate(reader, start=2):
                if len(cells) == len(headings):
                    yield row, {meaning: cells[at].strip() for meaning, at in places.items()}
                elif any(cells):
                    self.fault("torn_row", row, "", "")
        except csv.Error as problem:
            self.fault("torn_row", reader.line_num, "", str(problem))

    def number(
        self,
        row: int,
        cells: Mapping[str, str],
        meaning: str,
        most: float,
        least: float | None = None,
    ) -> float | None:
        """A finite number within bounds (`least` is `-most` if not given), or none with a fault."""
        try:
            found = float(cells[meaning])
        except ValueError:
            found = math.nan
        if math.isfinite(found) and (-most if least is None else least) <= found <= most:
            return found
        self.fault("bad_number", row, meaning, cells[meaning])
        return None

    def fault(self, code: str, row: int, column: str, value: str, **words: object) -> None:
        """Note a mistake."""
        name = self._names.get(column, column)
        self.faults.append(Fault(code, words, self._file, row, name, value))


def shape_of(graph: nx.DiGraph[str]) -> Shape:
    """The largest strongly connected part (Tarjan 1972, doi:10.1137/0201010), and dead ends.

    Among parts of equal size, the one with the least name.
    """
    import networkx as nx

    parts = [frozenset(part) for part in nx.strongly_connected_components(graph)]
    most = max(len(part) for part in parts)
    main = min((part for part in parts if len(part) == most), key=min)
    return Shape(
        main=main,
        nodes=graph.number_of_nodes(),
        parts=len(parts),
        no_exit=sum(1 for _, degree in graph.out_degree() if degree == 0),
        no_entry=sum(1 for _, degree in graph.in_degree() if degree == 0),
    )
