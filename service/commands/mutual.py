"""`offer`, `need`, `agree`, `transfer`, `withdraw`: sites of the network help each other."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logistics.model.units import FoodGroup
from logistics.words.refusals import match_findings
from service.commands.book import db_option, key_option
from service.commands.common import (
    DAY,
    FOLDER,
    Language,
    json_option,
    print_json,
    spoken,
    stop_with,
    week_or_stop,
)
from service.commands.plan import language_option

if TYPE_CHECKING:
    from logistics.inventory.expiry import Margins
    from logistics.inventory.mutual import Room

ANY = "any"
units_option = click.option("--units", type=click.IntRange(min=1), required=True)
week_option = click.option(
    "--week", "folder", type=FOLDER, help="its margins, and room for the goods"
)


@click.command()
@click.argument("lot_id", metavar="LOT")
@click.option("--site", "site_id", metavar="SITE", required=True, help="where it stands")
@units_option
@click.option("--until", type=DAY, required=True, help="last day of the offer")
@click.option("--pack", type=click.IntRange(min=1), default=1, help="units that move together")
@key_option
@db_option
@json_option
@language_option
def offer(
    lot_id: str,
    site_id: str,
    units: int,
    until: datetime,
    pack: int,
    key: str | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Say that others may have units of LOT; they must be free where they stand."""
    from logistics import store
    from logistics.store import mutual

    engine = store.open_book(url)
    said = mutual.offer(engine, site_id, lot_id, units, until.date(), pack, key=key)
    _told(said.id, asdict(said), "mutual_offered", as_json, language)


@click.command()
@click.argument("site_id", metavar="SITE")
@click.option("--meals", type=click.IntRange(min=1), required=True)
@click.option(
    "--food-group", type=click.Choice([ANY, *map(str, FoodGroup)]), default=ANY, show_default=True
)
@click.option("--on", "day", type=DAY, required=True, help="day on which they are handed out")
@key_option
@db_option
@json_option
@language_option
def need(
    site_id: str,
    meals: int,
    food_group: str,
    day: datetime,
    key: str | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Say that SITE lacks meals for handing out on a day."""
    from logistics import store
    from logistics.store import mutual

    group = None if food_group == ANY else FoodGroup(food_group)
    said = mutual.need(store.open_book(url), site_id, group, meals, day.date(), key=key)
    _told(said.id, asdict(said), "mutual_needed", as_json, language)


@click.command()
@click.argument("offer_id", metavar="OFFER")
@click.argument("need_id", metavar="NEED")
@units_option
@week_option
@key_option
@db_option
@json_option
@language_option
def agree(
    offer_id: str,
    need_id: str,
    units: int,
    folder: Path | None,
    key: str | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Keep units of OFFER for NEED: no plan takes them. `transfer` moves them, `withdraw` frees them."""
    from logistics import store
    from logistics.inventory.mutual import Match
    from logistics.store import transfers

    margins, capacity = _week(folder, as_json, language)
    engine, match = store.open_book(url), Match(offer_id, need_id, units)
    done, wrong = transfers.agree(engine, [match], margins, capacity, key=key)
    if wrong:
        stop_with(match_findings(spoken(), wrong), as_json)
    said = {**asdict(match), "room_checked": capacity is not None}
    _told(done[0], {"id": done[0], **said}, "mutual_agreed", as_json, language)


@click.command()
@click.argument("what", metavar="AGREEMENT|OFFER")
@click.argument("need_id", metavar="[NEED]", default="")
@click.option("--units", type=click.IntRange(min=1), help="needed without an agreement")
@week_option
@key_option
@db_option
@json_option
@language_option
def transfer(
    what: str,
    need_id: str,
    units: int | None,
    folder: Path | None,
    key: str | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Book that units went to the site of a need: of an AGREEMENT all or --units, or of OFFER for NEED.

    What is agreed on for the two is settled first. `withdraw` undoes it.
    """
    from logistics import store
    from logistics.inventory.mutual import Match
    from logistics.store import transfers

    engine = store.open_book(url)
    margins, capacity = _week(folder, as_json, language)
    if need_id and units is None:
        raise click.UsageError("say how many: --units N")
    if need_id:
        match = Match(what, need_id, units or 0)
    else:
        kept = transfers.agreement(engine, what)
        match = Match(kept.offer_id, kept.need_id, units or kept.units)
    done, wrong = transfers.transfer(engine, match, margins, capacity, key=key)
    if wrong:
        stop_with(match_findings(spoken(), wrong), as_json)
    said = {**asdict(match), "room_checked": capacity is not None}
    _told(done, {"id": done, **said}, "mutual_moved", as_json, language)


@click.command()
@click.argument("what", metavar="OFFER|NEED|AGREEMENT|TRANSFER")
@key_option
@db_option
@json_option
@language_option
def withdraw(what: str, key: str | None, url: str, as_json: bool, language: Language) -> None:
    """Take an offer, a need or an agreement back, or undo a transfer whose units are still there.

    With an offer or a need all goes that was agreed on and not yet moved.
    """
    from logistics import store
    from logistics.store import mutual

    new = mutual.withdraw(store.open_book(url), what, key=key)
    told = "mutual_withdrawn" if new else "mutual_withdrawn_before"
    _told(what, {"id": what, "repeated": not new}, told, as_json, language)


def _week(folder: Path | None, as_json: bool, language: Language) -> tuple[Margins, Room | None]:
    """Margins and room of a week folder; the program's own margins, and no room, without one."""
    from logistics.model.problem import DEFAULT_MARGIN_DAYS
    from service.matching import capacity_of

    if folder is None:
        return DEFAULT_MARGIN_DAYS, None
    problem, _ = week_or_stop(folder, as_json, language)
    return problem.policy.margin_days, capacity_of(problem)


def _told(what: str, data: dict[str, object], key: str, as_json: bool, language: Language) -> None:
    """Say that something was written into the book."""
    from logistics.words import say

    if as_json:
        print_json({"ok": True, **data})
        return
    click.echo(say(language, key, id=what))
    if data.get("room_checked") is False:
        click.echo(say(language, "mutual_room_unknown"))
