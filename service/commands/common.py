"""What the verbs share: reading a week or stopping with findings, `--json`, exit codes."""

from __future__ import annotations

import json
import locale
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from logistics.model.errors import Finding, errors_in
from logistics.model.problem import WeekProblem
from logistics.words import say

if TYPE_CHECKING:
    from logistics.model.events import Event

Language = Literal["ja", "en"]
F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

YEARS = range(1970, 3000)
"""Years that a date may lie in; beyond them clocks and calendars end."""


class Moment(click.DateTime):
    """A date, or a date and a time, of our times."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Refuses years in which nobody hands out food."""
        found: datetime = super().convert(value, param, ctx)
        if found.year not in YEARS:
            self.fail(f"year {found.year}: expected {YEARS[0]} to {YEARS[-1]}", param, ctx)
        return found


DAY = Moment(("%Y-%m-%d",))


class Cell(click.ParamType):  # type: ignore[type-arg]  # some versions of click know none
    """Text as a table's cell holds it: one line; with `is_id` an identifier in compatibility form."""

    name = "text"

    def __init__(self, *, is_id: bool = False) -> None:
        self._is_id = is_id

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuses what no table could hold."""
        from pydantic_core import PydanticCustomError

        from logistics.intake.cells import identifier, text

        try:
            return identifier(value) if value and self._is_id else text(value)
        except PydanticCustomError:
            wanted = "an identifier of at most 64 characters without ;" if self._is_id else "text"
            self.fail(f"expected {wanted}, on one line", param, ctx)


now_option = click.option(
    "--now",
    type=Moment(("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")),
    help="what began by then stays, such as 2026-11-25T10:30 (default: the last event's `at`)",
)

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(file_okay=False, path_type=Path)


def json_option(command: F) -> F:
    """The option `--json`: one JSON object on standard output instead of text."""
    return click.option("--json", "as_json", is_flag=True, help="print JSON for machines")(command)


def print_json(data: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))


def machine_language() -> Language:
    """What people at this machine read."""
    return "ja" if (locale.getlocale()[0] or "").lower().startswith("ja") else "en"


def spoken() -> Language:
    """The language that the running command was asked for, else the machine's."""
    context = click.get_current_context(silent=True)
    asked = context.params.get("language", context.params.get("lang")) if context else None
    return asked if asked in ("ja", "en") else machine_language()


def print_findings(findings: Sequence[Finding], *, err: bool = True) -> None:
    """Print findings, one a line, and their count."""
    from logistics.words.refusals import finding_line

    language = spoken()
    for finding in findings:
        click.echo(finding_line(language, finding), err=err)
    errors = len(errors_in(tuple(findings)))
    warnings = len(findings) - errors
    click.echo(say(language, "findings_count", errors=errors, warnings=warnings), err=err)


def stop_with(findings: Sequence[Finding], as_json: bool) -> None:
    """Print findings and leave with exit code 1."""
    if as_json:
        print_json({"ok": False, "findings": [finding.as_dict() for finding in findings]})
    else:
        print_findings(findings)
    raise click.exceptions.Exit(1)


def done_or_stop(work: Callable[[], T], as_json: bool, language: Language) -> T:
    """What a verb of the book did; refused, it says why and leaves with exit code 1."""
    from logistics.model.errors import OsusowakeError
    from logistics.words.refusals import refusal_text

    try:
        return work()
    except OsusowakeError as refused:
        if not as_json:
            raise
        text, code = refusal_text(language, refused), getattr(refused, "code", "")
        print_json({"ok": False, "error": text, **({"code": code} if code else {})})
        raise click.exceptions.Exit(1) from refused


@contextmanager
def travel_or_stop(as_json: bool, language: Language) -> Iterator[None]:
    """What needs legs; if the travel engine gives none, say why and leave with exit code 1."""
    from logistics.travel import TravelFailed

    try:
        yield
    except TravelFailed as failed:
        stop_with(failed.findings(language), as_json)


def week_or_stop(
    folder: Path, as_json: bool, language: Language = "en"
) -> tuple[WeekProblem, list[Finding]]:
    """Read a week folder; with errors, print them and leave with exit code 1."""
    from logistics.intake import read_week

    problem, findings = read_week(folder, language)
    if problem is None:
        stop_with(findings, as_json)
        raise AssertionError("unreachable")
    return problem, findings


def events_or_stop(
    path: Path, problem: WeekProblem, as_json: bool, language: Language
) -> tuple[Event, ...]:
    """Read events; with errors, print them and leave with exit code 1."""
    from logistics.model.errors import errors_in
    from logistics.week import read_events

    events, findings = read_events(path, problem, language)
    if errors_in(findings):
        stop_with(findings, as_json)
    if findings and not as_json:
        print_findings(findings)
    return events


def now_of(now: datetime | None, events: tuple[Event, ...], problem: WeekProblem) -> int:
    """The moment up to which the plan is driven, in seconds of the week.

    Raises:
        click.UsageError: if it lies before an event, or there is neither.
    """
    from logistics.model.units import seconds_of

    last = max((event.at_s for event in events), default=None)
    if now is None:
        if last is None:
            raise click.UsageError("without events, --now must say how far the week has come")
        return last
    found = seconds_of(problem.week_start, now)
    if last is not None and found < last:
        raise click.UsageError("--now lies before an event became known")
    return found
