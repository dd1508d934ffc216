"""How good a plan provably is, in words: a line for each stage, and for each day's routes.

A day's routes are told as what the coordinator can act on: whether fewer vehicles could do, and how much
shorter the driving could be with as many. The whole cost of the day (the stage `routes`) is only shown
where a plan has no stages for its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from logistics.model.plan import Plan, Route, Stage, Status
from logistics.model.problem import WeekProblem
from logistics.model.units import HOUR_S, MINUTE_S, date_of
from logistics.words import catalogue, say

PARTS = ("vehicles", "driving", "balance")
"""Stages that tell of one day's routes what their whole cost hides."""


def proofs_in_words(plan: Plan, problem: WeekProblem, language: str) -> str:
    """All stages of a plan, then the driving of all days together where it is bounded."""
    lines = [say(language, "sum_stages")]
    days: dict[int, dict[str, Stage]] = defaultdict(dict)
    for stage in plan.stages:
        name, _, number = stage.name.partition(" ")
        if number.isdecimal():
            days[int(number)][name] = stage
        else:
            lines.append(f"  {_stage(language, stage, _name(language, name))}")
    for day, stages in days.items():
        lines += _day(language, date_of(problem.week_start, day), stages)
    driving = [stages["driving"] for stages in days.values() if "driving" in stages]
    if driving and all("driving" in stages for stages in days.values()):
        lines.append(f"  {_all_days(language, driving)}")
    return "\n".join(lines)


def working_days(plan: Plan, problem: WeekProblem, language: str) -> str:
    """The longest and the shortest working day of the drivers; blank with fewer than two routes."""
    works = [(sum(trip.seconds for trip in route.trips), route) for route in plan.routes]
    if len(works) < 2:
        return ""

    def told(work_s: int, route: Route) -> str:
        return say(
            language,
            "sum_work",
            hours=hours(work_s),
            date=date_of(problem.week_start, route.day).isoformat(),
            vehicle=route.vehicle_id,
        )

    longest = max(works, key=lambda one: one[0])
    shortest = min(works, key=lambda one: one[0])
    return say(language, "sum_works", longest=told(*longest), shortest=told(*shortest))


def hours(seconds: float) -> str:
    """A length of time as hours and minutes, rounded up to a minute: `5:39`."""
    minutes = -(-int(seconds) // MINUTE_S)
    return f"{minutes * MINUTE_S // HOUR_S}:{minutes % (HOUR_S // MINUTE_S):02d}"


def _name(language: str, name: str) -> str:
    """A stage's name in words where there are some."""
    return catalogue(language).get(f"stage_{name}", name)


def _day(language: str, day: date, stages: Mapping[str, Stage]) -> Iterable[str]:
    """What is proven of one day's routes."""
    at = f"{day:%m-%d}"
    whole = stages.get("routes")
    if whole is not None and "driving" not in stages:
        yield f"  {_stage(language, whole, say(language, 'stage_routes', date=at))}"
    if "vehicles" in stages and "driving" in stages:
        used = stages["vehicles"]
        key = "sum_fewest" if used.status is Status.OPTIMAL else "sum_not_fewest"
        vehicles = say(language, key, n=_whole(used.objective), least=_whole(used.bound))
        driving = _bounded(language, "sum_driven", stages["driving"])
        seconds = f"{whole.runtime_s if whole else 0.0:.1f}"
        told = {"vehicles": vehicles, "driving": driving, "seconds": seconds}
        yield f"  {say(language, 'sum_day_routes', date=at, **told)}"
    if "balance" in stages:
        even = stages["balance"]
        key = "sum_longest_proven" if even.status is Status.OPTIMAL else "sum_longest"
        least, longest = hours(even.bound or 0), hours(even.objective or 0)
        yield f"  {say(language, key, date=at, longest=longest, least=least)}"


def _all_days(language: str, driving: Iterable[Stage]) -> str:
    """The driving of all days, whose bounds add up."""
    stages = list(driving)
    found = sum(stage.objective or 0 for stage in stages)
    least = sum(stage.bound or 0 for stage in stages)
    status = Status.OPTIMAL if found == least else Status.FEASIBLE
    whole = Stage("driving", status, found, least, (found - least) / max(1, found), 0)
    return say(language, "sum_all_driving", driving=_bounded(language, "sum_driven", whole))


def _bounded(language: str, key: str, stage: Stage) -> str:
    """A cost with its bound and gap, or that it is proven best."""
    if stage.status is Status.OPTIMAL:
        return say(language, f"{key}_best", cost=_whole(stage.objective))
    return say(
        language,
        f"{key}_gap",
        cost=_whole(stage.objective),
        least=_whole(stage.bound),
        gap=f"{stage.gap or 0:.1%}",
    )


def _whole(value: float | None) -> str:
    return f"{value or 0:,.0f}"


def _stage(language: str, stage: Stage, name: str) -> str:
    return say(
        language,
        "sum_stage",
        name=name,
        status=say(language, f"status_{stage.status}"),
        objective="-" if stage.objective is None else f"{stage.objective:,.1f}",
        bound="-" if stage.bound is None else f"{stage.bound:,.1f}",
        gap="-" if stage.gap is None else f"{stage.gap:.2%}",
        seconds=f"{stage.runtime_s:.1f}",
    )
