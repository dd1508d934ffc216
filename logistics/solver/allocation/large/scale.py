"""Leximin of whole packs where proving every level by search would take too long.

The bound b* (`bound.py`) says what split packs could reach at best, in exact integers. A plan of whole
packs is sought as near to it as the time allows, by annealing: first one that is fair as a whole, then
what it lacks of the bound less one meal and of the bound (`packs/nearby.py`). What the limits of b*
prove about the plan is reported for each household (`standing.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from logistics.solver.allocation.events import FLOOR, LEVEL, Group
from logistics.solver.allocation.large.arrays import Arrays, arrays_of
from logistics.solver.allocation.large.bound import Bound, bound_of
from logistics.solver.allocation.large.standing import Standing
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.packs.nearby import Nearby
from logistics.solver.allocation.shape import Shape
from logistics.solver.allocation.state import Deadline, Leximin, State

BOUND_SHARE, START_SHARE, REST_SHARE = 0.5, 0.4, 0.1
"""Shares of the time that the bound may take, of what is left then the first plan, and of what is
left after that what is still on the shelves."""


BOTTOM = Group(LEVEL, Fraction(0), ())


@dataclass(frozen=True, slots=True)
class Scaled:
    """A leximin with how far it is from the bound.

    `target` is b* in grains, `meals_short` what the plan lacks of it, `unproven` the lowest level of
    the plan whose bound lies above it (None: everything is proven).
    """

    leximin: Leximin
    target: tuple[int, ...]
    meals_short: Fraction
    unproven: Fraction | None


def scale_leximin(
    shape: Shape,
    groups: Sequence[Group],
    *,
    seconds: float,
    seed: int,
    start: Sequence[int] = (),
) -> Leximin:
    """The fairest plan found within the time, from `start` packs if they keep all rows."""
    return solve_at_scale(shape, groups, seconds=seconds, seed=seed, start=start).leximin


def solve_at_scale(
    shape: Shape,
    groups: Sequence[Group],
    *,
    seconds: float,
    seed: int,
    start: Sequence[int] = (),
) -> Scaled:
    """`scale_leximin` with the figures that say how good it is."""
    deadline = Deadline(seconds, seconds)
    arrays = arrays_of(shape)
    floor = max((g.leaves for g in groups if g.stage == FLOOR), default=Fraction(0))
    bound = bound_of(arrays, groups, seconds=seconds * BOUND_SHARE, seed=seed)
    packs = _kept(shape, start)
    if not keeps_rows(shape, packs):
        return Scaled(Leximin(None, (), False), (), Fraction(0), None)
    nearby, target = Nearby(shape, seed), bound.receipts.tolist()
    fair = nearby.start(packs, floor, deadline.seconds() * START_SHARE)
    packs = min(packs, fair, key=lambda found: _short(shape, found, target))
    first = [max(0, grains - shape.grains_per_meal) for grains in target]
    packs = nearby.toward(packs, first, target, deadline.seconds() * (1 - REST_SHARE))
    kept = State(tuple(shape.received(packs)))
    packs = nearby.polish((packs, list(kept.lower)), kept, BOTTOM, deadline.seconds())
    return _reported(shape, arrays, bound, packs, floor, late=deadline.late())


def _kept(shape: Shape, start: Sequence[int]) -> tuple[int, ...]:
    """The packs to start from if they keep all rows, else none."""
    usable = start and keeps_rows(shape, start)
    return tuple(start) if usable else (0,) * (len(shape.most) + len(shape.flags))


def _short(shape: Shape, packs: Sequence[int], target: Sequence[int]) -> int:
    """Grains that packs lack of a target."""
    return sum(max(0, t - got) for t, got in zip(target, shape.received(packs), strict=True))


def _reported(
    shape: Shape,
    arrays: Arrays,
    bound: Bound,
    packs: tuple[int, ...],
    floor: Fraction,
    *,
    late: bool,
) -> Scaled:
    received = shape.received(packs)
    standing = Standing(shape, arrays, bound.limits, received, floor)
    frozen = standing.freezes()
    open_levels = [shape.needs[f.need].level(f.at) for f in frozen if f.bound > f.at]
    proven = not open_levels
    total = sum(received) if proven else standing.total()
    return Scaled(
        Leximin(packs, frozen, proven, late and not proven, total),
        tuple(bound.receipts.tolist()),
        Fraction(_short(shape, packs, bound.receipts.tolist()), shape.grains_per_meal),
        min(open_levels, default=None),
    )
