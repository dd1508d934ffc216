"""The verbs of mutual help: offer, need, transfer, withdraw; and what of it is still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from logistics.inventory import Balance, Entry, Goods, extend, fold
from logistics.inventory.entries import site
from logistics.inventory.expiry import Margins, late_at, local_day
from logistics.inventory.mutual import (
    Calendar,
    Match,
    Need,
    Offer,
    Room,
    Stand,
    check_matches,
    move_of,
    stand,
    undo,
)
from logistics.model.errors import Finding, InvalidFact, NotFound
from logistics.model.units import FoodGroup
from logistics.store import queries
from logistics.store import tables as t
from logistics.store.chaining import hold_heads, seal
from logistics.store.dated import network_clock
from logistics.store.engine import reading, transact
from logistics.store.posting import post


@dataclass(frozen=True, slots=True)
class Help:
    """Everything that matching needs from the book: what is open, and the facts of the lots."""

    stand: Stand
    goods: Mapping[str, Goods]
    balance: Balance
    on_hand: Mapping[tuple[str, str], int]


def open_help(engine: Engine) -> Help:
    """The offers and needs that were not withdrawn, with what of them is still open."""
    with reading(engine) as connection:
        return _help(connection)


def clock_of(engine: Engine, margins: Margins, now: datetime | None = None) -> Calendar:
    """The network's day, clock and margins."""
    with reading(engine) as connection:
        zone = network_clock(connection)
    return Calendar(local_day(now or datetime.now(UTC), zone), zone, margins)


def offer(
    engine: Engine,
    site_id: str,
    lot_id: str,
    units: int,
    until: date,
    pack: int = 1,
    *,
    now: datetime | None = None,
) -> Offer:
    """Say that others may have units of a lot; they must be free, and not offered already.

    Raises:
        NotFound: if nothing of the lot is known to the book or stands at the site.
        InvalidFact: if fewer units are free, or an offer of the lot there is open.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> Offer:
        hold_heads(connection, (lot_id,))
        balance = fold(queries.entries_of(connection, (lot_id,)))
        if not balance.on_hand(lot_id, site(site_id)):
            raise NotFound(f"Lot {lot_id}: the book has none of it at {site_id}")
        new = Offer(_next(connection, "offer", "O"), site_id, lot_id, units, until, pack)
        known = _help(connection).stand
        for old in known.offers:
            same = (old.site_id, old.lot_id) == (site_id, lot_id)
            if same and known.open_units[old.id]:
                raise InvalidFact(f"Lot {lot_id} at {site_id}: {old.id} is open, withdraw it first")
        held = balance.held_since(lot_id) is not None
        free = 0 if held else balance.free(lot_id, site(site_id))
        if units > free:
            raise InvalidFact(f"Lot {lot_id} at {site_id}: {units} units offered, {free} are free")
        row = {"lot_id": lot_id, "units": units, "pack": pack, "day": until}
        _say(connection, new.id, "offer", at, site_id=site_id, **row)
        return new

    return transact(engine, work)


def need(
    engine: Engine,
    site_id: str,
    food_group: FoodGroup | None,
    meals: int,
    day: date,
    *,
    now: datetime | None = None,
) -> Need:
    """Say that a site lacks meals for handing out on a day.

    Raises:
        NotFound: if the book knows no such site.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> Need:
        if site_id not in queries.site_ids(connection):
            raise NotFound(f"Site {site_id}: the book knows no such site")
        new = Need(_next(connection, "need", "N"), site_id, food_group, meals, day)
        group = None if food_group is None else str(food_group)
        row = {"food_group": group, "units": meals, "day": day}
        _say(connection, new.id, "need", at, site_id=site_id, **row)
        return new

    return transact(engine, work)


def transfer(
    engine: Engine,
    match: Match,
    margins: Margins,
    room: Room | None = None,
    *,
    now: datetime | None = None,
) -> tuple[str, tuple[Finding, ...]]:
    """Book that units of an offer went to a need's site; with findings nothing is booked.

    Without `room` the storage room is not looked at. Gives the transfer's id.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> tuple[str, tuple[Finding, ...]]:
        hold_heads(connection, (each.lot_id for each in _help(connection).stand.offers))
        known = _help(connection)
        zone = network_clock(connection)
        calendar = Calendar(local_day(at, zone), zone, margins)
        space = room
        if space is None:
            whole = sum(lot.unit_g for lot in known.goods.values()) * max(1, match.units)
            storages = {lot.storage for lot in known.goods.values()}
            space = {(n.site_id, each): whole for n in known.stand.needs for each in storages}
        wrong = check_matches([match], known.stand, known.goods, space, calendar)
        if wrong:
            return "", wrong
        from_ = next(each for each in known.stand.offers if each.id == match.offer_id)
        to = next(each for each in known.stand.needs if each.id == match.need_id)
        late = late_at(known.goods[from_.lot_id], at, zone, margins)
        if late is not None:
            message = f"Lot {from_.lot_id} may not be issued any more"
            return "", (Finding(str(late), message, ids=(from_.lot_id,)),)
        done = connection.scalar(select(func.count()).select_from(t.transfers)) or 0
        new_id = f"T{done + 1}"
        entry = move_of(new_id, from_, to, match.units, at)
        extend(known.balance, [entry])
        post(connection, [entry])
        ends = {"offer_id": match.offer_id, "need_id": match.need_id}
        connection.execute(insert(t.transfers), {"id": new_id, "entry_id": entry.id, **ends})
        seal(connection, at)
        return new_id, ()

    return transact(engine, work)


def withdraw(engine: Engine, what: str, *, now: datetime | None = None) -> bool:
    """Take an offer, a need or a transfer back; `False` if that was done before.

    A transfer is undone by a reversal, as long as its units are still free where they went.

    Raises:
        NotFound: if there is nothing of that name.
        BookBroken: if the units are no longer free there.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> bool:
        row = connection.execute(select(t.transfers).where(t.transfers.c.id == what)).first()
        if row is not None:
            return _undo(connection, row.entry_id, at)
        known = select(t.statements.c.kind).where(t.statements.c.id == what)
        if connection.scalar(known) not in ("offer", "need"):
            raise NotFound(f"{what}: there is no such offer, need or transfer")
        if connection.scalar(select(t.statements.c.id).where(t.statements.c.withdraws == what)):
            return False
        _say(connection, f"withdrawal:{what}", "withdrawal", at, withdraws=what)
        return True

    return transact(engine, work)


def _undo(connection: Connection, entry_id: str, at: datetime) -> bool:
    lot_id = connection.scalar(select(t.entries.c.lot_id).where(t.entries.c.id == entry_id))
    assert lot_id is not None
    hold_heads(connection, (lot_id,))
    entries = queries.entries_of(connection, (lot_id,))
    if any(each.reverses == entry_id for each in entries):
        return False
    moved = next(each for each in entries if each.id == entry_id)
    back = undo(moved, at)
    extend(fold(entries), [back])
    post(connection, [back])
    seal(connection, at)
    return True


def _help(connection: Connection) -> Help:
    found = connection.execute(select(t.statements).order_by(t.statements.c.recorded_at)).all()
    gone = {row.withdraws for row in found if row.withdraws}
    offers = {
        row.id: Offer(row.id, row.site_id, row.lot_id, row.units, row.day, row.pack)
        for row in found
        if row.kind == "offer"
    }
    needs = [
        Need(
            row.id,
            row.site_id,
            FoodGroup(row.food_group) if row.food_group else None,
            row.units,
            row.day,
        )
        for row in found
        if row.kind == "need" and row.id not in gone
    ]
    lots = queries.lot_ids(connection)
    entries = queries.entries_of(connection, lots)
    goods, balance = queries.goods_by_id(connection, lots), fold(entries)
    done = _done(connection, entries)
    told = stand(list(offers.values()), needs, done, goods, balance)
    left = tuple(each for each in told.offers if each.id not in gone)
    on_hand = {(lot, place.id): n for (lot, place), n in balance.units.items() if place.holds_stock}
    return Help(replace(told, offers=left), goods, balance, on_hand)


def _done(connection: Connection, entries: tuple[Entry, ...]) -> list[Match]:
    """The transfers that count: those whose entry was not reversed."""
    undone = {entry.reverses for entry in entries if entry.reverses}
    units = {entry.id: entry.units for entry in entries}
    return [
        Match(row.offer_id, row.need_id, units[row.entry_id])
        for row in connection.execute(select(t.transfers))
        if row.entry_id not in undone
    ]


def _next(connection: Connection, kind: str, letter: str) -> str:
    """The next number of a kind: O1, O2, N1."""
    query = select(func.count()).select_from(t.statements).where(t.statements.c.kind == kind)
    return f"{letter}{(connection.scalar(query) or 0) + 1}"


def _say(connection: Connection, key: str, kind: str, at: datetime, **values: Any) -> None:
    connection.execute(insert(t.statements), {"id": key, "kind": kind, "recorded_at": at, **values})
