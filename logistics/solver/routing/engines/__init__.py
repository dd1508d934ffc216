"""Engines for bare routing problems, all behind one protocol.

Each stands in a file of its own and imports its library when it works, so that naming engines costs
nothing. They are known by dotted names: what is not installed says so by `refuses`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, runtime_checkable

from logistics.model.routing import RoutingProblem, RoutingSolution

OnBetter = Callable[[RoutingSolution], None]
Cancelled = Callable[[], bool]

HERE = __name__
ENGINES = {
    "exact": f"{HERE}.exact:RouteEnumeration",
    "strings": "logistics.solver.routing.search:StringRemovals",
    "pyvrp": f"{HERE}.iterated:Iterated",
    "ortools": f"{HERE}.guided:Guided",
    "commiv": f"{HERE}.slack:SlackInduction",
    "nearest": f"{HERE}.nearest:Nearest",
}
"""Engines by name: `module:class`, made without arguments."""


class Engine(Protocol):
    """Something that solves bare routing problems, from nothing or from a solution."""

    name: str

    def refuses(self, problem: RoutingProblem) -> str | None:
        """Why the engine cannot take this problem; None if it can."""

    def solve(
        self,
        problem: RoutingProblem,
        *,
        seconds: float,
        seed: int,
        start: RoutingSolution | None = None,
        iterations: int | None = None,
        on_better: OnBetter | None = None,
        cancelled: Cancelled | None = None,
    ) -> RoutingSolution | None:
        """The best solution found within the seconds; with `iterations`, within these alone.

        Same seed, start and iterations: same solution. None if nothing was found; what is returned
        counts only once it has been scored.
        """


@runtime_checkable
class Prover(Protocol):
    """An engine that can say how much better a solution could be."""

    def prove(
        self, problem: RoutingProblem, *, seconds: float, seed: int
    ) -> tuple[RoutingSolution | None, int | None]:
        """A solution and a lower bound on the cost of whatever is best in the order of objectives."""


def engine(name: str) -> Engine | None:
    """The engine of a name of `ENGINES`, or of `module:class`; None if there is no such thing."""
    module, _, kind = ENGINES.get(name, name).partition(":")
    made = getattr(import_module(module), kind, None) if _exists(module) else None
    found: Engine | None = None if made is None else made()
    return found


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
