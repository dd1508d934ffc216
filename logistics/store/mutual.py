"""The verbs of mutual help: what sites offer and need, and taking it back.

Agreements and transfers are written in `transfers`, what stands is read in `helping`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, insert, select

from logistics.inventory.acts import ActRefused
from logistics.inventory.entries import site
from logistics.inventory.mutual import Need, Offer
from logistics.model.errors import NotFound
from logistics.model.units import FoodGroup
from logistics.store import queries
from logistics.store import tables as t
from logistics.store.chaining import hold_heads
from logistics.store.commands import Command
from logistics.store.engine import transact
from logistics.store.helping import help_now, next_id, offered_lots
from logistics.store.transfers import release_agreements, undo_transfer
from logistics.store.views import zone

T = TypeVar("T")


def offer(
    engine: Engine,
    site_id: str,
    lot_id: str,
    units: int,
    until: date,
    pack: int = 1,
    *,
    now: datetime | None = None,
    key: str | None = None,
) -> Offer:
    """Say that others may have units of a lot; they must be free, and not offered already.

    Raises:
        NotFound: if nothing of the lot is known to the book or stands at the site.
        ActRefused: if fewer units are free, an offer of the lot there is open, or the day is over.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> Offer:
        _refuse_over(connection, until, at)
        hold_heads(connection, (lot_id,))
        found = help_now(connection, {lot_id, *offered_lots(connection)}, at)
        known, balance = found.stand, found.balance
        if not balance.on_hand(lot_id, site(site_id)):
            raise NotFound(
                f"Lot {lot_id}: the book has none of it at {site_id}",
                "none_there",
                lot=lot_id,
                site=site_id,
            )
        new_id = next_id(connection, t.statements, "O", "offer")
        new = Offer(new_id, site_id, lot_id, units, until, pack)
        for old in known.offers:
            same = (old.site_id, old.lot_id) == (site_id, lot_id)
            if same and known.open_units[old.id]:
                raise ActRefused(
                    f"Lot {lot_id} at {site_id}: {old.id} is open, withdraw it first",
                    "offer_open",
                    lot=lot_id,
                    site=site_id,
                    offer=old.id,
                )
        held = balance.held_since(lot_id) is not None
        free = 0 if held else balance.free(lot_id, site(site_id))
        if units > free:
            raise ActRefused(
                f"Lot {lot_id} at {site_id}: {units} units offered, {free} are free",
                "offer_not_free",
                lot=lot_id,
                site=site_id,
                units=units,
                free=free,
            )
        row = {"lot_id": lot_id, "units": units, "pack": pack, "day": until}
        _say(connection, new.id, "offer", at, site_id=site_id, **row)
        return new

    told = [site_id, lot_id, units, until, pack]
    return transact(engine, work, _command(key, "offer", told, _offer))


def need(
    engine: Engine,
    site_id: str,
    food_group: FoodGroup | None,
    meals: int,
    day: date,
    *,
    now: datetime | None = None,
    key: str | None = None,
) -> Need:
    """Say that a site lacks meals for handing out on a day.

    Raises:
        NotFound: if the book knows no such site.
        ActRefused: if the day is over.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> Need:
        _refuse_over(connection, day, at)
        if site_id not in queries.site_ids(connection):
            raise NotFound(f"Site {site_id}: the book knows no such site", "no_site", site=site_id)
        new_id = next_id(connection, t.statements, "N", "need")
        new = Need(new_id, site_id, food_group, meals, day)
        group = None if food_group is None else str(food_group)
        row = {"food_group": group, "units": meals, "day": day}
        _say(connection, new.id, "need", at, site_id=site_id, **row)
        return new

    told = [site_id, food_group, meals, day]
    return transact(engine, work, _command(key, "need", told, _need))


def withdraw(
    engine: Engine, what: str, *, now: datetime | None = None, key: str | None = None
) -> bool:
    """Take an offer, a need, an agreement or a transfer back; `False` if that was done before.

    What is agreed on and not yet moved is free again. A transfer is undone by a reversal, as long as
    its units are still free where they went; what it settled is kept again.

    Raises:
        NotFound: if there is nothing of that name.
        ActRefused: if the units are no longer free there.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> bool:
        row = connection.execute(select(t.transfers).where(t.transfers.c.id == what)).first()
        if row is not None:
            return undo_transfer(connection, row.entry_id, at)
        agreements = select(t.agreements.c.id).where(t.agreements.c.id == what)
        if connection.scalar(agreements) is not None:
            return bool(release_agreements(connection, what, at))
        known = select(t.statements.c.kind).where(t.statements.c.id == what)
        if connection.scalar(known) not in ("offer", "need"):
            raise NotFound(
                f"{what}: there is no such offer, need, agreement or transfer", "no_help", id=what
            )
        if connection.scalar(select(t.statements.c.id).where(t.statements.c.withdraws == what)):
            return False
        release_agreements(connection, what, at)
        _say(connection, f"withdrawal:{what}", "withdrawal", at, withdraws=what)
        return True

    return transact(engine, work, _command(key, "withdraw", [what], bool))


def _say(connection: Connection, key: str, kind: str, at: datetime, **values: Any) -> None:
    connection.execute(insert(t.statements), {"id": key, "kind": kind, "recorded_at": at, **values})


def _command(
    key: str | None, verb: str, body: object, of_json: Callable[[Any], T]
) -> Command[T] | None:
    """A command under a key; nouns are kept field by field."""
    if key is None:
        return None

    def to_json(answer: T) -> Any:
        return answer if isinstance(answer, bool) else asdict(answer)  # type: ignore[call-overload]

    return Command(key, verb, body, to_json, of_json)


def _offer(kept: Any) -> Offer:
    return Offer(**{**kept, "until": date.fromisoformat(kept["until"])})


def _need(kept: Any) -> Need:
    group = None if kept["food_group"] is None else FoodGroup(kept["food_group"])
    return Need(**{**kept, "day": date.fromisoformat(kept["day"]), "food_group": group})


def _refuse_over(connection: Connection, day: date, now: datetime) -> None:
    """Raise `ActRefused` for a day that is over on the network's clock: nothing could come of it."""
    today = now.astimezone(zone(connection)).date()
    if day < today:
        raise ActRefused(
            f"{day} is over, today is {today}", "day_over", day=str(day), today=str(today)
        )
