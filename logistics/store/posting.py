"""The one place where entries are written: each takes its place in the chain of its lot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Table, insert

from logistics.inventory import Entry
from logistics.inventory.chain import Link, links
from logistics.inventory.reservation import Reservation
from logistics.inventory.standing import NOTHING
from logistics.store import rows
from logistics.store import tables as t
from logistics.store.chaining import Head, hold_heads, move_heads


def post(
    connection: Connection,
    entries: Iterable[Entry],
    made: Iterable[Reservation] = (),
    heads: Mapping[str, Head] | None = None,
) -> None:
    """Add entries to the book, in their order, and how their lots stand after them.

    `made` are the reservations that some of the entries make. `heads` are those of the entries' lots
    if the transaction holds them already and has written nothing since.
    """
    new = list(entries)
    if not new:
        return
    before = hold_heads(connection, (entry.lot_id for entry in new)) if heads is None else heads
    added = list(links(new, (head.link for head in before.values())))
    values = [
        {**rows.entry_row(entry), "place": link.entries, "hash": link.hash}
        for entry, link in zip(new, added, strict=True)
    ]
    add_rows(connection, t.entries, values)
    last = {link.lot_id: link for link in added}
    move_heads(connection, before, _after(before, last, new, made))


def _after(
    before: Mapping[str, Head],
    last: Mapping[str, Link],
    entries: Iterable[Entry],
    made: Iterable[Reservation],
) -> dict[str, Head]:
    entries_of: dict[str, list[Entry]] = defaultdict(list)
    made_of: dict[str, list[Reservation]] = defaultdict(list)
    for entry in entries:
        entries_of[entry.lot_id].append(entry)
    for reservation in made:
        made_of[reservation.lot_id].append(reservation)
    after = {}
    for lot, link in last.items():
        stood = before[lot].standing if lot in before else NOTHING
        after[lot] = Head(link, stood.after(entries_of[lot], made_of[lot]))
    return after


def add_rows(connection: Connection, table: Table, values: Sequence[Mapping[str, object]]) -> None:
    """Insert rows; none is no statement."""
    if values:
        connection.execute(insert(table), values)
