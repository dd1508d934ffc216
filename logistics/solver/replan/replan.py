"""Replan: what is driven by now stays, then as little changes as what has happened makes needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from time import monotonic

from logistics.model.events import Event, changed_week, in_order
from logistics.model.plan import Cut, Line, Plan, Route, Stage, Status, TravelSource, Trip
from logistics.model.plan_json import plan_text
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation import Allocated, Effort, allocate
from logistics.solver.cuts import cuts_of, without_dropped
from logistics.solver.driven import legs_used
from logistics.solver.eligible import Eligibility, eligibility
from logistics.solver.hours import seconds_driven, shared_out, with_hours
from logistics.solver.jobs import JobBuilder
from logistics.solver.metrics import metrics_of
from logistics.solver.replan.belong import belongs, strangers, without_shift
from logistics.solver.replan.keep import Kept, kept
from logistics.solver.replan.merge import renamed, whole_allocation, whole_lines, whole_routes
from logistics.solver.replan.past import Clash, Past, past_of
from logistics.solver.replan.remainder import Remainder, remainder_of
from logistics.solver.replan.reroute import fits, moves_of_jobs, moves_of_routes, route_like
from logistics.solver.rounds import Limits
from logistics.solver.routing import DayJobs, DayResult
from logistics.solver.visit_days import days_still_open, with_visit_days
from logistics.solver.visits import visit_cuts
from logistics.solver.ways import Ways
from logistics.travel import Fault, fastest, measure, travel_sha256

ROUNDS = 4
"""Rounds at most in which what could not be driven is asked for in another way."""

KEEP_SHARE, ROUTE_SHARE, TELL_SHARE = 0.3, 0.4, 0.5
"""Parts of the seconds left for who gets what, for a round of routes, and for reasons and bounds."""

LEAST_S = 0.4
"""Every stage gets at least this."""


@dataclass(frozen=True, slots=True)
class Replanned:
    """A new plan with the legs it drives, the week it is for, and events that come too late.

    `week` is the changed week. Without a plan `clashes` say why. `warnings` are the
    travel engine's.
    """

    plan: Plan | None
    travel: Travel
    week: WeekProblem
    clashes: tuple[Clash, ...]
    warnings: tuple[Fault, ...] = ()


def replan(
    problem: WeekProblem,
    published: Plan,
    travel: Travel,
    events: Iterable[Event],
    now_s: int,
    limits: Limits,
    *,
    language: str = "en",
    progress: Callable[[str], None] = lambda _: None,
) -> Replanned:
    """Plan the rest of a week anew; see `logistics.week.replan_week`."""
    events = in_order(events)
    strange = strangers(problem, published, events)
    if strange:
        return Replanned(None, {}, problem, (Clash("plan_of_other_week", ", ".join(strange[:3])),))
    idle = tuple(without_shift(problem, events))
    if idle:
        return Replanned(None, {}, problem, idle)
    past = past_of(problem, travel, published, events, now_s)
    if not belongs(problem, published, events):
        past.clashes.append(Clash("week_changed", published.problem_digest))
    week = changed_week(problem, events, {line.household_id for line in past.settled})
    if any(clash.code in ("event_while_open", "event_after_loading") for clash in past.clashes):
        return Replanned(None, {}, week, tuple(past.clashes))
    measured = measure(week, week.places)
    legs = {**measured.legs, **travel}
    known = measured.is_closed and all(
        measured.legs.get(pair) == leg for pair, leg in travel.items()
    )
    quickest = legs if known else fastest(legs, week.places)
    turn = _Turn(week, past, (legs, quickest), published, limits, language, progress)
    plan = turn.run(problem)
    used = legs_used(plan.routes, legs)
    source = TravelSource(measured.engine, "travel.csv", travel_sha256(used), measured.detail)
    anew = replace(plan, travel=source)
    return Replanned(anew, used, week, tuple(past.clashes), measured.warnings)


class _Turn:
    """One replanning: allocation and routes of the rest in rounds, then the whole week again."""

    def __init__(
        self,
        week: WeekProblem,
        past: Past,
        legs: tuple[Travel, Travel],
        published: Plan,
        limits: Limits,
        language: str,
        progress: Callable[[str], None],
    ) -> None:
        self._week, self._past = week, past
        self._legs, self._quickest = legs
        self._published, self._limits = published, limits
        self._ends_at = monotonic() + limits.seconds
        self._language, self._progress = language, progress
        left = remainder_of(week, past)
        given = days_still_open(left.problem, self._quickest, published.allocation.lines)
        chosen = with_visit_days(left.problem, self._quickest, given)
        self._remainder: Remainder = replace(left, problem=chosen)
        ways = Ways(self._remainder.problem, self._quickest)
        self._eligible: Eligibility = self._remainder.allowed(
            eligibility(self._remainder.problem, ways)
        )
        self._cuts: tuple[Cut, ...] = visit_cuts(self._remainder.problem, self._quickest)
        self._old = _still_to_drive(published, past)

    def run(self, problem: WeekProblem) -> Plan:
        """Rounds until all can be driven, then the plan of the whole week."""
        lines = self._hand_out(self._promised())
        for _ in range(ROUNDS):
            days, results = self._drive(lines)
            new = self._learnt(days, results)
            if not new:
                break
            self._cuts += new
            lines = self._hand_out(self._promised())
        else:
            days, results = self._drive(lines)
        while any(result.dropped for result in results):
            lines, new = self._stripped(lines, days, results)
            self._cuts += new
            days, results = self._drive(lines)
        self._progress("explain")
        return self._whole(problem, lines, days, results)

    def _promised(self) -> list[Line]:
        """Published lines that are not settled, of households and sessions that are still to come."""
        settled = {
            (line.household_id, line.lot_id, line.session_id): line.units
            for line in self._past.settled
        }
        remainder = self._remainder.problem
        found = []
        for line in self._published.allocation.lines:
            key = line.household_id, line.lot_id, line.session_id
            units = line.units - settled.get(key, 0)
            here = line.session_id is None or line.session_id in remainder.sessions
            if units > 0 and here and line.household_id in remainder.households:
                found.append(replace(line, units=units))
        return found

    def _hand_out(self, promised: Sequence[Line]) -> tuple[Line, ...]:
        self._progress("allocate")
        found: Kept | None = kept(
            self._remainder,
            self._quickest,
            self._eligible,
            self._cuts,
            promised,
            self._published.allocation.fill,
            seconds=self._part(KEEP_SHARE),
            seed=self._limits.seed,
        )
        if found is not None:
            return found.lines
        return self._allocate(Effort.QUICK, (), KEEP_SHARE).allocation.lines

    def _part(self, share: float) -> float:
        return max(LEAST_S, share * (self._ends_at - monotonic()))

    def _allocate(self, effort: Effort, start: tuple[Line, ...], share: float) -> Allocated:
        return allocate(
            self._remainder.problem,
            self._quickest,
            self._eligible,
            self._cuts,
            seconds=self._part(share),
            seed=self._limits.seed,
            effort=effort,
            start=start,
            language=self._language,
            underway=self._remainder.underway,
        )

    def _drive(self, lines: tuple[Line, ...]) -> tuple[list[DayJobs], list[DayResult]]:
        """Every day's jobs and routes; a day of which nothing changes keeps its routes."""
        remainder = self._remainder
        given = replace(self._published.allocation, lines=lines)
        days = JobBuilder(remainder.problem, self._eligible.options, given).days()
        spent = seconds_driven(self._past.routes)
        results = self._routes(with_hours(remainder.problem, days, spent))
        again = shared_out(remainder.problem, days, results, spent)
        if again:
            routed = self._routes(list(again.values()))
            for i, result in zip(again, routed, strict=True):
                results[i] = result
        return days, results

    def _routes(self, days: Sequence[DayJobs]) -> list[DayResult]:
        """Routes of days within the hours that each gives its volunteers."""
        remainder = self._remainder
        seconds = self._part(ROUTE_SHARE) / max(1, len(days))
        results = []
        for jobs in days:
            old = [route for route in self._old if route.day == jobs.day]
            same = moves_of_jobs(jobs, remainder.origin_of) == moves_of_routes(old)
            took_s = seconds_driven(old)
            in_time = all(took_s[name] <= most_s for name, most_s in jobs.work_s_max.items())
            if same and in_time and fits(remainder.problem, old):
                results.append(DayResult(tuple(old), (), self._stage_of(jobs.day)))
                continue
            self._progress(f"route day {jobs.day}")
            result = route_like(
                *(remainder.problem, self._legs, jobs, old, remainder.origin_of),
                seconds=seconds,
                seed=self._limits.seed,
            )
            routes = tuple(renamed(route, remainder.origin_of) for route in result.routes)
            results.append(replace(result, routes=routes))
        return results

    def _stage_of(self, day: int) -> Stage:
        """The published stage of a day whose routes are kept."""
        name = f"routes {day}"
        known = (stage for stage in self._published.stages if stage.name == name)
        return next(known, Stage(name, Status.FEASIBLE, None, None, None, 0.0))

    def _learnt(self, days: list[DayJobs], results: list[DayResult]) -> tuple[Cut, ...]:
        """Cuts for what could not be driven, the mildest that are not known yet."""
        new: list[Cut] = []
        for day, result in zip(days, results, strict=True):
            if result.dropped:
                found = cuts_of(
                    self._remainder.problem, self._quickest, day, result.dropped, self._cuts
                )
                new += [cut for cut in found if cut not in self._cuts and cut not in new]
        return tuple(new)

    def _stripped(
        self, lines: tuple[Line, ...], days: list[DayJobs], results: list[DayResult]
    ) -> tuple[tuple[Line, ...], tuple[Cut, ...]]:
        """Lines without what is not driven, and the cuts that say so."""
        cuts: list[Cut] = []
        before = len(lines)
        for day, result in zip(days, results, strict=True):
            lines, new = without_dropped(self._remainder.problem, lines, day, result.dropped)
            cuts += new
        assert len(lines) < before, "a dropped job carries no line"
        return lines, tuple(cut for cut in cuts if cut not in self._cuts)

    def _whole(
        self,
        problem: WeekProblem,
        lines: tuple[Line, ...],
        days: list[DayJobs],
        results: list[DayResult],
    ) -> Plan:
        part = self._allocate(Effort.KEEP, lines, TELL_SHARE)
        after = tuple(route for result in results for route in result.routes)
        routes = whole_routes(self._past, after)
        all_lines = whole_lines(self._remainder, self._past, lines)
        allocation = whole_allocation(
            self._week,
            self._remainder,
            self._past,
            all_lines,
            part.allocation,
            after,
            self._language,
        )
        anew = {jobs.day for jobs in days}
        over = {f"routes {day}" for route in self._past.routes if (day := route.day) not in anew}
        stages = [stage for stage in part.stages if stage.name == "fairness"]
        stages += [stage for stage in self._published.stages if stage.name in over]
        stages += [result.stage for result in results]
        return Plan(
            problem_digest=self._week.digest,
            seed=self._limits.seed,
            versions={
                **self._published.versions,
                "replan_of": sha256(
                    plan_text(self._published, problem.week_start).encode()
                ).hexdigest(),
                "replan_now_s": str(self._past.now_s),
            },
            travel=self._published.travel,
            allocation=allocation,
            routes=routes,
            stages=tuple(stages),
            metrics=metrics_of(self._week, allocation, routes),
        )


def _still_to_drive(published: Plan, past: Past) -> list[Route]:
    """Published routes without the trips that have been driven."""
    driven = {
        (route.vehicle_id, trip.stops[0].arrive_s) for route in past.routes for trip in route.trips
    }
    routes = []
    for route in published.routes:
        left: list[Trip] = [
            trip
            for trip in route.trips
            if (route.vehicle_id, trip.stops[0].arrive_s) not in driven
            and trip.stops[0].arrive_s > past.now_s
        ]
        if left:
            routes.append(replace(route, trips=tuple(left)))
    return routes
