"""The compiled search as a routing engine, on whose plans the exact schedule has the last word."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logistics.solver.routing.day import Day, Sketch
from logistics.solver.routing.problem import METRE_COST, SECOND_COST, VEHICLE_DAY_COST
from logistics.solver.routing.schedule import Clock, Timetable

if TYPE_CHECKING:
    from logistics.solver.routing.pantry.columns import Facts

ROUNDS_PER_TASK = 5_000
"""Rounds of a whole search for each task that is wanted; more would hardly find more."""

ROUNDS_MIN = 4_000
"""Rounds of the shortest whole search."""

HOT, COLD = 0.5, 0.005
"""First and last temperature, as shares of the mean leg between neighbours."""

SLICE_S = 0.05
"""Seconds after which the search looks at the clock and asks whether it should stop."""

FIRST_SLICE = 64
"""Rounds of the first slice, before the machine's speed is known."""

FEWER_SHARE = 0.25
"""Share of the rounds, and of the time, that may go into plans with fewer shifts."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to search: rounds and seconds, whichever are over first, and whether to stop now.

    The temperature falls with the share of the rounds done or of the seconds gone, whichever is
    greater: rounds that are done well before the time is over give the same plan on any machine.
    """

    rounds: int
    seconds: float
    stop: Callable[[], bool] = lambda: False
    heat: float = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a search ends with: a sketch, and for each of its trips (slot, number) the moments at which
    it starts at the soonest and then is over."""

    sketch: Sketch
    times: dict[tuple[int, int], tuple[int, int]]


def improve(clock: Clock, table: Timetable, seconds: float, seed: int) -> Timetable:
    """The best timetable that the compiled search finds within the time, at worst the one given.

    A day with a rule that it does not know is returned as it is.
    """
    day = clock.day
    wanted = sum(task.price > 0 for task in day.tasks)
    effort = Effort(max(ROUNDS_MIN, ROUNDS_PER_TASK * wanted), seconds)
    found = search(day, table.sketch, effort, seed)
    other = None if found is None else clock.timetable(found.sketch)
    return other if other is not None and other.cost < table.cost else table


def search(
    day: Day,
    sketch: Sketch,
    effort: Effort,
    seed: int,
    release_s: Mapping[int, int] | None = None,
    due_s: Mapping[int, int] | None = None,
) -> Found | None:
    """A sketch that costs no more than a given one, by the compiled evaluation.

    Args:
        day: one that the search knows all rules of.
        sketch: where the search begins; it must keep every rule.
        effort: rounds and seconds.
        seed: of every random choice.
        release_s: by task, the moment from which its trip may start loading.
        due_s: by task, the moment by which its trip must be over.

    Returns:
        `None` if the day has no calls or no shifts, has rules that the search does not know, or does
        not allow the sketch.
    """
    from logistics.solver.routing.pantry.facts import facts_of, knows

    if not day.points or not day.slots or not knows(day):
        return None
    run = Run(day, facts_of(day, release_s, due_s), effort, seed)
    if not run.begin(sketch):
        return None
    run.serve_all()
    run.with_fewer_shifts()
    run.anneal()
    return run.found()


class Run:
    """One search: its plans, its clock and how fast the machine goes."""

    def __init__(self, day: Day, facts: Facts, effort: Effort, seed: int) -> None:
        from logistics.solver.routing.pantry import columns, warm
        from logistics.solver.routing.pantry.facts import mean_leg

        self._search = warm.function()
        self._facts, self._day, self._effort = facts, day, effort
        self._plans = [columns.new_state(facts) for _ in range(3)]
        self._work = columns.new_work(facts, seed)
        self._leg = mean_leg(facts, METRE_COST, SECOND_COST)
        self._began = time.monotonic()
        self._slice = FIRST_SLICE
        self._nothing: tuple[object, ...] = ()

    def begin(self, sketch: Sketch) -> bool:
        """Whether a sketch is allowed; it becomes the best plan."""
        import numpy as np

        from logistics.solver.routing.pantry import anneal

        trips = [(s, trip) for s, trips in enumerate(sketch) for trip in trips]
        flat = np.array([p for _, trip in trips for p in trip], np.int32)
        ends = np.zeros((len(trips), 2), np.int64)
        ends[:, 0] = [s for s, _ in trips]
        ends[:, 1] = np.cumsum([len(trip) for _, trip in trips])
        self._nothing = flat[:0], ends[:0]
        return bool(self._call(anneal.LOAD, 0, 0.0, 0.0, flat, ends))

    def serve_all(self) -> None:
        """A first slice, however little time there is, that puts in what the plan leaves out."""
        from logistics.solver.routing.pantry import anneal

        heat = COLD * self._leg
        self._timed(anneal.AGAIN, min(FIRST_SLICE, self._effort.rounds), heat, heat)

    def _misses(self) -> bool:
        """Whether the best plan leaves out a task that is worth a vehicle-day."""
        best = self._plans[2]
        return any(
            task.price >= VEHICLE_DAY_COST and best.trip_of[task.points[-1]] < 0
            for task in self._day.tasks
        )

    def with_fewer_shifts(self) -> None:
        """Close one shift after another as long as all can still be served."""
        from logistics.solver.routing.pantry import anneal, columns

        if self._misses():
            return
        left = int(FEWER_SHARE * self._effort.rounds)
        while left > 0 and self._plans[2].total[columns.DRIVEN] > 1:
            self._call(anneal.CLOSE, 1, 1.0, 1.0)
            served = False
            while left > 0 and not served:
                if self._share_gone(0, 1) > FEWER_SHARE or self._effort.stop():
                    return
                rounds = min(self._slice, left)
                left -= rounds
                served = self._timed(anneal.FEWER, rounds, HOT * self._leg, HOT * self._leg)
            if not served:
                return

    def anneal(self) -> None:
        """Rounds from the best plan on until they, or the time, are over."""
        from logistics.solver.routing.pantry import anneal

        hot, cold = self._effort.heat * HOT * self._leg, COLD * self._leg
        kind, done, rounds = anneal.AGAIN, 0, self._effort.rounds
        before_s = time.monotonic() - self._began
        while done < rounds and not self._effort.stop():
            gone = self._share_gone(done, rounds, before_s)
            if gone >= 1:
                break
            count = min(self._slice, rounds - done)
            after = min(1.0, gone + max(count / rounds, 1e-9))
            heats = [hot * (cold / hot) ** share for share in (gone, after)]
            self._timed(kind, count, *heats)
            kind, done = anneal.ANNEAL, done + count

    def found(self) -> Found:
        """The best plan."""
        from logistics.solver.routing.pantry import columns

        best = self._plans[2]
        times = {
            (s, k): (int(best.trip[t, columns.BEGIN]), int(best.trip[t, columns.OVER]))
            for s in range(len(self._day.slots))
            for k, t in enumerate(best.chain[s, : best.chained[s]])
        }
        sketch = tuple(
            tuple(
                tuple(int(p) for p in best.seq[t, : best.trip[t, columns.LENGTH]])
                for t in best.chain[s, : best.chained[s]]
            )
            for s in range(len(self._day.slots))
        )
        return Found(sketch, times)

    def _call(self, kind: int, rounds: int, hot: float, cold: float, *sketch: object) -> bool:
        sketch = sketch or self._nothing
        plans = self._plans
        return bool(self._search(self._facts, *plans, self._work, rounds, hot, cold, kind, *sketch))

    def _timed(self, kind: int, rounds: int, hot: float, cold: float) -> bool:
        """A slice, after which the next one is made as long as it should be."""
        began = time.monotonic()
        done = self._call(kind, rounds, hot, cold)
        took_s = max(1e-6, time.monotonic() - began)
        self._slice = max(1, min(4 * self._slice, int(rounds * SLICE_S / took_s)))
        return done

    def _share_gone(self, done: int, rounds: int, before_s: float = 0.0) -> float:
        """Share of the rounds or of the time that is gone, whichever is greater."""
        gone_s = time.monotonic() - self._began - before_s
        left_s = self._effort.seconds - before_s
        return max(done / rounds, gone_s / left_s if left_s > 0 else 1.0)
