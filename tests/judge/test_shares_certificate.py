"""Certificates that are tampered with are refused, and no worse plan passes under a sound one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from logistics.judge.shares import verify_shares
from logistics.model.plan import Status
from logistics.model.shares import Capacity, Chain, Prices, ShareResult, Shares
from tests.judge.shares_cases import (
    BAKERY_CHAIN,
    BAKERY_LINES,
    BREAD,
    MILK,
    RICE,
    TOWN_CHAIN,
    TOWN_LINES,
    TOWN_PRICES,
    A,
    B,
    C,
    D,
    E,
    F,
    Line,
    bakery,
    result_of,
    town,
)

QUARTER, TWO_FIFTHS, TWO_THIRDS = Fraction(1, 4), Fraction(2, 5), Fraction(2, 3)


def codes(shares: Shares, result: ShareResult) -> set[str]:
    return {finding.code for finding in verify_shares(shares, result)}


def under(chain: Chain | None = None, **changed: Any) -> ShareResult:
    """The town's result under its chain with something changed."""
    return result_of(town(), TOWN_LINES, replace(chain or TOWN_CHAIN, **changed))


UNCUT = {"chain_loose", "chain_uncovered"}
CHAINS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "c's step lowered": (
        {"household_step": [0, 1, 0, 2, 1, 3, 3, 3]},
        {"chain_loose", "chain_uncovered", "chain_unfair"},  # a is lower than c
    ),
    "c's step raised": (
        {"household_step": [0, 1, 2, 2, 1, 3, 3, 3]},
        {"chain_loose", "chain_unfair"},  # c is lower than d
    ),
    "c in no set": ({"household_step": [0, 1, 3, 2, 1, 3, 3, 3]}, {"chain_loose", "chain_unfair"}),
    "f in a set": (
        {"household_step": [0, 1, 1, 2, 1, 2, 3, 3]},
        {"chain_loose", "chain_uncovered", "chain_unfair"},
    ),
    "bread cut later": ({"lot_from": [1, 1, 3]}, {*UNCUT, "share_held_by"}),
    "rice cut later": ({"lot_from": [0, 2, 3]}, {*UNCUT, "share_held_by"}),
    "rice never cut": ({"lot_from": [0, 3, 3]}, {*UNCUT, "share_held_by"}),
    "rice cut no longer": ({"lot_to": [3, 2, 3]}, {"chain_loose", "chain_uncovered"}),
    "milk cut, too": ({"lot_from": [0, 1, 2]}, {"chain_loose"}),
    "the capacity never cut": ({"capacity_from": [3]}, {*UNCUT, "share_held_by"}),
    "the capacity cut early": ({"capacity_from": [1]}, {"chain_loose"}),
    "a step less": (
        {"steps": 2, "lot_to": [2, 2, 2], "capacity_to": [2]},
        {"chain_unfair"},  # d is short in no set
    ),
    "a step more": ({"steps": 4}, {"chain_uncovered", "chain_loose"}),
    "all in one set": (
        {"household_step": [0, 0, 0, 0, 0, 3, 3, 3], "lot_from": [0, 0, 3], "capacity_from": [0]},
        {"chain_unfair"},  # a is held by those who stand higher
    ),
    "steps of another instance": ({"household_step": [0, 1]}, {"chain_shape"}),
    "no whole steps": ({"lot_from": [0.0, 1.0, 3.0]}, {"chain_shape"}),
    "steps below zero": ({"household_step": [-1, 1, 1, 2, 1, 3, 3, 3]}, {"chain_shape"}),
    "steps without end": ({"steps": 10**12}, {"chain_shape"}),
    "no number of steps": ({"steps": "3"}, {"chain_shape"}),
}


@pytest.mark.parametrize("fault", CHAINS)
def test_a_chain_that_is_tampered_with_is_refused(fault: str) -> None:
    changed, expected = CHAINS[fault]
    assert codes(town(), under(**changed)) == expected


def test_a_split_inside_a_tight_set_is_refused() -> None:
    """Half a meal from e to c: all lots as before, the sets tight, but c now stands above e."""
    lines = [
        *TOWN_LINES[:2],
        (C, RICE, Fraction(37, 5)),
        (E, RICE, Fraction(11, 5)),
        *TOWN_LINES[4:],
    ]
    assert codes(town(), result_of(town(), lines, TOWN_CHAIN)) == {"chain_unfair"}


def test_a_line_moved_out_of_its_set_is_refused() -> None:
    """e eats bread that a needs: {a} is given less than the bread."""
    lines: list[Line] = [
        (A, BREAD, Fraction(3)),
        (E, BREAD, Fraction(1)),
        *TOWN_LINES[1:],
    ]
    assert "chain_loose" in codes(town(), result_of(town(), lines, TOWN_CHAIN))


def test_no_claim_stands_without_a_proof() -> None:
    bare = result_of(town(), TOWN_LINES)
    assert codes(town(), bare) == {"share_unproven"}
    modest = tuple(replace(level, upper_bound=Fraction(1)) for level in bare.levels)
    assert codes(town(), replace(bare, status=Status.TIME_LIMIT, levels=modest)) == set()


def test_a_chain_must_hold_only_the_levels_that_are_claimed() -> None:
    """One step less leaves d open, which is right once its bound says so."""
    chain = replace(TOWN_CHAIN, steps=2)
    result = result_of(town(), TOWN_LINES, chain, status=Status.FEASIBLE)
    open_ended = replace(result.levels[2], upper_bound=Fraction(1))
    levels = (*result.levels[:2], open_ended, result.levels[3])
    assert codes(town(), replace(result, levels=levels)) == set()


def test_chain_and_prices_together() -> None:
    """The chain ends before d, whose level has a proof of its own."""
    chain = replace(TOWN_CHAIN, steps=2)
    proof = {TWO_THIRDS: TOWN_PRICES[TWO_THIRDS]}
    assert codes(town(), result_of(town(), TOWN_LINES, chain, proof)) == set()


PRICES: dict[str, tuple[Fraction, Prices, set[str]]] = {
    "no weight on c": (
        TWO_FIFTHS,
        Prices({A: 1, B: 1, E: 1}, {BREAD: 1, RICE: 1}, {}),
        {"prices_support", "prices_gap"},
    ),
    "a greater weight": (
        TWO_FIFTHS,
        Prices({A: 1, B: 2, C: 1, E: 1}, {BREAD: 1, RICE: 1}, {}),
        {"prices_uncovered", "prices_gap"},
    ),
    "a lower price": (
        TWO_FIFTHS,
        Prices({A: 2, B: 2, C: 2, E: 2}, {BREAD: 2, RICE: 1}, {}),
        {"prices_uncovered", "prices_gap"},
    ),
    "a higher price": (
        TWO_FIFTHS,
        Prices({A: 1, B: 1, C: 1, E: 1}, {BREAD: 1, RICE: 2}, {}),
        {"prices_gap"},
    ),
    "weight on f, who stands higher": (
        TWO_THIRDS,
        Prices({D: 1, F: 1}, {MILK: 1}, {}),
        {"prices_support", "prices_gap"},
    ),
    "the capacity without a price": (TWO_THIRDS, Prices({D: 1}, {}, {}),
                                     {"prices_uncovered", "prices_gap"}),
    "no bread in the bill": (
        TWO_FIFTHS,
        Prices({B: 1, C: 1, E: 1}, {RICE: 1}, {}),
        {"prices_uncovered"},
    ),
    "nothing at all": (QUARTER, Prices({}, {}, {}), {"prices_support"}),
    "prices below zero": (QUARTER, Prices({A: 1}, {BREAD: 2, MILK: -1}, {}), {"prices_shape"}),
    "weights below zero": (QUARTER, Prices({A: -1}, {BREAD: 1}, {}), {"prices_shape"}),
    "an unknown lot": (QUARTER, Prices({A: 1}, {BREAD: 1, 9: 0}, {}), {"prices_shape"}),
    "an unknown household": (QUARTER, Prices({A: 1, 99: 1}, {BREAD: 1}, {}), {"prices_shape"}),
    "an unknown capacity": (QUARTER, Prices({A: 1}, {BREAD: 1}, {1: 1}), {"prices_shape"}),
    "no whole numbers": (QUARTER, Prices({A: 1}, {BREAD: 1.5}, {}), {"prices_shape"}),  # type: ignore[dict-item]
}  # fmt: skip


@pytest.mark.parametrize("fault", PRICES)
def test_prices_that_are_tampered_with_are_refused(fault: str) -> None:
    level, prices, expected = PRICES[fault]
    result = result_of(town(), TOWN_LINES, None, {**TOWN_PRICES, level: prices})
    assert codes(town(), result) == expected


def test_prices_in_other_units_are_as_good() -> None:
    """Thrice all prices and weights prove the same."""
    thrice = {
        level: Prices(*({k: 3 * n for k, n in numbers.items()} for numbers in parts(prices)))
        for level, prices in TOWN_PRICES.items()
    }
    assert codes(town(), result_of(town(), TOWN_LINES, None, thrice)) == set()


def parts(prices: Prices) -> tuple[Any, Any, Any]:
    return prices.households, prices.lots, prices.capacities


def test_overlapping_capacities_are_covered_by_their_sum() -> None:
    """One lot of 10 meals for a and b, who want 5 each; a at most 4, both together at most 6.

    a and b share the 6: 3 each, 3/5. Weights 1 and 1 are paid by the capacity over both.
    """
    shares = replace(
        bakery(),
        integer=False,
        supply=[10],
        pack=[1],
        household_ids=["a", "b"],
        wanted=[5, 5],
        past_wanted=[0, 0],
        past_received=[0, 0],
        weight=[1, 1],
        class_of=[0, 0],
        capacities=(
            Capacity("a", 4, None, frozenset({A})),
            Capacity("both", 6, frozenset({0}), None),
        ),
    )
    lines = [(A, 0, Fraction(3)), (B, 0, Fraction(3))]
    by_both = Prices({A: 1, B: 1}, {}, {1: 1})
    assert codes(shares, result_of(shares, lines, None, {Fraction(3, 5): by_both})) == set()
    by_one = Prices({A: 1, B: 1}, {}, {0: 1})
    assert "prices_uncovered" in codes(
        shares, result_of(shares, lines, None, {Fraction(3, 5): by_one})
    )
    chain = Chain(1, [0, 0], [1], [1], [1, 0], [1, 1])
    assert codes(shares, result_of(shares, lines, chain)) == set()
    not_both = replace(chain, capacity_from=[0, 1])
    assert {"chain_loose", "chain_uncovered"} <= codes(shares, result_of(shares, lines, not_both))


def test_packs_that_are_better_spared_are_found() -> None:
    """c gives one of its packs to a: the lowest falls from 2/3 to 1/2, though the sum is as before."""
    lines = [(A, 0, Fraction(4)), (B, 0, Fraction(4)), (C, 0, Fraction(2))]
    assert codes(bakery(), result_of(bakery(), lines, BAKERY_CHAIN)) == {"chain_unfair"}


def test_among_equals_the_pack_goes_where_it_lifts_most() -> None:
    """One pack of 2 meals: to a (0 to 2/3) is better than to b (0 to 2/5)."""
    shares = replace(bakery(), supply=[2])
    to_a = result_of(shares, [(A, 0, Fraction(2))], BAKERY_CHAIN)
    assert codes(shares, to_a) == set()
    to_b = result_of(shares, [(B, 0, Fraction(2))], BAKERY_CHAIN)
    assert codes(shares, to_b) == {"chain_unfair"}


def test_capacities_hold_whole_packs_only() -> None:
    """At most 9 meals are 4 packs of 2: a one, b two, c one; the capacity is cut, the rice is not."""
    shares = replace(bakery(), capacities=(Capacity("C1", 9, None, None),))
    lines = [(A, 0, Fraction(2)), (B, 0, Fraction(4)), (C, 0, Fraction(2))]
    result = result_of(shares, lines, Chain(1, [0, 0, 0], [1], [1], [0], [1]))
    named = tuple(replace(level, capacities=(0,)) for level in result.levels)
    assert codes(shares, replace(result, levels=named)) == set()


def test_a_chain_proves_nothing_where_packs_differ() -> None:
    shares = replace(
        bakery(),
        lot_ids=["rice", "oats"],
        supply=[11, 3],
        unit_grains=[1, 1],
        pack=[2, 3],
        class_lots=[(0,)],
    )
    result = result_of(shares, BAKERY_LINES, Chain(1, [0, 0, 0], [0, 1], [1, 1], [], []))
    assert codes(shares, result) == {"chain_packs"}
    assert codes(shares, replace(result, chain=None)) == set()
