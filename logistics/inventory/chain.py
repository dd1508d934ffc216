"""The hash chain of a lot: each entry's hash covers what it says and the entry before it.

An entry that is changed, taken out, put in or moved breaks its lot's chain at that place. What is taken
off the end of a chain shows in the lot's head and in the seals, which cover the heads of all lots and
each other. The hash of the last seal, written on paper, vouches for everything before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from logistics.inventory.entries import Entry

START = ""
"""The hash before the first entry of a lot, and before the first seal."""


class Link(NamedTuple):
    """Where a lot's chain stands after some entries: their number and the hash of the last."""

    lot_id: str
    entries: int
    hash: str


def entry_text(entry: Entry) -> str:
    """All that an entry says, as JSON in one form only; moments in UTC."""
    said = [
        entry.id,
        str(entry.kind),
        entry.lot_id,
        [str(entry.source.kind), entry.source.id],
        [str(entry.target.kind), entry.target.id],
        entry.units,
        _moment(entry.effective_at),
        _moment(entry.recorded_at),
        entry.reservation_id,
        entry.reason,
        entry.reverses,
    ]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def linked(before: str, text: str) -> str:
    """SHA-256 over the hash before and a text, in hexadecimal digits."""
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def links(entries: Iterable[Entry], start: Iterable[Link] = ()) -> Iterator[Link]:
    """The link that each entry adds to the chain of its lot, from where the chains stand."""
    heads = {link.lot_id: link for link in start}
    for entry in entries:
        head = heads.get(entry.lot_id, Link(entry.lot_id, 0, START))
        found = Link(entry.lot_id, head.entries + 1, linked(head.hash, entry_text(entry)))
        heads[entry.lot_id] = found
        yield found


def seal_hash(before: str, changed: Iterable[Link]) -> str:
    """The hash of a seal over the one before it and the heads that have changed since."""
    rows = sorted([link.lot_id, link.entries, link.hash] for link in changed)
    return linked(before, json.dumps(rows, ensure_ascii=False, separators=(",", ":")))
