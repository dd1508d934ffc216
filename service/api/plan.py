"""`/week`, `/plan`, `/households/{id}`, `/verify`, `/sheets`: the planned week."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from logistics.judge import certified
from logistics.model.errors import NotFound
from service.api.fields import Answer, finding_answer
from service.api.plan_models import (
    CertifiedAnswer,
    HouseholdPlanAnswer,
    PlanAnswer,
    VerifyAnswer,
    household_answer,
    plan_answer,
)
from service.api.week_models import WeekAnswer, week_answer
from service.problems import documented
from service.shown import Shown

Reference = Annotated[str, Path(min_length=1, max_length=200)]
"""An identifier in an address."""


class SheetAnswer(Answer):
    """A file of the week's paper."""

    name: str
    url: str
    older_than_plan: bool = Field(description="Made before the plan: print it again")


class SheetsAnswer(Answer):
    """All paper that there is."""

    sheets: list[SheetAnswer]


def plan_router(shown: Shown) -> APIRouter:
    """Routes that answer from week and plan; both were read at the start."""
    router = APIRouter(tags=["week"])
    week = week_answer(shown)
    plan = plan_answer(shown.plan, shown.problem.week_start)
    verdict = VerifyAnswer(
        accepted=shown.accepted,
        findings=[finding_answer(found) for found in shown.verdict],
        certificates=CertifiedAnswer(**asdict(certified(shown.plan))),
    )
    paper = [
        SheetAnswer(
            name=sheet.name, url=f"/sheets/{sheet.name}", older_than_plan=sheet.older_than_plan
        )
        for sheet in shown.sheets.files
    ]

    @router.get("/week", responses=documented())
    async def read_week() -> WeekAnswer:
        """The facts that the week was planned from, and warnings about them."""
        return week

    @router.get("/plan", responses=documented())
    async def read_plan() -> PlanAnswer:
        """Allocation, levels with what holds them, routes, proofs and numbers."""
        return plan

    @router.get("/households/{household_id}", responses=documented(404, 422))
    async def read_household(household_id: Reference) -> HouseholdPlanAnswer:
        """What one household gets, and why not more."""
        if household_id not in shown.problem.households:
            raise NotFound(f"Household {household_id}: this week knows no such household")
        return household_answer(plan, household_id)

    @router.get("/verify", responses=documented())
    async def verify() -> VerifyAnswer:
        """What the independent judge said when the plan was read."""
        return verdict

    @router.get("/sheets", responses=documented())
    async def list_sheets() -> SheetsAnswer:
        """Pick lists, driver and satellite sheets and maps that can be opened under `/sheets/`."""
        return SheetsAnswer(sheets=paper)

    return router
