"""Drives a day's routes stop by stop and lists what they break: written from the rules page alone."""

from __future__ import annotations

from logistics.model.plan import Load, Route, StopKind, Trip
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import Storage
from logistics.solver.routing import (
    METRE_COST,
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
    for a, b in zip(stops, stops[1:], strict=False):
        if a.id != b.id:
            leg = travel[a.id, b.id]
            metres += leg.metres
            if b.arrive_s != a.leave_s + leg.seconds:
                faults.append(f"{b.id}: arrives {b.arrive_s}, left {a.id} at {a.leave_s}")
        elif b.arrive_s != a.leave_s:
            faults.append(f"{b.id}: arrives {b.arrive_s} without driving")
    for stop in stops:
        if not stop.arrive_s <= stop.start_s <= stop.leave_s:
            faults.append(f"{stop.id}: {stop.arrive_s}, {stop.start_s}, {stop.leave_s}")
    for stop in (stops[0], stops[-1]):
        if (stop.load or stop.unload) and stop.leave_s < stop.start_s + home.dock_s:
            faults.append("too little time at the home dock")
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
    faults = []
    vehicle = problem.vehicles[route.vehicle_id]
    board = dict.fromkeys(Storage, 0)
    at_load: dict[str, tuple[int, int]] = {}
    job_of = {load.lot_id: job for job in jobs for load in job.loads}
    carried: set[str] = set()
    for h, stop in enumerate(trip.stops):
        at_home = h in (0, len(trip.stops) - 1)
        for job in _jobs_of(job_of, stop.unload):
            if job.id not in at_load:
                faults.append(f"{job.id}: unloaded before it was loaded")
                continue
            since_s = at_load.pop(job.id)[1]
            cold = any(job.grams.get(s, 0) for s in (Storage.CHILLED, Storage.FROZEN))
            if cold and vehicle.cold_s_max is not None:
                if stop.start_s - since_s > vehicle.cold_s_max:
                    faults.append(f"{job.id}: {stop.start_s - since_s} s without cold")
            for storage, grams in job.grams.items():
                board[storage] -= grams
            if not (at_home and isinstance(job, Collection)):
                faults += _call_faults(
                    job, _end(job), stop.kind, stop.id, stop.start_s, stop.leave_s
                )
            elif job.hub_id != stop.id:
                faults.append(f"{job.id}: unloaded at {stop.id}")
        for job in _jobs_of(job_of, stop.load):
            at_load[job.id] = (h, stop.leave_s)
            if job.id in made or job.id in carried:
                faults.append(f"{job.id}: driven twice")
            carried.add(job.id)
            made[job.id] = (trip.stops[0].start_s, trip.stops[-1].leave_s)
            for storage, grams in job.grams.items():
                board[storage] += grams
            if not (h == 0 and isinstance(job, Delivery)):
                call = job.pickup if isinstance(job, Pair) else job.call
                faults += _call_faults(job, call, stop.kind, stop.id, stop.start_s, stop.leave_s)
            elif job.hub_id != stop.id:
                faults.append(f"{job.id}: loaded at {stop.id}")
        faults += [
            f"{vehicle.id}: {grams} g {storage} on board"
            for storage, grams in board.items()
            if grams > vehicle.room_g(storage)
        ]
    if at_load or any(board.values()):
        faults.append(f"still on board: {sorted(at_load)}")
    return faults


def _jobs_of(job_of: dict[str, Job], loads: tuple[Load, ...]) -> list[Job]:
    jobs = {job_of[load.lot_id].id: job_of[load.lot_id] for load in loads}
    moved = sorted((load.lot_id, load.units) for load in loads)
    assert moved == sorted((x.lot_id, x.units) for job in jobs.values() for x in job.loads)
    return list(jobs.values())


def _end(job: Job) -> Call:
    return job.drop if isinstance(job, Pair) else job.call


def _call_faults(
    job: Job, call: Call, kind: StopKind, place_id: str, start_s: int, leave_s: int
) -> list[str]:
    kept = (
        (kind, place_id) == (call.kind, call.place_id)
        and call.open_s <= start_s <= call.start_by_s
        and start_s + call.service_s <= leave_s <= call.leave_by_s
    )
    return [] if kept else [f"{job.id}: at {place_id} {start_s}..{leave_s}, wanted {call}"]
