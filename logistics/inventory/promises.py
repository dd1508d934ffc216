"""Promises without a plan: reserve, settle in part, release the rest; and promises that have expired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo

from logistics.inventory.balance import EMPTY, Balance, extend
from logistics.inventory.entries import AccountKind, Entry, Kind, site
from logistics.inventory.expiry import Late, Margins, late_at, lateness
from logistics.inventory.goods import Goods
from logistics.inventory.passage import Passage
from logistics.inventory.reservation import Reservation, release, reserve
from logistics.model.errors import Refusal
from logistics.model.problem import DEFAULT_MARGIN_DAYS

EXPIRED = "expired"
"""The reason of a release that nobody asked for."""


class NotFree(Refusal):
    """So many units cannot be promised; the text says how many are there, promised and free."""


class NotOpen(Refusal):
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
    margins: Margins = DEFAULT_MARGIN_DAYS,
) -> tuple[Entry, ...]:
    """Entries of a new promise; those of the lot that have expired (`old`) end before.

    Raises:
        NotFree: if the lot is held or past its margin, too few of its units are free, or the promise
            would have ended already.
    """
    if reservation.has_expired(now):
        until = f"{reservation.expires_at:%Y-%m-%d %H:%M %Z}"
        text = f"Lot {reservation.lot_id}: a promise until {until} is over already"
        raise NotFree(text, "over_already", lot=reservation.lot_id, until=until)
    entries = expired(old, balance, now)
    after = extend(balance, entries)
    refuse_bad_goods(goods, after, now, lateness(goods, reservation.day, now, margins))
    place = site(reservation.site_id)
    free = after.free(reservation.lot_id, place)
    if free < reservation.units:
        there = after.on_hand(reservation.lot_id, place)
        raise NotFree(
            f"Lot {reservation.lot_id} at {reservation.site_id}: {reservation.units} units asked for, "
            f"{free} are free ({there} there, {there - free} promised)",
            "not_free",
            lot=reservation.lot_id,
            site=reservation.site_id,
            units=reservation.units,
            free=free,
            there=there,
            promised=there - free,
        )
    entries.append(reserve(reservation, now))
    extend(after, entries[-1:])
    return tuple(entries)


def refuse_bad_goods(goods: Goods, balance: Balance, now: datetime, late: Late | None) -> None:
    """Nothing of a lot that is held, or past its date or margin (`late`), is issued.

    Raises:
        NotFree: if so.
    """
    since = balance.held_since(goods.id)
    if since is not None and since <= now:
        when = f"{since:%Y-%m-%d %H:%M}"
        text = f"Lot {goods.id} is held since {when}: nothing is issued"
        raise NotFree(text, "held", lot=goods.id, since=when)
    if late is None:
        return
    until = str(goods.last_day)
    if late is Late.COOKED_TOO_OLD:
        until = f"{goods.eat_by:%Y-%m-%d %H:%M %Z}"
    if late is Late.PAST_MARGIN:
        text = f"Lot {goods.id} is good until {until}, less its margin: nothing is issued"
    else:
        text = f"Lot {goods.id} was good until {until}: nothing is issued"
    raise NotFree(text, str(late), lot=goods.id, until=until)


def refuse_handing_over(
    reservation: Reservation,
    goods: Goods,
    balance: Balance,
    now: datetime,
    zone: tzinfo,
    margins: Margins = DEFAULT_MARGIN_DAYS,
    reason: str = "",
) -> None:
    """A promise is not kept with goods that may not be issued any more, unless somebody says why.

    What has happened is booked with its reason: the book must not refuse what is true. Held goods may
    be put at another site, as by `move`.

    Raises:
        NotFree: if the lot is past its margin on the network's clock, or held and for a household,
            without a reason.
    """
    if reason.strip():
        return
    known = balance if reservation.household_id else EMPTY
    refuse_bad_goods(goods, known, now, late_at(goods, now, zone, margins))


def settled(
    reservation: Reservation,
    units: int | None,
    balance: Balance,
    number: int,
    now: datetime,
    reason: str = "",
) -> tuple[Entry, ...]:
    """Entries of handing over units of a direct promise, all that are open if `units` is `None`.

    `number` counts the settlements of a reservation; `reason` says why goods were given that should
    not be (`refuse_handing_over`).

    Raises:
        NotOpen: if fewer units are open, or a plan drives them (outcomes settle those).
    """
    if not reservation.is_direct:
        text = f"Reservation {reservation.id} is a plan's: `record` books its outcome"
        raise NotOpen(text, "plans_promise", reservation=reservation.id)
    given = _open(reservation, units, balance)
    source, recipient = site(reservation.site_id), reservation.recipient
    gone = Kind.DELIVER if recipient.kind is AccountKind.HOUSEHOLD else Kind.MOVE
    key, lot_id = f"settle:{reservation.id}:{number}", reservation.lot_id
    entries = (
        Entry(f"{key}/1", Kind.SETTLE, lot_id, recipient, source, given, now, now, reservation.id),
        Entry(f"{key}/2", gone, lot_id, source, recipient, given, now, now, reservation.id, reason),
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
            f"{left} of {reservation.units} are open",
            "not_open",
            reservation=reservation.id,
            units=reservation.units if units is None else units,
            open=left,
            of=reservation.units,
        )
    return left if units is None else units
