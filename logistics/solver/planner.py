"""Plan the week: allocate, route each day, take back what cannot be driven, until it is stable."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.metadata import version
from time import monotonic

from logistics.model.plan import Cut, Line, Plan, TravelSource
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation import Allocated, Effort, allocate
from logistics.solver.allocation.after.slack import loosened
from logistics.solver.allocation.proof.certify import certified
from logistics.solver.balance import balanced
from logistics.solver.cuts import as_driven, cuts_of, without_dropped
from logistics.solver.days import DayRouter
from logistics.solver.driven import Driven, legs_used, proven
from logistics.solver.eligible import eligibility
from logistics.solver.hours import hours_kept
from logistics.solver.jobs import JobBuilder
from logistics.solver.metrics import metrics_of
from logistics.solver.routing import DayJobs, DayResult
from logistics.solver.visit_days import days_of, with_visit_days
from logistics.solver.visits import visit_cuts
from logistics.solver.ways import Ways
from logistics.travel import Fault, Measured, fastest, measure, travel_sha256

ROUNDS = 8
"""Rounds at most that only probe what can be driven."""

SHARES = {Effort.PROBE: 0.1, Effort.QUICK: 0.4, Effort.FULL: 0.62, Effort.KEEP: 0.2}
"""Part of the time left that an allocation may take."""

FAIREST_SHARE = 2 / 3
"""Part of the time that the fairest plan gets where a slack follows."""

SLACK_SHARE = 0.5
"""What every plan with slack costs of the time of the fairest one."""

ROUTE_SHARE = 0.4
"""Part of that which goes into routes."""

PROVE_SHARE = 0.1
"""Part of the time in which the routes of the final plan are bounded again."""

BALANCE_SHARE, BALANCE_LEAST_S = 0.1, 1.0
"""What even working days take of the time, beyond it, and at least, where the policy asks for them."""

VERSION = "0.1.0"
"""The program's version as plans record it; a test holds it to pyproject.toml."""

FULL_MIN_S = 4.0
"""With less time than this a proof would not get far, and a good balance is worth more."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What planning may cost: seconds aimed at in all (stages never get less than they need to make
    sense, so that very short limits are exceeded), the seed of every random choice, and processes.

    More than one of the `workers` route days side by side, which gives each day more time.

    `quick` settles each tie at once instead of keeping the choice open, and routes with little
    search: for stress tests, where many weeks are planned and compared. Its allocation may stay
    below the best, and says so; its levels carry no certificates.
    """

    seconds: float = 30.0
    seed: int = 1
    quick: bool = False
    workers: int = 1


STANDARD = Limits()


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
    rounds = _Rounds(problem, measured, limits, like, language, progress)
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


class _Rounds:
    """Allocation and routing in turn, with what has been learnt about driving so far."""

    def __init__(
        self,
        problem: WeekProblem,
        measured: Measured,
        limits: Limits,
        like: tuple[Line, ...] | None,
        language: str,
        progress: Progress,
    ) -> None:
        self._limits, self._like = limits, like
        self._language, self._progress = language, progress
        self._clock = _Clock(limits.seconds * (1 if limits.quick else 1 - PROVE_SHARE))
        travel = measured.legs
        self._quickest = travel if measured.is_closed else fastest(travel, problem.places)
        given = days_of(like) if like else None
        self._problem = problem = with_visit_days(problem, self._quickest, given)
        self._eligible = eligibility(problem, Ways(problem, self._quickest))
        self._cuts = visit_cuts(problem, self._quickest)
        self._start: tuple[Line, ...] = ()
        self._number = 0

    def run(self, router: DayRouter) -> Driven:
        """Rounds until one beyond probing can be driven."""
        effort = Effort.PROBE
        while True:
            allocated = self._allocate(effort)
            days = self._days(allocated)
            probing = effort is Effort.PROBE
            seconds = self._clock.share(0.03 if probing else 0.6, at_least_s=0.4)
            results = router.route(days, seconds, self._progress)
            found = Driven(allocated, days, results)
            if found.is_driven and not probing:
                return found
            effort = self._learn(effort, found.is_driven, days, results)

    def route_again(self, router: DayRouter, driven: Driven) -> Driven:
        """Each day's better routes of two tries, the second with the time that a slack's plan gets.

        Otherwise mere luck in routing would count as what a slack has saved.
        """
        seconds = ROUTE_SHARE * SLACK_SHARE * self._limits.seconds
        better = driven.better(router.route(driven.days, seconds, self._progress))
        return better if hours_kept(self._problem, better.results) else driven

    def loosen(self, router: DayRouter, slack: Fraction, fairest: Driven, before: Driven) -> Driven:
        """The plan with slack if it saves something; else the one before, which keeps it, too.

        Nobody falls for nothing: of waste, goods at risk and metres driven, in this order, the first
        that differs must have become less.
        """
        self._progress(f"slack {float(slack):.1%}")
        clock = _Clock(SLACK_SHARE * self._limits.seconds)
        allocated = loosened(
            self._problem,
            self._quickest,
            self._eligible,
            fairest.allocated,
            before.allocated,
            slack,
            seconds=clock.share(1 - ROUTE_SHARE, at_least_s=1.0),
            seed=self._limits.seed,
            like=self._like,
            language=self._language,
        )
        if allocated.allocation.lines == before.allocated.allocation.lines:
            return replace(before, allocated=allocated)
        days = self._days(allocated)
        known = {
            jobs.day: (jobs, result)
            for jobs, result in zip(before.days, before.results, strict=True)
        }
        changed = [jobs for jobs in days if known.get(jobs.day, (None, None))[0] != jobs]
        rest = [known[jobs.day][1] for jobs in days if jobs not in changed]
        routed = router.route(changed, clock.share(0.9, at_least_s=0.4), self._progress, rest)
        found = {jobs.day: result for jobs, result in zip(changed, routed, strict=True)}
        results = [found.get(jobs.day) or known[jobs.day][1] for jobs in days]
        loose = Driven(allocated, days, results)
        return loose if loose.is_driven and loose.losses < before.losses else before

    def _days(self, allocated: Allocated) -> list[DayJobs]:
        return JobBuilder(self._problem, self._eligible.options, allocated.allocation).days()

    def _allocate(self, effort: Effort) -> Allocated:
        self._number += 1
        self._progress(f"allocate, round {self._number}")
        allocated = allocate(
            self._problem,
            self._quickest,
            self._eligible,
            self._cuts,
            seconds=self._clock.share(SHARES[effort], at_least_s=1.5),
            seed=self._limits.seed,
            effort=effort,
            start=self._start,
            like=self._like,
            language=self._language,
        )
        self._start = allocated.allocation.lines
        return allocated

    def _learn(
        self, effort: Effort, driven: bool, days: list[DayJobs], results: list[DayResult]
    ) -> Effort:
        """Take in what a round has shown; the effort of the next one."""
        if effort is not Effort.PROBE:
            self._start, new = _stripped(self._problem, self._start, days, results)
            effort = Effort.KEEP
        elif driven:
            new = as_driven(self._problem, days, self._cuts)
            effort = self._last()
        else:
            new = _new_cuts(self._problem, self._quickest, days, results, self._cuts)
            effort = self._last() if self._number >= ROUNDS else Effort.PROBE
        self._cuts += tuple(cut for cut in new if cut not in self._cuts)
        return effort

    def _last(self) -> Effort:
        """Full effort if it is wanted and there is time for it."""
        hurried = self._limits.quick or self._clock.left() < FULL_MIN_S
        return Effort.QUICK if hurried else Effort.FULL


def _stripped(
    problem: WeekProblem,
    lines: tuple[Line, ...],
    days: list[DayJobs],
    results: list[DayResult],
) -> tuple[tuple[Line, ...], list[Cut]]:
    """The lines without what was not driven on any day, and the cuts that say so."""
    cuts: list[Cut] = []
    before = len(lines)
    for day, result in zip(days, results, strict=True):
        lines, new = without_dropped(problem, lines, day, result.dropped)
        cuts += new
    assert len(lines) < before, "a dropped job carries no line"
    return lines, cuts


class _Clock:
    """Deals out what is left of the time."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds left, negative when over."""
        return self._end - monotonic()

    def share(self, part: float, *, at_least_s: float) -> float:
        """A part of the seconds left, but never less than a stage needs to make sense."""
        return max(at_least_s, part * self.left())


def _new_cuts(
    problem: WeekProblem,
    travel: Travel,
    days: list[DayJobs],
    results: list[DayResult],
    known: tuple[Cut, ...],
) -> list[Cut]:
    """Cuts for what could not be driven, that are not known yet."""
    cuts: list[Cut] = []
    for day, result in zip(days, results, strict=True):
        new = cuts_of(problem, travel, day, result.dropped, known) if result.dropped else []
        cuts += [cut for cut in new if cut not in known and cut not in cuts]
    return cuts


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
