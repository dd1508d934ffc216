"""Reading a week folder, step by step: bytes, grids, rows, checks, nouns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from logistics.intake.build import build_problem, legs_of
from logistics.intake.check_crews import (
    breaks_fit,
    visits_fit,
    volunteers_can_come,
    volunteers_once,
)
from logistics.intake.check_goods import lots_make_sense
from logistics.intake.check_people import (
    households_fit,
    legs_are_distinct,
    pins_say_something,
    repeated_legs,
)
from logistics.intake.check_places import kinds_fit, points_exist, stock_is_kept
from logistics.intake.check_times import dates_in_week, history_is_past, openings_last, shifts_apart
from logistics.intake.references import check_references
from logistics.intake.report import Language, Report
from logistics.intake.rows import TRAVEL
from logistics.intake.settings import read_settings
from logistics.intake.settings_travel import graph_files
from logistics.intake.sources import read_sources
from logistics.intake.tables import csv_grid, read_grids
from logistics.intake.validate import validate
from logistics.intake.week_tables import WeekTables, check_tables
from logistics.model.errors import Finding, OsusowakeError, errors_in
from logistics.model.problem import Travel, WeekProblem

CHECKS: tuple[Callable[[WeekTables, Report], None], ...] = (
    check_references,
    points_exist,
    kinds_fit,
    stock_is_kept,
    openings_last,
    dates_in_week,
    shifts_apart,
    history_is_past,
    breaks_fit,
    volunteers_can_come,
    volunteers_once,
    visits_fit,
    lots_make_sense,
    households_fit,
    pins_say_something,
    legs_are_distinct,
)


class TravelUnreadable(OsusowakeError):
    """A travel file has mistakes; the text lists the first of them."""


def read_week(folder: Path, language: Language = "en") -> tuple[WeekProblem | None, list[Finding]]:
    """Read a week folder, all or nothing.

    The problem is `None` exactly when a finding is an error; warnings may come with a problem.
    Findings are in order of file, row and column, their texts in the language asked for.
    """
    report = Report(language)
    folder = Path(folder)
    if not folder.is_dir():
        report.add("no_folder", folder.name)
        return None, report.findings
    sources = read_sources(folder, report)
    settings = read_settings(sources, report)
    week = check_tables(settings, read_grids(sources, report), report)
    for check in CHECKS:
        check(week, report)
    used = graph_files(settings.travel) if settings else frozenset()
    findings = [f for f in report.in_order() if f.code != "unknown_file" or f.file not in used]
    if settings is None or errors_in(findings):
        return None, findings
    return build_problem(week, settings, sources.digest, folder), findings


def read_travel(path: Path) -> Travel:
    """Legs of a travel file, for a judge that has no travel engine.

    Raises:
        TravelUnreadable: if the file is missing or any row is wrong.
    """
    path = Path(path)
    report = Report()
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise TravelUnreadable(f"{path.name}: the file cannot be opened") from problem
    travel = validate(csv_grid(path.name, content, report), TRAVEL, report)
    repeated_legs(travel, report)
    if report.has_errors:
        shown = (finding.text() for finding in errors_in(report.findings)[:10])
        raise TravelUnreadable("\n".join(shown))
    return legs_of(travel.rows)
