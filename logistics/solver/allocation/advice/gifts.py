"""Food that nobody has offered yet: what it would have to be for a household that is short.

A gift is the least demanding food that would do: free of what the household avoids, tagged as its
diet needs, cooked with what it has. Asking for less than that would not help, asking for more makes
it harder to find. It stands at a hub (or at the session's own site where nothing is driven) from
Monday on; the day on which it must be there at the latest is that of the drive or session.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import median_low

from logistics.model.goods import Lot
from logistics.model.people import Household
from logistics.model.plan import Line
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import Diet, FoodGroup, Kitchen, Storage, Tag, ceil_of
from logistics.solver.eligible import eligibility, personal_refusal
from logistics.solver.ways import Ways

GIFT_ID = "(gift)"
"""Identifier of the lot that a gift becomes; no file can hold it beside real lots for long."""

FORMS: tuple[tuple[FoodGroup, Storage], ...] = (
    (FoodGroup.STAPLE, Storage.AMBIENT),
    (FoodGroup.PROTEIN, Storage.AMBIENT),
    (FoodGroup.PROTEIN, Storage.FROZEN),
    (FoodGroup.PROTEIN, Storage.CHILLED),
    (FoodGroup.PRODUCE, Storage.AMBIENT),
    (FoodGroup.DAIRY, Storage.CHILLED),
)
"""Food groups in the storage in which they are commonly given."""

GRAMS_A_MEAL = 500
"""Weight of a meal where this week has no lot to compare with."""

_TAGS: Mapping[Diet, Tag] = {
    Diet.HALAL: Tag.HALAL,
    Diet.VEGAN: Tag.VEGAN,
    Diet.VEGETARIAN: Tag.VEGETARIAN,
    Diet.SOFT: Tag.SOFT,
}


@dataclass(frozen=True, slots=True, order=True)
class Gift:
    """A kind of food, and the site at which it would stand; one unit is one meal."""

    group: FoodGroup
    storage: Storage
    kitchen: Kitchen
    free_of: tuple[str, ...]
    diets: tuple[Diet, ...]
    site_id: str

    def lot(self, problem: WeekProblem, units: int) -> Lot:
        """So many units of it as a lot of this week, as heavy as this week's food of its group."""
        return Lot(
            id=GIFT_ID,
            site_id=self.site_id,
            org_id="",
            item=GIFT_ID,
            food_group=self.group,
            storage=self.storage,
            units=units,
            unit_g=grams_a_meal(problem, self.group),
            unit_meals=Fraction(1),
            checked=frozenset(self.free_of),
            kitchen_needed=self.kitchen,
            tags=frozenset(_TAGS[diet] for diet in self.diets if diet in _TAGS),
        )

    def given_to(self, problem: WeekProblem, units: int) -> WeekProblem:
        """The week with so many units of it."""
        return replace(problem, lots={**problem.lots, GIFT_ID: self.lot(problem, units)})

    def givers(self, problem: WeekProblem) -> tuple[str, ...]:
        """Organisations that give such food this week, else food of its group and storage."""
        eater = replace(
            next(iter(problem.households.values())),
            avoid=frozenset(self.free_of),
            diet=frozenset(self.diets),
            kitchen=self.kitchen,
        )
        like = [
            lot
            for lot in problem.lots.values()
            if lot.food_group is self.group
            and lot.storage is self.storage
            and lot.org_id in problem.organisations
        ]
        fit = [lot for lot in like if personal_refusal(_warm(lot), eater) is None]
        return tuple(dict.fromkeys(lot.org_id for lot in fit or like))


def _warm(lot: Lot) -> Lot:
    """A lot as if nobody needed a fridge for it."""
    return replace(lot, storage=Storage.AMBIENT)


def grams_a_meal(problem: WeekProblem, group: FoodGroup) -> int:
    """Median weight of a meal over this week's lots of a group."""
    weights = [
        max(1, round(lot.unit_g / lot.unit_meals))
        for lot in problem.lots.values()
        if lot.food_group is group
    ]
    return median_low(weights) if weights else GRAMS_A_MEAL


def gifts_for(problem: WeekProblem, household: Household) -> list[Gift]:
    """Everything that could be given to a household, in all forms, at every place it may stand."""
    return [
        Gift(
            group,
            storage,
            household.kitchen,
            tuple(sorted(household.avoid)),
            tuple(sorted(household.diet)),
            site_id,
        )
        for group, storage in FORMS
        if household.cold.keeps(storage)
        for site_id in _stands(problem, household)
        if problem.sites[site_id].keeps(storage)
    ]


def _stands(problem: WeekProblem, household: Household) -> list[str]:
    """Hubs with vehicles first, then the sites of the household's own sessions."""
    hubs = [vehicle.home_site_id for vehicle in problem.vehicles.values()]
    own = [problem.sessions[session_id].site_id for session_id in household.session_ids]
    return list(dict.fromkeys([*hubs, *own]))


@dataclass(frozen=True, slots=True)
class Reach:
    """Who may have a gift: the day by which it must stand there, by household.

    `places` says where each gets it: a session's site, or at the door (an empty string).
    """

    days: Mapping[str, int]
    places: Mapping[str, str]


def reach_of(problem: WeekProblem, travel: Travel, gift: Gift) -> Reach:
    """Who may have a gift, by the rules that hold for every lot."""
    week = replace(problem, lots={GIFT_ID: gift.lot(problem, 1)})
    days: dict[str, int] = {}
    places: dict[str, str] = {}
    for option in eligibility(week, Ways(week, travel)).options:
        household_id = option.household_id
        if option.way.day >= days.get(household_id, 0):
            site = problem.sessions[option.session_id].site_id if option.session_id else ""
            days[household_id] = option.way.day
            places[household_id] = site
    return Reach(days, places)


class Room:
    """How many more meals of a food group each household would take beside what it gets."""

    def __init__(self, problem: WeekProblem, lines: Iterable[Line]) -> None:
        self._problem = problem
        self._past = problem.past()
        self._given: dict[str, Fraction] = {}
        self._group: dict[tuple[str, FoodGroup], Fraction] = {}
        for line in lines:
            lot = problem.lots[line.lot_id]
            meals = lot.unit_meals * line.units
            key = line.household_id, lot.food_group
            self._given[line.household_id] = self._given.get(line.household_id, Fraction(0)) + meals
            self._group[key] = self._group.get(key, Fraction(0)) + meals

    def meals(self, household_id: str, group: FoodGroup) -> Fraction:
        """Meals short of the wish, or what the share of one food group leaves if that is less."""
        wanted = self._problem.households[household_id].meals_wanted
        share = ceil_of(self._problem.policy.group_share_max * wanted)
        left = share - self._group.get((household_id, group), Fraction(0))
        return max(Fraction(0), min(wanted - self._given.get(household_id, Fraction(0)), left))

    def rank(
        self, household_id: str, more: Fraction = Fraction(0)
    ) -> tuple[Fraction, Fraction, str]:
        """Who is served first (docs/rules.md §7): this week's fill up to the floor, then the level."""
        household = self._problem.households[household_id]
        past = self._past[household_id]
        now = min(
            self._given.get(household_id, Fraction(0)) + more, Fraction(household.meals_wanted)
        )
        floor = self._problem.policy.week_floor
        fill = Fraction(now, household.meals_wanted) if household.meals_wanted else floor
        total = max(1, past.wanted + household.meals_wanted)
        level = (past.received + now) / total / household.weight
        return min(fill, floor), level, household_id
