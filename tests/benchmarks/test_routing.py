"""The routing benchmark: gaps by hand, intervals, pairs, and a whole run on a tiny folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from benchmarks import routing
from benchmarks.contest import OURS
from benchmarks.routing import Task, extra, gap, main, spread
from benchmarks.routing_peers import Vroom
from benchmarks.routing_plot import curve
from benchmarks.routing_table import Run, mean, rows, table
from logistics.model.routing import RoutingScore, RoutingSolution
from logistics.solver.routing.score import score
from tests.solver.routing.bare import CASES

SQUARE = """NAME : square
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 2
NODE_COORD_SECTION
1 0 0
2 10 0
3 20 0
4 -10 0
5 -20 0
DEMAND_SECTION
1 0
2 1
3 1
4 1
5 1
DEPOT_SECTION
1
-1
EOF
"""
# Two to either side: 40 + 40.
KNOWN = {"meta": {"squares": {}}, "sets": {"squares": {"square": {"best": 80.0, "routes": 2}}}}


def a_run(contestant: str, seed: int, value: float | None, more: int = 0) -> Run:
    missing = None if value is None else 0
    trace = () if value is None else ((1.0, 9.0), (2.0, value))
    return Run("c", "i", contestant, seed, 3.0, missing, value, more, "", trace)


def test_a_gap_counts_in_percent_and_vehicles_only_where_they_come_first() -> None:
    first, other = CASES["vehicles first"].problem, CASES["capacity"].problem
    worth = RoutingScore(missing=0, vehicles=3, cost=110, distance=110, prizes=0)
    assert gap(Task("c", "i", first, 100.0, 2), worth) == pytest.approx(10.0)
    assert extra(Task("c", "i", first, 100.0, 2), worth) == 1
    assert extra(Task("c", "i", other, 100.0, 2), worth) == 0


def test_an_interval_is_students() -> None:
    found = mean([1.0, 2.0, 3.0])
    assert found is not None
    # Deviation 1, t = 4.303 at two degrees: 4.303 / sqrt(3).
    assert (found.value, found.half) == (2.0, pytest.approx(2.484, abs=1e-3))
    assert mean([]) is None
    assert mean([5.0]) is not None


def test_rows_pair_by_instance_and_seed() -> None:
    runs = [
        a_run(OURS, 1, 1.0),
        a_run(OURS, 2, 2.0, more=-1),
        a_run("pyvrp", 1, 4.0),
        a_run("pyvrp", 2, 3.0),
        a_run("pyvrp", 3, None),
    ]
    ours, theirs = rows(runs)
    assert ours.behind is None
    assert (theirs.runs, theirs.failed) == (3, 1)
    assert theirs.gap is not None
    assert theirs.gap.value == 3.5
    # Only the first pair has as many vehicles; the second of ours has one less.
    assert theirs.behind is not None
    assert (theirs.behind.value, theirs.behind.number) == (-3.0, 1)
    assert theirs.fewer is not None
    assert theirs.fewer.value == -0.5
    assert "pyvrp" in table(runs)


def test_a_curve_starts_when_all_have_something() -> None:
    runs = [a_run(OURS, 1, 1.0), a_run(OURS, 2, 3.0)]
    assert curve(runs, [0.5, 1.0, 2.5]) == [None, 9.0, 2.0]


def test_spread_takes_evenly() -> None:
    paths = [Path(str(k)) for k in range(10)]
    assert [path.name for path in spread(paths, 3)] == ["0", "3", "6"]
    assert spread(paths, None) == paths


@pytest.mark.parametrize("name", ["capacity", "windows", "pair", "dimensions", "vehicles first"])
def test_vroom_keeps_every_rule_of_what_it_takes(name: str) -> None:
    problem = CASES[name].problem
    assert Vroom().refuses(problem) is None
    found = Vroom().solve(problem, seconds=10.0, seed=1)
    worth = score(problem, found or RoutingSolution(()))
    assert worth is not None
    assert worth.key == CASES[name].best
    assert Vroom().refuses(CASES["trips"].problem) == "several trips"


def test_a_whole_run_on_a_tiny_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("logistics.intake.routing")
    (tmp_path / "squares").mkdir()
    (tmp_path / "squares" / "square.vrp").write_text(SQUARE, encoding="utf-8")
    (tmp_path / "best_known.json").write_text(json.dumps(KNOWN), encoding="utf-8")
    arguments = [str(tmp_path), "--seconds", "90", "--seeds", "1", "--cores", "1"]
    out = tmp_path / "out"
    asked = ["--engines", OURS, "vroom", "--out", str(out)]
    assert main([*arguments, *asked]) == 0
    assert "square" in capsys.readouterr().out
    with (out / "routing.csv").open(encoding="utf-8") as file:
        found = {row["contestant"]: row for row in csv.DictReader(file)}
    assert set(found) == {OURS, "vroom"}
    assert float(found[OURS]["gap"]) == 0.0
    assert float(found["vroom"]["gap"]) == 0.0
    assert found[OURS]["limit_s"] == "90.0"
    assert (out / "routing.png").stat().st_size > 1_000


def test_every_contestant_has_a_name_that_exists() -> None:
    from logistics.solver.routing.engines import ENGINES

    for names in routing.CONTESTANTS.values():
        assert set(names or ()) <= {*ENGINES, routing.VROOM}
