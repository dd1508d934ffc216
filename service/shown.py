"""The week that is shown: read once at the start, checked, and never changed after that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from logistics.intake import read_week
from logistics.judge import verify
from logistics.model.errors import Finding, OsusowakeError, PlanRefused
from logistics.model.plan import Plan
from logistics.model.problem import WeekProblem
from logistics.reports.itinerary import require_known
from logistics.reports.plan_files import read_plan
from logistics.reports.wish_files import Plain, read_wishes
from service.settings import Settings
from service.sheets import NO_SHEETS, Sheets, read_sheets

FOREIGN = frozenset(
    f"unknown_{noun}" for noun in ("household", "lot", "session", "vehicle", "site")
)
"""The judge's codes for a plan that names what the week does not have."""


class WeekUnreadable(OsusowakeError):
    """The week folder has errors; `findings` says which."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("the week folder has errors: `osusowake check` lists them")
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the service answers from: facts, plan, findings, paper, the book's URL, wishes."""

    problem: WeekProblem
    plan: Plan
    warnings: tuple[Finding, ...] = ()
    verdict: tuple[Finding, ...] = ()
    sheets: Sheets = NO_SHEETS
    folder: Path | None = None
    db: str | None = None
    wishes: tuple[Plain, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the judge found nothing."""
        return not self.verdict


def read_shown(settings: Settings) -> Shown:
    """Read week and plan, and let the judge look at them.

    Raises:
        WeekUnreadable: if the week folder has errors.
        PlanRefused: if the plan is for other data, names things this week lacks, or the travel file
            beside it is not the one it was made with. Any other fault is shown on the page.
        PlanUnreadable, TravelUnreadable: if a file cannot be read.
    """
    problem, findings = read_week(settings.folder)
    if problem is None:
        raise WeekUnreadable(findings)
    plan, travel = read_plan(settings.plan_file, problem)
    if plan.problem_digest != problem.digest:
        raise PlanRefused(
            f"{settings.plan_file} was made for other data than {settings.folder} holds now; plan "
            f"again: osusowake plan {settings.folder} --out {settings.plan_file.parent}"
        )
    verdict = tuple(verify(problem, travel, plan))
    for finding in verdict:
        if finding.code in FOREIGN:
            raise PlanRefused(f"the plan does not belong to this week: {finding.message}")
    require_known(problem, plan)
    return Shown(
        problem=problem,
        plan=plan,
        warnings=tuple(findings),
        verdict=verdict,
        sheets=read_sheets(settings.sheets, planned_at_s=settings.plan_file.stat().st_mtime),
        folder=settings.folder,
        db=settings.db,
        wishes=read_wishes(settings.plan_file.parent, problem),
    )
