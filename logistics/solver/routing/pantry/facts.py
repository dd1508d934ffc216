"""A routing day as tables for the compiled search, and whether the search knows all that a day asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from logistics.model.plan import StopKind
from logistics.solver.routing.day import Day, Task
from logistics.solver.routing.fields import SEARCHED, says_no_more
from logistics.solver.routing.insertion import orders
from logistics.solver.routing.pantry import columns as c
from logistics.solver.routing.pantry.columns import Facts, Ints, Shorts
from logistics.solver.routing.problem import METRE_COST, SECOND_COST, VEHICLE_DAY_COST

NEAR_MAX = 100
"""Neighbours of a call that are remembered."""


def knows(day: Day) -> bool:
    """Whether the compiled search keeps every rule of a day.

    A field that it has never heard of must say nothing, and so must windows that depend on who drives;
    the points of each task must be numbered one after another.
    """
    return (
        says_no_more(day, SEARCHED)
        and all(
            task.points == tuple(range(task.points[0], task.points[-1] + 1)) for task in day.tasks
        )
        and all(_has_own_window(day, task) for task in day.tasks)
    )


def _has_own_window(day: Day, task: Task) -> bool:
    """Whether whoever may serve a task may do so all through the window of its last call."""
    call = day.points[task.points[-1]].call
    return all(
        len(windows) == 1 and windows[0][0] <= call.open_s and windows[0][1] >= call.start_by_s
        for windows in task.alternatives.values()
    )


def facts_of(
    day: Day,
    release_s: Mapping[int, int] | None = None,
    due_s: Mapping[int, int] | None = None,
) -> Facts:
    """The tables of a day.

    Args:
        day: one that `knows` is true of.
        release_s: by task, the moment from which the trip that serves it may start loading.
        due_s: by task, the moment by which the trip that serves it must be over.
    """
    task, lists = _tasks(day, release_s or {}, due_s or {})
    point, legs = _points(day), _legs(day)
    allowed = np.zeros((len(day.tasks), len(day.slots)), np.uint8)
    extra = np.zeros(allowed.shape, np.int64)
    for t, own in enumerate(day.tasks):
        allowed[t, day.homes(t)] = 1
        extra[t, list(own.slot_cost)] = list(own.slot_cost.values())
    return Facts(
        point=point,
        task=task,
        slot=_slots(day),
        legs=legs,
        orders=np.array(lists["orders"], np.int32),
        needs=np.array(lists["needs"], np.int32),
        helps=np.array(lists["helps"], np.int32),
        cold=np.array(lists["cold"], np.int32).reshape(-1, 2),
        allowed=allowed,
        extra=extra,
        near=_near(point, legs),
    )


def mean_leg(f: Facts, metre_cost: int, second_cost: int) -> float:
    """Mean cost of the way from a call to the few calls nearest to it, at least 1."""
    near = f.near[:, 1:6]
    if not near.size:
        return 1.0
    place = f.point[:, c.PLACE]
    legs = f.legs[place[:, None], place[near]].astype(np.float64)
    return max(1.0, float((metre_cost * legs[..., 0] + second_cost * legs[..., 1]).mean()))


def _points(day: Day) -> Ints:
    table = np.zeros((len(day.points), c.CHANGE + len(day.classes)), np.int64)
    for p, point in enumerate(day.points):
        call = point.call
        table[p, : c.CHANGE] = (
            point.task,
            day.places[call.place_id],
            call.kind is StopKind.SITE,
            call.open_s,
            call.start_by_s,
            call.leave_by_s,
            call.service_s,
            any(grams > 0 for grams in point.change_g),
        )
        table[p, c.CHANGE :] = point.change_g
    return table


def _tasks(
    day: Day, release_s: Mapping[int, int], due_s: Mapping[int, int]
) -> tuple[Ints, dict[str, list[Any]]]:
    """The table of tasks and the lists that it points into."""
    helps: list[list[int]] = [[] for _ in day.tasks]
    for t, task in enumerate(day.tasks):
        for needed in task.needs:
            helps[needed].append(t)
    lists: dict[str, list[Any]] = {"orders": [], "needs": [], "helps": [], "cold": []}
    table = np.zeros((len(day.tasks), c.OUT + len(day.classes)), np.int64)
    for t, task in enumerate(day.tasks):
        ways = list(orders(day, t))
        row = table[t]
        row[c.PRICE], row[c.FIRST], row[c.COUNT] = task.price, task.points[0], len(task.points)
        row[c.FROM], row[c.TO] = bool(task.from_hub), bool(task.to_hub)
        row[c.ORDERS], row[c.ORDERS_N] = len(lists["orders"]), len(ways)
        row[c.RELEASE] = max(task.release_s or -c.INF, release_s.get(t, -c.INF))
        row[c.DUE] = due_s.get(t, c.INF)
        lists["orders"] += [p for way in ways for p in way]
        for name, column, values in (
            ("needs", c.NEEDS, sorted(task.needs)),
            ("helps", c.HELPS, helps[t]),
            ("cold", c.COLD, list(task.cold)),
        ):
            row[column] = len(lists[name])
            lists[name] += values
            row[column + 1] = len(lists[name])
        if task.from_hub_g:
            row[c.OUT :] = task.from_hub_g
    return table, lists


def _slots(day: Day) -> Ints:
    vehicles: dict[str, int] = {}
    table = np.zeros((len(day.slots), c.ROOM + len(day.classes)), np.int64)
    for s, slot in enumerate(day.slots):
        home = day.places[slot.home_id]
        table[s, : c.ROOM] = (
            vehicles.setdefault(slot.vehicle_id, len(vehicles)),
            home,
            home,
            slot.dock_s,
            slot.start_s,
            slot.end_s,
            -1 if slot.cold_s_max is None else slot.cold_s_max,
            VEHICLE_DAY_COST,
        )
        table[s, c.ROOM :] = slot.room_g
    return table


def _legs(day: Day) -> Shorts:
    legs = np.zeros((len(day.places), len(day.places), 2), np.int32)
    if day.places:
        legs[:, :, 0] = day.metres
        legs[:, :, 1] = day.seconds
    return legs


def _near(point: Ints, legs: Shorts) -> Shorts:
    """For every call the others in order of the cost of driving to and fro."""
    cost = METRE_COST * legs[:, :, 0].astype(np.int64) + SECOND_COST * legs[:, :, 1]
    places = point[:, c.PLACE]
    both = (cost + cost.T)[np.ix_(places, places)]
    return np.argsort(both, axis=1, kind="stable")[:, :NEAR_MAX].astype(np.int32)
