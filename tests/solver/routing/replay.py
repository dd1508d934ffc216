"""Drives a day's routes stop by stop and lists what they break: written from the rules page alone."""

from __future__ import annotations

from itertools import pairwise

from logistics.model.plan import Load, Route, Stop, Trip
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import Storage
from logistics.solver.routing import (
    METRE_COST,
    NO_LIMIT_S,
    SECOND_COST,
    VEHICLE_DAY_COST,
    Call,
    Collection,
    DayJobs,
    DayResult,
    Delivery,
    Job,
    Pair,
)


def broken_rules(
    problem: WeekProblem, travel: Travel, jobs: DayJobs, result: DayResult
) -> list[str]:
    """Everything that is wrong with a result. Every job must carry lots of its own."""
    faults: list[str] = []
    made: dict[str, tuple[int, int]] = {}
    for route in result.routes:
        faults += _route_faults(problem, travel, jobs, route, made)
    dropped = [drop.job_id for drop in result.dropped]
    if sorted([*made, *dropped]) != sorted(job.id for job in jobs):
        faults.append(f"driven {sorted(made)} and dropped {sorted(dropped)} are not all jobs")
    for job in jobs.deliveries:
        for needed in sorted(job.needs) if job.id in made else ():
            if needed not in made or made[needed][1] >= made[job.id][0]:
                faults.append(f"{job.id} leaves before {needed} is there")
    vehicles = [route.vehicle_id for route in result.routes]
    if len(vehicles) != len(set(vehicles)):
        faults.append("a vehicle has two routes")
    by_id = {job.id: job for job in jobs}
    cost = sum(by_id[job_id].price for job_id in dropped) + VEHICLE_DAY_COST * len(vehicles)
    for trip in (trip for route in result.routes for trip in route.trips):
        cost += METRE_COST * trip.metres + SECOND_COST * trip.seconds
    if cost != result.stage.objective:
        faults.append(f"costs {cost}, said {result.stage.objective}")
    if result.stage.bound is None or result.stage.bound > cost:
        faults.append(f"costs {cost}, less than the bound {result.stage.bound}")
    return faults


def _route_faults(
    problem: WeekProblem,
    travel: Travel,
    jobs: DayJobs,
    route: Route,
    made: dict[str, tuple[int, int]],
) -> list[str]:
    faults = []
    first_s, last_s = route.trips[0].stops[0].start_s, route.trips[-1].stops[-1].leave_s
    shifts = [s for s in problem.shifts if s.vehicle_id == route.vehicle_id and s.day == jobs.day]
    if not any(s.start_s <= first_s and last_s <= s.end_s for s in shifts):
        faults.append(f"{route.vehicle_id} drives {first_s}..{last_s} outside its shifts")
    free_s = 0
    for trip in route.trips:
        if trip.stops[0].arrive_s < free_s:
            faults.append(f"{route.vehicle_id} starts a trip before it is back")
        free_s = trip.stops[-1].leave_s
        faults += _clock_faults(problem, travel, route, trip)
        faults += _goods_faults(problem, jobs, route, trip, made)
    return faults


def _clock_faults(problem: WeekProblem, travel: Travel, route: Route, trip: Trip) -> list[str]:
    faults = []
    stops = trip.stops
    home = problem.sites[problem.vehicles[route.vehicle_id].home_site_id]
    if {stops[0].id, stops[-1].id} != {home.id}:
        faults.append("a trip does not go from home to home")
    if stops[0].arrive_s != stops[0].start_s:
        faults.append("a trip waits before its first stop")
    metres = 0
    for a, b in pairwise(stops):
        if a.id != b.id:
            leg = travel[a.id, b.id]
            metres += leg.metres
            if b.arrive_s != a.leave_s + leg.seconds:
                faults.append(f"{b.id}: arrives {b.arrive_s}, left {a.id} at {a.leave_s}")
        elif b.arrive_s != a.leave_s:
            faults.append(f"{b.id}: arrives {b.arrive_s} without driving")
    faults += [
        f"{stop.id}: {stop.arrive_s}, {stop.start_s}, {stop.leave_s}"
        for stop in stops
        if not stop.arrive_s <= stop.start_s <= stop.leave_s
    ]
    faults += [
        "too little time at the home dock"
        for stop in (stops[0], stops[-1])
        if (stop.load or stop.unload) and stop.leave_s < stop.start_s + home.dock_s
    ]
    if (metres, stops[-1].leave_s - stops[0].arrive_s) != (trip.metres, trip.seconds):
        faults.append("metres or seconds of a trip are wrong")
    return faults


def _goods_faults(
    problem: WeekProblem,
    jobs: DayJobs,
    route: Route,
    trip: Trip,
    made: dict[str, tuple[int, int]],
) -> list[str]:
    faults: list[str] = []
    vehicle = problem.vehicles[route.vehicle_id]
    limit_s = NO_LIMIT_S if vehicle.cold_s_max is None else vehicle.cold_s_max
    board = dict.fromkeys(Storage, 0)
    loaded_s: dict[str, int] = {}
    job_of = {load.lot_id: job for job in jobs for load in job.loads}
    for h, stop in enumerate(trip.stops):
        for job in _jobs_of(job_of, stop.unload):
            if job.id not in loaded_s:
                faults.append(f"{job.id}: unloaded before it was loaded")
                continue
            warm_s = stop.start_s - loaded_s.pop(job.id)
            if _is_cold(job) and warm_s > limit_s:
                faults.append(f"{job.id}: {warm_s} s without cold")
            at_hub = isinstance(job, Collection) and h == len(trip.stops) - 1
            faults += _stop_faults(job, _end(job), stop, at_hub)
            for storage, grams in job.grams.items():
                board[storage] -= grams
        for job in _jobs_of(job_of, stop.load):
            if job.id in made:
                faults.append(f"{job.id}: driven twice")
            made[job.id] = (trip.stops[0].start_s, trip.stops[-1].leave_s)
            loaded_s[job.id] = stop.leave_s
            at_hub = isinstance(job, Delivery) and h == 0
            faults += _stop_faults(
                job, job.pickup if isinstance(job, Pair) else job.call, stop, at_hub
            )
            for storage, grams in job.grams.items():
                board[storage] += grams
        faults += [
            f"{vehicle.id}: {grams} g {storage} on board"
            for storage, grams in board.items()
            if grams > vehicle.room_g(storage)
        ]
    if loaded_s or any(board.values()):
        faults.append(f"still on board: {sorted(loaded_s)}")
    return faults


def _is_cold(job: Job) -> bool:
    return any(job.grams.get(storage, 0) for storage in (Storage.CHILLED, Storage.FROZEN))


def _stop_faults(job: Job, call: Call, stop: Stop, at_hub: bool) -> list[str]:
    if at_hub and not isinstance(job, Pair):
        return [] if stop.id == job.hub_id else [f"{job.id}: moved at {stop.id}"]
    kept = (
        (stop.kind, stop.id) == (call.kind, call.place_id)
        and call.open_s <= stop.start_s <= call.start_by_s
        and stop.start_s + call.service_s <= stop.leave_s <= call.leave_by_s
    )
    return [] if kept else [f"{job.id}: at {stop}, wanted {call}"]


def _jobs_of(job_of: dict[str, Job], loads: tuple[Load, ...]) -> list[Job]:
    jobs = {job_of[load.lot_id].id: job_of[load.lot_id] for load in loads}
    moved = sorted((load.lot_id, load.units) for load in loads)
    assert moved == sorted((x.lot_id, x.units) for job in jobs.values() for x in job.loads)
    return list(jobs.values())


def _end(job: Job) -> Call:
    return job.drop if isinstance(job, Pair) else job.call
