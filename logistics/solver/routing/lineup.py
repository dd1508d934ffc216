"""Which engines sit in the portfolio, by the shape of the problem, and in how many rounds they play."""

from __future__ import annotations

from dataclasses import dataclass

from logistics.model.routing import MUST, RoutingProblem
from logistics.solver.routing.engines import engine

PROOF = "exact"
FALLBACK = ("strings", "pyvrp", "ortools", "commiv")
"""Who follows where engines of the table do not exist or refuse; the last resort is a construction."""
ONE_TURN = frozenset({"commiv"})
"""Who cannot start from a solution plays once, and leaves the seat to one who can."""


@dataclass(frozen=True, slots=True)
class Lineup:
    """Engines in the order in which seats are filled, over again with other seeds if seats remain.

    `warm`: the first round starts from a quick construction.
    """

    engines: tuple[str, ...]
    rounds: int
    warm: bool = False


PAIRS = Lineup(("strings", "commiv", "pyvrp"), 3)
PRIZES = Lineup(("pyvrp", "strings"), 3, warm=True)
TRIPS = Lineup(("pyvrp", "strings"), 3)
FEW_VEHICLES = Lineup(("strings", "commiv", "pyvrp"), 3)
WINDOWS = Lineup(("pyvrp", "strings"), 3)
PLAIN = Lineup(("pyvrp", "strings"), 3)


def lineup(problem: RoutingProblem) -> Lineup:
    """The row of the table for a problem."""
    if problem.pairs:
        return PAIRS
    if any(problem.prize[i] != MUST for i in problem.visits):
        return PRIZES
    if problem.reloads:
        return TRIPS
    if problem.vehicles_first:
        return FEW_VEHICLES
    latest = max((problem.close_s[i] for i in problem.visits), default=0)
    return WINDOWS if latest < max(problem.close_s) or any(problem.open_s) else PLAIN


def seated(problem: RoutingProblem, names: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    """Who of the named can take the problem, and why the others cannot."""
    able, refusals = list[str](), dict[str, str]()
    for name in dict.fromkeys(names):
        own = engine(name)
        why = "does not exist" if own is None else own.refuses(problem)
        if why is None:
            able.append(name)
        else:
            refusals[name] = why
    return able, refusals
