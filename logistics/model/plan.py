"""The plan: who gets what, how it is driven, and how good it provably is.

The fields mirror `plan.json` (docs/formats.md); `plan_json.py` translates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

PLAN_FORMAT = "osusowake.plan/1"


class Status(StrEnum):
    """How a stage ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    TIME_LIMIT = "time_limit"
    INFEASIBLE = "infeasible"


class Fate(StrEnum):
    """What becomes of units that nobody gets this week."""

    KEEP = "keep"
    EXPIRES = "expires"
    DECLINED = "declined"


class StopKind(StrEnum):
    """Where a vehicle stops."""

    SITE = "site"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Line:
    """Units of a lot for a household; `session_id` is `None` for a visit. `day` is the hand-over."""

    household_id: str
    lot_id: str
    session_id: str | None
    day: int
    units: int


@dataclass(frozen=True, slots=True)
class Fill:
    """How well a household is served: level = (past + now received) / (past + now wanted) / weight."""

    household_id: str
    wanted: int
    received: Fraction
    past_wanted: int
    past_received: Fraction
    weight: Fraction
    level: Fraction


@dataclass(frozen=True, slots=True)
class Cap:
    """A capacity that holds a level, e.g. kind `site_storage`, id `T2`, chilled, day 3."""

    kind: str
    id: str
    storage: str = ""
    day: int | None = None


@dataclass(frozen=True, slots=True)
class HeldBy:
    """What is scarce at a level; everything empty means that the wish itself is the limit."""

    lot_ids: tuple[str, ...] = ()
    session_ids: tuple[str, ...] = ()
    vehicle_ids: tuple[str, ...] = ()
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True)
class Price:
    """What a scarce thing counts in an inequality: a whole number for each meal, seat or kilogram."""

    cap: Cap
    amount: int


@dataclass(frozen=True, slots=True)
class Inequality:
    """No plan has a greater weighted sum of receipts than what the priced things can give.

    `weights` count each meal that a household receives. What is handed out and not fully paid for
    by the prices is added at its most (docs/rules.md section 7).
    """

    weights: Mapping[str, int]
    prices: tuple[Price, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A bound on a level that anybody can check with whole numbers, without solving anything.

    No household of the group can stand above `bound` unless another falls below what it has and
    below that, too. Without inequalities the wish itself is the bound.
    """

    bound: Fraction
    inequalities: tuple[Inequality, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """Households that stand at one level, with the proof that they cannot stand higher.

    `stage` is `floor` or `level`; `proof` is `min_cut`, `dual` or `search`; `upper_bound` bounds the
    level of this group given everything that ranks before it. It is below the certificate's bound
    only where `proof` is `search`.
    """

    stage: str
    level: Fraction
    household_ids: tuple[str, ...]
    held_by: HeldBy
    proof: str
    upper_bound: Fraction
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """Something routing found undriveable and allocation had to respect."""

    kind: str
    ids: tuple[str, ...]
    proven: bool
    why: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a household is short, in words, with the smallest fix known."""

    code: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    text: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Unmet:
    """Meals a household is short of this week."""

    household_id: str
    meals_short: Fraction
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Leftover:
    """Units of a lot that nobody gets, and what becomes of them."""

    lot_id: str
    site_id: str
    units: int
    fate: Fate


@dataclass(frozen=True, slots=True)
class Allocation:
    """What should go where."""

    status: Status
    lines: tuple[Line, ...]
    fill: tuple[Fill, ...]
    levels: tuple[Level, ...] = ()
    cuts: tuple[Cut, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    leftover: tuple[Leftover, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """Units of a lot that go on or off a vehicle."""

    lot_id: str
    units: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop: arrive, start of service, leave (seconds of the week), and what moves."""

    kind: StopKind
    id: str
    arrive_s: int
    start_s: int
    leave_s: int
    load: tuple[Load, ...] = ()
    unload: tuple[Load, ...] = ()


@dataclass(frozen=True, slots=True)
class Trip:
    """From home to home, but for a shift that starts or ends elsewhere (docs/rules.md section 5)."""

    stops: tuple[Stop, ...]
    metres: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Rest:
    """The break of a route, from when to when (seconds of the week)."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Route:
    """A vehicle's trips on one day, in order, with the break where the shift has one."""

    vehicle_id: str
    day: int
    trips: tuple[Trip, ...]
    volunteer_ids: tuple[str, ...] = ()
    rest: Rest | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One optimisation: status, objective, bound, gap (all may be absent) and its run time."""

    name: str
    status: Status
    objective: float | None
    bound: float | None
    gap: float | None
    runtime_s: float


@dataclass(frozen=True, slots=True)
class Metrics:
    """Numbers of the week; fills are received / wanted of households with wanted > 0."""

    meals_wanted: int
    meals_given: Fraction
    fill_min: float
    fill_mean: float
    gini: float
    waste_kg: float
    metres: int
    vehicle_seconds: int
    households_served: int


@dataclass(frozen=True, slots=True)
class TravelSource:
    """Where the legs came from, and the file written beside the plan that holds those used.

    `detail` names server or files, the factors on its times and when it was asked.
    """

    engine: str
    file: str = "travel.csv"
    sha256: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole week, ready for the judge."""

    problem_digest: str
    seed: int
    versions: Mapping[str, str]
    travel: TravelSource
    allocation: Allocation
    routes: tuple[Route, ...]
    stages: tuple[Stage, ...]
    metrics: Metrics
