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


LONG_TURNS = {"commiv": 1, "strings": 2}
"""At most so many turns for those whose annealing must have time to cool down."""


@dataclass(frozen=True, slots=True)
class Lineup:
    """Engines in the order in which seats are filled, over again with other seeds if seats remain.

    `rounds`: turns of each, except those of `LONG_TURNS`. `warm`: the first turn starts from a quick
    construction.
    """

    engines: tuple[str, ...]
    rounds: int
    warm: bool = False

    def turns(self, name: str) -> int:
        """Turns of an engine."""
        return min(self.rounds, LONG_TURNS.get(name, self.rounds))


# Figures below: gaps of single runs on two cores, 20 s an instance, on a machine five times overbooked,
# so some four seconds of a core; "twice" is with two seeds.
PLAIN = Lineup(("pyvrp", "strings", "commiv"), 8)
"""Going on from the best pays. PyVRP twice: 4.2 % in one turn, 2.4 in three, 3.5 beside strings; on
another instance 0.86 in three, 0.58 in eight, 0.44 beside commiv."""
WINDOWS = Lineup(("pyvrp", "strings", "commiv"), 8)
"""A thousand visits, PyVRP twice: 10.9 % in one turn, 9.5 in three; 7.7 beside commiv, 7.4 beside
strings, 11.4 strings twice. A hundred visits: 0.2 to 0.4 for all but strings twice (3.8)."""
FEW_VEHICLES = Lineup(("strings", "pyvrp"), 8)
"""All at the fewest vehicles: 6.4 % together, 20.6 strings twice, 13.8 PyVRP twice, 16.5 beside commiv;
commiv twice needs one vehicle more."""
PAIRS = Lineup(("strings", "pyvrp", "commiv"), 8)
"""Together at the fewest vehicles, 1.3 % behind; strings, PyVRP and commiv twice need one more."""
TRIPS = Lineup(("pyvrp", "strings"), 8)
"""PyVRP twice: 6.2 % in one turn, 3.5 in three; on another instance 2.1 in three, 0.9 in eight.
Beside strings 3.5, strings twice 4.5."""
PRIZES = Lineup(("pyvrp", "strings"), 8, warm=True)
"""PyVRP begins with nearly everyone on board: 31 % after 8 s where it starts from nothing, 0.9 where it
starts from a construction that serves hardly anyone."""


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
