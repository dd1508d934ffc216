"""What must hold of a book after it was treated badly, read through the store's verbs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.reliability.town import HUB, NOW, lot_ids
from logistics import store
from logistics.inventory import Entry, Kind
from logistics.store import Engine

Done = tuple[str, str]
"""A verb and the reservation it was done to, as a client acknowledged it."""


@dataclass(frozen=True, slots=True)
class State:
    """The book at one moment: entries, units there and free by lot, what the audit found."""

    entries: tuple[Entry, ...]
    on_hand: dict[str, int]
    free: dict[str, int]
    findings: tuple[str, ...]


def state_of(engine: Engine, lots: int) -> State:
    """Read it all; the audit works every hash and balance out again."""
    found = store.audit(engine, now=NOW)
    entries = store.lots_extract(engine, lot_ids(lots)).entries
    rows = [row for row in store.stock(engine, now=NOW) if row.place.id == HUB]
    return State(
        tuple(entries),
        {row.lot_id: row.on_hand for row in rows},
        {row.lot_id: row.free for row in rows},
        tuple(finding.code for finding in found.findings),
    )


def done_in(entries: Iterable[Entry]) -> Counter[Done]:
    """What was done to which reservation."""
    return Counter(
        (str(entry.kind), entry.reservation_id) for entry in entries if entry.kind.is_pending
    )


def torn(entries: Sequence[Entry]) -> int:
    """Hand-overs that are half there: a promise settled without the units gone, or the reverse."""
    settled = Counter(e.reservation_id for e in entries if e.kind is Kind.SETTLE)
    gone = Counter(e.reservation_id for e in entries if e.kind is Kind.DELIVER)
    return sum(((settled - gone) + (gone - settled)).values())


def compare(acknowledged: Iterable[Any], entries: Sequence[Entry]) -> tuple[int, int]:
    """How much of what was acknowledged is lost, and how much is there that was not acknowledged."""
    told, found = Counter(tuple(each) for each in acknowledged), done_in(entries)
    return sum((told - found).values()), sum((found - told).values())
