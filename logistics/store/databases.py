"""SQLite and PostgreSQL: how each is opened so that nothing acknowledged is lost and nobody reads what
may be undone.

SQLite writes ahead (WAL) only where that is safe: before 3.51.3 two connections that write or checkpoint
at the same moment can corrupt such a database (https://sqlite.org/wal.html#walresetbug). `pysqlite3`
brings a newer one than most systems have; without either the rollback journal is kept.
`synchronous=FULL` keeps what was acknowledged when the power fails. PostgreSQL runs SERIALIZABLE; it is
asked to find rows by index, because a transaction that scans a small table would be in the way of every
other one that writes there (https://www.postgresql.org/docs/current/transaction-iso.html). A URL with
`options` of its own has it its way.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from logistics.model.errors import OsusowakeError

SAFE_WAL = (3, 51, 3)
"""From this SQLite on, writing ahead is safe."""

BUSY_MS = 60_000
"""How long a verb waits for another one to finish writing."""

SQLITE, POSTGRES = ("sqlite", "sqlite+pysqlite"), ("postgresql+psycopg", "postgresql")


class BookUnavailable(OsusowakeError):
    """The book cannot be opened, read or written."""


def sqlite_module() -> ModuleType:
    """The newest SQLite at hand."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    newest: ModuleType = max(sqlite3, dbapi2, key=lambda module: module.sqlite_version_info)
    return newest


def journal_mode(version: tuple[int, ...]) -> str:
    """Writing ahead where a SQLite of this version does it safely."""
    return "WAL" if version >= SAFE_WAL else "DELETE"


def address(url: str) -> URL:
    """A URL of a book.

    Raises:
        BookUnavailable: if it is none, or names another kind of database.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The URL itself may hold a password.
        raise BookUnavailable("that is no database URL, e.g. sqlite:///osusowake.db") from error
    if parsed.drivername in POSTGRES:
        return parsed.set(drivername=POSTGRES[0])
    if parsed.drivername not in SQLITE:
        raise BookUnavailable(
            "a book is kept in an SQLite file (sqlite:///PATH) or in PostgreSQL "
            f"(postgresql+psycopg://…), not in {parsed.drivername}"
        )
    if parsed.database in (None, "", ":memory:"):
        raise BookUnavailable("a book in memory would be forgotten: name a file, sqlite:///PATH")
    return parsed


def engine_of(url: URL, *, keep: bool = False) -> Engine:
    """An engine whose connections keep the rules of this module.

    With `keep` connections stay open between verbs, for processes that live long; else there is one
    connection a verb, and no idle connection outlives its thread.
    """
    pool: dict[str, Any] = {"poolclass": QueuePool if keep else NullPool}
    if url.drivername == POSTGRES[0]:
        # Transactions that met are retried; the driver need not tell of each on standard error.
        logging.getLogger("psycopg").setLevel(logging.ERROR)
        try:
            wishes = f"-c enable_seqscan=off -c lock_timeout={BUSY_MS}"
            options = {} if "options" in url.query else {"options": wishes}
            return create_engine(url, isolation_level="SERIALIZABLE", connect_args=options, **pool)
        except ModuleNotFoundError as error:
            raise BookUnavailable(
                "PostgreSQL needs the package psycopg: pip install 'osusowake[postgres]'"
            ) from error
    engine = create_engine(
        url, module=sqlite_module(), connect_args={"timeout": BUSY_MS / 1000}, **pool
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def path_of(engine: Engine) -> Path | None:
    """The file of a book, `None` if a server keeps it."""
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


def name_of(engine: Engine) -> str:
    """Where a book is, for people, without a password."""
    path = path_of(engine)
    return engine.url.render_as_string(hide_password=True) if path is None else str(path)


def _configure(connection: Any, _record: object) -> None:
    """Pragmas of every connection; the driver must not begin transactions of its own."""
    connection.isolation_level = None
    mode = journal_mode(sqlite_module().sqlite_version_info)
    for pragma in (f"journal_mode={mode}", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Writers take the write lock at once: what they read stays true until they commit.

    SQLite changes a table by copying it, which leaves references dangling for a while; whoever reshapes
    tables therefore asks for no check of references and makes it before the end.
    """
    options = connection.get_execution_options()
    if options.get("reshapes", False):
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    immediate = options.get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
