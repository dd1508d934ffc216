"""What allocation must respect because routing left jobs out.

All of them are heuristic: the search found no way. What is proven about driving stands in the rows of
`allocation/room.py` and in `visits.py`, before any search.
"""

from __future__ import annotations

from collections.abc import Iterable

from logistics.model.plan import Cut, Line, StopKind
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import Storage
from logistics.solver.jobs import goal_of
from logistics.solver.routing import Collection, DayJobs, Delivery, Dropped, Job, Pair
from logistics.solver.visits import visit_cuts


def cuts_of(
    problem: WeekProblem,
    travel: Travel,
    jobs: DayJobs,
    dropped: tuple[Dropped, ...],
    known: Iterable[Cut],
) -> list[Cut]:
    """Cuts for a day's dropped jobs, the mildest that has not been tried before.

    Where visits suffer: first no detours by satellites' stock, one trip a shift (less to carry) and
    only sets of visits that leave time to load; then nothing cold for the household that was
    dropped, then for nobody visited that day, and only then not the household at all.
    """
    by_id: dict[str, Job] = {job.id: job for job in jobs}
    if any(_ends_at_door(by_id[drop.job_id]) for drop in dropped):
        why = f"no routes were found for all visits of day {jobs.day}"
        hub_ids = {vehicle.home_site_id for vehicle in problem.vehicles.values()}
        mild = [Cut("detour", (str(jobs.day),), False, why)]
        mild += [Cut("one_trip", (hub_id, str(jobs.day)), False, why) for hub_id in sorted(hub_ids)]
        mild += visit_cuts(problem, travel, only_day=jobs.day, loading=True)
        untried = [cut for cut in mild if cut not in known]
        if untried:
            return untried
    jobs_dropped = [by_id[drop.job_id] for drop in dropped]
    waited = {need for job in jobs_dropped if isinstance(job, Delivery) for need in job.needs}
    return [
        cut
        for drop in dropped
        if drop.job_id not in waited  # left out only because what needs it was
        for cut in _cut_job(problem, jobs, by_id[drop.job_id], drop, set(known))
    ]


def as_driven(problem: WeekProblem, days: Iterable[DayJobs], known: Iterable[Cut]) -> list[Cut]:
    """Where visits had to give way before: nothing cold for those who could be driven without.

    A plan that is then made better for everybody stays near the one that could be driven.
    """
    tight = {int(cut.ids[1]) for cut in known if cut.kind == "one_trip"}
    why = "what was driven on this tight day held nothing cold for it"
    cuts = []
    for jobs in days:
        if jobs.day not in tight:
            continue
        doors = [job for job in jobs.deliveries if job.call.kind is StopKind.HOUSEHOLD]
        cold = {job.call.place_id for job in doors if set(job.grams) - {Storage.AMBIENT}}
        here = [h for h in problem.households.values() if h.visit and h.visit.day == jobs.day]
        cuts += [Cut("cold_visit", (h.id,), False, why) for h in here if h.id not in cold]
    return cuts


def _ends_at_door(job: Job) -> bool:
    call = job.drop if isinstance(job, Pair) else job.call
    return call.kind is StopKind.HOUSEHOLD


def _cut_job(
    problem: WeekProblem, jobs: DayJobs, job: Job, drop: Dropped, known: set[Cut]
) -> list[Cut]:
    """Cuts that keep allocation from asking for one job again.

    Never proven: what was shown to be undriveable is this load; a smaller one might not be.
    """
    if isinstance(job, Collection):
        return [Cut("collection", tuple(load.lot_id for load in job.loads), False, drop.why)]
    goal = goal_of(job)
    if isinstance(job, Pair):
        return [Cut("delivery", (job.loads[0].lot_id, goal), False, drop.why)]
    if goal in problem.households:
        milder = [cut for cut in _without_cold(jobs, job, drop.why) if cut not in known]
        own = [cut for cut in milder if cut.ids == (goal,)]
        return own or milder or [Cut("visit", (goal,), False, drop.why)]
    if job.needs:
        return [Cut("delivery", (load.lot_id, goal), False, drop.why) for load in job.loads]
    return [
        Cut("session_load", (goal, str(storage), str(_rest_g(jobs, job, storage))), False, drop.why)
        for storage in job.grams
    ]


def _without_cold(jobs: DayJobs, job: Delivery, why: str) -> list[Cut]:
    """Nothing cold for the dropped household (first), nor for any other visited that day."""
    cold = [
        other
        for other in (job, *(other for other in jobs.deliveries if other.id != job.id))
        if other.call.kind is StopKind.HOUSEHOLD and set(other.grams) - {Storage.AMBIENT}
    ]
    return [Cut("cold_visit", (other.call.place_id,), False, why) for other in cold]


def _rest_g(jobs: DayJobs, dropped: Delivery, storage: Storage) -> int:
    """Grams of a class that other parts of the same session's load carry."""
    goal = goal_of(dropped)
    return sum(
        job.grams.get(storage, 0)
        for job in jobs.deliveries
        if job.id != dropped.id and goal_of(job) == goal and not job.needs
    )


def without_dropped(
    problem: WeekProblem, lines: tuple[Line, ...], jobs: DayJobs, dropped: tuple[Dropped, ...]
) -> tuple[tuple[Line, ...], list[Cut]]:
    """Lines without those that dropped jobs carry, and cuts that say so.

    Less is carried on the same ways, so that what was driven can be driven still.
    """
    by_id: dict[str, Job] = {job.id: job for job in jobs}
    gone: set[Line] = set()
    cuts = []
    for drop in dropped:
        job = by_id[drop.job_id]
        lot_ids = {load.lot_id for load in job.loads}
        if isinstance(job, Collection):
            lost = {line for line in lines if line.lot_id in lot_ids}
            cuts.append(Cut("collection", tuple(sorted(lot_ids)), False, drop.why))
        else:
            goal = goal_of(job)
            at_door = goal in problem.households
            lost = {
                line
                for line in lines
                if (line.session_id or line.household_id) == goal
                and (at_door or line.lot_id in lot_ids)
            }
            if at_door:
                cuts.append(Cut("visit", (goal,), False, drop.why))
            else:
                cuts += [
                    Cut("delivery", (lot_id, goal), False, drop.why) for lot_id in sorted(lot_ids)
                ]
        gone |= lost
    return tuple(line for line in lines if line not in gone), cuts
