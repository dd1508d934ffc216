"""`plan.json`: to text and back without loss.

Exact numbers are integers or strings such as `"3/4"`; days become ISO dates.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date

from logistics.model.errors import OsusowakeError
from logistics.model.plan import (
    PLAN_FORMAT,
    Cap,
    Certificate,
    Fill,
    Level,
    Line,
    Metrics,
    Plan,
    Route,
    Stop,
    Unmet,
)
from logistics.model.plan_reader import Json, PlanReader
from logistics.model.units import date_of, exact_json


class PlanUnreadable(OsusowakeError):
    """The text is no plan of this format."""


def plan_to_json(plan: Plan, week_start: date) -> Json:
    """The plan as the JSON object of docs/formats.md."""
    allocation = plan.allocation
    return {
        "format": PLAN_FORMAT,
        "problem_digest": plan.problem_digest,
        "seed": plan.seed,
        "versions": dict(plan.versions),
        "travel": asdict(plan.travel),
        "allocation": {
            "status": str(allocation.status),
            "lines": [_line(line, week_start) for line in allocation.lines],
            "fill": [_fill(fill) for fill in allocation.fill],
            "levels": [_level(level, week_start) for level in allocation.levels],
            "cuts": [
                {"kind": cut.kind, "ids": list(cut.ids), "proven": cut.proven, "why": cut.why}
                for cut in allocation.cuts
            ],
            "unmet": [_unmet(unmet) for unmet in allocation.unmet],
            "leftover": [
                {
                    "lot_id": left.lot_id,
                    "site_id": left.site_id,
                    "units": left.units,
                    "fate": str(left.fate),
                }
                for left in allocation.leftover
            ],
        },
        "routes": [_route(route, week_start) for route in plan.routes],
        "stages": [{**asdict(stage), "status": str(stage.status)} for stage in plan.stages],
        "metrics": {**asdict(plan.metrics), "meals_given": exact_json(plan.metrics.meals_given)},
    }


def plan_text(plan: Plan, week_start: date) -> str:
    """The plan as stable JSON text."""
    return json.dumps(plan_to_json(plan, week_start), ensure_ascii=False, indent=1) + "\n"


def _line(line: Line, week_start: date) -> Json:
    return {
        "household_id": line.household_id,
        "lot_id": line.lot_id,
        "session_id": line.session_id,
        "date": date_of(week_start, line.day).isoformat(),
        "units": line.units,
    }


def _fill(fill: Fill) -> Json:
    return {
        "household_id": fill.household_id,
        "wanted": fill.wanted,
        "received": exact_json(fill.received),
        "past_wanted": fill.past_wanted,
        "past_received": exact_json(fill.past_received),
        "weight": exact_json(fill.weight),
        "level": str(fill.level),
    }


def _level(level: Level, week_start: date) -> Json:
    held = level.held_by
    return {
        "stage": level.stage,
        "level": str(level.level),
        "household_ids": list(level.household_ids),
        "held_by": {
            "lot_ids": list(held.lot_ids),
            "session_ids": list(held.session_ids),
            "vehicle_ids": list(held.vehicle_ids),
            "caps": [_cap(cap, week_start) for cap in held.caps],
        },
        "proof": level.proof,
        "upper_bound": str(level.upper_bound),
        "certificate": level.certificate and _certificate(level.certificate, week_start),
    }


def _cap(cap: Cap, week_start: date) -> Json:
    return {
        "kind": cap.kind,
        "id": cap.id,
        "storage": cap.storage,
        "date": None if cap.day is None else date_of(week_start, cap.day).isoformat(),
    }


def _certificate(certificate: Certificate, week_start: date) -> Json:
    return {
        "bound": str(certificate.bound),
        "inequalities": [
            {
                "weights": dict(inequality.weights),
                "prices": [
                    {**_cap(price.cap, week_start), "price": price.amount}
                    for price in inequality.prices
                ],
            }
            for inequality in certificate.inequalities
        ],
    }


def _unmet(unmet: Unmet) -> Json:
    return {
        "household_id": unmet.household_id,
        "meals_short": exact_json(unmet.meals_short),
        "reasons": [
            {"code": r.code, "params": dict(r.params), "text": r.text, "fix": r.fix}
            for r in unmet.reasons
        ],
    }


def _route(route: Route, week_start: date) -> Json:
    rest = {"start": route.rest.start_s, "end": route.rest.end_s} if route.rest else None
    return {
        "vehicle_id": route.vehicle_id,
        "date": date_of(week_start, route.day).isoformat(),
        "volunteer_ids": list(route.volunteer_ids),
        **({"break": rest} if rest else {}),
        "trips": [
            {
                "stops": [_stop(stop) for stop in trip.stops],
                "metres": trip.metres,
                "seconds": trip.seconds,
            }
            for trip in route.trips
        ],
    }


def _stop(stop: Stop) -> Json:
    return {
        "kind": str(stop.kind),
        "id": stop.id,
        "arrive": stop.arrive_s,
        "start": stop.start_s,
        "leave": stop.leave_s,
        "load": [{"lot_id": load.lot_id, "units": load.units} for load in stop.load],
        "unload": [{"lot_id": load.lot_id, "units": load.units} for load in stop.unload],
    }


def plan_from_text(text: str | bytes, week_start: date) -> Plan:
    """Read `plan.json`.

    Raises:
        PlanUnreadable: if it is no JSON, another format, or a field is missing or of a wrong kind.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlanUnreadable(f"the plan is not valid JSON ({error})") from error
    return plan_from_json(data, week_start)


def plan_from_json(data: object, week_start: date) -> Plan:
    """Read the JSON object of a plan; see `plan_from_text`."""
    if not isinstance(data, dict) or data.get("format") != PLAN_FORMAT:
        found = data.get("format") if isinstance(data, dict) else type(data).__name__
        raise PlanUnreadable(f"expected format {PLAN_FORMAT!r}, found {found!r}")
    try:
        return PlanReader(week_start).plan(data)
    except KeyError as error:
        raise PlanUnreadable(f"the plan lacks the field {error}") from error
    except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise PlanUnreadable(f"the plan has a field of the wrong kind ({error})") from error


def rounded(metrics: Metrics) -> Metrics:
    """Metrics with fractions rounded as they are reported: six decimals, kilograms three."""
    return replace(
        metrics,
        fill_min=round(metrics.fill_min, 6),
        fill_mean=round(metrics.fill_mean, 6),
        gini=round(metrics.gini, 6),
        waste_kg=round(metrics.waste_kg, 3),
    )


__all__ = [
    "PlanUnreadable",
    "plan_from_json",
    "plan_from_text",
    "plan_text",
    "plan_to_json",
    "rounded",
]
