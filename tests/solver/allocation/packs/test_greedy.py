"""Whole packs step by step: the ledger keeps every row, whatever is tried."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.model.problem import WeekProblem
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.packs.greedy import Ledger, completed, trimmed, worths
from logistics.solver.allocation.room import limit_storage, limit_vehicles, respect_pins
from logistics.solver.allocation.shape import Shape, ShapeBuilder
from logistics.solver.eligible import eligibility
from logistics.solver.ways import Ways
from tests import strategies, weeks
from tests.solver.allocation.tiny import HALF, shape_of, shapes_of


def whole_shape(problem: WeekProblem) -> Shape:
    """Every rule of the week as rows, driving and storage included."""
    travel = strategies.legs_of(problem)
    builder = ShapeBuilder(problem, eligibility(problem, Ways(problem, travel)).options)
    builder.limit_supply()
    builder.limit_group_shares()
    builder.limit_cooked()
    builder.respect_sessions()
    limit_storage(builder)
    limit_vehicles(builder, travel)
    respect_pins(builder)
    builder.limit_overshoot()
    return builder.build()


# --- named weeks --------------------------------------------------------------------------------


def test_a_pack_is_entered_only_if_every_row_is_kept() -> None:
    # 4 meals for A and B, who want 3 each.
    ledger = Ledger(
        shape_of(
            weeks.week([weeks.lot("L", 4)], [weeks.household("A", 3), weeks.household("B", 3)])
        )
    )
    assert ledger.try_add(0, 3)
    assert not ledger.try_add(1, 2)  # five of four
    assert ledger.packs == [3, 0]  # and nothing has changed
    assert ledger.try_add(1)
    assert not ledger.try_add(0)  # more than A wants
    assert ledger.try_add(0, -1)
    assert not ledger.try_add(0, -3)  # there are only two
    assert ledger.packs == [2, 1]


def test_whoever_comes_takes_a_seat() -> None:
    # One seat: A's first pack sets its flag, B finds the session full.
    shape = shape_of(
        weeks.week(
            [weeks.lot("L", 4)],
            [weeks.household("A", 2), weeks.household("B", 2)],
            [weeks.session("S1", households_max=1)],
        )
    )
    ledger = Ledger(shape)
    assert ledger.try_add(0)
    assert not ledger.try_add(1)
    assert ledger.packs == list(shape.with_flags([1, 0]))
    assert sum(ledger.packs[2:]) == 1


def test_completing_serves_whoever_stands_lowest() -> None:
    # A wants 4 and B 2, there are 3 meals. Both at 0: A first (the order of the week), 1/4 and 0;
    # then B, 1/4 and 1/2; then A again.
    shape = shape_of(
        weeks.week([weeks.lot("L", 3)], [weeks.household("A", 4), weeks.household("B", 2)])
    )
    packs = completed(shape, (0, 0), (0.0, 0.0), HALF)
    assert shape.received(packs) == [2, 1]


def test_a_pack_that_lifts_nobody_is_taken_back() -> None:
    # Wanted 4: a pack of 3 and four of 1 are seven meals; the pack of 3 is spare, the rest stays.
    shape = shapes_of(
        weeks.week([weeks.lot("big", 3, pack=3), weeks.lot("one", 4)], [weeks.household("A", 4)])
    )[1]
    assert trimmed(shape, (1, 4))[:2] == (0, 4)
    # With two single ones only five meals: one of them is spare, the pack of 3 is not.
    assert trimmed(shape, (1, 2))[:2] == (1, 1)


def test_meals_are_worth_less_the_more_one_has() -> None:
    # Levels 0, 1/2, 1 of two wanted: (1 - 0)^3 = 1 and (1 - 1/2)^3 = 1/8, in thousandths; below the
    # floor of 1/2 the first meal is worth 6 x (1 - 0) more.
    shape = shape_of(weeks.week([weeks.lot("L", 2)], [weeks.household("A", 2)]))
    assert worths(shape, Fraction(0)) == [[(1, 1000), (1, 125)]]
    assert worths(shape, Fraction(1, 2)) == [[(1, 7000), (1, 125)]]


# --- laws ---------------------------------------------------------------------------------------

steps = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from((1, 1, 1, 2, 3, -1))), max_size=60
)


@given(strategies.small_weeks(), steps)
@settings(deadline=None)
def test_no_step_ever_breaks_a_row(problem: WeekProblem, tried: list[tuple[int, int]]) -> None:
    """From an empty ledger that keeps all rows; pins that demand are left out of these weeks."""
    shape = whole_shape(problem)
    ledger = Ledger(shape)
    assert ledger.holds()
    for number, count in tried:
        if shape.options:
            before = list(ledger.packs)
            done = ledger.try_add(number % len(shape.options), count)
            assert done or ledger.packs == before
            assert ledger.holds()
            assert keeps_rows(shape, ledger.packs)


@given(strategies.small_weeks())
@settings(deadline=None)
def test_completing_ends_where_no_pack_fits_that_lifts_anybody(problem: WeekProblem) -> None:
    shape = whole_shape(problem)
    nothing = (0,) * (len(shape.options) + len(shape.flags))
    packs = completed(shape, nothing, (0.0,) * len(shape.options), problem.policy.week_floor)
    assert keeps_rows(shape, packs)
    received = shape.received(packs)
    for n, need in enumerate(shape.needs):
        if received[n] < need.wanted:
            assert not any(Ledger(shape, packs).try_add(i) for i in shape.members[n])


@given(strategies.small_weeks(), steps)
@settings(deadline=None)
def test_trimming_costs_nobody_a_meal(problem: WeekProblem, tried: list[tuple[int, int]]) -> None:
    shape = whole_shape(problem)
    ledger = Ledger(shape)
    for number, count in tried:
        if shape.options:
            ledger.try_add(number % len(shape.options), count)
    packs = trimmed(shape, ledger.packs)
    assert keeps_rows(shape, packs)
    assert shape.received(packs) == shape.received(ledger.packs)
    options = len(shape.options)
    assert all(a <= b for a, b in zip(packs[:options], ledger.packs[:options], strict=True))
