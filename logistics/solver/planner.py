"""Plan the week: allocate, route each day, take back what cannot be driven, until it is stable."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.metadata import version

from logistics.model.plan import Line, Plan, TravelSource
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation.proof.certify import certified
from logistics.solver.balance import balanced
from logistics.solver.days import DayRouter
from logistics.solver.driven import Driven, legs_used, proven
from logistics.solver.metrics import metrics_of
from logistics.solver.rounds import PROVE_SHARE, STANDARD, Limits, Progress, Rounds
from logistics.travel import Fault, Measured, measure, travel_sha256

FAIREST_SHARE = 2 / 3
"""Part of the time that the fairest plan gets where a slack follows."""

BALANCE_SHARE, BALANCE_LEAST_S = 0.1, 1.0
"""What even working days take of the time, beyond it, and at least, where the policy asks for them."""

VERSION = "0.1.0"
"""The program's version as plans record it; a test holds it to pyproject.toml."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan (not yet judged), the legs it uses, and which allocation engine was chosen and why.

    A plan with fairness slack has the `fairest` one beside it, so that its price can be told.
    `warnings` are those of the travel engine.
    """

    plan: Plan
    travel: Travel
    engine: str
    slack: Fraction = Fraction(0)
    fairest: Planned | None = None
    warnings: tuple[Fault, ...] = ()


def plan(
    problem: WeekProblem,
    limits: Limits = STANDARD,
    *,
    like: tuple[Line, ...] | None = None,
    language: str = "en",
    progress: Progress = lambda _: None,
) -> Planned:
    """Allocate and route a week within the limits; see `logistics.week.plan_week`."""
    slack = problem.policy.fairness_slack
    if slack:
        limits = replace(limits, seconds=limits.seconds * FAIREST_SHARE)
    *_, last = plans(problem, (slack,), limits, like=like, language=language, progress=progress)
    return last


def plans(
    problem: WeekProblem,
    slacks: Sequence[Fraction],
    limits: Limits = STANDARD,
    *,
    like: tuple[Line, ...] | None = None,
    language: str = "en",
    progress: Progress = lambda _: None,
) -> Iterator[Planned]:
    """The fairest plan, then one for each slack above 0 from the smallest up.

    Limits are for the fairest one: its first rounds only probe what can be driven; once a round can
    be, the next one proves its fairness under the same cuts. What of that plan cannot be driven after
    all is taken out of it. Each plan with slack begins with the one before.
    """
    progress("travel")
    measured = measure(problem, problem.places)
    travel = measured.legs
    rounds = Rounds(problem, measured, limits, like, language, progress)
    with DayRouter(problem, travel, limits.seed, limits.workers) as router:
        fairest = rounds.run(router)
        if any(slack > 0 for slack in slacks):
            fairest = rounds.route_again(router, fairest)
        driven = fairest
        first = _finished(problem, limits, measured, fairest)
        yield first
        for slack in sorted({slack for slack in slacks if slack > 0}):
            driven = rounds.loosen(router, slack, fairest, driven)
            planned = _finished(problem, limits, measured, driven, slack)
            yield replace(planned, slack=slack, fairest=first)


def _finished(
    problem: WeekProblem,
    limits: Limits,
    measured: Measured,
    driven: Driven,
    slack: Fraction = Fraction(0),
) -> Planned:
    if not limits.quick:
        driven = proven(problem, measured.legs, driven, PROVE_SHARE * limits.seconds)
    evening_s = max(BALANCE_LEAST_S, BALANCE_SHARE * limits.seconds)
    driven = balanced(problem, measured.legs, driven, evening_s, limits.seed)
    allocated, results = driven.allocated, driven.results
    routes = tuple(route for result in results for route in result.routes)
    used = legs_used(routes, measured.legs)
    allocation = allocated.allocation
    if not limits.quick:
        allocation = certified(problem, allocation, max(2.0, limits.seconds / 10))
    plan_ = Plan(
        problem_digest=problem.digest,
        seed=limits.seed,
        versions={
            "osusowake": VERSION,
            "python": platform.python_version(),
            "ortools": version("ortools"),
            **({"fairness_slack": str(slack)} if slack else {}),
        },
        travel=TravelSource(measured.engine, "travel.csv", travel_sha256(used), measured.detail),
        allocation=allocation,
        routes=routes,
        stages=(*allocated.stages, *(s for one in results for s in (one.stage, *one.parts))),
        metrics=metrics_of(problem, allocation, routes),
    )
    return Planned(plan_, used, allocated.engine, warnings=measured.warnings)
