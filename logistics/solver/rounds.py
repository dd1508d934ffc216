"""Allocation and routing in turn, until what is allocated can be driven."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import monotonic

from logistics.model.plan import Cut, Line
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation import Allocated, Effort, allocate
from logistics.solver.allocation.advice.filling import filled
from logistics.solver.allocation.after.slack import loosened
from logistics.solver.allocation.allocate import shapes_of
from logistics.solver.calls import without_new_calls
from logistics.solver.cuts import as_driven, cuts_of, without_dropped
from logistics.solver.days import DayRouter
from logistics.solver.driven import Driven
from logistics.solver.eligible import eligibility
from logistics.solver.hours import hours_kept
from logistics.solver.jobs import JobBuilder
from logistics.solver.metrics import fairness
from logistics.solver.routing import DayJobs, DayResult
from logistics.solver.visit_days import days_of, with_visit_days
from logistics.solver.visits import visit_cuts
from logistics.solver.ways import Ways
from logistics.travel import Measured, fastest

ROUNDS = 8
"""Rounds at most that only probe what can be driven."""

SHARES = {Effort.PROBE: 0.1, Effort.QUICK: 0.4, Effort.FULL: 0.62, Effort.KEEP: 0.2}
"""Part of the time left that an allocation may take."""

LEAST_S, LAST_S = 1.5, 2.5
"""What an allocation gets at least, and what the last one of a plan gets that there is no time to prove:
with a second less, a city's week gives 5 meals in 100 less and forgets a household."""

SLACK_SHARE = 0.5
"""What every plan with slack costs of the time of the fairest one."""

ROUTE_SHARE = 0.4
"""Part of that which goes into routes."""

AGAIN_S = 1.0
"""What a day that left jobs out gets at least for its second try."""

PROVE_SHARE = 0.1
"""Part of the time in which the routes of the final plan are bounded again."""

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


class Rounds:
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
        self._sure: tuple[Driven, tuple[Cut, ...]] | None = None
        self._hard: set[int] = set()
        self._number = 0

    def run(self, router: DayRouter) -> Driven:
        """Rounds until one beyond probing can be driven; never less fair than one that probed."""
        effort = Effort.PROBE
        while True:
            found = self._drive(router, self._allocate(effort), effort)
            if found.is_driven and effort is not Effort.PROBE:
                return self._fairer(found) if effort is Effort.KEEP else found
            effort = self._learn(effort, found)

    def _drive(self, router: DayRouter, allocated: Allocated, effort: Effort) -> Driven:
        """Routes for an allocation; days that leave jobs out once more before anybody loses by it."""
        days = self._days(allocated)
        if effort is Effort.PROBE:
            return self._probe(router, allocated, days)
        seconds = self._clock.share(0.6, at_least_s=0.4)
        found = Driven(allocated, days, router.route(days, seconds, self._progress))
        short = [day for day, one in zip(days, found.results, strict=True) if one.dropped]
        if not short:
            return found
        rest = [one for one in found.results if not one.dropped]
        seconds = self._clock.share(0.6, at_least_s=AGAIN_S * len(short))
        routed = iter(router.route(short, seconds, self._progress, rest))
        return found.better([next(routed) if one.dropped else one for one in found.results])

    def _probe(self, router: DayRouter, allocated: Allocated, days: list[DayJobs]) -> Driven:
        """Routes in haste. Days that left jobs out before come first, and alone if they do so again."""
        seconds = self._clock.share(0.03, at_least_s=0.4)
        jobs = max(1, sum(len(list(day)) for day in days))
        routed: dict[int, DayResult] = {}
        for hard in (True, False):
            turn = [day for day in days if (day.day in self._hard) is hard]
            if not turn:
                continue
            share_s = seconds * sum(len(list(day)) for day in turn) / jobs
            results = router.route(turn, share_s, self._progress, list(routed.values()))
            routed |= {day.day: one for day, one in zip(turn, results, strict=True)}
            if any(one.dropped for one in results):
                break
        looked_at = [day for day in days if day.day in routed]
        self._hard |= {day for day, one in routed.items() if one.dropped}
        return Driven(allocated, looked_at, [routed[day.day] for day in looked_at])

    def _fairer(self, kept: Driven) -> Driven:
        """The plan that was left after taking things out, or the one that could be driven as it was."""
        if self._sure is None:
            return kept
        sure, cuts = self._sure
        floor = self._problem.policy.week_floor
        if fairness(kept.allocated.allocation, floor) >= fairness(sure.allocated.allocation, floor):
            return kept
        self._start, self._cuts = sure.allocated.allocation.lines, cuts
        allocated = self._allocate(Effort.KEEP)
        same = allocated.allocation.lines == self._start and self._days(allocated) == sure.days
        return replace(sure, allocated=allocated) if same else kept

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
            seconds=self._clock.share(SHARES[effort], at_least_s=self._least_s(effort)),
            seed=self._limits.seed,
            effort=effort,
            start=self._start,
            like=self._like,
            language=self._language,
        )
        self._start = allocated.allocation.lines
        return allocated

    def _least_s(self, effort: Effort) -> float:
        """What an allocation gets even when the time is over."""
        last = effort is Effort.QUICK and not self._limits.quick
        return LAST_S if last else LEAST_S

    def _learn(self, effort: Effort, found: Driven) -> Effort:
        """Take in what a round has shown; the effort of the next one."""
        days, results = found.days, found.results
        if effort is not Effort.PROBE:
            self._start, new = _stripped(self._problem, self._start, days, results)
            self._heed(new)
            if effort is not Effort.KEEP:  # what is filled up and cannot be driven goes for good
                self._start = self._filled_up(self._start)
            return Effort.KEEP
        if found.is_driven:
            self._heed(as_driven(self._problem, days, self._cuts))
            self._sure = found, self._cuts
            return self._last()
        self._heed(_new_cuts(self._problem, self._quickest, days, results, self._cuts))
        return self._last() if self._number >= ROUNDS else Effort.PROBE

    def _heed(self, cuts: Sequence[Cut]) -> None:
        """Cuts count from now on, each once."""
        self._cuts += tuple(cut for cut in cuts if cut not in self._cuts)

    def _filled_up(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """The lines, and what else can be handed out where cars call anyway, to the lowest first."""
        near = without_new_calls(self._problem, self._quickest, self._eligible, lines)
        shape, _ = shapes_of(self._problem, self._quickest, near, self._cuts)
        return filled(self._problem, shape, lines).lines

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
