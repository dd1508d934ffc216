"""A bare fair-share instance: lots, households, who may have what, capacities; and its answer.

Everything is kept in columns of whole numbers, so that the same nouns serve four households and a
million. Meals are counted in *grains*: one meal is `grains_per_meal` grains, chosen so that every
quantity of the instance is whole. Weights are counted in `1 / weight_scale`. Columns may be lists,
arrays or anything else that gives whole numbers by position. Households with the same eligible lots
share a *class*. The level of household *h* that receives *r* grains is

    (past_received[h] + r) / (past_wanted[h] + wanted[h]) / (weight[h] / weight_scale).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from logistics.model.plan import Status


class Column(Protocol):
    """Whole numbers by position: a list, a tuple, an array."""

    def __len__(self) -> int: ...

    def __getitem__(self, position: int, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


@dataclass(frozen=True, slots=True)
class Capacity:
    """At most `grains` of these lots go to these households; None means all of them."""

    id: str
    grains: int
    lots: frozenset[int] | None = None
    households: frozenset[int] | None = None

    def covers(self, lot: int, household: int) -> bool:
        """Whether what this household gets of this lot counts."""
        return (self.lots is None or lot in self.lots) and (
            self.households is None or household in self.households
        )


@dataclass(frozen=True, slots=True)
class Shares:
    """An instance. `integer`: units move in whole multiples of `pack`; else anything can be split.

    Lots: `supply` and `unit_grains` (of one unit) in grains, `pack` in units. Households: `wanted`,
    `past_wanted`, `past_received` in grains, `weight`, and the class in `class_of`; `class_lots[c]`
    are the lots that households of class *c* may have, in rising order. Households that want nothing
    and never did are kept here, but have no level.
    """

    integer: bool
    grains_per_meal: int
    weight_scale: int
    lot_ids: Sequence[str]
    supply: Column
    unit_grains: Column
    pack: Column
    household_ids: Sequence[str]
    wanted: Column
    past_wanted: Column
    past_received: Column
    weight: Column
    class_of: Column
    class_lots: Sequence[tuple[int, ...]]
    capacities: tuple[Capacity, ...] = ()

    def pack_grains(self, lot: int) -> int:
        """Grains of one whole pack."""
        return int(self.unit_grains[lot]) * int(self.pack[lot])

    def usable(self, lot: int) -> int:
        """Grains of a lot that can be given away: whole packs only, where packs are."""
        if not self.integer:
            return int(self.supply[lot])
        size = self.pack_grains(lot)
        return int(self.supply[lot]) // size * size

    def sizes(self) -> list[int]:
        """Grains that each lot, then each capacity, can give at most."""
        lots = [self.usable(lot) for lot in range(len(self.lot_ids))]
        return lots + [capacity.grains for capacity in self.capacities]

    def counts(self, household: int) -> bool:
        """Whether a household has a level at all."""
        return int(self.past_wanted[household]) + int(self.wanted[household]) > 0

    def level(self, household: int, received: Fraction) -> Fraction:
        """Level of a household that receives so many grains."""
        total = int(self.past_wanted[household]) + int(self.wanted[household])
        past = int(self.past_received[household])
        return (
            (past + Fraction(received)) * self.weight_scale / (total * int(self.weight[household]))
        )


@dataclass(frozen=True, slots=True)
class Chain:
    """Proof of a fair share on a flow: tight sets, each within the next, as one step per household.

    The households of steps 0..k are tight set *k*: together they are given exactly what is *cut* at k
    (where packs are, all of one size, sizes are rounded down to whole packs). A lot is cut from
    `lot_from` up to but not including `lot_to`, a capacity from `capacity_from` up to but not
    including `capacity_to`. At every k from a household's step on, each lot it may have is cut, or
    a capacity over that lot and that household is; so the set can receive no more. Step `steps` and
    later is for what is not scarce: households there have all they want.
    """

    steps: int
    household_step: Column
    lot_from: Column
    lot_to: Column
    capacity_from: Column
    capacity_to: Column


@dataclass(frozen=True, slots=True)
class Prices:
    """Proof of one level by linear programming duality, in whole numbers.

    For every household and every lot it may have, the price of the lot and of all capacities over
    both is at least the household's weight; so no plan has a greater weighted sum of receipts than
    the sum of prices times sizes, which this plan attains. Households of positive weight that receive
    anything stand at this level or below; everyone who is short at this level has a positive weight.
    """

    households: Mapping[int, int]
    lots: Mapping[int, int]
    capacities: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class ShareLevel:
    """Households at one level, what is scarce there, and how high the first of them could stand.

    `upper_bound` is proven; it equals `level` where the level is.
    """

    level: Fraction
    households: Column
    lots: tuple[int, ...]
    capacities: tuple[int, ...]
    wanted: bool
    upper_bound: Fraction
    proof: Prices | None = None


@dataclass(frozen=True, slots=True)
class ShareResult:
    """An answer. Household *h* receives `received[h] / scale[h]` grains (at most what it wants).

    Line *i* gives `line_amount[i] / scale[h]` grains of lot `line_lot[i]` to household
    *h* = `line_household[i]`. Levels are sorted from the lowest up.
    """

    status: Status
    engine: str
    received: Column
    scale: Column
    line_household: Column
    line_lot: Column
    line_amount: Column
    levels: tuple[ShareLevel, ...]
    chain: Chain | None = None
    runtime_s: float = field(default=0.0, compare=False)

    def grains(self, household: int) -> Fraction:
        """Grains that a household receives."""
        return Fraction(int(self.received[household]), int(self.scale[household]))
