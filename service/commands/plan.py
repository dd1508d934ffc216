"""`check`, `plan`, `verify` and `demo`: from a week folder to a plan that the judge accepts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
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
    events_or_stop,
    json_option,
    machine_language,
    now_of,
    now_option,
    print_findings,
    print_json,
    stop_with,
    travel_or_stop,
    week_or_stop,
)

if TYPE_CHECKING:
    from logistics.model.plan import Line
    from logistics.model.problem import WeekProblem
    from logistics.week import Limits, PlanResult

DEMO_WEEK = Path(__file__).resolve().parents[2] / "scenarios" / "takatsuki" / "week-2026-11-23"

language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(("ja", "en")),
    default=machine_language,
    help="language of the reasons (default: that of the machine)",
)
seconds_option = click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=30.0,
    show_default=True,
    help="time aimed at",
)

seed_option = click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)


@click.command()
@click.argument("folder", type=FOLDER)
@json_option
@language_option
def check(folder: Path, as_json: bool, language: Language) -> None:
    """Read a week folder and list what is wrong: file, row, column, value, why, how to fix.

    A road graph is read, too, and every place looked for on it; no server is asked anything.
    """
    from logistics.travel import examine
    from logistics.words import say

    problem, findings = week_or_stop(folder, as_json, language)
    with travel_or_stop(as_json, language):
        findings += [fault.finding(language) for fault in examine(problem)]
    if as_json:
        print_json({"ok": True, "findings": [finding.as_dict() for finding in findings]})
        return
    print_findings(findings, err=False)
    counts = {
        name: len(getattr(problem, name)) for name in ("households", "lots", "sessions", "vehicles")
    }
    click.echo(say(language, "check_counts", name=problem.name, **counts))


def slack_of(text: str) -> Fraction:
    """A fairness slack, read exactly: `0.02` or `1/50`, within 0..1.

    Raises:
        click.BadParameter: if it is none.
    """
    try:
        slack = Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        raise click.BadParameter(f"{text!r} is no number such as 0.02") from None
    if not 0 <= slack <= 1:
        raise click.BadParameter(f"expected a slack within 0..1, found {text}")
    return slack


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
@click.option(
    "--fairness-slack",
    "slack",
    metavar="SLACK",
    callback=lambda _, __, text: None if text is None else slack_of(text),
    help="how far a level may fall for less waste and shorter ways (default: the week's policy)",
)
@click.option("--like", "like_path", type=FILE, help="a published plan.json to be changed least")
@json_option
@language_option
def plan(
    folder: Path,
    out: Path,
    seconds: float,
    seed: int,
    workers: int,
    slack: Fraction | None,
    like_path: Path | None,
    as_json: bool,
    language: Language,
) -> None:
    """Allocate and route a week; write plan.json, allocation.csv, routes.csv, unmet.csv, summary.txt.

    With slack, price.csv says what it gave up and saved.
    """
    from logistics.week import Limits

    limits = Limits(seconds, seed, workers=workers)
    make_plan(folder, out, limits, as_json, language, slack=slack, like_path=like_path)


def make_plan(
    folder: Path,
    out: Path,
    limits: Limits,
    as_json: bool,
    language: Language,
    *,
    slack: Fraction | None = None,
    like_path: Path | None = None,
) -> None:
    """Read, plan, judge and write; a plan that the judge refuses is not written."""
    from logistics.reports.plan_files import summary
    from logistics.week import plan_week, write_plan
    from logistics.words import say

    problem, warnings = week_or_stop(folder, as_json, language)
    if slack is not None:
        problem = replace(problem, policy=replace(problem.policy, fairness_slack=slack))
    like = _lines_of(like_path, problem) if like_path else None
    with travel_or_stop(as_json, language):
        result = plan_week(problem, limits, like=like, language=language, progress=progress_bar())
    warnings += [fault.finding(language) for fault in result.warnings]
    _say_if_cold(language)
    stop_if_refused(result, as_json)
    wishes = [wish.plain(problem) for wish in result.wishes]
    paths = write_plan(result.plan, result.travel, problem, out, language, wishes)
    points, told = _price(result, out, language)
    if as_json:
        print_json(
            {
                "ok": True,
                "status": result.plan.allocation.status,
                "engine": result.engine,
                "files": [str(path) for path in paths],
                "price": points,
                "findings": [finding.as_dict() for finding in warnings],
            }
        )
        return
    if warnings:
        print_findings(warnings)
    click.echo(summary(result.plan, problem, language, wishes))
    if told:
        click.echo(told)
    click.echo(say(language, "plan_written", out=f"{out}/"))


def _lines_of(path: Path, problem: WeekProblem) -> tuple[Line, ...]:
    """What a published plan gives."""
    from logistics.model.plan_json import plan_from_text

    return plan_from_text(path.read_bytes(), problem.week_start).allocation.lines


def stop_if_refused(result: PlanResult, as_json: bool) -> None:
    """Leave with exit code 1 if the judge found something; nothing is written then."""
    if not result.is_clean:
        impossible = result.plan.allocation.status == "infeasible"
        why = "no plan keeps all pins" if impossible else "the judge refused the plan"
        click.echo(f"{why}; nothing was written", err=True)
        stop_with(result.findings, as_json)


def _say_if_cold(language: Language) -> None:
    """Tell where a plan had to do without searches that are not compiled on this machine yet."""
    from logistics.solver.warm import cold
    from logistics.words import say

    if cold():
        click.echo(say(language, "plan_cold"), err=True)


def _price(
    result: PlanResult, out: Path, language: Language
) -> tuple[list[dict[str, object]], str]:
    """Without slack nothing; else the fairest plan and this one as rows, `price.csv`, and in words."""
    from logistics.reports.frontier import point_of, price, record, write_frontier

    if result.fairest is None:
        return [], ""
    fairest = point_of(Fraction(0), result.fairest, result.fairest)
    point = point_of(result.slack, result.plan, result.fairest)
    write_frontier((fairest, point), out / "price.csv")
    return [record(fairest), record(point)], price(point, fairest, language) + "\n"


def progress_bar() -> Callable[[str], None]:
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
@click.option("--published", "old_path", type=FILE, help="the plan that PLAN replaces in mid-week")
@click.option("--events", "events_path", type=FILE, help="what has happened, with --published")
@now_option
@json_option
@language_option
def verify(
    folder: Path,
    plan_path: Path,
    old_path: Path | None,
    events_path: Path | None,
    now: datetime | None,
    as_json: bool,
    language: Language,
) -> None:
    """Let the independent judge check a plan and recompute every reported number.

    A plan made by `replan` is checked against the plan that it replaces and the events.
    """
    from logistics.judge import certified
    from logistics.judge import verify as judge
    from logistics.reports.plan_files import read_plan
    from logistics.words import say

    problem, _ = week_or_stop(folder, as_json, language)
    loaded, travel = read_plan(plan_path, problem)
    if old_path is not None and events_path is not None:
        from logistics.judge import verify_replan

        events = events_or_stop(events_path, problem, as_json, language)
        old, old_travel = read_plan(old_path, problem)
        now_s = now_of(now, events, problem)
        findings = verify_replan(problem, old, {**old_travel, **travel}, loaded, events, now_s)
    elif old_path is not None or events_path is not None:
        raise click.UsageError("--published and --events go together")
    else:
        findings = judge(problem, travel, loaded)
    if findings:
        stop_with(findings, as_json)
    if old_path is not None and not as_json:
        click.echo(say(language, "verified_replan"))
        return
    found = certified(loaded)
    if as_json:
        print_json({"ok": True, "findings": [], "certificates": asdict(found)})
    else:
        click.echo(say(language, "verified"))
        counts = {"certified": found.certified, "levels": found.levels}
        click.echo(say(language, "verified_levels", **counts))
        click.echo(say(language, "verified_exact", exact=found.exact, full=found.full))


@click.command()
@click.option("--out", type=OUT, default=Path("out/demo"), show_default=True)
@click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=6.0,
    show_default=True,
    help="time aimed at for the plan",
)
@seed_option
@language_option
def demo(out: Path, seconds: float, seed: int, language: Language) -> None:
    """Plan the bundled Takatsuki week with run sheets and a map."""
    from logistics.week import Limits, read_plan, write_sheets
    from logistics.words import say

    if not DEMO_WEEK.is_dir():
        raise OsusowakeError(f"the bundled week is not there: {DEMO_WEEK}")
    make_plan(DEMO_WEEK, out, Limits(seconds, seed), False, language)
    problem, _ = week_or_stop(DEMO_WEEK, False, language)
    loaded, _ = read_plan(out / "plan.json", problem)
    paths = write_sheets(problem, loaded, DEMO_WEEK, out)
    click.echo(say(language, "demo_sheets", files=len(paths), out=out))
