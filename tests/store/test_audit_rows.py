"""What the audit sees of rows beside the entries, changed with the triggers taken away."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from logistics import store
from tests.inventory.world import NOW
from tests.store.test_audit import book, tamper

__all__ = ["book"]


@pytest.mark.parametrize(
    ("statement", "code", "says"),
    [
        ("UPDATE reservations SET household_id = 'B'", "reservation_differs", "household B"),
        ("UPDATE reservations SET session_id = 'W'", "outcome_differs", "something else now"),
        ("UPDATE reservations SET day = '2026-11-26'", "outcome_differs", "something else now"),
        ("UPDATE outcomes SET reason = 'x'", "outcome_differs", "something else now"),
        ("UPDATE outcomes SET kind = 'lost'", "row_unreadable", "outcomes outcome:"),
        ("UPDATE publications SET plan = '{}'", "plan_changed", "not the one that was published"),
        ("UPDATE lots SET storage = 'warm' WHERE id = 'L1'", "row_unreadable", "lots L1: "),
        ("UPDATE heads SET standing = 'x' WHERE lot_id = 'L1'", "row_unreadable", "heads L1: "),
        ("UPDATE entries SET kind = 'gift' WHERE seq = 5", "row_unreadable", "entries 5: "),
        ("UPDATE reservations SET ways = '[]'", "row_unreadable", "reservations "),
    ],
)
def test_the_row_that_was_changed_is_named(
    book: Engine, statement: str, code: str, says: str
) -> None:
    assert store.audit(book, now=NOW).findings == ()
    tamper(book, statement)
    first = store.audit(book, now=NOW).findings[0]
    assert first.code == code
    assert says in first.message
    assert first.fix


def test_what_names_a_row_that_is_gone_is_told(book: Engine) -> None:
    """PostgreSQL refuses it; SQLite only where the connection asks for it."""
    statement = "UPDATE sites SET id = 'X' WHERE id = 'HUB'"
    if book.dialect.name == "postgresql":
        with pytest.raises(store.BookUnavailable, match="foreign key"):
            tamper(book, statement)
        return
    with book.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        raw.execute(statement)  # type: ignore[union-attr]
        raw.commit()  # type: ignore[union-attr]
    found = store.audit(book, now=NOW).findings
    assert {each.code for each in found} == {"row_dangles"}
