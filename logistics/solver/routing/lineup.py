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


# Figures below: gaps of single runs of 20 s on two cores; "twice" is with two seeds; where vehicles come
# first, those above the best known stand before. Ours in one turn, PyVRP in eight.
PLAIN = Lineup(("pyvrp", "strings", "commiv"), 2)
"""Both accept worse solutions less and less and find most near the end of a turn. X-n308, n367 and
n627 in one turn: PyVRP twice 1.71, 1.10, 1.74 %; together 2.16, 1.26, 1.00; in two 1.65, 1.08, 0.95."""
WINDOWS = Lineup(("pyvrp", "strings", "commiv"), 8)
"""RC1_10_5: PyVRP twice 4.24 %, strings twice 3.96, together 3.69; R208: 0.00, 0.03, 0.00."""
FEW_VEHICLES = Lineup(("strings", "pyvrp"), 1)
"""r1_4_5: PyVRP twice +0 9.47 %, strings twice +0 6.64, together in eight turns +0 6.18, in one +0 4.42;
rc1_4_1: +1 2.90, +0 10.35, +0 10.79, +0 9.37."""
PAIRS = Lineup(("strings", "pyvrp", "commiv"), 1)
"""lrc1_4_1: PyVRP twice +1, strings twice +0 0.00 %, together in eight turns +0 0.61, in one +0 0.08;
lr1_6_1: +1, +0 0.93, +0 2.49, +0 0.86."""
TRIPS = Lineup(("pyvrp", "strings"), 8)
"""R208R0.25: PyVRP twice 1.02 %, strings twice 0.93, together in eight turns 0.10, in one 0.27."""
PRIZES = Lineup(("pyvrp", "strings"), 8, warm=True)
"""PyVRP begins with nearly everyone on board: 31 % after 8 s where it starts from nothing, 0.9 where it
starts from a construction that serves hardly anyone (one core shared by five)."""


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
