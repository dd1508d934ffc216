"""The pantry's day as a kernel: which sources it is compiled from, and the function itself.

Compiling takes some seconds, so that it is done once, at installation (`python -m
logistics.solver.warm`) or by a process of its own when a day is first routed; until that is
done days are routed without the compiled search, and no plan is late.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from logistics.solver.compiled import Kernel

COMPILED = ["columns", "jit", "chance", "trip", "plan", "place", "recreate", "ruin", "anneal"]
"""Modules of this folder that are compiled; beside them only constants of two others are."""

Entry = Callable[..., bool]


@cache
def function() -> Entry:
    """The compiled search."""
    from logistics.solver.routing.pantry.anneal import compiled

    return compiled(KERNEL.stamp)


def _sources() -> list[Path]:
    here = Path(__file__).parent
    sources = [here / f"{name}.py" for name in COMPILED]
    return [*sources, here.parent / "problem.py", here.parent / "schedule.py"]


KERNEL = Kernel("day", _sources(), function)
