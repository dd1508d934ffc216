"""What is shown of a month: groups of places by hand, rounding by hand, then both for any month."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.inventory.disclosure import (
    Amount,
    Grouping,
    PeriodLedger,
    Rule,
    groups,
    in_steps,
    reached,
    shown_months,
)
from tests.inventory.giving import DEC, NOV, OCT


def apart(sizes: Mapping[str, int]) -> dict[frozenset[str], int]:
    """Places that share no household."""
    return {frozenset({place}): size for place, size in sizes.items() if size}


def kinds(sizes: Mapping[str, int]) -> dict[str, str]:
    """Each group's places in one word, with its kind."""
    found = groups(apart(sizes), frozenset(sizes))
    return {"".join(sorted(group.places)): str(group.kind) for group in found}


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"A": 30, "B": 10}, {"A": "place", "B": "place"}),
        ({"A": 9}, {}),
        ({}, {}),
        # the small one would be all the rest: the total is shown, and nothing of its parts
        ({"A": 30, "S": 3}, {"AS": "all"}),
        # S + B is 18, but B knows its own 15 and would see the 3: C comes in, then 3 + 15 remain
        ({"A": 30, "B": 15, "C": 20, "S": 3}, {"A": "place", "BCS": "others"}),
        # two small ones of 6 hide each other from outside, not from one another; with B, 6 + 12
        ({"A": 30, "B": 12, "S": 6, "T": 6}, {"A": "place", "BST": "others"}),
        # three small ones of 5: whichever is taken out, 10 remain
        ({"A": 30, "R": 5, "S": 5, "T": 5}, {"A": "place", "RST": "others"}),
        ({"R": 3, "S": 3, "T": 3}, {}),
        ({"R": 4, "S": 4, "T": 4}, {"RST": "all"}),
        # nothing was handed over at Z, but something was put right there: it counts as small
        ({"A": 30, "B": 20, "C": 20, "Z": 0}, {"A": "place", "BCZ": "others"}),
    ],
)
def test_groups_by_hand(sizes: Mapping[str, int], expected: Mapping[str, str]) -> None:
    assert kinds(sizes) == expected


def test_a_household_at_two_places_counts_once() -> None:
    # S has 12 households, 10 of which also come to A: without A's, 12 remain, so S stands alone;
    # R has 9, all of which also come to T, which has 9: together they are 9, not 18
    patterns = {
        frozenset({"A", "S"}): 10,
        frozenset({"S"}): 2,
        frozenset({"R", "T"}): 9,
        frozenset({"A"}): 20,
    }
    assert reached(patterns, frozenset({"R", "T"})) == 9
    found = {group.places: group.households for group in groups(patterns, frozenset("ASRT"))}
    # others = R, T (9) + S (12 of its own): without S only 9 remain, so A comes in too: all are one
    assert found == {frozenset("ASRT"): 41}


NAMES = "ABCDE"
MONTHS = st.dictionaries(
    st.frozensets(st.sampled_from(NAMES), min_size=1, max_size=3), st.integers(1, 14), max_size=8
)


@settings(deadline=None)
@given(MONTHS)
def test_laws_of_groups(patterns: dict[frozenset[str], int]) -> None:
    places = frozenset(place for pattern in patterns for place in pattern)
    found = groups(patterns, places)
    if not found:
        assert sum(patterns.values()) < 10
        return
    covered = [place for group in found for place in group.places]
    assert sorted(covered) == sorted(places)  # a partition: the sum of the groups is the month
    for group in found:
        assert group.households == reached(patterns, group.places) >= 10
        if group.kind is Grouping.OTHERS:
            for place in group.places:
                assert reached(patterns, group.places - {place}) >= 10
        if group.kind is Grouping.PLACE:
            assert len(group.places) == 1


def third(n: int) -> Fraction:
    return Fraction(n, 3)


def test_steps_by_hand() -> None:
    # 1/3 + 1/3 + 4/3 = 2: down to 0 + 0 + 1, one more for the first of three equal rests
    assert in_steps([third(1), third(1), third(4)], Fraction(0)) == ([1, 0, 1], 0)
    # 1/3 is nearest to 0 and is carried; with the next 1/3 it is 2/3, nearest to 1
    assert in_steps([third(1)], Fraction(0)) == ([0], third(1))
    assert in_steps([third(1)], third(1)) == ([1], third(-1))
    # what is nothing stays nothing, even where the sum would give it one
    assert in_steps([Fraction(0), third(2)], Fraction(0)) == ([0, 1], third(-1))
    # a correction: -2 1/3 is nearest to -2
    assert in_steps([third(-7)], Fraction(0)) == ([-2], third(-1))


PARTS = st.lists(st.integers(-90, 90).map(lambda n: Fraction(n, 12)), max_size=4)


@settings(deadline=None)
@given(st.lists(PARTS, max_size=5))
def test_steps_of_any_run_of_months_are_within_one_step_of_the_truth(
    months: list[list[Fraction]],
) -> None:
    carried = Fraction(0)
    told, true = Fraction(0), Fraction(0)
    for parts in months:
        whole, carried = in_steps(parts, carried)
        assert all(abs(n - part) <= 1 for n, part in zip(whole, parts, strict=True))
        assert all(n == 0 for n, part in zip(whole, parts, strict=True) if not part)
        told, true = told + sum(whole), true + sum(parts)
        assert abs(told - true) <= Fraction(1, 2)


def grams(n: int) -> Amount:
    return Amount(Fraction(n), Fraction(n, 500))


def test_months_of_a_small_giver_lose_nothing() -> None:
    # 400 g a month: 0.4 -> 0, 0.8 -> 1, 1.2 -> 1: that is 0, 1, 0 kg; 0.8 meals a month are
    # 0.8, 1.6, 2.4 in all, and 2.4 is nearer to 0 than to 5
    patterns = {month: apart({"A": 10}) for month in (OCT, NOV, DEC)}
    handed = {("D", month, "A"): grams(400) for month in (OCT, NOV, DEC)}
    ledger = PeriodLedger(handed, {}, {}, {}, patterns)
    months = shown_months(ledger, "D", DEC)
    assert [(each.kg, each.meals) for each in months] == [(0, 0), (1, 0), (0, 0)]
    assert [len(each.atoms) for each in months] == [0, 1, 0]


def test_a_month_of_nine_households_says_nothing_and_does_not_touch_its_neighbours() -> None:
    patterns = {OCT: apart({"A": 10}), NOV: apart({"A": 9}), DEC: apart({"A": 14})}
    handed = {("D", month, "A"): grams(2_000) for month in (OCT, NOV, DEC)}
    months = shown_months(PeriodLedger(handed, {}, {}, {}, patterns), "D", DEC)
    assert [each.withheld for each in months] == [False, True, False]
    assert [each.kg for each in months] == [2, 0, 2]
    assert [atom.households_from for each in months for atom in each.atoms] == [10, 10]


def test_counts_are_shown_in_steps_of_five_from_ten_up() -> None:
    for size, shown in ((10, 10), (14, 10), (15, 15), (29, 25)):
        ledger = PeriodLedger(
            {("D", OCT, "A"): grams(5_000)}, {}, {}, {}, {OCT: apart({"A": size})}
        )
        (month,) = shown_months(ledger, "D", OCT)
        assert [atom.households_from for atom in month.atoms] == [shown]


def test_another_rule_is_obeyed() -> None:
    rule = Rule(households_min=3, households_step=2, grams_step=1_000, meals_step=1)
    ledger = PeriodLedger({("D", OCT, "A"): grams(5_000)}, {}, {}, {}, {OCT: apart({"A": 3})})
    (month,) = shown_months(ledger, "D", OCT, rule)
    assert [(atom.kg, atom.meals, atom.households_from) for atom in month.atoms] == [(5, 10, 3)]
