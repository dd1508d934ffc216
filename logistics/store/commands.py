"""Commands that are told twice, as over a bad line, and have one effect."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, insert, select

from logistics.model.errors import OsusowakeError
from logistics.store import tables as t

T = TypeVar("T")


class KeyReused(OsusowakeError):
    """A command's key was used before for another command."""


@dataclass(frozen=True, slots=True)
class Command(Generic[T]):
    """What is told, under a key that the teller chooses and repeats when unsure.

    `body` is all that decides what happens, as JSON; `to_json` and `of_json` keep the answer. An answer
    that `to_json` turns into `None` is not kept: nothing was written, and the command may come again.
    """

    key: str
    verb: str
    body: Any
    to_json: Callable[[T], Any]
    of_json: Callable[[Any], T]

    @property
    def body_sha256(self) -> str:
        """A fingerprint of verb and body."""
        text = json.dumps([self.verb, self.body], ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def told_before(connection: Connection, command: Command[T], work: Callable[[Connection], T]) -> T:
    """The first answer of a command that was told before, else that of doing it now.

    Raises:
        KeyReused: if the key was used for something else.
    """
    row = connection.execute(select(t.commands).where(t.commands.c.key == command.key)).first()
    if row is not None:
        if row.body_sha256 != command.body_sha256:
            raise KeyReused(
                f"the key {command.key!r} was used on {row.recorded_at:%Y-%m-%d %H:%M} UTC for "
                f"another `{row.verb}`: give this command a key of its own"
            )
        return command.of_json(json.loads(row.answer))
    answer = work(connection)
    kept = command.to_json(answer)
    if kept is not None:
        values = {
            "key": command.key,
            "verb": command.verb,
            "body_sha256": command.body_sha256,
            "answer": json.dumps(kept, ensure_ascii=False, default=str),
            "recorded_at": datetime.now(UTC),
        }
        connection.execute(insert(t.commands), values)
    return answer
