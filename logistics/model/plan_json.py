"""`plan.json`: to text and back without loss.

Exact numbers are integers or strings such as `"3/4"`; days become ISO dates.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from typing import Any, TypeVar

from logistics.model.errors import OsusowakeError
from logistics.model.plan import (
    PLAN_FORMAT,
    Allocation,
    Cap,
    Cut,
    Fate,
    Fill,
    HeldBy,
    Leftover,
    Level,
    Line,
    Load,
    Metrics,
    Plan,
    Reason,
    Route,
    Stage,
    Status,
    Stop,
    StopKind,
    TravelSource,
    Trip,
    Unmet,
)
from logistics.model.units import date_of, day_number, exact, exact_json


class PlanUnreadable(OsusowakeError):
    """The text is no plan of this format."""


Json = dict[str, Any]
T = TypeVar("T")


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
            "caps": [
                {
                    "kind": cap.kind,
                    "id": cap.id,
                    "storage": cap.storage,
                    "date": None if cap.day is None else date_of(week_start, cap.day).isoformat(),
                }
                for cap in held.caps
            ],
        },
        "proof": level.proof,
        "upper_bound": str(level.upper_bound),
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
    return {
        "vehicle_id": route.vehicle_id,
        "date": date_of(week_start, route.day).isoformat(),
        "volunteer_ids": list(route.volunteer_ids),
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
        return _Reader(week_start).plan(data)
    except KeyError as error:
        raise PlanUnreadable(f"the plan lacks the field {error}") from error
    except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise PlanUnreadable(f"the plan has a field of the wrong kind ({error})") from error


class _Reader:
    """Builds nouns from JSON; any wrong kind raises TypeError, ValueError or KeyError."""

    def __init__(self, week_start: date) -> None:
        self.week_start = week_start

    def plan(self, data: Json) -> Plan:
        return Plan(
            problem_digest=_text(data["problem_digest"]),
            seed=_int(data["seed"]),
            versions={_text(k): _text(v) for k, v in data["versions"].items()},
            travel=TravelSource(**{k: _text(v) for k, v in data["travel"].items()}),
            allocation=self.allocation(data["allocation"]),
            routes=_all(self.route, data["routes"]),
            stages=_all(self.stage, data["stages"]),
            metrics=self.metrics(data["metrics"]),
        )

    def allocation(self, data: Json) -> Allocation:
        return Allocation(
            status=Status(data["status"]),
            lines=_all(self.line, data["lines"]),
            fill=_all(self.fill, data["fill"]),
            levels=_all(self.level, data["levels"]),
            cuts=_all(self.cut, data["cuts"]),
            unmet=_all(self.unmet, data["unmet"]),
            leftover=_all(self.leftover, data["leftover"]),
        )

    def day(self, text: str) -> int:
        return day_number(self.week_start, date.fromisoformat(text))

    def line(self, data: Json) -> Line:
        session_id = data["session_id"]
        return Line(
            _text(data["household_id"]),
            _text(data["lot_id"]),
            None if session_id is None else _text(session_id),
            self.day(data["date"]),
            _int(data["units"]),
        )

    def fill(self, data: Json) -> Fill:
        return Fill(
            household_id=_text(data["household_id"]),
            wanted=_int(data["wanted"]),
            received=exact(data["received"]),
            past_wanted=_int(data["past_wanted"]),
            past_received=exact(data["past_received"]),
            weight=exact(data["weight"]),
            level=exact(data["level"]),
        )

    def level(self, data: Json) -> Level:
        held = data["held_by"]
        return Level(
            stage=_text(data["stage"]),
            level=exact(data["level"]),
            household_ids=_all(_text, data["household_ids"]),
            held_by=HeldBy(
                lot_ids=_all(_text, held["lot_ids"]),
                session_ids=_all(_text, held["session_ids"]),
                vehicle_ids=_all(_text, held["vehicle_ids"]),
                caps=_all(self.cap, held["caps"]),
            ),
            proof=_text(data["proof"]),
            upper_bound=exact(data["upper_bound"]),
        )

    def cap(self, data: Json) -> Cap:
        day = data["date"]
        return Cap(
            _text(data["kind"]),
            _text(data["id"]),
            _text(data["storage"]),
            None if day is None else self.day(day),
        )

    def cut(self, data: Json) -> Cut:
        if not isinstance(data["proven"], bool):
            raise TypeError(f"proven must be true or false, got {data['proven']!r}")
        return Cut(
            _text(data["kind"]), _all(_text, data["ids"]), data["proven"], _text(data["why"])
        )

    def unmet(self, data: Json) -> Unmet:
        return Unmet(
            _text(data["household_id"]),
            exact(data["meals_short"]),
            _all(self.reason, data["reasons"]),
        )

    def reason(self, data: Json) -> Reason:
        return Reason(
            _text(data["code"]), dict(data["params"]), _text(data["text"]), _text(data["fix"])
        )

    def leftover(self, data: Json) -> Leftover:
        return Leftover(
            _text(data["lot_id"]), _text(data["site_id"]), _int(data["units"]), Fate(data["fate"])
        )

    def route(self, data: Json) -> Route:
        return Route(
            vehicle_id=_text(data["vehicle_id"]),
            day=self.day(data["date"]),
            trips=_all(self.trip, data["trips"]),
            volunteer_ids=_all(_text, data["volunteer_ids"]),
        )

    def trip(self, data: Json) -> Trip:
        return Trip(_all(self.stop, data["stops"]), _int(data["metres"]), _int(data["seconds"]))

    def stop(self, data: Json) -> Stop:
        return Stop(
            kind=StopKind(data["kind"]),
            id=_text(data["id"]),
            arrive_s=_int(data["arrive"]),
            start_s=_int(data["start"]),
            leave_s=_int(data["leave"]),
            load=_all(self.load, data["load"]),
            unload=_all(self.load, data["unload"]),
        )

    def load(self, data: Json) -> Load:
        return Load(_text(data["lot_id"]), _int(data["units"]))

    def stage(self, data: Json) -> Stage:
        return Stage(
            name=_text(data["name"]),
            status=Status(data["status"]),
            objective=_number_or_none(data["objective"]),
            bound=_number_or_none(data["bound"]),
            gap=_number_or_none(data["gap"]),
            runtime_s=_number(data["runtime_s"]),
        )

    def metrics(self, data: Json) -> Metrics:
        return Metrics(
            meals_wanted=_int(data["meals_wanted"]),
            meals_given=exact(data["meals_given"]),
            fill_min=_number(data["fill_min"]),
            fill_mean=_number(data["fill_mean"]),
            gini=_number(data["gini"]),
            waste_kg=_number(data["waste_kg"]),
            metres=_int(data["metres"]),
            vehicle_seconds=_int(data["vehicle_seconds"]),
            households_served=_int(data["households_served"]),
        )


def _all(read: Callable[[Any], T], values: object) -> tuple[T, ...]:
    if not isinstance(values, list):
        raise TypeError(f"expected a list, got {type(values).__name__}")
    return tuple(read(value) for value in values)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, got {value!r}")
    return value


def _int(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"expected a whole number, got {value!r}")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"expected a number, got {value!r}")
    return float(value)


def _number_or_none(value: object) -> float | None:
    return None if value is None else _number(value)


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
