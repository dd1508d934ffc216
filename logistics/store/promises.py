"""The verbs of promises without a plan: each reads and writes one lot, in one transaction."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert

from logistics.inventory import fold
from logistics.inventory.balance import Balance
from logistics.inventory.entries import site
from logistics.inventory.expiry import Margins
from logistics.inventory.promises import (
    direct,
    promised,
    refuse_handing_over,
    released,
    settled,
)
from logistics.inventory.reservation import Reservation
from logistics.model.problem import DEFAULT_MARGIN_DAYS
from logistics.store import queries, rows
from logistics.store import tables as t
from logistics.store.commands import Command
from logistics.store.engine import transact
from logistics.store.looking import look_at_lot, look_at_promise
from logistics.store.posting import post


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
    margins: Margins = DEFAULT_MARGIN_DAYS,
    now: datetime | None = None,
    key: str | None = None,
) -> Promise:
    """Promise units of a lot at a site to a household or to another site, until a moment if given.

    Raises:
        NotFound: if the book knows no such lot or site.
        NotFree: if the lot is held or past its margin, or too few units are free.
    """
    at = now or datetime.now(UTC)
    told = [lot_id, site_id, units, household_id, to_site_id, until]

    def work(connection: Connection) -> Promise:
        seen = look_at_lot(connection, lot_id, site_id, to_site_id)
        number = seen.head.standing.promises + 1
        reservation = direct(
            f"{lot_id}/{number}",
            lot_id,
            site_id,
            units,
            household_id=household_id,
            to_site_id=to_site_id,
            day=at.astimezone(seen.zone).date(),
            now=at,
            until=until,
        )
        old = queries.reservations(connection, seen.head.standing.over(at))
        entries = promised(reservation, seen.goods, seen.balance, old, at, margins)
        connection.execute(insert(t.reservations), rows.reservation_row(reservation, None))
        post(connection, entries, [reservation], {lot_id: seen.head})
        return _promise(reservation, units, fold(entries, seen.balance))

    return transact(engine, work, _command(key, "reserve", told))


def settle(
    engine: Engine,
    reservation_id: str,
    units: int | None = None,
    *,
    reason: str = "",
    margins: Margins = DEFAULT_MARGIN_DAYS,
    now: datetime | None = None,
    key: str | None = None,
) -> Promise:
    """Hand over units of a promise that no plan drives, all that are open if not said otherwise.

    Goods that are held or past their margin are booked only with a `reason`.

    Raises:
        NotFound: if the book knows no such reservation.
        NotOpen: if fewer units are open, or a plan drives them.
        NotFree: if the lot is held or past its margin, without a reason.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> Promise:
        seen = look_at_promise(connection, reservation_id)
        reservation, head = seen.reservation, seen.head
        balance = head.standing.balance
        refuse_handing_over(reservation, seen.goods, balance, at, seen.zone, margins, reason)
        entries = settled(reservation, units, balance, head.entries + 1, at, reason)
        post(connection, entries, heads={reservation.lot_id: head})
        return _promise(reservation, entries[0].units, fold(entries, balance))

    return transact(engine, work, _command(key, "settle", _settling(reservation_id, units, reason)))


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
        seen = look_at_promise(connection, reservation_id)
        reservation, head = seen.reservation, seen.head
        balance = head.standing.balance
        entry = released(reservation, units, balance, head.entries + 1, reason, at)
        post(connection, [entry], heads={reservation.lot_id: head})
        return _promise(reservation, entry.units, fold([entry], balance))

    return transact(engine, work, _command(key, "release", [reservation_id, units, reason]))


def _promise(reservation: Reservation, units: int, balance: Balance) -> Promise:
    free = balance.free(reservation.lot_id, site(reservation.site_id))
    return Promise(reservation.id, units, balance.open.get(reservation.id, 0), free)


def _settling(reservation_id: str, units: int | None, reason: str) -> list[object]:
    """What is told; without a reason it reads as it did before there were reasons."""
    return [reservation_id, units, reason] if reason else [reservation_id, units]


def _command(key: str | None, verb: str, body: object) -> Command[Promise] | None:
    return None if key is None else Command(key, verb, body, astuple, _answer)


def _answer(kept: Any) -> Promise:
    return Promise(*kept)
