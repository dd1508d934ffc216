"""What is proven of a day's cost, in all and part by part, and the stages that say so.

The cost of a day counts vehicle-days so highly that a gap of it says little: with two vehicle-days of
which only one is proven it is near 50 %, with one it hides how good the driving is. So there are three
stages: `routes`, the whole cost; `vehicles`, the vehicle-days; `driving`, the rest of the cost, with a
bound on plans of as many vehicle-days. The last two are only told where every job is driven.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from logistics.model.plan import Stage, Status
from logistics.solver.routing.day import Day
from logistics.solver.routing.problem import VEHICLE_DAY_COST, DayResult
from logistics.solver.routing.schedule import Timetable


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lower bounds on all plans of a day that cost less than the best one known.

    `cost` bounds all of the cost, `vehicles` the vehicle-days of plans that make all calls, `driving`
    the cost without vehicle-days. `given` is a number of vehicle-days and a bound on the driving of
    plans with so many.
    """

    cost: int
    vehicles: int = 0
    driving: int = 0
    given: tuple[int, int] = (0, 0)

    def driving_with(self, vehicles: int) -> int:
        """The best bound on the driving of plans with so many vehicle-days."""
        with_as_many = self.given[1] if self.given[0] == vehicles else 0
        return max(self.driving, with_as_many, self.cost - vehicles * VEHICLE_DAY_COST)

    def at_best(self, other: Bounds) -> Bounds:
        """What two proofs of the same day show together."""
        return Bounds(
            max(self.cost, other.cost),
            max(self.vehicles, other.vehicles),
            max(self.driving, other.driving),
            max(self.given, other.given),
        )

    def raised(self, cost: int) -> Bounds:
        """With another bound on all of the cost."""
        return replace(self, cost=cost)


def bounds_told(result: DayResult) -> Bounds:
    """What the stages of a day's result say."""
    told = {part.name.split()[0]: int(part.bound or 0) for part in result.parts}
    given = (len(result.routes), told.get("driving", 0))
    return Bounds(int(result.stage.bound or 0), told.get("vehicles", 0), given=given)


def stage_of(day: Day, table: Timetable, bounds: Bounds, took_s: float) -> Stage:
    """The stage `routes`: the whole cost of a day."""
    status = Status.FEASIBLE if any(table.sketch) else Status.TIME_LIMIT
    return _stage(f"routes {day.number}", table.cost, bounds.cost, took_s, status)


def part_stages(day: Day, table: Timetable, bounds: Bounds) -> Iterator[Stage]:
    """The stages `vehicles` and `driving`; nothing for days under way, where some of both is past."""
    used = sum(map(bool, table.sketch))
    served = {day.points[p].task for trips in table.sketch for trip in trips for p in trip}
    if not used or len(served) < len(day.tasks) or any(slot.fixed for slot in day.slots):
        return
    driving = table.cost - used * VEHICLE_DAY_COST
    vehicles = used if bounds.cost == table.cost else min(used, max(1, bounds.vehicles))
    yield _stage(f"vehicles {day.number}", used, vehicles, 0.0)
    yield _stage(f"driving {day.number}", driving, min(driving, bounds.driving_with(used)), 0.0)


def _stage(
    name: str, found: int, bound: int, took_s: float, unproven: Status = Status.FEASIBLE
) -> Stage:
    return Stage(
        name=name,
        status=Status.OPTIMAL if bound == found else unproven,
        objective=float(found),
        bound=float(bound),
        gap=(found - bound) / max(1, found),
        runtime_s=took_s,
    )
