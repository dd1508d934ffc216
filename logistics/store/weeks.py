"""A week in the book: what is known of its lots before an import, and what an import keeps of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Table, insert, select, update

from logistics.inventory import Arrivals, Entry, Known, fold
from logistics.inventory.promises import expired
from logistics.model.problem import WeekProblem
from logistics.store import queries, rows
from logistics.store import tables as t
from logistics.store.posting import add_rows


def known(
    connection: Connection, problem: WeekProblem, last: queries.Import | None, now: datetime
) -> tuple[Known, list[Entry]]:
    """What the book knows about a week's lots, and those that the week listed before.

    Promises that have expired keep nothing back from a count; their releases come with it.
    """
    listed = {} if last is None else queries.listings_of_import(connection, last.id)
    lots = problem.lots.keys() | listed.keys()
    entries = queries.entries_of(connection, lots)
    balance = fold(entries)
    over = expired(queries.expired_reservations(connection, lots, now), balance, now)
    balance = fold(over, balance)
    facts = Known(
        goods=queries.goods_by_id(connection, lots),
        listed=listed,
        elsewhere=queries.listed_elsewhere(connection, problem.week_start),
        entries=entries,
        open=tuple(
            reservation
            for reservation in queries.reservations_by_lot(connection, lots)
            if reservation.id in balance.open
        ),
        balance=balance,
    )
    return facts, over


def keep_week(connection: Connection, problem: WeekProblem, result: Arrivals) -> None:
    """Organisations, sites and lots as the week tells them."""
    organisations = problem.organisations.values()
    _keep(connection, t.organisations, [rows.organisation_row(each) for each in organisations])
    _keep(connection, t.sites, [rows.site_row(each) for each in problem.sites.values()])
    _keep(connection, t.lots, [rows.goods_row(goods) for goods in result.goods])


def _keep(connection: Connection, table: Table, values: list[rows.Values]) -> None:
    """Insert what is new and update what is told differently, by `id`."""
    old = {row["id"]: dict(row) for row in connection.execute(select(table)).mappings()}
    add_rows(connection, table, [row for row in values if row["id"] not in old])
    for row in values:
        if row["id"] in old and old[row["id"]] != row:
            connection.execute(update(table).where(table.c.id == row["id"]).values(row))


def add_import(
    connection: Connection,
    problem: WeekProblem,
    result: Arrivals,
    import_id: int,
    now: datetime,
) -> None:
    """One taking-in of a week, and what it says about each lot."""
    week = {
        "id": import_id,
        "week_start": problem.week_start,
        "name": problem.name,
        "timezone": problem.timezone,
        "digest": problem.digest,
        "recorded_at": now,
    }
    connection.execute(insert(t.imports), week)
    add_rows(
        connection, t.listings, [rows.listing_row(each, import_id) for each in result.listings]
    )
