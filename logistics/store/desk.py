"""What every act with goods does before and after it decides: look at lots, write, say what is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from logistics.inventory import Balance, Entry, fold
from logistics.inventory.acts import ActRefused
from logistics.inventory.goods import Goods
from logistics.inventory.promises import expired
from logistics.model.errors import NotFound
from logistics.store import queries, rows
from logistics.store import tables as t
from logistics.store.chaining import hold_heads
from logistics.store.commands import Command
from logistics.store.posting import add_rows, post


@dataclass(frozen=True, slots=True)
class Done:
    """An act after it was written.

    `id` undoes or lifts it later. `units` went their way; `expired` units of old promises were set
    free before; `loss_g` was lost in a change. `places` has the units of each lot by site, `promised`
    the open promises of the lots: reservation, recipient, units.
    """

    id: str
    lot_ids: tuple[str, ...]
    units: int
    expired: int
    loss_g: int
    places: Mapping[str, Mapping[str, int]]
    promised: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """Some lots as an act finds them, their heads held; `over` ends promises that have expired."""

    entries: tuple[Entry, ...]
    balance: Balance
    over: tuple[Entry, ...]
    heads: Mapping[str, int]

    def act_id(self, verb: str, lot_id: str) -> str:
        """A name for an act with a lot that no other act has."""
        return f"{verb}:{lot_id}:{self.heads[lot_id] + 1}"


def look(connection: Connection, lot_ids: Iterable[str], now: datetime) -> Seen:
    """The entries and balance of some lots, with promises that have expired set free.

    Raises:
        NotFound: if the book has no entry of a lot.
    """
    lots = sorted(set(lot_ids))
    heads = hold_heads(connection, lots)
    for lot_id in lots:
        if lot_id not in heads:
            raise NotFound(f"Lot {lot_id}: the book has no entry of it", "no_lot", lot=lot_id)
    entries = queries.entries_of(connection, lots)
    balance = fold(entries)
    over = tuple(expired(queries.expired_reservations(connection, lots, now), balance, now))
    numbers = {lot_id: link.entries for lot_id, link in heads.items()}
    return Seen((*entries, *over), fold(over, balance), over, numbers)


def write(
    connection: Connection,
    seen: Seen,
    act_id: str,
    entries: tuple[Entry, ...],
    *,
    made: Goods | None = None,
    units: int = 0,
    loss_g: int = 0,
) -> Done:
    """Write an act, the lot that it made before its entries, and say how its lots stand."""
    if made is not None:
        add_rows(connection, t.lots, [rows.goods_row(made)])
    post(connection, (*seen.over, *entries))
    balance = fold(entries, seen.balance)
    lots = tuple(sorted({entry.lot_id for entry in entries}))
    promised = tuple(
        (each.id, str(each.recipient), balance.open[each.id])
        for each in queries.reservations_by_lot(connection, lots)
        if each.id in balance.open
    )
    places = {lot_id: balance.places(lot_id) for lot_id in lots}
    free = sum(entry.units for entry in seen.over)
    return Done(act_id, lots, units, free, loss_g, places, promised)


def refuse_unknown_sites(connection: Connection, *site_ids: str) -> None:
    """Raise `NotFound` for a site that the book does not know."""
    known = queries.site_ids(connection)
    for site_id in site_ids:
        if site_id not in known:
            raise NotFound(f"Site {site_id}: the book knows no such site", "no_site", site=site_id)


def refuse_known_lot(connection: Connection, lot_id: str) -> None:
    """Raise `ActRefused` if a new lot's name is taken, or is none."""
    if not lot_id.strip():
        raise ActRefused("the new lot needs a lot_id", "new_lot_id")
    if queries.goods_by_id(connection, (lot_id,)):
        raise ActRefused(
            f"Lot {lot_id}: the book has it already, the new lot needs another lot_id",
            "new_lot_known",
            lot=lot_id,
        )


def command(key: str | None, verb: str, body: object) -> Command[Done] | None:
    """An act under a key, if it was given one."""
    return None if key is None else Command(key, verb, body, asdict, _done)


def _done(kept: Any) -> Done:
    kept["lot_ids"] = tuple(kept["lot_ids"])
    kept["promised"] = tuple((who, to, int(units)) for who, to, units in kept["promised"])
    return Done(**kept)
