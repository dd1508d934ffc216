"""week.toml: name, Monday, policy, travel settings and hot-meal runs."""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from logistics.intake import cells
from logistics.intake.report import Report
from logistics.intake.rows import Count, Day, Id, Positive, Text
from logistics.intake.settings_travel import TravelTable, check_travel
from logistics.intake.sources import SETTINGS, Sources, decode
from logistics.intake.validate import reasons
from logistics.model.problem import DEFAULT_MARGIN_DAYS, Policy
from logistics.model.units import Label, Storage

_HOME = "Asia/Tokyo"
_LINE = re.compile(r"line (\d+)")

Share = Annotated[Fraction, PlainValidator(cells.exact(minimum=0, maximum=1))]
Margin = Annotated[int, PlainValidator(cells.whole(minimum=0, maximum=3650))]


class _Section(BaseModel):
    """A table of week.toml; unknown keys are reported apart."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class MarginRow(_Section):
    """Days between hand-over and the label's date for one storage class; blank keeps the default."""

    use_by: Margin | None = None
    best_before: Margin | None = None
    none: Margin | None = None


class MarginTable(_Section):
    """`[policy.margin_days]`"""

    ambient: MarginRow = MarginRow()
    chilled: MarginRow = MarginRow()
    frozen: MarginRow = MarginRow()


class PolicyTable(_Section):
    """`[policy]`"""

    margin_days: MarginTable = MarginTable()
    group_share_max: Share = Policy().group_share_max
    week_floor: Share = Policy().week_floor
    fairness_slack: Share = Policy().fairness_slack
    history_weeks: Count = Policy().history_weeks
    sessions_max: Positive = Policy().sessions_max
    balance_days: Share = Policy().balance_days


class RunRow(_Section):
    """One of `[[runs]]`"""

    run_id: Id
    date: Day
    site_id: Id
    meals: Count


class Settings(_Section):
    """week.toml"""

    name: Text = ""
    week_start: Day
    timezone: Text = _HOME
    policy: PolicyTable = PolicyTable()
    travel: TravelTable = TravelTable()
    runs: tuple[RunRow, ...] = Field(default=())


def read_settings(sources: Sources, report: Report) -> Settings | None:
    """Settings of the week, or `None` with findings."""
    content = sources.contents.get(SETTINGS)
    if content is None:
        if SETTINGS not in sources.refused:
            report.add("missing_file", SETTINGS)
        return None
    text = decode(content, SETTINGS, report)
    if text is None:
        return None
    try:
        found = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as problem:
        line = _LINE.search(str(problem))
        report.add(
            "broken_toml", SETTINGS, int(line[1]) if line else None, detail=str(problem)[:200]
        )
        return None
    try:
        settings = Settings.model_validate(_as_text(found))
    except ValidationError as problem:
        for code, column, value, words in reasons(problem):
            report.add(code, SETTINGS, None, column, value, **words)
        return None
    _check(settings, found, report)
    return settings


def _as_text(value: Any) -> Any:
    """Leaves as the text that cells hold, so that one set of readers serves files of both kinds."""
    if isinstance(value, dict):
        return {key: _as_text(part) for key, part in value.items() if part != ""}
    if isinstance(value, list):
        return tuple(_as_text(part) for part in value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value)


def _check(settings: Settings, found: Mapping[str, Any], report: Report) -> None:
    """What a single value does not show: the Monday, the time zone, unknown keys."""
    if settings.week_start.weekday() != 0:
        report.add(
            "not_monday", SETTINGS, column="week_start", value=settings.week_start.isoformat()
        )
    if not _is_timezone(settings.timezone):
        report.add("unknown_timezone", SETTINGS, column="timezone", value=settings.timezone)
    check_travel(settings.travel, report)
    strangers = list(_unknown_keys(found, Settings))
    if strangers:
        report.add("unknown_keys", SETTINGS, column="; ".join(strangers))


def _is_timezone(name: str) -> bool:
    """Whether the machine knows the zone; Tokyo always counts, for machines without zone data."""
    if name == _HOME:
        return True
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _unknown_keys(
    found: Mapping[str, Any], model: type[BaseModel], prefix: str = ""
) -> Iterator[str]:
    for key, value in found.items():
        field = model.model_fields.get(key)
        if field is None:
            yield prefix + key
        elif isinstance(value, dict) and isinstance(field.default, BaseModel):
            yield from _unknown_keys(value, type(field.default), f"{prefix}{key}.")


def policy_of(settings: Settings) -> Policy:
    """The policy, given margins laid over the default ones."""
    table = settings.policy
    margins = dict(DEFAULT_MARGIN_DAYS)
    for storage in Storage:
        for label in Label:
            given = getattr(getattr(table.margin_days, storage), label)
            if given is not None:
                margins[storage, label] = given
    return Policy(
        margin_days=MappingProxyType(margins),
        group_share_max=table.group_share_max,
        week_floor=table.week_floor,
        fairness_slack=table.fairness_slack,
        history_weeks=table.history_weeks,
        sessions_max=table.sessions_max,
        balance_days=table.balance_days,
    )
