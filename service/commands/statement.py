"""`statement`: what a donor may see of where its food went."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from service.commands.book import db_option
from service.commands.common import DAY, OUT, Language, json_option, print_json, stop_with
from service.commands.plan import language_option


@click.command()
@click.argument("org_id", metavar="ORG")
@click.option("--from", "first_day", type=DAY, required=True, help="the first day of a month")
@click.option("--to", "until_day", type=DAY, required=True, help="the last day of a month")
@click.option("--out", type=OUT, help="also write the statement as PDF and CSV into this folder")
@db_option
@json_option
@language_option
def statement(
    org_id: str,
    first_day: datetime,
    until_day: datetime,
    out: Path | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """What became of the food of donor ORG: kilograms, meals, where, when, waste and why, CO2e.

    Fit to leave the house: whole months whose figures are closed, no place with fewer than ten
    households, nothing about any household.
    """
    from logistics.inventory.ancestry import origins
    from logistics.inventory.statement import MonthOpen, NoSuchPeriod
    from logistics.reports.statement import record, statement_text
    from logistics.reports.statement_files import write_statement
    from logistics.store import open_book
    from logistics.store.statements import statement as made
    from logistics.words import say

    try:
        days = first_day.date(), until_day.date()
        found = made(open_book(url), org_id, *days, origins_of=origins)
    except NoSuchPeriod as error:
        raise click.UsageError(str(error)) from error
    except MonthOpen as still:
        _stop(still.month, still.closes.date(), as_json, language)
        return
    paths = write_statement(found, out, language) if out is not None else []
    if as_json:
        print_json({"ok": True, **record(found), "files": [str(path) for path in paths]})
        return
    click.echo(statement_text(language, found))
    if paths:
        click.echo("\n" + say(language, "statement_written", out=out))


def _stop(month: date, closes: date, as_json: bool, language: Language) -> None:
    """Say which month is still open and when it is closed."""
    from logistics.model.errors import Finding
    from logistics.reports.statement import day_with_year, month_with_year
    from logistics.words import say

    message = say(language, "statement_open_month", month=month_with_year(language, month))
    fix = say(language, "statement_open_month_fix", day=day_with_year(language, closes))
    stop_with([Finding("month_open", message, fix=fix)], as_json)
