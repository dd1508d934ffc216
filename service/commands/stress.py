"""`stress`: what breaks first when a declared week is shocked."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

import click

from scenarios import registry, shocks
from service.commands.common import OUT, json_option, print_findings, print_json, week_or_stop

if TYPE_CHECKING:
    from scenarios.stress import Run
    from scenarios.stress_table import Setting


@click.command()
@click.argument("week", metavar="SCENARIO")
@click.option(
    "--shock",
    "names",
    type=click.Choice(shocks.names()),
    multiple=True,
    help="may be repeated (default: all)",
)
@click.option(
    "--severity",
    "severities",
    type=click.IntRange(0, shocks.SEVERITY_MAX),
    multiple=True,
    default=(25, 50, 75, 100),
    show_default=True,
    help="0 nothing, 100 everything; may be repeated",
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="number of seeds: 1, 2, …",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    help="processes (default: cores of the machine)",
)
@click.option(
    "--seconds-per-week",
    "seconds",
    type=click.FloatRange(min=0.1),
    default=5.0,
    show_default=True,
    help="limit for planning one week",
)
@click.option("--out", type=OUT, default=Path("out/stress"), show_default=True)
@json_option
def stress(
    week: str,
    names: tuple[str, ...],
    severities: tuple[int, ...],
    seeds: int,
    workers: int,
    seconds: float,
    out: Path,
    as_json: bool,
) -> None:
    """Plan SCENARIO (a declared one or a week folder) again under shocks; tables and a picture.

    Every week is compared with the undisturbed week of the same seed.
    """
    from tqdm import tqdm

    from scenarios.stress import run, tasks
    from scenarios.stress_table import Setting

    problem, warnings = week_or_stop(_folder_of(week), as_json)
    if warnings and not as_json:
        print_findings(warnings)
    declared = registry.scenario(week) if week in registry.names() else None
    numbers = tuple(range(1, seeds + 1))
    todo = tasks(names or shocks.names(), sorted(severities), numbers)
    weeks = run(problem, todo, seconds=seconds, workers=workers)
    bar = tqdm(weeks, total=len(todo), unit="week", desc="stress", disable=None)
    runs = list(bar)
    setting = Setting(
        title_ja=declared.title_ja if declared else problem.name,
        title_en=declared.title_en if declared else problem.name,
        is_synthetic=declared is not None,
        seeds=numbers,
        seconds=seconds,
        used_s=fmean(one.runtime_s for one in runs),
        version=next((one.version for one in runs if one.version), "(no plan)"),
    )
    _hand_over(runs, setting, out, as_json)


def _hand_over(runs: list[Run], setting: Setting, out: Path, as_json: bool) -> None:
    """Write and print what was found; leave with exit code 1 if a week has no accepted plan."""
    from scenarios.stress import unplanned
    from scenarios.stress_plot import draw
    from scenarios.stress_table import report, row_record, run_record, summarise, write_tables

    rows = summarise(runs)
    paths = [*write_tables(runs, rows, setting, out), *draw(runs, rows, setting, out)]
    missing = unplanned(runs)
    if as_json:
        print_json(
            {
                "ok": not missing,
                "setting": asdict(setting),
                "rows": [row_record(row) for row in rows],
                "runs": [run_record(one) for one in runs],
                "files": [str(path) for path in paths],
            }
        )
    else:
        click.echo(report(runs, rows, setting))
        click.echo(f"\nWritten to {out}/: {', '.join(path.name for path in paths)}")
    for (status, note), count in Counter((one.status, one.note) for one in missing).items():
        click.echo(f"{count} weeks {status}: {note}".rstrip(": "), err=True)
    if missing:
        raise click.exceptions.Exit(1)


def _folder_of(week: str) -> Path:
    """The folder of a declared scenario or the week folder itself.

    Raises:
        click.BadParameter: if it is neither; the text lists the declared ones.
    """
    if week in registry.names():
        return registry.scenario(week).folder
    if Path(week).is_dir():
        return Path(week)
    raise click.BadParameter(
        f"{week!r} is neither a declared scenario ({', '.join(registry.names())}) nor a folder",
        param_hint="SCENARIO",
    )
