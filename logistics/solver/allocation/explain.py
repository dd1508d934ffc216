"""Why a household is short, in words, and the smallest fix, from the certificate of its level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from logistics.model.people import Household
from logistics.model.plan import Cap, Cut, Fate, Leftover, Reason, Unmet
from logistics.model.problem import WeekProblem
from logistics.model.units import Cold, Kitchen, date_of
from logistics.solver.allocation.events import Freeze
from logistics.solver.allocation.shape import Shape
from logistics.solver.eligible import REFUSALS, Eligibility
from logistics.words import listing, say

Worded = tuple[str, dict[str, object], str]
"""Reason code, its parameters, the text of the fix."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """Everything an explanation draws on."""

    problem: WeekProblem
    shape: Shape
    eligible: Eligibility
    freezes: Mapping[int, Freeze]
    received: list[int]
    leftover: tuple[Leftover, ...]
    cuts: tuple[Cut, ...]
    language: str

    def unmet(self) -> tuple[Unmet, ...]:
        """One entry per household that gets less than it wants."""
        found = []
        for n, need in enumerate(self.shape.needs):
            short = Fraction(need.wanted - self.received[n], self.shape.grains_per_meal)
            if short > 0:
                household = self.problem.households[need.household_id]
                found.append(Unmet(household.id, short, tuple(self._reasons(n, household, short))))
        return tuple(found)

    def _reasons(self, n: int, household: Household, short: Fraction) -> Iterable[Reason]:
        for code, params, fix in self._codes(n, household, short):
            text = say(self.language, code, **params)
            yield Reason(code, params, text, fix)

    def _codes(self, n: int, household: Household, short: Fraction) -> Iterable[Worded]:
        for cut in self.cuts:
            if cut.kind in ("visit", "delivery") and household.id in cut.ids:
                yield "undriveable", {"why": cut.why}, ""
        mine = {self.shape.options[i].lot_id for i in self.shape.members[n]}
        if not mine:
            yield (
                "nothing_fits",
                {"household": household.id, "refusals": self._refusals(household, None)},
                self._fix_more(household, short),
            )
            return
        freeze = self.freezes.get(n)
        caps = freeze.held if freeze else ()
        scarce = [cap.id for cap in caps if cap.kind == "lot" and cap.id in mine]
        if scarce:
            names = [f"{self.problem.lots[lot_id].item} ({lot_id})" for lot_id in scarce]
            yield (
                "lots_exhausted",
                {"household": household.id, "items": listing(self.language, names)},
                self._fix_more(household, short),
            )
        for cap in caps:
            worded = self._cap(cap, household, short)
            if worded is not None:
                yield worded
        if freeze is not None and freeze.proof == "search":
            yield "whole_packs", {}, self._say("fix_packs", meals=short)
        spare = {
            left.lot_id: left.units * self.problem.lots[left.lot_id].unit_meals
            for left in self.leftover
            if left.fate is not Fate.DECLINED
            and (household.id, left.lot_id) in self.eligible.refusals
        }
        if spare:
            yield (
                "left_but_refused",
                {
                    "household": household.id,
                    "meals": str(sum(spare.values())),
                    "refusals": self._refusals(household, set(spare)),
                },
                "",
            )

    def _cap(self, cap: Cap, household: Household, short: Fraction) -> Worded | None:
        """The words for one binding cap, or None if it does not concern this household."""
        day = "" if cap.day is None else date_of(self.problem.week_start, cap.day).isoformat()
        storage = self._say(f"storage_{cap.storage}") if cap.storage else ""
        mine = cap.id == household.id
        if cap.kind.startswith("group_share") and mine:
            group = self._say(f"group_{cap.kind.removeprefix('group_share_')}")
            params: dict[str, object] = {"household": household.id, "group": group}
            return "group_share", params, self._say("fix_share", group=group)
        if cap.kind == "cooked_per_day" and mine:
            return "cooked_per_day", {}, self._fix_more(household, short)
        if cap.kind == "sessions_max" and mine:
            return "sessions_max", {"household": household.id}, self._fix_more(household, short)
        if cap.kind == "session":
            return (
                "session_full",
                {"session": cap.id},
                self._say("fix_session", session=cap.id, n=1),
            )
        if cap.kind == "site_storage":
            site = self.problem.sites[cap.id].name
            params = {"site": site, "storage": storage, "date": day}
            return "site_storage", params, self._say("fix_storage", site=site, storage=storage)
        if cap.kind == "vehicle_day":
            return (
                "vehicle_day",
                {"storage": storage, "date": day},
                self._say("fix_vehicle", date=day),
            )
        if cap.kind == "visits_day":
            return "visits_day", {"date": day}, self._say("fix_vehicle", date=day)
        if cap.kind == "pin":
            return "pinned", {}, self._say("fix_pin")
        return None

    def _say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def _refusals(self, household: Household, lot_ids: set[str] | None) -> str:
        """The commonest reasons for which lots are refused to this household."""
        counts = Counter(
            code
            for (household_id, lot_id), code in self.eligible.refusals.items()
            if household_id == household.id and (lot_ids is None or lot_id in lot_ids)
        )
        ranked = sorted(counts, key=lambda code: (-counts[code], REFUSALS.index(code)))
        words = [self._say(f"refusal_{code}", n=counts[code]) for code in ranked]
        return listing(self.language, words, most=3)

    def _fix_more(self, household: Household, short: Fraction) -> str:
        """What kind of food, how much of it and for when would fill the gap."""
        kinds = []
        if household.avoid:
            codes = sorted(household.avoid)
            names = [
                (
                    self.problem.allergens[c].name_ja
                    if self.language == "ja"
                    else self.problem.allergens[c].name_en
                )
                if c in self.problem.allergens
                else c
                for c in codes
            ]
            kinds.append(self._say("kind_without", codes=listing(self.language, names)))
        kinds += [self._say(f"kind_{diet}") for diet in sorted(household.diet)]
        if household.kitchen is not Kitchen.FULL:
            kinds.append(self._say(f"kind_kitchen_{household.kitchen}"))
        if household.cold is not Cold.FREEZER:
            kinds.append(self._say(f"kind_cold_{household.cold}"))
        kind = kinds[0] if kinds else self._say("kind_any")
        for more in kinds[1:]:
            kind = self._say("kind_join", a=kind, b=more)
        return self._say("fix_more", meals=short, kind=kind, when=self._when(household))

    def _when(self, household: Household) -> str:
        if household.visit is not None:
            return self._say("when_visit", date=self._date(household.visit.day))
        session = self.problem.sessions[household.session_ids[0]]
        return self._say("when_session", session=session.id, date=self._date(session.day))

    def _date(self, day: int) -> str:
        return date_of(self.problem.week_start, day).isoformat()
