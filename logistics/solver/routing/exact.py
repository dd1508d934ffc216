"""Small days proven: is there a plan that costs less than the best one known?"""

from __future__ import annotations

from logistics.solver.routing.circuits import Circuits
from logistics.solver.routing.day import Day
from logistics.solver.routing.fields import says_no_more
from logistics.solver.routing.schedule import Clock, Timetable

POINTS_MAX = 9
"""Calls up to which a proof is tried."""


def is_small(day: Day) -> bool:
    """Whether a proof is tried: few calls, none of them at the home of a vehicle, all rules known."""
    homes = {slot.home_id for slot in day.slots}
    places = {point.call.place_id for point in day.points}
    few = 0 < len(day.points) <= POINTS_MAX
    return few and not homes & places and says_no_more(day)


def prove(
    clock: Clock, table: Timetable, bound: int, seconds: float, seed: int
) -> tuple[Timetable, int]:
    """A plan cheaper than a given one, or the proof that there is none.

    Returns:
        The best plan known and a lower bound, which equals its cost when the proof is complete.
    """
    from ortools.sat.python import cp_model

    circuits = Circuits(clock.day, table.cost - 1, bound)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    status = solver.solve(circuits.model)
    if status == cp_model.INFEASIBLE:
        return table, table.cost
    proven = max(bound, min(table.cost, int(solver.best_objective_bound)))
    if status == cp_model.UNKNOWN:
        return table, proven
    found = clock.timetable(circuits.sketch(solver))
    if found is None or found.cost > int(solver.objective_value):
        return table, bound  # where circuits and schedule disagree, there is no proof
    return found, min(found.cost, proven)
