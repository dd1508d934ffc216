"""The one place where entries are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Table, insert

from logistics.inventory import Entry
from logistics.store import rows
from logistics.store import tables as t


def post(connection: Connection, entries: Iterable[Entry]) -> None:
    """Add entries to the book, in their order."""
    add_rows(connection, t.entries, [rows.entry_row(entry) for entry in entries])


def add_rows(connection: Connection, table: Table, values: Sequence[Mapping[str, object]]) -> None:
    """Insert rows; none is no statement."""
    if values:
        connection.execute(insert(table), values)
