"""Opening the book, its transactions, and the refusal of a schema that does not fit."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from logistics.store.commands import Command, told_before
from logistics.store.databases import (
    BookUnavailable,
    address,
    engine_of,
    name_of,
    path_of,
    sqlite_module,
)
from logistics.store.schema import migrate, refuse_other_schema

T = TypeVar("T")

ATTEMPTS, DUPLICATES = 60, 8
"""How often a verb is tried on PostgreSQL before the book counts as too busy, and how often if what it
writes is there already: what another verb has just written is seen at the second look."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.002, 0.25
"""Between two attempts: a random part of a span that doubles each time, up to the longest."""

_DUPLICATE, _LOCKED = "23505", "55P03"
_AGAIN = frozenset({"40001", "40P01", _DUPLICATE})
"""What PostgreSQL says of transactions that met: a serialisation failure, a deadlock, or two who wrote
the same fact, of which the second will see the first when it looks again."""


class BookBusy(BookUnavailable):
    """Others wrote the same lots at the same time, again and again, or one of them does not end."""


class _Met(Exception):
    """This transaction met another one and can be tried again; `duplicate` if it says what that said."""

    def __init__(self, said: BookUnavailable, *, duplicate: bool) -> None:
        super().__init__()
        self.said, self.duplicate = said, duplicate


def open_book(url: str, *, keep: bool = False) -> Engine:
    """Open an existing book; with `keep` connections stay open between verbs.

    Raises:
        BookUnavailable: if the URL names no database that can hold a book, or it cannot be reached.
        WrongSchema: if the book was made by an older or newer program; `init` brings an older one up.
    """
    engine = engine_of(address(url), keep=keep)
    path = path_of(engine)
    if path is not None and not path.exists():
        raise BookUnavailable(f"there is no book at {path}: create it with `osusowake init`")
    with reading(engine) as connection:
        refuse_other_schema(connection)
    return engine


def init_book(url: str) -> Engine:
    """Create the book, or bring an older one up to this program; a current one is left as it is.

    Raises:
        BookUnavailable: if the URL names no database, or it cannot be written.
        WrongSchema: if a newer program made the book.
    """
    engine = engine_of(address(url))
    path = path_of(engine)
    if path is not None and not path.parent.is_dir():
        raise BookUnavailable(f"there is no folder {path.parent} to put the book in")
    with reshaping(engine) as connection:
        migrate(connection)
    return engine


def transact(
    engine: Engine, work: Callable[[Connection], T], command: Command[T] | None = None
) -> T:
    """What a verb does in one transaction that may write; its answer counts once this returns.

    `work` reads, decides and writes through the connection only: where two transactions meet
    (PostgreSQL), it is run again. With a `command` it has one effect however often it is told: the
    same key with the same body gives the first answer again, with another body it is refused.

    Raises:
        BookBusy: if it met others at every attempt.
        BookUnavailable: if the database refuses what it writes.
        KeyReused: if the command's key was used for something else.
    """

    def once(connection: Connection) -> T:
        return work(connection) if command is None else told_before(connection, command, work)

    duplicates = 0
    for attempt in range(ATTEMPTS):
        try:
            with _transaction(engine, retry=True, writes=True) as connection:
                return once(connection)
        except _Met as met:
            duplicates += met.duplicate
            if duplicates == DUPLICATES:
                raise met.said from met
            # Not for secrecy: the waits of processes that met must differ.
            time.sleep(random.random() * min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**attempt))
    raise BookBusy(_busy(engine))


def _busy(engine: Engine) -> str:
    return f"the book at {name_of(engine)} is busy: try again in a moment"


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write, committed at its end or undone by any error."""
    with _transaction(engine, writes=True) as connection:
        yield connection


@contextmanager
def reshaping(engine: Engine) -> Iterator[Connection]:
    """One transaction that may change tables; every reference must hold at its end."""
    with _transaction(engine, writes=True, reshapes=True) as connection:
        yield connection
        found = dangling(connection)
        if found:
            raise BookUnavailable(f"the book at {name_of(engine)}: {found[0]} dangles")


def dangling(connection: Connection) -> Sequence[tuple[Any, ...]]:
    """Rows that name others which are not there: table, row number, other table. PostgreSQL has none."""
    if connection.dialect.name != "sqlite":
        return ()
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [tuple(row) for row in rows]


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees the book as it stands at one moment.

    In PostgreSQL it is not serializable: a snapshot of what was committed is all that a reader needs,
    it never fails because others write, and makes none of them fail.
    """
    options: dict[str, Any] = {}
    if path_of(engine) is None:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with _transaction(engine, writes=False, **options) as connection:
        yield connection


@contextmanager
def _transaction(engine: Engine, *, retry: bool = False, **options: Any) -> Iterator[Connection]:
    try:
        with engine.execution_options(**options).begin() as connection:
            yield connection
    except (SQLAlchemyError, sqlite_module().Error) as error:
        cause = getattr(error, "orig", None) or error
        first = str(cause).strip().split("\n")[0]
        state = getattr(cause, "sqlstate", None)
        if state == _LOCKED or (path_of(engine) is not None and "locked" in first):
            raise BookBusy(_busy(engine)) from error
        said = BookUnavailable(f"the book at {name_of(engine)}: {first}")
        if retry and state in _AGAIN:
            raise _Met(said, duplicate=state == _DUPLICATE) from error
        raise said from error
