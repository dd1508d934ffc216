"""Backup and restore: all tables as they stand at one moment, in one file that fits either database.

A backup is gzipped JSON lines: a first line with form and schema, a line for each row in the order in
which the tables refer to each other, and a last line with the number of rows and the SHA-256 of all
before it. It is written beside its name and put in place when it is whole.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Engine, Table, func, insert, select, text

from logistics.inventory.audit import Audit
from logistics.model.errors import OsusowakeError
from logistics.store import tables as t
from logistics.store.auditing import audited
from logistics.store.engine import reading, writing
from logistics.store.schema import head

FORM = "osusowake.book/1"
BATCH = 1_000


class BadBackup(OsusowakeError):
    """A file is no whole backup of a book that this program can read."""


class BookNotEmpty(OsusowakeError):
    """A backup is restored into an empty book only."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written or restored: rows in all, entries among them, the file's fingerprint."""

    rows: int
    entries: int
    sha256: str


def backup(engine: Engine, path: Path) -> Backup:
    """Write the book as it stands at one moment, while others go on writing.

    Raises:
        BookUnavailable: if the book cannot be read.
    """
    part = path.with_name(f"{path.name}.part")
    digest, rows, entries = hashlib.sha256(), 0, 0
    try:
        with reading(engine) as connection, gzip.open(part, "wb") as file:
            first = {"format": FORM, "schema": head()}
            for line in _lines(first, connection):
                file.write(line)
                digest.update(line)
                rows += 1
                entries += line.startswith(b'["entries"')
            last = {"rows": rows - 1, "sha256": digest.hexdigest()}
            file.write(json.dumps(last).encode())
        with part.open("rb") as whole:
            os.fsync(whole.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return Backup(rows - 1, entries, digest.hexdigest())


def _lines(first: dict[str, str], connection: Connection) -> Iterator[bytes]:
    yield f"{json.dumps(first)}\n".encode()
    for table in t.metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        for row in connection.execute(select(table).order_by(*keys)):
            values = [each.isoformat() if isinstance(each, date) else each for each in row]
            yield f"{json.dumps([table.name, values], ensure_ascii=False)}\n".encode()


def restore(engine: Engine, path: Path) -> tuple[Backup, Audit]:
    """Fill an empty book from a backup; it counts only if the file is whole and the audit finds nothing.

    Raises:
        BadBackup: if the file is not whole, of another schema, or its book fails the audit.
        BookNotEmpty: if the book has anything in it.
    """
    rows, entries, sha256 = _checked(path)
    with writing(engine) as connection:
        for table in t.metadata.sorted_tables:
            if connection.scalar(select(func.count()).select_from(table)):
                raise BookNotEmpty(
                    f"the book has {table.name} in it: restore into a new one (`osusowake init --db …`)"
                )
        _fill(connection, path)
        found = audited(connection)
        if found.findings:
            first = found.findings[0]
            raise BadBackup(f"{path}: the audit refuses its book: {first.message}")
    return Backup(rows, entries, sha256), found


def _checked(path: Path) -> tuple[int, int, str]:
    """Rows, entries and fingerprint of a file that is whole and of this schema."""
    digest, rows, entries, last = hashlib.sha256(), 0, 0, b""
    try:
        with gzip.open(path, "rb") as file:
            first = json.loads(before := file.readline())
            for line in file:
                digest.update(before)
                rows += 1
                entries += before.startswith(b'["entries"')
                before = last = line
        end = json.loads(last)
        found = first["format"], first["schema"], end["rows"], end["sha256"]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise BadBackup(f"{path} is no whole backup: {error}") from error
    if found[0] != FORM or found[1] != head():
        raise BadBackup(
            f"{path} has form {found[0]} and schema {found[1]}; this program reads {FORM} and {head()}: "
            "restore it with the program that wrote it, then run `osusowake init`"
        )
    if found[2:] != (rows - 1, digest.hexdigest()):
        raise BadBackup(f"{path} is damaged: its rows do not give the fingerprint at its end")
    return rows - 1, entries, digest.hexdigest()


def _fill(connection: Connection, path: Path) -> None:
    table: Table | None = None
    waiting: list[dict[str, Any]] = []
    with gzip.open(path, "rb") as file:
        next(file)
        for line in file:
            row = json.loads(line)
            if isinstance(row, dict):
                break
            name, values = row
            if table is None or table.name != name or len(waiting) == BATCH:
                _insert(connection, table, waiting)
                table, waiting = t.metadata.tables[name], []
            waiting.append(
                {
                    c.name: _value(c.type, each)
                    for c, each in zip(table.columns, values, strict=True)
                }
            )
    _insert(connection, table, waiting)
    if connection.dialect.name == "postgresql":
        # Entries came with their numbers; the next one follows the last of them.
        connection.execute(
            text("SELECT setval('entries_seq_seq', GREATEST(1, (SELECT MAX(seq) FROM entries)))")
        )


def _insert(connection: Connection, table: Table | None, values: list[dict[str, Any]]) -> None:
    if table is not None and values:
        connection.execute(insert(table), values)


def _value(kind: Any, value: Any) -> Any:
    """A value of a row from its JSON."""
    if value is None or not isinstance(value, str):
        return value
    if isinstance(kind, t.Moment | DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
