"""What the book says of some lots or of a period, for those who tell it outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import Connection, Engine, select

from logistics.inventory import Account, AccountKind, Entry, Goods
from logistics.inventory.ancestry import ancestry
from logistics.inventory.clock import JAPAN, zone_of
from logistics.model.errors import NotFound
from logistics.store import queries
from logistics.store import tables as t
from logistics.store.engine import reading
from logistics.store.rows import entry_of


@dataclass(frozen=True, slots=True)
class Extract:
    """A part of the book: all entries of the lots asked for, and of the changes that they went through.

    `lot_ids` are the lots asked for, `zone` is the network's clock, `places` the names of donors and
    sites.
    """

    lot_ids: frozenset[str]
    entries: tuple[Entry, ...]
    goods: Mapping[str, Goods]
    zone: tzinfo
    places: Mapping[Account, str]


def lots_extract(engine: Engine, lot_ids: Collection[str], *, family: bool = False) -> Extract:
    """All that the book says of some lots; with `family` also of all that they were made of, and that
    was made of them, by splits, merges and repacks.

    Raises:
        NotFound: if the book knows one of them not.
    """
    with reading(engine) as connection:
        found = frozenset(lot_ids)
        if family:
            tree = ancestry(queries.change_legs(connection))
            found = found.union(*(tree.ancestors(lot) | tree.descendants(lot) for lot in lot_ids))
        return _extract(connection, found)


def period_extract(engine: Engine, first: date, last: date) -> Extract:
    """All that the book says of the lots to which something happened from one day to another.

    Days are those of the network's clock; both belong to the period.
    """
    with reading(engine) as connection:
        clock = network_clock(connection)
        begin = datetime.combine(first, time(), clock)
        end = datetime.combine(last + timedelta(days=1), time(), clock)
        query = (
            select(t.entries.c.lot_id)
            .where(t.entries.c.effective_at >= begin, t.entries.c.effective_at < end)
            .distinct()
        )
        return _extract(connection, frozenset(connection.scalars(query)))


def goods_facts(engine: Engine, lot_ids: Collection[str]) -> Mapping[str, Goods]:
    """The facts of lots that the book knows."""
    with reading(engine) as connection:
        return queries.goods_by_id(connection, lot_ids)


def network_clock(connection: Connection) -> tzinfo:
    """The clock of the latest week; Japan's where no week was imported yet."""
    last = queries.last_import(connection)
    return JAPAN if last is None else zone_of(last.timezone)


def _extract(connection: Connection, lot_ids: Collection[str]) -> Extract:
    known = queries.goods_by_id(connection, lot_ids)
    for lot_id in sorted(lot_ids):
        if lot_id not in known:
            raise NotFound(f"Lot {lot_id}: the book knows no such lot", "no_lot", lot=lot_id)
    entries = queries.entries_of(connection, lot_ids)
    others = _changed_with(connection, entries) - set(lot_ids)
    if others:
        # The other end of a change belongs to it; the rest of the other lots' lives does not.
        changes = _changes_in(entries)
        whole = queries.entries_of(connection, (*lot_ids, *sorted(others)))
        entries = tuple(e for e in whole if e.lot_id not in others or _changes_in([e]) & changes)
        known = queries.goods_by_id(connection, (*lot_ids, *sorted(others)))
    clock, places = network_clock(connection), queries.place_names(connection)
    return Extract(frozenset(lot_ids), entries, known, clock, places)


def _changes_in(entries: Sequence[Entry]) -> frozenset[str]:
    return frozenset(
        end.id for e in entries for end in (e.source, e.target) if end.kind is AccountKind.CHANGE
    )


def _changed_with(connection: Connection, entries: Sequence[Entry]) -> frozenset[str]:
    """The lots that went through the same changes."""
    found: set[str] = set()
    change = str(AccountKind.CHANGE)
    for change_id in sorted(_changes_in(entries)):
        into = (t.entries.c.target_kind == change) & (t.entries.c.target_id == change_id)
        out_of = (t.entries.c.source_kind == change) & (t.entries.c.source_id == change_id)
        rows = connection.execute(select(t.entries).where(into | out_of))
        found |= {entry_of(row).lot_id for row in rows}
    return frozenset(found)
