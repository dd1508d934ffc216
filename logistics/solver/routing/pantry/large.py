"""Days of thousands of stops: built cluster by cluster, bettered neighbourhood by neighbourhood.

Every step works on a small day of its own (`thin.part_of`), so that no full matrix is ever made and time
and memory grow with the number of stops. A collection and a delivery that needs it may lie in different
parts; each part then keeps the moment that the other has fixed.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from logistics.solver.routing.day import Day, Sketch, empty_sketch
from logistics.solver.routing.pantry.run import Effort, Found, search
from logistics.solver.routing.pantry.thin import Part, part_of
from logistics.solver.routing.schedule import AFTER_UNLOADING_S

CLUSTER_MAX = 100
"""Tasks of a cluster from which routes are built."""

PART_CALLS = 150
"""Calls of a part that is bettered as one."""

LANDMARKS = 4
"""Places from which all others are located by the seconds it takes to drive there."""

CALLS_A_SHIFT = 10
"""Calls of a shift at least reckoned with when a cluster is given shifts."""

BUILD_SHARE = 0.35
"""Share of the time that goes into the first routes."""

SWEEPS = 3
"""Times that every route should be part of what is bettered."""

BUILD_ROUNDS, PART_ROUNDS = 30, 150
"""Rounds for each task of a cluster that is built, and of a part that is bettered."""

MISSING_MAX = 20
"""Tasks left out that a part is offered at most."""

PART_HEAT = 0.3
"""First temperature of a part, as a share of that of a whole day."""


def plan(day: Day, seconds: float, seed: int) -> Sketch:
    """A good sketch of a large day; the machine's cores are used.

    Args:
        day: one that the compiled search knows all rules of, its matrices perhaps thin.
        seconds: the most that the search may take, numbering of parts included.
        seed: of every random choice.
    """
    ends_at = time.monotonic() + seconds
    whole = _Whole(day, seed)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        whole.build(pool, BUILD_SHARE * seconds)
        whole.better(pool, ends_at)
    return whole.sketch()


@dataclass(frozen=True, slots=True)
class _Try:
    """A search of one part that depends on nothing which may change meanwhile."""

    part: Part
    start: Sketch
    effort: Effort
    seed: int
    release_s: dict[int, int]
    due_s: dict[int, int]

    def search(self) -> Found | None:
        """What the compiled search finds, if it may begin."""
        return search(self.part.day, self.start, self.effort, self.seed, self.release_s, self.due_s)


class _Whole:
    """A large day's plan as it grows."""

    def __init__(self, day: Day, seed: int) -> None:
        self._day, self._seed = day, seed
        self._trips = list(empty_sketch(day))
        self._moments: dict[int, tuple[int, int]] = {}
        self._helps: dict[int, list[int]] = {}
        for t, task in enumerate(day.tasks):
            for needed in task.needs:
                self._helps.setdefault(needed, []).append(t)
        self._spots: dict[int, tuple[int, ...]] = {}
        self._home_of: dict[int, str] = {}

    def sketch(self) -> Sketch:
        """The plan as it stands."""
        return tuple(self._trips)

    def build(self, pool: ThreadPoolExecutor, seconds: float) -> None:
        """First routes of every hub, side by side."""
        homes = sorted({slot.home_id for slot in self._day.slots})
        tasks = self._tasks_of_homes(homes)
        count = sum(map(len, tasks.values()))
        cores = min(len(homes), os.cpu_count() or 1)
        each = [cores * seconds * len(tasks[home]) / max(1, count) for home in homes]
        list(pool.map(self._build_home, homes, (tasks[home] for home in homes), each))

    def better(self, pool: ThreadPoolExecutor, ends_at: float) -> None:
        """Neighbouring routes taken apart and put together again, until the time is over."""
        luck, cores = random.Random(self._seed), os.cpu_count() or 1
        calls = sum(self._calls(s) for s in range(len(self._trips)))
        parts_left = SWEEPS * max(1, calls // PART_CALLS)
        number = 0
        while parts_left > 0 and (left_s := ends_at - time.monotonic()) > 0:
            groups = self._groups(luck, min(parts_left, 4 * cores))
            if not groups:
                return
            each_s = max(0.2, cores * left_s / max(parts_left, len(groups)))
            # No two parts may serve the same task, so that each is offered its own share.
            missing = [self._missing()[i :: len(groups)] for i in range(len(groups))]
            self._offer_shifts(groups, missing)
            # All parts begin from the plan as it stands: none sees what another is changing.
            tries = [
                self._try(group, some, each_s, number + i)
                for i, (group, some) in enumerate(zip(groups, missing, strict=True))
            ]
            for one, found in zip(tries, pool.map(_Try.search, tries), strict=True):
                self._take(one.part, found)
            number, parts_left = number + len(groups), parts_left - len(groups)

    def _tasks_of_homes(self, homes: Sequence[str]) -> dict[str, list[int]]:
        """Tasks by the home that is to serve them; goods that go straight, by the nearest."""
        day = self._day
        tasks: dict[str, list[int]] = {home: [] for home in homes}
        for t, task in enumerate(day.tasks):
            if task.hub_id in tasks:
                tasks[task.hub_id].append(t)
            elif task.hub_id is None and homes:
                place = day.at(task.points[0])
                near = min(homes, key=lambda home: day.seconds[day.places[home]][place])
                tasks[near].append(t)
        return tasks

    def _build_home(self, home: str, tasks: list[int], seconds: float) -> None:
        """Routes for one hub's tasks: first what others need, then cluster after cluster."""
        if not tasks:
            return
        self._locate(home, tasks)
        needed = [t for t in tasks if t in self._helps]
        rest = [t for t in tasks if t not in self._helps and self._day.tasks[t].price]
        clusters = [*self._clusters(needed), *self._clusters(rest), []]  # the last: what is left
        free = [s for s, slot in enumerate(self._day.slots) if slot.home_id == home]
        carried: list[int] = []
        for number, cluster in enumerate(clusters):
            taken = self._taken()
            free = [s for s in free if self._day.slots[s].vehicle_id not in taken]
            offered = free[: 2 + (len(cluster) + len(carried)) // CALLS_A_SHIFT]
            offered += self._fewest_calls(home)[:2]
            inside = self._served(offered)
            part = self._part(offered, {*cluster, *carried, *inside})
            effort = Effort(BUILD_ROUNDS * len(part.tasks), seconds / len(clusters), heat=PART_HEAT)
            self._take(part, self._from_here(part, effort, number).search())
            left = {*cluster, *carried} - set(self._moments)
            carried = sorted(left)[:CLUSTER_MAX]

    def _try(self, slots: list[int], missing: list[int], seconds: float, number: int) -> _Try:
        """A search of some shifts, with what is left out and near them."""
        inside = self._served(slots)
        missing = sorted(missing, key=lambda t: self._distance(t, inside[0]))[:MISSING_MAX]
        part = self._part(slots, {*inside, *missing})
        effort = Effort(PART_ROUNDS * len(part.tasks), seconds, heat=PART_HEAT)
        return self._from_here(part, effort, number)

    def _from_here(self, part: Part, effort: Effort, number: int) -> _Try:
        """A search of a part within the moments that the rest of the plan has fixed."""
        start, bounds = part.inner(self.sketch()), self._bounds(part)
        return _Try(part, start, effort, self._seed + number, *bounds)

    def _part(self, slots: Iterable[int], tasks: set[int]) -> Part:
        """A part without the tasks whose collections are neither in it nor made."""
        day = self._day
        able = {
            t for t in tasks if all(n in tasks or n in self._moments for n in day.tasks[t].needs)
        }
        kept = {t for t in able if any(h not in able for h in self._helps.get(t, ()))}
        return part_of(day, slots, able, kept)

    def _bounds(self, part: Part) -> tuple[dict[int, int], dict[int, int]]:
        """Moments fixed outside a part: when collected goods are there, when they must be."""
        inside = set(part.tasks)
        release_s: dict[int, int] = {}
        due_s: dict[int, int] = {}
        for i, t in enumerate(part.tasks):
            overs = [self._moments[n][1] for n in self._day.tasks[t].needs if n not in inside]
            if overs:
                release_s[i] = max(overs) + AFTER_UNLOADING_S
            # Other parts are bettered at the same time: what they rely on, or begin to, must not
            # come later.
            if t in self._moments and any(h not in inside for h in self._helps.get(t, ())):
                due_s[i] = self._moments[t][1]
        return release_s, due_s

    def _take(self, part: Part, found: Found | None) -> None:
        """Make what a search has found, if anything, the plan of the part."""
        if found is None:
            return
        for t in part.tasks:
            self._moments.pop(t, None)
        for s, trips in part.outer(found.sketch).items():
            self._trips[s] = trips
        for (s, k), moments in found.times.items():
            for p in found.sketch[s][k]:
                self._moments[part.tasks[part.day.points[p].task]] = moments

    def _locate(self, home: str, tasks: list[int]) -> None:
        """Where each task ends, by the seconds from a few places far from one another."""
        day = self._day
        places = {t: day.at(day.tasks[t].points[-1]) for t in tasks}
        landmark, rows = day.places[home], []
        nearest = dict.fromkeys(places, 2**60)
        for _ in range(LANDMARKS):
            row = {t: day.seconds[landmark][place] for t, place in places.items()}
            rows.append(row)
            nearest = {t: min(nearest[t], row[t]) for t in places}
            landmark = places[max(nearest, key=lambda t: (nearest[t], t))]
        self._home_of.update(dict.fromkeys(tasks, home))
        self._spots.update((t, tuple(row[t] for row in rows)) for t in places)

    def _distance(self, t: int, u: int) -> int:
        return sum(abs(a - b) for a, b in zip(self._spots[t], self._spots[u], strict=True))

    def _clusters(self, tasks: list[int]) -> list[list[int]]:
        """Halved along the widest spread until they are small; neighbours follow one another."""
        if len(tasks) <= CLUSTER_MAX:
            return [tasks] if tasks else []
        spreads = [
            max(self._spots[t][k] for t in tasks) - min(self._spots[t][k] for t in tasks)
            for k in range(LANDMARKS)
        ]
        k = spreads.index(max(spreads))
        tasks = sorted(tasks, key=lambda t: (self._spots[t][k], t))
        half = len(tasks) // 2
        return [*self._clusters(tasks[:half]), *self._clusters(tasks[half:])]

    def _groups(self, luck: random.Random, count: int) -> list[list[int]]:
        """Disjoint groups of neighbouring shifts with some `PART_CALLS` calls each."""
        driven = [s for s, trips in enumerate(self._trips) if trips and self._spot(s)]
        luck.shuffle(driven)
        groups: list[list[int]] = []
        left = set(driven)
        for seed in driven:
            if seed not in left or len(groups) == count:
                continue
            here = self._spot(seed)
            home = self._day.slots[seed].home_id
            near = [s for s in left if self._day.slots[s].home_id == home]
            near.sort(
                key=lambda s: (sum(abs(a - b) for a, b in zip(self._spot(s), here, strict=True)), s)
            )
            group, calls = [], 0
            for s in near:
                group.append(s)
                calls += self._calls(s)
                if calls >= PART_CALLS:
                    break
            left -= set(group)
            groups.append(group)
        return groups

    def _offer_shifts(self, groups: list[list[int]], missing: list[list[int]]) -> None:
        """A shift that is not in use for every group that has tasks to serve which are left out."""
        slots, taken = self._day.slots, self._taken()
        for group, tasks in zip(groups, missing, strict=True):
            home = slots[group[0]].home_id
            tasks[:] = [t for t in tasks if slots[group[0]].home_id == self._home_of[t]]
            free = (
                s
                for s, slot in enumerate(slots)
                if slot.home_id == home and slot.vehicle_id not in taken
            )
            spare = next(free, None) if tasks else None
            if spare is not None:
                group.append(spare)
                taken.add(slots[spare].vehicle_id)

    def _spot(self, s: int) -> tuple[int, ...]:
        """The middle of what a shift serves."""
        spots = [self._spots[t] for t in self._served([s])]
        return tuple(sum(column) // len(spots) for column in zip(*spots, strict=True))

    def _fewest_calls(self, home: str) -> list[int]:
        """Shifts in use from a home, those with the fewest calls first."""
        slots = self._day.slots
        used = [s for s, trips in enumerate(self._trips) if trips and slots[s].home_id == home]
        return sorted(used, key=lambda s: (self._calls(s), s))

    def _calls(self, s: int) -> int:
        return sum(map(len, self._trips[s]))

    def _served(self, slots: Iterable[int]) -> list[int]:
        points = self._day.points
        return sorted({points[p].task for s in slots for trip in self._trips[s] for p in trip})

    def _taken(self) -> set[str]:
        return {self._day.slots[s].vehicle_id for s, trips in enumerate(self._trips) if trips}

    def _missing(self) -> list[int]:
        return [
            t
            for t, task in enumerate(self._day.tasks)
            if task.price and t not in self._moments and t in self._spots
        ]
