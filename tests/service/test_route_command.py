"""`osusowake route`: exit codes, what is written, the time that is passed on, Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import Any

import pytest

from logistics.intake import read_routing
from logistics.judge import check_routes
from logistics.model.routing import RoutingProblem, RoutingScore, RoutingSolution, VehicleRoute
from logistics.reports.routing_files import read_solution
from service.cli import main
from tests.intake.routing_files import ALL, CVRP, LI_LIM, PRIZES, RELOADS, VRPTW, write

ROOT = Path(__file__).parents[2]
PORTFOLIO = "logistics.solver.routing.portfolio"


@dataclass
class Run:
    """What the portfolio says of one turn of an engine."""

    engine: str = "apart"
    seed: int = 1
    turn: int = 0
    status: str = "done"
    note: str = ""
    runtime_s: float = 0.25
    score: RoutingScore | None = None


@dataclass
class Result:
    """What the portfolio returns."""

    solution: RoutingSolution | None
    engine: str = "apart"
    runtime_s: float = 0.25
    bound: int | None = None
    runs: tuple[Run, ...] = field(default=(Run(),))
    reason: str | None = None


Solve = Callable[..., Result]


def apart(problem: RoutingProblem, **_: Any) -> Result:
    """Every visit, or every pair, on a route of its own."""
    paired = {node for pair in problem.pairs for node in pair}
    trips = [*problem.pairs, *((i,) for i in problem.visits if i not in paired)]
    return Result(RoutingSolution(tuple(VehicleRoute((trip,)) for trip in trips)))


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Solve], None]:
    """Puts a function in place of the portfolio."""

    def put(solve: Solve) -> None:
        module = ModuleType(PORTFOLIO)
        module.solve = solve  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, PORTFOLIO, module)

    return put


def test_an_instance_becomes_a_solution_file(
    use: Callable[[Solve], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(apart)
    path, out = write(VRPTW, tmp_path), tmp_path / "new" / "a.sol"
    assert main(["route", str(path), "--out", str(out), "--seconds", "1", "--lang", "en"]) == 0
    # 5.0, 1.4 and 10.0, out and back
    assert out.read_text() == "Route #1: 1\nRoute #2: 2\nRoute #3: 3\nCost 32.8\n"
    said = capsys.readouterr()
    assert said.err == ""
    assert "tinytw: cost 32.8, 3 vehicles, 3 trips, 3 of 3 visited." in said.out
    assert "Counted as dimacs" in said.out
    assert "no bound was found" in said.out
    assert "Engine: apart (0.2 s)." in said.out
    assert f"Judged clean. Written to {out}" in said.out


def test_what_is_asked_for_is_passed_on(use: Callable[[Solve], None], tmp_path: Path) -> None:
    asked: dict[str, Any] = {}

    def solve(problem: RoutingProblem, **limits: Any) -> Result:
        asked.update(limits, convention=problem.convention)
        return apart(problem)

    use(solve)
    path, out = write(CVRP, tmp_path), tmp_path / "a.sol"
    command = ["route", str(path), "--out", str(out), "--seconds", "50", "--seed", "7"]
    assert main([*command, "--workers", "2", "--convention", "sintef"]) == 0
    assert (asked["seed"], asked["workers"], asked["convention"]) == (7, 2, "sintef")
    assert 5 <= asked["seconds"] < 50
    assert asked["cancelled"]() is False
    assert main(command) == 0
    assert asked["workers"] is None
    assert asked["convention"] == "cvrplib"


def test_json_for_machines(
    use: Callable[[Solve], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def solve(problem: RoutingProblem, **_: Any) -> Result:
        run = Run(score=RoutingScore(missing=0, vehicles=0, cost=150, distance=150, prizes=0))
        return Result(RoutingSolution((VehicleRoute(((2,),)),)), bound=100, runs=(run,))

    use(solve)
    path, out = write(PRIZES, tmp_path), tmp_path / "a.sol"
    assert main(["route", str(path), "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "name": "tinytw",
        "convention": "dimacs",
        "cost": "12.3",
        "prizes": "9.5",
        "vehicles": 1,
        "trips": 1,
        "missing": 0,
        "left_out": [1, 3],
        "bound": "10",
        "gap": 0.23,
        "stopped": False,
        "engine": "apart",
        "runtime_s": 0.25,
        "runs": [
            {
                "engine": "apart",
                "seed": 1,
                "turn": 0,
                "status": "done",
                "note": "",
                "runtime_s": 0.25,
                "cost": "15",
            },
        ],
        "file": str(out),
        "findings": [],
    }


def test_bad_data_are_findings_and_exit_code_1(
    use: Callable[[Solve], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(apart)
    path, out = write(CVRP.replace("5 6\n", "5 -6\n"), tmp_path), tmp_path / "a.sol"
    assert main(["route", str(path), "--out", str(out), "--lang", "en"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "[negative] tiny.vrp row 18 column DEMAND_SECTION" in said.err
    assert main(["route", str(path), "--out", str(out), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
    assert not out.exists()


def test_warnings_are_shown(
    use: Callable[[Solve], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(apart)
    path = write(CVRP.replace("CAPACITY", "OPTIMUM : 9\nCAPACITY"), tmp_path)
    command = ["route", str(path), "--out", str(tmp_path / "a.sol"), "--lang", "ja"]
    assert main(command) == 0
    said = capsys.readouterr()
    assert "[not_used] tiny.vrp 6行目 OPTIMUM列: OPTIMUM は使いません" in said.err
    assert "検査で指摘なし" in said.out
    assert main([*command, "--json"]) == 0
    assert [f["code"] for f in json.loads(capsys.readouterr().out)["findings"]] == ["not_used"]


def test_a_faulty_solution_is_never_written(
    use: Callable[[Solve], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(lambda problem, **_: Result(RoutingSolution((VehicleRoute(((1, 2, 3, 4),)),))))
    path, out = write(CVRP, tmp_path), tmp_path / "a.sol"
    assert main(["route", str(path), "--out", str(out), "--lang", "en"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "the judge refused the solution; nothing was written" in said.err
    assert "[route_capacity]" in said.err
    assert main(["route", str(path), "--out", str(out), "--lang", "ja"]) == 1
    assert "[route_capacity] 積載量が容量を超えています（Route 1" in capsys.readouterr().err
    assert not out.exists()


def test_visits_that_are_missing_are_said_loudly(
    use: Callable[[Solve], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(lambda problem, **_: Result(RoutingSolution((VehicleRoute(((1,),)),)), bound=1))
    path, out = write(CVRP, tmp_path), tmp_path / "a.sol"
    assert main(["route", str(path), "--out", str(out), "--lang", "en"]) == 1
    assert "NOT VISITED, though they must be: 3 (2, 3, 4)" in capsys.readouterr().out
    assert out.read_text() == "Route #1: 1\nCost 10\n"
    assert main(["route", str(path), "--out", str(out), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_nothing_found_is_said(
    use: Callable[[Solve], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(lambda problem, **_: Result(None, reason="too tight"))
    path, out = write(CVRP, tmp_path), tmp_path / "a.sol"
    assert main(["route", str(path), "--out", str(out), "--lang", "en"]) == 1
    assert "nothing was written (too tight)" in capsys.readouterr().err
    assert not out.exists()


def test_ctrl_c_keeps_the_best_until_then(
    use: Callable[[Solve], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def obliging(problem: RoutingProblem, **limits: Any) -> Result:
        assert not limits["cancelled"]()
        signal.raise_signal(signal.SIGINT)
        assert limits["cancelled"]()
        return apart(problem)

    def stubborn(problem: RoutingProblem, **limits: Any) -> Result:
        for solution in (RoutingSolution(()), apart(problem).solution):
            assert solution is not None
            limits["on_better"](solution, check_routes(problem, solution)[0])
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("unreachable")

    before = signal.getsignal(signal.SIGINT)
    path, out = write(VRPTW, tmp_path), tmp_path / "a.sol"
    for solve in (obliging, stubborn):
        use(solve)
        assert main(["route", str(path), "--out", str(out), "--lang", "en"]) == 0
        assert "Stopped before its time" in capsys.readouterr().out
        assert out.read_text().endswith("Cost 32.8\n")
        out.unlink()
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_before_anything_is_found(
    use: Callable[[Solve], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(problem: RoutingProblem, **_: Any) -> Result:
        raise KeyboardInterrupt

    use(interrupted)
    out = tmp_path / "a.sol"
    assert main(["route", str(write(VRPTW, tmp_path)), "--out", str(out)]) == 1
    assert "stopped" in capsys.readouterr().err
    assert not out.exists()


def test_wrong_usage_is_exit_code_2(use: Callable[[Solve], None], tmp_path: Path) -> None:
    use(apart)
    path, out = str(write(CVRP, tmp_path)), str(tmp_path / "a.sol")
    assert main(["route", path]) == 2
    assert main(["route", str(tmp_path / "none.vrp"), "--out", out]) == 2
    assert main(["route", path, "--out", out, "--seconds", "0"]) == 2
    assert main(["route", path, "--out", out, "--workers", "0"]) == 2
    assert main(["route", path, "--out", out, "--convention", "tsplib"]) == 2
    assert main(["route", path, "--out", str(tmp_path)]) == 2
    assert main(["route", path, "--out", f"{path}/a.sol"]) == 2


@pytest.mark.skipif(find_spec(PORTFOLIO) is None, reason="there is no portfolio of engines yet")
@pytest.mark.parametrize("form", ALL)
def test_from_file_to_file(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The engines themselves: whatever the form, a solution that the judge accepts from its file."""
    path, out = write(ALL[form], tmp_path), tmp_path / "a.sol"
    command = ["route", str(path), "--out", str(out), "--seconds", "1", "--workers", "1", "--json"]
    assert main(command) == 0
    said = json.loads(capsys.readouterr().out)
    problem, _ = read_routing(path)
    assert problem is not None
    solution, findings = read_solution(out, problem)
    assert findings == []
    assert solution is not None
    score, faults = check_routes(problem, solution)
    assert faults == []
    assert score is not None
    assert score.missing == 0
    assert out.read_text().splitlines()[-1] == f"Cost {said['cost']}"
    alone = {"CVRP": 36, "Li-Lim": 20 + 2 + 2**1.5, "MTVRPTWR": 32.8}
    if form in alone:  # no better than everybody on a route of their own would be no search at all
        assert float(said["cost"]) <= alone[form] + 1e-6


def test_every_form_goes_through(use: Callable[[Solve], None], tmp_path: Path) -> None:
    use(apart)
    for text in (CVRP, VRPTW, PRIZES, RELOADS, LI_LIM):
        out = tmp_path / "a.sol"
        assert main(["route", str(write(text, tmp_path)), "--out", str(out)]) == 0
        assert out.read_text().startswith("Route #1: ")


def test_the_time_counts_from_the_start_of_the_process() -> None:
    """Python itself takes more than a hundredth of a second to start, whatever the machine."""
    code = (
        "import time, service.cli; begun = service.cli.process_begun(); "
        "print(time.monotonic() - begun)"
    )
    before = monotonic()
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    elapsed = monotonic() - before
    # clocks tick in hundredths of a second
    assert 0.01 < float(said.stdout) < elapsed + 0.02
