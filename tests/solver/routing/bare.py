"""Tiny bare problems on a line, one a feature, each with its best score worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from logistics.model.routing import FOREVER, MUST, Convention, RoutingProblem, VehicleType


def line(
    places: Sequence[float],
    *kinds: VehicleType,
    amounts: Sequence[Sequence[int]] = (),
    open_s: dict[int, int] | None = None,
    close_s: dict[int, int] | None = None,
    service_s: dict[int, int] | None = None,
    release_s: dict[int, int] | None = None,
    prize: dict[int, int] | None = None,
    **fields: Any,
) -> RoutingProblem:
    """Nodes on a line, the first the depot, one distance a second; columns by node where not usual."""
    n = len(places)

    def column(values: dict[int, int] | None, usual: int) -> list[int]:
        return [(values or {}).get(i, usual) for i in range(n)]

    return RoutingProblem(
        name="line",
        convention=fields.pop("convention", Convention.CVRPLIB),
        numbers=range(n),
        amounts=tuple(amounts),
        open_s=column(open_s, 0),
        close_s=column(close_s, FOREVER),
        service_s=column(service_s, 0),
        release_s=column(release_s, 0),
        prize=column(prize, MUST),
        vehicles=kinds or (VehicleType(None, (1,) * len(amounts)),),
        x=places,
        y=[0.0] * n,
        **fields,
    )


@dataclass(frozen=True)
class Case:
    """A problem and the (missing, vehicles, cost) of its best solution."""

    problem: RoutingProblem
    best: tuple[int, int, int]


CASES = {
    # Two fit on a vehicle: 10 and 20 together (there and back 40), -10 alone (20).
    "capacity": Case(
        line([0, 10, 20, -10], VehicleType(None, (2,)), amounts=[[0, 1, 1, 1]]), (0, 0, 60)
    ),
    # -10 first, by 10; then 20 from 40 on: one vehicle, 10 + 30 + 20. By way of 20 first it would
    # open at 40 and -10 be reached at 70, after its closing.
    "windows": Case(
        line([0, -10, 20], VehicleType(1, ()), open_s={2: 40}, close_s={1: 10}), (0, 0, 60)
    ),
    # Two vehicles needed: each visit closes at 10 and takes 5.
    "service": Case(
        line([0, -10, 10], VehicleType(2, ()), close_s={1: 10, 2: 10}, service_s={1: 5, 2: 5}),
        (0, 0, 40),
    ),
    # The shift ends at 45: 10 and 20 on one vehicle are back at 40, -10 needs another.
    "shift": Case(line([0, 10, 20, -10], VehicleType(2, (), close_s=45)), (0, 0, 60)),
    # Weight allows all on one vehicle, volume only two, and 10 is heavy in both.
    "dimensions": Case(
        line(
            [0, 10, 20, 30],
            VehicleType(None, (9, 2)),
            amounts=[[0, 1, 1, 1], [0, 2, 1, 1]],
        ),
        (0, 0, 80),
    ),
    # The large one costs 30 and 60 by the way, two small ones 2 and 60 + 40.
    "fleet": Case(
        line(
            [0, 20, 30],
            VehicleType(1, (2,), fixed_cost=30),
            VehicleType(2, (1,), fixed_cost=1),
            amounts=[[0, 1, 1]],
        ),
        (0, 0, 90),
    ),
    # From 10 to 30, on to 20, and home: 30 + 10 + 20. The other order would drive 20 before 30.
    "pair": Case(
        line(
            [0, 10, 30, 20],
            VehicleType(1, (1,)),
            amounts=[[0, 0, 1, -1]],
            prize={1: MUST},
            pairs=((2, 3),),
        ),
        (0, 0, 60),
    ),
    # Two pairs, 10 -> 30 and 20 -> 40, room for one at a time: 10, 30, 20, 40 and home.
    "pairs": Case(
        line(
            [0, 10, 30, 20, 40],
            VehicleType(1, (1,)),
            amounts=[[0, 1, -1, 1, -1]],
            pairs=((1, 2), (3, 4)),
        ),
        (0, 0, 30 + 10 + 20 + 40),
    ),
    # The goods for 20 fill the vehicle, so the pair 10 -> 30 is loaded on the way back from it.
    "pair and delivery": Case(
        line(
            [0, 10, 30, 20],
            VehicleType(1, (1,)),
            amounts=[[0, 1, -1, 1]],
            pairs=((1, 2),),
        ),
        (0, 0, 20 + 10 + 20 + 30),
    ),
    # 10 is worth 25 and costs 20; 50 is worth 70, and would cost 80 more.
    "prizes": Case(line([0, 10, 50], VehicleType(1, ()), prize={1: 25, 2: 70}), (0, 0, 90)),
    # One vehicle, one unit at a time: 20 + 40.
    "trips": Case(
        line([0, 10, -20], VehicleType(1, (1,), trips_max=2), amounts=[[0, 1, 1]]), (0, 0, 60)
    ),
    # Three units need three trips; two is the most, so the dearest way is spared: one is missing.
    "trips at most": Case(
        line([0, 10, -20, 30], VehicleType(1, (1,), trips_max=2), amounts=[[0, 1, 1, 1]]),
        (1, 0, 60),
    ),
    # 10 closes at 15 and is released at once, 20 is released at 16: one vehicle goes twice, though
    # both would fit on one trip of 40.
    "release": Case(
        line(
            [0, 10, 20],
            VehicleType(1, (2,), trips_max=None),
            amounts=[[0, 1, 1]],
            close_s={1: 15},
            release_s={2: 16},
        ),
        (0, 0, 20 + 40),
    ),
    # Leaves from 0, ends at 100, which is a depot too: all on the way.
    "ends elsewhere": Case(
        line([0, 100, 30, 60], VehicleType(2, (2,), 0, 1), amounts=[[0, 0, 1, 1]], depots=2),
        (0, 0, 100),
    ),
    # A vehicle at either depot: 10 from 0, 90 from 100.
    "depots": Case(
        line(
            [0, 100, 10, 90],
            VehicleType(1, (2,), 0, 0),
            VehicleType(1, (2,), 1, 1),
            amounts=[[0, 0, 1, 1]],
            depots=2,
        ),
        (0, 0, 40),
    ),
    # 10 closes at 10, -20 at 40, and 20 opens at 100: in this order one vehicle serves them all, by 100;
    # a second for -20 would cost 40 + 40 in all.
    "vehicles first": Case(
        line(
            [0, 20, -20, 10],
            VehicleType(3, (3,)),
            amounts=[[0, 1, 1, 1]],
            open_s={1: 100},
            close_s={2: 40, 3: 10},
            vehicles_first=True,
        ),
        (0, 1, 10 + 30 + 40 + 20),
    ),
    # 50 cannot be reached by 30.
    "unreachable": Case(line([0, 10, 50], VehicleType(2, ()), close_s={2: 30}), (1, 0, 20)),
    # One way round is 1 + 1 + 1, the other 9 + 9 + 9; time is another matter and in no one's way.
    "matrix": Case(
        line(
            [0, 0, 0],
            VehicleType(1, ()),
            distance=[0, 1, 9, 9, 0, 1, 1, 9, 0],
            duration=[0, 5, 5, 5, 0, 5, 5, 5, 0],
            close_s={1: 5, 2: 10},
        ),
        (0, 0, 3),
    ),
}
