"""How many of a day's home visits can be made at all, whatever is carried.

A relaxation that forgets goods, loading, capacities and reloading: each shift leaves its home, makes
visits within their windows and is back in time. Times must obey the triangle inequality
(`logistics.travel.fastest`). By dynamic programming over subsets (Held and Karp 1962,
doi:10.1137/0110015) it is exact, so what it rules out is proven.
"""

from __future__ import annotations

from collections.abc import Sequence

from logistics.model.fleet import Shift
from logistics.model.plan import Cut
from logistics.model.problem import Travel, WeekProblem

VISITS_MAX = 11
"""Largest set looked at: 2^11 subsets x 11^2 steps per shift."""


def visit_cuts(problem: WeekProblem, travel: Travel) -> tuple[Cut, ...]:
    """Proven cuts for the days on which not all visits that are asked for can be made."""
    doors: dict[int, list[str]] = {}
    for household in problem.households.values():
        if household.visit is not None and household.meals_wanted > 0:
            doors.setdefault(household.visit.day, []).append(household.id)
    cuts = []
    for day, household_ids in sorted(doors.items()):
        most = most_visits(problem, travel, day, household_ids)
        if most is not None and most < len(household_ids):
            why = f"the shifts of day {day} can make {most} of {len(household_ids)} visits at most"
            cuts.append(Cut("visits", (str(most), str(day), *household_ids), True, why))
    return tuple(cuts)


def most_visits(
    problem: WeekProblem, travel: Travel, day: int, household_ids: Sequence[str]
) -> int | None:
    """Largest number of these visits that the day's shifts can make, None if the set is too large."""
    if len(household_ids) > VISITS_MAX:
        return None
    shifts = [shift for shift in problem.shifts if shift.day == day]
    able = [_reachable(problem, travel, shift, household_ids) for shift in shifts]
    served = {0}
    for sets in able:
        served |= {base | more for base in served for more in sets if not base & more}
    return max(mask.bit_count() for mask in served)


def _reachable(
    problem: WeekProblem, travel: Travel, shift: Shift, household_ids: Sequence[str]
) -> set[int]:
    """Subsets (bit masks) that one shift can visit, the empty one included."""
    home = problem.vehicles[shift.vehicle_id].home_site_id
    ends: dict[tuple[int, int], int] = {}
    for k, household_id in enumerate(household_ids):
        end_s = _visit(problem, travel, home, shift.start_s, household_id)
        if end_s is not None:
            ends[1 << k, k] = end_s
    for size in range(1, len(household_ids)):
        for (mask, last), end_s in [
            item for item in ends.items() if item[0][0].bit_count() == size
        ]:
            for k, household_id in enumerate(household_ids):
                if mask >> k & 1:
                    continue
                next_s = _visit(problem, travel, household_ids[last], end_s, household_id)
                key = (mask | 1 << k, k)
                if next_s is not None and next_s < ends.get(key, next_s + 1):
                    ends[key] = next_s
    return {0} | {
        mask
        for (mask, last), end_s in ends.items()
        if end_s + travel[household_ids[last], home].seconds <= shift.end_s
    }


def _visit(
    problem: WeekProblem, travel: Travel, origin: str, leave_s: int, household_id: str
) -> int | None:
    """End of a visit when leaving a place at a time, None if its window is over."""
    visit = problem.households[household_id].visit
    if visit is None:
        return None
    start_s = max(visit.open_s, leave_s + travel[origin, household_id].seconds)
    return start_s + visit.service_s if start_s <= visit.close_s else None
