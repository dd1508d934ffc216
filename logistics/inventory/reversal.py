"""What was told wrongly is undone as a whole and may then be told again.

A *fact* is what somebody told at once: one entry, or several whose ids are the fact's and a number
(`outcome:…/1`, `outcome:…/2`). It is undone entry by entry from its end, which is what makes the way
back as lawful as the way there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from logistics.inventory.acts import Act, ActRefused, refuse_no_reason
from logistics.inventory.balance import BookBroken, extend, fold
from logistics.inventory.entries import AccountKind, Entry, Kind
from logistics.inventory.outcomes import Outcome
from logistics.model.errors import NotFound

OUTCOME = "outcome:"
PARTED = (OUTCOME, "settle:", "split:", "merge:", "repack:", "transfer:")
"""How the ids of facts begin that have several entries."""

OTHERWISE = {
    Kind.RESERVE: "`release` ends a promise",
    Kind.HOLD: "`unhold` lifts a hold",
    Kind.UNHOLD: "`hold` the lot again",
    Kind.REVERSAL: "tell again what is true",
}
"""What is not undone, and what to do instead."""


def fact_of(entry_id: str) -> str:
    """The id of the fact that an entry belongs to."""
    fact, _, number = entry_id.rpartition("/")
    return fact if number.isdigit() and entry_id.startswith(PARTED) else entry_id


def reverse(entries: Sequence[Entry], fact: str, act: Act) -> tuple[Entry, ...]:
    """The entries that undo a fact; `entries` are all entries of the lots that it touched.

    `fact` may also be the id of one of its entries. Undone are outcomes, settlements, receipts, moves,
    discards, count differences, and changes whose new lot nobody has touched.

    Raises:
        NotFound: if there is no such fact.
        ActRefused: if it was undone before, is undone otherwise, or later entries need its units.
    """
    parts = [e for e in entries if fact_of(e.id) == fact]
    parts = parts or [e for e in entries if fact_of(e.id) == fact_of(fact)]
    if not parts:
        raise NotFound(f"{fact}: the book has no such entry", "no_entry", id=fact)
    refuse_no_reason(act, f"{fact}: undoing it")
    _refuse_otherwise(parts, entries)
    _refuse_touched(parts, entries)
    found = [_opposite(entry, act) for entry in reversed(parts)]
    try:
        extend(fold(entries), found)
    except BookBroken as broken:
        name = fact_of(parts[0].id)
        raise ActRefused(
            f"{name} cannot be undone, later entries need its units: {broken}",
            "needed_later",
            id=name,
        ) from broken
    return tuple(found)


def _refuse_otherwise(parts: Sequence[Entry], entries: Sequence[Entry]) -> None:
    """What was undone before, or is undone by another verb."""
    undone = undone_ids(entries)
    for entry in parts:
        if entry.id in undone:
            name = fact_of(entry.id)
            raise ActRefused(f"{name} was undone before", "undone_before", id=name)
        if entry.kind in OTHERWISE:
            raise ActRefused(f"{entry.id} is not undone: {OTHERWISE[entry.kind]}")
        if entry.kind is Kind.RELEASE and fact_of(entry.id) == entry.id:
            raise ActRefused(f"{entry.id} is not undone: promise the units again")


def _refuse_touched(parts: Sequence[Entry], entries: Sequence[Entry]) -> None:
    """A change is undone only while nothing else has happened to the lot that it made."""
    own = {entry.id for entry in parts}
    undone = undone_ids(entries)
    made = {entry.lot_id for entry in parts if entry.source.kind is AccountKind.CHANGE}
    later = [
        entry.id
        for entry in entries
        if entry.lot_id in made
        and entry.id not in own
        and entry.id not in undone
        and not entry.reverses
    ]
    if later:
        name, lots = fact_of(parts[0].id), ", ".join(sorted(made))
        raise ActRefused(
            f"{name} cannot be undone: lot {lots} was touched after it ({later[0]})",
            "touched_later",
            id=name,
            lots=lots,
            later=later[0],
        )


def _opposite(entry: Entry, act: Act) -> Entry:
    """A posted entry goes back; a promise that had ended is open again."""
    return Entry(
        id=f"undo:{entry.id}",
        kind=Kind.RESERVE if entry.kind.is_pending else Kind.REVERSAL,
        lot_id=entry.lot_id,
        source=entry.target,
        target=entry.source,
        units=entry.units,
        effective_at=act.at,
        recorded_at=act.now,
        reservation_id=entry.reservation_id,
        reason=act.reason,
        reverses=entry.id,
    )


def undone_ids(entries: Iterable[Entry]) -> frozenset[str]:
    """The ids of entries that others undo."""
    return frozenset(entry.reverses for entry in entries if entry.reverses)


def retold(outcomes: Iterable[Outcome], entries: Iterable[Entry]) -> tuple[Outcome, ...]:
    """Rows as tellings: a row whose earlier telling was undone counts as a new one.

    `entries` are all entries of the lots that the rows name.
    """
    facts = {fact_of(id_) for id_ in undone_ids(entries) if id_.startswith(OUTCOME)}
    found = []
    for outcome in outcomes:
        while outcome.id in facts:
            outcome = replace(outcome, telling=outcome.telling + 1)
        found.append(outcome)
    return tuple(found)
