"""Advice on a planned week: what would help whom, and what to ask donors for.

advice = advise(problem, plan.allocation, seconds=5)
advice.unmet      the plan's reasons with fixes that were planned again
advice.wishes     the wish list
"""

from __future__ import annotations

from dataclasses import dataclass

from logistics.model.plan import Allocation, Status, Unmet
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation.advice.advisor import Advisor
from logistics.solver.allocation.advice.what_if import WhatIf
from logistics.solver.allocation.advice.wishes import Wish, wishes
from logistics.solver.allocation.effort import Effort
from logistics.solver.eligible import Eligibility, eligibility
from logistics.solver.visit_days import days_of, with_visit_days
from logistics.solver.ways import Ways
from logistics.travel import fastest, measure

HOUSEHOLDS_MAX = 3_000
"""Larger weeks get no advice: planning one again takes longer than anybody waits."""

PROVEN_MAX = 200
"""Households of a week whose changes are proven, too, if it is."""

WISHES_MAX = 8
"""Wishes beside a plan; the verb `wishes` takes its time for more."""

REASONS_SHARE = 0.6
"""Part of the time for the reasons; the wish list has what is left."""

__all__ = [
    "Advice",
    "Wish",
    "advise",
    "advisor_of",
    "as_planned",
    "eligible_of",
    "quickest",
    "what_if_of",
]


@dataclass(frozen=True, slots=True)
class Advice:
    """Reasons with sure fixes as far as the time went, and the wish list."""

    unmet: tuple[Unmet, ...]
    wishes: tuple[Wish, ...] = ()


def advise(
    problem: WeekProblem,
    allocation: Allocation,
    *,
    seconds: float,
    seed: int = 1,
    language: str = "en",
) -> Advice:
    """Advice on an allocation; one in which nobody is short, or of a very large week, needs none."""
    if not allocation.unmet or len(problem.households) > HOUSEHOLDS_MAX:
        return Advice(allocation.unmet)
    problem = as_planned(problem, allocation)
    advisor = advisor_of(problem, allocation, seconds=seconds * REASONS_SHARE, seed=seed)
    unmet = advisor.unmet(language)
    advisor.what_if.restart(seconds * (1 - REASONS_SHARE))
    return Advice(unmet, wishes(advisor, WISHES_MAX))


def advisor_of(
    problem: WeekProblem, allocation: Allocation, *, seconds: float, seed: int = 1
) -> Advisor:
    """An advisor on an allocation, with so many seconds from now.

    A small week that is proven optimal is proven again with every change.
    """
    small = len(problem.households) <= PROVEN_MAX
    proven = small and allocation.status is Status.OPTIMAL
    effort = Effort.FULL if proven else Effort.PROBE
    what_if = what_if_of(problem, allocation, seconds=seconds, seed=seed, effort=effort)
    return Advisor(what_if, eligible_of(problem), allocation)


def what_if_of(
    problem: WeekProblem,
    allocation: Allocation,
    *,
    seconds: float,
    seed: int = 1,
    effort: Effort = Effort.PROBE,
) -> WhatIf:
    """The week planned again from an allocation."""
    return WhatIf(
        problem,
        quickest(problem),
        allocation.cuts,
        allocation.lines,
        seconds=seconds,
        seed=seed,
        effort=effort,
    )


def as_planned(problem: WeekProblem, allocation: Allocation) -> WeekProblem:
    """The week with visits on the days of an allocation; where it makes none, on the days planned."""
    if not any(household.alternatives for household in problem.households.values()):
        return problem
    return with_visit_days(problem, quickest(problem), days_of(allocation.lines))


def quickest(problem: WeekProblem) -> Travel:
    """Legs between all places that no way round undercuts."""
    places = [*problem.sites, *problem.households]
    measured = measure(problem, places)
    return measured.legs if measured.is_closed else fastest(measured.legs, places)


def eligible_of(problem: WeekProblem) -> Eligibility:
    """Every option of the week."""
    return eligibility(problem, Ways(problem, quickest(problem)))
