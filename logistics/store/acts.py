"""What people do with goods: move, discard, hold, unhold, and undoing what was told wrongly.

Each verb reads and writes its lots in one transaction. `at` is when it was so (default: now), `now`
when the book learns of it; told again under the same `key` a verb has no further effect.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from logistics.inventory import acts, reversal
from logistics.inventory.acts import Act
from logistics.inventory.changes import PARTS_MAX
from logistics.model.errors import NotFound
from logistics.store import queries
from logistics.store.desk import Done, command, look, refuse_unknown_sites, write
from logistics.store.engine import transact


def move(
    engine: Engine,
    lot_id: str,
    from_site_id: str,
    to_site_id: str,
    units: int,
    *,
    reason: str = "",
    at: datetime | None = None,
    now: datetime | None = None,
    key: str | None = None,
) -> Done:
    """Book units of a lot that were carried by hand to another site.

    Raises:
        NotFound: if the book knows no such lot or site.
        ActRefused: if fewer units are free.
    """
    told = now or datetime.now(UTC)

    def work(connection: Connection) -> Done:
        seen = look(connection, (lot_id,), told)
        refuse_unknown_sites(connection, from_site_id, to_site_id)
        act = Act(seen.act_id("move", lot_id), at or told, told, reason)
        entries = acts.move(seen.balance, act, lot_id, from_site_id, to_site_id, units)
        return write(connection, seen, act.id, entries, units=units)

    body = [lot_id, from_site_id, to_site_id, units, reason, at]
    return transact(engine, work, command(key, "move", body))


def discard(
    engine: Engine,
    lot_id: str,
    site_id: str,
    units: int,
    reason: str,
    *,
    at: datetime | None = None,
    now: datetime | None = None,
    key: str | None = None,
) -> Done:
    """Book units of a lot that were thrown away, and why.

    Raises:
        NotFound: if the book knows no such lot or site.
        ActRefused: without a reason, or if fewer units are free.
    """
    told = now or datetime.now(UTC)

    def work(connection: Connection) -> Done:
        seen = look(connection, (lot_id,), told)
        refuse_unknown_sites(connection, site_id)
        act = Act(seen.act_id("discard", lot_id), at or told, told, reason)
        entries = acts.discard(seen.balance, act, lot_id, site_id, units)
        return write(connection, seen, act.id, entries, units=units)

    return transact(engine, work, command(key, "discard", [lot_id, site_id, units, reason, at]))


def hold(
    engine: Engine,
    lot_id: str,
    reason: str,
    *,
    at: datetime | None = None,
    now: datetime | None = None,
    key: str | None = None,
) -> Done:
    """Let nothing of a lot be issued, wherever it stands; the answer names what was promised of it.

    Raises:
        NotFound: if the book has no entry of the lot.
        ActRefused: without a reason.
    """
    told = now or datetime.now(UTC)

    def work(connection: Connection) -> Done:
        seen = look(connection, (lot_id,), told)
        act = Act(seen.act_id("hold", lot_id), at or told, told, reason)
        return write(connection, seen, act.id, acts.hold(act, lot_id))

    return transact(engine, work, command(key, "hold", [lot_id, reason, at]))


def unhold(
    engine: Engine,
    hold_id: str,
    *,
    reason: str = "",
    now: datetime | None = None,
    key: str | None = None,
) -> Done:
    """Lift one hold of a lot.

    Raises:
        NotFound: if the book knows no such hold.
        ActRefused: if it was lifted before.
    """
    told = now or datetime.now(UTC)

    def work(connection: Connection) -> Done:
        lots = queries.lots_of_fact(connection, hold_id, 0)
        if not lots:
            raise NotFound(
                f"Hold {hold_id}: the book knows none such; `hold` printed its name",
                "no_hold",
                id=hold_id,
            )
        seen = look(connection, lots, told)
        act = Act(f"un{hold_id}", told, told, reason)
        return write(connection, seen, act.id, acts.unhold(seen.balance, act, hold_id))

    return transact(engine, work, command(key, "unhold", [hold_id, reason]))


def reverse(
    engine: Engine,
    fact: str,
    reason: str,
    *,
    now: datetime | None = None,
    key: str | None = None,
) -> Done:
    """Undo a whole fact that was told wrongly; the right one may then be told.

    Raises:
        NotFound: if the book has no such fact.
        ActRefused: if it was undone before, is undone otherwise, or later entries need its units.
    """
    told = now or datetime.now(UTC)

    def work(connection: Connection) -> Done:
        lots = queries.lots_of_fact(connection, reversal.fact_of(fact), PARTS_MAX)
        lots |= queries.lots_of_fact(connection, fact, PARTS_MAX)
        seen = look(connection, lots, told)
        act = Act(f"undo:{fact}", told, told, reason)
        entries = reversal.reverse(seen.entries, fact, act)
        units = max(entry.units for entry in entries)
        return write(connection, seen, act.id, entries, units=units)

    return transact(engine, work, command(key, "reverse", [fact, reason]))
