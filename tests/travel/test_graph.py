"""Road graphs: a town of five corners with every way by hand, broken files, laws over random graphs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.model.problem import Leg, Travel, TravelSettings, WeekProblem
from logistics.model.travel import GraphSettings
from logistics.travel import TravelFailed, examine, measure
from logistics.travel.graph import fastest_ways
from tests.travel.test_legs import village

# A square A B C D of one-way streets, run round as A -> B -> C -> D -> A, and a slow short cut A <-> C.
# E hangs on C by a dead end that leads in only.
NODES = """\
osmid,lat,lon
a,34.80,135.60
b,34.81,135.60
c,34.81,135.61
d,34.80,135.61
e,34.82,135.61
"""
EDGES = """\
u,v,length_m,time_s
a,b,1000,60
b,c,900,60
c,d,1000,60
d,a,900,60.5
a,c,1300,200
c,a,1300,110
c,e,1100,50
a,b,500,90
"""
CORNERS = {"A": (34.80, 135.60), "B": (34.81, 135.60), "C": (34.81, 135.61), "D": (34.80, 135.61)}


def town(
    folder: Path,
    nodes: str = NODES,
    edges: str = EDGES,
    places: dict[str, tuple[float, float]] = CORNERS,
    legs: Travel | None = None,
    snap_m: int = 500,
    **graph: object,
) -> WeekProblem:
    (folder / "roads").mkdir(exist_ok=True)
    (folder / "roads" / "nodes.csv").write_text(nodes, encoding="utf-8")
    (folder / "roads" / "edges.csv").write_text(edges, encoding="utf-8")
    chosen = GraphSettings(**graph)  # type: ignore[arg-type]
    travel = TravelSettings("graph", snap_m=snap_m, graph=chosen, folder=str(folder))
    return village(places, travel, legs)


def faults_of(problem: WeekProblem) -> list[tuple[str, str, int | None, str]]:
    with pytest.raises(TravelFailed) as failed:
        measure(problem, problem.sites)
    found = failed.value.findings("ja")
    assert all(finding.message and finding.fix for finding in found)
    return [(f.code, f.file, f.row, f.column) for f in found]


def test_every_way_of_the_town(tmp_path: Path) -> None:
    # A to C: by B, 60 + 60 = 120 s and 1900 m, beats the short cut's 200 s and 1300 m.
    # C to A: the short cut, 110 s, beats D's 60 + 60.5 = 120.5 s. B to A: 60 + 110 = 170 s, 2200 m.
    # D to C: 60.5 + 120 = 180.5 -> 181 s, 2800 m. Of two edges from A to B the quicker one is driven.
    measured = measure(town(tmp_path), CORNERS)
    assert measured.legs == {
        ("A", "B"): Leg(1000, 60), ("A", "C"): Leg(1900, 120), ("A", "D"): Leg(2900, 180),
        ("B", "A"): Leg(2200, 170), ("B", "C"): Leg(900, 60), ("B", "D"): Leg(1900, 120),
        ("C", "A"): Leg(1300, 110), ("C", "B"): Leg(2300, 170), ("C", "D"): Leg(1000, 60),
        ("D", "A"): Leg(900, 61), ("D", "B"): Leg(1900, 121), ("D", "C"): Leg(2800, 181),
    }  # fmt: skip
    assert measured.engine == "graph"
    assert measured.detail.startswith("edges.csv ")
    assert measured.detail.endswith(", ×1")


def test_factor_and_travel_csv(tmp_path: Path) -> None:
    problem = town(tmp_path, speed_factor=0.5, legs={("A", "C"): Leg(5, 6)})
    legs = measure(problem, CORNERS).legs
    assert legs["A", "B"] == Leg(1000, 120)
    assert legs["A", "C"] == Leg(5, 6)
    assert legs["C", "A"] == Leg(1300, 220)


def test_doors_are_walked_to(tmp_path: Path) -> None:
    # 0.001 degrees north of B: 6371008.8 x pi / 180000 = 111.195 m, at 4 km/h 100.08 s.
    places = {"A": CORNERS["A"], "H": (34.811, 135.60)}
    legs = measure(town(tmp_path, places=places), places).legs
    assert legs["A", "H"] == Leg(1112, 161)
    assert legs["H", "A"] == Leg(2312, 271)


def test_lengths_alone_are_driven_at_the_weeks_speed_and_both_ways(tmp_path: Path) -> None:
    # 21 km/h: 1000 m take 171.43 s. The file's third way is at 36 km/h: 900 m take 90 s.
    edges = "from,to,length,speed\na,b,1000,\nb,c,900,36\n"
    places = {name: CORNERS[name] for name in "ABC"}
    problem = town(tmp_path, edges=edges, places=places, both_ways=True)
    legs = measure(problem, places).legs
    assert legs["A", "B"] == legs["B", "A"] == Leg(1000, 172)
    assert legs["C", "A"] == Leg(1900, 262)


def test_a_dead_end_is_left_for_the_main_part(tmp_path: Path) -> None:
    # E is 1112 m north of C: within 2 km it is C's business, said aloud; within 500 m it is refused.
    places = {**CORNERS, "E": (34.82, 135.61)}
    problem = town(tmp_path, places=places, snap_m=2000)
    cut, moved = measure(problem, places).warnings
    assert cut.code == "graph_parts"  # four of five corners
    assert (moved.code, moved.ids) == ("moved", ("E",))
    assert examine(problem) == (cut, moved)
    assert measure(problem, places).legs["C", "E"].metres == 1112
    assert faults_of(town(tmp_path, places=places)) == [
        ("travel_isolated", "week.toml", None, "travel")
    ]


def test_a_place_off_the_map_is_refused_unless_its_legs_are_given(tmp_path: Path) -> None:
    places = {"A": CORNERS["A"], "B": CORNERS["B"], "X": (34.9, 135.6)}
    assert faults_of(town(tmp_path, places=places)) == [("travel_far", "week.toml", None, "travel")]
    given = {(a, b): Leg(1, 1) for a, b in [("A", "X"), ("X", "A"), ("B", "X"), ("X", "B")]}
    legs = measure(town(tmp_path, places=places, legs=given), places).legs
    assert legs["A", "X"] == Leg(1, 1)
    assert legs["A", "B"] == Leg(1000, 60)


def test_a_graph_that_falls_apart_is_a_warning(tmp_path: Path) -> None:
    edges = "u,v,length\na,b,1000\nb,a,1000\nc,d,9\nd,e,9\n"
    problem = town(tmp_path, edges=edges, places={k: CORNERS[k] for k in "AB"})
    (warning,) = examine(problem)
    assert warning.code == "graph_parts"
    # Of a, b, c, d, e only a and b are joined both ways; e has no exit, c no entry.
    assert "40%" in warning.finding("en").message
    assert (warning.words["parts"], warning.words["no_exit"], warning.words["no_entry"]) == (
        4,
        1,
        1,
    )


MISTAKES = [
    (NODES.replace("lat", "lad"), EDGES, [("travel_no_column", "nodes.csv", 1, "lat")]),
    (NODES, EDGES.replace("length_m", "len"), [("travel_no_column", "edges.csv", 1, "length")]),
    (NODES.replace("a,34.80", "a,north"), EDGES, [("travel_bad_number", "nodes.csv", 2, "lat")]),
    (NODES.replace("b,34.81", "b,94.81"), EDGES, [("travel_bad_number", "nodes.csv", 3, "lat")]),
    (
        NODES,
        EDGES.replace("a,b,1000,60", "a,z,1000,60"),
        [("travel_unknown_node", "edges.csv", 2, "v")],
    ),
    (
        NODES,
        EDGES.replace("900,60\n", "-900,60\n"),
        [("travel_bad_number", "edges.csv", 3, "length_m")],
    ),
    (NODES, EDGES.replace("60.5", "inf"), [("travel_bad_number", "edges.csv", 5, "time_s")]),
    (NODES, EDGES.replace("60.5", "1e8"), [("travel_bad_number", "edges.csv", 5, "time_s")]),
    (NODES, EDGES.replace(",60.5", ""), [("travel_torn_row", "edges.csv", 5, "")]),
    (NODES, "u,v,length\n", [("travel_empty_graph", "edges.csv", None, "")]),
    ("", EDGES, [("travel_no_column", "nodes.csv", 1, name) for name in ("node", "lat", "lon")]),
]


@pytest.mark.parametrize(("nodes", "edges", "expected"), MISTAKES)
def test_mistakes_are_named_by_file_row_and_column(
    tmp_path: Path, nodes: str, edges: str, expected: list[tuple[str, str, int | None, str]]
) -> None:
    assert faults_of(town(tmp_path, nodes, edges)) == expected


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    problem = town(tmp_path)
    (tmp_path / "roads" / "edges.csv").write_bytes(b"\xff\xfe\x00")
    assert faults_of(problem) == [("travel_no_graph", "edges.csv", None, "")]
    (tmp_path / "roads" / "nodes.csv").unlink()
    assert faults_of(problem) == [("travel_no_graph", "nodes.csv", None, "")]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    before = measure(town(tmp_path), CORNERS)
    after = measure(town(tmp_path, edges=EDGES.replace("a,b,1000,60", "a,b,1000,61.25")), CORNERS)
    assert (before.legs["A", "B"].seconds, after.legs["A", "B"].seconds) == (60, 62)
    assert before.detail != after.detail


@st.composite
def graphs(draw: st.DrawFn) -> nx.DiGraph[str]:
    """Random directed graphs of 2 to 8 nodes, not always connected."""
    n = draw(st.integers(2, 8))
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(f"N{i}" for i in range(n))
    for i, j in draw(st.lists(st.sampled_from(pairs), unique=True)):
        seconds, metres = draw(st.integers(1, 99)), draw(st.integers(0, 999))
        graph.add_edge(f"N{i}", f"N{j}", seconds=float(seconds), metres=float(metres))
    return graph


@given(graph=graphs())
def test_fastest_ways_equal_those_of_networkx(graph: nx.DiGraph[str]) -> None:
    names = sorted(graph)
    metres, seconds = fastest_ways(graph, names, np.arange(len(names)))
    known = dict(nx.all_pairs_dijkstra_path_length(graph, weight="seconds"))
    for i, a in enumerate(names):
        for j, b in enumerate(names):
            assert seconds[i, j] == known[a].get(b, np.inf)
            if np.isfinite(seconds[i, j]):
                ways = nx.all_shortest_paths(graph, a, b, weight="seconds") if a != b else [[a]]
                lengths = {nx.path_weight(graph, way, "metres") for way in ways}
                assert metres[i, j] in lengths


@settings(max_examples=40)
@given(graph=graphs(), factor=st.sampled_from([0.43, 1.0, 1.7]), data=st.data())
def test_no_way_round_is_quicker_by_more_than_rounding(
    graph: nx.DiGraph[str], factor: float, data: st.DataObject
) -> None:
    names = sorted(graph)
    point = st.tuples(st.integers(0, 40), st.integers(0, 40))
    at = {name: data.draw(point) for name in names}
    nodes = "node,lat,lon\n" + "".join(
        f"{name},{34.8 + y / 1e4:.4f},{135.6 + x / 1e4:.4f}\n" for name, (x, y) in at.items()
    )
    edges = "from,to,length,time\n" + "".join(
        f"{a},{b},{way['metres']},{way['seconds']}\n" for a, b, way in graph.edges(data=True)
    )
    places = {f"P{i}": (34.8 + i / 1e3, 135.601) for i in range(4)}
    if graph.number_of_edges() == 0:
        return
    with tempfile.TemporaryDirectory() as folder:
        problem = town(
            Path(folder), nodes, edges, places, snap_m=5000, speed_factor=factor, both_ways=False
        )
        legs = measure(problem, places).legs
    for a in places:
        for b in places:
            for c in places:
                if len({a, b, c}) == 3:
                    assert legs[a, c].seconds <= legs[a, b].seconds + legs[b, c].seconds + 1
