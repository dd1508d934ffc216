"""Why a household is short, and the smallest fix, from the certificate of its level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from logistics.model.people import Household
from logistics.model.plan import Cap, Cut, Fate, Leftover, Reason, Unmet
from logistics.model.problem import WeekProblem
from logistics.model.units import Cold, Kitchen, date_of, meals_text
from logistics.solver.allocation.events import Freeze
from logistics.solver.allocation.shape import Shape
from logistics.solver.eligible import REFUSALS, Eligibility
from logistics.words.reasons import worded

Plain = dict[str, object]
"""Values of a reason or a fix: codes, identifiers and numbers, no words."""


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
        for code, params in self._codes(n, household, short):
            text, fix = worded(self.language, code, params, self.problem)
            yield Reason(code, params, text, fix)

    def _codes(self, n: int, household: Household, short: Fraction) -> Iterable[tuple[str, Plain]]:
        """Reasons from the household's own to the week's: cuts, nothing fits, scarce, caps, spare."""
        if household.visit is not None and self.received[n] == 0:
            unvisited = list(self._not_visited(household, household.visit.day))
            yield from unvisited
            if unvisited:
                return
        mine = {self.shape.options[i].lot_id for i in self.shape.members[n]}
        more = self._fix_more(household, short)
        lost = None if mine else self._cut_away(household)
        if lost is not None:
            yield "undriveable", {"why": lost.why, "fix": more}
            return
        if not mine:
            refusals = self._refusals(household, None)
            yield "nothing_fits", {"household": household.id, "refusals": refusals, "fix": more}
            return
        freeze = self.freezes.get(n)
        caps = freeze.held if freeze else ()
        scarce = [cap.id for cap in caps if cap.kind == "lot" and cap.id in mine]
        if scarce:
            yield "lots_exhausted", {"household": household.id, "items": scarce, "fix": more}
        yield from self._shares(caps, household)
        for cap in caps:
            yield from self._cap(cap, household, more)
        if freeze is not None and freeze.proof == "search":
            yield "whole_packs", {"fix": {"code": "fix_packs", "meals": meals_text(short)}}
        yield from self._spare(household)

    def _not_visited(self, household: Household, day: int) -> Iterable[tuple[str, Plain]]:
        """Why a household is not visited at all: more visits than fit, or no route found."""
        date = self._date(day)
        fix: Plain = {"code": "fix_vehicle", "date": date}
        for cut in self.cuts:
            if household.id in cut.ids[2:] and cut.kind == "visits":
                yield "visits_day", {"date": date, "fix": fix}
                return
        for cut in self.cuts:
            if household.id in cut.ids and cut.kind == "visit":
                yield "undriveable", {"why": cut.why, "fix": fix}
                return

    def _cut_away(self, household: Household) -> Cut | None:
        """The cut that took what could have been given, if something was eligible at first."""
        if not any(o.household_id == household.id for o in self.eligible.options):
            return None
        heuristic = (cut for cut in self.cuts if not cut.proven)
        places = {household.id, *household.session_ids}
        return max(heuristic, key=lambda cut: len(places & set(cut.ids)), default=None)

    def _shares(self, caps: Iterable[Cap], household: Household) -> Iterable[tuple[str, Plain]]:
        """Food groups of which the household already gets its share, as one reason."""
        groups = [
            cap.kind.removeprefix("group_share_")
            for cap in caps
            if cap.kind.startswith("group_share_") and cap.id == household.id
        ]
        if groups:
            fix = {"code": "fix_share", "groups": groups}
            yield "group_share", {"household": household.id, "groups": groups, "fix": fix}

    def _cap(self, cap: Cap, household: Household, more: Plain) -> Iterable[tuple[str, Plain]]:
        """The reason for one binding cap; none if it does not concern this household."""
        date = "" if cap.day is None else self._date(cap.day)
        mine = cap.id == household.id
        if cap.kind == "cooked_per_day" and mine:
            yield "cooked_per_day", {"fix": more}
        elif cap.kind == "sessions_max" and mine:
            yield "sessions_max", {"household": household.id, "fix": more}
        elif cap.kind == "session":
            fix: Plain = {"code": "fix_session", "session": cap.id, "n": 1}
            yield "session_full", {"session": cap.id, "fix": fix}
        elif cap.kind == "site_storage":
            fix = {"code": "fix_storage", "site": cap.id, "storage": cap.storage}
            params: Plain = {"site": cap.id, "storage": cap.storage, "date": date, "fix": fix}
            yield "site_storage", params
        elif cap.kind == "vehicle_day":
            fix = {"code": "fix_vehicle", "date": date}
            yield "vehicle_day", {"storage": cap.storage, "date": date, "fix": fix}
        elif cap.kind == "visits_day":
            yield "visits_day", {"date": date, "fix": {"code": "fix_vehicle", "date": date}}
        elif cap.kind == "pin":
            yield "pinned", {"fix": {"code": "fix_pin"}}

    def _spare(self, household: Household) -> Iterable[tuple[str, Plain]]:
        """Meals that are left over but refused to this household, with the reasons."""
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
                    "meals": meals_text(sum(spare.values(), Fraction(0))),
                    "refusals": self._refusals(household, set(spare)),
                },
            )

    def _refusals(self, household: Household, lot_ids: set[str] | None) -> list[list[object]]:
        """How many lots are refused to this household for which reason, the commonest first."""
        counts = Counter(
            code
            for (household_id, lot_id), code in self.eligible.refusals.items()
            if household_id == household.id and (lot_ids is None or lot_id in lot_ids)
        )
        ranked = sorted(counts, key=lambda code: (-counts[code], REFUSALS.index(code)))
        return [[code, counts[code]] for code in ranked]

    def _fix_more(self, household: Household, short: Fraction) -> Plain:
        """What kind of food, how much of it and for when would fill the gap."""
        kinds = ["kind_without"] if household.avoid else []
        kinds += [f"kind_{diet}" for diet in sorted(household.diet)]
        if household.kitchen is not Kitchen.FULL:
            kinds.append(f"kind_kitchen_{household.kitchen}")
        if household.cold is not Cold.FREEZER:
            kinds.append(f"kind_cold_{household.cold}")
        fix: Plain = {
            "code": "fix_more",
            "meals": meals_text(short),
            "kinds": kinds,
            "codes": sorted(household.avoid),
        }
        if household.visit is not None:
            return fix | {"when": "when_visit", "date": self._date(household.visit.day)}
        session = self.problem.sessions[household.session_ids[0]]
        return fix | {
            "when": "when_session",
            "session": session.id,
            "date": self._date(session.day),
        }

    def _date(self, day: int) -> str:
        return date_of(self.problem.week_start, day).isoformat()
