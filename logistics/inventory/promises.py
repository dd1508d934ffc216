"""Promises without a plan: reserve, settle in part, release the rest; and promises that have expired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from logistics.inventory.balance import Balance, extend
from logistics.inventory.entries import AccountKind, Entry, Kind, site
from logistics.inventory.goods import Goods
from logistics.inventory.passage import Passage
from logistics.inventory.reservation import Reservation, release, reserve
from logistics.model.errors import OsusowakeError

EXPIRED = "expired"
"""The reason of a release that nobody asked for."""


class NotFree(OsusowakeError):
    """So many units cannot be promised; the text says how many are there, promised and free."""


class NotOpen(OsusowakeError):
    """A reservation has fewer open units than are to be settled or released."""


def expired(reservations: Iterable[Reservation], balance: Balance, now: datetime) -> list[Entry]:
    """Releases of what is still open of promises whose time is over."""
    tag = f"{EXPIRED}:{now.timestamp():.6f}"  # what was undone since may expire once more
    return [
        release(reservation, balance.open[reservation.id], EXPIRED, now, tag)
        for reservation in reservations
        if reservation.has_expired(now) and reservation.id in balance.open
    ]


def direct(
    reservation_id: str,
    lot_id: str,
    site_id: str,
    units: int,
    *,
    household_id: str = "",
    to_site_id: str = "",
    day: date,
    now: datetime,
    until: datetime | None = None,
) -> Reservation:
    """A promise of units where they stand, to a household or to another site."""
    return Reservation(
        id=reservation_id,
        household_id=household_id,
        lot_id=lot_id,
        session_id=None,
        day=day,
        units=units,
        site_id=site_id,
        rest_site_id=site_id,
        handover_at=until or now,
        ways=(Passage(units),),
        expires_at=until,
        to_site_id=to_site_id,
    )


def promised(
    reservation: Reservation,
    goods: Goods,
    balance: Balance,
    old: Sequence[Reservation],
    now: datetime,
) -> tuple[Entry, ...]:
    """Entries of a new promise; those of the lot that have expired (`old`) end before.

    Raises:
        NotFree: if the lot is held or past its date, or too few of its units are free.
    """
    entries = expired(old, balance, now)
    after = extend(balance, entries)
    refuse_bad_goods(goods, after, now, reservation.day)
    place = site(reservation.site_id)
    free = after.free(reservation.lot_id, place)
    if free < reservation.units:
        there = after.on_hand(reservation.lot_id, place)
        raise NotFree(
            f"Lot {reservation.lot_id} at {reservation.site_id}: {reservation.units} units asked for, "
            f"{free} are free ({there} there, {there - free} promised)"
        )
    entries.append(reserve(reservation, now))
    extend(after, entries[-1:])
    return tuple(entries)


def refuse_bad_goods(goods: Goods, balance: Balance, now: datetime, today: date) -> None:
    """Nothing of a lot that is held, or past its date on the network's clock, is promised.

    Raises:
        NotFree: if so.
    """
    since = balance.held_since(goods.id)
    if since is not None and since <= now:
        raise NotFree(f"Lot {goods.id} is held since {since:%Y-%m-%d %H:%M}: nothing is issued")
    if goods.expired(now, today):
        until = goods.eat_by or goods.last_day
        raise NotFree(f"Lot {goods.id} was good until {until}: nothing is issued")


def settled(
    reservation: Reservation, units: int | None, balance: Balance, number: int, now: datetime
) -> tuple[Entry, ...]:
    """Entries of handing over units of a direct promise, all that are open if `units` is `None`.

    `number` counts the settlements of a reservation.

    Raises:
        NotOpen: if fewer units are open, or a plan drives them (outcomes settle those).
    """
    if not reservation.is_direct:
        raise NotOpen(f"Reservation {reservation.id} is a plan's: `record` books its outcome")
    given = _open(reservation, units, balance)
    source, recipient = site(reservation.site_id), reservation.recipient
    gone = Kind.DELIVER if recipient.kind is AccountKind.HOUSEHOLD else Kind.MOVE
    key, lot_id = f"settle:{reservation.id}:{number}", reservation.lot_id
    entries = (
        Entry(f"{key}/1", Kind.SETTLE, lot_id, recipient, source, given, now, now, reservation.id),
        Entry(f"{key}/2", gone, lot_id, source, recipient, given, now, now, reservation.id),
    )
    extend(balance, entries)
    return entries


def released(
    reservation: Reservation,
    units: int | None,
    balance: Balance,
    number: int,
    reason: str,
    now: datetime,
) -> Entry:
    """The entry that ends a promise, or so many units of it.

    Raises:
        NotOpen: if fewer units are open.
    """
    return release(
        reservation,
        _open(reservation, units, balance),
        reason,
        now,
        f"{reason or 'by hand'}:{number}",
    )


def _open(reservation: Reservation, units: int | None, balance: Balance) -> int:
    left = balance.open.get(reservation.id, 0)
    if left == 0 or (units or 0) > left:
        asked = "all" if units is None else str(units)
        raise NotOpen(
            f"Reservation {reservation.id}: {asked} units asked for, "
            f"{left} of {reservation.units} are open"
        )
    return left if units is None else units
