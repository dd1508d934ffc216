"""Importing: new lots are received, known ones must agree, a folder read twice changes nothing."""

from __future__ import annotations

from datetime import date

import pytest

from logistics.inventory import Kind, fold
from logistics.inventory.entries import donor, site
from logistics.model.units import Label, Storage
from tests.inventory import world
from tests.inventory.memory_book import MemoryBook
from tests.judge.good_week import good_week


def test_each_lot_comes_from_its_donor_to_where_it_stands() -> None:
    problem = good_week().problem
    book = MemoryBook()
    assert book.import_week(problem) == []
    balance = fold(book.entries)
    assert balance.on_hand("RICE", site("HUB")) == 20
    assert balance.on_hand("GREENS", site("FARM")) == 12  # an offer stands at the donor's site
    assert balance.on_hand("GREENS", donor("ORG")) == -12


def test_the_same_week_again_and_in_another_order_changes_nothing() -> None:
    lots = [world.lot("L1", 10), world.lot("L2", 6)]
    book = MemoryBook()
    book.import_week(world.week(lots))
    before = list(book.entries)
    assert book.import_week(world.week(lots)) == []
    assert book.import_week(world.week(lots[::-1])) == []
    assert book.entries == before


def test_the_same_week_again_changes_nothing_even_after_the_book_has_moved() -> None:
    problem = world.week([world.lot("L1", 10)])
    book = MemoryBook()
    book.import_week(problem)
    book.publish(problem, world.plan(problem, [("A", "L1", "V", 4)]))
    before = list(book.entries)
    assert book.import_week(problem) == []
    assert book.import_week(problem, recount=True) == []
    assert book.entries == before


def test_other_units_are_refused_with_the_difference_or_booked_as_counted() -> None:
    book = MemoryBook()
    book.import_week(world.week([world.lot("L1", 44)]))
    changed = world.week([world.lot("L1", 40)])
    assert book.import_week(changed) == ["count_differs"]
    assert len(book.entries) == 1
    assert book.import_week(changed, recount=True) == []
    assert [(entry.kind, entry.units) for entry in book.entries[1:]] == [(Kind.COUNT, 4)]
    more = world.week([world.lot("L1", 45)])
    assert book.import_week(more, recount=True) == []
    assert fold(book.entries).places("L1") == {"HUB": 45}


def test_a_lot_that_is_no_longer_listed_is_a_difference() -> None:
    book = MemoryBook()
    book.import_week(world.week([world.lot("L1", 4), world.lot("L2", 6)]))
    without = world.week([world.lot("L2", 6)])
    assert book.import_week(without) == ["count_differs"]
    assert book.import_week(without, recount=True) == []
    assert fold(book.entries).places("L1") == {}


def test_a_count_below_what_is_reserved_releases_the_reservations_and_says_so() -> None:
    book = MemoryBook()
    problem = world.week([world.lot("L1", 10)])
    book.import_week(problem)
    book.publish(problem, world.plan(problem, [("A", "L1", "V", 4), ("B", "L1", "V", 3)]))
    short = world.week([world.lot("L1", 5)])
    assert book.import_week(short, recount=True) == ["reservations_released"]
    balance = fold(book.entries)
    assert (balance.places("L1"), balance.open) == ({"HUB": 5}, {})


def test_a_lot_without_units_is_received_once_it_has_some() -> None:
    book = MemoryBook()
    book.import_week(world.week([world.lot("L1", 0)]))
    assert book.entries == []
    assert book.import_week(world.week([world.lot("L1", 3)])) == []
    assert [entry.kind for entry in book.entries] == [Kind.RECEIVE]


@pytest.mark.parametrize(
    "change",
    [
        {"item": "other"},
        {"unit_g": 400},
        {"storage": Storage.CHILLED},
        {"label": Label.USE_BY, "last_day": date(2026, 12, 1)},
        {"contains": frozenset({"egg"})},
        {"org_id": "ELSE"},
    ],
    ids=str,
)
def test_a_lot_of_a_later_week_that_means_something_else_is_refused(
    change: dict[str, object],
) -> None:
    book = MemoryBook()
    book.import_week(world.week([world.lot("L1", 10)]))
    later = world.week([world.lot("L1", 10, **change)], 1)
    assert book.import_week(later, recount=True) == ["lot_changed"]
    assert len(book.entries) == 1


def test_a_slip_may_be_corrected_until_something_has_happened_to_the_lot() -> None:
    book = MemoryBook()
    book.import_week(world.week([world.lot("L1", 10)]))
    right = world.week([world.lot("L1", 10, unit_g=450)])
    assert book.import_week(right) == []
    assert book.goods["L1"].unit_g == 450
    assert book.import_week(world.week([world.lot("L1", 10, org_id="ELSE")])) == ["lot_changed"]
    book.publish(right, world.plan(right, [("A", "L1", "V", 4)]))
    assert book.import_week(world.week([world.lot("L1", 10, unit_g=400)])) == ["lot_changed"]


def test_a_later_week_that_counts_what_the_book_has_is_taken_as_it_is() -> None:
    book = MemoryBook()
    book.import_week(world.week([world.lot("L1", 10, hold_units=2)]))
    assert book.import_week(world.week([world.lot("L1", 10, pack=2)], 1)) == []
    assert book.import_week(world.week([world.lot("L1", 11)], 1)) == ["count_differs"]
