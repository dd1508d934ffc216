"""The statement from a real book: what is read, what is refused, and that no household comes along."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import Engine

from logistics import store
from logistics.inventory.disclosure import Grouping
from logistics.inventory.statement import MonthOpen, NoSuchPeriod
from logistics.inventory.waste import Cause
from logistics.model.errors import NotFound
from logistics.store.statements import statement
from tests.store.giving_week import fill

DECEMBER = date(2024, 12, 1), date(2024, 12, 31)


@pytest.fixture
def book(tmp_path: Path) -> Engine:
    return store.init_book(f"sqlite:///{tmp_path}/book.db")


def test_the_statement_of_a_week(book: Engine) -> None:
    fill(book)
    page = statement(book, "GIVER", *DECEMBER)
    # 12.5 + 5.5 = 18 kg: 12 and 5, and the 1 that is left goes to the first of two equal rests;
    # 25 + 11 = 36 meals are 7.2 steps of 5, so 7: 25 and 10
    told = [(place.name, place.kg, place.meals, place.households_from) for place in page.places]
    assert told == [("hub", 13, 25, 10), ("Tsubame", 5, 10, 10)]
    assert all(place.kind is Grouping.PLACE for place in page.places)
    assert (page.org_name, page.kg, page.meals) == ("a giver", 18, 35)
    assert (page.given_g, page.wasted_g, page.open_g) == (30_000, {Cause.DAMAGED: 1_000}, 11_000)
    assert page.closed_on == date(2025, 1, 15)
    assert "G12" not in repr(page)


def test_what_is_refused(book: Engine) -> None:
    with pytest.raises(NotFound, match="Organisation GIVER"):
        statement(book, "GIVER", *DECEMBER)
    fill(book)
    with pytest.raises(NotFound, match="Organisation NOBODY"):
        statement(book, "NOBODY", *DECEMBER)
    with pytest.raises(NoSuchPeriod, match="whole months"):
        statement(book, "GIVER", date(2024, 12, 1), date(2024, 12, 24))
    second_before = datetime(2025, 1, 14, 14, 59, 59, tzinfo=UTC)  # 23:59:59 in Japan
    with pytest.raises(MonthOpen, match=r"2024-12 are not closed yet: ask again from 2025-01-15"):
        statement(book, "GIVER", *DECEMBER, now=second_before)
    assert statement(book, "GIVER", *DECEMBER, now=second_before.replace(hour=15)).kg == 18


def test_shares_of_lots_come_from_outside(book: Engine) -> None:
    fill(book)
    halves = {"RICE": {"RICE": Fraction(1, 2)}}
    page = statement(book, "GIVER", *DECEMBER, origins_of=lambda _entries, _goods: halves)
    assert (page.kg, page.given_g) == (9, 15_000)
