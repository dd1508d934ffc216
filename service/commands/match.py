"""`match`: who could help whom, agreed on at once, or written into the week."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logistics.words.refusals import match_findings
from service.commands.book import db_option, key_option
from service.commands.common import (
    FOLDER,
    OUT,
    Language,
    json_option,
    print_json,
    spoken,
    stop_with,
    travel_or_stop,
    week_or_stop,
)
from service.commands.plan import language_option

if TYPE_CHECKING:
    from logistics.inventory.mutual import Match
    from logistics.model.problem import Travel, WeekProblem
    from logistics.store import Engine
    from logistics.store.helping import Help


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--accept", is_flag=True, help="agree on all of it: the units are kept")
@click.option("--out", type=OUT, help="also write the week with the offers as rows of lots.csv")
@key_option
@db_option
@json_option
@language_option
def match(
    folder: Path,
    accept: bool,
    out: Path | None,
    key: str | None,
    url: str,
    as_json: bool,
    language: Language,
) -> None:
    """Propose who helps whom: the neediest first, then the fewest kilometres.

    Nothing is booked without --accept. Places, storage room and margins are those of the week FOLDER.
    """
    from logistics import store
    from logistics.inventory.mutual import check_matches
    from logistics.store import helping
    from logistics.words import say
    from service.matching import capacity_of, matched, still_lacking

    if accept and out is not None:
        raise click.UsageError("--out is for what nobody has agreed on: use it without --accept")
    problem, _ = week_or_stop(folder, as_json, language)
    if out is not None:
        _refuse_folder(folder, out)
    engine = store.open_book(url)
    known = helping.open_help(engine)
    calendar = helping.clock_of(engine, problem.policy.margin_days)
    space = known.room(capacity_of(problem))
    with travel_or_stop(as_json, language):
        found, legs = matched(problem, known, space, calendar)
    wrong = check_matches(found, known.stand, known.goods, space, calendar)
    if wrong:
        stop_with(match_findings(spoken(), wrong), as_json)
    rows = [_proposal(each, known, legs) for each in found]
    short = still_lacking(known, found)
    kept = _accepted(engine, found, problem, key, as_json) if accept else ()
    told = _into_week(problem, known, folder, out, language) if out is not None else None
    if as_json:
        more = {} if told is None else {"written": told[0], "left": told[1]}
        agreed = {"agreements": list(kept)} if accept else {}
        print_json({"ok": True, "matches": rows, "still_lacking": short, **agreed, **more})
        return
    for row in rows:
        click.echo(say(language, "mutual_match", **row))
    if not rows:
        click.echo(say(language, "mutual_none"))
    for need_id, meals in short.items():
        if meals > 0:
            click.echo(say(language, "mutual_short", need=need_id, meals=f"{float(meals):g}"))
    for name in kept:
        click.echo(say(language, "mutual_agreed", id=name))
    for line in () if told is None else told[2]:
        click.echo(line)


def _accepted(
    engine: Engine, found: tuple[Match, ...], problem: WeekProblem, key: str | None, as_json: bool
) -> tuple[str, ...]:
    """Agree on all that was proposed, or stop."""
    from logistics.store import transfers
    from service.matching import capacity_of

    if not found:
        return ()
    margins, capacity = problem.policy.margin_days, capacity_of(problem)
    kept, wrong = transfers.agree(engine, found, margins, capacity, key=key)
    if wrong:
        stop_with(match_findings(spoken(), wrong), as_json)
    return kept


def _refuse_folder(folder: Path, out: Path) -> None:
    """A week is written into a new folder, from one that has its lots as CSV."""
    if not (folder / "lots.csv").is_file():
        raise click.UsageError(f"--out needs {folder}/lots.csv (save the sheet as CSV)")
    if out.exists() and any(out.iterdir()):
        raise click.UsageError(f"{out} has something in it: --out wants a new folder")


def _into_week(
    problem: WeekProblem, known: Help, folder: Path, out: Path, language: Language
) -> tuple[list[str], dict[str, str], list[str]]:
    """Write the week with what is offered: lots written, offers left with why, lines for people."""
    from logistics.words import say
    from service.offered import offered, write_week

    found = offered(problem, known)
    write_week(folder, out, found.rows)
    lots = [row["lot_id"] for row in found.rows]
    lines = [say(language, "mutual_written", out=out, n=len(lots), lots=", ".join(lots) or "-")]
    for offer_id, why in found.left.items():
        given = known.offers[offer_id]
        lines.append(
            say(
                language,
                f"mutual_left_{why}",
                offer=offer_id,
                lot=given.lot_id,
                site=given.site_id,
                units=known.stand.open_units[offer_id],
            )
        )
    return lots, dict(found.left), lines


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
