"""The verbs that write weeks into the stock book: init, import, publish, record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from logistics import store
from logistics.inventory import (
    BookDiffers,
    outcomes_from_bytes,
)
from logistics.inventory.reservation import KEPT
from logistics.model.errors import Finding, NotFound, errors_in
from logistics.words import say
from service.commands.common import (
    FILE,
    FOLDER,
    Language,
    events_or_stop,
    json_option,
    now_of,
    now_option,
    print_findings,
    print_json,
    stop_with,
    week_or_stop,
)
from service.commands.plan import language_option

if TYPE_CHECKING:
    from logistics.inventory.underway import UnderWay
    from logistics.model.events import Event
    from logistics.model.plan import Plan
    from logistics.model.problem import Travel, WeekProblem

F = TypeVar("F", bound=Callable[..., Any])

key_option = click.option(
    "--key", help="a name of this command; told again under it, it has no further effect"
)


def db_option(command: F) -> F:
    """The option `--db`: where the book is kept."""
    return click.option(
        "--db",
        "url",
        envvar="OSUSOWAKE_DB",
        default="sqlite:///osusowake.db",
        show_default=True,
        show_envvar=True,
        help="where the book is kept: sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME",
    )(command)


@click.command()
@db_option
@json_option
@language_option
def init(url: str, as_json: bool, language: Language) -> None:
    """Create the stock book, or bring an older one up to this program."""
    path = store.place(store.init_book(url))
    if as_json:
        print_json({"ok": True, "path": path})
    else:
        click.echo(say(language, "book_ready", path=path))


@click.command("import")
@click.argument("folder", type=FOLDER)
@click.option("--count", "recount", is_flag=True, help="a fresh count: book what differs")
@key_option
@db_option
@json_option
@language_option
def import_(
    folder: Path, recount: bool, key: str | None, url: str, as_json: bool, language: Language
) -> None:
    """Take a week FOLDER into the book. The same week again changes nothing."""
    problem, warnings = week_or_stop(folder, as_json, language)
    report = store.import_week(store.open_book(url), problem, recount=recount, key=key)
    findings = (*warnings, *report.findings)
    if not report.done:
        stop_with(findings, as_json)
    if as_json:
        data = {key: value for key, value in asdict(report).items() if key != "findings"}
        print_json({"ok": True, **data, "findings": [each.as_dict() for each in findings]})
        return
    _print_warnings(findings)
    click.echo(
        say(
            language,
            "book_imported",
            week=problem.week_start,
            received=report.received,
            counted=report.counted,
            unchanged=report.unchanged,
        )
    )


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("plan_path", metavar="PLAN", type=FILE)
@click.option(
    "--expires-days",
    type=click.IntRange(min=0, max=3650),
    default=KEPT.days,
    show_default=True,
    help="so long after the planned hand-over a promise stands",
)
@click.option("--published", "old_path", type=FILE, help="the plan that PLAN replaces in mid-week")
@click.option("--events", "events_path", type=FILE, help="what has happened, with --published")
@now_option
@key_option
@db_option
@json_option
@language_option
def publish(
    folder: Path,
    plan_path: Path,
    expires_days: int,
    old_path: Path | None,
    events_path: Path | None,
    now: datetime | None,
    key: str | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Reserve in the book what PLAN gives in the week of FOLDER, once the judge has accepted it.

    The travel.csv that was written with the plan must lie beside it. A plan made by `replan` is
    published with the plan in force and the events: what was recorded and promised alike stays.
    """
    from logistics.judge import verify
    from logistics.reports.plan_files import read_plan

    if (old_path is None) != (events_path is None):
        raise click.UsageError("--published and --events go together")
    engine = store.open_book(url)
    problem, _ = week_or_stop(folder, as_json, language)
    plan, travel = read_plan(plan_path, problem)
    facts = None
    if old_path is not None and events_path is not None:
        events = events_or_stop(events_path, problem, as_json, language)
        facts, findings = _made_anew(problem, plan, travel, old_path, events, now)
    else:
        findings = verify(problem, travel, plan)
    if findings:
        stop_with(findings, as_json)
    try:
        kept = timedelta(days=expires_days)
        report = store.publish(engine, problem, plan, findings, under_way=facts, kept=kept, key=key)
    except BookDiffers as moved:
        if not as_json:
            raise
        differences = [asdict(difference) for difference in moved.differences]
        print_json({"ok": False, "error": str(moved), "differences": differences})
        raise click.exceptions.Exit(1) from moved
    if as_json:
        print_json({"ok": True, **asdict(report)})
        return
    told = {"id": report.publication_id, "lines": report.lines, "units": report.units}
    click.echo(say(language, "book_known" if report.repeated else "book_published", **told))
    if report.released_units:
        click.echo(say(language, "book_replaced", units=report.released_units))


def _made_anew(
    problem: WeekProblem,
    plan: Plan,
    travel: Travel,
    old_path: Path,
    events: tuple[Event, ...],
    now: datetime | None,
) -> tuple[UnderWay, list[Finding]]:
    """What a plan made anew was made for, and what the judge finds in it."""
    from logistics.judge import verify_replan
    from logistics.week import read_plan, under_way

    old, old_travel = read_plan(old_path, problem)
    legs, now_s = {**old_travel, **travel}, now_of(now, events, problem)
    facts = under_way(problem, old, legs, events, now_s)
    return facts, verify_replan(problem, old, legs, plan, events, now_s)


@click.command()
@click.argument("path", metavar="OUTCOMES.csv|FOLDER", type=click.Path(exists=True, path_type=Path))
@key_option
@db_option
@json_option
@language_option
def record(path: Path, key: str | None, url: str, as_json: bool, language: Language) -> None:
    """Book what really happened: OUTCOMES.csv, or the outcomes.csv of a week FOLDER."""
    file = path / "outcomes.csv" if path.is_dir() else path
    if not file.is_file():
        raise NotFound(f"{file} is missing: docs/book.md describes it")
    engine = store.open_book(url)
    outcomes, findings = outcomes_from_bytes(file.read_bytes(), file.name)
    if errors_in(findings):
        stop_with(findings, as_json)
    report = store.record(engine, outcomes, key=key)
    if not report.done:
        stop_with(report.findings, as_json)
    if as_json:
        data = {key: value for key, value in asdict(report).items() if key != "findings"}
        print_json({"ok": True, **data, "findings": [each.as_dict() for each in report.findings]})
        return
    _print_warnings(report.findings)
    click.echo(say(language, "book_recorded", rows=report.recorded, known=report.known))


def _print_warnings(findings: Sequence[Finding]) -> None:
    if findings:
        print_findings(findings)
