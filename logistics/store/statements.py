"""The verb `statement`: what a donor may see, decided before it leaves the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from sqlalchemy import Column, Connection, Engine, select

from logistics.inventory import Entry, Goods
from logistics.inventory.clock import zone_of
from logistics.inventory.donations import Context, Origins, ledger_of
from logistics.inventory.statement import Statement, period, refuse_open, statement_of
from logistics.model.errors import NotFound
from logistics.model.units import SiteKind
from logistics.store import queries
from logistics.store import tables as t
from logistics.store.engine import reading

OriginsOf = Callable[[tuple[Entry, ...], Mapping[str, Goods]], Origins]
"""Which received lots each lot came from, from all entries and lots."""


def statement(
    engine: Engine,
    org_id: str,
    first_day: date,
    until_day: date,
    *,
    origins_of: OriginsOf | None = None,
    now: datetime | None = None,
) -> Statement:
    """What a donor may see of whole, closed months; without `origins_of` each lot is its own origin.

    Every entry of the book is read: the groups of a month depend on all donors.

    Raises:
        NoSuchPeriod: if the days do not begin and end a month.
        NotFound: if the book knows no such organisation, or no week yet.
        MonthOpen: if the last month is not closed.
    """
    months = period(first_day, until_day)
    with reading(engine) as connection:
        names = {
            **_texts(connection, t.sites.c.id, t.sites.c.name),
            **_texts(connection, t.organisations.c.id, t.organisations.c.name),
        }
        if org_id not in set(connection.scalars(select(t.organisations.c.id))):
            raise NotFound(
                f"Organisation {org_id}: the book knows no such organisation", "no_org", org=org_id
            )
        last_import = queries.last_import(connection)
        if last_import is None:
            raise NotFound("the book knows no week yet: import one first", "no_week")
        zone = zone_of(last_import.timezone)
        refuse_open(months[1], now or datetime.now(UTC), zone)
        lots = queries.lot_ids(connection)
        entries, goods = queries.entries_of(connection, lots), queries.goods_by_id(connection, lots)
        at_donors = select(t.sites.c.id).where(t.sites.c.kind == str(SiteKind.DONOR))
        context = Context(
            goods=goods,
            donor_sites=frozenset(connection.scalars(at_donors)),
            rest_sites=_texts(connection, t.reservations.c.id, t.reservations.c.rest_site_id),
            zone=zone,
            origins={} if origins_of is None else origins_of(entries, goods),
        )
    return statement_of(ledger_of(entries, context), org_id, months, names, zone)


def _texts(connection: Connection, key: Column[str], value: Column[str]) -> dict[str, str]:
    """One text column of a table by another."""
    return {row[0]: row[1] for row in connection.execute(select(key, value))}
