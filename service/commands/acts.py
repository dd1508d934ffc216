"""What people do with goods: move, discard, hold and unhold, split, merge, repack, reverse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from fractions import Fraction
from typing import Any, TypeVar

import click

from logistics import store
from logistics.store import Done
from logistics.words import say
from service.commands.book import db_option
from service.commands.common import Cell, Language, done_or_stop, json_option, print_json
from service.commands.plan import language_option

F = TypeVar("F", bound=Callable[..., Any])

UNITS = click.IntRange(min=1)
units_option = click.option("--units", type=UNITS, required=True, help="how many, a whole number")
reason_option = click.option("--reason", type=Cell(), default="", help="why, in a few words")
why_option = click.option("--reason", type=Cell(), required=True, help="why, in a few words")
site_option = click.option(
    "--site", "site_id", metavar="SITE", required=True, help="where it is done"
)
new_option = click.option(
    "--to", "new_id", type=Cell(is_id=True), metavar="NEW_LOT", required=True, help="the new lot_id"
)


def book_options(command: F) -> F:
    """The options of every verb that writes: `--db`, `--key`, `--json`, `--lang`."""
    key = click.option(
        "--key",
        help="told again under the same key (your choice), the command has no further effect",
    )
    return db_option(key(json_option(language_option(command))))


def _tell(done: Done, as_json: bool, language: Language, first: str, *, undo: bool = True) -> None:
    """What was done, how the lots stand now, and how to undo it."""
    if as_json:
        print_json({"ok": True, **asdict(done)})
        return
    lines = [first]
    if done.loss_g:
        lines.append(say(language, "act_loss", grams=done.loss_g))
    for lot_id, places in done.places.items():
        for site_id, units in places.items():
            lines.append(say(language, "act_stands", lot=lot_id, site=site_id, units=units))
        if not places:
            lines.append(say(language, "act_stands_nowhere", lot=lot_id))
    for reservation, who, units in done.promised:
        lines.append(say(language, "act_promised", id=reservation, who=who, units=units))
    if done.expired:
        lines.append(say(language, "act_expired", units=done.expired))
    if undo:
        lines.append(say(language, "act_undo", id=done.id))
    click.echo("\n".join(lines))


@click.command()
@click.argument("lot_id", metavar="LOT")
@click.option("--from", "source", metavar="SITE", required=True, help="where it stood")
@click.option("--to", "target", metavar="SITE", required=True, help="where it stands now")
@units_option
@reason_option
@book_options
def move(
    lot_id: str,
    source: str,
    target: str,
    units: int,
    reason: str,
    url: str,
    key: str | None,
    as_json: bool,
    language: Language,
) -> None:
    """Book units of LOT that somebody carried to another site."""
    done = done_or_stop(
        lambda: store.move(
            store.open_book(url), lot_id, source, target, units, reason=reason, key=key
        ),
        as_json,
        language,
    )
    first = say(language, "act_moved", lot=lot_id, units=units, source=source, target=target)
    _tell(done, as_json, language, first)


@click.command()
@click.argument("lot_id", metavar="LOT")
@site_option
@units_option
@why_option
@book_options
def discard(
    lot_id: str,
    site_id: str,
    units: int,
    reason: str,
    url: str,
    key: str | None,
    as_json: bool,
    language: Language,
) -> None:
    """Book units of LOT that were thrown away, and why. What is promised is released first."""
    done = done_or_stop(
        lambda: store.discard(store.open_book(url), lot_id, site_id, units, reason, key=key),
        as_json,
        language,
    )
    _tell(done, as_json, language, say(language, "act_discarded", lot=lot_id, units=units))


@click.command()
@click.argument("lot_id", metavar="LOT")
@why_option
@book_options
def hold(
    lot_id: str, reason: str, url: str, key: str | None, as_json: bool, language: Language
) -> None:
    """Let nothing of LOT be issued, and list what stands where and what was promised of it."""
    done = done_or_stop(
        lambda: store.hold(store.open_book(url), lot_id, reason, key=key), as_json, language
    )
    _tell(done, as_json, language, say(language, "act_held", lot=lot_id, id=done.id), undo=False)


@click.command()
@click.argument("hold_id", metavar="HOLD")
@reason_option
@book_options
def unhold(
    hold_id: str, reason: str, url: str, key: str | None, as_json: bool, language: Language
) -> None:
    """Lift a HOLD, by the name that `hold` printed; other holds of the lot stay."""
    done = done_or_stop(
        lambda: store.unhold(store.open_book(url), hold_id, reason=reason, key=key),
        as_json,
        language,
    )
    first = say(language, "act_unheld", lot=done.lot_ids[0], id=hold_id)
    _tell(done, as_json, language, first, undo=False)


@click.command()
@click.argument("lot_id", metavar="LOT")
@site_option
@units_option
@new_option
@reason_option
@book_options
def split(
    lot_id: str,
    site_id: str,
    units: int,
    new_id: str,
    reason: str,
    url: str,
    key: str | None,
    as_json: bool,
    language: Language,
) -> None:
    """Make units of LOT a lot of their own, with the same facts."""
    done = done_or_stop(
        lambda: store.split(
            store.open_book(url), lot_id, site_id, units, new_id, reason=reason, key=key
        ),
        as_json,
        language,
    )
    _tell(done, as_json, language, say(language, "act_made", lot=new_id, units=done.units))


@click.command()
@click.argument("lot_ids", metavar="LOT LOT…", nargs=-1, required=True)
@site_option
@new_option
@reason_option
@book_options
def merge(
    lot_ids: tuple[str, ...],
    site_id: str,
    new_id: str,
    reason: str,
    url: str,
    key: str | None,
    as_json: bool,
    language: Language,
) -> None:
    """Make one lot of all that is free of several LOTs of one item at a site.

    The new lot has the earliest date, all allergens, and only the claims that all of them have.
    """
    done = done_or_stop(
        lambda: store.merge(store.open_book(url), lot_ids, site_id, new_id, reason=reason, key=key),
        as_json,
        language,
    )
    _tell(done, as_json, language, say(language, "act_made", lot=new_id, units=done.units))


def _meals(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> Fraction | None:
    """The exact number of meals: `0.5`, `3/4`, `2`."""
    from logistics.model.units import exact

    try:
        found = None if value is None else exact(value)
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if found is not None and found < 0:
        raise click.BadParameter("no number of meals, such as 0.5 or 3/4", context, parameter)
    return found


@click.command()
@click.argument("lot_id", metavar="LOT")
@site_option
@units_option
@new_option
@click.option("--new-units", type=UNITS, required=True, help="how many came out")
@click.option("--unit-g", type=UNITS, required=True, help="grams of one of them")
@click.option("--unit-meals", callback=_meals, help="meals of one of them (default: by mass)")
@click.option("--loss-g", type=click.IntRange(min=0), default=0, help="grams lost, with --reason")
@reason_option
@book_options
def repack(
    lot_id: str,
    site_id: str,
    units: int,
    new_id: str,
    new_units: int,
    unit_g: int,
    unit_meals: Fraction | None,
    loss_g: int,
    reason: str,
    url: str,
    key: str | None,
    as_json: bool,
    language: Language,
) -> None:
    """Make units of LOT units of another size: a sack of 25 kg becomes 50 bags of 500 g.

    Grams in = grams out + --loss-g, else it is refused.
    """
    done = done_or_stop(
        lambda: store.repack(
            store.open_book(url),
            lot_id,
            site_id,
            units,
            new_id,
            new_units,
            unit_g,
            loss_g=loss_g,
            unit_meals=unit_meals,
            reason=reason,
            key=key,
        ),
        as_json,
        language,
    )
    _tell(done, as_json, language, say(language, "act_made", lot=new_id, units=done.units))


@click.command()
@click.argument("fact", metavar="ID")
@why_option
@book_options
def reverse(
    fact: str, reason: str, url: str, key: str | None, as_json: bool, language: Language
) -> None:
    """Undo what was told wrongly, as a whole: an outcome, a move, a discard, a change, a receipt.

    ID is what the act printed, or an entry_id of `trace --json`. Afterwards tell what is true.
    """
    done = done_or_stop(
        lambda: store.reverse(store.open_book(url), fact, reason, key=key), as_json, language
    )
    _tell(done, as_json, language, say(language, "act_undone", id=fact), undo=False)
