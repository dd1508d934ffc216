"""The score by hand, and every rule broken once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logistics.model.routing import RoutingSolution, VehicleRoute, VehicleType
from logistics.solver.routing.score import score
from tests.solver.routing.bare import CASES, line


def driven(*routes: tuple[tuple[int, ...], ...], kind: int = 0) -> RoutingSolution:
    return RoutingSolution(tuple(VehicleRoute(trips, kind) for trips in routes))


def test_cost_is_distance_fixed_cost_and_prizes() -> None:
    problem = line(
        [0, 10, 20, 30], VehicleType(None, (), fixed_cost=7), prize={2: 5}, vehicles_first=True
    )
    found = score(problem, driven(((1,),), ((), ())))
    assert found is not None
    # 10 there and back, one vehicle (the other makes no trip); 20 is left out for 5, 30 is missing.
    assert (found.key, found.distance, found.prizes) == ((1, 1, 20 + 7 + 5), 20, 5)


BROKEN = {
    "capacity": driven(((1, 2, 3),)),
    "windows": driven(((2, 1),)),
    "service": driven(((1, 2),)),
    "shift": driven(((1, 2, 3),)),
    "dimensions": driven(((2, 3, 1),)),
    "fleet": driven(((1,),), ((2,),)),
    "pair": driven(((3, 2, 1),)),
    "pairs": driven(((1, 3, 2, 4),)),
    "pair and delivery": driven(((1, 2, 3),)),
    "trips": driven(((1,), (2,)), ((),), kind=1),
    "trips at most": driven(((1,), (2,), (3,))),
    "release": driven(((1, 2),)),
    "depots": driven(((2,),), ((3,),)),
    "unreachable": driven(((2,),)),
    "matrix": driven(((2, 1),), ((0,),)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_has_no_score(name: str) -> None:
    assert score(CASES[name].problem, BROKEN[name]) is None


def test_visits_once_and_pairs_whole() -> None:
    assert score(CASES["capacity"].problem, driven(((1,),), ((1,),))) is None
    assert score(CASES["pairs"].problem, driven(((1,),))) is None
    several = VehicleType(1, (1,), trips_max=2)
    trips = replace(CASES["pairs"].problem, vehicles=(several,))
    assert score(trips, driven(((1,), (2,)))) is None
    assert score(trips, driven(((1, 2), (3, 4)))) is not None


def test_a_full_vehicle_loads_a_pair_only_after_it_has_delivered() -> None:
    problem = CASES["pair and delivery"].problem
    assert score(problem, driven(((3, 1, 2),))) is not None
    assert score(problem, driven(((1, 3, 2),))) is None


def test_a_trip_waits_for_all_that_is_on_it() -> None:
    problem = CASES["release"].problem
    found = score(problem, driven(((1,), (2,))))
    assert found is not None
    # Back from 10 at 20, later than the release at 16; leaving before it would be late.
    late = replace(problem, close_s=[problem.close_s[0], 15, 39])
    assert score(late, driven(((1,), (2,)))) is None or found.distance == 60
    assert score(replace(problem, close_s=[10, 15, 99]), driven(((1,), (2,)))) is None
