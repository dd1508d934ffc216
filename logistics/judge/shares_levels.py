"""Levels, bounds and claims of optimality."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from logistics.judge.shares_case import ShareCase
from logistics.judge.shares_codes import found
from logistics.judge.words import show
from logistics.model.errors import Finding
from logistics.model.plan import Status
from logistics.model.shares import ShareLevel


def levels_complete(case: ShareCase) -> Iterator[Finding]:
    """`share_level_rows`: everyone who wants or ever wanted something stands at exactly one level."""
    times = [0] * case.households
    for members in case.members:
        for household in members:
            times[household] += 1
    for household, count in enumerate(times):
        expected = int(case.total[household] > 0)
        if count != expected:
            name = case.shares.household_ids[household]
            message = f"Household {name}: expected at {expected} level(s), found at {count}"
            yield found("share_level_rows", message, name)
    for level, members in zip(case.result.levels, case.members, strict=True):
        if not members:
            yield found("share_level_rows", f"{_name(level)}: nobody stands there")


def levels_rise(case: ShareCase) -> Iterator[Finding]:
    """`share_level_order`: from the lowest up, each value once."""
    for before, after in pairwise(case.result.levels):
        if after.level <= before.level:
            message = f"{_name(after)}: listed after {show(before.level)}"
            yield found("share_level_order", message)


def levels_true(case: ShareCase) -> Iterator[Finding]:
    """`share_level_value`: (past + received) / total / weight, as products of whole numbers."""
    scale_of_weight = case.shares.weight_scale
    for level, members in zip(case.result.levels, case.members, strict=True):
        top, bottom = level.level.numerator, level.level.denominator * scale_of_weight
        for household in members:
            scale = case.scale[household]
            reached = (case.past[household] * scale + case.received[household]) * bottom
            if reached != top * case.total[household] * case.weight[household] * scale:
                name = case.shares.household_ids[household]
                received = Fraction(case.received[household], scale)
                true = case.shares.level(household, received) if case.total[household] else "none"
                message = f"Household {name}: expected {show(true)}, found {show(level.level)}"
                yield found("share_level_value", message, name)


def bounds_kept(case: ShareCase) -> Iterator[Finding]:
    """`share_bound`: never below what was reached, and somebody there wants enough to reach it.

    Between the two a bound is what the solver states.
    """
    for level, members in zip(case.result.levels, case.members, strict=True):
        bound = level.upper_bound
        if bound < level.level:
            message = f"{_name(level)}: upper bound {show(bound)} is lower"
            yield found("share_bound", message)
        elif bound > level.level and not any(_could_reach(case, h, bound) for h in members):
            message = f"{_name(level)}: nobody there wants as much as the upper bound {show(bound)}"
            yield found("share_bound", message)


def _could_reach(case: ShareCase, household: int, level: Fraction) -> bool:
    """Whether a household stands at a level or higher when it receives all that it wants."""
    full = (case.past[household] + case.wanted[household]) * case.shares.weight_scale
    return full * level.denominator >= level.numerator * (
        case.total[household] * case.weight[household]
    )


def status_true(case: ShareCase) -> Iterator[Finding]:
    """`share_status`: optimal means every level at its bound; giving nothing is always possible."""
    status = case.result.status
    if status is Status.INFEASIBLE:
        yield found("share_status", "A bare instance is never infeasible: nothing has to be given")
    if status is Status.OPTIMAL:
        for level in case.result.levels:
            if level.upper_bound > level.level:
                bound = show(level.upper_bound)
                message = f"{_name(level)}: claimed optimal, upper bound {bound}"
                yield found("share_status", message)


def _name(level: ShareLevel) -> str:
    return f"Level {show(level.level)}"
