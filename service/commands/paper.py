"""The verb `sheets`: a verified plan on paper."""

from __future__ import annotations

from pathlib import Path

import click

from logistics.model.errors import Finding
from logistics.model.events import changed_week
from logistics.model.plan_json import plan_from_text
from service.commands.common import (
    FILE,
    FOLDER,
    OUT,
    events_or_stop,
    json_option,
    print_json,
    spoken,
    stop_with,
    week_or_stop,
)


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("plan_file", metavar="PLAN.json", type=FILE)
@click.option("--out", type=OUT, required=True, help="where the files go")
@click.option(
    "--lang",
    type=click.Choice(("ja", "en", "both")),
    default="both",
    show_default=True,
    help="language of the sheets",
)
@click.option("--events", "events_path", type=FILE, help="what a plan by `replan` was made after")
@json_option
def sheets(
    folder: Path, plan_file: Path, out: Path, lang: str, events_path: Path | None, as_json: bool
) -> None:
    """Write pick lists, driver sheets, satellite sheets and maps for a planned week.

    PDF and XLSX for each hub and day, vehicle and day, and session; maps as PNG, SVG and PDF.
    FOLDER may hold boundary.geojson (for the maps) and contacts.csv (for the driver sheets only).
    """
    from logistics.reports import LANGUAGES, write_sheets
    from logistics.words import say

    problem, _ = week_or_stop(folder, as_json)
    plan = plan_from_text(plan_file.read_bytes(), problem.week_start)
    if events_path is not None:
        events = events_or_stop(events_path, problem, as_json, "en")
        problem = changed_week(
            problem, events, {line.household_id for line in plan.allocation.lines}
        )
    if plan.problem_digest != problem.digest:
        stop_with([moved(folder, plan_file)], as_json)
    languages = LANGUAGES if lang == "both" else (lang,)
    files = write_sheets(problem, plan, folder, out, languages)
    if as_json:
        print_json({"ok": True, "files": [str(file) for file in files]})
        return
    pages = sum(file.suffix == ".pdf" for file in files)
    click.echo(say(spoken(), "sheets_written", files=len(files), out=out, pages=pages))


def moved(folder: Path, plan_file: Path) -> Finding:
    """Paper of an old plan sends people to the wrong doors, so it is not printed."""
    return Finding(
        code="plan_outdated",
        message=f"the plan was made for other data than {folder} holds now",
        fix=f"plan again: osusowake plan {folder} --out {plan_file.parent}",
        file=plan_file.name,
    )
