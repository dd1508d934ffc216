"""The files of a plan: `plan.json` for machines, tables for spreadsheets, a summary for people."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from logistics.intake import read_travel
from logistics.model.errors import NotFound, PlanRefused
from logistics.model.plan import Plan, Reason
from logistics.model.plan_json import plan_from_text, plan_text
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import clock, date_of, kg_text, meals_text
from logistics.reports.proofs import proofs_in_words, working_days
from logistics.reports.wish_files import Plain, write_wishes
from logistics.travel import write_travel
from logistics.words import listing, say
from logistics.words.held import held_in_words
from logistics.words.sources import source_in_words
from logistics.words.wishes import wish_list

WISHES_SHOWN = 5

PLAN_FILES = ("plan.json", "travel.csv", "allocation.csv", "routes.csv", "unmet.csv", "summary.txt")


def write_plan(
    plan: Plan,
    travel: Travel,
    problem: WeekProblem,
    out: Path,
    language: str = "en",
    wishes: Sequence[Plain] = (),
) -> list[Path]:
    """Write all files of a plan into a folder, which is made if need be.

    `wishes` is the wish list in plain values, the most pressing first.
    """
    out.mkdir(parents=True, exist_ok=True)
    paths = [out / name for name in PLAN_FILES]
    paths[0].write_text(plan_text(plan, problem.week_start), encoding="utf-8")
    write_travel(paths[1], travel)
    _write_table(
        paths[2],
        ("date", "household_id", "session_id", "lot_id", "item", "units", "meals", "kg"),
        _allocation_rows(plan, problem),
    )
    _write_table(
        paths[3],
        (
            "date",
            "vehicle_id",
            "trip",
            "stop",
            "kind",
            "id",
            "arrive",
            "start",
            "leave",
            "load",
            "unload",
        ),
        _route_rows(plan, problem),
    )
    _write_table(paths[4], ("household_id", "meals_short", "code", "why", "fix"), _unmet_rows(plan))
    paths[5].write_text(summary(plan, problem, language, wishes), encoding="utf-8")
    return [*paths, write_wishes(problem, wishes, out)]


def read_plan(path: Path, problem: WeekProblem) -> tuple[Plan, Travel]:
    """A `plan.json` and the legs beside it, which must be the ones that it was made with.

    Raises:
        PlanUnreadable: if the text is no plan.
        NotFound: if the file of legs is missing.
        PlanRefused: if it is another plan's.
        TravelUnreadable: if it cannot be read.
    """
    plan = plan_from_text(path.read_bytes(), problem.week_start)
    beside = path.parent / Path(plan.travel.file).name
    if not beside.is_file():
        raise NotFound(f"{beside} is missing: it is written with the plan and must lie beside it")
    found = hashlib.sha256(beside.read_bytes()).hexdigest()
    if found != plan.travel.sha256:
        raise PlanRefused(
            f"{beside} is not the file of this plan: expected sha256 "
            f"{plan.travel.sha256 or '(none)'}, found {found}"
        )
    return plan, read_travel(beside)


def _write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """UTF-8 with BOM, so that spreadsheets show Japanese on a double click."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


def _allocation_rows(plan: Plan, problem: WeekProblem) -> Iterable[tuple[object, ...]]:
    for line in plan.allocation.lines:
        lot = problem.lots[line.lot_id]
        yield (
            date_of(problem.week_start, line.day),
            line.household_id,
            line.session_id or "",
            line.lot_id,
            lot.item,
            line.units,
            meals_text(lot.unit_meals * line.units),
            kg_text(lot.unit_g * line.units),
        )


def _route_rows(plan: Plan, problem: WeekProblem) -> Iterable[tuple[object, ...]]:
    for route in plan.routes:
        for number, trip in enumerate(route.trips, start=1):
            for order, stop in enumerate(trip.stops, start=1):
                yield (
                    date_of(problem.week_start, route.day),
                    route.vehicle_id,
                    number,
                    order,
                    stop.kind,
                    stop.id,
                    clock(stop.arrive_s),
                    clock(stop.start_s),
                    clock(stop.leave_s),
                    ";".join(f"{load.lot_id}x{load.units}" for load in stop.load),
                    ";".join(f"{load.lot_id}x{load.units}" for load in stop.unload),
                )


def _unmet_rows(plan: Plan) -> Iterable[tuple[object, ...]]:
    for unmet in plan.allocation.unmet:
        for reason in unmet.reasons:
            yield (
                unmet.household_id,
                meals_text(unmet.meals_short),
                reason.code,
                reason.text,
                reason.fix,
            )


def summary(
    plan: Plan, problem: WeekProblem, language: str = "en", wishes: Sequence[Plain] = ()
) -> str:
    """Who gets how much, why not more, what to ask for, the routes, and how good each stage is."""
    parts = [
        _head(plan, problem, language),
        _levels(plan, problem, language),
        _short(plan, language),
        wish_list(language, wishes, problem, most=WISHES_SHOWN),
        _driving(plan, problem, language),
        source_in_words(language, plan.travel),
        _runs(plan, problem, language),
        proofs_in_words(plan, problem, language),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(plan: Plan, problem: WeekProblem, language: str) -> str:
    m = plan.metrics
    return say(
        language,
        "sum_head",
        name=problem.name,
        week=problem.week_start.isoformat(),
        given=meals_text(m.meals_given),
        wanted=m.meals_wanted,
        served=m.households_served,
        households=len(problem.households),
        mean=f"{m.fill_mean:.0%}",
        least=f"{m.fill_min:.0%}",
        waste=f"{m.waste_kg:.1f}",
        km=f"{m.metres / 1000:.1f}",
        hours=f"{m.vehicle_seconds / 3600:.1f}",
        status=say(language, f"status_{plan.allocation.status}"),
    )


def _levels(plan: Plan, problem: WeekProblem, language: str) -> str:
    """Who stays below this week's floor, then the lowest levels over the weeks, with what holds them."""
    floor = problem.policy.week_floor
    low = [lv for lv in plan.allocation.levels if lv.stage == "floor" and lv.level < floor]
    lines = [say(language, "sum_floor", floor=f"{float(floor):.0%}")] if low else []
    lines += [
        f"  {float(lv.level):6.1%}  {listing(language, list(lv.household_ids))}" for lv in low
    ]
    lines.append(say(language, "sum_levels"))
    levels = [level for level in plan.allocation.levels if level.stage == "level"]
    for level in levels[:8]:
        lines.append(
            say(
                language,
                "sum_level" if level.upper_bound == level.level else "sum_level_open",
                level=f"{float(level.level):6.1%}",
                bound=f"{float(level.upper_bound):.1%}",
                n=len(level.household_ids),
                who=listing(language, list(level.household_ids)),
                held=listing(language, held_in_words(language, level, problem)),
                proof=say(language, f"proof_{level.proof}"),
            )
        )
    if len(levels) > 8:
        lines.append(say(language, "sum_more_levels", n=len(levels) - 8))
    return "\n".join(lines)


def _short(plan: Plan, language: str) -> str:
    """Every household below its wish, with the first reason and the first fix that was checked."""
    if not plan.allocation.unmet:
        return say(language, "sum_nobody_short")
    lines = [say(language, "sum_short", n=len(plan.allocation.unmet))]
    ordered = sorted(plan.allocation.unmet, key=lambda u: (-u.meals_short, u.household_id))
    for unmet in ordered[:10]:
        told = max(unmet.reasons, key=_is_checked, default=None)
        words = f" {told.text} {told.fix}".rstrip() if told else ""
        lines.append(f"  {unmet.household_id} -{meals_text(unmet.meals_short)}:{words}")
    if len(ordered) > 10:
        lines.append(say(language, "sum_more_short", n=len(ordered) - 10))
    return "\n".join(lines)


def _is_checked(reason: Reason) -> bool:
    """Whether a reason's fix was planned and gives something."""
    fix = reason.params.get("fix")
    return isinstance(fix, dict) and "gain" in fix


def _driving(plan: Plan, problem: WeekProblem, language: str) -> str:
    if not plan.routes:
        return say(language, "sum_no_routes")
    lines = [say(language, "sum_routes")]
    for route in plan.routes:
        stops = sum(len(trip.stops) - 2 for trip in route.trips)
        lines.append(
            say(
                language,
                "sum_route",
                date=date_of(problem.week_start, route.day).isoformat(),
                vehicle=route.vehicle_id,
                start=clock(route.trips[0].stops[0].arrive_s),
                end=clock(route.trips[-1].stops[-1].leave_s),
                trips=len(route.trips),
                stops=stops,
                km=f"{sum(trip.metres for trip in route.trips) / 1000:.1f}",
            )
        )
    lines += [told] if (told := working_days(plan, problem, language)) else []
    return "\n".join(lines)


def _runs(plan: Plan, problem: WeekProblem, language: str) -> str:
    """Hot-meal runs against all cooked meals of their day: an indicator that shows the gap."""
    lines = []
    for run in problem.runs:
        cooked = sum(
            (meals for day, meals in _cooked(plan, problem) if day == run.day), Fraction(0)
        )
        lines.append(
            say(
                language,
                "sum_run",
                run=run.id,
                date=date_of(problem.week_start, run.day).isoformat(),
                meals=run.meals,
                given=meals_text(cooked),
            )
        )
    return "\n".join(lines)


def _cooked(plan: Plan, problem: WeekProblem) -> Iterable[tuple[int, Fraction]]:
    """Cooked meals handed out, with the day of each line."""
    for line in plan.allocation.lines:
        lot = problem.lots[line.lot_id]
        if lot.is_cooked:
            yield line.day, lot.unit_meals * line.units
