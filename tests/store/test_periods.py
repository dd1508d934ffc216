"""What is taken out of the book for lots and periods: all of their entries, and whole changes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from logistics import store
from logistics.inventory import Entry, Kind
from logistics.inventory.clock import JAPAN
from logistics.inventory.entries import change, site
from logistics.model.errors import NotFound
from logistics.store.engine import transact
from logistics.store.posting import post
from tests.inventory import world
from tests.inventory.world import NOW

SPLIT_AT = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # half past midnight of the 25th in Japan


@pytest.fixture
def book(tmp_path: Path) -> Engine:
    """10 units of RICE and 5 of BAGS came in; 4 of RICE went into 4 of BAGS; MILK has no part in it."""
    engine = store.init_book(f"sqlite:///{tmp_path}/book.db")
    lots = [world.lot(name, units) for name, units in (("RICE", 10), ("BAGS", 5), ("MILK", 3))]
    store.import_week(engine, world.week(lots), now=NOW)
    hub, between = site("HUB"), change("x1")
    into = Entry("i", Kind.REPACK, "RICE", hub, between, 4, SPLIT_AT, SPLIT_AT)
    out = Entry("o", Kind.REPACK, "BAGS", between, hub, 4, SPLIT_AT, SPLIT_AT)
    transact(engine, lambda connection: post(connection, [into, out]))
    return engine


def test_a_lot_with_the_other_end_of_its_change(book: Engine) -> None:
    part = store.lots_extract(book, ["RICE"])
    assert [(entry.lot_id, entry.kind) for entry in part.entries] == [
        ("RICE", Kind.RECEIVE),
        ("RICE", Kind.REPACK),
        ("BAGS", Kind.REPACK),
    ]
    assert set(part.goods) == {"RICE", "BAGS"}
    assert (part.lot_ids, part.zone) == ({"RICE"}, JAPAN)


def test_a_lot_that_changed_into_none_is_alone(book: Engine) -> None:
    part = store.lots_extract(book, ["MILK"])
    assert [entry.lot_id for entry in part.entries] == ["MILK"]


def test_a_period_begins_and_ends_at_midnight_in_japan(book: Engine) -> None:
    wednesday, tuesday = date(2026, 11, 25), date(2026, 11, 24)
    assert store.period_extract(book, wednesday, wednesday).lot_ids == {"RICE", "BAGS"}
    assert store.period_extract(book, tuesday, tuesday).lot_ids == frozenset()
    assert store.period_extract(book, date(2026, 1, 1), wednesday).lot_ids == {
        "RICE",
        "BAGS",
        "MILK",
    }


def test_an_unknown_lot_is_not_found(book: Engine) -> None:
    with pytest.raises(NotFound, match="NONE"):
        store.lots_extract(book, ["RICE", "NONE"])
    assert set(store.goods_facts(book, ["RICE"])) == {"RICE"}
