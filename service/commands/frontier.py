"""`frontier`: what fairness costs in waste and kilometres."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.commands.common import (
    FOLDER,
    OUT,
    Language,
    json_option,
    print_findings,
    print_json,
    travel_or_stop,
    week_or_stop,
)
from service.commands.plan import (
    language_option,
    progress_bar,
    seconds_option,
    seed_option,
    slack_of,
    stop_if_refused,
    workers_option,
)

if TYPE_CHECKING:
    from logistics.model.problem import WeekProblem
    from logistics.reports.frontier import Point
    from logistics.week import Limits


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--out", type=OUT, required=True, help="folder for table, picture and plans")
@click.option(
    "--slacks",
    callback=lambda _, __, text: sorted({slack_of(part) for part in text.split(",")}),
    default="0,0.01,0.02,0.05,0.1",
    show_default=True,
    help="how far levels may fall, separated by commas",
)
@seconds_option
@seed_option
@workers_option
@json_option
@language_option
def frontier(
    folder: Path,
    out: Path,
    slacks: list[Fraction],
    seconds: float,
    seed: int,
    workers: int,
    as_json: bool,
    language: Language,
) -> None:
    """Plan a week with growing fairness slack: what each gives up, and what waste and ways it saves.

    Writes frontier.csv, frontier.png, frontier.svg and every plan in a folder of its own. The fairest
    plan takes the seconds, each further one about half of them.
    """
    from logistics.reports.frontier import record, table, write_frontier
    from logistics.reports.frontier_plot import draw
    from logistics.week import Limits
    from logistics.words import say

    problem, warnings = week_or_stop(folder, as_json, language)
    if warnings and not as_json:
        print_findings(warnings)
    limits = Limits(seconds, seed, workers=workers)
    with travel_or_stop(as_json, language):
        points = _points(problem, slacks, limits, out, as_json, language)
    title = say(language, "front_title", name=problem.name)
    paths = [write_frontier(points, out / "frontier.csv"), *draw(points, title, out, language)]
    if as_json:
        print_json(
            {
                "ok": True,
                "points": [record(point) for point in points],
                "files": [str(path) for path in paths],
            }
        )
        return
    click.echo(table(points, language))
    click.echo("\n" + say(language, "plans_written", out=f"{out}/"))


def _points(
    problem: WeekProblem,
    slacks: list[Fraction],
    limits: Limits,
    out: Path,
    as_json: bool,
    language: Language,
) -> list[Point]:
    """Plan, judge and write each; the fairest plan comes first, whether it was asked for or not."""
    from logistics.reports.frontier import point_of
    from logistics.week import frontier as planned
    from logistics.week import write_plan

    points: list[Point] = []
    results = planned(problem, slacks, limits, language=language, progress=progress_bar())
    for result in results:
        stop_if_refused(result, as_json)
        if result.warnings and not points and not as_json:
            print_findings([fault.finding(language) for fault in result.warnings])
        folder = out / f"slack-{float(result.slack):g}"
        write_plan(result.plan, result.travel, problem, folder, language)
        points.append(point_of(result.slack, result.plan, result.fairest or result.plan))
    return points
