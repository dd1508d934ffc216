"""Bare routing problems by several engines at once, each in a process of its own; anytime.

Nothing that comes back is believed before it has been scored, and the best that keeps every rule is
returned, at the latest when the time is over: whoever still works then is killed. The time is played in
rounds; in each, an engine starts from the best that anyone has found. With `iterations` instead of time,
rounds are counted in iterations, everyone waits for everyone between them, and results are taken in the
order of the seats: same seed and iterations, same solution.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from logistics.model.routing import RoutingProblem, RoutingScore, RoutingSolution
from logistics.solver.routing.engines import Cancelled
from logistics.solver.routing.lineup import FALLBACK, PROOF, Lineup, lineup, seated
from logistics.solver.routing.play import EngineRun, OnScored, Play


@dataclass(frozen=True, slots=True)
class PortfolioResult:
    """The best solution that keeps every rule, who found it, and what is proven about its cost.

    `bound` is a lower bound on the cost of the best solution; `reason` says why there is no solution.
    """

    solution: RoutingSolution | None
    score: RoutingScore | None
    engine: str | None
    runtime_s: float
    bound: int | None
    runs: tuple[EngineRun, ...]
    reason: str | None = None


def solve(
    problem: RoutingProblem,
    *,
    seconds: float,
    seed: int,
    workers: int | None = None,
    iterations: int | None = None,
    on_better: OnScored | None = None,
    cancelled: Cancelled | None = None,
    engines: tuple[str, ...] | None = None,
    rounds: int | None = None,
) -> PortfolioResult:
    """The best verified solution within the seconds.

    Args:
        problem: any; engines that cannot take it are left out.
        seconds: wall time; also the limit of a run that counts iterations, which is then cut short.
        seed: the first of the engines' seeds.
        workers: engines at a time; as many as there are cores by default.
        iterations: of each engine, over all rounds.
        on_better: told every better solution, verified.
        cancelled: asked some times a second whether to stop.
        engines: these alone, instead of those that the table of `lineup` names; nothing helps them,
            and only if all fail is there a construction.
        rounds: instead of the table's.
    """
    play = Play(problem, seconds, iterations, on_better, cancelled)
    table = lineup(problem)
    plan = Lineup(engines or table.engines, rounds or table.rounds, table.warm and not engines)
    play.build(held=engines is not None)
    if not len(problem.visits):
        play.bound = 0
    names = engines or (PROOF, *plan.engines, *FALLBACK)
    able, refusals = seated(problem, names)
    play.runs += [EngineRun(name, seed, 0, "refused", why) for name, why in refusals.items()]
    play.seat(able, plan, max(1, workers or available_cores()), seed)
    try:
        if iterations is None:
            play.race()
        else:
            play.count()
    finally:
        play.close()
    return PortfolioResult(
        solution=play.best,
        score=play.worth,
        engine=play.by,
        runtime_s=time.monotonic() - play.begun,
        bound=play.bound,
        runs=tuple(play.runs),
        reason=None
        if play.best is not None
        else "no engine found a solution that keeps every rule",
    )


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
