"""What a recall reads: the changes of the whole book, then the entries of the lots concerned only."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, or_, select

from logistics.inventory import Entry
from logistics.inventory.ancestry import ancestry, legs
from logistics.inventory.entries import AccountKind
from logistics.inventory.recall import Recall, lots_concerned
from logistics.inventory.recall import recall as work_out
from logistics.model.errors import NotFound
from logistics.store import queries
from logistics.store import tables as t
from logistics.store.engine import reading
from logistics.store.rows import entry_of
from logistics.store.views import zone


def recall(
    engine: Engine, lot_id: str, *, siblings: bool = False, now: datetime | None = None
) -> Recall:
    """Whom to stop, to call and to warn because of a lot, with times on the network's clock.

    Raises:
        NotFound: if the book has no entry of the lot.
    """
    with reading(engine) as connection:
        at = (now or datetime.now(UTC)).astimezone(zone(connection))
        changes = change_entries(connection)
        lots = lots_concerned(ancestry(legs(changes)), lot_id, siblings=siblings)
        entries = queries.entries_of(connection, lots)
        goods = queries.goods_by_id(connection, lots)
        reservations = queries.reservations_by_lot(connection, lots)
    if lot_id not in goods:
        raise NotFound(f"Lot {lot_id}: the book knows no such lot")
    others = [entry for entry in changes if entry.lot_id not in set(lots)]
    return work_out(lot_id, (*others, *entries), goods, reservations, at, siblings=siblings)


def change_entries(connection: Connection) -> tuple[Entry, ...]:
    """Every entry by which a lot became another, or that undid one, in the book's order."""
    kind = str(AccountKind.CHANGE)
    query = (
        select(t.entries)
        .where(or_(t.entries.c.source_kind == kind, t.entries.c.target_kind == kind))
        .order_by(t.entries.c.seq)
    )
    return tuple(entry_of(row) for row in connection.execute(query))
