"""The verbs of promises without a plan: reserve, settle, release."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from logistics import store
from logistics.inventory.expiry import Margins
from logistics.model.problem import DEFAULT_MARGIN_DAYS
from logistics.words import say
from service.commands.book import db_option, key_option
from service.commands.common import (
    FOLDER,
    Cell,
    Language,
    Moment,
    done_or_stop,
    json_option,
    print_json,
    week_or_stop,
)
from service.commands.plan import language_option

units_option = click.option(
    "--units", type=click.IntRange(min=1), help="so many; all that is open if left out"
)
week_option = click.option(
    "--week", "folder", type=FOLDER, help="its margins (default: the program's own)"
)


def margins_of(folder: Path | None, as_json: bool, language: Language) -> Margins:
    """The margins of a week folder, without one the program's own."""
    if folder is None:
        return DEFAULT_MARGIN_DAYS
    return week_or_stop(folder, as_json, language)[0].policy.margin_days


@click.command()
@click.argument("lot_id", metavar="LOT")
@click.option("--site", "site_id", required=True, metavar="SITE", help="where the units stand")
@click.option("--units", type=click.IntRange(min=1), required=True)
@click.option(
    "--for",
    "household_id",
    type=Cell(is_id=True),
    default="",
    metavar="HOUSEHOLD",
    help="for whom",
)
@click.option("--to", "to_site_id", default="", metavar="SITE", help="or for which other site")
@click.option(
    "--until",
    type=Moment(("%Y-%m-%d", "%Y-%m-%dT%H:%M")),
    help="when the promise ends by itself, on the network's clock",
)
@week_option
@key_option
@db_option
@json_option
@language_option
def reserve(
    lot_id: str,
    site_id: str,
    units: int,
    household_id: str,
    to_site_id: str,
    until: datetime | None,
    folder: Path | None,
    key: str | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Promise units of LOT to a household or to another site, without a plan."""
    if bool(household_id) == bool(to_site_id):
        raise click.UsageError("say for whom: --for HOUSEHOLD, or --to SITE")
    margins = margins_of(folder, as_json, language)

    def work() -> store.Promise:
        engine = store.open_book(url)
        return store.reserve(
            engine,
            lot_id,
            site_id,
            units,
            household_id=household_id,
            to_site_id=to_site_id,
            until=None if until is None else until.replace(tzinfo=store.clock(engine)),
            margins=margins,
            key=key,
        )

    done = done_or_stop(work, as_json, language)
    _say("promise_reserved", done, as_json, language)


@click.command()
@click.argument("reservation_id", metavar="RESERVATION")
@units_option
@click.option(
    "--reason",
    type=Cell(),
    default="",
    help="why goods were given that are held or past their margin",
)
@week_option
@key_option
@db_option
@json_option
@language_option
def settle(
    reservation_id: str,
    units: int | None,
    reason: str,
    folder: Path | None,
    key: str | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Hand over units of a promise that no plan drives."""
    margins = margins_of(folder, as_json, language)
    done = done_or_stop(
        lambda: store.settle(
            store.open_book(url), reservation_id, units, reason=reason, margins=margins, key=key
        ),
        as_json,
        language,
    )
    _say("promise_settled", done, as_json, language)


@click.command()
@click.argument("reservation_id", metavar="RESERVATION")
@units_option
@click.option("--reason", type=Cell(), default="", help="why")
@key_option
@db_option
@json_option
@language_option
def release(
    reservation_id: str,
    units: int | None,
    reason: str,
    key: str | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """End a promise, or so many units of it: they are free again where they stand."""
    done = done_or_stop(
        lambda: store.release(store.open_book(url), reservation_id, units, reason=reason, key=key),
        as_json,
        language,
    )
    _say("promise_released", done, as_json, language)


def _say(what: str, done: store.Promise, as_json: bool, language: Language) -> None:
    if as_json:
        print_json({"ok": True, **asdict(done)})
        return
    click.echo(
        say(
            language,
            what,
            reservation=done.reservation_id,
            units=done.units,
            open=done.open,
            free=done.free,
        )
    )
