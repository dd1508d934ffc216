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
from logistics.model.units import WEEK_DAYS, FoodGroup, Label, ceil_of, date_of, meals_text
from logistics.solver.allocation.advice import Advisor
from logistics.solver.allocation.fixes import MoreFood, Plain, gift_plain
from logistics.solver.allocation.gifts import FORMS, Gift, gifts_for

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
    (the fewest found) bring `full_gained`, the most it can. `by_site` says how many households get
    more of those at each satellite (at the door: under the hub the visit starts from), `days` by
    which day the food must stand at the gift's site for them. `org_ids` give such food this week.
    """

    gift: Gift
    units: int
    gained: Fraction
    full_units: int
    full_gained: Fraction
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
            "use_by_from": self.keeps_until(problem, Label.USE_BY).isoformat(),
            "best_before_from": self.keeps_until(problem, Label.BEST_BEFORE).isoformat(),
            "units": self.units,
            "gained": meals_text(self.gained),
            "gained_per_unit": meals_text(self.rate),
            "full_units": self.full_units,
            "full_gained": meals_text(self.full_gained),
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
    """The wish list of a week, the most pressing first, as far as the time goes.

    Most pressing is what lifts whoever stands lowest; where that is the same, what asks for least.
    """
    found = []
    for food in _asked(advisor)[:most]:
        if advisor.what_if.late():
            break
        wish = _measured(advisor, food)
        if wish is not None:
            first = advisor.solved(replace(food, amount=wish.units))
            lifted = first.gains(advisor.what_if.base).items()
            lowest = min(advisor.room.rank(h) for h, gain in lifted if gain > 0)
            asks = len(food.gift.free_of) + len(food.gift.diets)
            found.append(((*lowest, asks, -wish.rate, -wish.full_gained), wish))
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
        reached = (
            gift
            for gift in gifts_for(advisor.problem, household)
            if household.id in advisor.reach[gift].days
        )
        forms = {(gift.group, gift.storage): gift for gift in reversed([*reached])}
        if household.diet or household.avoid:
            core = [
                h.id
                for h in advisor.short
                if h.diet == household.diet and h.avoid == household.avoid
            ]
            fitting = [gift for gift in forms.values() if gift.group in PREPARED]
            fitting.sort(key=lambda gift: -_meals(advisor, gift, core))
            chosen = fitting[:FORMS_A_NEED]
        else:
            chosen = list(forms.values())
        for gift in sorted(chosen, key=lambda gift: FORMS.index((gift.group, gift.storage))):
            takers = _takers(advisor, gift)
            if takers:
                asked.setdefault((gift.group, gift.storage, frozenset(takers)), gift)
    return [MoreFood(gift) for gift in asked.values()]


def _takers(advisor: Advisor, gift: Gift) -> list[str]:
    """Households that may have a gift and would take some of it."""
    reach = advisor.reach[gift].days
    return [h for h in reach if advisor.room.meals(h, gift.group) > 0]


def _meals(advisor: Advisor, gift: Gift, household_ids: Iterable[str]) -> Fraction:
    """Meals of a gift that households would take together."""
    return sum((advisor.room.meals(h, gift.group) for h in household_ids), Fraction(0))


def _measured(advisor: Advisor, food: MoreFood) -> Wish | None:
    """A wish with what it gains, from allocations solved again; None if it gains nothing."""
    base, gift = advisor.what_if.base, food.gift
    full = _enough(advisor, food)
    first = replace(food, amount=min(FIRST_MEALS, full.amount))
    after = advisor.solved(full)
    gained, full_gained = advisor.solved(first).meals - base.meals, after.meals - base.meals
    if gained <= 0:
        return None
    reach = advisor.reach[gift]
    by_site: Counter[str] = Counter()
    days: dict[str, int] = {}
    for household_id, gain in after.gains(base).items():
        if gain > 0 and household_id in reach.days:
            site_id = reach.places[household_id] or gift.site_id
            by_site[site_id] += 1
            days[site_id] = min(
                reach.days[household_id], days.get(site_id, reach.days[household_id])
            )
    if not days:
        return None
    givers = gift.givers(advisor.problem)
    return Wish(gift, first.amount, gained, full.amount, full_gained, by_site, days, givers)


def _enough(advisor: Advisor, food: MoreFood) -> MoreFood:
    """The fewest meals of a food beyond which the plan filled up gains nothing more."""

    def gained(amount: int) -> Fraction:
        return advisor.filled(replace(food, amount=amount)).meals

    enough = max(1, ceil_of(_meals(advisor, food.gift, _takers(advisor, food.gift))))
    most, too_little = gained(enough), 0
    while too_little + 1 < enough:
        middle = (too_little + enough) // 2
        too_little, enough = (too_little, middle) if gained(middle) == most else (middle, enough)
    return replace(food, amount=enough)
