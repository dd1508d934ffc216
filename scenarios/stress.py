"""The stress lab: plan the week again under each shock, severity and seed, and compare.

    runs = run(problem, tasks(shocks, severities, seeds), seconds=2, workers=2)
    rows = summarise(list(runs))                    (stress_table) means and intervals
    write_tables(...), draw(...)                    (stress_table, stress_plot)

Every seed has its own undisturbed week, planned with the same effort and the same seed, to which
the shocked weeks of that seed are compared. A week without an accepted plan stays in the tables with
its status and without numbers; it never disappears.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from time import monotonic

from logistics.model.errors import OsusowakeError
from logistics.model.packing import packed, unpacked
from logistics.model.plan import Plan, Status
from logistics.model.problem import WeekProblem
from scenarios.shocks import shocked

METRES_A_KM = 1_000
UNDISTURBED = ""
REFUSED = "refused"
FAILED = "failed"
STATUSES = (*(str(status) for status in Status), REFUSED, FAILED)
UNPLANNED = (str(Status.INFEASIBLE), REFUSED, FAILED)
"""Statuses of weeks without a plan that could be driven: they count, but have no numbers."""


class StressStopped(OsusowakeError):
    """The sweep ended before every week was planned."""


@dataclass(frozen=True, slots=True)
class Task:
    """One week to plan; `shock` is empty for the undisturbed week."""

    shock: str
    severity: int
    seed: int


@dataclass(frozen=True, slots=True)
class Measures:
    """What a planned week achieves.

    `level_min` is the lowest level over households with a wish this week (history included),
    `None` if nobody wishes for anything.
    """

    meals_given: float
    level_min: float | None
    waste_kg: float
    km: float
    meals_wanted: int
    households_served: int


@dataclass(frozen=True, slots=True)
class Run:
    """How one task ended, with the version of the planner if there is a plan.

    `runtime_s` is not compared: with enough time for every plan it is all that may differ.
    """

    task: Task
    status: str
    measures: Measures | None
    note: str = ""
    version: str = ""
    runtime_s: float = field(default=0.0, compare=False)

    @property
    def is_planned(self) -> bool:
        """Whether there is a plan that the judge accepts."""
        return self.measures is not None


def tasks(
    shocks: Sequence[str], severities: Sequence[int], seeds: Sequence[int]
) -> tuple[Task, ...]:
    """The undisturbed week and every shock at every severity, for every seed; nothing twice."""
    undisturbed = (Task(UNDISTURBED, 0, seed) for seed in seeds)
    disturbed = (
        Task(shock, severity, seed) for shock in shocks for severity in severities for seed in seeds
    )
    return tuple(dict.fromkeys((*undisturbed, *disturbed)))


def run(
    problem: WeekProblem, todo: Sequence[Task], *, seconds: float, workers: int = 1
) -> Iterator[Run]:
    """Plan every task, in this process or over a pool, and yield the runs in the order of the tasks.

    Args:
        problem: the undisturbed week.
        todo: what to plan, from `tasks`.
        seconds: limit of one week.
        workers: processes; 1 plans here.

    Raises:
        StressStopped: if a worker process dies (most often for lack of memory).
    """
    if workers == 1:
        yield from (plan_task(problem, task, seconds) for task in todo)
        return
    pool = ProcessPoolExecutor(
        min(workers, max(1, len(todo))), get_context("spawn"), _receive, (packed(problem),)
    )
    try:
        yield from pool.map(partial(_plan_received, seconds=seconds), todo)
    except BrokenProcessPool as error:
        raise StressStopped(
            "a worker process died, perhaps for lack of memory; try fewer --workers"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def plan_task(problem: WeekProblem, task: Task, seconds: float) -> Run:
    """Shock the week, plan it with little search, and let the judge look at the plan.

    A planner that breaks down on one week ends that run as `failed`, with what it said, and not
    the whole sweep.
    """
    from logistics.week import Limits, plan_week

    begun = monotonic()
    week = problem
    if task.shock != UNDISTURBED:
        week = shocked(problem, task.shock, task.severity, task.seed)
    try:
        result = plan_week(week, Limits(seconds=seconds, seed=task.seed, quick=True))
    except Exception as error:  # noqa: BLE001  one broken week must not cost the other thousand
        note = f"{type(error).__name__}: {error}"
        return Run(task, FAILED, None, note, runtime_s=monotonic() - begun)
    status, measures = str(result.plan.allocation.status), None
    if status != Status.INFEASIBLE:  # the judge objects to those too: the week is at fault there
        if result.is_clean:
            measures = measures_of(result.plan)
        else:
            status = REFUSED
    note = "; ".join(sorted({finding.code for finding in result.findings}))
    version = result.plan.versions.get("osusowake", "")
    return Run(task, status, measures, note, version, monotonic() - begun)


def measures_of(plan: Plan) -> Measures:
    """The numbers of an accepted plan that the lab compares."""
    metrics = plan.metrics
    levels = [fill.level for fill in plan.allocation.fill if fill.wanted > 0]
    return Measures(
        meals_given=float(metrics.meals_given),
        level_min=float(min(levels)) if levels else None,
        waste_kg=metrics.waste_kg,
        km=metrics.metres / METRES_A_KM,
        meals_wanted=metrics.meals_wanted,
        households_served=metrics.households_served,
    )


def unplanned(runs: Iterable[Run]) -> list[Run]:
    """The runs without an accepted plan."""
    return [run for run in runs if not run.is_planned]


_received: list[WeekProblem] = []
"""In a worker process: the one week that it plans, sent once and not with every task."""


def _receive(facts: bytes) -> None:
    """Begin a worker process."""
    _received[:] = [unpacked(facts)]


def _plan_received(task: Task, seconds: float) -> Run:
    """Plan a task in a worker process."""
    return plan_task(_received[0], task, seconds)
