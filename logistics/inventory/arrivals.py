"""A week's lots come into the book: what is new is received, what is known must agree.

A lot already known is compared with the book only where the week tells something new about it; a
folder that says again what it said before changes nothing, however far the book has moved since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from logistics.inventory.balance import Balance, extend
from logistics.inventory.clock import moment
from logistics.inventory.entries import COUNT, Account, Entry, Kind, donor, site
from logistics.inventory.goods import Goods, changes, goods_of
from logistics.inventory.reservation import Reservation, release
from logistics.model.errors import Finding, Severity
from logistics.model.goods import Lot
from logistics.model.problem import WeekProblem


@dataclass(frozen=True, slots=True)
class Listing:
    """Where and how many units of a lot a week's folder says there are."""

    lot_id: str
    site_id: str
    units: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the book knows before a week is imported.

    `listed` is what the same week's last import said, `elsewhere` the lots that another week has
    listed, `entries` and `open` (reservations) concern the week's lots.
    """

    goods: Mapping[str, Goods]
    listed: Mapping[str, Listing]
    elsewhere: frozenset[str]
    entries: tuple[Entry, ...]
    open: tuple[Reservation, ...]
    balance: Balance

    def received(self) -> frozenset[str]:
        """Lots that came in, from a donor or out of a change: none of them comes in once more."""
        return frozenset(
            entry.lot_id
            for entry in self.entries
            if entry.kind is Kind.RECEIVE or entry.kind.is_change
        )

    def settled(self) -> frozenset[str]:
        """Lots whose facts stand: another week knows them, or something has happened to them."""
        harmless = (Kind.RECEIVE, Kind.COUNT)
        return self.elsewhere | {e.lot_id for e in self.entries if e.kind not in harmless}


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What an import adds to the book; with an error among the findings, nothing."""

    entries: tuple[Entry, ...]
    goods: tuple[Goods, ...]
    listings: tuple[Listing, ...]
    findings: tuple[Finding, ...]


def listings_of(problem: WeekProblem) -> tuple[Listing, ...]:
    """What the week's folder says about each lot's place and units, by lot."""
    return tuple(Listing(lot.id, lot.site_id, lot.units) for _, lot in sorted(problem.lots.items()))


def arrivals(
    problem: WeekProblem, known: Known, *, recount: bool, cause: str, now: datetime
) -> Arrivals:
    """Entries and findings of importing a week.

    With `recount` the folder is a fresh count and differences are booked; without it they are
    findings. `cause` names the import in the entries' identifiers.
    """
    goods, findings = _goods(problem, known)
    listings = listings_of(problem)
    entries: list[Entry] = []
    received = known.received()
    for listing in listings:
        if listing.lot_id not in received:
            if listing.units:
                entries.append(_receive(problem, problem.lots[listing.lot_id], now))
        elif listing != known.listed.get(listing.lot_id):
            entries += _recount(listing, known, findings, recount, cause, now)
    for lot_id in sorted(known.listed.keys() - problem.lots.keys()):
        gone = Listing(lot_id, known.listed[lot_id].site_id, 0)
        entries += _recount(gone, known, findings, recount, cause, now)
    if any(finding.is_error for finding in findings):
        return Arrivals((), (), (), tuple(findings))
    extend(known.balance, entries)
    return Arrivals(tuple(entries), tuple(goods), listings, tuple(findings))


def _goods(problem: WeekProblem, known: Known) -> tuple[list[Goods], list[Finding]]:
    """New and corrected lots, and a finding for each known lot that has become something else."""
    told, findings, fixed = [], [], known.settled()
    for _, lot in sorted(problem.lots.items()):
        new, old = goods_of(lot, problem), known.goods.get(lot.id)
        if old is None or (lot.id not in fixed and old.org_id == new.org_id and old != new):
            told.append(new)
        elif old != new:
            findings.append(
                Finding(
                    "lot_changed",
                    f"Lot {lot.id} is in the book as something else: {', '.join(changes(old, new))}",
                    fix="give other goods another lot_id, or write the lot as the book has it",
                    file="lots.csv",
                    column="lot_id",
                    value=lot.id,
                    ids=(lot.id,),
                )
            )
    return told, findings


def _receive(problem: WeekProblem, lot: Lot, now: datetime) -> Entry:
    """A lot comes from its donor to where it stands; an offer to where the donor keeps it."""
    return Entry(
        id=f"receive:{lot.id}",
        kind=Kind.RECEIVE,
        lot_id=lot.id,
        source=donor(lot.org_id),
        target=site(lot.site_id),
        units=lot.units,
        effective_at=moment(problem.week_start, lot.ready_s or 0, problem.timezone),
        recorded_at=now,
    )


def _recount(
    listing: Listing,
    known: Known,
    findings: list[Finding],
    recount: bool,
    cause: str,
    now: datetime,
) -> Iterable[Entry]:
    """The entries that bring the book to a count, or a finding that says how far it is off."""
    account = site(listing.site_id)
    book = known.balance.on_hand(listing.lot_id, account)
    if listing.units == book:
        return ()
    if not recount:
        findings.append(_count_differs(listing, book, known.balance.places(listing.lot_id)))
        return ()
    entries = []
    if listing.units < known.balance.reserved.get((listing.lot_id, account), 0):
        entries = _released(listing, known, findings, cause, now)
    source, target = (COUNT, account) if listing.units > book else (account, COUNT)
    entries.append(_counted(listing.lot_id, source, target, abs(listing.units - book), cause, now))
    return entries


def _released(
    listing: Listing, known: Known, findings: list[Finding], cause: str, now: datetime
) -> list[Entry]:
    """End the promises on a lot of which too little is left; a plan must promise it anew."""
    entries = [
        release(reservation, known.balance.open[reservation.id], cause, now)
        for reservation in known.open
        if reservation.lot_id == listing.lot_id and reservation.site_id == listing.site_id
    ]
    units = sum(entry.units for entry in entries)
    findings.append(
        Finding(
            "reservations_released",
            f"Lot {listing.lot_id}: counted {listing.units}, {units} were reserved; they are released",
            fix="plan and publish again",
            ids=(listing.lot_id,),
            severity=Severity.WARNING,
        )
    )
    return entries


def _counted(
    lot_id: str, source: Account, target: Account, units: int, cause: str, now: datetime
) -> Entry:
    return Entry(
        f"{cause}:{lot_id}", Kind.COUNT, lot_id, source, target, units, now, now, "", "count"
    )


def _count_differs(listing: Listing, book: int, places: Mapping[str, int]) -> Finding:
    """Counted, booked and the difference, with where else the book has the lot."""
    difference = listing.units - book
    words = f"{difference} more" if difference > 0 else f"{-difference} missing"
    others = ", ".join(f"{n} at {at}" for at, n in places.items() if at != listing.site_id)
    also = f"; it has {others}" if others else ""
    return Finding(
        "count_differs",
        f"Lot {listing.lot_id}: counted {listing.units} at {listing.site_id}, "
        f"book says {book} ({words}){also}",
        fix="correct the folder, or import with --count to book the difference",
        file="lots.csv",
        column="units",
        value=str(listing.units),
        ids=(listing.lot_id, listing.site_id),
    )
