"""`offer`, `need`, `match`, `transfer`, `withdraw`: sites of the network help each other."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logistics.model.units import FoodGroup
from service.commands.book import db_option
from service.commands.common import (
    FOLDER,
    Language,
    json_option,
    print_json,
    stop_with,
    travel_or_stop,
    week_or_stop,
)
from service.commands.plan import language_option

if TYPE_CHECKING:
    from logistics.inventory.mutual import Match
    from logistics.model.problem import Travel
    from logistics.store.mutual import Help

ANY = "any"
DAY = click.DateTime(("%Y-%m-%d",))
units_option = click.option("--units", type=click.IntRange(min=1), required=True)


@click.command()
@click.argument("lot_id", metavar="LOT")
@click.option("--site", "site_id", metavar="SITE", required=True, help="where it stands")
@units_option
@click.option("--until", type=DAY, required=True, help="last day of the offer")
@click.option("--pack", type=click.IntRange(min=1), default=1, help="units that move together")
@db_option
@json_option
@language_option
def offer(
    lot_id: str,
    site_id: str,
    units: int,
    until: datetime,
    pack: int,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Say that others may have units of LOT; they must be free where they stand."""
    from logistics import store
    from logistics.store import mutual

    said = mutual.offer(store.open_book(url), site_id, lot_id, units, until.date(), pack)
    _told(said.id, asdict(said), "mutual_offered", as_json, language)


@click.command()
@click.argument("site_id", metavar="SITE")
@click.option("--meals", type=click.IntRange(min=1), required=True)
@click.option(
    "--food-group", type=click.Choice([ANY, *map(str, FoodGroup)]), default=ANY, show_default=True
)
@click.option("--on", "day", type=DAY, required=True, help="day on which they are handed out")
@db_option
@json_option
@language_option
def need(
    site_id: str,
    meals: int,
    food_group: str,
    day: datetime,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Say that SITE lacks meals for handing out on a day."""
    from logistics import store
    from logistics.store import mutual

    group = None if food_group == ANY else FoodGroup(food_group)
    said = mutual.need(store.open_book(url), site_id, group, meals, day.date())
    _told(said.id, asdict(said), "mutual_needed", as_json, language)


@click.command()
@click.argument("folder", type=FOLDER)
@db_option
@json_option
@language_option
def match(folder: Path, url: str, as_json: bool, language: Language) -> None:
    """Propose who helps whom: the neediest first, then the fewest kilometres. Nothing is booked.

    Places, storage room and margins are those of the week FOLDER.
    """
    from logistics import store
    from logistics.inventory.mutual import check_matches
    from logistics.store import mutual
    from logistics.words import say
    from service.matching import matched, room_of, still_lacking

    problem, _ = week_or_stop(folder, as_json, language)
    engine = store.open_book(url)
    known = mutual.open_help(engine)
    calendar = mutual.clock_of(engine, problem.policy.margin_days)
    space = room_of(problem, known)
    with travel_or_stop(as_json, language):
        found, legs = matched(problem, known, space, calendar)
    wrong = check_matches(found, known.stand, known.goods, space, calendar)
    if wrong:
        stop_with(wrong, as_json)
    rows = [_proposal(each, known, legs) for each in found]
    short = still_lacking(known, found)
    if as_json:
        print_json({"ok": True, "matches": rows, "still_lacking": short})
        return
    for row in rows:
        click.echo(say(language, "mutual_match", **row))
    if not rows:
        click.echo(say(language, "mutual_none"))
    for need_id, meals in short.items():
        if meals > 0:
            click.echo(say(language, "mutual_short", need=need_id, meals=f"{float(meals):g}"))


@click.command()
@click.argument("offer_id", metavar="OFFER")
@click.argument("need_id", metavar="NEED")
@units_option
@click.option("--week", "folder", type=FOLDER, help="its margins, and room for the goods")
@db_option
@json_option
@language_option
def transfer(
    offer_id: str,
    need_id: str,
    units: int,
    folder: Path | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Book that units of OFFER went to the site of NEED. `withdraw` undoes it."""
    from logistics import store
    from logistics.inventory.mutual import Match
    from logistics.model.problem import DEFAULT_MARGIN_DAYS
    from logistics.store import mutual
    from service.matching import room_of

    engine = store.open_book(url)
    margins, space = DEFAULT_MARGIN_DAYS, None
    if folder is not None:
        problem, _ = week_or_stop(folder, as_json, language)
        margins, space = problem.policy.margin_days, room_of(problem, mutual.open_help(engine))
    done, wrong = mutual.transfer(engine, Match(offer_id, need_id, units), margins, space)
    if wrong:
        stop_with(wrong, as_json)
    said: dict[str, object] = {"offer_id": offer_id, "need_id": need_id, "units": units}
    _told(done, {"id": done, **said}, "mutual_moved", as_json, language)


@click.command()
@click.argument("what", metavar="OFFER|NEED|TRANSFER")
@db_option
@json_option
@language_option
def withdraw(what: str, url: str, as_json: bool, language: Language) -> None:
    """Take an offer or a need back, or undo a transfer whose units are still where they went."""
    from logistics import store
    from logistics.store import mutual

    new = mutual.withdraw(store.open_book(url), what)
    key = "mutual_withdrawn" if new else "mutual_withdrawn_before"
    _told(what, {"id": what, "repeated": not new}, key, as_json, language)


def _proposal(found: Match, known: Help, legs: Travel) -> dict[str, object]:
    """A match as a row: who calls whom, about what, how far it is."""
    given = next(each for each in known.stand.offers if each.id == found.offer_id)
    lacking = next(each for each in known.stand.needs if each.id == found.need_id)
    lot = known.goods[given.lot_id]
    day: date = lacking.day
    return {
        "offer": given.id,
        "need": lacking.id,
        "lot": lot.id,
        "item": lot.item,
        "units": found.units,
        "meals": f"{float(found.units * lot.unit_meals):g}",
        "from_site": given.site_id,
        "to_site": lacking.site_id,
        "day": day.isoformat(),
        "km": f"{legs[given.site_id, lacking.site_id].metres / 1000:.1f}",
    }


def _told(what: str, data: dict[str, object], key: str, as_json: bool, language: Language) -> None:
    """Say that something was written into the book."""
    from logistics.words import say

    print_json({"ok": True, **data}) if as_json else click.echo(say(language, key, id=what))
