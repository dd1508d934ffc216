"""For each household that is short: the smallest change that gives it more, planned again to be sure.

What a person can arrange comes first (a label to ask about, a pin, places, an hour of driving, space),
then food. The smallest amount is searched on the plan as it is, filled up (`filling`); it is named only
if the week allocated again gives the household more, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from logistics.model.people import Household
from logistics.model.plan import Allocation, Cap, Reason, Unmet
from logistics.model.units import PinKind, Storage, date_of, meals_text
from logistics.solver.allocation.effort import Effort
from logistics.solver.allocation.fixes import (
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
from logistics.solver.allocation.gifts import Gift, Room, gifts_for, reach_of
from logistics.solver.allocation.what_if import Outcome, WhatIf
from logistics.solver.eligible import Eligibility
from logistics.words.reasons import worded

STRIDE = 4
"""Factor between the amounts tried until one helps."""

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
        gifts = {gift for household in self.short for gift in gifts_for(self.problem, household)}
        self.reach = reach_of(self.problem, what_if.travel, sorted(gifts))
        self._eligible = eligible
        self._unmet = {entry.household_id: entry for entry in allocation.unmet}
        self._levels = allocation.levels
        self._filled: dict[Fix, Outcome] = {}
        self._solved: dict[Fix, Outcome] = {}

    def filled(self, fix: Fix) -> Outcome:
        """The plan filled up with what a fix makes possible; remembered."""
        if fix not in self._filled:
            changed = fix.applied(self.problem)
            self._filled[fix] = self.what_if.filled(changed, free_day=fix.free_day)
        return self._filled[fix]

    def solved(self, fix: Fix) -> Outcome:
        """The week allocated again with a fix; remembered. What shifts others' food needs a search."""
        if fix not in self._solved:
            changed = fix.applied(self.problem)
            effort = None if isinstance(fix, MoreFood) else Effort.QUICK
            self._solved[fix] = self.what_if.of(changed, free_day=fix.free_day, effort=effort)
        return self._solved[fix]

    def unmet(self, language: str) -> tuple[Unmet, ...]:
        """The entries of the allocation with sure fixes, as far as the time goes; the lowest first."""
        told = dict(self._unmet)
        for household in self.short:
            if self.what_if.late():
                break
            told[household.id] = self._told(household, language)
        return tuple(told.values())

    def _told(self, household: Household, language: str) -> Unmet:
        """A household's entry with its sure fixes; what was tried in vain is not suggested."""
        entry = self._unmet[household.id]
        reasons = {reason.code: reason for reason in entry.reasons}
        found = False
        for code, fix in self._candidates(household):
            if self.what_if.late() or (found and code in HINTS):
                break
            sure = self._sure(fix, household)
            if sure is not None and not (code in reasons and "gain" in _fix_of(reasons[code])):
                reasons[code] = self._with_fix(code, reasons.get(code), sure, household, language)
                found = True
        if found:
            for code in HINTS:
                if code in reasons and "gain" not in _fix_of(reasons[code]):
                    del reasons[code]
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

    def _least(self, fix: MoreFood, household: Household) -> MoreFood | None:
        """The smallest amount with which the filled plan gives the household more."""

        def helps(amount: int) -> bool:
            outcome = self.filled(replace(fix, amount=amount))
            return outcome.gain(self.what_if.base, household.id) > 0

        too_little, enough = 0, 1
        while not helps(enough):
            if enough >= fix.most or self.what_if.late():
                return None
            too_little, enough = enough, min(fix.most, STRIDE * enough)
        while too_little + 1 < enough:
            middle = (too_little + enough) // 2
            too_little, enough = (too_little, middle) if helps(middle) else (middle, enough)
        return replace(fix, amount=enough)

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
        if "visits_day" not in reasons:
            food = self.food_for(household)
            if food is not None:
                yield next((code for code in FOOD if code in reasons), "lots_exhausted"), food
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

    def food_for(self, household: Household) -> MoreFood | None:
        """The commonest form of food of which a household takes a meal more, else most of one."""
        gifts = [gift for gift in gifts_for(self.problem, household) if self._has(gift, household)]
        if not gifts:
            return None
        most = max(self.room.meals(household.id, gift.group) for gift in gifts)
        enough = min(Fraction(1), most)
        best = next(g for g in gifts if self.room.meals(household.id, g.group) >= enough)
        return MoreFood(best, self.reach[best].days[household.id])

    def _has(self, gift: Gift, household: Household) -> bool:
        return household.id in self.reach[gift].days

    def _with_fix(
        self, code: str, old: Reason | None, fix: Fix, household: Household, language: str
    ) -> Reason:
        """A reason with a sure fix: what, how many meals more it gives, how many others gain."""
        gains = self.solved(fix).gains(self.what_if.base)
        others = sum(gain > 0 for h, gain in gains.items() if h != household.id)
        sure: Plain = {
            **fix.plain(self.problem),
            "household": household.id,
            "gain": meals_text(gains[household.id]),
            "others": others if isinstance(fix, MoreFood) else 0,
        }
        params = {**(old.params if old is not None else sure), "fix": sure}
        text, said = worded(language, code, params, self.problem)
        return Reason(code, params, text, said)


def _fix_of(reason: Reason) -> Plain:
    fix = reason.params.get("fix")
    return fix if isinstance(fix, dict) else {}


__all__ = ["Advisor"]
