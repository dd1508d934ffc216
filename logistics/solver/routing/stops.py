"""From a timetable to the plan's nouns: routes, trips, stops, loads."""

from __future__ import annotations

from logistics.model.plan import Load, Route, Stop, StopKind
from logistics.model.plan import Trip as PlanTrip
from logistics.solver.routing.day import Day, Trip, joined
from logistics.solver.routing.frame import Fault
from logistics.solver.routing.schedule import Clock, Timetable


def routes_of(watch: Clock, table: Timetable) -> tuple[Route, ...]:
    """One route for each vehicle that is driven, trips and stops in order of time, fixed ones first."""
    day = watch.day
    return tuple(
        Route(
            vehicle_id=slot.vehicle_id,
            day=day.number,
            trips=(*slot.fixed, *(_trip(watch, table, s, k) for k in range(len(table.sketch[s])))),
            volunteer_ids=slot.volunteer_ids,
            rest=slot.rest or table.rests.get(s),
        )
        for s, slot in enumerate(day.slots)
        if table.sketch[s] or slot.fixed
    )


def _trip(watch: Clock, table: Timetable, slot: int, k: int) -> PlanTrip:
    day, trip, times = watch.day, table.sketch[slot][k], table.times[slot, k]
    frame = watch.frame(slot, trip, watch.turn(slot, k, len(table.sketch[slot])))
    assert not isinstance(frame, Fault)  # it has clock times
    names = list(day.places)
    stops = []
    arrive_s = times.starts[0]
    for h, halt in enumerate(frame.halts):
        load, unload = _goods(day, halt.points)
        if h == frame.loading:
            load += _at_home(day, trip, unloading=False)
        if h == frame.unloading:
            unload += _at_home(day, trip, unloading=True)
        stops.append(
            Stop(
                kind=StopKind.SITE if halt.is_site else StopKind.HOUSEHOLD,
                id=names[halt.place],
                arrive_s=arrive_s,
                start_s=times.starts[h],
                leave_s=times.leaves[h],
                load=joined(load),
                unload=joined(unload),
            )
        )
        if h < len(frame.drive_s):
            arrive_s = times.leaves[h] + frame.drive_s[h]
    return PlanTrip(tuple(stops), frame.metres, times.seconds)


def _goods(day: Day, points: tuple[int, ...]) -> tuple[list[Load], list[Load]]:
    load = [load for point in points for load in day.points[point].load]
    unload = [load for point in points for load in day.points[point].unload]
    return load, unload


def _at_home(day: Day, trip: Trip, unloading: bool) -> list[Load]:
    tasks = [day.tasks[t] for t in sorted({day.points[point].task for point in trip})]
    return [load for task in tasks for load in (task.to_hub if unloading else task.from_hub)]
