"""Why a household is short, and the smallest fix, from the certificate of its level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from logistics.model.people import Household
from logistics.model.plan import Cap, Cut, Leftover, Reason, Unmet
from logistics.model.problem import WeekProblem
from logistics.model.units import Cold, Kitchen, date_of, meals_text
from logistics.solver.allocation.advice.blockers import Blockers
from logistics.solver.allocation.events import Freeze
from logistics.solver.allocation.shape import Shape
from logistics.solver.eligible import REFUSALS, Eligibility
from logistics.words.reasons import worded

Plain = dict[str, object]
"""Values of a reason or a fix: codes, identifiers and numbers, no words."""

PACKS_NAMED = 3
"""With more lots than this, that they come in packs is no explanation of one household's week."""


@dataclass(frozen=True)
class Explainer:
    """Everything an explanation draws on."""

    problem: WeekProblem
    shape: Shape
    eligible: Eligibility
    freezes: Mapping[int, Freeze]
    packs: Sequence[int]
    leftover: tuple[Leftover, ...]
    cuts: tuple[Cut, ...]
    language: str

    @cached_property
    def received(self) -> list[int]:
        """Grains that each need receives."""
        return self.shape.received(self.packs)

    @cached_property
    def blockers(self) -> Blockers:
        """The rules of the week with what the plan uses of them."""
        return Blockers(self.shape, self.packs)

    @cached_property
    def packs_free(self) -> list[int]:
        """Packs that may be given in all of each option's lot."""
        lots = (self.problem.lots[option.lot_id] for option in self.shape.options)
        return [lot.free_units // lot.pack for lot in lots]

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
        """Reasons as a person would name them.

        First why it is not visited or nothing fits; else what keeps food from it that is left, what is
        all given out, and what is left but not for it.
        """
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
        blocked = self.blockers.of(n, self.packs_free)
        found: list[tuple[str, Plain]] = []
        for cap, meals in blocked.waiting:
            found += self._cap(cap, household, meals_text(meals))
        if blocked.used_up:
            found.append(("lots_exhausted", self._used_up(household, blocked.used_up, more)))
        if blocked.free:
            params: Plain = {"meals": meals_text(blocked.free), "fix": {"code": "fix_time"}}
            found.append(("search_ended", params))
        freeze, packed = self.freezes.get(n), self._packed(blocked.used_up)
        if freeze is not None and freeze.proof == "search" and 0 < len(packed) <= PACKS_NAMED:
            fix: Plain = {"code": "fix_packs", "meals": meals_text(short)}
            found.append(("whole_packs", {"items": packed, "fix": fix}))
        yield from sorted(found, key=lambda reason: "fix" not in reason[1])
        yield from self._spare(household)

    def _used_up(self, household: Household, lot_ids: Sequence[str], more: Plain) -> Plain:
        """Lots that are all given out, as one kind of food with the meals in it."""
        lots = [self.problem.lots[lot_id] for lot_id in lot_ids]
        meals = sum((lot.free_units * lot.unit_meals for lot in lots), Fraction(0))
        return {
            "household": household.id,
            "items": list(lot_ids),
            "meals": meals_text(meals),
            "kinds": more["kinds"],
            "codes": more["codes"],
            "fix": more,
        }

    def _packed(self, lot_ids: Sequence[str]) -> list[str]:
        """Lots that move in packs of several units."""
        return [lot_id for lot_id in lot_ids if self.problem.lots[lot_id].pack > 1]

    def _not_visited(self, household: Household, day: int) -> Iterable[tuple[str, Plain]]:
        """Why a household is not visited at all: more visits than fit, or no route found."""
        date = self._date(day)
        fix = self._fix_driving(day)
        for cut in self.cuts:
            if household.id in cut.ids[2:] and cut.kind == "visits":
                yield "visits_day", {"date": date, "fix": fix}
                return
        for cut in self.cuts:
            if household.id in cut.ids and cut.kind == "visit":
                yield "undriveable", {"why": cut.why, "fix": fix}
                return

    def _fix_driving(self, day: int | None) -> Plain:
        """What could make more driving possible on a day: also hours, where its people have limits."""
        date = "" if day is None else self._date(day)
        shifts = (shift for shift in self.problem.shifts if shift.day == day)
        names = {name for shift in shifts for name in shift.volunteer_ids}
        volunteers = self.problem.volunteers
        limited = sorted(
            name for name in names if name in volunteers and volunteers[name].work_s_max is not None
        )
        if limited:
            return {"code": "fix_hours", "date": date, "people": limited}
        return {"code": "fix_vehicle", "date": date}

    def _cut_away(self, household: Household) -> Cut | None:
        """The cut that took what could have been given, if something was eligible at first."""
        if not any(o.household_id == household.id for o in self.eligible.options):
            return None
        heuristic = (cut for cut in self.cuts if not cut.proven)
        places = {household.id, *household.session_ids}
        return max(heuristic, key=lambda cut: len(places & set(cut.ids)), default=None)

    def _cap(self, cap: Cap, household: Household, meals: str) -> Iterable[tuple[str, Plain]]:
        """The reason for one rule that keeps so many meals from this household."""
        date = "" if cap.day is None else self._date(cap.day)
        own: Plain = {"household": household.id, "meals": meals}
        vehicle = self._fix_driving(cap.day)
        if cap.kind.startswith("group_share_"):
            groups = [cap.kind.removeprefix("group_share_")]
            fix: Plain = {"code": "fix_share", "groups": groups}
            yield "group_share", own | {"groups": groups, "fix": fix}
        elif cap.kind in ("cooked_per_day", "sessions_max"):
            yield cap.kind, own
        elif cap.kind == "session":
            site = self.problem.sessions[cap.id].site_id
            fix = {"code": "fix_session", "session": cap.id, "n": 1}
            yield "session_full", own | {"session": cap.id, "site": site, "fix": fix}
        elif cap.kind == "site_storage":
            fix = {"code": "fix_storage", "site": cap.id, "storage": cap.storage}
            place: Plain = {"site": cap.id, "storage": cap.storage, "date": date}
            yield "site_storage", own | place | {"fix": fix}
        elif cap.kind in ("vehicle_day", "session_load"):
            yield "vehicle_day", own | {"storage": cap.storage, "date": date, "fix": vehicle}
        elif cap.kind == "visits_day":
            yield "visits_day", {"date": date, "fix": vehicle}
        elif cap.kind == "pin":
            yield "pinned", own | {"fix": {"code": "fix_pin"}}

    def _spare(self, household: Household) -> Iterable[tuple[str, Plain]]:
        """Meals that are left over but refused to this household, with the reasons."""
        spare = {
            left.lot_id: left.units * self.problem.lots[left.lot_id].unit_meals
            for left in self.leftover
            if (household.id, left.lot_id) in self.eligible.refusals
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
