"""Integer leximin by raise and freeze against every vector of packs."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from logistics.model.problem import WeekProblem
from tests import weeks
from tests.solver.allocation.brute import best_vectors, vectors
from tests.solver.allocation.tiny import HALF, MANY, choices, shape_of, shapes_of, solve


def test_one_meal_goes_where_it_lifts_most() -> None:
    # Wanted 10 and 2, one meal. Either way somebody stands at 0; the other at 1/10 or at 1/2.
    shape = shape_of(
        weeks.week([weeks.lot("L", 1)], [weeks.household("A", 10), weeks.household("B", 2)])
    )
    result = solve(shape)
    assert result.packs is not None
    assert shape.received(result.packs) == [0, 1]
    assert result.proven


def test_a_pack_too_large_to_share_goes_to_the_worse_off() -> None:
    # One pack of 4 meals, both want 4; A stood at 1/4 last week, B at 3/4: A rises to 5/8.
    shape = shape_of(
        weeks.week(
            [weeks.lot("L", 4, pack=4)],
            [weeks.household("A", 4), weeks.household("B", 4)],
            history=(weeks.past("A", 4, 1), weeks.past("B", 4, 3)),
        )
    )
    result = solve(shape)
    assert result.packs is not None
    assert shape.received(result.packs) == [4, 0]
    assert result.proven


def test_a_tie_of_this_week_is_decided_by_the_levels_over_the_weeks() -> None:
    # H0 and H2 want 3, H1 wants 1, there are 2 meals; H2 got 1 of 1 last week. This week's floor:
    # H1 has 1/2, one of the others 1/3, one 0. Over the weeks H2 stands at 1/4 without anything, H0
    # at 0: H0 gets the meal, levels 1/4, 1/3, 1 instead of 0, 1/2, 1.
    shape = shape_of(
        weeks.week(
            [weeks.lot("L", 2)],
            [weeks.household("H0", 3), weeks.household("H1", 1), weeks.household("H2", 3)],
            history=(weeks.past("H2", 1, 1),),
        )
    )
    result = solve(shape)
    assert result.packs is not None
    assert shape.received(result.packs) == [1, 1, 0]


@st.composite
def tiny_weeks(draw: st.DrawFn) -> WeekProblem:
    sessions = [
        weeks.session("S1", households_max=draw(st.sampled_from([None, 1, 2]))),
        weeks.session("S2", 4),
    ]
    lots = [
        weeks.lot(
            f"L{k}",
            draw(st.integers(0, 4)),
            Fraction(draw(st.sampled_from(["1", "1", "2", "1/2"]))),
            draw(st.sampled_from([1, 1, 2])),
            contains=frozenset(draw(st.sets(st.sampled_from(["egg", "milk"]), max_size=1))),
            checked=frozenset({"egg", "milk"}),
        )
        for k in range(draw(st.integers(1, 2)))
    ]
    households = [
        weeks.household(
            f"H{k}",
            draw(st.integers(1, 4)),
            draw(st.sampled_from([("S1",), ("S2",), ("S1", "S2")])),
            avoid=frozenset(draw(st.sets(st.sampled_from(["egg", "milk"]), max_size=1))),
            weight=Fraction(draw(st.sampled_from([1, 1, 2]))),
        )
        for k in range(draw(st.integers(1, 3)))
    ]
    history = tuple(
        weeks.past(h.id, draw(st.integers(0, 3)), draw(st.integers(0, 3))) for h in households
    )
    return weeks.week(lots, households, sessions, history=history)


@given(tiny_weeks())
@settings(max_examples=120, deadline=None)
def test_equals_brute_force(problem: WeekProblem) -> None:
    shape, whole = shapes_of(problem)
    assume(choices(whole) <= MANY)
    result = solve(shape)
    assert result.packs is not None
    assert result.proven
    assert vectors(shape, shape.received(result.packs), HALF) == best_vectors(whole, HALF)
