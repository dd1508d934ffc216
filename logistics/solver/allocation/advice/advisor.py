"""For each household that is short: the smallest change that gives it more, planned again to be sure.

What a person can arrange comes first (a label to ask about, a pin, places, an hour of driving, space),
then food. The smallest amount of food is searched on the plan as it is, filled up (`filling`): a plan in
which nobody loses. Then, as far as the time goes, the week is allocated again, which must give the
household more, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from logistics.model.people import Household
from logistics.model.plan import Allocation, Cap, Reason, Unmet
from logistics.model.units import PinKind, Storage, ceil_of, date_of, meals_text
from logistics.solver.allocation.advice.filling import Step
from logistics.solver.allocation.advice.fixes import (
    CheckedLabels,
    Fix,
    LongerShift,
    MoreFood,
    MoreRoom,
    MoreSeats,
    NoPin,
    Plain,
    SinglePacks,
)
from logistics.solver.allocation.advice.gifts import GIFT_ID, Gift, Reach, Room, gifts_for, reach_of
from logistics.solver.allocation.advice.what_if import Outcome, WhatIf
from logistics.solver.allocation.effort import Effort
from logistics.solver.eligible import Eligibility
from logistics.words.reasons import worded

FOOD = ("nothing_fits", "lots_exhausted", "group_share", "cooked_per_day", "sessions_max")
"""Reasons that more food of the right kind answers."""

HINTS = ("whole_packs", "shared_storage")
"""Reasons that count only if their fix is sure, and are tried only where nothing else is."""

Tried = tuple[str, Fix]
"""The code of the reason that a fix answers, and the fix."""


class Advisor:
    """Finds sure fixes for the households of one allocation."""

    def __init__(self, what_if: WhatIf, eligible: Eligibility, allocation: Allocation) -> None:
        self.what_if = what_if
        self.problem = what_if.problem
        self.room = Room(self.problem, what_if.base.lines)
        self.short = [
            self.problem.households[entry.household_id]
            for entry in sorted(
                allocation.unmet, key=lambda entry: self.room.rank(entry.household_id)
            )
        ]
        self._reach: dict[Gift, Reach] = {}
        self._eligible = eligible
        self._unmet = {entry.household_id: entry for entry in allocation.unmet}
        self._levels = allocation.levels
        self._curves: dict[Gift, tuple[Step, ...]] = {}
        self._solved: dict[Fix, Outcome] = {}

    def reach(self, gift: Gift) -> Reach:
        """Who may have a gift; remembered."""
        if gift not in self._reach:
            self._reach[gift] = reach_of(self.problem, self.what_if.travel, gift)
        return self._reach[gift]

    def gifts_for(self, household: Household) -> Iterator[Gift]:
        """The forms of food that a household may have, each at the first place that serves it."""
        found = set()
        for gift in gifts_for(self.problem, household):
            form = gift.group, gift.storage
            if form not in found and household.id in self.reach(gift).days:
                found.add(form)
                yield gift

    def curve(self, gift: Gift) -> tuple[Step, ...]:
        """Who would get each further meal of a gift beside the plan, in order; remembered."""
        if gift not in self._curves:
            rooms = (self.room.meals(h, gift.group) for h in self.reach(gift).days)
            units = ceil_of(sum(rooms, Fraction(len(self.short))))
            steps = self.what_if.filled(gift.given_to(self.problem, units)).steps
            self._curves[gift] = tuple(step for step in steps if step.lot_id == GIFT_ID)
        return self._curves[gift]

    def solved(self, fix: Fix) -> Outcome:
        """The week allocated again with a fix; remembered. What shifts others' food needs a search."""
        if fix not in self._solved:
            changed = fix.applied(self.problem)
            effort = None if isinstance(fix, MoreFood) else Effort.QUICK
            self._solved[fix] = self.what_if.of(changed, free_day=fix.free_day, effort=effort)
        return self._solved[fix]

    def solved_fixes(self) -> tuple[tuple[Fix, Outcome], ...]:
        """Every fix for which the week was allocated again, with what came of it."""
        return tuple(self._solved.items())

    def unmet(self, language: str, only: frozenset[str] = frozenset()) -> tuple[Unmet, ...]:
        """The entries of the allocation with fixes that help, the lowest households first.

        `only` are the households to look at; all if empty.
        At first each household gets the food that the plan filled up shows to help; then, as far as
        the time goes, everything that may help is allocated again.
        """
        told = dict(self._unmet)
        asked = [household for household in self.short if not only or household.id in only]
        for household in asked:
            told[household.id] = self._with_food(household, language)
        for household in asked:
            if self.what_if.late():
                break
            told[household.id] = self._told(told[household.id], household, language)
        return tuple(told.values())

    def _with_food(self, household: Household, language: str) -> Unmet:
        """A household's entry with the least food that helps on the plan filled up."""
        entry = self._unmet[household.id]
        code, food = self._food(household)
        least = self._least(food, household) if food is not None else None
        if least is None:
            return entry
        reasons = {reason.code: reason for reason in entry.reasons}
        gains: dict[str, Fraction] = {}
        for step in self.curve(least.gift)[: least.amount]:
            gains[step.household_id] = gains.get(step.household_id, Fraction(0)) + step.gain
        fix = self._plain(least, gains, household, "filled")
        reasons[code] = self._with_fix(code, reasons.get(code), fix, language)
        return replace(entry, reasons=tuple(reasons.values()))

    def _told(self, entry: Unmet, household: Household, language: str) -> Unmet:
        """An entry with sure fixes; what is only a hint counts if its fix is sure."""
        reasons = {reason.code: reason for reason in entry.reasons}
        found: set[str] = set()
        for code, fix in self._candidates(household):
            if self.what_if.late() or (found and code in HINTS):
                break
            sure = self._sure(fix, household) if code not in found else None
            if sure is not None:
                gains = self.solved(sure).gains(self.what_if.base)
                plain = self._plain(sure, gains, household, "solved")
                reasons[code] = self._with_fix(code, reasons.get(code), plain, language)
                found.add(code)
        for code in HINTS:
            if found and code not in found:
                reasons.pop(code, None)
        return replace(entry, reasons=tuple(reasons.values()))

    def _sure(self, fix: Fix, household: Household) -> Fix | None:
        """The smallest amount that helps when the week is allocated again, if there is one.

        Of food the search begins on the plan filled up, where it is quick and exact.
        """
        least = self._least(fix, household) if isinstance(fix, MoreFood) else fix
        while least is not None and not self.what_if.late():
            if self.solved(least).gain(self.what_if.base, household.id) > 0:
                return least
            if least.amount >= fix.most:
                return None
            least = replace(
                least, amount=min(fix.most, max(least.amount + 1, least.amount * 5 // 4))
            )
        return None

    def _least(self, food: MoreFood, household: Household) -> MoreFood | None:
        """The smallest amount with which the plan filled up gives the household more."""
        curve = self.curve(food.gift)
        amounts = (k for k, step in enumerate(curve, start=1) if step.household_id == household.id)
        amount = next(amounts, food.most + 1)
        return replace(food, amount=amount) if amount <= food.most else None

    def _candidates(self, household: Household) -> Iterator[Tried]:
        """What may help a household: what stands in its way first, then food, then a hint.

        The hint is storage that the certificate of its level names, where others' goods are in the way.
        """
        reasons = {reason.code: reason.params for reason in self._unmet[household.id].reasons}
        labels = self._labels(household)
        if labels is not None:
            yield "left_but_refused" if "left_but_refused" in reasons else "nothing_fits", labels
        for position, pin in enumerate(self.problem.pins):
            if pin.kind is not PinKind.FORBID or pin.household_id in ("", household.id):
                yield "pinned", NoPin(position)
        if "session_full" in reasons:
            yield "session_full", MoreSeats(str(reasons["session_full"]["session"]))
        for code in ("visits_day", "undriveable", "vehicle_day"):
            yield from self._shifts(code, reasons.get(code), household)
        if "site_storage" in reasons:
            params = reasons["site_storage"]
            yield "site_storage", MoreRoom(str(params["site"]), Storage(str(params["storage"])))
        code, food = self._food(household)
        if food is not None:
            yield code, food
        if "whole_packs" in reasons:
            items = reasons["whole_packs"]["items"]
            yield "whole_packs", SinglePacks(tuple(items) if isinstance(items, list) else ())
        if "site_storage" not in reasons:
            for cap in self._level_caps(household.id):
                yield "shared_storage", MoreRoom(cap.id, Storage(cap.storage))

    def _labels(self, household: Household) -> CheckedLabels | None:
        """Lots that are left over and refused only because nobody has looked at the label."""
        given: dict[str, int] = {}
        for line in self.what_if.base.lines:
            given[line.lot_id] = given.get(line.lot_id, 0) + line.units
        unknown = tuple(
            lot.id
            for lot in self.problem.lots.values()
            if self._eligible.refusals.get((household.id, lot.id)) == "allergen_unknown"
            and lot.free_units - given.get(lot.id, 0) >= lot.pack
        )
        return CheckedLabels(unknown, tuple(sorted(household.avoid))) if unknown else None

    def _shifts(
        self, code: str, params: Mapping[str, object] | None, household: Household
    ) -> Iterator[Tried]:
        """Longer shifts on the day on which driving is what is scarce."""
        if params is None:
            return
        day = household.visit.day if household.visit is not None else None
        for position, shift in enumerate(self.problem.shifts):
            named = date_of(self.problem.week_start, shift.day).isoformat() == params.get("date")
            if named or shift.day == day:
                yield code, LongerShift(position, shift.day)

    def _level_caps(self, household_id: str) -> list[Cap]:
        """Storage named by the certificates of a household's level, each site and class once."""
        caps = [
            cap
            for level in self._levels
            if household_id in level.household_ids
            for cap in level.held_by.caps
            if cap.kind == "site_storage"
        ]
        return list({(cap.id, cap.storage): cap for cap in caps}.values())

    def _food(self, household: Household) -> tuple[str, MoreFood | None]:
        """The reason that more food answers, and which; none if it is not visited at all."""
        codes = [reason.code for reason in self._unmet[household.id].reasons]
        food = None if "visits_day" in codes else self.food_for(household)
        return next((code for code in FOOD if code in codes), "lots_exhausted"), food

    def food_for(self, household: Household) -> MoreFood | None:
        """The commonest form of food of which a household takes a meal more, else most of one."""
        best: Gift | None = None
        most = Fraction(0)
        for gift in self.gifts_for(household):
            meals = self.room.meals(household.id, gift.group)
            if meals > most:
                best, most = gift, meals
            if most >= 1:
                break
        return MoreFood(best, self.reach(best).days[household.id]) if best is not None else None

    def _plain(
        self, fix: Fix, gains: Mapping[str, Fraction], household: Household, how: str
    ) -> Plain:
        """A fix that helps: what, how many meals more it gives, how that was found, who else gains."""
        others = sum(gain > 0 for h, gain in gains.items() if h != household.id)
        return {
            **fix.plain(self.problem),
            "household": household.id,
            "gain": meals_text(gains[household.id]),
            "others": others if isinstance(fix, MoreFood) else 0,
            "full": self._full(fix, household) if isinstance(fix, MoreFood) else 0,
            "how": how,
        }

    def _full(self, food: MoreFood, household: Household) -> int:
        """Meals of a food with which the plan filled up gives a household all it wants; 0 if none."""
        missing = self._unmet[household.id].meals_short
        for amount, step in enumerate(self.curve(food.gift), start=1):
            missing -= step.gain if step.household_id == household.id else 0
            if missing <= 0:
                return amount
        return 0

    def _with_fix(self, code: str, old: Reason | None, fix: Plain, language: str) -> Reason:
        """A reason, old or new, with its fix in words."""
        params = {**(old.params if old is not None else fix), "fix": fix}
        text, said = worded(language, code, params, self.problem)
        return Reason(code, params, text, said)


__all__ = ["Advisor"]
