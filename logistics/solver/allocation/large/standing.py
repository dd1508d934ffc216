"""What limits prove about a plan: how far each household could rise, and what is scarce for it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from logistics.model.plan import Cap
from logistics.solver.allocation.events import Freeze
from logistics.solver.allocation.large.arrays import Arrays, Ints
from logistics.solver.allocation.large.separation import SCALE, Limit
from logistics.solver.allocation.shape import Shape

SURE = 1e-6
"""Grains by which amounts are understated where they come from floating-point levels."""


class Standing:
    """The receipts of a plan under limits.

    A plan that is fairer than this one gives everybody who stands below a household just what this one
    gives, and everybody else at least the household's own level. What the limits leave it then is its
    bound; where no bound is above what the plan gives, there is no fairer plan (by induction from the
    lowest level up).
    """

    def __init__(
        self,
        shape: Shape,
        arrays: Arrays,
        limits: Sequence[Limit],
        received: Sequence[int],
        week_floor: Fraction,
    ) -> None:
        self._shape = shape
        self._arrays = arrays
        self._limits = limits
        self._received = np.array(received, dtype=np.int64)
        self._floor = float(week_floor)
        needs = shape.needs
        self._past = np.array([float(need.past_received) for need in needs])
        self._size = np.array([float((n.past_wanted + n.wanted) * n.weight) for n in needs])
        self._level = (self._past + self._received) / np.maximum(self._size, SURE)
        self._fill = np.minimum(self._received / np.maximum(arrays.wanted, 1), self._floor)
        self._weights = np.array([limit.weights for limit in limits], np.int64).reshape(
            len(limits), len(needs)
        )
        self._most = np.array([limit.most for limit in limits], dtype=np.int64)
        self._columns = arrays.matrix.tocsc()

    def freezes(self) -> tuple[Freeze, ...]:
        """Every need below its wish, with its bound and what is scarce for it."""
        short = np.flatnonzero(self._received < self._arrays.wanted)
        return tuple(self._freeze(n) for n in short.tolist())

    def total(self) -> int:
        """Grains that all needs can receive together at most.

        From a limit with weights of at most 1: sum of receipts <= most + sum of (1 - weight) x wanted.
        """
        wanted = self._arrays.wanted
        rest = np.maximum(0, SCALE - self._weights) @ wanted
        totals = (self._most + rest) // SCALE
        return int(min([*totals.tolist(), int(wanted.sum())]))

    def _freeze(self, n: int) -> Freeze:
        least = self._least(n)
        weight = self._weights[:, n]
        got = int(self._received[n])
        bound, tightest = int(self._arrays.wanted[n]), None
        left = self._most - self._weights @ least + weight * least[n]
        for k in np.flatnonzero(weight).tolist():
            if left[k] // weight[k] < bound:
                bound, tightest = int(left[k] // weight[k]), k
        bound = max(value for value in self._shape.values[n] if value <= max(bound, got))
        return Freeze(n, got, bound, "dual" if bound <= got else "search", self._held(n, tightest))

    def _least(self, n: int) -> Ints:
        """What each need receives at least in a plan that is no less fair up to the level of `n`."""
        floors = np.minimum(self._received, _up(self._floor * self._arrays.wanted))
        if self._fill[n] < self._floor - SURE:
            return np.minimum(floors, _up(self._fill[n] * self._arrays.wanted))
        kept = _up(self._level[n] * self._size - self._past)
        return np.maximum(np.minimum(self._received, kept), floors)

    def _held(self, n: int, limit: int | None) -> tuple[Cap, ...]:
        """Rows of the limit in which packs of a need stand; the packs themselves if there are none."""
        household_id = self._shape.needs[n].household_id
        members = list(self._shape.members[n])
        if not members:
            return (Cap("nothing_fits", household_id),)
        rows: Ints = np.zeros(0, dtype=np.int64)
        if limit is not None:
            rows = np.intersect1d(self._columns[:, members].indices, self._limits[limit].rows)
        caps = {self._shape.rows[r].cap for r in rows.tolist()} or {
            Cap("whole_packs", household_id)
        }
        return tuple(sorted(caps, key=lambda cap: (cap.kind, cap.id, cap.storage, cap.day or 0)))


def _up(amounts: NDArray[np.floating]) -> Ints:
    """Rounded up to whole grains, never by an error of the floating point."""
    found: Ints = np.maximum(0, np.ceil(amounts - SURE)).astype(np.int64)
    return found
