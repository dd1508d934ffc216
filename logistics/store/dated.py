"""What stands where with the facts of its lot, for verbs that look at dates or share what is free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from sqlalchemy import Connection, Engine

from logistics.inventory import AccountKind, Goods, fold
from logistics.inventory.clock import JAPAN, zone_of
from logistics.model.errors import NotFound
from logistics.store import queries
from logistics.store.engine import reading


@dataclass(frozen=True, slots=True)
class Standing:
    """Units of a lot at a site; `held` if none of the lot may be issued."""

    goods: Goods
    site_id: str
    on_hand: int
    reserved: int
    held: bool

    @property
    def free(self) -> int:
        """Units promised to nobody, 0 of a held lot."""
        return 0 if self.held else self.on_hand - self.reserved


def standing(engine: Engine, site_id: str | None = None) -> tuple[tuple[Standing, ...], tzinfo]:
    """What stands at the sites, or at one, and the network's clock.

    Raises:
        NotFound: if the book knows no such site.
    """
    with reading(engine) as connection:
        if site_id is not None and site_id not in queries.site_ids(connection):
            raise NotFound(f"Site {site_id}: the book knows no such site", "no_site", site=site_id)
        known = queries.lot_ids(connection)
        balance = fold(queries.entries_of(connection, known))
        goods = queries.goods_by_id(connection, known)
        zone = network_clock(connection)
    rows = [
        Standing(
            goods=goods[lot_id],
            site_id=place.id,
            on_hand=units,
            reserved=balance.reserved.get((lot_id, place), 0),
            held=balance.held_since(lot_id) is not None,
        )
        for (lot_id, place), units in balance.units.items()
        if place.kind is AccountKind.SITE and site_id in (None, place.id)
    ]
    return tuple(sorted(rows, key=lambda row: (row.site_id, row.goods.id))), zone


def network_clock(connection: Connection) -> tzinfo:
    """The clock of the latest week; that of Japan for an empty book."""
    last = queries.last_import(connection)
    return JAPAN if last is None else zone_of(last.timezone)
