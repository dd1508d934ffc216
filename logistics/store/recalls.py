"""What a recall reads: the changes of the whole book, then the entries of the lots concerned only."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from logistics.inventory.ancestry import ancestry
from logistics.inventory.recall import goods_concerned, lots_concerned
from logistics.inventory.recall import recall as work_out
from logistics.inventory.recalled import Recall
from logistics.model.errors import NotFound
from logistics.store import queries
from logistics.store.engine import reading
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
        tree = ancestry(queries.change_legs(connection))
        lots = lots_concerned(tree, lot_id, siblings=siblings)
        entries = queries.entries_of(connection, lots)
        goods = queries.goods_by_id(connection, goods_concerned(tree, lots))
        reservations = queries.reservations_by_lot(connection, lots)
    if lot_id not in goods:
        raise NotFound(f"Lot {lot_id}: the book knows no such lot", "no_lot", lot=lot_id)
    return work_out(lot_id, entries, goods, reservations, at, siblings=siblings, tree=tree)
