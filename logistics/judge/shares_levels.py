"""Levels, what holds them, and claims of optimality."""

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
                received = case.result.grains(household)
                true = case.shares.level(household, received) if case.total[household] else "none"
                message = f"Household {name}: expected {show(true)}, found {show(level.level)}"
                yield found("share_level_value", message, name)


def bounds_kept(case: ShareCase) -> Iterator[Finding]:
    """`share_bound`: a bound is never below what was reached."""
    for level in case.result.levels:
        if level.upper_bound < level.level:
            message = f"{_name(level)}: upper bound {show(level.upper_bound)} is lower"
            yield found("share_bound", message)


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


def levels_explained(case: ShareCase) -> Iterator[Finding]:
    """`share_held_by`: who is short is short of something that is really used up."""
    lots_left = _with_rest(case, case.usable, case.lots_given)
    sizes = [capacity.grains for capacity in case.shares.capacities]
    room_left = _with_rest(case, sizes, case.capacities_used)
    for level, members in zip(case.result.levels, case.members, strict=True):
        short = [household for household in members if case.is_short(household)]
        if (level.wanted and len(short) == len(members)) or not (level.wanted or short):
            said = "some have all they want" if level.wanted else "all are short"
            yield found("share_held_by", f"{_name(level)}: it is said that {said}, which is not so")
        if not (level.lots or level.capacities):
            for household in short:
                if case.shares.class_lots[case.class_of[household]]:
                    name = case.shares.household_ids[household]
                    message = f"{_name(level)}: {name} is short, but nothing is named as scarce"
                    yield found("share_held_by", message, name)
        lots = len(case.usable)
        yield from _named_right(level, "lot", level.lots, lots, lots_left)
        yield from _named_right(level, "capacity", level.capacities, len(sizes), room_left)


def _with_rest(case: ShareCase, sizes: list[int], used: list[Fraction]) -> frozenset[int]:
    """Positions of what is not used up; where packs are, a rest may be too small to matter."""
    if case.shares.integer:
        return frozenset()
    return frozenset(
        i for i, (size, part) in enumerate(zip(sizes, used, strict=True)) if part < size
    )


def _named_right(
    level: ShareLevel, kind: str, named: tuple[int, ...], count: int, left: frozenset[int]
) -> Iterator[Finding]:
    """Each thing named is there and used up, and is named once."""
    if len(set(named)) < len(named):
        yield found("share_held_by", f"{_name(level)}: a {kind} is named twice")
    if named and not (min(named) >= 0 and max(named) < count):
        wrong = min(named) if min(named) < 0 else max(named)
        yield found("share_held_by", f"{_name(level)}: there is no {kind} number {wrong}")
    for position in sorted(left.intersection(named)):
        message = f"{_name(level)}: {kind} number {position} is named as scarce, but not used up"
        yield found("share_held_by", message)


def _name(level: ShareLevel) -> str:
    return f"Level {show(level.level)}"
