"""The portfolio believes nothing, survives everything, keeps its time, and repeats itself."""

from __future__ import annotations

import time

import pytest

from logistics.model.routing import RoutingProblem, RoutingScore, RoutingSolution, VehicleType
from logistics.solver.routing.engines import engine
from logistics.solver.routing.lineup import FALLBACK, PROOF, lineup, seated
from logistics.solver.routing.portfolio import PortfolioResult, solve
from logistics.solver.routing.score import score
from tests.solver.routing import fakes
from tests.solver.routing.bare import CASES, line

CAPACITY = CASES["capacity"].problem
LATE_S = 20.0
"""What a loaded machine may add before a test calls it late; alone it is well below a second."""
SPREAD = line(
    [0, *(((37 * i) % 101) - 50 for i in range(1, 41))],
    VehicleType(None, (6,)),
    amounts=[[0, *([1] * 40)]],
)


def fake(kind: type[fakes.Fake]) -> str:
    return f"{fakes.HERE}:{kind.__name__}"


def run(problem: RoutingProblem, *kinds: type[fakes.Fake], seconds: float) -> PortfolioResult:
    names = tuple(map(fake, kinds))
    return solve(problem, seconds=seconds, seed=1, workers=2, engines=names)


@pytest.mark.parametrize("name", ["capacity", "prizes", "release", "pair and delivery"])
def test_a_small_problem_is_proven_and_ends_early(name: str) -> None:
    begun = time.monotonic()
    found = solve(CASES[name].problem, seconds=600, seed=1, workers=1)
    assert time.monotonic() - begun < 60
    assert found.score is not None
    assert found.score.key == CASES[name].best
    assert found.bound == found.score.cost
    assert found.reason is None


def test_what_must_be_left_out_is_counted_not_hidden() -> None:
    found = solve(CASES["unreachable"].problem, seconds=60, seed=1, workers=1)
    assert found.score is not None
    assert found.score.key == (1, 0, 20)


@pytest.mark.parametrize(
    ("kind", "status", "note"),
    [
        (fakes.Dying, "failed", "its process ended with code 7"),
        (fakes.Raising, "failed", "ZeroDivisionError: no luck"),
        (fakes.Lying, "done", "its solution breaks a rule"),
    ],
)
def test_whoever_fails_is_a_run_with_a_status(
    kind: type[fakes.Fake], status: str, note: str
) -> None:
    found = run(CAPACITY, kind, seconds=LATE_S)
    assert {(one.status, one.note) for one in found.runs} == {(status, note)}
    assert found.engine == "nearest"
    assert found.score == score(CAPACITY, found.solution or RoutingSolution(()))


def test_whoever_hangs_is_killed_in_time_and_what_it_told_counts() -> None:
    begun = time.monotonic()
    found = run(CAPACITY, fakes.Hanging, fakes.Telling, seconds=6.0)
    assert 5.5 < time.monotonic() - begun < 6.0 + LATE_S
    assert {(one.engine, one.status) for one in found.runs} == {
        (fake(fakes.Hanging), "late"),
        (fake(fakes.Telling), "late"),
    }
    assert found.score is not None
    assert found.score.key == (0, 0, 60)


def test_the_bench_steps_in() -> None:
    names = (fake(fakes.Dying), fake(fakes.Telling))
    found = solve(CAPACITY, seconds=8.0, seed=1, workers=1, engines=names)
    assert [(one.engine, one.status) for one in found.runs] == [
        (names[0], "failed"),
        (names[1], "late"),
    ]
    assert found.score is not None
    assert found.score.key == (0, 0, 60)


def test_cancelling_returns_the_best_at_once() -> None:
    told: list[RoutingScore] = []
    begun = time.monotonic()
    found = solve(
        SPREAD,
        seconds=600,
        seed=1,
        workers=1,
        engines=("pyvrp",),
        on_better=lambda _, worth: told.append(worth),
        cancelled=lambda: len(told) > 0,
    )
    assert time.monotonic() - begun < 60
    assert found.score == told[-1]
    assert [one.key for one in told] == sorted((one.key for one in told), reverse=True)


@pytest.mark.parametrize("engines", [("pyvrp", "ortools"), ("commiv", "pyvrp")])
def test_a_seed_and_iterations_give_one_answer(engines: tuple[str, ...]) -> None:
    once, again = (
        solve(SPREAD, seconds=300, seed=5, workers=2, iterations=60, engines=engines, rounds=3)
        for _ in range(2)
    )
    assert once.solution == again.solution
    shown = [
        [(one.engine, one.seed, one.turn, one.status, one.score) for one in result.runs]
        for result in (once, again)
    ]
    assert shown[0] == shown[1]
    assert {one.status for one in once.runs} == {"done"}


def test_later_rounds_start_from_the_best_and_never_get_worse() -> None:
    found = solve(
        SPREAD, seconds=300, seed=1, workers=1, iterations=90, engines=("pyvrp",), rounds=3
    )
    keys = [one.score.key for one in found.runs if one.score is not None]
    assert len(keys) == 3
    assert keys == sorted(keys, reverse=True)


def test_refusals_are_runs() -> None:
    found = solve(
        CASES["prizes"].problem, seconds=1.0, seed=1, workers=1, engines=("commiv", "no.such:One")
    )
    assert [(one.engine, one.status) for one in found.runs] == [
        ("commiv", "refused"),
        ("no.such:One", "refused"),
    ]
    assert found.runs[1].note == "does not exist"
    assert found.solution is not None


@pytest.mark.parametrize("name", CASES)
def test_every_shape_has_someone_besides_the_proof(name: str) -> None:
    problem = CASES[name].problem
    able, _ = seated(problem, (*lineup(problem).engines, *FALLBACK))
    assert able
    assert PROOF not in able


def test_an_empty_and_a_large_problem_have_answers() -> None:
    empty = solve(line([0]), seconds=5, seed=1, workers=1)
    assert empty.score is not None
    assert empty.score.key == (0, 0, 0)
    n = 2_501
    large = line(
        [float((7_919 * i) % 10_007) for i in range(n)],
        VehicleType(None, (50,)),
        amounts=[[0, *([1] * (n - 1))]],
    )
    beyond = engine("ortools")
    assert beyond is not None
    assert beyond.refuses(large) == "2501 nodes; at most 2500"
    found = solve(large, seconds=LATE_S, seed=1, workers=1, engines=("ortools",))
    assert found.engine == "nearest"
    assert found.score is not None
    assert found.score.missing == 0
