"""A replanned week in the book of a database: published, repeated, recorded, audited."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from logistics import store
from logistics.model.errors import PlanRefused
from tests.inventory.midweek import EVENING, MORNING, midweek
from tests.inventory.world import NOW


@pytest.fixture
def book(url: str) -> Engine:
    """The week of `tests/inventory/midweek.py`, published, its morning recorded."""
    engine = store.init_book(url)
    problem, old, _, _ = midweek()
    store.import_week(engine, problem, now=NOW)
    store.publish(engine, problem, old, [], now=NOW)
    store.record(engine, MORNING, now=NOW)
    return engine


def on_hand(book: Engine) -> dict[str, tuple[int, int]]:
    return {row.place.id: (row.on_hand, row.reserved) for row in store.stock(book, now=NOW)}


def test_a_replanned_week_is_published_once_and_recorded(book: Engine) -> None:
    problem, _, new, facts = midweek()
    report = store.publish(book, problem, new, [], under_way=facts, now=NOW)
    # A's 5 in W are promised instead of A's 4 and C's 1
    assert (report.publication_id, report.lines) == ("2026-11-23#2", 1)
    assert (report.units, report.released_units) == (5, 5)
    assert on_hand(book) == {"HUB": (20 - 3 - 1, 5 + 2)}
    again = store.publish(book, problem, new, [], under_way=facts, now=NOW)
    assert again.repeated
    assert on_hand(book) == {"HUB": (16, 7)}
    assert store.record(book, EVENING, now=NOW).done
    # D's 2 came back: 16 - 5
    assert on_hand(book) == {"HUB": (11, 0)}
    assert store.audit(book).findings == ()


def test_only_the_plan_in_force_is_replaced(book: Engine) -> None:
    problem, _, new, facts = midweek()
    store.publish(book, problem, new, [], under_way=facts, now=NOW)
    _, _, other, stale = midweek(after=[("A", "L1", "V", 3), ("B", "L1", "V", 2)])
    with pytest.raises(PlanRefused, match="another plan is published for week 2026-11-23"):
        store.publish(book, problem, other, [], under_way=stale, now=NOW)
    assert on_hand(book) == {"HUB": (16, 7)}
