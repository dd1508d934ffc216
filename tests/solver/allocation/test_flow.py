"""Leximin by maximum flow: against every vector of meals, against the general engine, and with each
minimum cut checked from first principles."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from logistics.model.plan import Cap
from logistics.model.problem import Policy, WeekProblem
from logistics.model.units import HOUR_S, FoodGroup
from logistics.solver.allocation.events import groups_of
from logistics.solver.allocation.flow import FlowLeximin, flow_applies
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.shape import Shape
from logistics.solver.allocation.state import Leximin
from tests import weeks
from tests.solver.allocation.brute import best_vectors, vectors
from tests.solver.allocation.tiny import (
    HALF,
    MANY,
    choices,
    received,
    shape_of,
    shapes_of,
    solve,
)
from tests.weeks import at

EGG, MILK = frozenset({"egg"}), frozenset({"milk"})


def flow(shape: Shape, floor: Fraction = HALF) -> Leximin:
    assert flow_applies(shape)
    return FlowLeximin(shape, groups_of(shape, floor)).solve()


def named(shape: Shape, result: Leximin) -> dict[str, set[str]]:
    """What holds each household that is short."""
    return {
        shape.needs[freeze.need].household_id: {cap.id for cap in freeze.held}
        for freeze in result.frozen
    }


# --- named weeks --------------------------------------------------------------------------------


def test_scarce_meals_are_split_evenly() -> None:
    # 6 meals, both want 4: 3 each.
    shape = shape_of(
        weeks.week([weeks.lot("L", 6)], [weeks.household("A", 4), weeks.household("B", 4)])
    )
    result = flow(shape)
    assert received(shape, result) == {"A": 3, "B": 3}
    assert named(shape, result) == {"A": {"L"}, "B": {"L"}}


def test_one_meal_goes_where_it_lifts_most() -> None:
    # Wanted 10 and 2, one meal: to B, 1/2, rather than to A, 1/10; the other stands at 0 either way.
    shape = shape_of(
        weeks.week([weeks.lot("L", 1)], [weeks.household("A", 10), weeks.household("B", 2)])
    )
    assert received(shape, flow(shape)) == {"A": 0, "B": 1}


def test_history_counts() -> None:
    # Both want 4 and there are 4. A had 0 of 4, B had 4 of 4. First the floor: 2 of 4 for both,
    # which takes all 4; what A missed before cannot starve B.
    shape = shape_of(
        weeks.week(
            [weeks.lot("L", 4)],
            [weeks.household("A", 4), weeks.household("B", 4)],
            history=(weeks.past("A", 4, 0), weeks.past("B", 4, 4)),
        )
    )
    assert received(shape, flow(shape)) == {"A": 2, "B": 2}
    # Without a floor A gets them all: 4/8 against B's 4/8; any other split leaves A lower.
    assert received(shape, flow(shape, Fraction(0))) == {"A": 4, "B": 0}


def test_the_picky_household_comes_first_where_only_it_can_go() -> None:
    # A avoids egg and can have only the 2 meals of "free"; B can have both lots, 3 meals of "egg".
    # A takes both meals without egg, B the 3 others.
    problem = weeks.week(
        [weeks.lot("egg", 3, contains=EGG, checked=EGG), weeks.lot("free", 2, checked=EGG)],
        [weeks.household("A", 4, avoid=EGG), weeks.household("B", 4)],
    )
    shape = shape_of(problem)
    result = flow(shape)
    assert received(shape, result) == {"A": 2, "B": 3}
    held = named(shape, result)
    assert "free" in held["A"]
    assert held["B"] == {"egg", "free"}


def test_nothing_is_held_that_is_not_scarce() -> None:
    shape = shape_of(weeks.week([weeks.lot("L", 9)], [weeks.household("A", 4)]))
    result = flow(shape)
    assert received(shape, result) == {"A": 4}
    assert result.frozen == ()


def test_one_household_alone_takes_all_there_is() -> None:
    # Wants 4, there is 1: held by the lot, although nobody else competes for it.
    shape = shape_of(weeks.week([weeks.lot("L", 1)], [weeks.household("A", 4)]))
    result = flow(shape)
    assert received(shape, result) == {"A": 1}
    assert named(shape, result) == {"A": {"L"}}


def test_no_supply_at_all() -> None:
    shape = shape_of(weeks.week([weeks.lot("L", 0)], [weeks.household("A", 4)]))
    result = flow(shape)
    assert received(shape, result) == {"A": 0}
    (freeze,) = result.frozen
    assert freeze.held == (Cap("nothing_fits", "A"),)


def test_disconnected_households_do_not_hold_each_other() -> None:
    # L1 contains egg, L2 milk; A avoids milk and B egg: 1 meal for A, 3 for B, nothing to share.
    both = frozenset({"egg", "milk"})
    problem = weeks.week(
        [
            weeks.lot("L1", 1, contains=EGG, checked=both),
            weeks.lot("L2", 3, contains=MILK, checked=both),
        ],
        [weeks.household("A", 4, avoid=MILK), weeks.household("B", 4, avoid=EGG)],
    )
    shape = shape_of(problem)
    result = flow(shape)
    assert received(shape, result) == {"A": 1, "B": 3}
    assert named(shape, result) == {"A": {"L1"}, "B": {"L2"}}


def test_a_food_group_holds_its_household() -> None:
    # Share 1/2 of 4 wanted: 2 meals of staples, although 9 are there.
    problem = weeks.week(
        [weeks.lot("L", 9)],
        [weeks.household("A", 4)],
        policy=Policy(group_share_max=HALF),
    )
    shape = shape_of(problem)
    result = flow(shape)
    assert received(shape, result) == {"A": 2}
    (freeze,) = result.frozen
    assert freeze.held == (Cap("group_share_staple", "A"),)


def test_packs_and_choices_are_no_flow() -> None:
    one = [weeks.household("A", 4)]
    assert flow_applies(shape_of(weeks.week([weeks.lot("L", 4)], one)))
    assert not flow_applies(shape_of(weeks.week([weeks.lot("L", 4, pack=2)], one)))
    assert not flow_applies(shape_of(weeks.week([weeks.lot("L", 4, unit_meals=2)], one)))
    two = [weeks.session("S1"), weeks.session("S2", 4)]
    choosy = [weeks.household("A", 4, ("S1", "S2"))]
    assert not flow_applies(shape_of(weeks.week([weeks.lot("L", 4)], choosy, two)))


# --- laws ---------------------------------------------------------------------------------------


@st.composite
def unit_weeks(draw: st.DrawFn, most_units: int = 4) -> WeekProblem:
    """Whole meals one by one, two sessions without choice, some lots cooked, shares of groups."""
    kinds = st.frozensets(st.sampled_from(("egg", "milk")), max_size=1)
    lots = []
    for k in range(draw(st.integers(1, 3))):
        cooked = draw(st.integers(1, 4)) == 4
        hours: dict[str, Any] = {"ready_s": at(2, 8), "fresh_s": 80 * HOUR_S} if cooked else {}
        groups = (FoodGroup.STAPLE, FoodGroup.PROTEIN)
        lots.append(
            weeks.lot(
                f"L{k}",
                draw(st.integers(0, most_units)),
                food_group=FoodGroup.MEAL if cooked else draw(st.sampled_from(groups)),
                contains=draw(kinds),
                checked=frozenset({"egg", "milk"}),
                **hours,
            )
        )
    households = [
        weeks.household(
            f"H{k}",
            draw(st.integers(1, 4)),
            draw(st.sampled_from((("S1",), ("S2",)))),
            members=draw(st.integers(1, 3)),
            avoid=draw(kinds),
            weight=Fraction(draw(st.sampled_from((1, 1, 2)))),
        )
        for k in range(draw(st.integers(1, 3)))
    ]
    return weeks.week(
        lots,
        households,
        [weeks.session("S1"), weeks.session("S2", 4)],
        policy=Policy(group_share_max=draw(st.sampled_from((Fraction(1), Fraction(3, 5))))),
        history=tuple(
            weeks.past(h.id, draw(st.integers(0, 3)), draw(st.integers(0, 3))) for h in households
        ),
    )


@given(unit_weeks())
@settings(deadline=None, max_examples=250)
def test_equals_brute_force(problem: WeekProblem) -> None:
    shape, whole = shapes_of(problem)
    assume(choices(whole) <= MANY)
    result = flow(shape)
    assert result.packs is not None
    assert keeps_rows(shape, result.packs)
    assert vectors(shape, shape.received(result.packs), HALF) == best_vectors(whole, HALF)


@given(unit_weeks(most_units=9), st.sampled_from((Fraction(0), HALF, Fraction(1))))
@settings(deadline=None)
def test_agrees_with_raise_and_freeze(problem: WeekProblem, floor: Fraction) -> None:
    shape = shape_of(problem)
    by_flow, by_freezing = flow(shape, floor), solve(shape, floor)
    assert by_flow.packs is not None
    assert by_freezing.packs is not None
    assert by_freezing.proven
    assert vectors(shape, shape.received(by_flow.packs), floor) == (
        vectors(shape, shape.received(by_freezing.packs), floor)
    )


@given(unit_weeks(most_units=9))
@settings(deadline=None, max_examples=300)
def test_every_minimum_cut_is_a_proof(problem: WeekProblem) -> None:
    """Whoever can reach only what a cut names receives, all together, exactly what that can give.

    So none of them can rise unless another of them falls, whatever happens elsewhere; and whoever
    is short is behind a cut.
    """
    shape = shape_of(problem)
    result = flow(shape)
    assert result.packs is not None
    got = shape.received(result.packs)
    short = {n for n, need in enumerate(shape.needs) if got[n] < need.wanted}
    assert {freeze.need for freeze in result.frozen} == short
    for freeze in result.frozen:
        assert freeze.at == freeze.bound == got[freeze.need]
        behind = [n for n in range(len(got)) if covered(shape, n, freeze.held)]
        assert freeze.need in behind
        assert sum(got[n] for n in behind) == sum(width(problem, shape, c) for c in freeze.held)


def covered(shape: Shape, n: int, held: tuple[Cap, ...]) -> bool:
    """Whether everything that need `n` can reach comes through one of the caps."""
    through = {i for row in shape.rows if row.cap in held for i, _ in row.terms}
    lot_ids = {cap.id for cap in held if cap.kind == "lot"}
    return all(i in through or shape.options[i].lot_id in lot_ids for i in shape.members[n])


def width(problem: WeekProblem, shape: Shape, cap: Cap) -> int:
    """How many meals a cap lets through."""
    if cap.kind == "lot":
        return problem.lots[cap.id].free_units
    uppers = [row.upper for row in shape.rows if row.cap == cap]
    return sum(upper for upper in uppers if upper is not None)
