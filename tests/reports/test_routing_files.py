"""Solution files: exactly the form of CVRPLIB, read back, and costed as PyVRP costs them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logistics.intake import read_routing
from logistics.judge import check_routes
from logistics.model.errors import InvalidFact
from logistics.model.routing import Convention, RoutingProblem, RoutingSolution, VehicleRoute
from logistics.reports.routing_files import read_solution, solution_text, write_solution
from logistics.reports.routing_summary import gap, routing_summary
from tests.intake.routing_files import CVRP, EXPLICIT, LI_LIM, PRIZES, RELOADS, VRPTW, write


def problem_of(text: str, folder: Path, convention: Convention | None = None) -> RoutingProblem:
    problem, findings = read_routing(write(text, folder), convention)
    assert problem is not None
    assert findings == []
    return problem


def day(*routes: tuple[tuple[int, ...], ...]) -> RoutingSolution:
    return RoutingSolution(tuple(VehicleRoute(trips) for trips in routes))


def said(problem: RoutingProblem, solution: RoutingSolution) -> str:
    score, findings = check_routes(problem, solution)
    assert score is not None, [finding.text() for finding in findings]
    return solution_text(problem, solution, score)


def test_cvrplib_prints_whole_numbers(tmp_path: Path) -> None:
    # 5 + 6 + 5 and 1 + 8 + 7
    solution = day(((1, 2),), (), ((3, 4), ()))
    expected = "Route #1: 1 2\nRoute #2: 3 4\nCost 32\n"
    assert said(problem_of(CVRP, tmp_path), solution) == expected


def test_dimacs_prints_one_decimal(tmp_path: Path) -> None:
    # sqrt 2, sqrt 13, 5, each cut: 1.4 + 3.6 + 5.0; 10 + 10
    problem = problem_of(VRPTW, tmp_path)
    assert said(problem, day(((2, 1),), ((3,),))) == "Route #1: 2 1\nRoute #2: 3\nCost 30.0\n"
    # 5 + 5 + sqrt 74 = 8.602 + 1.414: what is cut off is gone
    roomy = problem_of(VRPTW.replace("CAPACITY : 10", "CAPACITY : 14"), tmp_path)
    assert said(roomy, day(((1, 3, 2),))).endswith("Cost 20.0\n")


def test_prizes_not_collected_are_part_of_the_cost(tmp_path: Path) -> None:
    # 2 must be visited: 1.4 and back; 7 and 2.5 are lost
    assert said(problem_of(PRIZES, tmp_path), day(((2,),))) == "Route #1: 2\nCost 12.3\n"


def test_the_depot_stands_between_two_trips(tmp_path: Path) -> None:
    # 5 + 5, 1.4 + 1.4, 10 + 10
    solution = day(((1,), (2,)), ((), (3,)))
    expected = "Route #1: 1 0 2\nRoute #2: 3\nCost 32.8\n"
    assert said(problem_of(RELOADS, tmp_path), solution) == expected


def test_sintef_prints_distances_in_double_precision(tmp_path: Path) -> None:
    # 5 + 5 + 10 for 1, 3; 2 + sqrt 2 + sqrt 2 for 4, 2
    text = said(problem_of(LI_LIM, tmp_path), day(((1, 3),), ((4, 2),)))
    assert text == f"Route #1: 1 3\nRoute #2: 4 2\nCost {22 + 2 * 2**0.5:.6f}\n"
    listed = problem_of(EXPLICIT, tmp_path, Convention.SINTEF)
    assert said(listed, day(((1, 2),))) == "Route #1: 1 2\nCost 24.000000\n"


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    problem = problem_of(RELOADS, tmp_path)
    solution = day(((1,), (2,)), ((3,),))
    score, _ = check_routes(problem, solution)
    assert score is not None
    path = tmp_path / "new" / "a.sol"
    write_solution(problem, solution, score, path)
    assert read_solution(path, problem) == (solution, [])
    assert path.read_bytes().count(b"\r") == 0


def test_other_peoples_files_are_read(tmp_path: Path) -> None:
    problem = problem_of(RELOADS, tmp_path)
    path = write("Authors: we\nroute 1 :  0 1 0 2 0\nRoute #2:\nCOST 9\n", tmp_path, "b.sol")
    solution, findings = read_solution(path, problem)
    assert solution == day(((1,), (2,)), ())
    assert [(finding.code, finding.row) for finding in findings] == [("other_line", 1)]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("Route #1: 1 4\n", ["unknown_visit"]),
        ("Route #1: 1 two -3\n", ["unknown_visit", "unknown_visit"]),
        ("Cost 3\n", ["no_routes"]),
        ("", ["empty_file"]),
        ("\0", ["binary_file"]),
    ],
)
def test_a_broken_solution_file(content: str, codes: list[str], tmp_path: Path) -> None:
    problem = problem_of(VRPTW, tmp_path)
    for language in ("en", "ja"):
        solution, findings = read_solution(write(content, tmp_path, "c.sol"), problem, language)
        assert solution is None
        assert [finding.code for finding in findings] == codes


def test_a_file_cannot_say_which_type_drives(tmp_path: Path) -> None:
    problem = problem_of(CVRP, tmp_path)
    problem = replace(problem, vehicles=problem.vehicles * 2)
    with pytest.raises(InvalidFact, match="which of 2 types"):
        said(problem, day(((1,),)))
    with pytest.raises(InvalidFact, match="which of 2 types"):
        read_solution(tmp_path / "none.sol", problem)


ROUNDED = {"CVRP": (CVRP, "round"), "VRPTW": (VRPTW, "dimacs"), "PCVRPTW": (PRIZES, "dimacs"),
           "MTVRPTWR": (RELOADS, "dimacs"), "EXPLICIT": (EXPLICIT, "round")}  # fmt: skip


@st.composite
def solutions(draw: st.DrawFn, visits: int, reload: bool) -> RoutingSolution:
    """Some of the visits, in any order, cut into at most three vehicles and their trips."""
    order = draw(st.permutations(range(1, visits + 1)))[draw(st.integers(0, 1)) :]
    routes: list[list[list[int]]] = [[[]]]
    for visit in order:
        cut = draw(st.integers(0, 2 if reload else 1))
        if cut == 1 and len(routes) < 3 and routes[-1][-1]:
            routes.append([[]])
        elif cut == 2 and routes[-1][-1]:
            routes[-1].append([])
        routes[-1][-1].append(visit)
    return day(*(tuple(map(tuple, trips)) for trips in routes))


@pytest.mark.parametrize("form", ROUNDED)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_pyvrp_says_the_same_of_the_same_files(
    form: str, data: st.DataObject, tmp_path: Path
) -> None:
    """Two readers, two judges: feasible or not, and the cost; PyVRP reads our solution file, too."""
    pyvrp = pytest.importorskip("pyvrp")
    text, rounding = ROUNDED[form]
    problem = problem_of(text, tmp_path)
    theirs = pyvrp.read(tmp_path / "tiny.vrp", round_func=rounding)
    solution = data.draw(solutions(len(problem.visits), problem.reloads))
    score, _ = check_routes(problem, solution)
    written = score or check_routes(replace(problem, open_s=[0] * problem.size), day())[0]
    assert written is not None
    path = write(solution_text(problem, solution, written), tmp_path, "d.sol")
    read = pyvrp.read_solution(path, theirs)
    assert read.is_feasible() == (score is not None and not score.missing)
    if score is not None:
        assert read.distance() == score.distance
        assert read.uncollected_prizes() == score.prizes


def test_the_summary_says_what_is_known_of_the_best(tmp_path: Path) -> None:
    problem = problem_of(CVRP, tmp_path)
    solution = day(((1, 2),), ((3, 4),))
    score, _ = check_routes(problem, solution)
    assert score is not None
    assert "not known" in routing_summary(problem, solution, score, None)
    assert "Proven" in routing_summary(problem, solution, score, 32)
    half = routing_summary(problem, solution, score, 31)
    assert "less than 31: this one is at most 3.23% above" in half
    assert gap(score, 0) is None
    partial = day(((1, 2),))
    score, _ = check_routes(problem, partial)
    assert score is not None
    text = routing_summary(problem, partial, score, 3)
    assert "NOT VISITED, though they must be: 2 (3, 4)" in text
    assert "Proven" not in text
    japanese = routing_summary(problem, partial, score, 3, "ja")
    assert "必須なのに訪問していない先が2件" in japanese


def test_the_summary_counts_prizes_left(tmp_path: Path) -> None:
    problem = problem_of(PRIZES, tmp_path)
    solution = day(((2,),))
    score, _ = check_routes(problem, solution)
    assert score is not None
    text = routing_summary(problem, solution, score, None)
    assert "cost 12.3, 1 vehicle, 1 trip, 1 of 3 visited" in text
    assert "Left out, as they may be: 2. Their prizes, 9.5, are part of the cost." in text
