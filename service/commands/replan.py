"""`replan`: a new plan for a week under way, changing least, with the difference in words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from service.commands.common import (
    FILE,
    FOLDER,
    OUT,
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
from service.commands.plan import language_option, progress_bar, seed_option


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("plan_path", metavar="PLAN", type=FILE)
@click.argument("events_path", metavar="EVENTS.csv", type=FILE)
@click.option("--out", type=OUT, required=True, help="folder for the new plan and the changes")
@now_option
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.5),
    default=4.0,
    show_default=True,
    help="time aimed at",
)
@seed_option
@json_option
@language_option
def replan(
    folder: Path,
    plan_path: Path,
    events_path: Path,
    out: Path,
    now: datetime | None,
    seconds: float,
    seed: int,
    as_json: bool,
    language: Language,
) -> None:
    """Plan the rest of a week anew after what has happened, and say what changes for whom.

    PLAN is the plan in force, EVENTS.csv holds everything that has happened this week so far
    (docs/replan.md). What is driven, loaded or handed out stays; promises are kept where they can be.
    With a contacts.csv in FOLDER, calls.csv lists whom to phone, by name and number.
    """
    from logistics.reports.calls import write_calls
    from logistics.reports.change_files import changes_text, plain, write_changes
    from logistics.reports.changes import changes_of
    from logistics.reports.contacts import read_contacts
    from logistics.week import Limits, read_plan, replan_week, write_plan
    from logistics.words import say

    problem, warnings = week_or_stop(folder, as_json, language)
    contacts = read_contacts(folder)
    events = events_or_stop(events_path, problem, as_json, language)
    published, travel = read_plan(plan_path, problem)
    result = replan_week(
        problem,
        published,
        travel,
        events,
        now_s=now_of(now, events, problem),
        limits=Limits(seconds, seed),
        language=language,
        progress=progress_bar(),
    )
    if result.plan is None or result.findings:
        pinned = any(finding.code in ("pin_units", "pinned") for finding in result.findings)
        why = "the judge refused the plan"
        if result.plan is None:
            why = "the events do not go with the plan"
        elif pinned:
            why = "no plan keeps all pins after these events: change pins.csv"
        click.echo(f"{why}; nothing was written", err=True)
        stop_with((*result.findings, *result.warnings), as_json)
        raise AssertionError("unreachable")
    changes = changes_of(problem, published, result.week, result.plan)
    paths = write_plan(result.plan, result.travel, result.week, out, language)
    paths += write_changes(changes, result.week, out, language)
    if contacts:
        paths.append(write_calls(changes, contacts, result.week, out, language))
    told = (*warnings, *result.warnings)
    if as_json:
        print_json(
            {
                "ok": True,
                **plain(changes, result.week, language),
                "files": [str(path) for path in paths],
                "findings": [finding.as_dict() for finding in told],
            }
        )
        return
    if told:
        print_findings(told)
    click.echo(changes_text(changes, result.week, language))
    click.echo(say(language, "plan_written", out=f"{out}/"))
