"""The engine: heats and phases of the compiled search within a time or a number of rounds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from logistics.model.routing import (
    FOREVER,
    MUST,
    Convention,
    RoutingProblem,
    RoutingSolution,
    VehicleType,
)
from logistics.solver.routing.search.search import Search

HOT = 1.2
"""Heat at the beginning, in mean legs."""

COLD = 0.01
"""Heat at the end, in mean legs."""

FLEET_SHARE = 0.35
"""Share of the budget for as few vehicles as possible, where they come first."""

SLICE_S = 0.2
FIRST_ROUNDS = 100
SLICE_ROUNDS = 1_000
"""Rounds of a slice where their number is the budget: it must not depend on the clock."""

OnBetter = Callable[[RoutingSolution], None]
Cancelled = Callable[[], bool]


class StringRemovals:
    """Slack induction by string removals (Christiaens and Vanden Berghe 2020,
    doi:10.1287/trsc.2019.0914), compiled, on one core, for every feature of a bare problem.

    The first solve on a machine compiles for about a minute unless `warm_up` has been called.
    """

    name = "strings"

    def refuses(self, problem: RoutingProblem) -> str | None:
        """Why this engine cannot take the problem, or None."""
        kinds = problem.vehicles
        if problem.pairs and problem.reloads:
            return "pairs together with several trips a vehicle"
        if any(kind.trips_max != 1 and kind.start != kind.end for kind in kinds):
            return "several trips of a vehicle that starts and ends at different depots"
        if any(problem.service_s[i] for i in range(problem.depots)):
            return "service time at a depot"
        if any(problem.release_s[i] for pair in problem.pairs for i in pair):
            return "release times of pairs"
        return None

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
        """The best routes found within `seconds`, or within `iterations` rounds if they are given."""
        if self.refuses(problem) is not None or not problem.visits:
            return None
        budget = Budget(seconds, iterations)
        search = Search(problem, seed)
        if start is not None:
            search.adopt(start)
        search.advance(0, 1.0, 1.0)
        watch = _Watch(search, on_better, cancelled)
        hot, fleet_end = HOT * search.mean_leg, 0.0
        if problem.vehicles_first:
            fleet_end = FLEET_SHARE
            _anneal(search, budget, watch, (0.0, fleet_end), hot, fewest_vehicles(problem))
            search.adopt(search.best())
            search.limit_vehicles(search.vehicles)
            fleet_end = budget.share
        _anneal(search, budget, watch, (fleet_end, 1.0), hot, 0)
        return search.best()


def warm_up() -> None:
    """Compile the search, or load it from the cache on disk: features are no specialisations, one
    tiny problem is enough."""
    problem = RoutingProblem(
        name="warm up",
        convention=Convention.CVRPLIB,
        numbers=range(3),
        amounts=((0, 1, 1),),
        open_s=(0,) * 3,
        close_s=(FOREVER,) * 3,
        service_s=(0,) * 3,
        release_s=(0,) * 3,
        prize=(MUST,) * 3,
        vehicles=(VehicleType(1, (2,)),),
        x=(0.0, 1.0, 2.0),
        y=(0.0, 0.0, 0.0),
    )
    StringRemovals().solve(problem, seconds=1, seed=1, iterations=1)


def fewest_vehicles(problem: RoutingProblem) -> int:
    """Vehicles that no solution can do without, by amounts alone; at least one."""
    if problem.pairs or problem.reloads:
        return 1
    fewest = 1
    for k, column in enumerate(problem.amounts):
        room = max(kind.capacity[k] for kind in problem.vehicles)
        total = sum(column[i] for i in problem.visits if problem.prize[i] < 0)
        fewest = max(fewest, -(-total // max(1, room)))
    return int(fewest)


def _anneal(
    search: Search,
    budget: Budget,
    watch: _Watch,
    part: tuple[float, float],
    hot: float,
    fleet: int,
) -> None:
    """Cool from `hot` over a part of the budget; down to `fleet` vehicles at once if that is > 0."""
    begin, end = part

    def heat(share: float) -> float:
        done = min(1.0, max(0.0, (share - begin) / max(1e-9, end - begin)))
        return float(hot * (COLD / HOT) ** done)

    while budget.share < end and not watch.is_over():
        rounds, share, before = budget.next_rounds(), budget.share, time.monotonic()
        ahead = min(end, share + budget.step(rounds))
        made = search.advance(rounds, heat(share), heat(ahead), fleet)
        budget.note(made, time.monotonic() - before)
        watch.look()
        if made < rounds:
            return


class _Watch:
    """Who is told of a better solution, and who may say that it is enough."""

    def __init__(
        self, search: Search, on_better: OnBetter | None, cancelled: Cancelled | None
    ) -> None:
        self.search, self.on_better, self.cancelled = search, on_better, cancelled
        self.told = 0

    def look(self) -> None:
        if self.on_better is not None and self.search.improvements > self.told:
            self.told = self.search.improvements
            self.on_better(self.search.best())

    def is_over(self) -> bool:
        return self.cancelled is not None and self.cancelled()


@dataclass(slots=True)
class Budget:
    """How far the search has come, in time or in rounds."""

    seconds: float
    rounds: int | None
    begun: float = field(default_factory=time.monotonic)
    made: int = 0
    rate: float = 0.0

    @property
    def share(self) -> float:
        """Part of the budget that is used, 0 to 1."""
        if self.rounds is not None:
            return min(1.0, self.made / max(1, self.rounds))
        return min(1.0, (time.monotonic() - self.begun) / max(1e-9, self.seconds))

    def next_rounds(self) -> int:
        """Rounds of the next slice."""
        if self.rounds is not None:
            return max(1, min(SLICE_ROUNDS, self.rounds - self.made))
        left_s = max(0.01, self.seconds * (1.0 - self.share))
        return max(1, int(self.rate * min(SLICE_S, left_s))) if self.rate else FIRST_ROUNDS

    def step(self, rounds: int) -> float:
        """Share of the budget that so many rounds will take."""
        if self.rounds is not None:
            return rounds / max(1, self.rounds)
        return rounds / max(1.0, self.rate) / max(1e-9, self.seconds) if self.rate else 0.0

    def note(self, made: int, took_s: float) -> None:
        """A slice has been made."""
        self.made += made
        if made and took_s > 0:
            self.rate = made / took_s if not self.rate else min(made / took_s, 4 * self.rate)
