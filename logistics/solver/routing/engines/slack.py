"""The engine on commiv, an optional extra: slack induction by string removals, in one call.

Christiaens and Vanden Berghe (2020), doi:10.1287/trsc.2019.0914. Its wall limit is rough, and its
annealing needs to know how long it will be: it is asked for a few iterations first, and then for as many
as fit into the time. It takes no start and cannot be cancelled within a call.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from logistics.model.routing import (
    MUST,
    RoutingProblem,
    RoutingSolution,
    VehicleRoute,
)
from logistics.solver.routing.engines import Cancelled, OnBetter
from logistics.solver.routing.matrices import Arrays, arrays

NODES_MAX = 8_000
TRIAL, LONGER = 2_000, 4
"""Iterations of the first trial, and how much longer each further one is."""
TRIAL_SHARE = 0.05
"""Part of the time for trials."""
FILL = 0.9
"""Part of what is left that the long run is given: speed varies along the run."""
FINEST = 1_000
WHOLE = 2**31
"""Times and distances must stay below."""
FLEET_SHARE = 0.5
"""Part of the time in which vehicles are driven out, where they come first."""
MILLISECONDS = 1_000


class SlackInduction:
    """commiv 0.6."""

    name = "commiv"

    def refuses(self, problem: RoutingProblem) -> str | None:
        """What commiv cannot express, or that it is not installed."""
        if find_spec("commiv") is None:
            return "commiv is not installed (pip install 'osusowake[commiv]')"
        kind = problem.vehicles[0]
        paired = {i for pair in problem.pairs for i in pair}
        faults = {
            f"{problem.size} nodes; at most {NODES_MAX}": problem.size > NODES_MAX,
            "no visits": len(problem.visits) == 0,
            "several types of vehicles": len(problem.vehicles) > 1,
            "several depots": problem.depots > 1,
            "several dimensions of load": len(problem.amounts) != 1,
            "several trips": problem.reloads,
            "releases": any(problem.release_s[i] for i in problem.visits),
            "visits that may be left out": any(problem.prize[i] != MUST for i in problem.visits),
            "vehicles that open late": max(kind.open_s, problem.open_s[0]) > 0,
            "pairs beside other visits": bool(paired) and len(paired) < len(problem.visits),
            "times other than distances": bool(problem.duration),
        }
        return next((text for text, holds in faults.items() if holds), None)

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
        """The solution of its one long run; the start, if there was one and commiv finds none."""
        if self.refuses(problem) is not None:
            return None
        import commiv

        ends_at = time.monotonic() + seconds
        run = _runner(problem, seed)
        found: RoutingSolution | None = start
        try:
            if iterations is not None:
                return run(iters=max(1, iterations))
            if problem.vehicles_first:
                found = run(fleet_min=True, wall_ms=int(FLEET_SHARE * seconds * MILLISECONDS))
                _tell(on_better, found)
            per_second, found = _speed(run, TRIAL_SHARE * seconds, found)
            rest_s = FILL * (ends_at - time.monotonic())
            if rest_s > 0 and not (cancelled is not None and cancelled()):
                cap = len(found.routes) if found and problem.vehicles_first else 0
                pinned = {"max_vehicles": cap} if cap and not problem.pairs else {}
                last = run(iters=max(1, int(rest_s * per_second)), **pinned)
                _tell(on_better, last)
                return last if not cap or len(last.routes) <= cap else found
        except commiv.CommivError:
            return found
        return found


def _tell(on_better: OnBetter | None, found: RoutingSolution | None) -> None:
    if on_better is not None and found is not None:
        on_better(found)


def _speed(
    run: Callable[..., RoutingSolution], seconds: float, found: RoutingSolution | None
) -> tuple[float, RoutingSolution | None]:
    """Iterations a second, from trials that grow until their share of the time is used."""
    iterations, ends_at, before_s = TRIAL, time.monotonic() + seconds, 0.0
    while True:
        begun = time.monotonic()
        tried = run(iters=iterations)
        now = time.monotonic()
        took_s = now - begun
        if now + LONGER * took_s > ends_at:
            # What every call needs beside its iterations cancels out of the last two trials.
            more, more_s = iterations, took_s
            if before_s:
                more, more_s = iterations - iterations // LONGER, took_s - before_s
            return more / max(1e-6, more_s, took_s / 4), found or tried
        iterations, before_s = iterations * LONGER, took_s


def _runner(problem: RoutingProblem, seed: int) -> Callable[..., RoutingSolution]:
    """commiv on this problem, with the options left open."""
    import commiv

    own = _small(problem)
    kind = problem.vehicles[0]
    windows = {
        "ready": [int(t) for t in own.open_s],
        "due": [int(max(a, b)) for a, b in zip(own.open_s, own.close_s, strict=True)],
        "service": [0, *(int(t) for t in own.service_s[1:])],
    }
    windows["due"][0] = min(own.until(kind.close_s), int(own.close_s[0]))
    amount = [int(q) for q in problem.amounts[0]]
    seed = 1 + seed % WHOLE
    penalty = int(own.drive_s.max()) * problem.size if problem.vehicles_first else 0
    if problem.pairs:
        pickups, drops = (list(side) for side in zip(*problem.pairs, strict=True))
        loads = [amount[i] for i in pickups]

        def paired(**options: Any) -> RoutingSolution:
            return _told(
                commiv.solve_pdptw(
                    own.drive_s, pickups, drops, loads, kind.capacity[0],
                    seed=seed, veh_penalty=min(penalty, WHOLE), **windows, **options,
                )
            )  # fmt: skip

        return paired
    amount[0] = 0
    timed = any(int(c) < own.horizon_s for c in windows["due"])

    def plain(**options: Any) -> RoutingSolution:
        if not timed and not problem.vehicles_first:
            return _told(
                commiv.solve_cvrp(own.drive_s, amount, kind.capacity[0], seed=seed, **options)
            )
        capped = {"max_vehicles": kind.count or 0, "veh_penalty": min(penalty, WHOLE), **options}
        return _told(
            commiv.solve_vrptw(
                own.drive_s, amount, kind.capacity[0], seed=seed, **windows, **capped
            )
        )

    return plain


def _small(problem: RoutingProblem) -> Arrays:
    """Arrays whose times fit into 32 bits."""
    unit = max(1, problem.scale // FINEST)
    own = arrays(problem, unit)
    ends = [int(t) for t in own.close_s if t < own.horizon_s]
    if not ends and not problem.vehicles_first:
        return own
    while own.horizon_s >= WHOLE:
        unit *= 10
        own = arrays(problem, unit)
    return own


def _told(found: Any) -> RoutingSolution:
    return RoutingSolution(
        tuple(VehicleRoute((tuple(map(int, route)),)) for route in found.routes if route)
    )
