"""Opening the book: the connection, its transactions, and the refusal of a schema that does not fit.

SQLite runs with a rollback journal (`journal_mode=DELETE`), not with WAL: SQLite before 3.51.3 can
corrupt a WAL database when two connections write or checkpoint at the same moment
(https://sqlite.org/wal.html#walresetbug), and the systems this runs on carry older ones (Debian 12:
3.40.1). `synchronous=FULL` keeps what was acknowledged when the power fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from logistics.model.errors import OsusowakeError
from logistics.store.schema import migrate, refuse_other_schema

T = TypeVar("T")

BUSY_MS = 60_000
"""How long a verb waits for another one to finish writing."""


class BookUnavailable(OsusowakeError):
    """The book cannot be opened, read or written."""


def open_book(url: str) -> Engine:
    """Open an existing book.

    Raises:
        BookUnavailable: if the URL is no SQLite file, or the file is missing or unreadable.
        WrongSchema: if the book was made by an older or newer program; `init` brings an older one up.
    """
    engine = _engine(url)
    path = _path(engine)
    if not path.exists():
        raise BookUnavailable(f"there is no book at {path}: create it with `osusowake init`")
    with reading(engine) as connection:
        refuse_other_schema(connection)
    return engine


def init_book(url: str) -> Engine:
    """Create the book, or bring an older one up to this program; a current one is left as it is.

    Raises:
        BookUnavailable: if the URL is no SQLite file or the file cannot be written.
        WrongSchema: if a newer program made the book.
    """
    engine = _engine(url)
    folder = _path(engine).parent
    if not folder.is_dir():
        raise BookUnavailable(f"there is no folder {folder} to put the book in")
    with writing(engine) as connection:
        migrate(connection)
    return engine


def _engine(url: str) -> Engine:
    """An engine whose connections keep the rules of this module."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BookUnavailable(f"{url!r} is no database URL, e.g. sqlite:///osusowake.db") from error
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise BookUnavailable(
            f"this book is kept in an SQLite file (sqlite:///PATH), not in {parsed.drivername}"
        )
    if parsed.database in (None, "", ":memory:"):
        raise BookUnavailable("a book in memory would be forgotten: name a file, sqlite:///PATH")
    # One connection a verb: verbs are short, and no idle connection outlives its thread.
    engine = create_engine(parsed, poolclass=NullPool, connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _path(engine: Engine) -> Path:
    return Path(engine.url.database or "")


def _configure(connection: SqliteConnection, _record: object) -> None:
    """Pragmas of every connection; the driver must not begin transactions of its own."""
    connection.isolation_level = None
    for pragma in ("journal_mode=DELETE", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Writers take the write lock at once: what they read stays true until they commit."""
    immediate = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def transact(engine: Engine, work: Callable[[Connection], T]) -> T:
    """What a verb does in one transaction that may write; its answer counts once this returns.

    `work` reads, decides and writes through the connection only, so that it may be run again.
    """
    with writing(engine) as connection:
        return work(connection)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write, committed at its end or undone by any error."""
    yield from _transaction(engine, writes=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees the book as it stands at one moment."""
    yield from _transaction(engine, writes=False)


def _transaction(engine: Engine, **options: Any) -> Iterator[Connection]:
    try:
        with engine.execution_options(**options).begin() as connection:
            yield connection
    except (SQLAlchemyError, SqliteError) as error:
        cause = getattr(error, "orig", None) or error
        raise BookUnavailable(f"the book at {engine.url.database}: {cause}") from error
