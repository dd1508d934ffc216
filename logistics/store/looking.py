"""What a promise needs to see of its lot, in one query that holds the lot's head.

PostgreSQL remembers the pages that a serializable transaction has looked at, and lets it fail if others
write there. These queries find single rows by their keys, in tables that promises do not add to (heads,
lots, sites, imports), or the one reservation that is meant: writers of different lots meet rarely.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from types import SimpleNamespace

from sqlalchemy import Connection, bindparam, exists, select

from logistics.inventory import Goods
from logistics.inventory.balance import Balance
from logistics.inventory.clock import zone_of
from logistics.inventory.reservation import Reservation
from logistics.model.errors import NotFound
from logistics.store import tables as t
from logistics.store.chaining import Head, head_of
from logistics.store.rows import goods_of_row, reservation_of


@dataclass(frozen=True, slots=True)
class Seen:
    """A lot whose head is held: its goods, how it stands, and the network's clock."""

    head: Head
    balance: Balance
    goods: Goods
    zone: tzinfo


def look_at_lot(connection: Connection, lot_id: str, site_id: str, to_site_id: str = "") -> Seen:
    """A lot, of which units stand at a site and may be for another one.

    Raises:
        NotFound: if the book has no entry of the lot, or knows no such site.
    """
    asked = {"lot": lot_id, "site": site_id, "to_site": to_site_id}
    row = connection.execute(_LOT, asked).first()
    if row is None:
        raise NotFound(f"Lot {lot_id}: the book has no entry of it", "no_lot", lot=lot_id)
    for place, known in ((site_id, row.site_known), (to_site_id, row.to_site_known)):
        if place and not known:
            raise NotFound(f"Site {place}: the book knows no such site", "no_site", site=place)
    head = head_of(row)
    zone = UTC if row.timezone is None else zone_of(row.timezone)
    return Seen(head, head.standing.balance, goods_of_row(row), zone)


@dataclass(frozen=True, slots=True)
class SeenPromise:
    """A reservation and its lot, whose head is held; the lot's goods and the network's clock."""

    reservation: Reservation
    head: Head
    goods: Goods
    zone: tzinfo


def look_at_promise(connection: Connection, reservation_id: str) -> SeenPromise:
    """A reservation and its lot.

    Raises:
        NotFound: if the book knows no such reservation.
    """
    row = connection.execute(_PROMISE, {"reservation": reservation_id}).first()
    if row is None:
        raise NotFound(
            f"Reservation {reservation_id}: the book knows none such",
            "no_reservation",
            id=reservation_id,
        )
    lot = SimpleNamespace(**{name: row._mapping[label] for name, label in _GOODS.items()})
    zone = UTC if row.timezone is None else zone_of(row.timezone)
    return SeenPromise(reservation_of(row), head_of(row), goods_of_row(lot), zone)


_CLOCK = select(t.imports.c.timezone).order_by(t.imports.c.id.desc()).limit(1).scalar_subquery()
_LOT = (
    select(
        t.heads,
        t.lots,
        _CLOCK.label("timezone"),
        exists().where(t.sites.c.id == bindparam("site")).label("site_known"),
        exists().where(t.sites.c.id == bindparam("to_site")).label("to_site_known"),
    )
    .join(t.lots, t.lots.c.id == t.heads.c.lot_id)
    .where(t.heads.c.lot_id == bindparam("lot"))
    .with_for_update(of=t.heads)
)
_GOODS = {column.name: f"goods_{column.name}" for column in t.lots.c}
"""Columns of a lot under names that no column of a reservation has."""
_PROMISE = (
    select(
        t.reservations,
        t.heads.c.entries,
        t.heads.c.hash,
        t.heads.c.standing,
        *(column.label(_GOODS[column.name]) for column in t.lots.c),
        _CLOCK.label("timezone"),
    )
    .join(t.heads, t.heads.c.lot_id == t.reservations.c.lot_id)
    .join(t.lots, t.lots.c.id == t.reservations.c.lot_id)
    .where(t.reservations.c.id == bindparam("reservation"))
    .with_for_update(of=t.heads)
)
