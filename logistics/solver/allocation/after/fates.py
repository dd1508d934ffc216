"""What becomes of units that nobody gets this week (docs/rules.md §6), and how long they keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from logistics.model.goods import Lot
from logistics.model.plan import Fate, Leftover
from logistics.model.problem import WeekProblem
from logistics.model.units import WEEK_DAYS, SiteKind, date_of

RISK_WEEKS = 4
"""What can be handed over on more Mondays than these counts as safe."""


def fate_of(problem: WeekProblem, lot: Lot) -> Fate:
    """What becomes of units that nobody gets (docs/rules.md §6)."""
    site = problem.sites[lot.site_id]
    if site.kind is SiteKind.DONOR:
        return Fate.DECLINED
    good = not lot.is_cooked and mondays_left(problem, lot) > 0 and site.keeps(lot.storage)
    return Fate.KEEP if good else Fate.EXPIRES


def mondays_left(problem: WeekProblem, lot: Lot) -> int:
    """On how many Mondays after this week a lot could be handed over; those without a date on many."""
    if lot.last_day is None:
        return RISK_WEEKS + 1
    margin = timedelta(days=problem.policy.margin_days[lot.storage, lot.label])
    left = lot.last_day - margin - date_of(problem.week_start, WEEK_DAYS)
    return max(0, left.days // WEEK_DAYS + 1)


def leftovers(problem: WeekProblem, units_given: Mapping[str, int]) -> tuple[Leftover, ...]:
    """Every lot's units that no line takes."""
    return tuple(
        Leftover(lot.id, lot.site_id, lot.units - units_given.get(lot.id, 0), fate_of(problem, lot))
        for lot in problem.lots.values()
        if lot.units > units_given.get(lot.id, 0)
    )
