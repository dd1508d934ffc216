"""The verbs that look into the stock book: stock, trace."""

from __future__ import annotations

from collections.abc import Mapping

import click

from logistics import store
from logistics.inventory import Account, Ending, Entry, Relative, Trace
from logistics.words import say
from logistics.words.steps import account_text, kind_text, shown_step
from service.commands.book import db_option
from service.commands.common import Language, json_option, print_json
from service.commands.plan import language_option


@click.command()
@click.option("--site", "site_id", metavar="SITE", help="only what stands at this site")
@db_option
@json_option
@language_option
def stock(site_id: str | None, url: str, as_json: bool, language: Language) -> None:
    """Show what stands where: on hand, reserved, free; `!` marks what is past its date."""
    rows = store.stock(store.open_book(url), site_id)
    if as_json:
        print_json({"ok": True, "stock": [_stock_json(row) for row in rows]})
        return
    if not rows:
        click.echo(say(language, "stock_none"))
    place: Account | None = None
    for row in rows:
        if row.place != place:
            place = row.place
            click.echo(account_text(language, place, {place: row.place_name}))
            click.echo(say(language, "stock_head"))
        good_until = row.eat_by.strftime("%Y-%m-%d %H:%M") if row.eat_by else row.last_day or "-"
        mark = say(language, "stock_past") if row.expired else ""
        line = f"{row.on_hand:>12}{row.reserved:>15}{row.free:>9}  {good_until}  "
        click.echo(f"{line}{row.lot_id} {row.item} {mark}".rstrip())


def _stock_json(row: store.StockRow) -> dict[str, object]:
    return {
        "lot_id": row.lot_id,
        "item": row.item,
        "place_kind": str(row.place.kind),
        "place_id": row.place.id,
        "on_hand": row.on_hand,
        "reserved": row.reserved,
        "free": row.free,
        "unit_g": row.unit_g,
        "last_day": row.last_day,
        "eat_by": None if row.eat_by is None else row.eat_by.isoformat(),
        "expired": row.expired,
    }


@click.command()
@click.argument("lot_id", metavar="LOT")
@db_option
@json_option
@language_option
def trace(lot_id: str, url: str, as_json: bool, language: Language) -> None:
    """Follow LOT from its donor to every door, and back from every place that has units of it.

    Across splits, merges and repackings: into the lots made of it, and back into those it was made of.
    What stands after `#` is the name by which `reverse` undoes a step.
    """
    engine = store.open_book(url)
    found = store.trace(engine, lot_id)
    if as_json:
        print_json({"ok": True, **_trace_json(found)})
        return
    _print_trace(found, store.names(engine), language)


def _print_trace(found: Trace, names: Mapping[Account, str], language: Language) -> None:
    def show(step: Entry, indent: str) -> None:
        click.echo(f"{indent}{shown_step(language, step, found, names)}")

    click.echo(say(language, "trace_forward", lot=found.lot_id))
    for step in found.forward:
        show(step, "  ")
    for younger in found.descendants:
        click.echo("  " + say(language, "trace_made", lot=younger.lot_id))
        for step in younger.steps:
            show(step, "    ")
    click.echo(say(language, "trace_back"))
    for ending in found.back:
        click.echo(f"  {account_text(language, ending.account, names)}: {ending.units}")
        for step in ending.steps:
            show(step, "    ")
    if found.ancestors:
        older = ", ".join(each.lot_id for each in found.ancestors)
        click.echo(say(language, "trace_ancestors", lots=older))
    reserved = sum(found.reserved.values())
    if reserved:
        click.echo(say(language, "trace_reserved", units=reserved))


def _trace_json(found: Trace) -> dict[str, object]:
    return {
        "lot_id": found.lot_id,
        "forward": [_step_json(step, found) for step in found.forward],
        "back": [_ending_json(ending, found) for ending in found.back],
        "reserved_units": sum(found.reserved.values()),
        "descendants": [_relative_json(each, found) for each in found.descendants],
        "ancestors": [_relative_json(each, found) for each in found.ancestors],
    }


def _relative_json(each: Relative, found: Trace) -> dict[str, object]:
    return {"lot_id": each.lot_id, "steps": [_step_json(step, found) for step in each.steps]}


def _ending_json(ending: Ending, found: Trace) -> dict[str, object]:
    return {
        "kind": str(ending.account.kind),
        "id": ending.account.id,
        "units": ending.units,
        "steps": [_step_json(step, found) for step in ending.steps],
    }


def _step_json(step: Entry, found: Trace) -> dict[str, object]:
    return {
        "entry_id": step.id,
        "kind": str(step.kind),
        "ja": kind_text("ja", step.kind),
        "en": kind_text("en", step.kind),
        "from": {"kind": str(step.source.kind), "id": step.source.id},
        "to": {"kind": str(step.target.kind), "id": step.target.id},
        "units": step.units,
        "effective_at": step.effective_at.isoformat(),
        "recorded_at": step.recorded_at.isoformat(),
        "reason": step.reason,
        "lot_id": step.lot_id,
        "reverses": step.reverses,
        "counts": step.id not in found.undone,
    }
