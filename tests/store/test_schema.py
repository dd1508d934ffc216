"""The schema: made, taken away and checked by migrations; another one is refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect

from logistics.inventory import OutcomeKind
from logistics.inventory.mutual import Match
from logistics.model.problem import DEFAULT_MARGIN_DAYS
from logistics.store import (
    BookUnavailable,
    WrongSchema,
    init_book,
    mutual,
    open_book,
    publish,
    record,
    stock,
    transfers,
)
from logistics.store import import_week as take_in
from logistics.store.databases import journal_mode, sqlite_module
from logistics.store.engine import reading, reshaping, writing
from logistics.store.schema import check, head, migrate, version
from logistics.store.tables import APPEND_ONLY, metadata
from tests.inventory import world
from tests.inventory.test_outcomes import told


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/file.db"


def filled(url: str) -> Engine:
    """A book with a row in every table."""
    engine = init_book(url)
    problem = world.week([world.lot("L1", 20)])
    take_in(engine, problem, key="import-1")
    publish(engine, problem, world.plan(problem, [("A", "L1", "V", 6)]), [])
    record(engine, [told("A", "V", OutcomeKind.DELIVERED, 2)])
    day = world.MONDAY
    mutual.offer(engine, "HUB", "L1", 3, day, now=world.NOW)
    mutual.need(engine, "T1", None, 3, day, now=world.NOW)
    done, _ = transfers.transfer(engine, Match("O1", "N1", 3), DEFAULT_MARGIN_DAYS, now=world.NOW)
    assert done == "T1"
    return engine


@pytest.fixture
def full(url: str) -> Iterator[Engine]:
    engine = filled(url)
    mutual.need(engine, "T1", None, 2, world.MONDAY, now=world.NOW)
    mutual.offer(engine, "HUB", "L1", 2, world.MONDAY, now=world.NOW)
    match = Match("O2", "N2", 1)
    assert transfers.agree(engine, [match], DEFAULT_MARGIN_DAYS, now=world.NOW) == (("A1",), ())
    yield engine
    engine.dispose()


def test_migrations_make_exactly_the_tables_of_the_program(url: str) -> None:
    engine = init_book(url)
    with reading(engine) as connection:
        check(connection)  # alembic check: no difference between tables and migrations
        assert version(connection) == head()
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_down_to_nothing_and_up_again(url: str) -> None:
    old = filled(url)  # without promises that no plan made: schema 2 cannot say them
    with reshaping(old) as connection:
        migrate(connection, "base")
    with reading(old) as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    with pytest.raises(WrongSchema, match="osusowake init"):
        open_book(url)
    engine = init_book(url)
    with reading(engine) as connection:
        check(connection)


def test_init_twice_keeps_what_is_there(full: Engine, url: str) -> None:
    before = stock(full)
    assert stock(init_book(url)) == before != ()


@pytest.mark.parametrize(
    ("version", "mode"),
    [((3, 40, 1), "DELETE"), ((3, 51, 2), "DELETE"), ((3, 51, 3), "WAL"), ((3, 53, 4), "WAL")],
)
def test_writing_ahead_only_where_sqlite_does_it_safely(version: Any, mode: str) -> None:
    assert journal_mode(version) == mode


def test_the_journal_is_safe_and_references_are_kept(file_url: str) -> None:
    full = filled(file_url)
    mode = journal_mode(sqlite_module().sqlite_version_info).lower()
    with reading(full) as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
        assert found == [mode, 2, 1]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_was_written_can_be_neither_changed_nor_taken_away(full: Engine, table: str) -> None:
    column = metadata.tables[table].columns[0].name
    statements = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
    if full.dialect.name == "postgresql":
        statements.append(f"TRUNCATE {table} CASCADE")
    for statement in statements:
        with pytest.raises(BookUnavailable, match="append-only"), writing(full) as connection:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_was_written_cannot_be_replaced_either(full: Engine, table: str) -> None:
    """SQLite's INSERT OR REPLACE deletes a row without asking; PostgreSQL's ON CONFLICT updates it."""
    keys = [column.name for column in metadata.tables[table].primary_key]
    again = f"INTO {table} SELECT * FROM {table} LIMIT 1"
    statement = f"INSERT OR REPLACE {again}"
    if full.dialect.name == "postgresql":
        what = f"({', '.join(keys)}) DO UPDATE SET {keys[0]} = EXCLUDED.{keys[0]}"
        statement = f"INSERT {again} ON CONFLICT {what}"
    with pytest.raises(BookUnavailable, match="append-only"), writing(full) as connection:
        connection.exec_driver_sql(statement)


def test_a_book_of_another_program_is_refused(full: Engine, url: str) -> None:
    with writing(full) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for verb in (open_book, init_book):
        with pytest.raises(WrongSchema, match="schema 9999, which this program does not know"):
            verb(url)


def test_what_is_no_book_is_refused_in_words(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("no database at all\n" * 200)
    empty = tmp_path / "empty.db"
    empty.touch()
    cases = {
        f"sqlite:///{tmp_path}/none.db": "there is no book at .*none.db: create it",
        f"sqlite:///{text}": "file is not a database",
        f"sqlite:///{tmp_path}": "unable to open database file",
        "sqlite://": "a book in memory would be forgotten",
        "mysql://localhost/book": "not in mysql",
        "postgresql+psycopg://me:secret@127.0.0.1:1/book": r"me:\*\*\*@.*connection",
        "nonsense": "is no database URL",
        "postgresql+psycopg://me:secret@host:port/book": "that is no database URL",
        "sqlite:///a:b@c/\0": "book",
    }
    for url, says in cases.items():
        with pytest.raises(BookUnavailable, match=says):
            open_book(url)
    with pytest.raises(WrongSchema, match="no stock book yet"):
        open_book(f"sqlite:///{empty}")
    assert text.read_text().startswith("no database")
    with pytest.raises(BookUnavailable, match="there is no folder"):
        init_book(f"sqlite:///{tmp_path}/nowhere/book.db")


def test_a_verb_that_fails_leaves_nothing_behind(full: Engine) -> None:
    before = stock(full)

    def fail_halfway() -> None:
        with writing(full) as connection:
            connection.exec_driver_sql("INSERT INTO sites VALUES ('X', 'O', 'x', 'hub')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    with reading(full) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sites WHERE id = 'X'").scalar() == 0
    assert stock(full) == before
