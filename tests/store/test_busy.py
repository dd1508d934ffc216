"""Others hold the book, or what is written is there already: an answer in words, and in time."""

from __future__ import annotations

from time import monotonic

import pytest
from sqlalchemy import Connection, Engine, text

from benchmarks.reliability.server import Server
from logistics import store
from logistics.store import databases, engine
from logistics.store.engine import DUPLICATES, transact, writing
from tests.inventory import world

WAIT_MS = 300
"""How long verbs of these tests wait for a lock; a minute else."""


@pytest.fixture
def book(url: str, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(databases, "BUSY_MS", WAIT_MS)
    found = store.init_book(url)
    store.import_week(found, world.week([world.lot("L1", 20)]), now=world.NOW)
    return found


def test_a_verb_does_not_wait_for_ever_for_another_one(book: Engine) -> None:
    begun = monotonic()
    with writing(book) as connection:
        if book.dialect.name == "postgresql":
            connection.execute(text("SELECT * FROM heads FOR UPDATE"))
        with pytest.raises(store.BookBusy, match="is busy: try again in a moment"):
            store.reserve(book, "L1", "HUB", 1, household_id="A", now=world.NOW)
    assert monotonic() - begun < 30  # not a minute: the wait is what was asked for
    assert store.reserve(book, "L1", "HUB", 1, household_id="A", now=world.NOW).open == 1


def test_what_is_there_already_is_not_tried_for_long(book: Engine) -> None:
    tried = []

    def work(connection: Connection) -> None:
        tried.append(connection)
        connection.execute(text("INSERT INTO sites VALUES ('HUB', 'O', 'x', 'hub')"))

    with pytest.raises(store.BookUnavailable, match=r"(?i)unique") as told:
        transact(book, work)
    assert not isinstance(told.value, store.BookBusy)
    assert len(tried) == (DUPLICATES if book.dialect.name == "postgresql" else 1)


def test_who_meets_others_at_every_attempt_is_told(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL alone: SQLite lets one write after the other."""
    monkeypatch.setattr(engine, "ATTEMPTS", 3)
    tried = []

    def work(connection: Connection) -> None:
        tried.append(connection)
        say = "DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '40001'; END $$"
        connection.exec_driver_sql(say)

    with pytest.raises(store.BookBusy, match="try again in a moment"):
        engine.transact(store.init_book(server.database()), work)
    assert len(tried) == 3
