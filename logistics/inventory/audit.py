"""Does the book still say what it said? Every hash, seal and law from entry zero, the first fault named.

An auditor needs the entries as they stand in the database, with their places and hashes, the heads and
the seals; it trusts none of them and works everything out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from logistics.inventory.balance import EMPTY, BookBroken, Tally, violations
from logistics.inventory.chain import START, Link, entry_text, linked, seal_hash
from logistics.inventory.changes import change_findings
from logistics.inventory.entries import Entry, Kind, site
from logistics.inventory.goods import Goods
from logistics.inventory.mutual_audit import Helped, help_findings
from logistics.inventory.outcomes import Outcome
from logistics.inventory.reservation import Reservation
from logistics.inventory.standing import NOTHING, Standing
from logistics.model.errors import Finding


class Written(NamedTuple):
    """An entry as it stands in the database: number, the place in its lot's chain, hash."""

    seq: int
    entry: Entry
    place: int
    hash: str


class Seal(NamedTuple):
    """A seal and the heads that it says had changed since the one before."""

    number: int
    hash: str
    changed: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """All that an audit looks at; `entries` in the order of their numbers, `outcomes` by the ids under
    which they stand, `faults` what could not even be read."""

    entries: Sequence[Written]
    heads: Mapping[str, Link]
    seals: Sequence[Seal]
    reservations: Mapping[str, Reservation]
    standings: Mapping[str, Standing]
    goods: Mapping[str, Goods]
    helped: Helped = field(default_factory=Helped)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    faults: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found: nothing is a sound book. `hash` is of the last seal, to be kept on paper."""

    entries: int
    lots: int
    seals: int
    hash: str
    findings: tuple[Finding, ...]


def audit(book: Book) -> Audit:
    """Check a book from its first entry; findings come in the order in which the book was written."""
    findings = [*_chains(book), *_laws(book.entries), *_undone(book.entries)]
    findings.sort(key=lambda found: found.row or 0)
    findings = [*book.faults, *findings, *_heads(book), *_seals(book)]
    findings += [*_promises(book), *_outcomes(book)]
    findings += change_findings((written.entry for written in book.entries), book.goods)
    findings += help_findings(
        book.helped, {w.entry.id: w.entry for w in book.entries}, book.reservations
    )
    findings += _stand(book) if not findings else ()  # else it would only say the same again
    last = book.seals[-1].hash if book.seals else START
    lots = len({written.entry.lot_id for written in book.entries})
    return Audit(len(book.entries), lots, len(book.seals), last, tuple(findings))


def _chains(book: Book) -> Iterator[Finding]:
    """Each entry follows the one before it in its lot; the first fault of a lot is told."""
    heads: dict[str, Link] = {}
    broken: set[str] = set()
    for seq, entry, place, digest in sorted(book.entries, key=lambda w: (w.entry.lot_id, w.place)):
        lot = entry.lot_id
        head = heads.get(lot, Link(lot, 0, START))
        heads[lot] = Link(lot, place, digest)
        if lot in broken:
            continue
        expected = linked(head.hash, entry_text(entry))
        if place != head.entries + 1:
            broken.add(lot)
            what = f"place {head.entries + 1} in the chain of lot {lot} is missing before it"
            yield _fault("entry_missing", seq, entry, what)
        elif digest != expected:
            broken.add(lot)
            what = f"its hash is {digest[:12]}…, what it says gives {expected[:12]}…"
            yield _fault("entry_changed", seq, entry, what)


def _laws(entries: Iterable[Written]) -> Iterator[Finding]:
    """The laws of the book, entry by entry in the order written; the first break is told."""
    tally = Tally(EMPTY)
    for seq, entry, _, _ in entries:
        try:
            tally.extend(entry)
        except BookBroken as broken:
            yield _fault("law_broken", seq, entry, str(broken))
            return
    yield from violations(tally.view)


def _undone(entries: Iterable[Written]) -> Iterator[Finding]:
    """What undoes an entry is its mirror image, and each is undone once."""
    known = {written.entry.id: written.entry for written in entries}
    undone: set[str] = set()
    for seq, entry, _, _ in entries:
        if not entry.reverses:
            continue
        old = known.get(entry.reverses)
        if old is None:
            yield _fault("undoes_nothing", seq, entry, f"it undoes {entry.reverses}, which is none")
        elif not _mirrors(entry, old):
            yield _fault("undoes_other", seq, entry, f"it is no mirror image of {old.id}")
        elif old.id in undone:
            yield _fault("undone_twice", seq, entry, f"{old.id} was undone before")
        undone.add(entry.reverses)


def _mirrors(entry: Entry, old: Entry) -> bool:
    ends = (entry.source, entry.target) == (old.target, old.source)
    return ends and (entry.lot_id, entry.units) == (old.lot_id, old.units)


def _heads(book: Book) -> Iterator[Finding]:
    """The head of each lot is its last entry."""
    last: dict[str, Link] = {}
    for written in sorted(book.entries, key=lambda w: w.place):
        lot = written.entry.lot_id
        last[lot] = Link(lot, written.place, written.hash)
    for lot in sorted(last.keys() | book.heads.keys()):
        found, head = last.get(lot, Link(lot, 0, START)), book.heads.get(lot)
        if head != found:
            told = "no head" if head is None else f"a head at place {head.entries}"
            yield Finding(
                "head_differs",
                f"Lot {lot}: {told}, the last entry is at place {found.entries}: "
                "entries were taken off the end, or the head was changed",
                ids=(lot,),
                fix=FIX,
            )


def _seals(book: Book) -> Iterator[Finding]:
    """Each seal covers the one before it, and entries that are still there."""
    hashes = {(w.entry.lot_id, w.place): w.hash for w in book.entries}
    before, expected_number = START, 1
    for seal in book.seals:
        if seal.number != expected_number or seal_hash(before, seal.changed) != seal.hash:
            yield Finding(
                "seal_broken", f"Seal {seal.number} was changed, or one before it", fix=FIX
            )
            return
        for lot, place, digest in seal.changed:
            if hashes.get((lot, place)) != digest:
                yield Finding(
                    "sealed_entry_gone",
                    f"Seal {seal.number} saw entry {place} of lot {lot}; it is not there any more",
                    ids=(lot,),
                    fix=FIX,
                )
                return
        before, expected_number = seal.hash, expected_number + 1


def _promises(book: Book) -> Iterator[Finding]:
    """What is reserved, settled and released belongs to a reservation of that lot and size."""
    reserved: dict[str, int] = {}
    for _, entry, _, _ in book.entries:
        if not entry.kind.is_pending:
            continue
        known = book.reservations.get(entry.reservation_id)
        if known is None or known.lot_id != entry.lot_id:
            yield Finding(
                "no_such_reservation",
                f"Entry {entry.id}: reservation {entry.reservation_id} of lot {entry.lot_id} is none",
                ids=(entry.id,),
                fix=FIX,
            )
        elif entry.kind is Kind.RESERVE and not entry.reverses:
            reserved[known.id] = reserved.get(known.id, 0) + entry.units
            if (entry.source, entry.target) != (site(known.site_id), known.recipient):
                yield Finding(
                    "reservation_differs",
                    f"Reservation {known.id}: from {site(known.site_id)} for {known.recipient}, "
                    f"entry {entry.id} says from {entry.source} for {entry.target}",
                    ids=(known.id,),
                    fix=FIX,
                )
    for key, reservation in sorted(book.reservations.items()):
        found = reserved.get(key, 0)
        if found != reservation.units:
            yield Finding(
                "reservation_differs",
                f"Reservation {key} is of {reservation.units} units, {found} were reserved",
                ids=(key,),
                fix=FIX,
            )


def _outcomes(book: Book) -> Iterator[Finding]:
    """An outcome's id follows from what it says, and entries tell what came of it."""
    told = {written.entry.id.partition("/")[0] for written in book.entries}
    for key, outcome in sorted(book.outcomes.items()):
        if outcome.id != key or key not in told:
            what = "no entry tells of it" if outcome.id == key else "it says something else now"
            yield Finding("outcome_differs", f"Outcome {key}: {what}", ids=(key,), fix=FIX)


def _stand(book: Book) -> Iterator[Finding]:
    """What is kept of how each lot stands is what its entries add up to."""
    entries: dict[str, list[Entry]] = {}
    for written in book.entries:
        entries.setdefault(written.entry.lot_id, []).append(written.entry)
    for lot in sorted(entries.keys() | book.standings.keys()):
        kept, found = book.standings.get(lot, NOTHING), NOTHING.after(entries.get(lot, ()))
        ends = all(
            key in book.reservations and book.reservations[key].expires_at == end
            for key, end in kept.until.items()
        )
        if (kept.balance, kept.promises) != (found.balance, found.promises) or not ends:
            yield Finding(
                "standing_differs",
                f"Lot {lot}: what is kept of how it stands is not what its entries add up to",
                ids=(lot,),
                fix=FIX,
            )


FIX = "restore the last backup that passes the audit, and compare"


def _fault(code: str, seq: int, entry: Entry, what: str) -> Finding:
    message = f"Entry {seq} ({entry.id}, lot {entry.lot_id}): {what}"
    return Finding(code, message, ids=(entry.id, entry.lot_id), row=seq, fix=FIX)
