"""Fairness slack: levels within it count as equal, so that waste and travel get room.

Every household may fall at most the slack below its level in the fairest plan, and likewise below its
value of this week's floor; beyond that the later objectives decide. A larger slack allows whatever a
smaller one allows (docs/decisions/0013-after-fairness.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from logistics.model.plan import Allocation, Cap, Level, Line, Reason, Unmet
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import ceil_of, exact_json, meals_text
from logistics.solver.allocation.after.aims import Aims, groups_worth
from logistics.solver.allocation.after.finish import finish
from logistics.solver.allocation.allocate import (
    Allocated,
    allocate,
    lines_of,
    packs_of,
    shapes_of,
)
from logistics.solver.allocation.effort import Effort
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.packs.greedy import trimmed
from logistics.solver.allocation.shape import Need
from logistics.solver.eligible import Eligibility
from logistics.words.reasons import worded


def least_kept(
    needs: Sequence[Need], fairest: Sequence[int], week_floor: Fraction, slack: Fraction
) -> list[int]:
    """Grains below which no need may fall: level and floor value at most the slack lower.

    level - slack <= (past received + r) / (past wanted + wanted) / weight, and
    min(fill, floor) - slack <= r / wanted.
    """
    found = []
    for need, got in zip(needs, fairest, strict=True):
        total = (need.past_wanted + need.wanted) * need.weight
        floor = min(need.fill(got), week_floor)
        found.append(max(0, ceil_of(got - slack * total), ceil_of((floor - slack) * need.wanted)))
    return found


def loosened(
    problem: WeekProblem,
    travel: Travel,
    eligible: Eligibility,
    fairest: Allocated,
    start: Allocated,
    slack: Fraction,
    *,
    seconds: float,
    seed: int,
    like: tuple[Line, ...] | None = None,
    language: str = "en",
) -> Allocated:
    """Later objectives first within the slack, starting from a plan that keeps it.

    Args:
        problem, travel, eligible: as for `allocate`.
        fairest: the plan without slack; its cuts hold here, too.
        start: where the search begins: the fairest plan or one with a smaller slack.
        slack: by how much a level may fall.
        seconds: limit for the stages.
        seed: for the search.
        like: lines of a published plan, to be changed least.
        language: of the explanations.

    Returns `start` itself where nothing better is found.
    """
    if not start.allocation.lines:
        return start
    shape, whole = shapes_of(problem, travel, eligible, fairest.allocation.cuts)
    got = {fill.household_id: fill.received for fill in fairest.allocation.fill}
    grains = [int(got[need.household_id] * shape.grains_per_meal) for need in shape.needs]
    lower = least_kept(shape.needs, grains, problem.policy.week_floor, slack)
    packs = trimmed(whole, packs_of(problem, whole, start.allocation.lines))
    if not keeps_rows(whole, packs):
        return start
    groups = groups_worth(problem, fairest.allocation.lines)
    aims = Aims(problem, travel, like, grains, groups)
    finished = finish(whole, aims, packs, lower, seconds, seed)
    lines = lines_of(problem, shape, finished.packs)
    if lines == start.allocation.lines:
        allocation = start.allocation
    else:
        kept = allocate(
            problem,
            travel,
            eligible,
            fairest.allocation.cuts,
            seconds=seconds,
            seed=seed,
            effort=Effort.KEEP,
            start=lines,
            language=language,
        )
        allocation = explained(problem, kept.allocation, got, slack, language)
    return Allocated(allocation, (fairest.stages[0], *finished.stages), fairest.engine)


def explained(
    problem: WeekProblem,
    allocation: Allocation,
    fairest: Mapping[str, Fraction],
    slack: Fraction,
    language: str,
) -> Allocation:
    """The allocation with the slack named as what holds every household that fell."""
    fallen = {
        fill.household_id: fairest[fill.household_id]
        for fill in allocation.fill
        if fill.received < fairest[fill.household_id]
    }
    levels = tuple(_held_by_slack(level, fallen) for level in allocation.levels)
    unmet = tuple(
        _because_of_slack(problem, one, fallen[one.household_id], slack, language)
        if one.household_id in fallen
        else one
        for one in allocation.unmet
    )
    return replace(allocation, levels=levels, unmet=unmet)


def _held_by_slack(level: Level, fallen: Mapping[str, Fraction]) -> Level:
    """Whole packs are not what holds a household that had more; the slack is."""
    names = [name for name in level.household_ids if name in fallen]
    if not names:
        return level
    caps = [cap for cap in level.held_by.caps if cap.kind != "whole_packs" or cap.id not in fallen]
    caps += [Cap("fairness_slack", name) for name in names]
    return replace(level, held_by=replace(level.held_by, caps=tuple(caps)))


def _because_of_slack(
    problem: WeekProblem, unmet: Unmet, fairest: Fraction, slack: Fraction, language: str
) -> Unmet:
    """The slack as first reason, with what the household gets in the fairest plan."""
    received = problem.households[unmet.household_id].meals_wanted - unmet.meals_short
    params = {
        "household": unmet.household_id,
        "meals": meals_text(fairest - received),
        "fairest": exact_json(fairest),
        "slack": f"{float(100 * slack):g} %",
        "fix": {"code": "fix_slack"},
    }
    text, fix = worded(language, "fairness_slack", params, problem)
    others = (reason for reason in unmet.reasons if reason.code != "whole_packs")
    reason = Reason("fairness_slack", params, text, fix)
    return replace(unmet, reasons=(reason, *others))
