"""How good a day's plan provably is: bounds from legs and from shifts, small days proven whole."""

from __future__ import annotations

from logistics.solver.compiled import COMPILE_S
from logistics.solver.routing.bounds import Bounds
from logistics.solver.routing.day import Day, smallest_day
from logistics.solver.routing.proof.known import ENUMERABLE_MAX, Relaxed, relaxed
from logistics.solver.routing.schedule import Clock, Timetable

__all__ = ["is_enumerable", "prove_or_bound", "warm_up"]


def is_enumerable(day: Day) -> bool:
    """Whether a day is so small that every set of calls can be looked at."""
    return len(day.points) <= ENUMERABLE_MAX and relaxed(day) is not None


def prove_or_bound(
    clock: Clock, table: Timetable, bounds: Bounds, undriveable: set[int], seconds: float
) -> tuple[Timetable, Bounds]:
    """The best plan known, and the best lower bounds on every plan found within the time.

    Args:
        clock: the day's clock.
        table: the best plan known.
        bounds: what is proven already.
        undriveable: tasks that are in no plan.
        seconds: the most that the proof may take; a step under way ends first.
    """
    rough = None if bounds.cost >= table.cost else relaxed(clock.day)
    if rough is None:
        return table, bounds
    from logistics.solver.routing.proof.prove import Prover

    return Prover(clock, rough, table, bounds, undriveable, seconds).run()


def warm_up() -> None:
    """Compile everything, on the smallest day."""
    from logistics.solver.routing.proof.pricing import KERNEL
    from logistics.solver.routing.proof.prove import Prover

    clock = Clock(smallest_day())
    table = clock.timetable((((0,),),))
    assert table is not None  # a van, a door, all day long
    rough = Relaxed(clock.day, 0)
    Prover(clock, rough, table, Bounds(0), set(), COMPILE_S).every_step()
    KERNEL.note_warm()
