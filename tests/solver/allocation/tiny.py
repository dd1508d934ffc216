"""Shapes of tiny weeks in which nothing has to be driven, and their solution by each engine."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from logistics.model.problem import WeekProblem
from logistics.solver.allocation.events import groups_of
from logistics.solver.allocation.packs.integer import RaiseAndFreeze
from logistics.solver.allocation.shape import Shape, ShapeBuilder
from logistics.solver.allocation.state import Leximin
from logistics.solver.eligible import eligibility
from logistics.solver.ways import Ways

HALF = Fraction(1, 2)

MANY = 40_000
"""So many vectors of packs are too many to try."""


def shapes_of(problem: WeekProblem) -> tuple[Shape, Shape]:
    """For fairness, and with the overshoot rule."""
    builder = ShapeBuilder(problem, eligibility(problem, Ways(problem, {})).options)
    builder.limit_supply()
    builder.limit_group_shares()
    builder.limit_cooked()
    builder.respect_sessions()
    fairness = builder.build()
    builder.limit_overshoot()
    return fairness, builder.build()


def shape_of(problem: WeekProblem) -> Shape:
    """For fairness only."""
    return shapes_of(problem)[0]


def solve(shape: Shape, floor: Fraction = HALF) -> Leximin:
    """By raise and freeze."""
    return RaiseAndFreeze(shape, groups_of(shape, floor), seconds=20, seed=1).solve()


def choices(shape: Shape) -> int:
    """How many vectors of packs and flags there are."""
    return int(prod(most + 1 for most in shape.most) * 2 ** len(shape.flags))


def received(shape: Shape, result: Leximin) -> dict[str, int]:
    """Grains by household."""
    assert result.packs is not None
    got = shape.received(result.packs)
    return {need.household_id: grains for need, grains in zip(shape.needs, got, strict=True)}
