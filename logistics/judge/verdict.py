"""The verdict: every check over one plan, in the order of the rules."""

from __future__ import annotations

from logistics.judge import (
    amounts,
    cargo,
    certificates,
    crews,
    driving,
    eligibility,
    flows,
    levels,
    numbers,
    references,
    route_stages,
    stock,
)
from logistics.judge.case import open_case
from logistics.model.errors import Finding
from logistics.model.plan import Plan
from logistics.model.problem import Travel, WeekProblem

CHECKS = (
    references.digest_kept,
    references.lines_known,
    references.tables_known,
    references.levels_known,
    references.routes_known,
    eligibility.dates_kept,
    eligibility.cooked_meals_fresh,
    eligibility.allergens_kept,
    eligibility.homes_kept,
    eligibility.offers_kept,
    eligibility.storage_on_the_way,
    flows.loading_places_kept,
    flows.collections_kept,
    flows.goods_ready,
    flows.arrival_days_kept,
    flows.nothing_stranded,
    amounts.supply_kept,
    amounts.packs_whole,
    amounts.nobody_overserved,
    amounts.groups_shared,
    amounts.cooked_portions_kept,
    amounts.sessions_kept,
    amounts.pins_kept,
    stock.stock_kept,
    stock.storage_kept,
    driving.routes_single,
    driving.shifts_kept,
    driving.trips_from_home,
    driving.trips_in_turn,
    driving.legs_kept,
    driving.arrivals_kept,
    driving.services_kept,
    driving.receiving_kept,
    driving.visits_kept,
    driving.trip_numbers_true,
    crews.breaks_kept,
    crews.crews_kept,
    crews.hours_kept,
    cargo.cargo_kept,
    numbers.fill_true,
    numbers.unmet_true,
    numbers.leftover_true,
    numbers.metrics_true,
    levels.level_kinds_known,
    levels.levels_complete,
    levels.levels_rise,
    levels.levels_true,
    levels.bounds_kept,
    levels.levels_explained,
    levels.optimality_proven,
    levels.stages_true,
    route_stages.route_stages_true,
    certificates.certificates_hold,
)
"""One small function per family of rules; each takes the case and yields findings."""


def verify(problem: WeekProblem, travel: Travel, plan: Plan) -> list[Finding]:
    """Everything that is wrong with a plan; an empty list is acceptance.

    `travel` holds every leg that is driven. Any plan that can be read at all is judged: this
    function never raises because of what a plan says. Time is n log n in lines and stops.
    """
    case = open_case(problem, travel, plan)
    return [found for check in CHECKS for found in check(case)]
