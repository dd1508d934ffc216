"""The chains of entries in the database: heads that writers hold, and seals over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from logistics.inventory import Entry
from logistics.inventory.chain import START, Link, links, seal_hash
from logistics.inventory.standing import NOTHING, Standing, standing_of, standing_text
from logistics.store import tables as t
from logistics.store.rows import entry_of


class Head(NamedTuple):
    """The end of a lot's chain, and how the lot stands there."""

    link: Link
    standing: Standing

    @property
    def entries(self) -> int:
        """How many entries the lot has."""
        return self.link.entries


def head_of(row: Row[Any]) -> Head:
    """A head from a row that has its columns."""
    return Head(Link(row.lot_id, row.entries, row.hash), standing_of(row.standing, row.lot_id))


def hold_heads(connection: Connection, lot_ids: Iterable[str]) -> dict[str, Head]:
    """The heads of some lots, locked in the order of the lots until the transaction ends.

    Whoever reads the balance of a lot in order to write holds its head first: two writers of one lot
    wait for each other, writers of different lots do not.
    """
    found: dict[str, Head] = {}
    ordered = sorted(set(lot_ids))
    for start in range(0, len(ordered), 500):
        query = (
            select(t.heads)
            .where(t.heads.c.lot_id.in_(ordered[start : start + 500]))
            .order_by(t.heads.c.lot_id)
            .with_for_update()
        )
        for row in connection.execute(query):
            found[row.lot_id] = head_of(row)
    return found


def move_heads(
    connection: Connection, before: Mapping[str, Head], after: Mapping[str, Head]
) -> None:
    """Write the heads that entries have moved, those of new lots first."""
    new = [
        {**after[lot].link._asdict(), "standing": standing_text(after[lot].standing)}
        for lot in sorted(after.keys() - before.keys())
    ]
    if new:
        connection.execute(insert(t.heads), new)
    for lot in sorted(after.keys() & before.keys()):
        (_, entries, digest), standing = after[lot]
        connection.execute(
            _MOVE,
            {"lot": lot, "now": entries, "digest": digest, "stands": standing_text(standing)},
        )


_MOVE = (
    update(t.heads)
    .where(t.heads.c.lot_id == bindparam("lot"))
    .values(entries=bindparam("now"), hash=bindparam("digest"), standing=bindparam("stands"))
)


def links_now(connection: Connection) -> list[Link]:
    """Where the chains of all lots end."""
    columns = (t.heads.c.lot_id, t.heads.c.entries, t.heads.c.hash)
    return [Link(*row) for row in connection.execute(select(*columns))]


def seal(connection: Connection, now: datetime) -> str:
    """Seal the book as it stands; the hash of the seal, or of the last one if nothing has changed."""
    last = connection.execute(select(t.seals).order_by(t.seals.c.number.desc()).limit(1)).first()
    before = START if last is None else str(last.hash)
    known = {
        row.lot_id: row.entries
        for row in connection.execute(
            select(t.sealed.c.lot_id, func.max(t.sealed.c.entries).label("entries")).group_by(
                t.sealed.c.lot_id
            )
        )
    }
    heads = links_now(connection)
    changed = [link for link in heads if link.entries != known.get(link.lot_id)]
    if not changed:
        return before
    number, found = 1 if last is None else last.number + 1, seal_hash(before, changed)
    connection.execute(insert(t.seals), {"number": number, "hash": found, "recorded_at": now})
    connection.execute(insert(t.sealed), [{"number": number, **each._asdict()} for each in changed])
    return found


def chain_all(connection: Connection) -> None:
    """Give entries of a book from before the chains their places and hashes; triggers must be away."""
    entries = [(row.seq, entry_of(row)) for row in connection.execute(_ENTRIES)]
    heads: dict[str, Link] = {}
    for (seq, entry), link in zip(entries, links(entry for _, entry in entries), strict=True):
        row = update(t.entries).where(t.entries.c.seq == seq)
        connection.execute(row.values(place=link.entries, hash=link.hash))
        heads[entry.lot_id] = link
    if heads:
        connection.execute(insert(t.heads), [heads[lot]._asdict() for lot in sorted(heads)])


def stand_all(connection: Connection) -> None:
    """Add up how the lots stand of a book from before that was kept."""
    entries: dict[str, list[Entry]] = {}
    for row in connection.execute(_ENTRIES):
        entries.setdefault(row.lot_id, []).append(entry_of(row))
    for lot, of_lot in entries.items():
        standing = standing_text(NOTHING.after(of_lot))
        connection.execute(update(t.heads).where(t.heads.c.lot_id == lot).values(standing=standing))


_ENTRIES = select(t.entries).order_by(t.entries.c.seq)
