"""Baskets: all that one household takes in a week, priced exactly by dynamic programming.

A basket keeps its household's own rules in whole packs: one session, the share of each food group (or
a single pack), how many packs of a lot are useful, no pack too many. For a price per pack (of the lots,
kilograms and seats that are scarce) the cheapest basket of every number of grains comes from a bounded
knapsack per food group and the sum over the groups, for all households at once, lot by lot.
The daily limit of cooked meals is left out: what baskets prove holds with it, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logistics.solver.allocation.shape import Shape

Ints = NDArray[np.int64]
Numbers = NDArray[Any]
"""Floating point to search with, whole numbers to prove with."""

NEVER = 1 << 60
"""Price of what is impossible; no sum of prices comes near."""

ANY = 1 << 30
"""Share of a food group that nothing limits."""


@dataclass(frozen=True, slots=True)
class Item:
    """A lot in some modes: their numbers (rising), the option in each, and how many are useful."""

    modes: Ints
    options: Ints
    most: Ints
    grains: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The items of one food group and, per mode, the grains of it that a basket may hold."""

    items: tuple[Item, ...]
    upper: Ints


@dataclass(frozen=True, slots=True)
class Priced:
    """The cheapest baskets: `cost[mode, grains]`, and how they came about."""

    cost: Numbers
    steps: tuple[tuple[list[tuple[Item, NDArray[np.int8]]], Ints, Ints], ...]
    """Per shelf: packs taken of each item, the single pack that stands alone, grains off the shelf."""

    def basket(self, mode: int, grains: int) -> dict[int, int]:
        """Packs per option of the cheapest basket."""
        packs: dict[int, int] = {}
        for items, alone, shares in reversed(self.steps):
            part = int(shares[mode, grains])
            grains -= part
            if alone[mode, part] >= 0:
                packs[int(alone[mode, part])] = 1
                continue
            for item, taken in reversed(items):
                k = int(np.searchsorted(item.modes, mode))
                if k < len(item.modes) and item.modes[k] == mode and taken[k, part]:
                    packs[int(item.options[k])] = int(taken[k, part])
                    part -= int(taken[k, part]) * item.grains
        return packs


class Baskets:
    """The baskets of a shape. A *mode* is a household at one of its sessions (or without seats).

    `needs[mode]` is its need, `seats[mode]` the flag of its seat (-1: none), `width` one more than the
    grains that a basket can hold.
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        modes = list(_modes(shape))
        self.needs = np.array([n for n, _, _ in modes], dtype=np.int64)
        self.seats = np.array([seat for _, seat, _ in modes], dtype=np.int64)
        self.width = max((n.wanted for n in shape.needs), default=0) + max(shape.meals, default=1)
        self.shelves = _shelves(shape, [own for _, _, own in modes])

    def priced(self, prices: Numbers) -> Priced:
        """The cheapest basket of each mode and number of grains at prices per column."""
        total = self._nothing(prices.dtype)
        total[:, 0] = np.append(prices, 0)[self.seats]  # no seat, -1: the 0 at the end
        steps = []
        for shelf in self.shelves:
            part, items, alone = self._filled(shelf, prices)
            total, shares = _summed(total, part)
            steps.append((items, alone, shares))
        total[:, 0] = 0  # who takes nothing needs no seat
        return Priced(total, tuple(steps))

    def _nothing(self, dtype: Any) -> Numbers:
        return np.full((len(self.needs), self.width), NEVER, dtype=dtype)

    def _filled(
        self, shelf: Shelf, prices: Numbers
    ) -> tuple[Numbers, list[tuple[Item, NDArray[np.int8]]], Ints]:
        """The cheapest part of a basket from one shelf, by modes and grains."""
        cost = self._nothing(prices.dtype)
        cost[:, 0] = 0
        taken, large = [], []
        for item in shelf.items:
            alone = item.grains > shelf.upper[item.modes]
            if alone.any():
                large.append(_some(item, alone))
            if not alone.all():
                fitting = _some(item, ~alone)
                taken.append((fitting, self._added(cost, fitting, prices)))
        cost[np.arange(self.width) > shelf.upper[:, None]] = NEVER
        single = np.full(cost.shape, -1, dtype=np.int64)
        for item in large:
            price = prices[item.options]
            better = price < cost[item.modes, item.grains]
            modes = item.modes[better]
            cost[modes, item.grains] = price[better]
            single[modes, item.grains] = item.options[better]
        return cost, taken, single

    def _added(self, cost: Numbers, item: Item, prices: Numbers) -> NDArray[np.int8]:
        """Packs of an item taken for each number of grains; `cost` becomes what it is with them."""
        before = cost[item.modes]
        after = before.copy()
        taken = np.zeros(before.shape, dtype=np.int8)
        price = prices[item.options]
        for packs in range(1, min(int(item.most.max()), (self.width - 1) // item.grains) + 1):
            grains = packs * item.grains
            extra = np.where(item.most >= packs, packs * price, NEVER)
            found = before[:, : self.width - grains] + extra[:, None]
            better = found < after[:, grains:]
            after[:, grains:][better] = found[better]
            taken[:, grains:][better] = packs
        cost[item.modes] = after
        return taken


def _summed(first: Numbers, second: Numbers) -> tuple[Numbers, Ints]:
    """The cheapest sums of two parts, and how many grains come from the second."""
    width = first.shape[1]
    best = np.full_like(first, NEVER)
    shares = np.zeros(first.shape, dtype=np.int64)
    for grains in range(width):
        column = second[:, grains]
        if (column >= NEVER // 2).all():
            continue
        found = first[:, : width - grains] + column[:, None]
        better = found < best[:, grains:]
        best[:, grains:][better] = found[better]
        shares[:, grains:][better] = grains
    return best, shares


def _some(item: Item, chosen: NDArray[np.bool_]) -> Item:
    return Item(item.modes[chosen], item.options[chosen], item.most[chosen], item.grains)


def _modes(shape: Shape) -> Iterator[tuple[int, int, list[int]]]:
    """Need, seat and options of each mode; who may have several seats has one mode without a seat."""
    seat: dict[int, int] = {}
    single: set[int] = set()
    for row in shape.rows:
        if row.cap.kind == "attends":
            seat[row.terms[0][0]] = row.terms[1][0]
        elif row.cap.kind == "sessions_max" and row.upper == 1:
            single |= {i for i, _ in row.terms}
    for n, own in enumerate(shape.members):
        seats = {seat[i] for i in own if i in seat}
        if not seats or (len(seats) > 1 and not seats <= single):
            yield n, -1, list(own)
            continue
        for flag in sorted(seats):
            yield n, flag, [i for i in own if seat.get(i, flag) == flag]


def _shelves(shape: Shape, modes: list[list[int]]) -> tuple[Shelf, ...]:
    """Options by food group (those that nothing limits in one more shelf) and lot."""
    label: dict[int, str] = {}
    upper: dict[int, int] = {}
    for row in shape.rows:
        if row.cap.kind.startswith("group_share_") and row.upper is not None:
            for i, _ in row.terms:
                label[i], upper[i] = row.cap.kind, row.upper
    groups: dict[str, dict[tuple[str, int], list[tuple[int, int]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    limits: dict[str, Ints] = defaultdict(lambda: np.full(len(modes), ANY, dtype=np.int64))
    for mode, own in enumerate(modes):
        seen: dict[str, int] = defaultdict(int)
        for i in own:
            lot, group = shape.options[i].lot_id, label.get(i, "")
            groups[group][lot, seen[lot]].append((mode, i))
            seen[lot] += 1
            limits[group][mode] = upper.get(i, ANY)
    return tuple(
        Shelf(tuple(_item(shape, pairs) for _, pairs in sorted(lots.items())), limits[group])
        for group, lots in sorted(groups.items())
    )


def _item(shape: Shape, pairs: list[tuple[int, int]]) -> Item:
    modes, options = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    most = np.array([shape.most[i] for i in options], dtype=np.int64)
    return Item(modes, options, most, shape.meals[int(options[0])])
