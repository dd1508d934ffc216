"""Fair shares whose answers others have published, as bare instances.

A household's *rate* is what a meal is worth to it there: the weight is set to a constant over rate x
wanted, so that levels stand in the proportions of rate x received.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import pytest

from logistics.judge.shares import verify_shares
from logistics.model.plan import Status
from logistics.model.shares import Capacity, Shares
from logistics.solver.shares import solve

THIRD = Fraction(1, 3)


@dataclass(frozen=True)
class Published:
    """An instance in grains, and what each household receives in the published answer."""

    source: str
    shares: Shares
    received: tuple[Fraction | int, ...]


def instance(
    supply: Sequence[int],
    wanted: Sequence[int],
    rates: Sequence[Fraction | int] = (),
    lots_of: Sequence[tuple[int, ...]] = (),
    *,
    integer: bool = False,
    capacities: tuple[Capacity, ...] = (),
) -> Shares:
    """A bare instance; without `lots_of` all may have everything, without `rates` weights are 1."""
    lots_of = lots_of or [tuple(range(len(supply)))] * len(wanted)
    worth = (
        [Fraction(rate) * wish for rate, wish in zip(rates, wanted, strict=True)] if rates else []
    )
    common = lcm(*(w.numerator for w in worth), *(w.denominator for w in worth))
    weights = [common / w for w in worth] or [Fraction(1)] * len(wanted)
    scale = lcm(*(weight.denominator for weight in weights))
    return Shares(
        integer=integer,
        grains_per_meal=1,
        weight_scale=scale,
        lot_ids=[f"L{k}" for k in range(len(supply))],
        supply=list(supply),
        unit_grains=[1] * len(supply),
        pack=[1] * len(supply),
        household_ids=[f"H{h}" for h in range(len(wanted))],
        wanted=list(wanted),
        past_wanted=[0] * len(wanted),
        past_received=[0] * len(wanted),
        weight=[int(weight * scale) for weight in weights],
        class_of=list(range(len(wanted))),
        class_lots=list(lots_of),
        capacities=capacities,
    )


def equal_awards(claims: Sequence[int], estate: int) -> Shares:
    """One estate, and a unit is worth the same to everybody."""
    return instance([estate], claims, [1] * len(claims))


def link(name: str, *flows: int) -> Capacity:
    """A link of capacity 1 that these flows share."""
    return Capacity(name, 1, None, frozenset(flows))


KESHAV = "Keshav, An Engineering Approach to Computer Networking (1997), pages 215-217"
CEA = "Wikipedia, 'Constrained equal awards', after Thomson 2003, doi:10.1016/S0165-4896(02)00070-7"
FAIRPY = "fairpy, items/leximin.py, doctests of leximin_optimal_allocation"

CASES = [
    # In tenths: 100 among wishes of 20, 26, 40, 50. 25 each leaves 5 over, 26 2/3 each 2/3: 27, 27.
    Published(f"{KESHAV}, example 1", equal_awards([20, 26, 40, 50], 100), (20, 26, 27, 27)),
    # 16 as 5 : 8 : 1 : 2 is more than 4 and 2; what they leave fills the fourth, too: 6 for the third.
    Published(
        f"{KESHAV}, example with weights",
        instance([16], [4, 2, 10, 4], [Fraction(2, 5), Fraction(1, 4), 2, 1]),
        (4, 2, 6, 4),
    ),
    Published(CEA, equal_awards([60, 90], 100), (50, 50)),
    Published(CEA, equal_awards([40, 80], 100), (40, 60)),
    Published(CEA, equal_awards([50, 100, 150], 100), (100 * THIRD,) * 3),
    Published(CEA, equal_awards([50, 100, 150], 200), (50, 75, 75)),
    Published(CEA, equal_awards([50, 100, 150], 300), (50, 100, 150)),
    Published(CEA, equal_awards([100, 200, 300], 300), (100, 100, 100)),
    Published(CEA, equal_awards([100, 200, 300], 500), (100, 200, 200)),
    # Three wives with 100, 200, 300: of an estate of 300 each has half, which is in proportion.
    Published(
        "Mishnah Ketubot 93a in Aumann and Maschler 1985, doi:10.1016/0022-0531(85)90102-4",
        instance([300], [100, 200, 300]),
        (50, 100, 150),
    ),
    # [[5, 0], [3, 3]]: three quarters of the first object are worth 3.75, and so are 5 / 4 at 3 each.
    Published(
        FAIRPY, instance([4, 4], [8, 8], [5, 3], [(0,), (0, 1)]), (3, 5)
    ),  # an object is 4 grains here
    Published(FAIRPY, instance([1, 1], [2, 2], [3, 5], [(0,), (0, 1)]), (1, 1)),
    Published(
        FAIRPY,
        instance([1, 1, 1], [3, 3, 3], [3, 4, 5], [(0,), (1,), (0, 1, 2)]),
        (1, 1, 1),
    ),
    # [[4,0,0],[0,3,0],[5,5,10],[5,5,10]]: the third object counts as two of 5; utilities 4, 3, 5, 5.
    Published(
        FAIRPY,
        instance([1, 1, 2], [4] * 4, [4, 3, 5, 5], [(0,), (1,), (0, 1, 2), (0, 1, 2)]),
        (1, 1, 1, 1),
    ),
    # Alice values objects 0, 2, 3 at 1/3, George 0, 1, 2 at 1: utilities 1 and 1.
    Published(
        "cvxpy-leximin, tests/test_problem.py, test_leximin_3",
        instance([1] * 4, [4, 4], [THIRD, 1], [(0, 2, 3), (0, 1, 2)]),
        (3, 1),
    ),
    # Seven servers worth 10, 15 and 8 a piece: 2, 2, 3 make 20, 30, 24.
    Published(
        "cvxpy-leximin, problem.py, example 3",
        instance([7], [7, 7, 7], [10, 15, 8], integer=True),
        (2, 2, 3),
    ),
    # Links AC, BC, CE, DE of capacity 1; flows A-C-E, B-C, B-C, D-E, B-C-E: BC holds three at 1/3,
    # CE leaves 2/3 to the first, DE is the fourth's alone.
    Published(
        "Bertsekas and Gallager, Data Networks (1992), section 6.5.2, max-min fair flow control",
        instance(
            [5],
            [5] * 5,
            capacities=(link("AC", 0), link("BC", 1, 2, 4), link("CE", 0, 4), link("DE", 3)),
        ),
        (2 * THIRD, THIRD, THIRD, 1, THIRD),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.source)
def test_the_published_answer_is_ours_and_proven(case: Published) -> None:
    result = solve(case.shares)
    assert tuple(result.grains(h) for h in range(len(case.received))) == case.received
    assert result.status is Status.OPTIMAL
    assert verify_shares(case.shares, result) == []
