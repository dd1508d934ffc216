"""What the verbs read: facts by lot, by week and by plan. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, or_, select

from logistics.inventory import Account, AccountKind, Entry, Goods, Kind, Listing, Reservation
from logistics.inventory.ancestry import Leg
from logistics.inventory.entries import donor, site
from logistics.store import tables as t
from logistics.store.rows import entry_of, goods_of_row, listing_of, reservation_of

BATCH = 500
"""Identifiers a query: SQLite allows 32,766 variables, older builds 999."""


@dataclass(frozen=True, slots=True)
class Import:
    """One taking-in of a week's folder."""

    id: int
    week_start: date
    timezone: str
    digest: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A plan that was published."""

    id: str
    number: int
    plan_sha256: str


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def entries_of(connection: Connection, lot_ids: Iterable[str]) -> tuple[Entry, ...]:
    """The entries of some lots in the order in which the book learned of them."""
    rows = [
        row
        for some in _batches(lot_ids)
        for row in connection.execute(select(t.entries).where(t.entries.c.lot_id.in_(some)))
    ]
    return tuple(entry_of(row) for row in sorted(rows, key=lambda row: int(row.seq)))


def change_legs(connection: Connection) -> tuple[Leg, ...]:
    """All that changes of lots took and gave, in the order of the book; of any lot, it is little."""
    entries, kind = t.entries.c, str(AccountKind.CHANGE)
    query = (
        select(
            entries.lot_id,
            entries.source_kind,
            entries.source_id,
            entries.target_id,
            entries.units,
            entries.kind,
            entries.effective_at,
        )
        .where(or_(entries.source_kind == kind, entries.target_kind == kind))
        .order_by(entries.seq)
    )
    return tuple(
        Leg(source_id, lot_id, -units, Kind(what), at)
        if source_kind == kind
        else Leg(target_id, lot_id, units, Kind(what), at)
        for lot_id, source_kind, source_id, target_id, units, what, at in connection.execute(query)
    )


def goods_by_id(connection: Connection, lot_ids: Iterable[str]) -> dict[str, Goods]:
    """The facts of those lots that the book knows."""
    return {
        row.id: goods_of_row(row)
        for some in _batches(lot_ids)
        for row in connection.execute(select(t.lots).where(t.lots.c.id.in_(some)))
    }


def lot_ids(connection: Connection) -> tuple[str, ...]:
    """Every lot the book knows."""
    return tuple(connection.scalars(select(t.lots.c.id).order_by(t.lots.c.id)))


def site_ids(connection: Connection) -> frozenset[str]:
    """Every site the book knows."""
    return frozenset(connection.scalars(select(t.sites.c.id)))


def last_import(connection: Connection, week_start: date | None = None) -> Import | None:
    """The latest import, of one week or of any."""
    query = select(t.imports).order_by(t.imports.c.id.desc())
    if week_start is not None:
        query = query.where(t.imports.c.week_start == week_start)
    row = connection.execute(query.limit(1)).first()
    return None if row is None else Import(row.id, row.week_start, row.timezone, row.digest)


def listings_of_import(connection: Connection, import_id: int) -> dict[str, Listing]:
    """What an import said about each lot."""
    query = select(t.listings).where(t.listings.c.import_id == import_id)
    return {row.lot_id: listing_of(row) for row in connection.execute(query)}


def listed_elsewhere(connection: Connection, week_start: date) -> frozenset[str]:
    """The lots that any other week has listed."""
    query = (
        select(t.listings.c.lot_id)
        .join(t.imports, t.imports.c.id == t.listings.c.import_id)
        .where(t.imports.c.week_start != week_start)
        .distinct()
    )
    return frozenset(connection.scalars(query))


def last_publication(connection: Connection, week_start: date) -> Publication | None:
    """The plan of a week that counts now."""
    query = (
        select(t.publications.c.id, t.publications.c.number, t.publications.c.plan_sha256)
        .where(t.publications.c.week_start == week_start)
        .order_by(t.publications.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else Publication(row.id, row.number, row.plan_sha256)


def reservations_by_lot(connection: Connection, lots: Iterable[str]) -> tuple[Reservation, ...]:
    """The reservations of some lots, those of earlier plans first."""
    rows = [
        row
        for some in _batches(lots)
        for row in connection.execute(
            select(t.reservations, t.publications.c.recorded_at, t.publications.c.number)
            .outerjoin(t.publications, t.publications.c.id == t.reservations.c.publication_id)
            .where(t.reservations.c.lot_id.in_(some))
        )
    ]
    without_plan = datetime.min.replace(tzinfo=UTC)
    rows.sort(key=lambda row: (row.recorded_at or without_plan, row.number or 0, row.id))
    return tuple(reservation_of(row) for row in rows)


def expired_reservations(
    connection: Connection, lots: Iterable[str], now: datetime
) -> tuple[Reservation, ...]:
    """The reservations of some lots whose time is over, settled or not."""
    return tuple(
        reservation_of(row)
        for some in _batches(lots)
        for row in connection.execute(
            select(t.reservations)
            .where(t.reservations.c.lot_id.in_(some), t.reservations.c.expires_at <= now)
            .order_by(t.reservations.c.id)
        )
    )


def reservations(connection: Connection, ids: Iterable[str]) -> tuple[Reservation, ...]:
    """Some reservations, in the order of their names."""
    return tuple(
        reservation_of(row)
        for some in _batches(ids)
        for row in connection.execute(
            select(t.reservations)
            .where(t.reservations.c.id.in_(some))
            .order_by(t.reservations.c.id)
        )
    )


def lots_of_fact(connection: Connection, fact: str, parts: int) -> frozenset[str]:
    """The lots of the entries that have this id, or this id and a number of at most `parts`."""
    ids = [fact, *(f"{fact}/{number}" for number in range(1, parts + 1))]
    return frozenset(
        connection.scalars(select(t.entries.c.lot_id).where(t.entries.c.id.in_(ids)).distinct())
    )


def org_of_site(connection: Connection, site_id: str) -> str:
    """The organisation that keeps a site which the book knows."""
    return str(connection.scalars(select(t.sites.c.org_id).where(t.sites.c.id == site_id)).one())


def reservations_of_week(connection: Connection, week_start: date) -> tuple[Reservation, ...]:
    """The reservations of every plan of a week."""
    query = (
        select(t.reservations)
        .join(t.publications, t.publications.c.id == t.reservations.c.publication_id)
        .where(t.publications.c.week_start == week_start)
        .order_by(t.publications.c.number, t.reservations.c.id)
    )
    return tuple(reservation_of(row) for row in connection.execute(query))


def outcome_units(connection: Connection, ids: Iterable[str]) -> dict[str, int | None]:
    """The stated units of outcomes already recorded, by identity."""
    return {
        row.id: row.units
        for some in _batches(ids)
        for row in connection.execute(
            select(t.outcomes.c.id, t.outcomes.c.units).where(t.outcomes.c.id.in_(some))
        )
    }


def place_names(connection: Connection) -> dict[Account, str]:
    """Names of donors and sites by account."""
    donors = connection.execute(select(t.organisations.c.id, t.organisations.c.name))
    places = connection.execute(select(t.sites.c.id, t.sites.c.name))
    return {donor(row.id): row.name for row in donors} | {site(row.id): row.name for row in places}


def next_import_id(connection: Connection) -> int:
    """The number of the import that comes next."""
    return (connection.scalar(select(func.max(t.imports.c.id))) or 0) + 1
