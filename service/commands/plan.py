"""`check`, `plan`, `verify` and `demo`: from a week folder to a plan that the judge accepts."""

from __future__ import annotations

import locale
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from fractions import Fraction
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from logistics.model.errors import OsusowakeError
from service.commands.common import (
    FILE,
    FOLDER,
    OUT,
    Language,
    json_option,
    print_findings,
    print_json,
    stop_with,
    week_or_stop,
)

if TYPE_CHECKING:
    from logistics.week import Limits

DEMO_WEEK = Path(__file__).resolve().parents[2] / "scenarios" / "takatsuki" / "week-2026-11-23"

language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(("ja", "en")),
    default=lambda: "ja" if (locale.getlocale()[0] or "").lower().startswith("ja") else "en",
    help="language of the reasons (default: that of the machine)",
)
seconds_option = click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=20.0,
    show_default=True,
    help="time aimed at",
)
seed_option = click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)


@click.command()
@click.argument("folder", type=FOLDER)
@json_option
@language_option
def check(folder: Path, as_json: bool, language: Language) -> None:
    """Read a week folder and list what is wrong: file, row, column, value, why, how to fix."""
    problem, findings = week_or_stop(folder, as_json, language)
    if as_json:
        print_json({"ok": True, "findings": [finding.as_dict() for finding in findings]})
        return
    print_findings(findings, err=False)
    click.echo(
        f"{problem.name}: {len(problem.households)} households, {len(problem.lots)} lots, "
        f"{len(problem.sessions)} sessions, {len(problem.vehicles)} vehicles"
    )


workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="processes that route days side by side",
)


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--out", type=OUT, required=True, help="folder for plan.json and the tables")
@seconds_option
@seed_option
@workers_option
@json_option
@language_option
def plan(
    folder: Path,
    out: Path,
    seconds: float,
    seed: int,
    workers: int,
    as_json: bool,
    language: Language,
) -> None:
    """Allocate and route a week; write plan.json, allocation.csv, routes.csv, unmet.csv, summary.txt."""
    from logistics.week import Limits

    make_plan(folder, out, Limits(seconds, seed, workers=workers), as_json, language)


def make_plan(folder: Path, out: Path, limits: Limits, as_json: bool, language: Language) -> None:
    """Read, plan, judge and write; a plan that the judge refuses is not written."""
    from logistics.reports.plan_files import summary
    from logistics.week import plan_week, write_plan

    problem, warnings = week_or_stop(folder, as_json, language)
    result = plan_week(problem, limits, language=language, progress=_progress())
    if not result.is_clean:
        impossible = result.plan.allocation.status == "infeasible"
        why = "no plan keeps all pins" if impossible else "the judge refused the plan"
        click.echo(f"{why}; nothing was written", err=True)
        stop_with(result.findings, as_json)
    paths = write_plan(result.plan, result.travel, problem, out, language)
    if as_json:
        print_json(
            {
                "ok": True,
                "status": result.plan.allocation.status,
                "engine": result.engine,
                "files": [str(path) for path in paths],
                "findings": [finding.as_dict() for finding in warnings],
            }
        )
        return
    if warnings:
        print_findings(warnings)
    click.echo(summary(result.plan, problem, language))
    click.echo(f"Judged clean. Written to {out}/")


def _progress() -> Callable[[str], None]:
    """Tell on a terminal's standard error what is being worked on."""
    if not sys.stderr.isatty():
        return lambda _: None
    begun = monotonic()

    def tell(what: str) -> None:
        click.echo(f"\r\033[K{monotonic() - begun:5.1f} s  {what}", nl=False, err=True)
        if what == "judge":
            click.echo("\r\033[K", nl=False, err=True)

    return tell


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("plan_path", metavar="PLAN", type=FILE)
@json_option
@language_option
def verify(folder: Path, plan_path: Path, as_json: bool, language: Language) -> None:
    """Let the independent judge check a plan and recompute every reported number."""
    from logistics.judge import certified
    from logistics.week import read_plan
    from logistics.week import verify as judge

    problem, _ = week_or_stop(folder, as_json, language)
    loaded, travel = read_plan(plan_path, problem)
    findings = judge(problem, travel, loaded)
    if findings:
        stop_with(findings, as_json)
    found = certified(loaded)
    if as_json:
        print_json({"ok": True, "findings": [], "certificates": asdict(found)})
    else:
        click.echo("accepted: every rule is kept and every number is right")
        click.echo(
            f"certificates: {found.certified} of {found.levels} levels carry one that holds; "
            f"{found.exact} levels are proven to be as high as can be "
            f"({found.full} without any weighing: all there have what they want or could have)"
        )


@click.command()
@click.option("--out", type=OUT, default=Path("out/demo"), show_default=True)
@click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=10.0,
    show_default=True,
    help="time aimed at for the plan",
)
@seed_option
@language_option
def demo(out: Path, seconds: float, seed: int, language: Language) -> None:
    """Plan the bundled Takatsuki week with run sheets and a map."""
    from logistics.week import Limits, read_plan, write_sheets

    if not DEMO_WEEK.is_dir():
        raise OsusowakeError(f"the bundled week is not there: {DEMO_WEEK}")
    make_plan(DEMO_WEEK, out, Limits(seconds, seed), False, language)
    problem, _ = week_or_stop(DEMO_WEEK, False, language)
    loaded, _ = read_plan(out / "plan.json", problem)
    paths = write_sheets(problem, loaded, DEMO_WEEK, out)
    click.echo(f"{len(paths)} run sheets and maps in {out}/")
