"""Acts with goods through the database, on both: written, undone, told twice, side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from logistics import store
from logistics.inventory import Entry, OutcomeKind, change_findings, fold, violations
from logistics.inventory.acts import ActRefused
from logistics.inventory.entries import household
from logistics.inventory.promises import NotFree
from logistics.model.errors import NotFound
from logistics.store import queries
from logistics.store.engine import reading
from tests.inventory import world
from tests.inventory.test_outcomes import told
from tests.inventory.world import NOW

LATER = NOW + timedelta(days=4)


@pytest.fixture
def book(url: str) -> Engine:
    """L1: 10 and L2: 6 units of 500 g rice at the hub."""
    engine = store.init_book(url)
    lots = [world.lot("L1", 10, item="rice"), world.lot("L2", 6, item="rice")]
    store.import_week(engine, world.week(lots), now=NOW)
    return engine


def entries(engine: Engine) -> tuple[Entry, ...]:
    with reading(engine) as connection:
        return queries.entries_of(connection, queries.lot_ids(connection))


def sound(engine: Engine) -> None:
    with reading(engine) as connection:
        known = queries.goods_by_id(connection, queries.lot_ids(connection))
    found = entries(engine)
    assert violations(fold(found)) == []
    assert change_findings(found, known) == []
    assert store.audit(engine).findings == ()


def test_a_lot_is_moved_split_merged_repacked_and_all_of_it_undone(book: Engine) -> None:
    before = fold(entries(book)).units
    moved = store.move(book, "L1", "HUB", "T1", 4, now=LATER)
    assert moved.places == {"L1": {"HUB": 6, "T1": 4}}
    store.split(book, "L2", "HUB", 2, "L2a", now=LATER)
    made = store.merge(book, ["L1", "L2"], "HUB", "M", now=LATER)
    assert made.places == {"L1": {"T1": 4}, "L2": {}, "M": {"HUB": 10}}  # 6 + 4
    # 10 units of 500 g = 5000 g -> 49 bags of 100 g, 100 g spilt
    done = store.repack(book, "M", "HUB", 10, "BAG", 49, 100, loss_g=100, reason="spilt", now=LATER)
    assert (done.loss_g, done.places) == (100, {"M": {}, "BAG": {"HUB": 49}})
    thrown = store.discard(book, "BAG", "HUB", 9, "torn", now=LATER)
    sound(book)
    with pytest.raises(ActRefused, match="BAG was touched"):
        store.reverse(book, done.id, "no", now=LATER)
    for act_id in (thrown.id, done.id, made.id, "split:L2a", moved.id):
        store.reverse(book, act_id, "told wrongly", now=LATER)
    sound(book)
    assert fold(entries(book)).units == before
    with pytest.raises(ActRefused, match="another lot_id"):
        store.split(book, "L2", "HUB", 2, "L2a")
    with pytest.raises(NotFound):
        store.move(book, "L1", "HUB", "NOWHERE", 1)


def test_a_hold_names_what_it_blocks_and_each_is_lifted_by_its_own_name(book: Engine) -> None:
    promise = store.reserve(book, "L1", "HUB", 4, household_id="A", now=LATER)
    first = store.hold(book, "L1", "glass found", now=LATER)
    assert first.promised == ((promise.reservation_id, "household A", 4),)
    assert first.places == {"L1": {"HUB": 10}}
    second = store.hold(book, "L1", "recall", now=LATER)
    store.unhold(book, first.id, now=LATER)
    with pytest.raises(NotFree, match="held"):
        store.reserve(book, "L1", "HUB", 1, household_id="B", now=LATER)
    store.unhold(book, second.id, now=LATER)
    store.reserve(book, "L1", "HUB", 1, household_id="B", now=LATER)
    with pytest.raises(ActRefused, match="lifted before"):
        store.unhold(book, second.id, now=LATER)
    with pytest.raises(NotFound):
        store.unhold(book, "hold:L9:1", now=LATER)


def test_expired_promises_make_way_for_an_act(book: Engine) -> None:
    until = LATER + timedelta(hours=1)
    store.reserve(book, "L1", "HUB", 8, household_id="A", until=until, now=LATER)
    with pytest.raises(ActRefused, match=r"5 units asked for, 2 are free .*release promises first"):
        store.move(book, "L1", "HUB", "T1", 5, now=LATER)
    assert store.move(book, "L1", "HUB", "T1", 5, now=until).expired == 8
    sound(book)


def test_the_same_command_has_one_effect(book: Engine) -> None:
    first = store.discard(book, "L1", "HUB", 3, "torn", key="k", now=LATER)
    again = store.discard(book, "L1", "HUB", 3, "torn", key="k", now=LATER + timedelta(days=1))
    assert again == first
    with pytest.raises(store.KeyReused):
        store.discard(book, "L1", "HUB", 4, "torn", key="k")


def test_a_row_undone_is_told_again(url: str) -> None:
    book = store.init_book(url)
    problem = world.week([world.lot("L1", 10)])
    store.import_week(book, problem, now=NOW)
    store.publish(book, problem, world.plan(problem, [("A", "L1", "W", 6)]), [], now=NOW)
    assert store.record(book, [told("A", "W", OutcomeKind.DELIVERED, 5)], now=LATER).done
    right = [told("A", "W", OutcomeKind.DELIVERED, 4)]
    assert not store.record(book, right, now=LATER).done
    fact = entries(book)[-1].id  # the id of any of its entries will do
    store.reverse(book, fact, "a slip", now=LATER)
    assert store.record(book, right, now=LATER).recorded == 1
    assert store.record(book, right, now=LATER).known == 1
    assert fold(entries(book)).on_hand("L1", household("A")) == 4
    sound(book)


def test_acts_side_by_side_never_take_what_is_not_there(book: Engine) -> None:
    def take(number: int) -> int:
        try:
            if number % 2:
                return store.move(book, "L1", "HUB", "T1", 3).units
            return store.discard(book, "L1", "HUB", 3, "torn").units
        except ActRefused:
            return 0

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(take, range(8)))
    assert taken == 9  # three times 3 of 10
    sound(book)


def test_a_week_that_lists_a_lot_made_here_does_not_receive_it_again(url: str) -> None:
    engine = store.init_book(url)
    store.import_week(engine, world.week([world.lot("L1", 10)]), now=NOW)
    store.split(engine, "L1", "HUB", 4, "L2", now=NOW)
    told = replace(world.lot("L1", 6), id="L2", units=4)  # the split has the same facts
    done = store.import_week(engine, world.week([world.lot("L1", 6), told]), recount=True, now=NOW)
    assert (done.received, done.counted) == (0, 0)
    assert {row.lot_id: row.on_hand for row in store.stock(engine, now=NOW)} == {"L1": 6, "L2": 4}


def test_a_count_that_needs_units_of_expired_promises_releases_them(url: str) -> None:
    engine = store.init_book(url)
    store.import_week(engine, world.week([world.lot("L1", 10)]), now=NOW)
    later = NOW + timedelta(hours=1)
    store.reserve(engine, "L1", "HUB", 5, household_id="A", until=later, now=NOW)
    store.reserve(engine, "L1", "HUB", 4, household_id="B", now=NOW)
    again = store.import_week(engine, world.week([world.lot("L1", 10)]), now=later)
    assert again.counted == 0
    assert len(store.trace(engine, "L1").reserved) == 2  # nothing is counted: nothing is written
    done = store.import_week(engine, world.week([world.lot("L1", 6)]), recount=True, now=later)
    # 6 are left and A's 5 are over: B's 4 stay
    assert (done.counted, done.findings) == (1, ())
    assert store.trace(engine, "L1").reserved == {"L1/2": 4}
    assert store.audit(engine, now=later).findings == ()
