"""How many of a day's home visits can be made at all, whatever is carried.

A relaxation that forgets goods, loading, capacities and reloading: each shift leaves its home, makes
visits within their windows (of several on that day any one, if its people may) and is back in time.
Times must obey the triangle inequality
(`logistics.travel.fastest`). By dynamic programming over subsets (Held and Karp 1962,
doi:10.1137/0110015) it is exact, so what it rules out is proven.
"""

from __future__ import annotations

from collections.abc import Sequence

from logistics.model.fleet import Shift
from logistics.model.people import Household
from logistics.model.plan import Cut
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.crews import may_visit

VISITS_MAX = 11
"""Largest set looked at: 2^11 subsets x 11^2 steps per shift."""

CUTS_MAX = 50
"""Cuts a day at most; fewer cuts are still valid, they only say less."""


def visit_cuts(
    problem: WeekProblem, travel: Travel, *, only_day: int | None = None, loading: bool = False
) -> tuple[Cut, ...]:
    """Cuts for the days on which not all visits that are asked for can be made.

    One for each smallest set of visits that cannot be made together: of it, one must be left out.
    Proven, unless `loading` is counted at the start of every shift: goods that are driven straight
    from elsewhere need none.
    """
    doors: dict[int, list[str]] = {}
    for household in problem.households.values():
        if household.meals_wanted > 0 and _somebody_may(problem, household):
            assert household.visit is not None
            doors.setdefault(household.visit.day, []).append(household.id)
    cuts = []
    for day, household_ids in sorted(doors.items()):
        if len(household_ids) > VISITS_MAX or only_day not in (None, day):
            continue
        for mask in _smallest_impossible(problem, travel, day, household_ids, loading):
            together = [h for k, h in enumerate(household_ids) if mask >> k & 1]
            most = len(together) - 1
            why = f"the shifts of day {day} can make {most} of these {most + 1} visits at most"
            cuts.append(Cut("visits", (str(most), str(day), *together), not loading, why))
    return tuple(cuts)


def _somebody_may(problem: WeekProblem, household: Household) -> bool:
    """Whether a household is visited, and a shift of its day has the people, if there are shifts.

    Where none has, no lot can come to its door anyway, and that is the reason to give.
    """
    if household.visit is None:
        return False
    crews = [s.volunteer_ids for s in problem.shifts if s.day == household.visit.day]
    visits = household.visits_on(household.visit.day)
    return not crews or any(may_visit(problem, crew, v) for crew in crews for v in visits)


def most_visits(
    problem: WeekProblem, travel: Travel, day: int, household_ids: Sequence[str]
) -> int | None:
    """Largest number of these visits that the day's shifts can make, None if the set is too large."""
    if len(household_ids) > VISITS_MAX:
        return None
    return max(mask.bit_count() for mask in _possible(problem, travel, day, household_ids, False))


def _possible(
    problem: WeekProblem, travel: Travel, day: int, household_ids: Sequence[str], loading: bool
) -> set[int]:
    """Subsets (bit masks) of the visits that the day's shifts can make together."""
    served = {0}
    for shift in problem.shifts:
        if shift.day == day:
            sets = _reachable(problem, travel, shift, household_ids, loading)
            served |= {base | more for base in served for more in sets if not base & more}
    return served


def _smallest_impossible(
    problem: WeekProblem, travel: Travel, day: int, household_ids: Sequence[str], loading: bool
) -> list[int]:
    """Subsets that cannot be made although every set with one visit less can, smallest first.

    Leaving out a visit never makes a day longer, so that these sets describe all that is impossible.
    """
    possible = _possible(problem, travel, day, household_ids, loading)
    masks = range(1, 1 << len(household_ids))
    found = [
        mask
        for mask in masks
        if mask not in possible
        and all(mask & ~(1 << k) in possible for k in range(len(household_ids)) if mask >> k & 1)
    ]
    return sorted(found, key=lambda mask: (mask.bit_count(), mask))[:CUTS_MAX]


def _reachable(
    problem: WeekProblem,
    travel: Travel,
    shift: Shift,
    household_ids: Sequence[str],
    loading: bool,
) -> set[int]:
    """Subsets (bit masks) that one shift can visit, the empty one included."""
    home = problem.vehicles[shift.vehicle_id].home_site_id
    begin, finish = shift.start_id or home, shift.end_id or home
    away_s = shift.start_s
    if loading:
        away_s += _seconds(travel, begin, home) + problem.sites[home].dock_s
        begin = home
    ends: dict[tuple[int, int], int] = {}
    for k, household_id in enumerate(household_ids):
        end_s = _visit(problem, travel, shift, begin, away_s, household_id)
        if end_s is not None:
            ends[1 << k, k] = end_s
    for size in range(1, len(household_ids)):
        for (mask, last), end_s in [
            item for item in ends.items() if item[0][0].bit_count() == size
        ]:
            for k, household_id in enumerate(household_ids):
                if mask >> k & 1:
                    continue
                next_s = _visit(problem, travel, shift, household_ids[last], end_s, household_id)
                key = (mask | 1 << k, k)
                if next_s is not None and next_s < ends.get(key, next_s + 1):
                    ends[key] = next_s
    return {0} | {
        mask
        for (mask, last), end_s in ends.items()
        if end_s + travel[household_ids[last], finish].seconds <= shift.end_s
    }


def _seconds(travel: Travel, origin: str, target: str) -> int:
    return 0 if origin == target else travel[origin, target].seconds


def _visit(
    problem: WeekProblem,
    travel: Travel,
    shift: Shift,
    origin: str,
    leave_s: int,
    household_id: str,
) -> int | None:
    """End of a visit when leaving a place at a time, None if all its windows are over."""
    arrive_s = leave_s + travel[origin, household_id].seconds
    ends = (
        max(visit.open_s, arrive_s) + visit.service_s
        for visit in problem.households[household_id].visits_on(shift.day)
        if arrive_s <= visit.close_s and may_visit(problem, shift.volunteer_ids, visit)
    )
    return min(ends, default=None)
