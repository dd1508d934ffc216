"""On which of its days a household is visited: chosen once, before anything is allocated.

Of several days the first that holds by this order: a shift can bring most meals (up to the wish), all
visits of that day can still be made, somebody who came last time drives, fewest visits so far, earliest.
Households with fewest days choose first. As with several hubs this is a choice of planning: `optimal`
is meant under it (docs/rules.md section 2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from logistics.model.people import Household
from logistics.model.plan import Line
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.crews import came_last, may_visit
from logistics.solver.eligible import freshness_refusal, personal_refusal
from logistics.solver.visits import most_visits
from logistics.solver.ways import Way, Ways


def with_visit_days(
    problem: WeekProblem, travel: Travel, given: Mapping[str, int] | None = None
) -> WeekProblem:
    """The week with `Household.visit` on the day that planning looks at.

    Args:
        problem: the week.
        travel: legs that no way round undercuts.
        given: days that are known already, by household; days that it has no visit on do not count.
    """
    chosen = {name: day for name, day in (given or {}).items() if _has(problem, name, day)}
    several = {
        household.id: sorted({visit.day for visit in household.visits})
        for household in problem.households.values()
    }
    ways, at_day = Ways(problem, travel), defaultdict[int, list[str]](list)
    for name, days in several.items():
        if len(days) == 1 or name in chosen:
            at_day[chosen.get(name, days[0])].append(name)
    open_ = [name for name, days in several.items() if len(days) > 1 and name not in chosen]
    for name in sorted(open_, key=lambda name: (len(several[name]), name)):
        rank = _Rank(problem, travel, ways, problem.households[name], at_day)
        chosen[name] = max(several[name], key=rank.of)
        at_day[chosen[name]].append(name)
    if not chosen:
        return problem
    households = dict(problem.households)
    for name, day in chosen.items():
        visit = households[name].visits_on(day)[0]
        households[name] = replace(households[name], visit=visit)
    return replace(problem, households=households)


def days_of(lines: tuple[Line, ...]) -> dict[str, int]:
    """The days on which lines are handed over at doors."""
    return {line.household_id: line.day for line in lines if line.session_id is None}


def days_still_open(
    problem: WeekProblem, travel: Travel, lines: tuple[Line, ...]
) -> dict[str, int]:
    """Days of lines at doors on which something can still be brought there, by household."""
    ways = Ways(problem, travel)
    return {
        name: day
        for name, day in days_of(lines).items()
        if _has(problem, name, day) and meals_on(problem, ways, problem.households[name], day)
    }


def meals_on(problem: WeekProblem, ways: Ways, household: Household, day: int) -> Fraction:
    """Meals that could be brought to a household's door on a day of its visits, up to the wish."""
    household = replace(household, visit=household.visits_on(day)[0])
    meals = Fraction(0)
    opens_s = min(visit.open_s for visit in household.visits_on(day))
    for lot in problem.lots.values():
        if (
            personal_refusal(lot, household) is None
            and freshness_refusal(problem, lot, day, opens_s) is None
            and isinstance(ways.to_door(lot, household), Way)
        ):
            meals += lot.free_units * lot.unit_meals
    return min(meals, Fraction(household.meals_wanted))


def _has(problem: WeekProblem, name: str, day: int) -> bool:
    return name in problem.households and bool(problem.households[name].visits_on(day))


class _Rank:
    """How good each day is for one household, given the visits chosen before."""

    def __init__(
        self,
        problem: WeekProblem,
        travel: Travel,
        ways: Ways,
        household: Household,
        at_day: Mapping[int, list[str]],
    ) -> None:
        self.problem, self.travel, self.ways = problem, travel, ways
        self.household, self.at_day = household, at_day

    def of(self, day: int) -> tuple[Fraction, bool, bool, int, int]:
        """The rank of a day, the greatest is best."""
        household = self.household
        there = self.at_day.get(day, [])
        made = most_visits(self.problem, self.travel, day, [*there, household.id])
        all_made = made is None or made > len(there)
        return (
            meals_on(self.problem, self.ways, household, day),
            all_made,
            self._known(day),
            -len(there),
            -day,
        )

    def _known(self, day: int) -> bool:
        """Whether somebody who came last time drives on a day and may make the visit."""
        return any(
            came_last([visit], shift.volunteer_ids) is True
            and may_visit(self.problem, shift.volunteer_ids, visit)
            for shift in self.problem.shifts
            for visit in self.household.visits_on(day)
            if shift.day == day
        )
