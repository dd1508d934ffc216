"""What is taken out of the book for lots and periods: all of their entries, and whole changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from logistics import store
from logistics.inventory import Entry, Kind
from logistics.inventory.clock import JAPAN
from logistics.inventory.entries import change, site
from logistics.inventory.epcis import Names
from logistics.model.errors import NotFound
from logistics.reports.epcis_files import export
from logistics.store.posting import post
from tests.inventory import world
from tests.inventory.world import NOW

SPLIT_AT = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # half past midnight of the 25th in Japan


@pytest.fixture
def book(url: str) -> Engine:
    """10 units of RICE and 5 of BAGS came in; 4 of RICE went into 4 of BAGS; MILK has no part in it."""
    engine = store.init_book(url)
    lots = [world.lot(name, units) for name, units in (("RICE", 10), ("BAGS", 5), ("MILK", 3))]
    store.import_week(engine, world.week(lots), now=NOW)
    hub, between = site("HUB"), change("x1")
    into = Entry("i", Kind.REPACK, "RICE", hub, between, 4, SPLIT_AT, SPLIT_AT)
    out = Entry("o", Kind.REPACK, "BAGS", between, hub, 4, SPLIT_AT, SPLIT_AT)
    store.transact(engine, lambda connection: post(connection, [into, out]))
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


def test_an_undone_change_is_declared_an_error_with_both_of_its_ends(book: Engine) -> None:
    ends = [e for e in store.lots_extract(book, ["RICE"]).entries if e.kind is Kind.REPACK]
    undone = [
        replace(
            end,
            id=f"un{end.id}",
            kind=Kind.REVERSAL,
            source=end.target,
            target=end.source,
            recorded_at=SPLIT_AT.replace(hour=20),
            reverses=end.id,
        )
        for end in ends
    ]
    store.transact(book, lambda connection: post(connection, undone))
    part = store.lots_extract(book, ["RICE"])
    events = export(part.entries, part.goods, part.lot_ids, Names(), part.zone).document
    told, again = [e for e in events["epcisBody"]["eventList"] if e["bizStep"] == "repackaging"]
    assert (
        told["inputQuantityList"][0]["quantity"] == told["outputQuantityList"][0]["quantity"] == 4
    )
    assert again["eventID"] == told["eventID"]
    assert again["errorDeclaration"]["reason"] == "did_not_occur"


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
