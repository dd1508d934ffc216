"""The audit of a book: all of it read at one moment, judged by `inventory.audit`, and sealed."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, select

from logistics.inventory.audit import Audit, Book, Seal, Written
from logistics.inventory.audit import audit as judge
from logistics.inventory.chain import Link
from logistics.inventory.standing import Standing, standing_of
from logistics.store import tables as t
from logistics.store.chaining import links_now, seal
from logistics.store.engine import reading, transact
from logistics.store.rows import entry_of, reservation_of


def audit(engine: Engine, *, now: datetime | None = None) -> Audit:
    """Check the whole book from entry zero; a sound one is sealed as it stands, so that the hash which
    comes back vouches for every entry."""
    with reading(engine) as connection:
        found = audited(connection)
    if found.findings:
        return found
    sealed = transact(engine, lambda connection: seal(connection, now or datetime.now(UTC)))
    return Audit(found.entries, found.lots, found.seals, sealed, ())


def audited(connection: Connection) -> Audit:
    """What an audit finds in the book that a transaction sees."""
    return judge(_book(connection))


def _book(connection: Connection) -> Book:
    entries = [
        Written(row.seq, entry_of(row), row.place, row.hash)
        for row in connection.execute(select(t.entries).order_by(t.entries.c.seq))
    ]
    changed: dict[int, list[Link]] = defaultdict(list)
    for row in connection.execute(select(t.sealed)):
        changed[row.number].append(Link(row.lot_id, row.entries, row.hash))
    seals = [
        Seal(row.number, row.hash, tuple(changed[row.number]))
        for row in connection.execute(select(t.seals).order_by(t.seals.c.number))
    ]
    return Book(
        entries,
        {head.lot_id: head for head in links_now(connection)},
        seals,
        {row.id: reservation_of(row) for row in connection.execute(select(t.reservations))},
        _standings(connection),
    )


def _standings(connection: Connection) -> dict[str, Standing]:
    rows = connection.execute(select(t.heads.c.lot_id, t.heads.c.standing))
    return {row.lot_id: standing_of(row.standing, row.lot_id) for row in rows}
