"""Proofs of days: bounds never above brute force, small days exactly it, unknown features left alone."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, event, given, settings

from logistics.solver.routing.day import Day, day_of_jobs, empty_sketch
from logistics.solver.routing.explain import undriveable
from logistics.solver.routing.proof import prove_or_bound
from logistics.solver.routing.proof.circulation import driving_bound
from logistics.solver.routing.proof.graph import graphs_of
from logistics.solver.routing.proof.master import Master, Rows
from logistics.solver.routing.proof.ready import earliest_ends, fewest_trips
from logistics.solver.routing.proof.subsets import cheapest_day
from logistics.solver.routing.problem import VEHICLE_DAY_COST
from logistics.solver.routing.schedule import Clock
from tests.solver.routing.strategies import Case, days
from tests.solver.routing.test_laws import cheapest
import time

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(case=days())
def test_no_bound_is_above_brute_force(case: Case) -> None:
    day = day_of_jobs(case.problem, case.travel, case.jobs)
    clock = Clock(day)
    best = cheapest(clock)
    gone = set(undriveable(day))
    graphs = graphs_of(day, gone, earliest_ends(day))
    used = sum(map(bool, best.sketch))
    musts = [t for t, task in enumerate(day.tasks) if task.price > best.cost]
    soon = time.monotonic() + 60
    lost = sum(day.tasks[t].price for t in gone)
    legs = driving_bound(day, graphs, gone, fewest_trips(day, musts), soon)
    assert legs.bound <= best.cost - used * VEHICLE_DAY_COST
    whole = cheapest_day(day, graphs, 1 << 16)
    assert whole is not None
    assert whole.bound <= best.cost
    again = clock.timetable(whole.sketch)
    event(f"whole {'refused' if again is None else 'exact' if whole.bound == again.cost else 'low'}")
    if again is not None and again.cost == whole.bound: assert again.cost == best.cost
    for paired in (True, False):
        graphs = graphs_of(day, gone, earliest_ends(day), paired)
        if used:
            trips = sum(fewest_trips(day, musts).values())
            prices = {t: task.price for t, task in enumerate(day.tasks)}
            master = Master(day, graphs, Rows.of(day, gone, prices, trips), 1 << 15)
            b = master.bound(used, used, 2 * best.cost, soon)
            event(f"CG gap {round(10*(best.cost-lost-b.bound)/best.cost)}")
            assert lost + b.bound <= best.cost
