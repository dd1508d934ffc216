"""The plan as an answer: `plan.json` field by field (docs/formats.md), the crew as a number."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from logistics.model.plan import Fate, Plan, Status, StopKind
from logistics.model.plan_json import plan_to_json
from service.api.fields import Answer, Exact, ExactText, FindingAnswer


class TravelAnswer(Answer):
    """Where the legs came from."""

    engine: str
    file: str
    sha256: str
    detail: str = ""


class LineAnswer(Answer):
    """Units of a lot for a household; no session means a visit at home."""

    household_id: str
    lot_id: str
    session_id: str | None
    date: date
    units: int


class FillAnswer(Answer):
    """How well a household is served, this week and over the weeks that count."""

    household_id: str
    wanted: int
    received: Exact
    past_wanted: int
    past_received: Exact
    weight: Exact
    level: ExactText


class CapAnswer(Answer):
    """A capacity that holds a level."""

    kind: str
    id: str
    storage: str
    date: date | None


class HeldByAnswer(Answer):
    """What is scarce at a level; everything empty means that the wish itself is the limit."""

    lot_ids: list[str]
    session_ids: list[str]
    vehicle_ids: list[str]
    caps: list[CapAnswer]


class PriceAnswer(CapAnswer):
    """What a scarce thing counts in an inequality."""

    price: int


class InequalityAnswer(Answer):
    """No plan has a greater weighted sum of receipts than what the priced things can give."""

    weights: dict[str, int]
    prices: list[PriceAnswer]


class CertificateAnswer(Answer):
    """A bound on a level that can be checked with whole numbers (docs/rules.md section 7)."""

    bound: ExactText
    inequalities: list[InequalityAnswer]


class LevelAnswer(Answer):
    """Households that stand at one level, and the proof that they cannot stand higher."""

    stage: str
    level: ExactText
    household_ids: list[str]
    held_by: HeldByAnswer
    proof: str
    upper_bound: ExactText
    certificate: CertificateAnswer | None


class CutAnswer(Answer):
    """Something that cannot be driven."""

    kind: str
    ids: list[str]
    proven: bool
    why: str


class ReasonAnswer(Answer):
    """Why a household is short, and the smallest fix known."""

    code: str
    params: dict[str, Any]
    text: str
    fix: str


class UnmetAnswer(Answer):
    """Meals a household is short of this week."""

    household_id: str
    meals_short: Exact
    reasons: list[ReasonAnswer]


class LeftoverAnswer(Answer):
    """Units of a lot that nobody gets."""

    lot_id: str
    site_id: str
    units: int
    fate: Fate


class AllocationAnswer(Answer):
    """What should go where."""

    status: Status
    lines: list[LineAnswer]
    fill: list[FillAnswer]
    levels: list[LevelAnswer]
    cuts: list[CutAnswer]
    unmet: list[UnmetAnswer]
    leftover: list[LeftoverAnswer]


class LoadAnswer(Answer):
    """Units of a lot that go on or off a vehicle."""

    lot_id: str
    units: int


class StopAnswer(Answer):
    """A stop; times are seconds after the midnight that begins the week's Monday."""

    kind: StopKind
    id: str
    arrive: int
    start: int
    leave: int
    load: list[LoadAnswer]
    unload: list[LoadAnswer]


class TripAnswer(Answer):
    """From home to home."""

    stops: list[StopAnswer]
    metres: int
    seconds: int


class RouteAnswer(Answer):
    """A vehicle's trips on one day."""

    vehicle_id: str
    date: date
    crew: int = Field(description="How many volunteers drive; who they are stays in the plan")
    trips: list[TripAnswer]


class StageAnswer(Answer):
    """One optimisation and how good its result provably is."""

    name: str
    status: Status
    objective: float | None
    bound: float | None
    gap: float | None
    runtime_s: float


class MetricsAnswer(Answer):
    """Numbers of the week."""

    meals_wanted: int
    meals_given: Exact
    fill_min: float
    fill_mean: float
    gini: float
    waste_kg: float
    metres: int
    vehicle_seconds: int
    households_served: int


class PlanAnswer(Answer):
    """The plan that is shown."""

    format: str
    problem_digest: str
    seed: int
    versions: dict[str, str]
    travel: TravelAnswer
    allocation: AllocationAnswer
    routes: list[RouteAnswer]
    stages: list[StageAnswer]
    metrics: MetricsAnswer


class HouseholdPlanAnswer(Answer):
    """What the plan means for one household."""

    household_id: str
    fill: FillAnswer | None = Field(description="Null if it wants nothing and never did")
    lines: list[LineAnswer]
    meals_short: Exact
    reasons: list[ReasonAnswer]


class CertifiedAnswer(Answer):
    """How many levels there are, carry a certificate, stand at its bound, need no inequality."""

    levels: int
    certified: int
    exact: int
    full: int


class VerifyAnswer(Answer):
    """What the independent judge says of the plan, and how many levels are certified."""

    accepted: bool
    findings: list[FindingAnswer]
    certificates: CertifiedAnswer


def plan_answer(plan: Plan, week_start: date) -> PlanAnswer:
    """The plan as an answer."""
    data = plan_to_json(plan, week_start)
    for route in data["routes"]:
        route["crew"] = len(route.pop("volunteer_ids"))
    return PlanAnswer.model_validate(data)


def household_answer(plan: PlanAnswer, household_id: str) -> HouseholdPlanAnswer:
    """The part of the plan that concerns one household."""
    allocation = plan.allocation
    unmet = [entry for entry in allocation.unmet if entry.household_id == household_id]
    return HouseholdPlanAnswer(
        household_id=household_id,
        fill=next((fill for fill in allocation.fill if fill.household_id == household_id), None),
        lines=[line for line in allocation.lines if line.household_id == household_id],
        meals_short=unmet[0].meals_short if unmet else 0,
        reasons=[reason for entry in unmet for reason in entry.reasons],
    )
