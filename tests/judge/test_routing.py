"""The judge of bare routing problems accepts a good day and names every fault that is put into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from logistics.judge import check_routes
from logistics.judge.routing_codes import ROUTE_CODES
from logistics.model.routing import (
    MUST,
    Convention,
    RoutingProblem,
    RoutingScore,
    RoutingSolution,
    VehicleRoute,
    VehicleType,
)


def good_problem(**changes: Any) -> RoutingProblem:
    """All on one line; 3 is a pickup and 4 its drop, 5 is optional; two dimensions of load.

    place      0    1    2    3    4    5
    x          0   10   20  -10  -20    5
    """
    columns: dict[str, Any] = {
        "name": "line",
        "convention": Convention.CVRPLIB,
        "numbers": (0, 1, 2, 3, 4, 5),
        "amounts": ((0, 6, 4, 5, -5, 3), (0, 1, 2, 0, 0, 4)),
        "open_s": (0, 10, 0, 0, 0, 0),
        "close_s": (100, 40, 30, 100, 100, 100),
        "service_s": (0, 2, 2, 2, 2, 2),
        "release_s": (0, 0, 0, 30, 0, 0),
        "prize": (MUST, MUST, MUST, MUST, MUST, 7),
        "vehicles": (VehicleType(2, (10, 4), open_s=0, close_s=100, fixed_cost=50, trips_max=2),),
        "x": (0, 10, 20, -10, -20, 5),
        "y": (0,) * 6,
        "pairs": ((3, 4),),
    }
    return RoutingProblem(**(columns | changes))


def fleet(**changes: Any) -> dict[str, Any]:
    return {"vehicles": (replace(good_problem().vehicles[0], **changes),)}


def day(*routes: tuple[tuple[int, ...], ...]) -> RoutingSolution:
    return RoutingSolution(tuple(VehicleRoute(trips) for trips in routes))


GOOD = day(((1, 2), (3, 4)))
"""Leaves at 0: 1 at 10, 2 at 22, back at 44; leaves: 3 at 54, 4 at 66, back at 88."""


def test_the_good_day_is_accepted_and_scored_as_by_hand() -> None:
    # 10 + 10 + 20 and again; a vehicle 50; the prize of 5
    expected = RoutingScore(missing=0, vehicles=0, cost=80 + 50 + 7, distance=80, prizes=7)
    assert check_routes(good_problem(), GOOD) == (expected, [])


def test_vehicles_count_only_where_they_come_first() -> None:
    two = day(((1, 2),), ((3, 4),))
    score, _ = check_routes(good_problem(vehicles_first=True), two)
    assert score is not None
    assert score.key == (0, 2, 80 + 100 + 7)
    score, _ = check_routes(good_problem(), two)
    assert score is not None
    assert score.key == (0, 0, 80 + 100 + 7)


def test_what_must_be_visited_and_is_not_is_missing() -> None:
    score, findings = check_routes(good_problem(), day(((1,),)))
    assert findings == []
    assert score == RoutingScore(missing=3, vehicles=0, cost=20 + 50 + 7, distance=20, prizes=7)
    score, _ = check_routes(good_problem(), RoutingSolution(()))
    assert score == RoutingScore(missing=4, vehicles=0, cost=7, distance=0, prizes=7)


def test_empty_trips_and_idle_vehicles_count_for_nothing() -> None:
    padded = day(((), (1, 2), (), (3, 4), ()), ((),), ())
    assert check_routes(good_problem(), padded) == check_routes(good_problem(), GOOD)


def test_what_is_just_kept_is_no_fault() -> None:
    exact = good_problem(close_s=(88, 10, 22, 54, 66, 100), **fleet(close_s=88))
    assert check_routes(exact, GOOD)[1] == []
    # released at 50: 3 at 60, 4 at 72, back at 94; the release of a depot means nothing
    later = good_problem(
        release_s=(99, 0, 0, 50, 44, 0), close_s=(94, 40, 30, 60, 72, 100), **fleet(close_s=94)
    )
    assert check_routes(later, GOOD)[1] == []


def test_open_ends_and_reloading_at_the_start() -> None:
    """Depots 0 at 0 and 1 at 100; starts at 0, reloads there, ends at 1: 10 + 10, 20 + 80."""
    problem = RoutingProblem(
        name="open", convention=Convention.CVRPLIB, numbers=(0, 1, 2, 3), amounts=(),
        open_s=(0,) * 4, close_s=(999,) * 4, service_s=(0,) * 4, release_s=(0,) * 4,
        prize=(MUST,) * 4, vehicles=(VehicleType(1, (), 0, 1, trips_max=2),),
        x=(0, 100, 10, 20), y=(0,) * 4, depots=2,
    )  # fmt: skip
    score, findings = check_routes(problem, day(((2,), (3,))))
    assert findings == []
    assert score is not None
    assert score.distance == 120


class Mutant(NamedTuple):
    """A fault: changes of the problem, the solution, the exact set of codes."""

    changes: dict[str, Any]
    solution: Any
    codes: set[str]


MUTANTS: dict[str, Mutant] = {
    "nothing": Mutant({}, None, {"route_shape"}),
    "routes that are none": Mutant({}, RoutingSolution(None), {"route_shape"}),  # type: ignore[arg-type]
    "a route as a bare tuple": Mutant({}, RoutingSolution(((1, 2),)), {"route_shape"}),  # type: ignore[arg-type]
    "trips not nested": Mutant({}, day((1, 2)), {"route_shape"}),  # type: ignore[arg-type]
    "a vehicle of no type": Mutant(
        {}, RoutingSolution((VehicleRoute(((1, 2),), kind=1),)), {"route_kind"}
    ),
    "a type that is no number": Mutant(
        {}, RoutingSolution((VehicleRoute(((1, 2),), kind=True),)), {"route_kind"}
    ),
    "the depot as a visit": Mutant({}, day(((0, 1),)), {"route_node"}),
    "a node too many": Mutant({}, day(((1, 6),)), {"route_node"}),
    "a negative node": Mutant({}, day(((1, -1),)), {"route_node"}),
    "a node in words": Mutant({}, day(((1, "2"),)), {"route_node"}),  # type: ignore[arg-type]
    "a node with a fraction": Mutant({}, day(((1, 2.0),)), {"route_node"}),  # type: ignore[arg-type]
    "made by two vehicles": Mutant({}, day(((1, 2), (3, 4)), ((2,),)), {"route_twice"}),
    "too many vehicles": Mutant(fleet(count=1), day(((1, 2),), ((3, 4),)), {"route_vehicles"}),
    "too many trips": Mutant(fleet(trips_max=1), GOOD, {"route_trips"}),
    "too much, first dimension": Mutant(fleet(capacity=(9, 4)), GOOD, {"route_capacity"}),
    "too much, second dimension": Mutant(fleet(capacity=(10, 2)), GOOD, {"route_capacity"}),
    "too much on the way": Mutant(  # 1's 6 on board while 3 gives 5
        {"close_s": (999,) * 6, **fleet(close_s=999)}, day(((3, 1, 4),)), {"route_capacity"}
    ),
    "after the window": Mutant({"close_s": (100, 40, 21, 100, 100, 100)}, GOOD, {"route_window"}),
    "after its own waiting": Mutant(  # 1 opens at 21: 2 at 33, closes at 30
        {"open_s": (0, 21, 0, 0, 0, 0)}, GOOD, {"route_window"}
    ),
    "before the goods are there": Mutant(  # leaves at 60: back at 104
        {"release_s": (0, 0, 0, 60, 0, 0)}, GOOD, {"route_release"}
    ),
    "goods of the last stop": Mutant(
        {"release_s": (0, 0, 0, 0, 60, 0)}, GOOD, {"route_release"}
    ),
    "goods on the first trip": Mutant(  # 2 at 12 + 22, closes at 30
        {"release_s": (0, 0, 12, 0, 0, 0)}, GOOD, {"route_release"}
    ),
    "after the shift": Mutant(fleet(close_s=87), GOOD, {"route_shift"}),
    "after the depot has closed": Mutant(
        {"close_s": (87, 40, 30, 100, 100, 100)}, GOOD, {"route_shift"}
    ),
    "begun too late": Mutant(fleet(open_s=13), GOOD, {"route_window"}),  # 1 at 23, 2 at 35
    "out after the depot has closed": Mutant(
        {"close_s": (43, 40, 30, 100, 100, 100)}, GOOD, {"route_shift"}
    ),
    "the drop first": Mutant({}, day(((1, 2), (4, 3))), {"route_pair"}),
    "a pair on two trips": Mutant({}, day(((3,), (4,))), {"route_pair"}),
    "a pair in two vehicles": Mutant({}, day(((3,),), ((4,),)), {"route_pair"}),
    "a pickup alone": Mutant({}, day(((3,),)), {"route_pair"}),
    "a drop alone": Mutant({}, day(((4,),)), {"route_pair"}),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_the_fault_is_named(name: str) -> None:
    mutant = MUTANTS[name]
    score, findings = check_routes(good_problem(**mutant.changes), mutant.solution)
    assert score is None
    assert {f.code for f in findings} == mutant.codes, [f.text() for f in findings]
    assert all(finding.is_error for finding in findings)


def test_every_code_has_a_mutant_and_both_languages() -> None:
    assert {code for mutant in MUTANTS.values() for code in mutant.codes} == set(ROUTE_CODES)
    for name, code in ROUTE_CODES.items():
        assert code.code == name
        assert code.en.isascii()
        assert not code.ja.isascii()


MESSAGES: dict[str, Callable[[], list[Any]]] = {
    "Route 1, trip 1, dimension 0, leaving the depot: at most 9 on board, found 10 (1 too many)": (
        lambda: check_routes(good_problem(**fleet(capacity=(9, 4))), GOOD)[1]
    ),
    "Route 1, trip 1, dimension 0, after node 3: at most 10 on board, found 11 (1 too many)": (
        lambda: check_routes(good_problem(), day(((3, 1, 4),)))[1][:1]
    ),
    "Route 1: node 2 starts at 2.2, the window ends at 2.1": lambda: check_routes(
        good_problem(scale=10, x=(0, 1, 2, -1, -2, 0.5), close_s=(100, 40, 21, 99, 99, 99)), GOOD
    )[1],
    "Route 1: trip 2 is back at 88, the shift ends at 87": (
        lambda: check_routes(good_problem(**fleet(close_s=87)), GOOD)[1]
    ),
}


@pytest.mark.parametrize("text", MESSAGES)
def test_messages_say_where_what_and_by_how_much(text: str) -> None:
    assert [finding.message for finding in MESSAGES[text]()] == [text]


def test_faults_of_one_kind_are_listed_twenty_times() -> None:
    n = 60
    problem = RoutingProblem(
        name="many", convention=Convention.CVRPLIB, numbers=range(n + 1), amounts=(),
        open_s=[0] * (n + 1), close_s=[9] * (n + 1), service_s=[0] * (n + 1),
        release_s=[0] * (n + 1), prize=[MUST] * (n + 1), vehicles=(VehicleType(None, ()),),
        x=[0.0] * (n + 1), y=[0.0] * (n + 1),
    )  # fmt: skip
    _, findings = check_routes(problem, day(*((((i, i),)) for i in range(1, n + 1))))
    assert [finding.code for finding in findings] == ["route_twice"] * 20
