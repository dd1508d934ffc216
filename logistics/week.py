"""The story of a week, verb by verb.

    problem, findings = read_week(folder)         what was offered, who signed up
    result = plan_week(problem)                   who gets what, how it is driven, what the judge says
    write_plan(result.plan, result.travel, problem, out)
    plan, travel = read_plan(out / "plan.json", problem)
    findings = verify(problem, travel, plan)      the judge again, on what was written
    write_sheets(problem, plan, folder, out)      pick lists, driver and satellite sheets, maps
    results = frontier(problem, slacks)           what fairness costs in waste and kilometres
    events, findings = read_events(path, problem) what has happened since
    result = replan_week(problem, plan, travel, events)   the rest of the week, changed least
    facts = under_way(problem, plan, travel, events, now_s)   what the book must know to publish it

Then the stock book goes on (`logistics.store`): import, publish, record, stock, trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from logistics.intake import read_events, read_week
from logistics.intake.report import Language, Report
from logistics.inventory.passage import Incident
from logistics.inventory.underway import UnderWay
from logistics.judge import verify, verify_replan
from logistics.judge.driven import driven_by
from logistics.model.errors import Finding
from logistics.model.events import Event, changed_week
from logistics.model.plan import Line, Plan
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import WEEK_DAYS, clock, day_of
from logistics.reports import write_sheets
from logistics.reports.plan_files import read_plan, write_plan
from logistics.solver.advise import Wish, advise
from logistics.solver.planner import Planned, plan, plans
from logistics.solver.replan import Clash, replan
from logistics.solver.rounds import STANDARD, Limits
from logistics.travel import Fault
from logistics.words import say

__all__ = [
    "read_week",
    "plan_week",
    "verify",
    "write_plan",
    "read_plan",
    "write_sheets",
    "frontier",
    "read_events",
    "replan_week",
    "under_way",
    "Limits",
    "PlanResult",
    "ReplanResult",
]

ADVICE_SHARE = 0.2
"""Part of the time in which the plan's reasons and the wish list are worked out."""


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A plan with the legs it uses and what the judge says of it; show it only if that is nothing.

    With fairness slack, `fairest` is the plan without, for the price to be told. `wishes` is what to
    ask donors for, `warnings` what the travel engine has to say.
    """

    plan: Plan
    travel: Travel
    engine: str
    findings: tuple[Finding, ...]
    slack: Fraction = Fraction(0)
    fairest: Plan | None = None
    wishes: tuple[Wish, ...] = ()
    warnings: tuple[Fault, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether the judge found nothing."""
        return not self.findings


def plan_week(
    problem: WeekProblem,
    limits: Limits = STANDARD,
    *,
    like: tuple[Line, ...] | None = None,
    language: str = "en",
    progress: Callable[[str], None] = lambda _: None,
) -> PlanResult:
    """Allocate and route the week, then let the judge look at it.

    Args:
        problem: the week.
        limits: seconds in all and the seed.
        like: lines of a published plan; after all else, as few units as possible differ from it.
        language: of the reasons in the plan, `ja` or `en`.
        progress: is told what is being worked on.
    """
    share = 0.0 if limits.quick else ADVICE_SHARE
    hurried = replace(limits, seconds=limits.seconds * (1 - share))
    planned = plan(problem, hurried, like=like, language=language, progress=progress)
    if not share:
        return _judged(problem, planned)
    progress("advise")
    allocation = planned.plan.allocation
    seconds = limits.seconds * share
    advice = advise(problem, allocation, seconds=seconds, seed=limits.seed, language=language)
    told = replace(planned.plan, allocation=replace(allocation, unmet=advice.unmet))
    progress("judge")
    return replace(_judged(problem, replace(planned, plan=told)), wishes=advice.wishes)


@dataclass(frozen=True, slots=True)
class ReplanResult:
    """A new plan of a week under way, with its legs, what the judge says, and the week as it is now.

    Without a plan (`None`) the findings say which events do not go with what was driven. `warnings`
    are events that come too late to change anything.
    """

    plan: Plan | None
    travel: Travel
    week: WeekProblem
    findings: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()


REPLAN = Limits(seconds=4.0)
"""What a coordinator can wait for."""


def replan_week(
    problem: WeekProblem,
    published: Plan,
    travel: Travel,
    events: Sequence[Event],
    *,
    now_s: int | None = None,
    limits: Limits = REPLAN,
    language: Language = "en",
    progress: Callable[[str], None] = lambda _: None,
) -> ReplanResult:
    """Plan the rest of a week anew, changing as little as can be, and let the judge look at it.

    Args:
        problem: the week before the events.
        published: the plan in force, which an earlier call may have made.
        travel: the legs that it drives.
        events: everything that has happened in the week so far.
        now_s: seconds of the week; what began by then stays. The last event's moment if not said.
        limits: seconds aimed at and the seed.
        language: of findings and reasons, `ja` or `en`.
        progress: is told what is being worked on.
    """
    now = max((event.at_s for event in events), default=0) if now_s is None else now_s
    found = replan(
        problem, published, travel, events, now, limits, language=language, progress=progress
    )
    said = _said(found.clashes, language)
    said += [fault.finding(language) for fault in found.warnings]
    errors = tuple(finding for finding in said if finding.is_error)
    warnings = tuple(finding for finding in said if not finding.is_error)
    if found.plan is None:
        return ReplanResult(None, {}, found.week, errors, warnings)
    progress("judge")
    legs = {**travel, **found.travel}
    verdict = tuple(verify_replan(problem, published, legs, found.plan, events, now))
    return ReplanResult(found.plan, found.travel, found.week, verdict, warnings)


def under_way(
    problem: WeekProblem, published: Plan, travel: Travel, events: Sequence[Event], now_s: int
) -> UnderWay:
    """What the stock book must know to publish a plan made anew, as the judge reads the facts.

    Args:
        problem: the week before the events.
        published: the plan in force until now.
        travel: the legs that it drives.
        events: everything that has happened in the week so far.
        now_s: seconds of the week; what began by then is a fact.
    """
    driven = driven_by(problem, travel, published, events, now_s)
    served = {line.household_id for line in driven.settled}
    incidents = [
        Incident(
            move.lot_id, move.units, move.at_s, vehicle_id=move.vehicle_id, to_site_id=move.site_id
        )
        for move in driven.aboard
    ]
    incidents += [
        Incident(move.lot_id, -move.units, move.at_s, from_site_id=move.site_id)
        for move in driven.moves
        if move.units < 0
    ]
    week = changed_week(problem, events, served)
    return UnderWay(week, published, tuple(incidents), driven.lost)


def _said(clashes: Sequence[Clash], language: Language) -> list[Finding]:
    """Clashes as findings about the events."""
    report = Report(language)
    for clash in dict.fromkeys(clashes):
        day = say(language, "weekdays").split()[day_of(clash.moment_s) % WEEK_DAYS]
        moment = f"{day} {clock(clash.moment_s)}"
        report.add(clash.code, "events", name=clash.name, who=clash.who, moment=moment)
    return report.findings


def frontier(
    problem: WeekProblem,
    slacks: Sequence[Fraction],
    limits: Limits = STANDARD,
    *,
    language: str = "en",
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[PlanResult]:
    """The fairest plan, then one for each slack from the smallest up, each judged.

    `limits` are for the fairest plan; every further one takes about half as long.
    """
    for planned in plans(problem, slacks, limits, language=language, progress=progress):
        yield _judged(problem, planned)


def _judged(problem: WeekProblem, planned: Planned) -> PlanResult:
    findings = tuple(verify(problem, planned.travel, planned.plan))
    fairest = planned.fairest.plan if planned.fairest else None
    return PlanResult(
        planned.plan,
        planned.travel,
        planned.engine,
        findings,
        planned.slack,
        fairest,
        warnings=planned.warnings,
    )
