"""Which calls a relaxation counts, and multipliers of its rows in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logistics.solver.routing.day import Day
from logistics.solver.routing.proof.graph import SCALE, Ints


@dataclass
class Rows:
    """Calls that must be made or paid for, and collections that must be made for deliveries.

    The last row counts trips. A task's price is paid once for all of its `calls`, so their multipliers
    add up to at most that.
    """

    day: Day
    prices: dict[int, int]
    calls: list[int]
    needs: list[tuple[int, int]]
    trips: int = 0

    @classmethod
    def of(cls, day: Day, undriveable: set[int], prices: dict[int, int], trips: int = 0) -> Rows:
        """Rows of a day without what is in no plan.

        Args:
            day: the day.
            undriveable: tasks that are in no plan.
            prices: of the tasks that are wanted.
            trips: how many there are at least in a plan that is worth finding.
        """
        wanted = {t: price for t, price in prices.items() if t not in undriveable and price > 0}
        needs = [
            (task.points[-1], day.tasks[n].points[0])
            for t, task in enumerate(day.tasks)
            if t not in undriveable
            for n in sorted(task.needs)
        ]
        return cls(day, wanted, [p for t in wanted for p in day.tasks[t].points], needs, trips)

    @property
    def size(self) -> int:
        """Number of multipliers."""
        return len(self.calls) + len(self.needs) + 1

    def whole(self, multipliers: NDArray[np.float64]) -> Ints:
        """Multipliers in `1 / SCALE`, within their limits."""
        whole: Ints = np.rint(np.maximum(multipliers, 0) * SCALE).astype(np.int64)
        first = 0
        for t, price in self.prices.items():
            part = slice(first, first + len(self.day.tasks[t].points))
            first, in_all = part.stop, int(whole[part].sum())
            if in_all > price * SCALE:
                whole[part] = [int(y) * price * SCALE // in_all for y in whole[part]]
        return whole

    def prize(self, whole: Ints) -> Ints:
        """What each call earns."""
        prize = np.zeros(len(self.day.points), dtype=np.int64)
        prize[self.calls] = whole[: len(self.calls)]
        for (p, n), y in zip(self.needs, whole[len(self.calls) : -1], strict=True):
            prize[p] -= y
            prize[n] += y
        return prize
