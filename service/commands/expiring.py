"""`expiring`: what must go soon, and who can still use it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logistics.inventory.expiry import After, Keeps, Margins, keeps, late_at
from logistics.model.problem import DEFAULT_MARGIN_DAYS, WeekProblem
from service.commands.book import db_option
from service.commands.common import FOLDER, Language, Moment, json_option, print_json, week_or_stop
from service.commands.plan import language_option

if TYPE_CHECKING:
    from logistics.solver.rescue import Taker
    from logistics.store.dated import Standing


@dataclass(frozen=True, slots=True)
class _Row:
    """A lot at a site that must go soon, with its proposal."""

    standing: Standing
    keeps: Keeps
    proposal: str
    takers: tuple[Taker, ...]


@click.command()
@click.option("--days", type=click.IntRange(min=0), default=7, show_default=True)
@click.option("--site", "site_id", metavar="SITE", help="only what stands at this site")
@click.option("--week", "folder", type=FOLDER, help="margins, and sessions that could use it")
@click.option(
    "--now",
    type=Moment(("%Y-%m-%dT%H:%M",)),
    help="on the network's clock, such as 2026-11-25T10:30 (default: now)",
)
@db_option
@json_option
@language_option
def expiring(
    days: int,
    site_id: str | None,
    folder: Path | None,
    now: datetime | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """What may be issued for no more than --days days, or no longer, soonest first.

    Margins are those of the week folder, without one the program's own.
    """
    from logistics import store
    from logistics.store.dated import standing

    week = week_or_stop(folder, as_json, language)[0] if folder is not None else None
    margins = DEFAULT_MARGIN_DAYS if week is None else week.policy.margin_days
    found, zone = standing(store.open_book(url), site_id)
    at = datetime.now(UTC).astimezone(zone) if now is None else now.replace(tzinfo=zone)
    rows = _rows(found, margins, zone, at, days, week)
    if as_json:
        print_json({"ok": True, "today": at.date(), "expiring": [_plain(row) for row in rows]})
        return
    from logistics.words import say

    if not rows:
        click.echo(say(language, "expiring_none", days=days))
    for row in rows:
        for line in _lines(row, week, language):
            click.echo(line)


def _rows(
    found: tuple[Standing, ...],
    margins: Margins,
    zone: tzinfo,
    at: datetime,
    days: int,
    week: WeekProblem | None,
) -> list[_Row]:
    """The lots that must go within so many days, soonest first."""
    rows = []
    for each in found:
        kept = keeps(each.goods, margins, zone)
        if kept.issue_until is None or kept.issue_until > at.date() + timedelta(days=days):
            continue
        able = None if week is None else _takers(each, week, at) if each.free else ()
        rows.append(_Row(each, kept, _proposal(each, kept, able, margins, zone, at), able or ()))
    last = [(row.keeps.issue_until or date.max, row.standing.goods.id) for row in rows]
    return [row for _, row in sorted(zip(last, rows, strict=True), key=lambda pair: pair[0])]


def _takers(each: Standing, week: WeekProblem, at: datetime) -> tuple[Taker, ...]:
    """The week's sessions that can use what is free of a lot."""
    from logistics.model.goods import Lot
    from logistics.model.units import seconds_of
    from logistics.solver.rescue import takers

    if each.site_id not in week.sites:
        return ()
    goods, listed = each.goods, week.lots.get(each.goods.id)
    eat_by_s = None
    if goods.eat_by is not None:
        local = goods.eat_by.astimezone(at.tzinfo).replace(tzinfo=None)
        eat_by_s = seconds_of(week.week_start, local)
    lot = Lot(
        id=goods.id,
        site_id=each.site_id,
        org_id=goods.org_id,
        item=goods.item,
        food_group=goods.food_group,
        storage=goods.storage,
        units=each.free,
        unit_g=goods.unit_g,
        unit_meals=goods.unit_meals,
        pack=1 if listed is None else listed.pack,
        label=goods.label,
        last_day=goods.last_day,
        ready_s=eat_by_s,
        fresh_s=None if eat_by_s is None else 0,  # the book keeps the end of the hours only
        contains=goods.contains,
        checked=goods.checked,
        kitchen_needed=goods.kitchen_needed,
        tags=goods.tags,
    )
    return takers(week, lot, seconds_of(week.week_start, at.replace(tzinfo=None)))


def _proposal(
    each: Standing,
    kept: Keeps,
    able: tuple[Taker, ...] | None,
    margins: Margins,
    zone: tzinfo,
    at: datetime,
) -> str:
    """What to do with a lot; `ask` where nobody looked which session is able to use it."""
    if each.held:
        return "held"
    if late_at(each.goods, at, zone) is not None:
        return "discard" if kept.after is After.DISCARD else "look"
    if not each.free:
        return "promised"
    in_time = late_at(each.goods, at, zone, margins) is None
    if in_time and able is None:
        return "ask"
    return "use" if in_time and able else "offer"


def _plain(row: _Row) -> dict[str, object]:
    """A row as JSON."""
    from dataclasses import asdict

    each = row.standing
    return {
        "lot_id": each.goods.id,
        "item": each.goods.item,
        "site_id": each.site_id,
        "on_hand": each.on_hand,
        "promised": each.reserved,
        "free": each.free,
        "label": str(each.goods.label),
        "last_day": row.keeps.last_day,
        "issue_until": row.keeps.issue_until,
        "proposal": row.proposal,
        "sessions": [asdict(taker) for taker in row.takers],
    }


def _lines(row: _Row, week: WeekProblem | None, language: Language) -> list[str]:
    """A row as text: the lot, then what to do with it."""
    from logistics.words import day_text, say

    each, kept = row.standing, row.keeps
    last, until = kept.last_day or date.max, kept.issue_until or date.max
    lines = [
        say(
            language,
            "expiring_lot",
            until=day_text(language, until),
            last=day_text(language, last),
            lot=each.goods.id,
            item=each.goods.item,
            site=each.site_id,
            on_hand=each.on_hand,
            free=each.free,
            promised=each.reserved,
        )
    ]
    if row.proposal != "use" or week is None:
        key = f"expiring_{row.proposal}"
        return [*lines, "  " + say(language, key, last=day_text(language, last))]
    return lines + [_taker(taker, week, language) for taker in row.takers]


def _taker(taker: Taker, week: WeekProblem, language: Language) -> str:
    """A session that can use a lot, as text."""
    from logistics.model.units import date_of
    from logistics.words import day_text, say

    return "  " + say(
        language,
        "expiring_use",
        site=week.sites[taker.site_id].name,
        session=taker.session_id,
        day=day_text(language, date_of(week.week_start, taker.day)),
        households=taker.households,
        units=taker.units,
    )
