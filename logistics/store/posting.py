"""The one place where entries are written: each takes its place in the chain of its lot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Table, insert

from logistics.inventory import Entry
from logistics.inventory.chain import links
from logistics.store import rows
from logistics.store import tables as t
from logistics.store.chaining import hold_heads, move_heads


def post(connection: Connection, entries: Iterable[Entry]) -> None:
    """Add entries to the book, in their order."""
    new = list(entries)
    if not new:
        return
    before = hold_heads(connection, (entry.lot_id for entry in new))
    added = list(links(new, before.values()))
    values = [
        {**rows.entry_row(entry), "place": link.entries, "hash": link.hash}
        for entry, link in zip(new, added, strict=True)
    ]
    add_rows(connection, t.entries, values)
    move_heads(connection, before, {link.lot_id: link for link in added})


def add_rows(connection: Connection, table: Table, values: Sequence[Mapping[str, object]]) -> None:
    """Insert rows; none is no statement."""
    if values:
        connection.execute(insert(table), values)
