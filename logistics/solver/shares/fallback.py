"""A plan that keeps everything when the proof did not come: fair where it can be, and said so."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from logistics.model.shares import Shares
from logistics.solver.shares.flow import Flowed
from logistics.solver.shares.network import Classes
from logistics.solver.shares.program import Matrix

Amounts = list[Fraction]


class Space:
    """What lots and capacities hold, and which of them a pair of class and lot uses."""

    def __init__(self, shares: Shares, matrix: Matrix) -> None:
        lots = len(shares.lot_ids)
        self.of_class = matrix.of_class.tolist()
        self.uses: list[list[int]] = [[lot] for lot in matrix.lot.tolist()]
        for k, j in zip(matrix.capacity.tolist(), matrix.pair.tolist(), strict=True):
            self.uses[j].append(lots + k)
        self.sizes = [Fraction(size) for size in shares.sizes()]

    def left(self, amounts: Sequence[Fraction]) -> list[Fraction]:
        """What is left of lots and capacities, negative where too much is taken."""
        found = list(self.sizes)
        for amount, used in zip(amounts, self.uses, strict=True):
            if amount:
                for r in used:
                    found[r] -= amount
        return found

    def fitted(self, amounts: Amounts) -> Amounts:
        """Amounts scaled down wherever a lot or capacity holds too little."""
        found = list(amounts)
        for r, rest in enumerate(self.left(found)):
            if rest >= 0:
                continue
            inside = [j for j, used in enumerate(self.uses) if r in used and found[j]]
            total = sum((found[j] for j in inside), Fraction(0))
            if total > self.sizes[r]:
                for j in inside:
                    found[j] *= self.sizes[r] / total
        return found

    def topped_up(
        self, amounts: Amounts, asked: Sequence[Fraction], order: Sequence[int]
    ) -> Amounts:
        """Give classes, in this order, what is left towards what they ask."""
        found, left = list(amounts), self.left(amounts)
        own: dict[int, list[int]] = {}
        given = [Fraction(0)] * len(asked)
        for j, c in enumerate(self.of_class):
            own.setdefault(c, []).append(j)
            given[c] += found[j]
        for c in order:
            for j in own.get(c, ()):
                more = min(asked[c] - given[c], *(left[r] for r in self.uses[j]))
                if more > 0:
                    found[j] += more
                    given[c] += more
                    for r in self.uses[j]:
                        left[r] -= more
        return found


def amounts_of_flow(flowed: Flowed, matrix: Matrix, classes: Classes) -> Amounts:
    """What the flow's answer gives to each pair, with no regard to the capacities that it breaks."""
    place = {
        pair: j
        for j, pair in enumerate(zip(matrix.of_class.tolist(), matrix.lot.tolist(), strict=True))
    }
    found = [Fraction(0)] * len(place)
    household = np.asarray(flowed.line_household)
    for c, lot, amount, scale in zip(
        classes.of[household].tolist(),
        flowed.line_lot.tolist(),
        flowed.line_amount.tolist(),
        flowed.scale[household].tolist(),
        strict=True,
    ):
        found[place[c, lot]] += Fraction(int(amount), int(scale))
    return found
