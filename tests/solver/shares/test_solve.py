"""Any instance: the engine that fits, an answer that the judge accepts, levels as they must be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from logistics.judge.shares import verify_shares
from logistics.model.errors import InvalidFact
from logistics.model.plan import Status
from logistics.model.shares import Shares
from logistics.solver.shares import solve
from tests.solver.shares.instances import (
    best_of_all,
    instance,
    levels,
    shares_strategy,
    sorted_levels,
)
from tests.solver.shares.saturation import saturated


def overlapping() -> Shares:
    """x (1 meal) for a and b, y (1 meal) for c; a and c together may have 1 meal.

    No flow: {a} alone fills 1 and then nobody else can move, while {b, c} have 2 in all. With a = t:
    b = 1 - t and c = 1 - t, so that t = 1/2.
    """
    return instance(
        {"x": 1, "y": 1},
        {"a": 1, "b": 1, "c": 1},
        {"a": "x", "b": "x", "c": "y"},
        {"car": (1, None, "ac")},
    )


def test_overlapping_capacities_go_to_linear_programs() -> None:
    result = solve(overlapping())
    assert levels(overlapping(), result) == {"a": "1/2", "b": "1/2", "c": "1/2"}
    assert result.engine.startswith("linear programs (GLOP)")
    assert result.status is Status.OPTIMAL
    proof = result.levels[0].proof
    assert proof is not None
    # Lot x: a + b <= 1; car: a + c <= 1. Both at price 1 weigh a, b and c, and are attained at 1/2.
    assert set(proof.households) == {0, 1, 2}
    assert verify_shares(overlapping(), result) == []


def test_large_programs_go_to_highs_with_the_same_exact_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("logistics.solver.shares.program.GLOP_PAIRS", 2)
    result = solve(overlapping())
    assert result.engine.startswith("linear programs (HiGHS)")
    assert result.status is Status.OPTIMAL
    assert levels(overlapping(), result) == {"a": "1/2", "b": "1/2", "c": "1/2"}
    assert verify_shares(overlapping(), result) == []


def test_without_time_for_the_proof_the_plan_still_keeps_everything() -> None:
    result = solve(overlapping(), seconds=0.0)
    assert result.status is Status.TIME_LIMIT
    assert "out of time" in result.engine
    assert sum(result.grains(h) for h in range(3)) > 0
    assert [f.code for f in verify_shares(overlapping(), result)] == []
    assert all(level.upper_bound >= level.level for level in result.levels)


def test_a_household_beside_a_shelter_is_answered_as_exactly() -> None:
    # The shelter c wants a million times what a and b want; all of them stop at 1/2, as above.
    big = 10**6
    shares = instance(
        {"x": 2, "y": big},
        {"a": 2, "b": 2, "c": 2 * big},
        {"a": "x", "b": "x", "c": "y"},
        {"car": (big + 1, None, "ac"), "hall": (big, None, "bc")},
    )
    result = solve(shares)
    assert result.status is Status.OPTIMAL
    assert verify_shares(shares, result) == []


def test_capacities_that_are_kept_anyway_stay_with_the_flow() -> None:
    roomy = replace(overlapping(), capacities=(replace(overlapping().capacities[0], grains=2),))
    result = solve(roomy)
    assert result.engine.startswith("flow")
    assert levels(roomy, result) == {"a": "1/2", "b": "1/2", "c": "1"}


def test_packs_of_several_sizes() -> None:
    # One pack of 3 and one of 2 for a (wants 3) and b (wants 4): a 2 -> 2/3 and b 3 -> 3/4 beats
    # a 3 -> 1 and b 2 -> 1/2.
    shares = instance(
        {"x": 3, "y": 2}, {"a": 3, "b": 4}, {"a": "xy", "b": "xy"}, packs=[3, 2], integer=True
    )
    result = solve(shares)
    assert levels(shares, result) == {"a": "2/3", "b": "3/4"}
    assert result.engine.startswith("raise and freeze")
    assert result.status is Status.OPTIMAL
    assert verify_shares(shares, result) == []


def test_wishes_too_large_to_be_listed_are_refused_in_words() -> None:
    shares = instance({"x": 3, "y": 2}, {"a": 3_000_000}, {"a": "xy"}, packs=[3, 2], integer=True)
    with pytest.raises(InvalidFact, match="Household a: wants 3000000"):
        solve(shares)


@given(shares_strategy(capacities=4))
@settings(max_examples=120, deadline=None)
def test_anything_that_can_be_split_is_proven_and_right(shares: Shares) -> None:
    result = solve(shares)
    assert verify_shares(shares, result) == []
    assert result.status is Status.OPTIMAL
    for h, amount in saturated(shares).items():
        assert float(result.grains(h)) == pytest.approx(amount, abs=1e-5)


@given(shares_strategy(integer=True, households=4, lots=3, capacities=2, pack=3))
@settings(max_examples=60, deadline=None)
def test_whole_packs_equal_brute_force(shares: Shares) -> None:
    result = solve(shares)
    assert verify_shares(shares, result) == []
    received = [result.grains(h) for h in range(len(shares.household_ids))]
    assert sorted_levels(shares, received) == best_of_all(shares)
    assert result.status is Status.OPTIMAL
