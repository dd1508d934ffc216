"""Shifts as engines see them: slots, and what of a call at a door depends on whose shift it is."""

from __future__ import annotations

from dataclasses import dataclass

from logistics.model.errors import require
from logistics.model.fleet import Break, Shift
from logistics.model.plan import Rest, Route, StopKind, Trip
from logistics.model.problem import WeekProblem
from logistics.model.units import Storage
from logistics.solver.crews import came_last, may_visit, speaks
from logistics.solver.routing.problem import LANGUAGE_COST, STRANGER_COST, Call, DayJobs

Windows = tuple[tuple[int, int], ...]
"""First and last moment of each window, in order of time."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One shift of one vehicle, with its compartments in the order of the day's storage classes.

    `start_place` and `end_place` are the sites where its first trip starts and its last one ends,
    `None` for its home. `fixed` are its trips that can no longer be changed (`DayJobs.fixed`); a
    sketch holds only those that follow, from `free_from_s` on, and `start_place` is then where the
    last fixed trip has ended, if not at home. `break_` is still to be taken if anything is driven,
    `rest` is the one that the fixed trips have.
    """

    vehicle_id: str
    home_id: str
    dock_s: int
    start_s: int
    end_s: int
    room_g: tuple[int, ...]
    cold_s_max: int | None
    volunteer_ids: tuple[str, ...]
    start_place: str | None = None
    end_place: str | None = None
    fixed: tuple[Trip, ...] = ()
    break_: Break | None = None
    rest: Rest | None = None

    @property
    def free_from_s(self) -> int:
        """Earliest start of a trip: that of the shift, or the end of what is fixed."""
        return max([self.start_s, *(trip.stops[-1].leave_s for trip in self.fixed)])

    @property
    def is_round(self) -> bool:
        """Whether all trips go from home to home."""
        return self.start_place is None and self.end_place is None


@dataclass(frozen=True, slots=True)
class Suits:
    """Slots that may not make a call, windows by slot, and costs by slot, as in `Task`."""

    barred: frozenset[int]
    windows: dict[int, Windows]
    slot_cost: dict[int, int]


def slots_of(problem: WeekProblem, jobs: DayJobs, classes: tuple[Storage, ...]) -> tuple[Slot, ...]:
    """The shifts of a day, by vehicle and start."""
    shifts = sorted(
        (shift for shift in problem.shifts if shift.day == jobs.day),
        key=lambda shift: (shift.vehicle_id, shift.start_s),
    )
    fixed = {_shift_of(shifts, route): route for route in jobs.fixed}
    slots = []
    for s, shift in enumerate(shifts):
        vehicle = problem.vehicles[shift.vehicle_id]
        trips = fixed[s].trips if s in fixed else ()
        rest = fixed[s].rest if s in fixed else None
        start_id = trips[-1].stops[-1].id if trips else shift.start_id
        slots.append(
            Slot(
                vehicle_id=vehicle.id,
                home_id=vehicle.home_site_id,
                dock_s=problem.sites[vehicle.home_site_id].dock_s,
                start_s=shift.start_s,
                end_s=shift.end_s,
                room_g=tuple(vehicle.room_g(storage) for storage in classes),
                cold_s_max=vehicle.cold_s_max,
                volunteer_ids=shift.volunteer_ids,
                start_place=_elsewhere(start_id, vehicle.home_site_id),
                end_place=_elsewhere(shift.end_id, vehicle.home_site_id),
                fixed=trips,
                break_=None if rest else shift.break_,
                rest=rest,
            )
        )
    return tuple(slots)


def _shift_of(shifts: list[Shift], route: Route) -> int:
    """Number of the shift in which a fixed route began."""
    began_s = route.trips[0].stops[0].arrive_s
    found = [
        s
        for s, shift in enumerate(shifts)
        if shift.vehicle_id == route.vehicle_id and shift.start_s <= began_s <= shift.end_s
    ]
    require(bool(found), f"Fixed route of {route.vehicle_id}: began in no shift of the vehicle")
    return found[-1]


def _elsewhere(place_id: str | None, home_id: str) -> str | None:
    return None if place_id == home_id else place_id


def ends_of(slots: tuple[Slot, ...]) -> set[str]:
    """Places where trips start and end."""
    ends = {place for slot in slots for place in (slot.start_place, slot.end_place) if place}
    return ends | {slot.home_id for slot in slots}


def suits(problem: WeekProblem, slots: tuple[Slot, ...], call: Call) -> Suits:
    """What of a call depends on who drives: who may make it, when, and how well that suits."""
    if call.kind is not StopKind.HOUSEHOLD:
        return Suits(frozenset(), {}, {})
    household = problem.households.get(call.place_id)
    crews: dict[tuple[str, ...], list[int]] = {}
    for s, slot in enumerate(slots):
        crews.setdefault(slot.volunteer_ids, []).append(s)
    barred: set[int] = set()
    windows: dict[int, Windows] = {}
    cost: dict[int, int] = {}
    for crew, theirs in crews.items():
        visits = [visit for visit in call.visits if may_visit(problem, crew, visit)]
        if call.visits and not visits:
            barred.update(theirs)
            continue
        if visits:
            own = tuple(sorted({(visit.open_s, visit.close_s) for visit in visits}))
            windows.update(dict.fromkeys(theirs, own))
        unlike = STRANGER_COST * (came_last(visits, crew) is False)
        if household is not None and not speaks(problem, crew, household):
            unlike += LANGUAGE_COST
        if unlike:
            cost.update(dict.fromkeys(theirs, unlike))
    return Suits(frozenset(barred), windows, cost)
