"""Agree on units of an offer for a need, which keeps them, and book that they were brought."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, select

from logistics.inventory.acts import Act
from logistics.inventory.entries import Entry, Kind
from logistics.inventory.expiry import Margins, late_at
from logistics.inventory.mutual import (
    Agreement,
    Calendar,
    Match,
    Need,
    Offer,
    Room,
    agreed,
    check_matches,
    moved,
)
from logistics.inventory.promises import expired, released
from logistics.inventory.reservation import reserve
from logistics.inventory.reversal import reverse, undone_ids
from logistics.model.errors import Finding, NotFound
from logistics.store import queries, rows
from logistics.store import tables as t
from logistics.store.chaining import hold_heads, seal
from logistics.store.commands import Command
from logistics.store.desk import look
from logistics.store.engine import reading, transact
from logistics.store.helping import Help, calendar_at, help_now, next_id, offered_lots
from logistics.store.looking import look_at_promise
from logistics.store.posting import add_rows, post

WITHDRAWN = "withdrawn"
"""Why units that were kept are free again, or came back."""

Booked = tuple[tuple[str, ...], tuple[Finding, ...]]
"""Names of what was booked; with findings nothing is."""


def agree(
    engine: Engine,
    matches: Sequence[Match],
    margins: Margins,
    capacity: Room | None = None,
    *,
    now: datetime | None = None,
    key: str | None = None,
) -> Booked:
    """Keep units of offers for needs, until the offer or the need is over: all matches or none.

    Without the sites' `capacity` the storage room is not looked at. Gives the agreements' ids.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> Booked:
        known, calendar = _look(connection, matches, margins, at, capacity is not None)
        wrong = _wrong(matches, known, calendar, capacity, at)
        if wrong:
            return (), wrong
        _release_expired(connection, matches, known, at)
        new: list[Agreement] = []
        first = int(next_id(connection, t.agreements, "A")[1:])
        for number, match in enumerate(matches, start=first):
            offer, need = _ends(match, known)
            new.append(agreed(f"A{number}", offer, need, match.units, at, calendar.zone))
        made = [each.reservation for each in new]
        add_rows(connection, t.reservations, [rows.reservation_row(one, None) for one in made])
        post(connection, [reserve(one, at) for one in made], made)
        ends = [{"id": a.id, "offer_id": a.offer_id, "need_id": a.need_id} for a in new]
        add_rows(
            connection, t.agreements, [{**each, "reservation_id": each["id"]} for each in ends]
        )
        return tuple(each.id for each in new), ()

    body = [[match.offer_id, match.need_id, match.units] for match in matches]
    return transact(engine, work, _command(key, "agree", body))


def transfer(
    engine: Engine,
    match: Match,
    margins: Margins,
    capacity: Room | None = None,
    *,
    now: datetime | None = None,
    key: str | None = None,
) -> tuple[str, tuple[Finding, ...]]:
    """Book that units of an offer went to a need's site; with findings nothing is booked.

    What is agreed on for the two is settled first, the rest is taken from what is free. Without the
    sites' `capacity` the storage room is not looked at. Gives the transfer's id.
    """
    at = now or datetime.now(UTC)

    def work(connection: Connection) -> Booked:
        found, calendar = _look(connection, [match], margins, at, capacity is not None)
        known = found.without(match)
        wrong = _wrong([match], known, calendar, capacity, at)
        if wrong:
            return (), wrong
        _release_expired(connection, [match], found, at)
        offer, need = _ends(match, found)
        new_id = next_id(connection, t.transfers, "T")
        own = [a for a in found.agreements if (a.offer_id, a.need_id) == (offer.id, need.id)]
        entries = moved(new_id, offer, need, match.units, own, found.balance, at)
        post(connection, entries)
        ends = {"offer_id": offer.id, "need_id": need.id}
        connection.execute(insert(t.transfers), {"id": new_id, "entry_id": entries[-1].id, **ends})
        seal(connection, at)
        return (new_id,), ()

    body = [match.offer_id, match.need_id, match.units]
    done, wrong = transact(engine, work, _command(key, "transfer", body))
    return (done[0] if done else ""), wrong


def agreement(engine: Engine, agreement_id: str, now: datetime | None = None) -> Match:
    """An agreement by its id, with the units that it still keeps.

    Raises:
        NotFound: if there is no such agreement.
    """
    with reading(engine) as connection:
        known = help_now(connection, offered_lots(connection), now or datetime.now(UTC))
        row = connection.execute(_AGREEMENTS.where(t.agreements.c.id == agreement_id)).first()
    if row is None:
        raise NotFound(
            f"Agreement {agreement_id}: there is none such", "no_agreement", id=agreement_id
        )
    kept = {each.id: each.match(known.balance) for each in known.agreements}
    return kept.get(agreement_id, Match(row.offer_id, row.need_id, 0))


def release_agreements(connection: Connection, what: str, at: datetime) -> int:
    """What is kept by an agreement, or for an offer or need, is free again; the units."""
    table, units = t.agreements, 0
    of = (table.c.id == what) | (table.c.offer_id == what) | (table.c.need_id == what)
    for row in connection.execute(_AGREEMENTS.where(of).order_by(table.c.id)).all():
        seen = look_at_promise(connection, row.reservation_id)
        balance, head = seen.head.standing.balance, seen.head
        if row.reservation_id in balance.open:
            entry = released(seen.reservation, None, balance, head.entries + 1, WITHDRAWN, at)
            post(connection, [entry], heads={seen.reservation.lot_id: head})
            units += entry.units
    return units


def undo_transfer(connection: Connection, entry_id: str, at: datetime) -> bool:
    """Take a transfer back; `False` if that was done before.

    What it settled is kept again, unless the agreement, its offer or its need was taken back meanwhile.
    """
    lot_id = connection.scalar(select(t.entries.c.lot_id).where(t.entries.c.id == entry_id))
    seen = look(connection, (str(lot_id),), at)
    if entry_id in undone_ids(seen.entries):
        return False
    back = reverse(seen.entries, entry_id, Act(f"undo:{entry_id}", at, at, WITHDRAWN))
    post(connection, (*seen.over, *back))
    _end_what_was_withdrawn(connection, {entry.reservation_id for entry in back}, seen.entries, at)
    seal(connection, at)
    return True


def _end_what_was_withdrawn(
    connection: Connection, reservation_ids: Collection[str], before: Iterable[Entry], at: datetime
) -> None:
    """Agreements among these that nobody wants any more are not kept again."""
    ended = {e.reservation_id for e in before if e.kind is Kind.RELEASE and e.reason == WITHDRAWN}
    gone = set(connection.scalars(select(t.statements.c.withdraws)))
    of = t.agreements.c.reservation_id.in_(reservation_ids)
    for row in connection.execute(_AGREEMENTS.where(of).order_by(t.agreements.c.id)).all():
        if row.reservation_id in ended or {row.offer_id, row.need_id} & gone:
            release_agreements(connection, row.id, at)


def _look(
    connection: Connection, matches: Sequence[Match], margins: Margins, at: datetime, stock: bool
) -> tuple[Help, Calendar]:
    """What stands, the heads of the matches' lots held; with `stock` all that takes room is seen."""
    ids = {match.offer_id for match in matches}
    query = select(t.statements.c.lot_id).where(t.statements.c.id.in_(ids))
    hold_heads(connection, (str(lot) for lot in connection.scalars(query) if lot))
    lots = queries.lot_ids(connection) if stock else offered_lots(connection)
    return help_now(connection, lots, at), calendar_at(connection, margins, at)


def _wrong(
    matches: Sequence[Match], known: Help, calendar: Calendar, capacity: Room | None, at: datetime
) -> tuple[Finding, ...]:
    """What forbids matches now: fit, units, room, and goods that may not be issued any more."""
    if capacity is not None:
        room = known.room(capacity)
    else:
        most = sum(lot.unit_g for lot in known.goods.values()) * max(1, *(m.units for m in matches))
        storages = {lot.storage for lot in known.goods.values()}
        whole = most * len(matches)
        room = {(n.site_id, each): whole for n in known.stand.needs for each in storages}
    found = check_matches(matches, known.stand, known.goods, room, calendar)
    if found:
        return found
    late = []
    for match in matches:
        lot_id = _ends(match, known)[0].lot_id
        why = late_at(known.goods[lot_id], at, calendar.zone, calendar.margins)
        if why is not None:
            message = f"Lot {lot_id} may not be issued any more"
            late.append(Finding(str(why), message, ids=(lot_id,)))
    return tuple(late)


def _release_expired(
    connection: Connection, matches: Sequence[Match], known: Help, at: datetime
) -> None:
    """Promises of the matches' lots whose time is over are released before anything else."""
    lots = {_ends(match, known)[0].lot_id for match in matches}
    heads = hold_heads(connection, lots)
    for lot, head in heads.items():
        balance = head.standing.balance
        over = queries.expired_reservations(connection, (lot,), at)
        post(connection, expired(over, balance, at))


def _ends(match: Match, known: Help) -> tuple[Offer, Need]:
    need = next(each for each in known.stand.needs if each.id == match.need_id)
    return known.offers[match.offer_id], need


_AGREEMENTS = select(t.agreements)


def _command(key: str | None, verb: str, body: object) -> Command[Booked] | None:
    """A command under a key; an answer with findings is not kept."""
    if key is None:
        return None
    return Command(
        key, verb, body, lambda done: None if done[1] else done[0], lambda ids: (tuple(ids), ())
    )
