"""What a coordinator can promise from past weeks, and that it is kept as often as it says."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.intake import read_week
from logistics.model.errors import InvalidFact
from logistics.model.people import HistoryWeek
from logistics.solver.sequential import Promise, lowest_fills, promise
from scenarios.registry import scenario

MONDAY = date(2026, 9, 28)


def week(number: int, household: str, wanted: int, received: int) -> HistoryWeek:
    return HistoryWeek(household, MONDAY + timedelta(weeks=number), wanted, Fraction(received))


def test_a_weeks_lowest_fill_is_what_reached_the_worst_off() -> None:
    history = [
        week(1, "H1", 10, 4),  # 2/5
        week(1, "H2", 4, 3),
        week(0, "H1", 10, 8),
        week(0, "H3", 0, 0),  # wanted nothing: no fill
        week(2, "H2", 4, 9),  # more than it wanted counts as 1
    ]
    assert lowest_fills(history) == (Fraction(4, 5), Fraction(2, 5), 1)


def test_nine_weeks_carry_a_promise_at_nine_in_ten() -> None:
    # k = 1/10 * 10 = 1: the lowest of nine. At 4/5, k = 2: the second lowest.
    fills = [Fraction(n, 10) for n in (7, 3, 5, 9, 4, 6, 8, 5, 7)]
    surely = promise(fills, Fraction(9, 10))
    assert (surely.level, surely.confidence, surely.weeks) == (Fraction(3, 10), Fraction(9, 10), 9)
    assert promise(fills, Fraction(4, 5)).level == Fraction(4, 10)


def test_the_confidence_named_is_what_the_weeks_support() -> None:
    # Asked for 3/4 of four weeks: k = floor(5/4) = 1, which holds with 1 - 1/5.
    assert promise([Fraction(1, 2)] * 4, Fraction(3, 4)).confidence == Fraction(4, 5)


def test_too_few_weeks_promise_nothing() -> None:
    with pytest.raises(InvalidFact, match="at most 3/4"):
        promise([Fraction(1)] * 3, Fraction(4, 5))
    with pytest.raises(InvalidFact, match="one past week"):
        promise([], Fraction(1, 2))
    with pytest.raises(InvalidFact, match="between 0 and 1"):
        promise([Fraction(1)] * 3, Fraction(1))


fractions = st.integers(0, 4).map(lambda n: Fraction(n, 4))


@given(st.lists(fractions, min_size=2, max_size=9), st.integers(1, 19))
def test_of_weeks_in_any_order_no_more_fall_below_than_it_says(
    fills: list[Fraction], twentieths: int
) -> None:
    # Each week takes its turn as "this week"; the others are its past.
    confidence = Fraction(twentieths, 20)
    if confidence > 1 - Fraction(1, len(fills)):
        return
    broken = sum(
        fill < promise(fills[:turn] + fills[turn + 1 :], confidence).level
        for turn, fill in enumerate(fills)
    )
    assert Fraction(broken, len(fills)) <= 1 - confidence


def test_takatsuki_can_promise_three_eighths_in_seven_weeks_of_nine() -> None:
    # Eight past weeks; the lowest fills are 0 (a week in which somebody got nothing), then 3/8.
    problem, _ = read_week(scenario("takatsuki").folder)
    assert problem is not None
    fills = lowest_fills(problem.history)
    assert sorted(fills)[:2] == [0, Fraction(3, 8)]
    assert promise(fills, Fraction(3, 4)) == Promise(Fraction(3, 8), Fraction(7, 9), 8)
