"""Baskets: the cheapest are cheapest, and what their mixes refute no whole packs reach."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from logistics.model.problem import WeekProblem
from logistics.solver.allocation.events import Event, Tie
from logistics.solver.allocation.packs.baskets import NEVER, Baskets
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.packs.columns import Columns
from logistics.solver.allocation.packs.matrix import Matrix
from logistics.solver.allocation.shape import Shape
from tests import weeks
from tests.solver.allocation.packs.test_integer import tiny_weeks
from tests.solver.allocation.tiny import MANY, choices, shape_of

# One pack of 4 meals, A and B want 4 each.
ONE_PACK = shape_of(
    weeks.week([weeks.lot("L", 4, pack=4)], [weeks.household("A", 4), weeks.household("B", 4)])
)


def feasible(shape: Shape) -> list[tuple[int, ...]]:
    """All packs that keep the rows."""
    ranges = [range(most + 1) for most in shape.most] + [range(2) for _ in shape.flags]
    return [packs for packs in product(*ranges) if keeps_rows(shape, packs)]


def test_a_pack_that_split_packs_would_share_is_refuted() -> None:
    # Split in half it gives each 2 meals; whole it gives one of them 4.
    matrix = Matrix(ONE_PACK)
    columns = Columns(matrix)
    extra, _ = matrix.ladder([2, 2], ())
    assert matrix.split(extra, 5.0).columns is not None
    assert columns.mix(columns.asked([2, 2]), 5.0).impossible
    assert not columns.mix(columns.asked([4, 0]), 5.0).impossible


def test_a_tie_is_refuted_where_too_many_shall_rise() -> None:
    columns = Columns(Matrix(ONE_PACK))
    needs = ONE_PACK.needs
    rise = tuple(Event(n, 0, 4, needs[n].level(0), needs[n].level(4)) for n in (0, 1))
    assert not columns.mix(columns.asked([0, 0], [Tie(rise, 1)]), 5.0).impossible
    assert columns.mix(columns.asked([0, 0], [Tie(rise, 2)]), 5.0).impossible


@given(tiny_weeks())
@settings(max_examples=60, deadline=None)
def test_what_packs_reach_is_never_refuted(problem: WeekProblem) -> None:
    shape = shape_of(problem)
    assume(choices(shape) <= MANY // 40)
    columns = Columns(Matrix(shape))
    reached = {tuple(shape.received(packs)) for packs in feasible(shape)}
    for received in sorted(reached)[:: max(1, len(reached) // 6)]:
        assert not columns.mix(columns.asked(received), 5.0).impossible


@given(tiny_weeks(), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_no_packs_of_a_household_are_cheaper_than_its_basket(
    problem: WeekProblem, seed: int
) -> None:
    # All whole packs give each household grains at a price; its basket of so many costs no more.
    shape = shape_of(problem)
    assume(choices(shape) <= MANY // 40)
    baskets = Baskets(shape)
    size = len(shape.options) + len(shape.flags)
    prices = np.random.default_rng(seed).integers(0, 9, size)
    prices[len(shape.options) :] = 0
    priced = baskets.priced(prices)
    for packs in feasible(shape):
        for n, own in enumerate(shape.members):
            grains = sum(shape.meals[i] * packs[i] for i in own)
            if grains < baskets.width:
                cost = priced.cost[baskets.needs == n, grains].min()
                assert cost <= sum(int(prices[i]) * packs[i] for i in own)
    for mode, grains in np.argwhere(priced.cost < NEVER // 2):
        basket = priced.basket(int(mode), int(grains))
        assert sum(shape.meals[i] * count for i, count in basket.items()) == grains
        assert sum(prices[i] * count for i, count in basket.items()) == priced.cost[mode, grains]
        assert all(count <= shape.most[i] for i, count in basket.items())
