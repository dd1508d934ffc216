"""A pantry's own day, searched by compiled code that knows every rule of it."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from logistics.solver.routing.pantry.large import plan as plan_large
from logistics.solver.routing.pantry.run import Effort, improve, search
from logistics.solver.routing.pantry.thin import thin_day
from logistics.solver.routing.pantry.warm import KERNEL

if TYPE_CHECKING:
    from logistics.solver.routing.day import Day

__all__ = ["improve", "search", "Effort", "is_ready", "knows", "plan_large", "thin_day", "warm_up"]


def knows(day: Day) -> bool:
    """Whether the search keeps every rule of a day; see `facts.knows`."""
    from logistics.solver.routing.pantry.facts import knows

    return knows(day)


def is_ready() -> bool:
    """Whether the search is compiled; if it is not, a process of its own begins to compile it."""
    return KERNEL.is_ready()


def warm_up() -> None:
    """Compile everything, on a tiny day; less than a second where that was done before."""
    from logistics.solver.routing.day import smallest_day

    search(smallest_day(), ((),), Effort(10, inf), 1)
    KERNEL.note_warm()
