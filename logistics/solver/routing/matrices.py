"""A routing problem as arrays: legs, drives and times, in units that an engine can hold.

Legs are those of `RoutingProblem.leg` to the last unit. Where an engine needs smaller numbers, units are
made coarser so that whatever keeps the coarse times keeps the exact ones: drives, services, openings and
releases are rounded up, closings down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logistics.model.routing import Convention, RoutingProblem

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Arrays:
    """Legs and drives (n x n, one object if they are equal) and times a node, in `unit / scale`.

    `horizon_s` is a moment by which every schedule has ended; closings beyond it are cut there.
    """

    leg: Longs
    drive_s: Longs
    open_s: Longs
    close_s: Longs
    service_s: Longs
    release_s: Longs
    horizon_s: int
    unit: int

    def until(self, close_s: int) -> int:
        """A closing of the problem in these units."""
        return min(close_s // self.unit, self.horizon_s)

    def since(self, open_s: int) -> int:
        """An opening of the problem in these units."""
        return -(-open_s // self.unit)


def arrays(problem: RoutingProblem, unit: int = 1) -> Arrays:
    """All columns of a problem; `unit` units of the problem make one of the arrays."""
    leg = legs(problem)
    drive = _drives(problem, leg)
    same = drive is leg and unit == 1
    drive = -(-drive // unit)
    leg = drive if same else (leg + unit // 2) // unit
    open_s, service_s, release_s = (
        -(-np.asarray(column, dtype=np.int64) // unit)
        for column in (problem.open_s, problem.service_s, problem.release_s)
    )
    early = max(kind.open_s for kind in problem.vehicles) // unit + 1
    trips = 2 if problem.reloads else 1
    horizon_s = int(
        open_s.max() + release_s.max() + early + service_s.sum() + trips * drive.max(axis=1).sum()
        + drive.max()
    )  # fmt: skip
    close_s = np.minimum(np.asarray(problem.close_s, dtype=np.int64) // unit, horizon_s)
    return Arrays(leg, drive, open_s, close_s, service_s, release_s, horizon_s, unit)


def legs(problem: RoutingProblem) -> Longs:
    """Distances between all nodes, n x n."""
    n = problem.size
    if problem.distance:
        return np.asarray(problem.distance, dtype=np.int64).reshape(n, n)
    exact = _lengths(problem) * problem.scale
    shift = 0.0 if problem.convention is Convention.DIMACS else 0.5
    found: Longs = np.floor(exact + shift).astype(np.int64)
    return found


def _drives(problem: RoutingProblem, leg: Longs) -> Longs:
    """Times between all nodes, n x n; the very array of legs where they are the same."""
    n = problem.size
    if problem.duration:
        return np.asarray(problem.duration, dtype=np.int64).reshape(n, n)
    if problem.distance or problem.convention is not Convention.SINTEF:
        return leg
    found: Longs = np.ceil(_lengths(problem) * problem.scale).astype(np.int64)
    return found


def _lengths(problem: RoutingProblem) -> Any:
    """Straight lines, by operations that have the same bits here and in `RoutingProblem.leg`."""
    x, y = np.asarray(problem.x, dtype=float), np.asarray(problem.y, dtype=float)
    dx, dy = x[:, None] - x[None, :], y[:, None] - y[None, :]
    return np.sqrt(dx * dx + dy * dy)


def amounts(problem: RoutingProblem) -> Longs:
    """Amounts, dimensions x nodes; no row if there is no dimension."""
    shape = (len(problem.amounts), problem.size)
    return np.asarray([list(column) for column in problem.amounts], dtype=np.int64).reshape(shape)
