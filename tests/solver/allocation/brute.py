"""Leximin by trying everything: the oracle for tiny weeks."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.shape import Shape


def best_vectors(shape: Shape, week_floor: Fraction) -> tuple[list[Fraction], list[Fraction]]:
    """Sorted floor values and sorted levels of the best plan."""
    best: tuple[list[Fraction], list[Fraction]] | None = None
    ranges = [range(most + 1) for most in shape.most] + [range(2) for _ in shape.flags]
    for packs in product(*ranges):
        if keeps_rows(shape, packs):
            found = vectors(shape, shape.received(packs), week_floor)
            if best is None or found > best:
                best = found
    assert best is not None
    return best


def vectors(
    shape: Shape, received: list[int], week_floor: Fraction
) -> tuple[list[Fraction], list[Fraction]]:
    """Sorted floor values, sorted levels of a vector of receipts."""
    pairs = list(zip(shape.needs, received, strict=True))
    floor = sorted(min(need.fill(got), week_floor) for need, got in pairs)
    return floor, sorted(need.level(got) for need, got in pairs)
