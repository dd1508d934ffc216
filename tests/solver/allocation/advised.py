"""Tiny weeks allocated with full effort, and advice on them."""

from __future__ import annotations

from fractions import Fraction

from logistics.model.plan import Allocation, Reason
from logistics.model.problem import WeekProblem
from logistics.solver.advise import advisor_of, eligible_of, quickest
from logistics.solver.allocation import allocate
from logistics.solver.allocation.advice.advisor import Advisor
from logistics.solver.visits import visit_cuts


def allocated(problem: WeekProblem) -> Allocation:
    """The fairest allocation, proven where that takes a moment."""
    travel = quickest(problem)
    cuts = visit_cuts(problem, travel)
    return allocate(problem, travel, eligible_of(problem), cuts, seconds=3.0).allocation


def advisor(problem: WeekProblem, seconds: float = 5.0) -> Advisor:
    """An advisor on it."""
    return advisor_of(problem, allocated(problem), seconds=seconds)


def fixes(problem: WeekProblem) -> dict[tuple[str, str], Reason]:
    """Reasons whose fix was planned and helps, by household and code of the reason."""
    return {
        (entry.household_id, reason.code): reason
        for entry in advisor(problem).unmet("en")
        for reason in entry.reasons
        if "gain" in (reason.params.get("fix") or {})  # type: ignore[operator]
    }


def received(allocation: Allocation) -> dict[str, Fraction]:
    """Meals by household."""
    return {fill.household_id: fill.received for fill in allocation.fill}


def levels(allocation: Allocation) -> list[Fraction]:
    """All levels, from the lowest up."""
    return sorted(fill.level for fill in allocation.fill)
