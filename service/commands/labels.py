"""`labels`: QR labels for lots and crates, from the book or from a week folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.commands.book import db_option
from service.commands.common import FOLDER, Language, json_option, print_json, week_or_stop
from service.commands.epcis import names_options, names_or_stop
from service.commands.plan import language_option

if TYPE_CHECKING:
    from logistics.reports.labels import Piece

LAYOUT_NAMES = ("a4-24", "a4-12", "single")


@click.command()
@click.option("--lot", "lot_ids", multiple=True, help="only this lot; may be repeated")
@click.option("--site", "site_id", help="only what stands at this site")
@click.option("--week", "folder", type=FOLDER, help="lots of a week folder instead of the book's")
@click.option(
    "--per-crate", type=click.IntRange(min=1), help="a label for each crate of so many units"
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="FILE.pdf"
)
@click.option(
    "--layout",
    type=click.Choice(LAYOUT_NAMES),
    default="a4-24",
    show_default=True,
    help="24 labels of 70 x 37 mm, 12 of 105 x 49.5 mm, or one of 100 x 62 mm a page",
)
@names_options
@db_option
@json_option
@language_option
def labels(
    lot_ids: tuple[str, ...],
    site_id: str | None,
    folder: Path | None,
    per_crate: int | None,
    out: Path,
    layout: str,
    base: str,
    gtins_path: Path | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Print labels with QR codes, one for each lot and place where units of it stand.

    Labels are in Japanese and English. The code holds a GS1 Digital Link where --gtins knows the lot,
    else an address of the network's own below --base.
    """
    from logistics.intake.allergens import known_allergens
    from logistics.reports.labels import LAYOUTS, crates_of, in_order, labels_pdf, pages_of
    from logistics.words import say

    if not lot_ids and site_id is None and folder is None:
        raise click.UsageError("give --lot, --site or --week")
    names = names_or_stop(base, gtins_path, as_json)
    found = _of_week(folder, as_json, language) if folder else _of_book(url, site_id, lot_ids)
    pieces = _chosen(found, lot_ids, site_id)
    if per_crate is not None:
        pieces = [crate for piece in pieces for crate in crates_of(piece, per_crate)]
    pages = pages_of(len(pieces), LAYOUTS[layout])
    own = sum(bool(piece.crate) or piece.goods.id not in names.gtins for piece in pieces)
    if pieces:
        pdf = labels_pdf(in_order(pieces), names, known_allergens(), LAYOUTS[layout], date.today())
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(pdf)
    if as_json:
        file = str(out) if pieces else None
        counts = {"labels": len(pieces), "pages": pages, "without_gtin": own}
        print_json({"ok": bool(pieces), "file": file, **counts})
    elif pieces:
        click.echo(say(language, "labels_written", n=len(pieces), pages=pages, file=out))
        if own:
            click.echo(say(language, "labels_own", n=own))
    else:
        click.echo(say(language, "labels_none"), err=True)
    if not pieces:
        raise click.exceptions.Exit(1)


def _of_week(folder: Path, as_json: bool, language: Language) -> list[Piece]:
    """The lots that a week folder lists."""
    from logistics.inventory import goods_of
    from logistics.reports.labels import Piece

    problem, _ = week_or_stop(folder, as_json, language)
    return [
        Piece(goods_of(lot, problem), lot.site_id, lot.units)
        for lot in problem.lots.values()
        if lot.units
    ]


def _of_book(url: str, site_id: str | None, lot_ids: tuple[str, ...]) -> list[Piece]:
    """What stands at sites by the book; what is on board of vehicles gets no label."""
    from logistics import store
    from logistics.inventory import AccountKind
    from logistics.model.errors import NotFound
    from logistics.reports.labels import Piece

    engine = store.open_book(url)
    rows = [row for row in store.stock(engine, site_id) if row.place.kind is AccountKind.SITE]
    goods = store.goods_facts(engine, {row.lot_id for row in rows} | set(lot_ids))
    for lot_id in lot_ids:
        if lot_id not in goods:
            raise NotFound(f"Lot {lot_id}: the book knows no such lot")
    return [Piece(goods[row.lot_id], row.place.id, row.on_hand) for row in rows]


def _chosen(found: list[Piece], lot_ids: tuple[str, ...], site_id: str | None) -> list[Piece]:
    """The pieces of the lots and of the site asked for; all where none is named."""
    return [
        piece
        for piece in found
        if (not lot_ids or piece.goods.id in lot_ids) and site_id in (None, piece.place)
    ]
