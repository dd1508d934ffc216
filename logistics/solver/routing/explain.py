"""Why a job is not driven: proven impossible, or only not worth it beside the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from logistics.model.units import MINUTE_S, clock, kg_text
from logistics.solver.routing.day import Day
from logistics.solver.routing.frame import Fault, Rule
from logistics.solver.routing.insertion import ALL_ORDERS_MAX, orders, served_tasks
from logistics.solver.routing.problem import MUST_PRICE, Dropped
from logistics.solver.routing.schedule import (
    AFTER_UNLOADING_S,
    BETWEEN,
    EVERY_TURN,
    Clock,
    Timetable,
)
from logistics.travel import closed


def undriveable(day: Day) -> dict[int, str]:
    """Tasks that no vehicle can drive even alone on an otherwise empty day, with the reason.

    Where a leg takes longer than a way round, other calls could make a task quicker to reach, so the
    fastest ways are taken: what fails on them is in no plan at all.
    """
    watch = Clock(replace(day, seconds=closed(day.seconds)))
    reasons: dict[int, str] = {}
    for task in range(len(watch.day.tasks)):
        if len(watch.day.tasks[task].points) > ALL_ORDERS_MAX + 1:
            continue  # not every order is tried, so nothing would be proven
        best = _alone(watch, task)
        if isinstance(best, str):
            reasons[task] = best
    return reasons


def dropped_jobs(day: Day, table: Timetable, reasons: dict[int, str]) -> tuple[Dropped, ...]:
    """Every job that a timetable leaves out, with the reason."""
    served = served_tasks(day, table.sketch)
    return tuple(
        Dropped(job_id, t in reasons, reasons.get(t) or _unproven(task.price))
        for t, task in enumerate(day.tasks)
        if t not in served
        for job_id in task.job_ids
    )


def _unproven(price: int) -> str:
    if price == 0:
        return "nothing that is driven needs it"
    if price < MUST_PRICE:
        return "no way was found to fit it in beside the jobs that rank before it"
    return "no way was found to fit it in beside the other jobs"


def _alone(watch: Clock, task: int) -> int | str:
    """When a trip that serves one task alone has unloaded at the soonest, or why there is none."""
    day = watch.day
    ready_s = day.tasks[task].release_s
    for needed in sorted(day.tasks[task].needs):
        collected_s = _alone(watch, needed)
        if isinstance(collected_s, str):
            return f"it needs {', '.join(day.tasks[needed].job_ids)}: {collected_s}"
        ready_s = max(ready_s, collected_s + AFTER_UNLOADING_S)
    tries = [found for slot in day.homes(task) for found in _tries(watch, task, slot, ready_s)]
    if not tries:
        hub_id = day.tasks[task].hub_id
        if day.tasks[task].barred:
            return "no shift of that day has the people for the visit"
        return f"no vehicle {f'of {hub_id} ' if hub_id else ''}is driven that day"
    ends = [found for found in tries if not isinstance(found, Fault)]
    if ends:
        return min(ends)
    faults = [found for found in tries if isinstance(found, Fault)]
    return _text(min(faults, key=lambda fault: (-fault.rule, fault.found - fault.limit)))


def _tries(watch: Clock, task: int, slot: int, ready_s: int) -> Iterator[int | Fault]:
    """What comes of serving a task alone with a slot, in every order and turn: when it is unloaded.

    A trip that is not the first begins when the vehicle can be at home at the soonest, and one that
    is not the last leaves time to reach where the last one ends.
    """
    day, used = watch.day, watch.day.slots[slot]
    home = day.places[used.home_id]
    home_s = day.seconds[day.places[used.start_place or used.home_id]][home]
    over_s = day.seconds[home][day.places[used.end_place or used.home_id]]
    turns = [BETWEEN] if used.is_round else EVERY_TURN
    for order, turn in product(orders(day, task), turns):
        frame = watch.frame(slot, order, turn)
        free_s = used.free_from_s + (0 if turn[0] else home_s)
        times = watch.trip(slot, order, max(ready_s, free_s), turn)
        if isinstance(times, Fault):
            yield times
        else:
            assert not isinstance(frame, Fault)  # it has clock times
            end_s = times.leaves[-1] + (0 if turn[1] else over_s)
            if end_s > used.end_s:
                yield Fault(Rule.SHIFT, used.end_place or used.home_id, end_s, used.end_s)
            else:
                yield times.leaves[frame.unloading]


def _text(fault: Fault) -> str:
    """A fault in words, with what was found and what the limit is."""
    if fault.rule is Rule.ROOM:
        return (
            f"{kg_text(fault.found)} kg {fault.what} do not fit: "
            f"{fault.place_id} holds {kg_text(fault.limit)} kg"
        )
    if fault.rule is Rule.WINDOW:
        return (
            f"the window at {fault.place_id} closes {clock(fault.limit)}, "
            f"the earliest possible arrival is {_not_before(fault.found)}"
        )
    if fault.rule is Rule.COLD:
        return (
            f"cold goods may travel {fault.limit // MINUTE_S} minutes, "
            f"the way from {fault.place_id} takes longer"
        )
    return (
        f"the shift at {fault.place_id} ends {clock(fault.limit)}, "
        f"the vehicle could be back and unloaded at {_not_before(fault.found)}"
    )


def _not_before(seconds: int) -> str:
    """A moment rounded up to the minute."""
    return clock(seconds + MINUTE_S - 1)
