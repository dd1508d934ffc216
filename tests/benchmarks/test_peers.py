"""Peers: by hand on four households, and against our exact engines on small cities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.cities import Caps, City, city
from benchmarks.peers import (
    PEERS,
    GaveUp,
    Rows,
    equal_split,
    first_come,
    ordered_outcomes,
    proportional_split,
    saturation,
    willson,
    wishes,
)
from logistics.model.plan import Status
from logistics.model.shares import Capacity, Shares
from logistics.solver.shares import solve

CITIES = {
    "plain": City(60, seed=1),
    "history": City(40, seed=2, history=True),
    "nested": City(60, seed=3, caps=Caps.NESTED),
    "overlapping": City(60, seed=4, caps=Caps.OVERLAPPING),
}
HAMLETS = {name: replace(wish, households=7) for name, wish in CITIES.items()}
"""For cvxpy-leximin, which takes ten seconds for 17 classes."""
EXACT = ["LP saturation", "cvxpy-leximin, ordered outcomes"]


def small(*capacities: Capacity) -> Shares:
    """Ten meals that all may have and six that only the last may; wishes 2, 6, 4, 8."""
    return Shares(
        integer=False,
        grains_per_meal=1,
        weight_scale=1,
        lot_ids=["rice", "fish"],
        supply=[10, 6],
        unit_grains=[1, 1],
        pack=[1, 1],
        household_ids=["A", "B", "C", "D"],
        wanted=[2, 6, 4, 8],
        past_wanted=[0] * 4,
        past_received=[0] * 4,
        weight=[1] * 4,
        class_of=[0, 0, 0, 1],
        class_lots=[(0,), (0, 1)],
        capacities=capacities,
    )


def test_first_come_leaves_the_late_with_what_is_left() -> None:
    # A 2, B 6, C the last 2 of the rice; D the fish.
    assert first_come(small()).tolist() == [2, 6, 2, 6]


def test_equal_parts_go_on_to_those_who_lack_more() -> None:
    # Rice: 2.5 each is more than A lacks, so 8 / 3 for the others. Fish: D lacks 16 / 3 and gets it.
    assert equal_split(small()) == pytest.approx([2, 8 / 3, 8 / 3, 8])


def test_proportional_parts_follow_what_is_lacking() -> None:
    # Rice: 10 for 20 that are wanted, one half each. Fish: 6 for the 4 that D still lacks.
    assert proportional_split(small()) == pytest.approx([1, 3, 2, 8])


def test_a_capacity_shrinks_the_parts_that_it_covers() -> None:
    room = Capacity("room", 2, None, frozenset({1, 2}))
    # First come: B takes both meals that the room holds. In proportion: 3 and 2 shrink to 6/5 and 4/5.
    assert first_come(small(room)).tolist() == [2, 2, 0, 8]
    assert proportional_split(small(room)) == pytest.approx([1, 6 / 5, 4 / 5, 8])


@pytest.mark.parametrize("kind", CITIES)
@pytest.mark.parametrize("name", PEERS)
def test_no_peer_gives_more_than_there_is_or_stands_higher(name: str, kind: str) -> None:
    wish = CITIES[kind]
    if name.startswith("cvxpy"):
        wish = HAMLETS[kind]
    shares = city(wish)
    received = PEERS[name](shares)
    exact = solve(shares)
    assert exact.status is Status.OPTIMAL
    assert (received >= -1e-6).all()
    assert (received <= np.asarray(shares.wanted) + 1e-6).all()
    assert received.sum() <= sum(shares.supply) + 1e-6
    past = np.asarray(shares.past_received)
    levels, best = (
        np.sort(((past + given) / wishes(shares)).astype(float))
        for given in (received, np.asarray(exact.received) / np.asarray(exact.scale))
    )
    assert levels[0] <= best[0] + 1e-6
    if name in EXACT:
        assert levels == pytest.approx(best, abs=1e-6)


def test_one_method_of_cvxpy_leximin_stops_within_a_hundredth() -> None:
    """Rice 500 for A; fish 504 for B and C; tofu 508 for C alone: 500, 504, 508 is fairest.

    B could rise by less than a hundredth beside A, counts as stuck there, and C takes fish beside tofu.
    """
    shares = replace(
        small(),
        lot_ids=["rice", "fish", "tofu"],
        supply=[500, 504, 508],
        unit_grains=[1] * 3,
        pack=[1] * 3,
        household_ids=["A", "B", "C"],
        wanted=[1000] * 3,
        past_wanted=[0] * 3,
        past_received=[0] * 3,
        weight=[1] * 3,
        class_of=[0, 1, 2],
        class_lots=[(0,), (1,), (1, 2)],
    )
    assert ordered_outcomes(shares) == pytest.approx([500, 504, 508], abs=1e-3)
    assert saturation(shares) == pytest.approx([500, 504, 508], abs=1e-3)
    assert willson(shares)[1] == pytest.approx(500, abs=1e-3)


def test_rows_are_classes_only_where_members_stand_at_one_level() -> None:
    alike, unlike = city(City(200, seed=1)), city(City(200, seed=1, history=True))
    assert len(Rows(alike).first) == len(alike.class_lots)
    assert len(Rows(unlike).first) == 200


def test_a_program_without_an_answer_is_given_up() -> None:
    with pytest.raises(GaveUp):
        saturation(small(Capacity("broken", -1)))
