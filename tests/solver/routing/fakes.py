"""Engines that misbehave, for the portfolio's tests; they run in processes of their own."""

from __future__ import annotations

import os
import time
from typing import Any

from logistics.model.routing import RoutingProblem, RoutingSolution, VehicleRoute

HERE = __name__


class Fake:
    """Takes everything; what it does stands in `solve`."""

    name = "fake"

    def refuses(self, problem: RoutingProblem) -> str | None:
        return None


class Hanging(Fake):
    def solve(self, problem: RoutingProblem, **options: Any) -> RoutingSolution | None:
        while True:
            time.sleep(1)


class Dying(Fake):
    def solve(self, problem: RoutingProblem, **options: Any) -> RoutingSolution | None:
        os._exit(7)


class Raising(Fake):
    def solve(self, problem: RoutingProblem, **options: Any) -> RoutingSolution | None:
        raise ZeroDivisionError("no luck")


class Lying(Fake):
    """Gives all visits to one vehicle, whatever it can carry."""

    def solve(self, problem: RoutingProblem, **options: Any) -> RoutingSolution | None:
        return RoutingSolution((VehicleRoute((tuple(problem.visits),)),))


class Telling(Fake):
    """Tells a good solution, each visit on a way of its own, and hangs."""

    def solve(self, problem: RoutingProblem, **options: Any) -> RoutingSolution | None:
        best = RoutingSolution((VehicleRoute(((2, 1),)), VehicleRoute(((3,),))))
        options["on_better"](best)
        return Hanging().solve(problem)
