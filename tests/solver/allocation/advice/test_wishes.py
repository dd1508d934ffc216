"""The wish list: what it asks for, what that gains when allocated again, what stays inside."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.model.places import Organisation
from logistics.model.problem import WeekProblem
from logistics.model.units import Diet, FoodGroup, Sector, Tag
from logistics.solver.advise import advise
from logistics.solver.allocation.advice.wishes import Wish, wishes
from logistics.words.wishes import letter, table, wish_line
from tests import weeks
from tests.solver.allocation.advised import advisor, allocated, received

GIVER = {"O1": Organisation("O1", "Rice house", Sector.COMPANY)}


def short_week(households: int = 2) -> WeekProblem:
    """One lot of rice with a meal for each of so many households that want three each."""
    homes = [weeks.household(f"H{k:02}", 3) for k in range(households)]
    return weeks.week([weeks.lot("L", households)], homes, organisations=GIVER)


def by_group(problem: WeekProblem) -> dict[FoodGroup, Wish]:
    """Wishes of a week by food group; only for weeks with one kind of need."""
    return {wish.gift.group: wish for wish in wishes(advisor(problem))}


def test_every_group_is_asked_for_where_nobody_has_a_need_of_its_own() -> None:
    assert set(by_group(short_week())) == {
        FoodGroup.STAPLE,
        FoodGroup.PROTEIN,
        FoodGroup.PRODUCE,
        FoodGroup.DAIRY,
    }


def test_worth_and_where_it_ends() -> None:
    # Two households are short of two each: four meals in all, each worth one meal.
    wish = by_group(short_week())[FoodGroup.STAPLE]
    assert (wish.units, wish.gained, wish.rate) == (4, 4, 1)
    assert (wish.full_units, wish.full_gained) == (4, 4)
    assert wish.by_site == {"HUB": 2}
    assert wish.day == 2  # the session is on Wednesday
    assert wish.org_ids == ("O1",)


@pytest.mark.parametrize("households", [1, 2, 5])
def test_the_gain_is_the_difference_of_weeks_allocated_again(households: int) -> None:
    problem = short_week(households)
    before = sum(received(allocated(problem)).values())
    for wish in wishes(advisor(problem)):
        for units, gained in ((wish.units, wish.gained), (wish.full_units, wish.full_gained)):
            after = sum(received(allocated(wish.gift.given_to(problem, units))).values())
            assert after - before == gained
        assert wish.rate == Fraction(wish.gained, wish.units)
        more = allocated(wish.gift.given_to(problem, wish.full_units + 5))
        assert sum(received(more).values()) - before == wish.full_gained


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(1, 8))
@settings(deadline=None, max_examples=25)
def test_gains_end_where_nobody_is_short(wanted: list[int], supply: int) -> None:
    # Everybody may have everything: d more meals gain d until the whole gap is filled.
    homes = [weeks.household(f"H{k}", meals) for k, meals in enumerate(wanted)]
    problem = weeks.week([weeks.lot("L", supply)], homes)
    gap = max(0, sum(wanted) - supply)
    found = advise(problem, allocated(problem), seconds=4.0).wishes
    assert bool(found) == (gap > 0)
    for wish in found:
        assert (wish.gained, wish.full_units, wish.full_gained) == (min(4, gap), gap, gap)


def test_what_lifts_the_lowest_comes_first() -> None:
    # A keeps halal and has nothing, B has two of three: halal food is the first wish.
    halal = weeks.household("A", 3, diet=frozenset({Diet.HALAL}))
    problem = weeks.week([weeks.lot("L", 2)], [halal, weeks.household("B", 3)])
    first, *others = wishes(advisor(problem))
    assert first.gift.diets == (Diet.HALAL,)
    assert any(wish.gift.diets == () for wish in others)


def test_halal_food_is_also_for_those_who_need_none() -> None:
    # Of four halal meals three are A's and one is B's, who is short of one.
    halal = weeks.household("A", 3, diet=frozenset({Diet.HALAL}))
    problem = weeks.week([weeks.lot("L", 2)], [halal, weeks.household("B", 3)])
    wish = wishes(advisor(problem))[0]
    assert (wish.full_units, wish.full_gained) == (4, 4)


def test_nobody_short_wishes_for_nothing() -> None:
    problem = weeks.week([weeks.lot("L", 3)], [weeks.household("A", 3)])
    assert advise(problem, allocated(problem), seconds=2.0).wishes == ()


def test_who_gives_such_food_is_asked_first() -> None:
    # O2's food is halal, O1's is not; where nobody gives the like, all of the group are asked.
    lots = [
        weeks.lot("L", 1),
        weeks.lot("M", 1, org_id="O2", tags=frozenset({Tag.HALAL})),
    ]
    known = {**GIVER, "O2": Organisation("O2", "Spice house", Sector.COMPANY)}
    halal = weeks.household("A", 9, diet=frozenset({Diet.HALAL}))
    problem = weeks.week(lots, [halal], organisations=known)
    assert by_group(problem)[FoodGroup.STAPLE].org_ids == ("O2",)
    vegan = replace(halal, diet=frozenset({Diet.VEGAN}))
    problem = weeks.week(lots, [vegan], organisations=known)
    assert by_group(problem)[FoodGroup.STAPLE].org_ids == ("O1", "O2")


# --- what leaves the house ------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("audience", ["company", "farm"])
def test_letters_name_no_household_and_count_none(language: str, audience: str) -> None:
    problem = short_week(3)
    found = [wish.plain(problem) for wish in wishes(advisor(problem))]
    text = letter(language, audience, found, problem)
    assert text
    assert "{" not in text
    assert not any(household_id in text for household_id in problem.households)
    assert "世帯" not in text
    assert "household" not in text
    # 6 meals are short: outside they are "about 10".
    assert "10" in text
    assert not any(
        household_id in table(language, found, problem) for household_id in problem.households
    )


def test_farms_are_asked_for_produce_and_companies_for_the_rest() -> None:
    problem = short_week()
    found = [wish.plain(problem) for wish in wishes(advisor(problem))]
    assert "produce" in letter("en", "farm", found, problem)
    assert "produce" not in letter("en", "company", found, problem)
    assert letter("en", "farm", [], problem) == ""


@pytest.mark.parametrize(("households", "named"), [(9, False), (10, True)])
def test_a_satellite_is_named_from_ten_households_up(households: int, named: bool) -> None:
    homes = [weeks.household(f"H{k:02}", 2) for k in range(households)]
    problem = weeks.week(
        [weeks.lot("L", households)],
        homes,
        [weeks.session("S1", site_id="T1")],
        [weeks.site("T1", name="Tsubame table")],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(weeks.at(2, 8), weeks.at(2, 18)),),
    )
    found = [wish.plain(problem) for wish in wishes(advisor(problem))]
    assert ("Tsubame table" in letter("en", "company", found, problem)) is named
    assert "Tsubame table" not in wish_line("en", found[0], problem)
