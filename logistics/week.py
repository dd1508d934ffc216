"""The story of a week, verb by verb.

    problem, findings = read_week(folder)         what was offered, who signed up
    result = plan_week(problem)                   who gets what, how it is driven, what the judge says
    write_plan(result.plan, result.travel, problem, out)
    plan, travel = read_plan(out / "plan.json", problem)
    findings = verify(problem, travel, plan)      the judge again, on what was written
    write_sheets(problem, plan, folder, out)      pick lists, driver and satellite sheets, maps

Then the stock book goes on (`logistics.store`): import, publish, record, stock, trace.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from logistics.intake import read_week
from logistics.judge import verify
from logistics.model.errors import Finding
from logistics.model.plan import Plan
from logistics.model.problem import Travel, WeekProblem
from logistics.reports import write_sheets
from logistics.reports.plan_files import read_plan, write_plan
from logistics.solver.planner import STANDARD, Limits, plan

__all__ = [
    "read_week",
    "plan_week",
    "verify",
    "write_plan",
    "read_plan",
    "write_sheets",
    "Limits",
    "PlanResult",
]


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A plan with the legs it uses and what the judge says of it; show it only if that is nothing."""

    plan: Plan
    travel: Travel
    engine: str
    findings: tuple[Finding, ...]

    @property
    def is_clean(self) -> bool:
        """Whether the judge found nothing."""
        return not self.findings


def plan_week(
    problem: WeekProblem,
    limits: Limits = STANDARD,
    *,
    language: str = "en",
    progress: Callable[[str], None] = lambda _: None,
) -> PlanResult:
    """Allocate and route the week, then let the judge look at it.

    Args:
        problem: the week.
        limits: seconds in all and the seed.
        language: of the reasons in the plan, `ja` or `en`.
        progress: is told what is being worked on.
    """
    planned = plan(problem, limits, language=language, progress=progress)
    progress("judge")
    findings = verify(problem, planned.travel, planned.plan)
    return PlanResult(planned.plan, planned.travel, planned.engine, tuple(findings))
