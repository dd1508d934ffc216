"""The path for large weeks, held against brute force and the rows themselves."""

from __future__ import annotations

import sys
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings

from benchmarks.weeks import generated_week, travel_between_sites
from logistics.model.problem import WeekProblem
from logistics.solver.allocation.allocate import allocate, shapes_of
from logistics.solver.allocation.events import groups_of
from logistics.solver.allocation.large.arrays import arrays_of
from logistics.solver.allocation.large.bound import Bound, bound_of
from logistics.solver.allocation.large.scale import Scaled, scale_leximin, solve_at_scale
from logistics.solver.allocation.large.vertex import vertex
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.shape import Shape
from logistics.solver.eligible import eligibility
from logistics.solver.ways import Ways
from tests import weeks
from tests.solver.allocation.brute import best_vectors, vectors
from tests.solver.allocation.packs.test_integer import tiny_weeks
from tests.solver.allocation.tiny import HALF, choices, shape_of

FEW = 3_000
"""So many vectors of packs are tried for each example."""


def bound(shape: Shape) -> Bound:
    """b* of a tiny shape."""
    return bound_of(arrays_of(shape), groups_of(shape, HALF), seconds=5, seed=1)


def scaled(shape: Shape, seconds: float = 3.0) -> Scaled:
    """The large path on a small shape."""
    return solve_at_scale(shape, groups_of(shape, HALF), seconds=seconds, seed=1)


def medium(seed: int) -> Shape:
    """A generated week of 62 households."""
    week = generated_week(62, 60, seed)
    travel = travel_between_sites(week)
    return shapes_of(week, travel, eligibility(week, Ways(week, travel)), ())[0]


def test_the_bound_counts_split_packs_but_whole_meals() -> None:
    # Two packs of 3 meals for two who want 4 each: split, both could have 3 (3/4). Whole packs: the
    # same, one pack each. With one pack of 3 the bound is 1 and 2 (split), whole packs give 0 and 3.
    both = shape_of(
        weeks.week([weeks.lot("L", 6, pack=3)], [weeks.household("A", 4), weeks.household("B", 4)])
    )
    assert bound(both).receipts.tolist() == [3, 3]
    result = scaled(both)
    assert result.leximin.proven
    assert result.meals_short == 0
    assert both.received(result.leximin.packs or ()) == [3, 3]


def test_what_cannot_be_shared_stays_below_the_bound() -> None:
    # One pack of 2 meals for two who want 2: the levels that exist are 0 and 1, so b* lifts one of
    # them and says that the tie was mixed.
    shape = shape_of(
        weeks.week([weeks.lot("L", 2, pack=2)], [weeks.household("A", 2), weeks.household("B", 2)])
    )
    found = bound(shape)
    assert sorted(found.receipts.tolist()) == [0, 2]
    assert found.mixed == 0
    result = scaled(shape)
    assert sorted(shape.received(result.leximin.packs or ())) == [0, 2]


def test_a_household_for_which_nothing_fits_is_named() -> None:
    shape = shape_of(
        weeks.week(
            [weeks.lot("L", 4, contains=frozenset({"egg"}), checked=frozenset({"egg"}))],
            [weeks.household("A", 2), weeks.household("B", 2, avoid=frozenset({"egg"}))],
        )
    )
    result = scaled(shape)
    freezes = {freeze.need: freeze for freeze in result.leximin.frozen}
    assert [cap.kind for cap in freezes[1].held] == ["nothing_fits"]
    assert freezes[1].bound == 0
    assert result.leximin.proven


def test_a_week_without_anybody_is_proven_at_once() -> None:
    result = scaled(shape_of(weeks.week([weeks.lot("L", 1)], [])))
    assert result.leximin.proven
    assert not any(result.leximin.packs or ())


@given(tiny_weeks())
@settings(max_examples=60, deadline=None)
def test_never_beats_brute_force_and_equals_it_where_it_says_so(problem: WeekProblem) -> None:
    shape = shape_of(problem)
    assume(choices(shape) <= FEW)
    result = scaled(shape)
    packs = result.leximin.packs
    assert packs is not None
    assert keeps_rows(shape, packs)
    found, best = vectors(shape, shape.received(packs), HALF), best_vectors(shape, HALF)
    assert found <= best
    assert not result.leximin.proven or found == best


@given(tiny_weeks())
@settings(max_examples=60, deadline=None)
def test_the_bound_is_above_the_best_plan_without_mixed_ties(problem: WeekProblem) -> None:
    shape = shape_of(problem)
    assume(choices(shape) <= FEW)
    found = bound(shape)
    assume(found.mixed == len(groups_of(shape, HALF)))
    assert vectors(shape, found.receipts.tolist(), HALF) >= best_vectors(shape, HALF)


@given(tiny_weeks())
@settings(max_examples=40, deadline=None)
def test_every_plan_keeps_every_limit(problem: WeekProblem) -> None:
    shape = shape_of(problem)
    assume(choices(shape) <= FEW)
    limits = bound(shape).limits
    ranges = [range(most + 1) for most in shape.most] + [range(2) for _ in shape.flags]
    for packs in product(*ranges):
        if keeps_rows(shape, packs):
            received = shape.received(packs)
            assert all(int(limit.weights @ received) <= limit.most for limit in limits)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_generated_week_keeps_its_rows_and_says_how_far_it_is(seed: int) -> None:
    shape = medium(seed)
    result = scaled(shape, seconds=4)
    packs = result.leximin.packs
    assert packs is not None
    assert keeps_rows(shape, packs)
    received = shape.received(packs)
    short = sum(max(0, b - got) for b, got in zip(result.target, received, strict=True))
    assert result.meals_short == Fraction(short, shape.grains_per_meal)
    assert short < 0.15 * sum(result.target)
    frozen = {freeze.need: freeze for freeze in result.leximin.frozen}
    for n, (need, got) in enumerate(zip(shape.needs, received, strict=True)):
        assert (n in frozen) == (got < need.wanted)
        assert n not in frozen or got == frozen[n].at <= frozen[n].bound <= need.wanted
    assert sum(received) <= (result.leximin.total_bound or 0)


def test_a_better_start_is_never_lost() -> None:
    shape = medium(1)
    first = scaled(shape, seconds=3)
    assert first.leximin.packs is not None
    again = solve_at_scale(
        shape, groups_of(shape, HALF), seconds=2, seed=2, start=first.leximin.packs
    )
    assert again.meals_short <= first.meals_short


def test_a_start_that_breaks_a_row_is_not_used() -> None:
    shape = medium(1)
    too_much = (*shape.most, *([1] * len(shape.flags)))
    assert not keeps_rows(shape, too_much)
    result = scale_leximin(shape, groups_of(shape, HALF), seconds=2, seed=1, start=too_much)
    assert result.packs is not None
    assert keeps_rows(shape, result.packs)


def test_large_weeks_are_given_to_this_path(monkeypatch: pytest.MonkeyPatch) -> None:
    room = sys.modules["logistics.solver.allocation.allocate"]  # not the function of that name
    monkeypatch.setattr(room, "LARGE", 0)
    problem = weeks.week(
        [weeks.lot("L", 6, pack=3)], [weeks.household("A", 4), weeks.household("B", 4)]
    )
    eligible = eligibility(problem, Ways(problem, {}))
    result = allocate(problem, {}, eligible, seconds=2)
    assert result.engine.startswith("scale")
    assert {str(level.level) for level in result.allocation.levels} == {"1/2", "3/4"}


def test_who_can_come_to_one_session_only_is_seated_first() -> None:
    # S1 has one seat. A, who wants more, could come to S2 as well; B only to S1.
    shape = shape_of(
        weeks.week(
            [weeks.lot("L", 9)],
            [weeks.household("A", 6, ("S1", "S2")), weeks.household("B", 3, ("S1",))],
            [weeks.session("S1", households_max=1), weeks.session("S2", 4)],
        )
    )
    arrays = arrays_of(shape)
    every = np.ones(arrays.options, dtype=bool)
    value = vertex(arrays, np.array([6, 3]), every, np.ones(arrays.options), 5)
    assert value is not None
    seats = dict(zip(shape.flags, value[arrays.options :].tolist(), strict=True))
    assert seats == {("A", "S1"): 0, ("A", "S2"): 1, ("B", "S1"): 1}
    assert shape.received([round(packs) for packs in value]) == [6, 3]
