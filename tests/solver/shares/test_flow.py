"""Exact leximin of instances that are flows: tight sets, history, weights, nested capacities."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.judge.shares import verify_shares
from logistics.model.plan import Status
from logistics.model.shares import Shares
from logistics.solver.shares import solve
from logistics.solver.shares.flow import flow_leximin
from logistics.solver.shares.ladder import Discrete
from tests.solver.shares.instances import (
    best_of_all,
    instance,
    levels,
    shares_strategy,
    sorted_levels,
    times,
)


def test_a_shortage_is_shared_in_proportion_to_the_wishes() -> None:
    # 6 meals for 4 + 8 wishes: everybody at 6/12 = 1/2, that is 2 and 4 meals.
    shares = instance({"x": 6}, {"a": 4, "b": 8}, {"a": "x", "b": "x"})
    result = solve(shares)
    assert levels(shares, result) == {"a": "1/2", "b": "1/2"}
    assert [result.grains(h) for h in range(2)] == [2, 4]
    assert result.status is Status.OPTIMAL
    assert result.levels[0].lots == (0,)


def test_who_can_reach_little_is_a_tight_set_of_its_own() -> None:
    # a reaches only x (1 meal): 1/4. b and c have y (6) to themselves: 6/8 = 3/4.
    shares = instance({"x": 1, "y": 6}, {"a": 4, "b": 4, "c": 4}, {"a": "x", "b": "xy", "c": "y"})
    result = solve(shares)
    assert levels(shares, result) == {"a": "1/4", "b": "3/4", "c": "3/4"}
    assert [level.lots for level in result.levels] == [(0,), (0, 1)]
    assert result.chain is not None
    assert list(result.chain.household_step) == [0, 1, 1]


def test_history_counts_and_who_was_served_well_waits() -> None:
    # a had 6 of 6, b 0 of 6; both want 6, 6 meals are there. b alone can reach (0 + 6)/12 = 1/2,
    # where a stands already with nothing: (6 + 0)/12.
    shares = instance({"x": 6}, {"a": (6, 6, 6, 1), "b": (6, 6, 0, 1)}, {"a": "x", "b": "x"})
    result = solve(shares)
    assert levels(shares, result) == {"a": "1/2", "b": "1/2"}
    assert [result.grains(h) for h in range(2)] == [0, 6]


def test_weights_raise_what_a_household_is_due() -> None:
    # Levels are divided by weight: b (weight 2) stands at r/4/2, so 6 meals go 2 : 4.
    shares = instance({"x": 6}, {"a": (4, 0, 0, 1), "b": (4, 0, 0, 2)}, {"a": "x", "b": "x"})
    assert levels(shares, solve(shares)) == {"a": "1/2", "b": "1/2"}
    assert [solve(shares).grains(h) for h in range(2)] == [2, 4]


def test_nested_capacities_stay_within_the_flow() -> None:
    # The fridge holds 3 of y and z; the shelf of b and c takes 2 of x. a: 4 of x. b, c: 2 + 3 = 5.
    shares = instance(
        {"x": 9, "y": 4, "z": 4},
        {"a": 4, "b": 5, "c": 5},
        {"a": "x", "b": "xyz", "c": "xyz"},
        {"fridge": (3, "yz", None), "shelf": (2, "x", "bc")},
    )
    result = solve(shares)
    assert levels(shares, result) == {"b": "1/2", "c": "1/2", "a": "1"}
    assert result.engine.startswith("flow")
    assert result.levels[0].capacities == (0, 1)


def test_whole_packs_of_one_size_go_by_the_level_they_leave() -> None:
    # 3 packs of 2. a wants 2, b wants 6: a pack lifts a from 0 to 1, b from 0 to 1/3. Each gets its
    # first (both leave 0); the last lifts b from 1/3 to 2/3.
    shares = instance({"x": 7}, {"a": 2, "b": 6}, {"a": "x", "b": "x"}, packs=[2], integer=True)
    assert levels(shares, solve(shares)) == {"b": "2/3", "a": "1"}


@pytest.mark.parametrize(
    ("households", "expected"),
    [
        ({}, {}),
        ({"a": 0}, {}),
        ({"a": (0, 4, 1, 1)}, {"a": "1/4"}),
        ({"a": 3}, {"a": "0"}),
    ],
)
def test_edges(households: dict[str, int], expected: dict[str, str]) -> None:
    shares = instance({"x": 5}, households, {})
    result = solve(shares)
    assert levels(shares, result) == expected
    assert verify_shares(shares, result) == []


@given(shares_strategy(capacities=0))
@settings(max_examples=80, deadline=None)
def test_huge_numbers_change_nothing(shares: Shares) -> None:
    plain = solve(shares)
    for factor in (2**53 - 1, 10**25):
        huge = solve(times(shares, factor))
        assert [level.level for level in huge.levels] == [level.level for level in plain.levels]
        assert verify_shares(times(shares, factor), huge) == []


@given(shares_strategy(integer=True, households=4, lots=3, capacities=2))
@settings(max_examples=80, deadline=None)
def test_unit_packs_equal_brute_force(shares: Shares) -> None:
    found = flow_leximin(shares)
    assert found is not None
    if not found.broken:
        assert sorted_levels(shares, found.received.tolist()) == best_of_all(shares)


@given(shares_strategy(integer=True, households=4, lots=4, capacities=3))
@settings(max_examples=80, deadline=None)
def test_only_packs_near_the_split_answer_need_an_order(shares: Shares) -> None:
    plain = flow_leximin(shares)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Discrete, "too_long", staticmethod(lambda wanted, _: len(wanted) > 0))
        near = flow_leximin(shares)
    assert plain is not None
    assert near is not None
    assert sorted_levels(shares, near.received.tolist()) == sorted_levels(
        shares, plain.received.tolist()
    )


@given(shares_strategy(), st.integers(1, 1000))
@settings(max_examples=60, deadline=None)
def test_levels_do_not_depend_on_the_unit(shares: Shares, factor: int) -> None:
    small, large = solve(shares), solve(times(shares, factor))
    for h in range(len(shares.household_ids)):
        assert small.grains(h) * factor == large.grains(h)
    assert Fraction(0) <= min((level.level for level in small.levels), default=Fraction(0))
