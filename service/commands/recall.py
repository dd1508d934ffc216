"""`recall`: what of a lot to stop, whom to call, whom to warn."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

import click

from service.commands.book import db_option
from service.commands.common import OUT, Language, json_option, print_json
from service.commands.plan import language_option


@click.command()
@click.argument("lot_id", metavar="LOT")
@click.option("--siblings", is_flag=True, help="also all else made of what LOT was made of")
@click.option("--hold", is_flag=True, help="stop issue of all these lots at once, in the book")
@click.option("--drill", is_flag=True, help="a mock recall: says so, and how long it took")
@click.option("--out", type=OUT, help="also write a table, and a page for each place, into DIR")
@db_option
@json_option
@language_option
@click.pass_context
def recall(
    context: click.Context,
    lot_id: str,
    siblings: bool,
    hold: bool,
    drill: bool,
    out: Path | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Stock to stop, cars to call and households to warn because of LOT and all lots made of it.

    Names households by reference: for use inside the network only.
    """
    from logistics import store
    from logistics.reports.recall import recall_text
    from logistics.reports.recall_files import write_recall
    from logistics.words import say

    if hold and drill:
        raise click.UsageError("a drill holds nothing: leave --hold out")
    engine = store.open_book(url)
    found = store.recall(engine, lot_id, siblings=siblings)
    if hold:
        for lot in found.lots:
            if lot not in found.held:
                store.hold(engine, lot, reason=f"recall {lot_id}")
        found = store.recall(engine, lot_id, siblings=siblings)
    goods, names = store.goods(engine, found.lots), store.names(engine)
    took_s = time.monotonic() - float(context.obj or time.monotonic())
    paths = (
        []
        if out is None
        else write_recall(found, goods, names, out, language, took_s if drill else None)
    )
    if as_json:
        drilled = {"drill": drill, "seconds": round(took_s, 3)}
        files = [str(path) for path in paths]
        mass = {**asdict(found.mass), "came_g": found.mass.came_g, "found_g": found.mass.found_g}
        facts = {
            **asdict(found),
            "held": sorted(found.held),
            "complete": found.complete,
            "mass": mass,
        }
        print_json({"ok": found.complete, **drilled, **facts, "files": files})
    else:
        click.echo(recall_text(language, found, goods, names, took_s if drill else None))
        if paths:
            files_text = ", ".join(path.name for path in paths)
            click.echo(say(language, "recall_written", out=out, files=files_text))
    if not found.complete:
        raise click.exceptions.Exit(1)
