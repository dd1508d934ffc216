"""Levels, bounds and claims of optimality (section 7 of the rules)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import isclose, isfinite

from logistics.judge.case import Case
from logistics.judge.words import finding, show
from logistics.model.errors import Finding
from logistics.model.plan import Level, Stage, Status

FLOOR, LEVEL = "floor", "level"
STAGES = (FLOOR, LEVEL)
PROOFS = ("min_cut", "dual", "search")
GAP_TOLERANCE = 1e-6


def level_kinds_known(case: Case) -> Iterator[Finding]:
    """`level_stage`: stages and proofs are of the kinds that the format has."""
    for level in case.plan.allocation.levels:
        if level.stage not in STAGES:
            message = f"{level_name(level)}: expected a stage of {STAGES}, found {level.stage!r}"
            yield finding("level_stage", message)
        if level.proof not in PROOFS:
            message = f"{level_name(level)}: expected a proof of {PROOFS}, found {level.proof!r}"
            yield finding("level_stage", message)


def levels_complete(case: Case) -> Iterator[Finding]:
    """`level_rows`: every household of a stage stands at exactly one of its levels."""
    households = case.problem.households
    members = {
        FLOOR: {name for name in households if households[name].meals_wanted > 0},
        LEVEL: {name for name in households if case.counts(name)},
    }
    for stage, expected in members.items():
        times = Counter(name for level in _of(case, stage) for name in level.household_ids)
        for name in sorted(times.keys() | expected):
            wanted = int(name in expected)
            if times[name] != wanted:
                message = (
                    f"Stage {stage}, household {name}: expected at {wanted} level(s), "
                    f"found at {times[name]}"
                )
                yield finding("level_rows", message, name)


def levels_rise(case: Case) -> Iterator[Finding]:
    """`level_order`: from the lowest up, each value once."""
    for stage in STAGES:
        for before, after in pairwise(_of(case, stage)):
            if after.level <= before.level:
                message = f"{level_name(after)}: listed after {show(before.level)}"
                yield finding("level_order", message)


def levels_true(case: Case) -> Iterator[Finding]:
    """`level_value`: each household stands where its lines put it."""
    for stage in STAGES:
        for level in _of(case, stage):
            for household_id in level.household_ids:
                value = value_at(case, stage, household_id, case.received.get(household_id))
                if value is not None and value != level.level:
                    message = (
                        f"Stage {stage}, household {household_id}: "
                        f"expected {show(value)}, found {show(level.level)}"
                    )
                    yield finding("level_value", message, household_id)


def value_at(
    case: Case, stage: str, household_id: str, received: Fraction | None
) -> Fraction | None:
    """Value of a household in a stage if it received so many meals, `None` where it has none."""
    household = case.problem.households.get(household_id)
    if household is None or received is None:
        return None
    if stage == LEVEL:
        past = case.past[household_id]
        total = past.wanted + household.meals_wanted
        return (past.received + received) / total / household.weight if total else None
    if household.meals_wanted == 0:
        return None
    return min(received / household.meals_wanted, case.problem.policy.week_floor)


def bounds_kept(case: Case) -> Iterator[Finding]:
    """`bound_below_level`: a bound is never below what was reached."""
    for level in case.plan.allocation.levels:
        if level.upper_bound < level.level:
            message = f"{level_name(level)}: upper bound {show(level.upper_bound)} is lower"
            yield finding("bound_below_level", message)


def levels_explained(case: Case) -> Iterator[Finding]:
    """`level_unexplained`, `held_by_unproven`: what is scarce is named, and only what is proven."""
    unproven = any(not cut.proven for cut in case.plan.allocation.cuts)
    for level in case.plan.allocation.levels:
        held = level.held_by
        if unproven and held.vehicle_ids:
            message = f"{level_name(level)}: no vehicle can be named while a cut is unproven"
            yield finding("held_by_unproven", message, *held.vehicle_ids)
        if held.lot_ids or held.session_ids or held.vehicle_ids or held.caps:
            continue
        for household_id in level.household_ids:
            if _is_short(case, level.stage, household_id):
                message = (
                    f"{level_name(level)}: {household_id} is short, but nothing is named as scarce"
                )
                yield finding("level_unexplained", message, household_id)


def _is_short(case: Case, stage: str, household_id: str) -> bool:
    """Whether a household has less than it wants (in stage floor: less than the floor)."""
    household = case.problem.households.get(household_id)
    if household is None:
        return False
    share = case.problem.policy.week_floor if stage == FLOOR else Fraction(1)
    return case.received[household_id] < share * household.meals_wanted


def optimality_proven(case: Case) -> Iterator[Finding]:
    """`status_claim`: an optimal allocation has every level at its bound and no unproven cut."""
    allocation = case.plan.allocation
    if allocation.status is not Status.OPTIMAL:
        return
    for level in allocation.levels:
        if level.upper_bound > level.level:
            message = f"{level_name(level)}: claimed optimal, upper bound {show(level.upper_bound)}"
            yield finding("status_claim", message)
    for cut in allocation.cuts:
        if not cut.proven:
            message = f"Cut {cut.kind} {' '.join(cut.ids)}: claimed optimal, the cut is not proven"
            yield finding("status_claim", message, *cut.ids)


def stages_true(case: Case) -> Iterator[Finding]:
    """`stage_gap` and `stage_status`: gap = |objective - bound| / max(1, |objective|)."""
    for stage in case.plan.stages:
        expected = _gap(stage)
        if not _same_gap(expected, stage.gap):
            message = f"Stage {stage.name}, gap: expected {expected}, found {stage.gap}"
            yield finding("stage_gap", message)
        if stage.status is Status.OPTIMAL and (expected or 0) > GAP_TOLERANCE:
            message = f"Stage {stage.name}: claimed optimal with a gap of {expected}"
            yield finding("stage_status", message)
        if not (isfinite(stage.runtime_s) and stage.runtime_s >= 0):
            message = f"Stage {stage.name}: runtime_s must be 0 or more, found {stage.runtime_s}"
            yield finding("stage_status", message)


def _gap(stage: Stage) -> float | None:
    if stage.objective is None or stage.bound is None:
        return None
    return abs(stage.objective - stage.bound) / max(1.0, abs(stage.objective))


def _same_gap(expected: float | None, found: float | None) -> bool:
    if expected is None or found is None:
        return expected is found
    return isclose(expected, found, rel_tol=0, abs_tol=GAP_TOLERANCE)


def _of(case: Case, stage: str) -> list[Level]:
    return [level for level in case.plan.allocation.levels if level.stage == stage]


def level_name(level: Level) -> str:
    """`Level 3/4 of stage floor`."""
    return f"Level {show(level.level)} of stage {level.stage}"
