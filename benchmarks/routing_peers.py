"""VROOM behind the engines' protocol, for the routing benchmark alone."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import Any

from logistics.model.routing import (
    MUST,
    RoutingProblem,
    RoutingSolution,
    VehicleRoute,
)
from logistics.solver.routing.engines import Cancelled, OnBetter
from logistics.solver.routing.engines.nearest import construct
from logistics.solver.routing.matrices import Arrays, arrays
from logistics.solver.routing.portfolio import available_cores

EXPLORATION = 5
"""The deepest there is; what it does not use of the time, it cannot use."""
SPARE_VEHICLES = 3
FINEST = 1_000
HOUR_S = 3_600
READING_S = 0.5
"""Kept for reading its answer, which comes only at the end."""


class Vroom:
    """VROOM 1.15 by pyvroom, on all cores; deterministic, knows neither seed nor start."""

    name = "vroom"

    def refuses(self, problem: RoutingProblem) -> str | None:
        """What VROOM cannot express."""
        faults = {
            "several trips": problem.reloads,
            "releases": any(problem.release_s[i] for i in problem.visits),
            "prizes": any(problem.prize[i] != MUST for i in problem.visits),
            "no visits": len(problem.visits) == 0,
        }
        return next((text for text, holds in faults.items() if holds), None)

    def solve(
        self,
        problem: RoutingProblem,
        *,
        seconds: float,
        seed: int,  # noqa: ARG002
        start: RoutingSolution | None = None,  # noqa: ARG002
        iterations: int | None = None,  # noqa: ARG002
        on_better: OnBetter | None = None,  # noqa: ARG002
        cancelled: Cancelled | None = None,  # noqa: ARG002
    ) -> RoutingSolution | None:
        """Its one solution."""
        ends_at = monotonic() + seconds - READING_S
        import vroom

        own = arrays(problem, max(1, problem.scale // FINEST))
        work = vroom.Input()
        work.set_durations_matrix("car", own.drive_s)
        work.set_costs_matrix("car", own.leg)
        kinds = _add_vehicles(work, problem, own)
        _add_jobs(work, problem, own)
        left = timedelta(seconds=max(0.1, ends_at - monotonic()))
        found = work.solve(EXPLORATION, nb_threads=available_cores(), timeout=left)
        return _told(found.routes, kinds)


def _add_vehicles(work: Any, problem: RoutingProblem, own: Arrays) -> list[int]:
    """As many as a quick construction needs, and some more; the type of each."""
    import vroom

    sketch, kinds = construct(problem), list[int]()
    dear = int(own.leg.max()) * problem.size if problem.vehicles_first else 0
    for k, kind in enumerate(problem.vehicles):
        used = sum(route.kind == k for route in sketch.routes)
        most = len(problem.visits) if kind.count is None else kind.count
        for _ in range(min(most, used + SPARE_VEHICLES)):
            opens = max(own.since(kind.open_s), int(own.open_s[kind.start]))
            closes = min(own.until(kind.close_s), int(own.close_s[kind.end]))
            fixed = -(-kind.fixed_cost // own.unit) + dear
            work.add_vehicle(
                vroom.Vehicle(
                    len(kinds),
                    start=kind.start,
                    end=kind.end,
                    capacity=list(kind.capacity),
                    time_window=(opens, closes),
                    costs=vroom.VehicleCosts(fixed=fixed, per_hour=HOUR_S),
                )
            )
            kinds.append(k)
    return kinds


def _add_jobs(work: Any, problem: RoutingProblem, own: Arrays) -> None:
    import vroom

    paired = {i for pair in problem.pairs for i in pair}

    def timed(i: int) -> dict[str, Any]:
        window = (int(own.open_s[i]), int(own.close_s[i]))
        return {"default_service": int(own.service_s[i]), "time_windows": [window]}

    work.add_job(
        [
            vroom.Job(i, location=i, delivery=[int(c[i]) for c in problem.amounts], **timed(i))
            for i in problem.visits
            if i not in paired
        ]
    )
    work.add_job(
        [
            vroom.Shipment(
                vroom.ShipmentStep(i, location=i, **timed(i)),
                vroom.ShipmentStep(j, location=j, **timed(j)),
                amount=[int(column[i]) for column in problem.amounts],
            )
            for i, j in problem.pairs
        ]
    )


def _told(table: Any, kinds: list[int]) -> RoutingSolution:
    routes: dict[int, list[int]] = {}
    for vehicle, what, node in zip(
        table["vehicle_id"], table["type"], table["location_index"], strict=True
    ):
        if what not in ("start", "end", "break"):
            routes.setdefault(int(vehicle), []).append(int(node))
    return RoutingSolution(
        tuple(VehicleRoute((tuple(calls),), kinds[v]) for v, calls in routes.items())
    )
