"""The verbs that read: what stands where, and where a lot went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo

from sqlalchemy import Connection, Engine

from logistics.inventory import Account, AccountKind, Goods, Trace, fold
from logistics.inventory import trace as walk
from logistics.inventory.ancestry import ancestry
from logistics.inventory.clock import zone_of
from logistics.inventory.promises import expired
from logistics.model.errors import NotFound
from logistics.store import queries
from logistics.store.engine import reading


@dataclass(frozen=True, slots=True)
class StockRow:
    """A lot at a place: units there, promised, and free to promise; `expired` past its date."""

    lot_id: str
    item: str
    place: Account
    place_name: str
    on_hand: int
    reserved: int
    unit_g: int
    last_day: date | None
    eat_by: datetime | None
    expired: bool

    @property
    def free(self) -> int:
        """Units that are promised to nobody."""
        return self.on_hand - self.reserved


def stock(
    engine: Engine, site_id: str | None = None, *, now: datetime | None = None
) -> tuple[StockRow, ...]:
    """What stands where, by place and lot; promises that have expired no longer count.

    Raises:
        NotFound: if the book knows no such site.
    """
    with reading(engine) as connection:
        if site_id is not None and site_id not in queries.site_ids(connection):
            raise NotFound(f"Site {site_id}: the book knows no such site", "no_site", site=site_id)
        local_zone = zone(connection)
        known = queries.lot_ids(connection)
        balance = fold(queries.entries_of(connection, known))
        over = queries.expired_reservations(connection, known, now or datetime.now(UTC))
        facts = queries.goods_by_id(connection, known)
        names = queries.place_names(connection)
    at = (now or datetime.now(UTC)).astimezone(local_zone)
    balance = fold(expired(over, balance, at), balance)
    rows = []
    for (lot_id, place), units in balance.units.items():
        elsewhere = site_id is not None and (place.kind, place.id) != (AccountKind.SITE, site_id)
        if not place.holds_stock or elsewhere:
            continue
        lot = facts[lot_id]
        rows.append(
            StockRow(
                lot_id=lot_id,
                item=lot.item,
                place=place,
                place_name=names.get(place, ""),
                on_hand=units,
                reserved=balance.reserved.get((lot_id, place), 0),
                unit_g=lot.unit_g,
                last_day=lot.last_day,
                eat_by=None if lot.eat_by is None else lot.eat_by.astimezone(local_zone),
                expired=lot.expired(at, at.date()),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.place, row.lot_id)))


def trace(engine: Engine, lot_id: str) -> Trace:
    """Where a lot went and came from, across changes of lots, with times on the network's clock.

    Raises:
        NotFound: if the book has no entry of the lot.
    """
    with reading(engine) as connection:
        local_zone = zone(connection)
        tree = ancestry(queries.change_legs(connection))
        lots = {lot_id} | tree.ancestors(lot_id) | tree.descendants(lot_id)
        entries = queries.entries_of(connection, lots)
    local = [replace(e, effective_at=e.effective_at.astimezone(local_zone)) for e in entries]
    return walk(local, lot_id)


def goods(engine: Engine, lots: Iterable[str]) -> Mapping[str, Goods]:
    """The facts of some lots."""
    with reading(engine) as connection:
        return queries.goods_by_id(connection, lots)


def names(engine: Engine) -> Mapping[Account, str]:
    """Names of donors and sites, for printing."""
    with reading(engine) as connection:
        return queries.place_names(connection)


def clock(engine: Engine) -> tzinfo:
    """The network's clock."""
    with reading(engine) as connection:
        return zone(connection)


def zone(connection: Connection) -> tzinfo:
    """The clock of the latest week; UTC for an empty book."""
    last = queries.last_import(connection)
    return UTC if last is None else zone_of(last.timezone)
