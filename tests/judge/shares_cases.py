"""Bare instances worked out by hand, and results made from lines alone, without any solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from logistics.model.plan import Status
from logistics.model.shares import Capacity, Chain, Prices, ShareLevel, ShareResult, Shares

GRAINS = 2
"""Grains of a meal in the town: bread is half a meal."""

NAMES = "abcdefgh"
A, B, C, D, E, F, G, H = range(8)
BREAD, RICE, MILK = range(3)

Line = tuple[int, int, Fraction]
"""Household, lot, grains."""


def town() -> Shares:
    """Eight households, three lots, one capacity.

    bread 4 halves = 2 meals, rice 6 meals, milk 5 meals; milk for d at most 2 meals (C1).

    | household | lots        | wanted | before        | gets | level            |
    | a         | bread       | 8      |               | 2    | 2/8 = 1/4        |
    | b         | rice        | 4      | 2 of 4        | 6/5  | (2 + 6/5)/8 = 2/5|
    | c         | rice        | 8      |               | 16/5 | 2/5              |
    | d         | milk        | 3      |               | 2    | 2/3, held by C1  |
    | e         | bread, rice | 4      |               | 8/5  | 2/5              |
    | f         | milk        | 2      |               | 2    | 1                |
    | g         |             | 0      |               |      | none             |
    | h         |             | 0      | 1 of 4        |      | 1/4              |

    Rice: 6/5 + 16/5 + 8/5 = 6.
    """
    return Shares(
        integer=False,
        grains_per_meal=GRAINS,
        weight_scale=1,
        lot_ids=["bread", "rice", "milk"],
        supply=[4, 12, 10],
        unit_grains=[1, 2, 2],
        pack=[1, 1, 1],
        household_ids=list(NAMES),
        wanted=[16, 8, 16, 6, 8, 4, 0, 0],
        past_wanted=[0, 8, 0, 0, 0, 0, 0, 8],
        past_received=[0, 4, 0, 0, 0, 0, 0, 2],
        weight=[1] * 8,
        class_of=[0, 1, 1, 2, 3, 2, 4, 4],
        class_lots=[(BREAD,), (RICE,), (MILK,), (BREAD, RICE), ()],
        capacities=(Capacity("C1", 4, frozenset({MILK}), frozenset({D})),),
    )


TOWN_LINES: tuple[Line, ...] = (
    (A, BREAD, Fraction(4)),
    (B, RICE, Fraction(12, 5)),
    (C, RICE, Fraction(32, 5)),
    (E, RICE, Fraction(16, 5)),
    (D, MILK, Fraction(4)),
    (F, MILK, Fraction(4)),
)
TOWN_CHAIN = Chain(
    steps=3,
    household_step=[0, 1, 1, 2, 1, 3, 3, 3],
    lot_from=[0, 1, 3],
    lot_to=[3, 3, 3],
    capacity_from=[2],
    capacity_to=[3],
)
"""{a} | bread, then {a, b, c, e} | bread and rice, then d with C1."""

TOWN_PRICES: Mapping[Fraction, Prices] = {
    Fraction(1, 4): Prices({A: 1}, {BREAD: 1}, {}),
    Fraction(2, 5): Prices({A: 1, B: 1, C: 1, E: 1}, {BREAD: 1, RICE: 1}, {}),
    Fraction(2, 3): Prices({D: 1}, {}, {0: 1}),
}


def bakery() -> Shares:
    """Five packs of rice, 2 meals each, for a, b, c who want 3, 5 and 4 meals; a rest of half a pack.

    Levels by packs: a 2/3, 1; b 2/5, 4/5, 1; c 1/2, 1. Events by level left, then by the higher
    level reached: a to 2/3, c to 1/2, b to 2/5, b to 4/5, c to 1; then the packs are gone.
    """
    return Shares(
        integer=True,
        grains_per_meal=1,
        weight_scale=1,
        lot_ids=["rice"],
        supply=[11],
        unit_grains=[1],
        pack=[2],
        household_ids=["a", "b", "c"],
        wanted=[3, 5, 4],
        past_wanted=[0, 0, 0],
        past_received=[0, 0, 0],
        weight=[1, 1, 1],
        class_of=[0, 0, 0],
        class_lots=[(0,)],
    )


BAKERY_LINES: tuple[Line, ...] = ((A, 0, Fraction(2)), (B, 0, Fraction(4)), (C, 0, Fraction(4)))
BAKERY_CHAIN = Chain(1, [0, 0, 0], [0], [1], [], [])


def result_of(
    shares: Shares,
    lines: Sequence[Line],
    chain: Chain | None = None,
    prices: Mapping[Fraction, Prices] | None = None,
    status: Status = Status.OPTIMAL,
) -> ShareResult:
    """The result that these lines make: receipts, levels, and lots used up named as scarce."""
    households = range(len(shares.household_ids))
    given = [sum((x for h, _, x in lines if h == each), Fraction(0)) for each in households]
    received = [min(given[h], Fraction(shares.wanted[h])) for h in households]
    scale = [
        lcm(received[h].denominator, *(x.denominator for k, _, x in lines if k == h))
        for h in households
    ]
    return ShareResult(
        status=status,
        engine="by hand",
        received=[int(received[h] * scale[h]) for h in households],
        scale=scale,
        line_household=[h for h, _, _ in lines],
        line_lot=[lot for _, lot, _ in lines],
        line_amount=[int(x * scale[h]) for h, _, x in lines],
        levels=_levels(shares, lines, received, prices or {}),
        chain=chain,
    )


def _levels(
    shares: Shares,
    lines: Sequence[Line],
    received: Sequence[Fraction],
    prices: Mapping[Fraction, Prices],
) -> tuple[ShareLevel, ...]:
    standing: dict[Fraction, list[int]] = {}
    for household in range(len(shares.household_ids)):
        if shares.counts(household):
            standing.setdefault(shares.level(household, received[household]), []).append(household)
    used_up = {
        lot
        for lot in range(len(shares.lot_ids))
        if sum(x for _, other, x in lines if other == lot) == shares.usable(lot)
    }
    full = {
        k
        for k, capacity in enumerate(shares.capacities)
        if sum(x for h, lot, x in lines if capacity.covers(lot, h)) == capacity.grains
    }
    levels = []
    for level, members in sorted(standing.items()):
        short = [h for h in members if received[h] < shares.wanted[h]]
        reach = {lot for h in short for lot in shares.class_lots[shares.class_of[h]]}
        over = {
            k for k in full for h in short for lot in reach if shares.capacities[k].covers(lot, h)
        }
        levels.append(
            ShareLevel(
                level=level,
                households=members,
                lots=tuple(sorted(reach & used_up)),
                capacities=tuple(sorted(over)),
                wanted=len(short) < len(members),
                upper_bound=level,
                proof=prices.get(level),
            )
        )
    return tuple(levels)
