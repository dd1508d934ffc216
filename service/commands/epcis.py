"""`epcis`: the book's entries as EPCIS 2.0 events, for partners that trace with GS1's standards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from logistics.inventory.epcis import EXAMPLE_BASE
from service.commands.book import db_option
from service.commands.common import DAY, FILE, Language, json_option, print_json, stop_with
from service.commands.plan import language_option

if TYPE_CHECKING:
    from logistics.inventory.epcis import Names
    from logistics.store import Extract

F = TypeVar("F", bound=Callable[..., Any])


def names_options(command: F) -> F:
    """The options `--base` and `--gtins`: how lots and places are named for the world outside."""
    base = click.option(
        "--base",
        default=EXAMPLE_BASE,
        show_default=True,
        envvar="OSUSOWAKE_BASE",
        show_envvar=True,
        help="web address below which the network names its lots and places",
    )
    gtins = click.option(
        "--gtins",
        "gtins_path",
        type=FILE,
        help="CSV lot_id,gtin: makers' numbers, for Digital Links",
    )
    return base(gtins(command))


def names_or_stop(base: str, gtins_path: Path | None, as_json: bool) -> Names:
    """The names below a base; a wrong base is wrong usage, wrong GTINs are findings."""
    from logistics.inventory.epcis import Names, base_of
    from logistics.model.errors import InvalidFact
    from logistics.reports.epcis_files import read_gtins

    try:
        checked = base_of(base)
    except InvalidFact as error:
        raise click.UsageError(str(error)) from error
    gtins, findings = ({}, []) if gtins_path is None else read_gtins(gtins_path)
    if findings:
        stop_with(findings, as_json)
    return Names(checked, gtins)


@click.command()
@click.option("--lot", "lot_ids", multiple=True, help="the events of this lot; may be repeated")
@click.option("--family", is_flag=True, help="also of all it was made of, or that was made of it")
@click.option("--from", "first", type=DAY, help="the events of a period: its first day")
@click.option("--to", "last", type=DAY, help="its last day")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="FILE.jsonld"
)
@names_options
@click.option("--check", "with_schema", is_flag=True, help="also check against GS1's JSON schema")
@click.option(
    "--provisional", is_flag=True, help="with what was recorded today: may change, not for partners"
)
@db_option
@json_option
@language_option
def epcis(
    lot_ids: tuple[str, ...],
    family: bool,
    first: datetime | None,
    last: datetime | None,
    out: Path,
    base: str,
    gtins_path: Path | None,
    with_schema: bool,
    provisional: bool,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Write the book's events as an EPCIS 2.0 document (JSON-LD).

    Reservations are promises and no events. Households are never named or told apart: what became of
    reservations is told by lot, place and day, once the day on which it was recorded is over.
    """
    from logistics.reports.epcis_check import schema_findings, vocabulary_findings
    from logistics.reports.epcis_files import export, write_document
    from logistics.words import say

    period = _period(lot_ids, first, last)
    if family and period is not None:
        raise click.UsageError("--family goes with --lot; a period has all lots of its days")
    names = names_or_stop(base, gtins_path, as_json)
    part = _extract(url, lot_ids, period, family)
    made = export(
        part.entries,
        part.goods,
        part.lot_ids,
        names,
        part.zone,
        before=None if provisional else datetime.now(part.zone).date(),
        period=period,
        places=part.places,
    )
    findings = vocabulary_findings(made.document)
    if with_schema:
        findings += schema_findings(made.document)
    if findings:
        stop_with(findings, as_json)
    write_document(made.document, out)
    if as_json:
        counts = {"events": made.events, "promises_left_out": made.promises, "later": made.later}
        print_json({"ok": True, "file": str(out), "checked": with_schema, **counts})
        return
    click.echo(say(language, "epcis_written", n=made.events, file=out))
    if with_schema:
        click.echo(say(language, "epcis_checked"))
    if made.promises:
        click.echo(say(language, "epcis_promises", n=made.promises))
    if made.later:
        click.echo(say(language, "epcis_later", n=made.later))


def _period(
    lot_ids: tuple[str, ...], first: datetime | None, last: datetime | None
) -> tuple[date, date] | None:
    """The period asked for, if any; lots and period exclude each other."""
    if lot_ids and first is None and last is None:
        return None
    if lot_ids or first is None or last is None:
        raise click.UsageError("give either --lot, or both --from and --to")
    if last < first:
        raise click.UsageError("--to lies before --from")
    return first.date(), last.date()


def _extract(
    url: str, lot_ids: tuple[str, ...], period: tuple[date, date] | None, family: bool
) -> Extract:
    from logistics import store

    engine = store.open_book(url)
    if period is None:
        return store.lots_extract(engine, frozenset(lot_ids), family=family)
    return store.period_extract(engine, *period)
