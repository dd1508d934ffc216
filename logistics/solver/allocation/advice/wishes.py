"""The wish list: which food, given by when, would lift the week most, and how far.

For each kind of need of those who are short, the commonest forms of food that would do are given to the
week in growing amounts. What the first few meals of it gain, and the most it can ever gain, are
differences between allocations of the same start, solved again; nothing is estimated. Every wish is
counted alone. Kinds that lift whoever stands lowest come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from logistics.model.problem import WeekProblem
from logistics.model.units import KG_G, WEEK_DAYS, FoodGroup, Label, date_of, meals_text
from logistics.solver.allocation.advice.advisor import Advisor
from logistics.solver.allocation.advice.filling import Step
from logistics.solver.allocation.advice.fixes import MoreFood, Plain, gift_plain
from logistics.solver.allocation.advice.gifts import FORMS, Gift, grams_a_meal

FIRST_MEALS = 4
"""The donation by which a wish's worth is measured."""

FORMS_A_NEED = 2
"""Forms of food asked for per need that is not everybody's."""

PREPARED = (FoodGroup.STAPLE, FoodGroup.PROTEIN)
"""Groups in which food is made for diets and checked for allergens."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A kind of food to ask for.

    The first `units` meals of it bring `gained` meals more to all households together; `full_units`
    (the fewest found) bring `full_gained`, the most it can. Both are differences to the plan at hand of
    the week allocated again (`solved`), else of the plan filled up, which may find less. `by_site` says
    how many households get more of those at each satellite (at the door: under the hub the visit starts
    from), `days` by which day the food must stand at the gift's site for them. `org_ids` give such food
    this week.
    """

    gift: Gift
    units: int
    gained: Fraction
    full_units: int
    full_gained: Fraction
    solved: bool
    by_site: Mapping[str, int]
    days: Mapping[str, int]
    org_ids: tuple[str, ...]

    @property
    def rate(self) -> Fraction:
        """Meals gained per meal given, of the first few."""
        return self.gained / self.units

    def keeps_until(self, problem: WeekProblem, label: Label) -> date:
        """The earliest date on a label of this kind that is still good at the last table it reaches."""
        margin = problem.policy.margin_days[self.gift.storage, label]
        return date_of(problem.week_start, WEEK_DAYS - 1) + timedelta(days=margin)

    @property
    def day(self) -> int:
        """The day by which it must be there for everybody it would reach."""
        return min(self.days.values())

    def plain(self, problem: WeekProblem) -> Plain:
        """Everything as plain values, for files; no household is named."""
        return {
            "gift": gift_plain(self.gift),
            "site": self.gift.site_id,
            "needed_by": date_of(problem.week_start, self.day).isoformat(),
            "useful_until": date_of(problem.week_start, max(self.days.values())).isoformat(),
            "use_by_from": self.keeps_until(problem, Label.USE_BY).isoformat(),
            "best_before_from": self.keeps_until(problem, Label.BEST_BEFORE).isoformat(),
            "units": self.units,
            "gained": meals_text(self.gained),
            "gained_per_unit": meals_text(self.rate),
            "full_units": self.full_units,
            "full_gained": meals_text(self.full_gained),
            "full_kg": round(self.full_units * grams_a_meal(problem, self.gift.group) / KG_G, 1),
            "solved": self.solved,
            "households": sum(self.by_site.values()),
            "satellites": [
                {
                    "site": site_id,
                    "households": count,
                    "needed_by": date_of(problem.week_start, self.days[site_id]).isoformat(),
                }
                for site_id, count in sorted(self.by_site.items())
            ],
            "orgs": list(self.org_ids),
        }


def wishes(advisor: Advisor, most: int = 12) -> tuple[Wish, ...]:
    """The wish list of a week, the most pressing first.

    Most pressing is what lifts whoever stands lowest; where that is the same, what asks for least.
    Wishes for which there is no time to allocate again are measured on the plan filled up.
    """
    found = []
    for food in _asked(advisor)[:most]:
        wish = _measured(advisor, food)
        if wish is not None:
            lifted = advisor.curve(food.gift)[: wish.units]
            lowest = min(advisor.room.rank(step.household_id) for step in lifted)
            found.append(((*lowest, _demands(food.gift), -wish.rate, -wish.full_gained), wish))
    found.sort(key=lambda pair: pair[0])
    return tuple(wish for _, wish in found)


def _asked(advisor: Advisor) -> list[MoreFood]:
    """The forms of food to ask for, for the needs of the worst-off first.

    What suits everybody is asked for in every food group (a farm has no rice to give). For a need of its
    own, such as a diet, it is the prepared food in the forms of which those with that need would take
    most. A form that the same households would take of as of one already asked for is left out.
    """
    asked: dict[tuple[object, ...], Gift] = {}
    for household in advisor.short:
        forms = list(advisor.gifts_for(household))
        if household.diet or household.avoid:
            core = [
                h.id
                for h in advisor.short
                if h.diet == household.diet and h.avoid == household.avoid
            ]
            fitting = [gift for gift in forms if gift.group in PREPARED]
            fitting.sort(key=lambda gift: -_meals(advisor, gift, core))
            chosen = fitting[:FORMS_A_NEED]
        else:
            chosen = forms
        for gift in sorted(chosen, key=lambda gift: FORMS.index((gift.group, gift.storage))):
            takers = _takers(advisor, gift)
            key = gift.group, gift.storage, frozenset(takers)
            if takers and (key not in asked or _demands(gift) < _demands(asked[key])):
                asked[key] = gift
    return [MoreFood(gift) for gift in asked.values()]


def _demands(gift: Gift) -> tuple[int, int]:
    """How much a gift demands of its giver: diets and allergens first, then that it is ready to eat."""
    return len(gift.free_of) + len(gift.diets), -gift.kitchen.rank


def _takers(advisor: Advisor, gift: Gift) -> list[str]:
    """Households that may have a gift and would take some of it."""
    reach = advisor.reach(gift).days
    return [h for h in reach if advisor.room.meals(h, gift.group) > 0]


def _meals(advisor: Advisor, gift: Gift, household_ids: Iterable[str]) -> Fraction:
    """Meals of a gift that households would take together."""
    return sum((advisor.room.meals(h, gift.group) for h in household_ids), Fraction(0))


def _measured(advisor: Advisor, food: MoreFood) -> Wish | None:
    """A wish with what it gains; None if it gains nothing."""
    gift, curve = food.gift, advisor.curve(food.gift)
    if not curve:
        return None
    first = replace(food, amount=min(FIRST_MEALS, len(curve)))
    full = replace(food, amount=len(curve))
    filled = [_curve_gains(curve[: fix.amount]) for fix in (first, full)]
    again = (
        [_solved_gains(advisor, fix) for fix in (first, full)] if not advisor.what_if.late() else []
    )
    solved = bool(again) and all(map(_at_least, again, filled))
    gains = again if solved else filled
    reach = advisor.reach(gift)
    by_site: Counter[str] = Counter()
    days: dict[str, int] = {}
    for household_id, gain in gains[1].items():
        if gain > 0 and household_id in reach.days:
            site_id, day = reach.places[household_id] or gift.site_id, reach.days[household_id]
            by_site[site_id] += 1
            days[site_id] = min(day, days.get(site_id, day))
    gained, full_gained = (sum(gain.values(), Fraction(0)) for gain in gains)
    if gained <= 0 or not days:
        return None
    givers = gift.givers(advisor.problem)
    return Wish(gift, first.amount, gained, full.amount, full_gained, solved, by_site, days, givers)


def _at_least(these: Mapping[str, Fraction], those: Mapping[str, Fraction]) -> bool:
    """Whether these gains are as many meals in all; a week allocated again may be fairer with less."""
    return sum(these.values(), Fraction(0)) >= sum(those.values(), Fraction(0))


def _solved_gains(advisor: Advisor, food: MoreFood) -> dict[str, Fraction]:
    """Meals more by household when the week is allocated again with the food."""
    return advisor.solved(food).gains(advisor.what_if.base)


def _curve_gains(steps: Iterable[Step]) -> dict[str, Fraction]:
    """Meals more by household beside the plan as it is."""
    gains: dict[str, Fraction] = {}
    for step in steps:
        gains[step.household_id] = gains.get(step.household_id, Fraction(0)) + step.gain
    return gains
