"""The numbers of a plan, computed again from its lines and routes (section 6 of the rules)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from fractions import Fraction
from math import fsum
from types import MappingProxyType

from logistics.judge.case import Case, open_case
from logistics.judge.driven import NOTHING_DRIVEN
from logistics.judge.driving import trip_metres, trip_seconds
from logistics.judge.eligibility import keeps_until
from logistics.judge.words import finding, show
from logistics.model.errors import Finding
from logistics.model.goods import Lot
from logistics.model.plan import Fate, Fill, Leftover, Metrics, Plan, StopKind
from logistics.model.plan_json import rounded
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import KG_G, WEEK_DAYS, SiteKind

DECIMALS = MappingProxyType({"fill_min": 6, "fill_mean": 6, "gini": 6, "waste_kg": 3})
"""Metrics that are reported rounded; all other numbers are exact."""

FLOAT_NOISE = 1e-9
"""Two honest ways of summing may differ by this much before they round."""


def score(problem: WeekProblem, travel: Travel, plan: Plan) -> Metrics:
    """The metrics that a plan's lines and routes earn, whatever the plan itself reports.

    A trip with a leg that the travel table lacks counts no metres; `verify` names the leg.
    """
    return rounded(metrics_of(open_case(problem, travel, plan)))


def metrics_of(case: Case) -> Metrics:
    """The metrics of section 6, not yet rounded; without any wishes all fills are 0."""
    households = case.problem.households.values()
    fills = sorted(
        float(case.received[household.id] / household.meals_wanted)
        for household in households
        if household.meals_wanted > 0
    )
    waste_g = sum(
        left.units * case.problem.lots[left.lot_id].unit_g
        for left in leftover_of(case)
        if left.fate is Fate.EXPIRES
    )
    return Metrics(
        meals_wanted=sum(household.meals_wanted for household in households),
        meals_given=sum(case.received.values(), Fraction(0)),
        fill_min=fills[0] if fills else 0.0,
        fill_mean=fsum(fills) / len(fills) if fills else 0.0,
        gini=gini(fills),
        waste_kg=waste_g / KG_G,
        metres=sum(trip_metres(case, drive) or 0 for drive in case.drives),
        vehicle_seconds=sum(trip_seconds(drive) for drive in case.drives),
        households_served=sum(received > 0 for received in case.received.values()),
    )


def gini(values: Iterable[float]) -> float:
    """Gini coefficient, sum |f_i - f_j| / (2 n^2 mean), in n log n steps; 0 if the mean is 0.

    With values sorted and i from 0, sum |f_i - f_j| = 2 sum (2i - n + 1) f_i.
    """
    ranked = sorted(values)
    count, total = len(ranked), fsum(ranked)
    if total == 0:
        return 0.0
    spread = fsum((2 * i - count + 1) * value for i, value in enumerate(ranked))
    return spread / (count * total)


def fill_of(case: Case, household_id: str) -> Fill:
    """The fill row of a household that is not left out."""
    household, past = case.problem.households[household_id], case.past[household_id]
    received = case.received[household_id]
    wanted = past.wanted + household.meals_wanted
    return Fill(
        household_id=household_id,
        wanted=household.meals_wanted,
        received=received,
        past_wanted=past.wanted,
        past_received=past.received,
        weight=household.weight,
        level=(past.received + received) / wanted / household.weight,
    )


def leftover_of(case: Case) -> Iterator[Leftover]:
    """What no line takes of each lot, and what becomes of it.

    In a week under way it stands where what has happened has left it, at several sites perhaps.
    """
    if case.driven is not NOTHING_DRIVEN:
        yield from _left_at_places(case)
        return
    for lot in case.problem.lots.values():
        units = lot.units - case.taken(lot.id)
        if units > 0:
            yield Leftover(lot.id, lot.site_id, units, _fate(case.problem, lot, lot.site_id))


def _left_at_places(case: Case) -> Iterator[Leftover]:
    stock: Counter[tuple[str, str]] = Counter()
    for lot in case.problem.lots.values():
        stock[lot.id, lot.site_id] += lot.units
    for move in case.driven.moves:
        stock[move.lot_id, move.site_id] += move.units
    for call in case.calls:
        if call.stop.kind is StopKind.SITE:
            for load in call.stop.load:
                stock[load.lot_id, call.stop.id] -= load.units
            for load in call.stop.unload:
                stock[load.lot_id, call.stop.id] += load.units
    for session_id, lines in case.lines_at.items():
        for line in lines:
            stock[line.lot_id, case.problem.sessions[session_id].site_id] -= line.units
    for (lot_id, site_id), units in stock.items():
        if units > 0 and site_id in case.problem.sites:
            fate = _fate(case.problem, case.problem.lots[lot_id], site_id)
            yield Leftover(lot_id, site_id, units, fate)


def _fate(problem: WeekProblem, lot: Lot, site_id: str) -> Fate:
    site = problem.sites[site_id]
    if site.kind is SiteKind.DONOR:
        return Fate.DECLINED
    kept = not lot.is_cooked and keeps_until(problem, lot, WEEK_DAYS) and site.keeps(lot.storage)
    return Fate.KEEP if kept else Fate.EXPIRES


def fill_true(case: Case) -> Iterator[Finding]:
    """`fill_rows` and `fill_numbers`: one row per household that counts, every number right."""
    rows = case.plan.allocation.fill
    expected = {name: fill_of(case, name) for name in case.problem.households if case.counts(name)}
    yield from _rows_match("fill", expected, [row.household_id for row in rows])
    for row in rows:
        true = expected.get(row.household_id)
        if true is not None:
            yield from _fields_match(
                f"Fill of {row.household_id}", "fill_numbers", true, row, row.household_id
            )


def unmet_true(case: Case) -> Iterator[Finding]:
    """`unmet_rows` and `unmet_numbers`: one row per household that is short, by how much."""
    short = {
        household.id: household.meals_wanted - case.received[household.id]
        for household in case.problem.households.values()
        if case.received[household.id] < household.meals_wanted
    }
    rows = case.plan.allocation.unmet
    yield from _rows_match("unmet", short, [row.household_id for row in rows])
    for row in rows:
        expected = short.get(row.household_id)
        if expected is not None and row.meals_short != expected:
            message = (
                f"Unmet of {row.household_id}, meals_short: "
                f"expected {show(expected)}, found {show(row.meals_short)}"
            )
            yield finding("unmet_numbers", message, row.household_id)


def leftover_true(case: Case) -> Iterator[Finding]:
    """`leftover_rows` and `leftover_numbers`: every lot's rest, with site and fate."""
    expected = {_row_name(case, left): left for left in leftover_of(case)}
    rows = case.plan.allocation.leftover
    yield from _rows_match("leftover", expected, [_row_name(case, row) for row in rows])
    for row in rows:
        true = expected.get(_row_name(case, row))
        if true is not None:
            yield from _fields_match(
                f"Leftover of {row.lot_id}", "leftover_numbers", true, row, row.lot_id
            )


def _row_name(case: Case, left: Leftover) -> str:
    """A lot; in a week under way a lot at a site."""
    under_way = case.driven is not NOTHING_DRIVEN
    return f"{left.lot_id} at {left.site_id}" if under_way else left.lot_id


def metrics_true(case: Case) -> Iterator[Finding]:
    """`metrics`: each number of the summary, exact or rounded as section 6 says."""
    expected, found = metrics_of(case), case.plan.metrics
    yield from _fields_match("Metrics", "metrics", expected, found)


def _rows_match(table: str, expected: Mapping[str, object], found: list[str]) -> Iterator[Finding]:
    times = Counter(found)
    for name in expected:
        if name not in times:
            yield finding(f"{table}_rows", f"{table}: expected a row for {name}, found none", name)
    for name, count in times.items():
        if name not in expected:
            yield finding(f"{table}_rows", f"{table}: expected no row for {name}, found one", name)
        elif count > 1:
            message = f"{table}: expected one row for {name}, found {count}"
            yield finding(f"{table}_rows", message, name)


def _fields_match(
    what: str,
    code: str,
    expected: Fill | Leftover | Metrics,
    found: Fill | Leftover | Metrics,
    *ids: str,
) -> Iterator[Finding]:
    """One finding per field in which two rows differ."""
    for field in fields(expected):
        true, reported = getattr(expected, field.name), getattr(found, field.name)
        decimals = DECIMALS.get(field.name)
        same = reported == true if decimals is None else _is_rounded(reported, true, decimals)
        if not same:
            shown = true if decimals is None else round(true, decimals)
            message = f"{what}, {field.name}: expected {show(shown)}, found {show(reported)}"
            yield finding(code, message, *ids)


def _is_rounded(reported: float, true: float, decimals: int) -> bool:
    """Whether a number is the rounded form of another (either neighbour where it is a tie)."""
    half_step = 0.5 * 10**-decimals
    return reported == round(reported, decimals) and abs(reported - true) <= half_step + FLOAT_NOISE
