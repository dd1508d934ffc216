"""What stands of mutual help: offers and needs that are open, what is agreed on, what was moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from logistics.inventory import Balance, Entry, Goods, fold
from logistics.inventory.expiry import Margins, local_day
from logistics.inventory.mutual import (
    Agreement,
    Calendar,
    Match,
    Need,
    Offer,
    Room,
    Stand,
    room_left,
    set_aside,
    stand,
)
from logistics.inventory.promises import expired
from logistics.model.units import FoodGroup
from logistics.store import queries
from logistics.store import tables as t
from logistics.store.dated import network_clock
from logistics.store.engine import reading
from logistics.store.rows import reservation_of


@dataclass(frozen=True, slots=True)
class Help:
    """Everything that matching needs from the book: what is open, and the facts of the lots.

    `agreements` still keep units, the oldest first; `done` are the transfers that count. `on_hand`
    are units by lot and site, `coming` those promised to a site and not there yet. Promises whose
    time is over count no more.
    """

    stand: Stand
    goods: Mapping[str, Goods]
    balance: Balance
    on_hand: Mapping[tuple[str, str], int]
    coming: Mapping[tuple[str, str], int]
    agreements: tuple[Agreement, ...]
    done: tuple[Match, ...]
    offers: Mapping[str, Offer]
    at: datetime

    def without(self, match: Match) -> Help:
        """As if nothing were agreed on for the offer and need of a match."""
        pair = match.offer_id, match.need_id
        own = [each for each in self.agreements if (each.offer_id, each.need_id) == pair]
        others = [each for each in self.agreements if (each.offer_id, each.need_id) != pair]
        balance = set_aside(own, self.balance, self.at)
        coming = dict(self.coming)
        for each in own:
            one = each.reservation
            coming[one.lot_id, one.to_site_id] -= each.match(self.balance).units
        told = _stand(self.offers, self.stand.needs, self.done, others, self.goods, balance)
        shown = tuple(self.stand.offers)
        return replace(self, stand=replace(told, offers=shown), balance=balance, coming=coming)

    def room(self, capacity: Room) -> Room:
        """Grams that sites of these capacities can still take, beside what is there or to come."""
        there = dict(self.on_hand)
        for key, units in self.coming.items():
            there[key] = there.get(key, 0) + units
        return room_left(capacity, self.goods, there)


def open_help(engine: Engine, now: datetime | None = None) -> Help:
    """The offers and needs that were not withdrawn, with what of them is still open."""
    with reading(engine) as connection:
        return help_now(connection, queries.lot_ids(connection), now or datetime.now(UTC))


def clock_of(engine: Engine, margins: Margins, now: datetime | None = None) -> Calendar:
    """The network's day, clock and margins."""
    with reading(engine) as connection:
        return calendar_at(connection, margins, now or datetime.now(UTC))


def calendar_at(connection: Connection, margins: Margins, at: datetime) -> Calendar:
    """The network's day and clock at a moment."""
    zone = network_clock(connection)
    return Calendar(local_day(at, zone), zone, margins)


def offered_lots(connection: Connection) -> tuple[str, ...]:
    """The lots that were ever offered."""
    query = select(t.statements.c.lot_id).where(t.statements.c.kind == "offer").distinct()
    return tuple(str(lot_id) for lot_id in connection.scalars(query))


def help_now(connection: Connection, lots: Iterable[str], now: datetime) -> Help:
    """What stands of mutual help, looking at some lots, among them all that were ever offered."""
    found = connection.execute(select(t.statements).order_by(t.statements.c.recorded_at)).all()
    gone = {row.withdraws for row in found if row.withdraws}
    offers = {row.id: offer_of(row) for row in found if row.kind == "offer"}
    needs = tuple(need_of(row) for row in found if row.kind == "need" and row.id not in gone)
    entries = queries.entries_of(connection, known := tuple(lots))
    balance = fold(entries)
    over = expired(queries.expired_reservations(connection, known, now), balance, now)
    balance, goods = fold(over, balance), queries.goods_by_id(connection, known)
    agreements = _agreements(connection)
    done = tuple(_done(connection, entries, agreements))
    kept = tuple(each for each in agreements if each.match(balance).units)
    told = _stand(offers, needs, done, kept, goods, balance)
    shown = tuple(each for each in told.offers if each.id not in gone)
    return Help(
        stand=replace(told, offers=shown),
        goods=goods,
        balance=balance,
        on_hand=dict(_by_site(balance.units)),
        coming=_coming(connection, balance),
        agreements=kept,
        done=done,
        offers=offers,
        at=now,
    )


def offer_of(row: Any) -> Offer:
    """An offer from its row."""
    return Offer(row.id, row.site_id, row.lot_id, row.units, row.day, row.pack)


def need_of(row: Any) -> Need:
    """A need from its row."""
    group = FoodGroup(row.food_group) if row.food_group else None
    return Need(row.id, row.site_id, group, row.units, row.day)


def _stand(
    offers: Mapping[str, Offer],
    needs: Iterable[Need],
    done: Iterable[Match],
    agreements: Iterable[Agreement],
    goods: Mapping[str, Goods],
    balance: Balance,
) -> Stand:
    kept = [each.match(balance) for each in agreements]
    return stand(list(offers.values()), list(needs), [*done, *kept], goods, balance)


def _by_site(units: Mapping[Any, int]) -> Iterable[tuple[tuple[str, str], int]]:
    for (lot_id, place), n in units.items():
        if place.holds_stock:
            yield (lot_id, place.id), n


def _coming(connection: Connection, balance: Balance) -> dict[tuple[str, str], int]:
    """Units that are kept for another site, by lot and that site."""
    found: dict[tuple[str, str], int] = {}
    for row in connection.execute(
        select(t.reservations.c.id, t.reservations.c.lot_id, t.reservations.c.to_site_id).where(
            t.reservations.c.to_site_id.is_not(None)
        )
    ):
        key, units = (row.lot_id, row.to_site_id), balance.open.get(row.id, 0)
        if units:
            found[key] = found.get(key, 0) + units
    return found


def _agreements(connection: Connection) -> tuple[Agreement, ...]:
    """All agreements, in the order in which they were made."""
    query = select(
        t.agreements.c.id.label("agreement_id"),
        t.agreements.c.offer_id,
        t.agreements.c.need_id,
        t.reservations,
    ).join(t.reservations, t.reservations.c.id == t.agreements.c.reservation_id)
    found = [
        Agreement(row.agreement_id, row.offer_id, row.need_id, reservation_of(row))
        for row in connection.execute(query)
    ]
    return tuple(sorted(found, key=lambda each: int(each.id[1:])))


def _done(
    connection: Connection, entries: Iterable[Entry], agreements: Iterable[Agreement]
) -> Iterable[Match]:
    """The transfers that were not reversed, and what `settle` moved of agreements."""
    known = {entry.id: entry for entry in entries}
    undone = {entry.reverses for entry in known.values() if entry.reverses}
    for row in connection.execute(select(t.transfers)):
        if row.entry_id not in undone and row.entry_id in known:
            yield Match(row.offer_id, row.need_id, known[row.entry_id].units)
    of = {each.reservation.id: each for each in agreements}
    for entry in known.values():
        each = of.get(entry.reservation_id)
        counts = entry.kind.is_posted and not entry.reverses and entry.id not in undone
        if each is not None and counts:
            yield Match(each.offer_id, each.need_id, entry.units)


def next_id(connection: Connection, table: Any, letter: str, kind: str = "") -> str:
    """The next number of a kind: O1, O2, N1, A1, T1."""
    query = select(func.count()).select_from(table)
    if kind:
        query = query.where(table.c.kind == kind)
    return f"{letter}{(connection.scalar(query) or 0) + 1}"
