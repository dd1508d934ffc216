"""The audit of a book: all of it read at one moment, judged by `inventory.audit`, and sealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, select

from logistics.inventory.audit import FIX, Audit, Book, Seal, Written
from logistics.inventory.audit import audit as judge
from logistics.inventory.chain import Link
from logistics.inventory.mutual_audit import Helped
from logistics.inventory.mutual_audit import Link as HelpLink
from logistics.inventory.standing import Standing, standing_of
from logistics.model.errors import Finding, OsusowakeError
from logistics.store import tables as t
from logistics.store.chaining import links_now, seal
from logistics.store.engine import dangling, reading, transact
from logistics.store.helping import need_of, offer_of
from logistics.store.rows import entry_of, goods_of_row, outcome_of, reservation_of

T = TypeVar("T")


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


class _Reader:
    """Rows as the program understands them; one that says what nothing can say is a fault."""

    def __init__(self) -> None:
        self.faults: list[Finding] = []

    def read(self, table: Table, row: Any, make: Callable[[Any], T]) -> Iterator[T]:
        """What a row says; nothing and a fault if it cannot be understood."""
        try:
            yield make(row)
        except (ValueError, TypeError, KeyError, AttributeError, OsusowakeError) as error:
            key = " ".join(str(getattr(row, c.name)) for c in table.primary_key)
            message = f"{table.name} {key}: cannot be read, {error}"
            self.faults.append(Finding("row_unreadable", message, ids=(key,), fix=FIX))

    def by_id(self, rows: Iterable[Any], table: Table, make: Callable[[Any], T]) -> dict[str, T]:
        """What rows say, by their ids."""
        return {row.id: found for row in rows for found in self.read(table, row, make)}


def _book(connection: Connection) -> Book:
    reader = _Reader()
    entries = [
        Written(row.seq, entry, row.place, row.hash)
        for row in connection.execute(select(t.entries).order_by(t.entries.c.seq))
        for entry in reader.read(t.entries, row, entry_of)
    ]
    changed: dict[int, list[Link]] = defaultdict(list)
    for row in connection.execute(select(t.sealed)):
        changed[row.number].append(Link(row.lot_id, row.entries, row.hash))
    seals = [
        Seal(row.number, row.hash, tuple(changed[row.number]))
        for row in connection.execute(select(t.seals).order_by(t.seals.c.number))
    ]
    reservations = reader.by_id(
        connection.execute(select(t.reservations)), t.reservations, reservation_of
    )
    outcomes = reader.by_id(
        connection.execute(select(t.outcomes)),
        t.outcomes,
        lambda row: outcome_of(row, reservations[row.reservation_id]),
    )
    goods = reader.by_id(
        connection.execute(select(t.lots).order_by(t.lots.c.id)), t.lots, goods_of_row
    )
    return Book(
        entries,
        {head.lot_id: head for head in links_now(connection)},
        seals,
        reservations,
        _standings(connection, reader),
        goods,
        _helped(connection, reader),
        outcomes,
        (*reader.faults, *_plans(connection), *_dangling(connection)),
    )


def _dangling(connection: Connection) -> Iterator[Finding]:
    for table, number, other, _ in dangling(connection):
        message = f"{table}, row {number}: names a row of {other} that is not there"
        yield Finding("row_dangles", message, ids=(table,), fix=FIX)


def _plans(connection: Connection) -> Iterator[Finding]:
    """A published plan is the one whose fingerprint was kept."""
    for row in connection.execute(select(t.publications).order_by(t.publications.c.id)):
        if sha256(row.plan.encode()).hexdigest() != row.plan_sha256:
            message = f"Publication {row.id}: its plan is not the one that was published"
            yield Finding("plan_changed", message, ids=(row.id,), fix=FIX)


def _helped(connection: Connection, reader: _Reader) -> Helped:
    """All that was said of mutual help."""
    said = connection.execute(select(t.statements).order_by(t.statements.c.id)).all()
    agreements = connection.execute(select(t.agreements).order_by(t.agreements.c.id))
    transfers = connection.execute(select(t.transfers).order_by(t.transfers.c.id))
    offers = [row for row in said if row.kind == "offer"]
    needs = [row for row in said if row.kind == "need"]
    return Helped(
        reader.by_id(offers, t.statements, offer_of),
        reader.by_id(needs, t.statements, need_of),
        tuple(row.withdraws for row in said if row.withdraws),
        tuple(HelpLink(r.id, r.offer_id, r.need_id, r.reservation_id) for r in agreements),
        tuple(HelpLink(r.id, r.offer_id, r.need_id, r.entry_id) for r in transfers),
    )


def _standings(connection: Connection, reader: _Reader) -> dict[str, Standing]:
    return {
        row.lot_id: standing
        for row in connection.execute(select(t.heads.c.lot_id, t.heads.c.standing))
        for standing in reader.read(
            t.heads, row, lambda each: standing_of(each.standing, each.lot_id)
        )
    }
