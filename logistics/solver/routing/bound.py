"""A proven lower bound on a day's cost, without searching for routes.

Every call that is made is entered by one leg and left by one, so the cheapest assignment of successors
bounds driving and service from below; a call may be its own successor at its share of the job's price.
Legs that no windows, hubs or pairings allow are left out. Neither trips nor capacities are counted.
"""

from __future__ import annotations

from logistics.model.plan import StopKind
from logistics.solver.routing.bounds import Bounds
from logistics.solver.routing.day import Day
from logistics.solver.routing.problem import (
    METRE_COST,
    MUST_PRICE,
    SECOND_COST,
    VEHICLE_DAY_COST,
)


def bounds_of(day: Day, undriveable: set[int]) -> Bounds:
    """What is known of every plan of a day without searching, in all and part by part."""
    cost = lower_bound(day, undriveable)
    tasks = list(range(len(day.tasks)))
    if undriveable or not tasks:
        return Bounds(cost)
    served = dict.fromkeys(tasks, MUST_PRICE)
    driving = _assigned(day, tasks, served, METRE_COST, SECOND_COST)
    return Bounds(cost, _vehicles_needed(day, tasks, tasks), driving)


def lower_bound(day: Day, undriveable: set[int]) -> int:
    """A cost that no plan of the day can undercut.

    Either some job of price `MUST_PRICE` is left out, or as many vehicle-days are needed as the
    hubs that have such jobs, and as the assignment in seconds fills of the longest shifts.
    """
    lost = sum(day.tasks[t].price for t in undriveable)
    tasks = [t for t in range(len(day.tasks)) if t not in undriveable]
    prices = {t: day.tasks[t].price for t in tasks}
    if not sum(prices.values()):
        return lost
    musts = [t for t in tasks if prices[t] >= MUST_PRICE]
    driving = _assigned(day, tasks, prices, METRE_COST, SECOND_COST)
    vehicles = max(1, _vehicles_needed(day, tasks, musts)) if musts else 1
    paid = sum(bool(slot.fixed) for slot in day.slots)
    bound = min(sum(prices.values()), max(0, vehicles - paid) * VEHICLE_DAY_COST + driving)
    if vehicles > 1:
        least = max(0, 1 - paid) * VEHICLE_DAY_COST + driving
        bound = min(bound, max(least, min(prices[t] for t in musts)))
    return lost + bound


def least_seconds(day: Day) -> int:
    """Seconds of driving and service that all tasks of a day take together at least."""
    tasks = list(range(len(day.tasks)))
    return _assigned(day, tasks, dict.fromkeys(tasks, MUST_PRICE), 0, 1)


def _vehicles_needed(day: Day, tasks: list[int], musts: list[int]) -> int:
    """Vehicles without which not all of the jobs that must be driven can be."""
    hubs = {day.tasks[t].hub_id for t in musts} - {None}
    prices = {t: MUST_PRICE if t in set(musts) else 0 for t in tasks}
    seconds = _assigned(day, tasks, prices, 0, 1)
    longest: dict[str, int] = {}
    for slot in day.slots:
        length_s = slot.end_s - slot.start_s
        longest[slot.vehicle_id] = max(length_s, longest.get(slot.vehicle_id, 0))
    needed = 0
    for length_s in sorted(longest.values(), reverse=True):
        if seconds <= 0:
            break
        seconds -= length_s
        needed += 1
    return max(needed, len(hubs))


def _assigned(
    day: Day, tasks: list[int], prices: dict[int, int], metre_cost: int, second_cost: int
) -> int:
    """Cost of the cheapest assignment of successors; as many trips as there are points."""
    from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

    points = [p for t in tasks for p in day.tasks[t].points]
    homes = range(len(points), 2 * len(points))
    solver = SimpleLinearSumAssignment()
    for i, p in enumerate(points):
        task = day.tasks[day.points[p].task]
        solver.add_arc_with_cost(i, i, prices[day.points[p].task] // len(task.points))
        service = second_cost * day.points[p].call.service_s
        if metre_cost and p == task.points[-1]:
            homes_of = day.homes(day.points[p].task)
            service += min((task.slot_cost.get(s, 0) for s in homes_of), default=0)
        out, back = _home_legs(day, p, metre_cost, second_cost)
        for home in homes:
            if p == task.points[-1]:
                solver.add_arc_with_cost(i, home, service + back)
            if p != task.points[-1] or len(task.points) == 1:
                solver.add_arc_with_cost(home, i, out)
        for j, q in enumerate(points):
            if _one_stop(day, p, q):
                solver.add_arc_with_cost(i, j, 0)
            elif _may_follow(day, p, q):
                leg = _leg(day, day.at(p), day.at(q), metre_cost, second_cost)
                solver.add_arc_with_cost(i, j, service + leg)
    for home in homes:
        for other in homes:
            solver.add_arc_with_cost(home, other, 0)
    status = solver.solve()
    assert status == solver.OPTIMAL  # every point may be its own successor
    return int(solver.optimal_cost())


def _home_legs(day: Day, p: int, metre_cost: int, second_cost: int) -> tuple[int, int]:
    """Cheapest way from and to where a trip may start and end that makes the call."""
    slots = [day.slots[s] for s in day.homes(day.points[p].task)]
    starts = {
        day.places[place] for slot in slots for place in (slot.home_id, slot.start_place) if place
    }
    ends = {
        day.places[place] for slot in slots for place in (slot.home_id, slot.end_place) if place
    }
    place = day.at(p)
    return (
        min(_leg(day, start, place, metre_cost, second_cost) for start in starts),
        min(_leg(day, place, end, metre_cost, second_cost) for end in ends),
    )


def _leg(day: Day, origin: int, target: int, metre_cost: int, second_cost: int) -> int:
    return metre_cost * day.metres[origin][target] + second_cost * day.seconds[origin][target]


def _one_stop(day: Day, p: int, q: int) -> bool:
    """Whether two calls may share a stop, and its service with it."""
    both_sites = all(day.points[x].call.kind is StopKind.SITE for x in (p, q))
    return p != q and both_sites and day.at(p) == day.at(q)


def _may_follow(day: Day, p: int, q: int) -> bool:
    """Whether any trip could go from one call straight to another."""
    a, b = day.points[p], day.points[q]
    if p == q or (a.task == b.task and p == day.tasks[a.task].points[-1]):
        return False
    hubs = {day.tasks[a.task].hub_id, day.tasks[b.task].hub_id} - {None}
    soonest_s = a.call.open_s + a.call.service_s + day.seconds[day.at(p)][day.at(q)]
    return len(hubs) < 2 and soonest_s <= b.call.latest_start_s
