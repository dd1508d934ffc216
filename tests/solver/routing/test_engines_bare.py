"""Every engine on every feature of a bare problem, and against the exact one on random small ones."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from logistics.model.routing import (
    MUST,
    Convention,
    RoutingProblem,
    RoutingSolution,
    VehicleType,
)
from logistics.solver.routing.engines import ENGINES, Engine, Prover, engine
from logistics.solver.routing.engines.nearest import construct
from logistics.solver.routing.score import score
from tests.solver.routing.bare import CASES, line

SEARCHES = {"pyvrp": 300, "ortools": 200, "commiv": 2_000, "strings": 3_000}
"""Searches, with iterations that are plenty for a handful of visits."""
LONG_S = 60.0
REFUSED = {
    "pyvrp": set(),
    "ortools": set(),
    "strings": set(),
    "commiv": {
        "windows", "service", "shift", "dimensions", "fleet", "pair", "pair and delivery", "prizes",
        "trips", "trips at most", "release", "ends elsewhere", "depots", "matrix", "unreachable",
    },
}  # fmt: skip
NO_ANSWER = {"pyvrp": {"trips at most", "unreachable", "release"}}
"""PyVRP leaves nothing out that must be made, and does not split the only trip of two visits."""


def made(name: str) -> Engine:
    found = engine(name)
    if found is None:
        pytest.skip(f"{name} does not exist here")
    return found


def key(problem: RoutingProblem, solution: RoutingSolution | None) -> tuple[int, int, int]:
    assert solution is not None
    worth = score(problem, solution)
    assert worth is not None
    return worth.key


@pytest.mark.parametrize("name", CASES)
def test_the_exact_engine_proves_the_optimum_by_hand(name: str) -> None:
    case = CASES[name]
    exact = made("exact")
    assert isinstance(exact, Prover)
    found, bound = exact.prove(case.problem, seconds=LONG_S, seed=1)
    assert key(case.problem, found) == case.best
    assert bound == case.best[2]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("by", SEARCHES)
def test_a_search_finds_the_optimum_by_hand(by: str, name: str) -> None:
    case, search = CASES[name], made(by)
    refused = search.refuses(case.problem)
    assert (refused is not None) == (name in REFUSED[by]), refused
    if refused is not None:
        assert search.solve(case.problem, seconds=LONG_S, seed=1) is None
        return
    found = search.solve(case.problem, seconds=LONG_S, seed=1, iterations=SEARCHES[by])
    if name in NO_ANSWER.get(by, set()):
        assert found is None
    else:
        assert key(case.problem, found) == case.best


@pytest.mark.parametrize("name", CASES)
def test_the_construction_keeps_every_rule(name: str) -> None:
    problem = CASES[name].problem
    assert key(problem, construct(problem)) >= CASES[name].best


@st.composite
def problems(draw: st.DrawFn) -> RoutingProblem:
    """Up to six visits, with any mixture of features that keeps everyone in reach."""
    n = draw(st.integers(3, 7))
    x = draw(st.lists(st.integers(-30, 30), min_size=n, max_size=n))
    y = draw(st.lists(st.integers(-30, 30), min_size=n, max_size=n))
    opens = {i: draw(st.integers(0, 100)) for i in range(1, n)}
    width = {i: draw(st.integers(60, 200)) for i in range(1, n)}
    amounts = [0, *(draw(st.integers(1, 3)) for _ in range(1, n))]
    pairs: tuple[tuple[int, int], ...] = ()
    trips = draw(st.sampled_from([1, 1, 2, None]))
    if trips == 1 and draw(st.booleans()):
        pairs = ((1, 2),)
        amounts[2] = -amounts[1]
    released = not pairs and draw(st.booleans())
    return RoutingProblem(
        name="random",
        convention=draw(st.sampled_from(list(Convention))),
        numbers=range(n),
        amounts=(amounts,),
        open_s=[0, *opens.values()],
        close_s=[5_000, *(opens[i] + width[i] for i in range(1, n))],
        service_s=[0, *(draw(st.integers(0, 9)) for _ in range(1, n))],
        release_s=[0, *(draw(st.integers(0, 60)) * released for _ in range(1, n))],
        prize=[MUST, *(draw(st.sampled_from([MUST, MUST, 40])) for _ in range(1, n))],
        vehicles=(VehicleType(n, (5,), trips_max=trips, fixed_cost=draw(st.integers(0, 20))),),
        x=x,
        y=y,
        pairs=pairs,
        scale=1,
        vehicles_first=False,
    )


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(problems(), st.integers(0, 99))
def test_no_search_beats_the_exact_engine_and_starts_never_get_worse(
    problem: RoutingProblem, seed: int
) -> None:
    exact = engine("exact")
    assert isinstance(exact, Prover)
    found, bound = exact.prove(problem, seconds=LONG_S, seed=seed)
    best = key(problem, found)
    assert bound == best[2]
    begin = construct(problem)
    for by in SEARCHES:
        search = engine(by)
        if search is None or search.refuses(problem) is not None:
            continue
        iterations = SEARCHES[by] // 4
        reached = search.solve(problem, seconds=LONG_S, seed=seed, iterations=iterations)
        if reached is not None:
            assert key(problem, reached) >= best
        better = search.solve(problem, seconds=LONG_S, seed=seed, iterations=20, start=begin)
        if better is not None and key(problem, begin)[0] == 0:
            assert key(problem, better) <= key(problem, begin)


@pytest.mark.parametrize("by", ["pyvrp", "ortools", "strings", "commiv"])
def test_a_seed_and_iterations_give_one_solution(by: str) -> None:
    places = [0, *(((37 * i) % 101) - 50 for i in range(1, 25))]
    problem = line(places, VehicleType(None, (5,)), amounts=[[0, *([1] * 24)]])
    once, again = (
        made(by).solve(problem, seconds=LONG_S, seed=3, iterations=150) for _ in range(2)
    )
    assert once is not None
    assert once == again


@pytest.mark.parametrize("by", ["pyvrp", "ortools", "strings"])
def test_cancelling_ends_a_search(by: str) -> None:
    problem = line([0, *range(1, 40)], VehicleType(None, (5,)), amounts=[[0, *([1] * 39)]])
    told: list[RoutingSolution] = []
    found = made(by).solve(
        problem, seconds=3_600, seed=1, on_better=told.append, cancelled=lambda: len(told) > 0
    )
    assert found is not None
    assert key(problem, found) <= key(problem, told[0])


def test_refusals_say_why() -> None:
    many = line(range(17), VehicleType(None, (5,)), amounts=[[0, *([1] * 16)]])
    assert made("exact").refuses(many) == "16 visits; at most 15 are enumerated"
    assert made("commiv").refuses(CASES["prizes"].problem) in (
        "several dimensions of load",  # it has none at all
        "commiv is not installed (pip install 'osusowake[commiv]')",
    )
    assert engine("no.such.module:Engine") is None
    assert engine("logistics.solver.routing.score:NoSuchEngine") is None
    assert set(ENGINES) >= {"exact", "pyvrp", "ortools", "commiv", "strings", "nearest"}


def test_commiv_says_that_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    from logistics.solver.routing.engines import slack

    monkeypatch.setattr(slack, "find_spec", lambda _: None)
    why = slack.SlackInduction().refuses(CASES["capacity"].problem)
    assert why == "commiv is not installed (pip install 'osusowake[commiv]')"
