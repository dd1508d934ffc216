"""Units of lots become units of a new lot: split, merge, repack, each in one transaction.

`now` is when it was so and when the book learns of it; told again under the same `key` a verb has no
further effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction

from sqlalchemy import Connection, Engine

from logistics.inventory import changes
from logistics.inventory.acts import Act
from logistics.inventory.changes import Change
from logistics.inventory.entries import site
from logistics.store import queries
from logistics.store.desk import (
    Done,
    Seen,
    command,
    look,
    refuse_known_lot,
    refuse_unknown_sites,
    write,
)
from logistics.store.engine import transact


def split(
    engine: Engine,
    lot_id: str,
    site_id: str,
    units: int,
    new_id: str,
    *,
    reason: str = "",
    now: datetime | None = None,
    key: str | None = None,
) -> Done:
    """Make units of a lot a lot of their own.

    Raises:
        NotFound: if the book knows no such lot or site.
        ActRefused: if the lot is held, fewer units are free, or the new name is taken.
    """
    told = now or datetime.now(UTC)

    def work(connection: Connection) -> Done:
        seen = _look(connection, (lot_id,), site_id, new_id, told)
        goods = queries.goods_by_id(connection, (lot_id,))[lot_id]
        act = Act(f"split:{new_id}", told, told, reason)
        done = changes.split(seen.balance, act, goods, site_id, units, new_id)
        return _write(connection, seen, act, done)

    body = [lot_id, site_id, units, new_id, reason]
    return transact(engine, work, command(key, "split", body))


def merge(
    engine: Engine,
    lot_ids: Sequence[str],
    site_id: str,
    new_id: str,
    *,
    reason: str = "",
    now: datetime | None = None,
    key: str | None = None,
) -> Done:
    """Make one lot of all that is free of several at a site.

    Raises:
        NotFound: if the book knows no such lot or site.
        ActRefused: if the lots are not alike, one is held or has nothing free, or the name is taken.
    """
    told = now or datetime.now(UTC)

    def work(connection: Connection) -> Done:
        seen = _look(connection, lot_ids, site_id, new_id, told)
        goods = queries.goods_by_id(connection, lot_ids)
        parts = [(goods[name], seen.balance.free(name, site(site_id))) for name in lot_ids]
        org_id = queries.org_of_site(connection, site_id)
        act = Act(f"merge:{new_id}", told, told, reason)
        done = changes.merge(seen.balance, act, parts, site_id, new_id, org_id)
        return _write(connection, seen, act, done)

    body = [list(lot_ids), site_id, new_id, reason]
    return transact(engine, work, command(key, "merge", body))


def repack(
    engine: Engine,
    lot_id: str,
    site_id: str,
    units: int,
    new_id: str,
    new_units: int,
    unit_g: int,
    *,
    loss_g: int = 0,
    unit_meals: Fraction | None = None,
    reason: str = "",
    now: datetime | None = None,
    key: str | None = None,
) -> Done:
    """Make units of a lot units of another size; what was lost is stated in grams, with the reason.

    Raises:
        NotFound: if the book knows no such lot or site.
        ActRefused: unless grams in = grams out + loss, or if the lot is held, fewer units are free, or
            the new name is taken.
    """
    told = now or datetime.now(UTC)

    def work(connection: Connection) -> Done:
        seen = _look(connection, (lot_id,), site_id, new_id, told)
        goods = queries.goods_by_id(connection, (lot_id,))[lot_id]
        act = Act(f"repack:{new_id}", told, told, reason)
        done = changes.repack(
            seen.balance,
            act,
            goods,
            site_id,
            units,
            new_id,
            new_units,
            unit_g,
            loss_g=loss_g,
            unit_meals=unit_meals,
        )
        return _write(connection, seen, act, done)

    body = [lot_id, site_id, units, new_id, new_units, unit_g, loss_g, unit_meals, reason]
    return transact(engine, work, command(key, "repack", body))


def _look(
    connection: Connection, lot_ids: Sequence[str], site_id: str, new_id: str, now: datetime
) -> Seen:
    seen = look(connection, lot_ids, now)
    refuse_unknown_sites(connection, site_id)
    refuse_known_lot(connection, new_id)
    return seen


def _write(connection: Connection, seen: Seen, act: Act, done: Change) -> Done:
    return write(
        connection,
        seen,
        act.id,
        done.entries,
        made=done.goods,
        units=done.units,
        loss_g=done.loss_g,
    )
