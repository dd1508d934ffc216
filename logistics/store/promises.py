"""The verbs of promises without a plan: each reads and writes one lot, in one transaction."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert

from logistics.inventory import fold
from logistics.inventory.balance import Balance
from logistics.inventory.entries import Kind, site
from logistics.inventory.promises import direct, promised, released, settled
from logistics.inventory.reservation import Reservation
from logistics.model.errors import NotFound
from logistics.store import queries, rows
from logistics.store import tables as t
from logistics.store.chaining import hold_heads
from logistics.store.commands import Command
from logistics.store.engine import transact
from logistics.store.posting import post
from logistics.store.views import zone


@dataclass(frozen=True, slots=True)
class Promise:
    """A reservation after a verb: units the verb moved, units still open, units free at its site."""

    reservation_id: str
    units: int
    open: int
    free: int


def reserve(
    engine: Engine,
    lot_id: str,
    site_id: str,
    units: int,
    *,
    household_id: str = "",
    to_site_id: str = "",
    until: datetime | None = None,
    now: datetime | None = None,
    key: str | None = None,
) -> Promise:
    """Promise units of a lot at a site to a household or to another site, until a moment if given.

    Raises:
        NotFound: if the book knows no such lot or site.
        NotFree: if the lot is held or past its date, or too few units are free.
    """
    at = now or datetime.now(UTC)
    told = [lot_id, site_id, units, household_id, to_site_id, until]

    def work(connection: Connection) -> Promise:
        balance = _balance(connection, lot_id)
        known = queries.site_ids(connection)
        for place in filter(None, (site_id, to_site_id)):
            if place not in known:
                raise NotFound(f"Site {place}: the book knows no such site")
        number = queries.reservations_made(connection, lot_id) + 1
        reservation = direct(
            f"{lot_id}/{number}",
            lot_id,
            site_id,
            units,
            household_id=household_id,
            to_site_id=to_site_id,
            day=at.astimezone(zone(connection)).date(),
            now=at,
            until=until,
        )
        goods = queries.goods_by_id(connection, (lot_id,))[lot_id]
        old = queries.expired_reservations(connection, (lot_id,), at)
        entries = promised(reservation, goods, balance, old, at)
        connection.execute(insert(t.reservations), rows.reservation_row(reservation, None))
        post(connection, entries)
        return _promise(reservation, units, fold(entries, balance))

    return transact(engine, work, _command(key, "reserve", told))


def settle(
    engine: Engine,
    reservation_id: str,
    units: int | None = None,
    *,
    now: datetime | None = None,
    key: str | None = None,
) -> Promise:
    """Hand over units of a promise that no plan drives, all that are open if not said otherwise.

    Raises:
        NotFound: if the book knows no such reservation.
        NotOpen: if fewer units are open, or a plan drives them.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> Promise:
        reservation, balance, done = _reservation(connection, reservation_id)
        entries = settled(reservation, units, balance, done, at)
        post(connection, entries)
        return _promise(reservation, entries[0].units, fold(entries, balance))

    return transact(engine, work, _command(key, "settle", [reservation_id, units]))


def release(
    engine: Engine,
    reservation_id: str,
    units: int | None = None,
    *,
    reason: str = "",
    now: datetime | None = None,
    key: str | None = None,
) -> Promise:
    """End a promise, or so many units of it; they are free again where they stand.

    Raises:
        NotFound: if the book knows no such reservation.
        NotOpen: if fewer units are open.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> Promise:
        reservation, balance, done = _reservation(connection, reservation_id)
        entry = released(reservation, units, balance, done, reason, at)
        post(connection, [entry])
        return _promise(reservation, entry.units, fold([entry], balance))

    return transact(engine, work, _command(key, "release", [reservation_id, units, reason]))


def _balance(connection: Connection, lot_id: str) -> Balance:
    """The balance of a lot, its head held."""
    if lot_id not in hold_heads(connection, (lot_id,)):
        raise NotFound(f"Lot {lot_id}: the book has no entry of it")
    return fold(queries.entries_of(connection, (lot_id,)))


def _reservation(connection: Connection, reservation_id: str) -> tuple[Reservation, Balance, int]:
    """A reservation, the balance of its lot with the head held, and how often it was touched before."""
    reservation = queries.reservation(connection, reservation_id)
    if reservation is None:
        raise NotFound(f"Reservation {reservation_id}: the book knows none such")
    hold_heads(connection, (reservation.lot_id,))
    entries = queries.entries_of(connection, (reservation.lot_id,))
    touched = (Kind.SETTLE, Kind.RELEASE)
    done = sum(e.reservation_id == reservation_id and e.kind in touched for e in entries)
    return reservation, fold(entries), done + 1


def _promise(reservation: Reservation, units: int, balance: Balance) -> Promise:
    free = balance.free(reservation.lot_id, site(reservation.site_id))
    return Promise(reservation.id, units, balance.open.get(reservation.id, 0), free)


def _command(key: str | None, verb: str, body: object) -> Command[Promise] | None:
    return None if key is None else Command(key, verb, body, astuple, _answer)


def _answer(kept: Any) -> Promise:
    return Promise(*kept)
