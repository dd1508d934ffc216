"""From the JSON of a plan to its nouns; any wrong kind raises TypeError, ValueError or KeyError."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from logistics.model.plan import (
    Allocation,
    Cap,
    Certificate,
    Cut,
    Fate,
    Fill,
    HeldBy,
    Inequality,
    Leftover,
    Level,
    Line,
    Load,
    Metrics,
    Plan,
    Price,
    Reason,
    Rest,
    Route,
    Stage,
    Status,
    Stop,
    StopKind,
    TravelSource,
    Trip,
    Unmet,
)
from logistics.model.units import day_number, exact

Json = dict[str, Any]
T = TypeVar("T")


class PlanReader:
    """Builds nouns from JSON; any wrong kind raises TypeError, ValueError or KeyError."""

    def __init__(self, week_start: date) -> None:
        self.week_start = week_start

    def plan(self, data: Json) -> Plan:
        """The whole plan."""
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
        """Who gets what."""
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
        """Day number of an ISO date."""
        return day_number(self.week_start, date.fromisoformat(text))

    def line(self, data: Json) -> Line:
        """One line."""
        session_id = data["session_id"]
        return Line(
            _text(data["household_id"]),
            _text(data["lot_id"]),
            None if session_id is None else _text(session_id),
            self.day(data["date"]),
            _int(data["units"]),
        )

    def fill(self, data: Json) -> Fill:
        """One fill."""
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
        """One level."""
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
            certificate=self.certificate(data.get("certificate")),
        )

    def certificate(self, data: Json | None) -> Certificate | None:
        """One certificate; plans of before had none."""
        if data is None:
            return None
        return Certificate(exact(data["bound"]), _all(self.inequality, data["inequalities"]))

    def inequality(self, data: Json) -> Inequality:
        """One inequality."""
        weights = {_text(name): _int(weight) for name, weight in data["weights"].items()}
        return Inequality(weights, _all(self.price, data["prices"]))

    def price(self, data: Json) -> Price:
        """One price."""
        return Price(self.cap(data), _int(data["price"]))

    def cap(self, data: Json) -> Cap:
        """One capacity."""
        day = data["date"]
        return Cap(
            _text(data["kind"]),
            _text(data["id"]),
            _text(data["storage"]),
            None if day is None else self.day(day),
        )

    def cut(self, data: Json) -> Cut:
        """One cut."""
        if not isinstance(data["proven"], bool):
            raise TypeError(f"proven must be true or false, got {data['proven']!r}")
        return Cut(
            _text(data["kind"]), _all(_text, data["ids"]), data["proven"], _text(data["why"])
        )

    def unmet(self, data: Json) -> Unmet:
        """One shortfall."""
        return Unmet(
            _text(data["household_id"]),
            exact(data["meals_short"]),
            _all(self.reason, data["reasons"]),
        )

    def reason(self, data: Json) -> Reason:
        """One reason."""
        return Reason(
            _text(data["code"]), dict(data["params"]), _text(data["text"]), _text(data["fix"])
        )

    def leftover(self, data: Json) -> Leftover:
        """One leftover."""
        return Leftover(
            _text(data["lot_id"]), _text(data["site_id"]), _int(data["units"]), Fate(data["fate"])
        )

    def route(self, data: Json) -> Route:
        """One route."""
        return Route(
            vehicle_id=_text(data["vehicle_id"]),
            day=self.day(data["date"]),
            trips=_all(self.trip, data["trips"]),
            volunteer_ids=_all(_text, data["volunteer_ids"]),
            rest=self.rest(data.get("break")),
        )

    def rest(self, data: Json | None) -> Rest | None:
        """The break of a route; most have none."""
        return None if data is None else Rest(_int(data["start"]), _int(data["end"]))

    def trip(self, data: Json) -> Trip:
        """One trip."""
        return Trip(_all(self.stop, data["stops"]), _int(data["metres"]), _int(data["seconds"]))

    def stop(self, data: Json) -> Stop:
        """One stop."""
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
        """One load."""
        return Load(_text(data["lot_id"]), _int(data["units"]))

    def stage(self, data: Json) -> Stage:
        """One stage."""
        return Stage(
            name=_text(data["name"]),
            status=Status(data["status"]),
            objective=_number_or_none(data["objective"]),
            bound=_number_or_none(data["bound"]),
            gap=_number_or_none(data["gap"]),
            runtime_s=_number(data["runtime_s"]),
        )

    def metrics(self, data: Json) -> Metrics:
        """The numbers."""
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
