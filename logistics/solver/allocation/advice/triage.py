"""What to answer each donor, and what to do with stock that will expire.

For a planned week every offer is accepted as a whole, in part, declined or passed on. What the plan
takes is accepted; of the rest the reason is found with the rules of eligibility and the plan's own
totals, and the last day on which another network could still hand it out decides between passing on
and declining.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from logistics.model.goods import Lot
from logistics.model.plan import Allocation, Cap, Fate
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import SiteKind, Storage, date_of, day_number, day_of
from logistics.solver.allocation.advice.blockers import Blockers
from logistics.solver.allocation.advice.filling import packs_of
from logistics.solver.allocation.advice.fixes import Plain
from logistics.solver.allocation.allocate import shapes_of
from logistics.solver.eligible import REFUSALS, Eligibility

TRAVEL_DAYS = 2
"""Days that goods need to reach another network and be handed out there."""

NOT_NEEDED = "not_needed"
HELD = "on_hold"


class Answer(StrEnum):
    """What becomes of an offer or of stock that will expire."""

    ACCEPT = "accept"
    PART = "part"
    PASS_ON = "pass_on"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Why:
    """Why the rest of a lot is given to nobody.

    `code` is a refusal of `eligible`, a kind of capacity (then `cap`), or that nobody who may have it
    needs more (then `others` is why those who are short may not have it).
    """

    code: str
    households: int = 0
    cap: Cap | None = None
    others: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer for one lot.

    `accepted` units are handed out by the plan, the `rest` is not. It is passed on if it can be handed
    out elsewhere until `until_day` (a day number; `None` where there is no last day).
    """

    lot_id: str
    answer: Answer
    is_offer: bool
    accepted: int
    rest: int
    why: Why = Why("")
    pass_on: bool = False
    until_day: int | None = None

    def plain(self, problem: WeekProblem) -> Plain:
        """Plain values for files and words; no household is named."""
        lot = problem.lots[self.lot_id]
        until = None if self.until_day is None else date_of(problem.week_start, self.until_day)
        cap = self.why.cap
        return {
            "lot": lot.id,
            "item": lot.item,
            "org": lot.org_id,
            "site": lot.site_id,
            "offer": self.is_offer,
            "answer": str(self.answer),
            "accepted": self.accepted,
            "rest": self.rest,
            "reason": self.why.code,
            "households": self.why.households,
            "others": self.why.others,
            "place": "" if cap is None or cap.id in problem.households else cap.id,
            "storage": str(lot.storage),
            "pass_on": self.pass_on,
            "until": until.isoformat() if until is not None else "",
        }


def triage(
    problem: WeekProblem, travel: Travel, eligible: Eligibility, allocation: Allocation
) -> tuple[Judgement, ...]:
    """Judge every offer, and stock of which something will expire, in the order of the week's lots."""
    given: Counter[str] = Counter()
    for line in allocation.lines:
        given[line.lot_id] += line.units
    expires = {left.lot_id for left in allocation.leftover if left.fate is Fate.EXPIRES}
    reasons = _Reasons(problem, travel, eligible, allocation)
    found = []
    for lot in problem.lots.values():
        is_offer = problem.sites[lot.site_id].kind is SiteKind.DONOR
        if lot.units and (is_offer or lot.id in expires):
            found.append(_judged(problem, reasons, lot, given[lot.id], is_offer=is_offer))
    return tuple(found)


def _judged(
    problem: WeekProblem, reasons: _Reasons, lot: Lot, given: int, *, is_offer: bool
) -> Judgement:
    rest = lot.units - given
    if not rest:
        return Judgement(lot.id, Answer.ACCEPT, is_offer, given, 0)
    until_day = last_day_elsewhere(problem, lot)
    starts = max(0, day_of(lot.ready_s)) if lot.ready_s is not None else 0
    pass_on = not lot.is_cooked and (until_day is None or until_day >= starts + TRAVEL_DAYS)
    alone = Answer.PASS_ON if pass_on else Answer.DECLINE
    answer = Answer.PART if given else alone
    return Judgement(lot.id, answer, is_offer, given, rest, reasons.of(lot), pass_on, until_day)


def last_day_elsewhere(problem: WeekProblem, lot: Lot) -> int | None:
    """Day number of the last day on which anybody may hand a lot out; `None` if there is none.

    A cooked meal has until its time is over; other goods until their date less the margin.
    """
    if lot.eat_by_s is not None:
        return day_of(lot.eat_by_s)
    if lot.last_day is None:
        return None
    margin = problem.policy.margin_days[Storage(lot.storage), lot.label]
    return day_number(problem.week_start, lot.last_day - timedelta(days=margin))


class _Reasons:
    """Why the rest of a lot is not given to anybody."""

    def __init__(
        self, problem: WeekProblem, travel: Travel, eligible: Eligibility, allocation: Allocation
    ) -> None:
        self._short = {entry.household_id for entry in allocation.unmet}
        self._refusals: dict[str, Counter[str]] = {}
        self._refusals_short: dict[str, Counter[str]] = {}
        for (household_id, lot_id), code in eligible.refusals.items():
            if problem.households[household_id].meals_wanted:
                self._refusals.setdefault(lot_id, Counter())[code] += 1
            if household_id in self._short:
                self._refusals_short.setdefault(lot_id, Counter())[code] += 1
        self._shape, _ = shapes_of(problem, travel, eligible, allocation.cuts)
        self._ledger = Blockers(self._shape, packs_of(problem, self._shape, allocation.lines))
        self._takers: dict[str, list[int]] = {}
        for i, option in enumerate(self._shape.options):
            self._takers.setdefault(option.lot_id, []).append(i)

    def of(self, lot: Lot) -> Why:
        """Where nobody may have it: the commonest refusal. Where those who may have all they want: that.

        Else what stands in the way of most of those who are short.
        """
        if lot.free_units < lot.pack:
            return Why(HELD)
        takers = self._takers.get(lot.id, [])
        if not takers:
            code, count = _commonest(self._refusals.get(lot.id, Counter({"not_offered": 0})))
            return Why(code, count)
        short = [i for i in takers if self._shape.options[i].household_id in self._short]
        caps = Counter(cap for i in short for cap in self._ledger.broken_by(i) if cap.kind != "lot")
        if not caps:
            able = {self._shape.options[i].household_id for i in takers}
            others, _ = _commonest(self._refusals_short.get(lot.id, Counter({"": 0})))
            return Why(NOT_NEEDED, len(able), others=others)
        kinds = Counter(cap.kind for cap in caps.elements())
        kind, count = max(kinds.items(), key=lambda item: (item[1], item[0]))
        cap = max((cap for cap in caps if cap.kind == kind), key=lambda cap: (caps[cap], cap.id))
        return Why(kind, count, cap)


def _commonest(counts: Mapping[str, int]) -> tuple[str, int]:
    """The commonest refusal, of equal ones the most personal."""
    order = (*REFUSALS, "")
    code = min(counts, key=lambda code: (-counts[code], order.index(code)))
    return code, counts[code]
