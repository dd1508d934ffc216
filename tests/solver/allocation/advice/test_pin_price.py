"""What a pin costs and who pays: tiny weeks worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from logistics.model.problem import Pin, WeekProblem
from logistics.model.units import PinKind
from logistics.solver.advise import what_if_of
from logistics.solver.allocation.advice.pin_price import PinPrice, price_of
from logistics.solver.allocation.effort import Effort
from logistics.words.pins import price_lines
from tests import weeks
from tests.solver.allocation.advised import allocated

PAIR = [weeks.household("A", 4), weeks.household("B", 4)]
THREE_FOR_A = Pin(PinKind.AT_LEAST, "A", units=3)


def priced(problem: WeekProblem, *pins: Pin) -> PinPrice:
    """The price of pins, proven."""
    what_if = what_if_of(problem, allocated(problem), seconds=20, effort=Effort.FULL)
    return price_of(what_if, pins)


def test_a_pin_in_the_week_takes_from_one_and_gives_to_another() -> None:
    # Four meals, A and B want four each: two each without the pin, three and one with it.
    price = priced(weeks.week([weeks.lot("L", 4)], PAIR, pins=(THREE_FOR_A,)), THREE_FOR_A)
    (loser,), (gainer,) = price.losers, price.gainers
    assert (loser.household_id, loser.meals_before, loser.meals_after) == ("B", 2, 1)
    assert (loser.level_before, loser.level_after) == (Fraction(1, 2), Fraction(1, 4))
    assert (gainer.household_id, gainer.meals_before, gainer.meals_after) == ("A", 2, 3)
    assert (price.meals, price.proven, price.possible) == (0, True, True)


def test_a_pin_only_thought_of_has_the_same_price() -> None:
    lots = [weeks.lot("L", 4)]
    there = priced(weeks.week(lots, PAIR, pins=(THREE_FOR_A,)), THREE_FOR_A)
    thought = priced(weeks.week(lots, PAIR), THREE_FOR_A)
    assert thought.changes == there.changes


def test_a_pin_may_cost_meals_in_all() -> None:
    # A is the only one who may have L: without it two meals go to nobody.
    home = [weeks.household("A", 2)]
    price = priced(weeks.week([weeks.lot("L", 2)], home), Pin(PinKind.FORBID, "A", "L"))
    assert price.meals == -2
    assert [change.household_id for change in price.losers] == ["A"]


def test_a_pin_that_changes_nothing_is_free() -> None:
    price = priced(weeks.week([weeks.lot("L", 8)], PAIR), THREE_FOR_A)
    assert price.changes == ()
    assert "It costs nobody anything." in "\n".join(price_lines("en", price.plain()))


def test_a_pin_that_no_plan_keeps_says_so() -> None:
    price = priced(weeks.week([weeks.lot("L", 2)], PAIR), THREE_FOR_A)
    assert not price.possible
    assert price_lines("en", price.plain())[-1].strip() == "No plan keeps it."


def test_two_pins_together_cost_what_they_cost_together() -> None:
    # Three of four for A, and none of L for B: alone the first takes one meal from B, both take two.
    forbid = Pin(PinKind.FORBID, "B", "L")
    week = weeks.week([weeks.lot("L", 4)], PAIR, pins=(THREE_FOR_A, forbid))
    both = priced(week, THREE_FOR_A, forbid)
    (loser,) = both.losers
    assert (loser.meals_before, loser.meals_after) == (2, 0)
    # Beside the other pin, B has nothing to lose by the first.
    assert priced(week, THREE_FOR_A).losers == ()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_in_words(language: str) -> None:
    price = priced(weeks.week([weeks.lot("L", 4)], PAIR), THREE_FOR_A)
    text = "\n".join(price_lines(language, price.plain()))
    assert "at_least,A,,,,3" in text
    assert "B 2" in text
    assert "50.0%" in text
    assert "{" not in text
