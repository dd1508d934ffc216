"""What heads keep of how lots stand: made by every verb, made anew by the migration, never trusted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from logistics import store
from logistics.inventory.standing import NOTHING, Standing, standing_of, standing_text
from logistics.store import queries
from logistics.store.chaining import hold_heads
from logistics.store.engine import reshaping
from logistics.store.schema import migrate
from tests.inventory import world
from tests.inventory.world import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def book(url: str) -> Engine:
    """20 of L1: 6 for a plan, 3 promised for an hour, 2 of 4 handed over; then L1 is held."""
    engine = store.init_book(url)
    problem = world.week([world.lot("L1", 20)])
    store.import_week(engine, problem, now=NOW)
    store.publish(engine, problem, world.plan(problem, [("A", "L1", "V", 6)]), [], now=NOW)
    store.reserve(engine, "L1", "HUB", 3, household_id="B", until=LATER, now=NOW)
    done = store.reserve(engine, "L1", "HUB", 4, household_id="C", now=NOW)
    store.settle(engine, done.reservation_id, 2, now=NOW)
    store.hold(engine, "L1", "a rumour", now=NOW)
    return engine


def kept(engine: Engine) -> Standing:
    return store.transact(engine, lambda found: hold_heads(found, ["L1"]))["L1"].standing


def test_it_is_what_the_entries_add_up_to(book: Engine) -> None:
    entries = store.lots_extract(book, ["L1"]).entries
    found = kept(book)
    assert found.balance == NOTHING.after(entries).balance
    assert found.promises == 3
    # on hand 20 - 2; open 6 + 3 + 2
    assert (*found.balance.units.values(),) == (18,)
    assert sorted(found.balance.open.values()) == [2, 3, 6]
    assert found.over(NOW) == []
    assert found.over(LATER) == ["L1/2"]
    assert standing_of(standing_text(found), "L1") == found


def test_the_migration_adds_up_a_book_from_before(book: Engine, url: str) -> None:
    before = kept(book)
    with reshaping(book) as connection:
        migrate(connection, "0004")
    again = store.init_book(url)
    found = kept(again)
    assert (found.balance, found.promises) == (before.balance, before.promises)
    # the ends of old promises are not known here: their reservations are asked
    assert sorted(found.over(NOW)) == sorted(found.balance.open)
    assert store.audit(again, now=NOW).findings == ()
    hold_id = next(iter(found.balance.holds))
    store.unhold(again, hold_id, now=NOW)
    assert store.reserve(again, "L1", "HUB", 10, household_id="D", now=LATER).free == 0


@pytest.mark.parametrize("change", ['"promises":3|"promises":2', "18]|19]"])
def test_the_audit_sees_what_was_changed(book: Engine, change: str) -> None:
    old, new = change.split("|")
    with reshaping(book) as connection:
        connection.exec_driver_sql(
            f"UPDATE heads SET standing = replace(standing, '{old}', '{new}')"
        )
    assert [found.code for found in store.audit(book, now=NOW).findings] == ["standing_differs"]


def test_the_name_of_the_next_promise_counts_those_of_plans(book: Engine) -> None:
    with_names = store.transact(book, lambda found: queries.reservations_by_lot(found, ["L1"]))
    assert len({each.id for each in with_names}) == 3
