"""The audit of a book: all of it read at one moment, judged by `inventory.audit`, and sealed."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, select

from logistics.inventory.audit import Audit, Book, Seal, Written
from logistics.inventory.audit import audit as judge
from logistics.inventory.chain import Link
from logistics.inventory.mutual_audit import Helped
from logistics.inventory.mutual_audit import Link as HelpLink
from logistics.inventory.standing import Standing, standing_of
from logistics.store import queries
from logistics.store import tables as t
from logistics.store.chaining import links_now, seal
from logistics.store.engine import reading, transact
from logistics.store.helping import need_of, offer_of
from logistics.store.rows import entry_of, reservation_of


def audit(engine: Engine, *, now: datetime | None = None) -> Audit:
    """Check the whole book from entry zero; a sound one is sealed as it was then, so that the hash which
    comes back vouches for every entry that was looked at."""
    with reading(engine) as connection:
        book = _book(connection)
    found = judge(book)
    if found.findings:
        return found
    heads, at = book.heads.values(), now or datetime.now(UTC)
    sealed = transact(engine, lambda connection: seal(connection, at, heads))
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
        queries.goods_by_id(connection, queries.lot_ids(connection)),
        _helped(connection),
    )


def _helped(connection: Connection) -> Helped:
    """All that was said of mutual help."""
    said = connection.execute(select(t.statements).order_by(t.statements.c.id)).all()
    agreements = connection.execute(select(t.agreements).order_by(t.agreements.c.id))
    transfers = connection.execute(select(t.transfers).order_by(t.transfers.c.id))
    return Helped(
        {row.id: offer_of(row) for row in said if row.kind == "offer"},
        {row.id: need_of(row) for row in said if row.kind == "need"},
        tuple(row.withdraws for row in said if row.withdraws),
        tuple(HelpLink(r.id, r.offer_id, r.need_id, r.reservation_id) for r in agreements),
        tuple(HelpLink(r.id, r.offer_id, r.need_id, r.entry_id) for r in transfers),
    )


def _standings(connection: Connection) -> dict[str, Standing]:
    rows = connection.execute(select(t.heads.c.lot_id, t.heads.c.standing))
    return {row.lot_id: standing_of(row.standing, row.lot_id) for row in rows}
