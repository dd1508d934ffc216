"""What really happened at a hand-over, and the entries that say so.

Units that reached a session or door went the way the plan had for them: that driving is booked at
its planned times together with the outcome, because outcomes are all that comes back from a run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import count

from logistics.inventory.balance import Balance, extend
from logistics.inventory.entries import (
    WASTE,
    Account,
    Entry,
    Kind,
    site,
    vehicle,
)
from logistics.inventory.passage import Passage, portion
from logistics.inventory.reservation import Reservation
from logistics.model.errors import Finding, Severity, require


class OutcomeKind(StrEnum):
    """What became of units that were promised."""

    DELIVERED = "delivered"
    PARTLY = "partly"
    NOT_HOME = "not_home"
    RETURNED = "returned"
    WASTED = "wasted"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of an outcomes file.

    `units` are those the outcome is about (handed over, brought back, thrown away); `None` means all
    that is still open. `noted_at` is the local time written on the sheet. `row` says where it was
    read and is no part of what it says. `telling` counts how often the row was told: a second time
    only after the first telling was undone.
    """

    household_id: str
    lot_id: str
    session_id: str | None
    day: date
    kind: OutcomeKind
    units: int | None
    noted_at: datetime
    to_site_id: str = ""
    reason: str = ""
    file: str = field(default="", compare=False)
    row: int | None = field(default=None, compare=False)
    telling: int = field(default=1, compare=False)

    def __post_init__(self) -> None:
        where = f"Outcome of household {self.household_id}, lot {self.lot_id}"
        require(self.units is None or self.units > 0, f"{where}: units must be > 0")
        require(
            self.units is not None or self.kind is not OutcomeKind.PARTLY,
            f"{where}: partly needs the units that were handed over",
        )
        require(
            bool(self.to_site_id) or self.kind is not OutcomeKind.RETURNED,
            f"{where}: returned needs to_site_id",
        )
        require(
            bool(self.reason) or self.kind is not OutcomeKind.WASTED,
            f"{where}: wasted needs a reason",
        )

    @property
    def line(self) -> tuple[str, str, str | None, date]:
        """The line of the plan that it settles: household, lot, session, day."""
        return self.household_id, self.lot_id, self.session_id, self.day

    @property
    def id(self) -> str:
        """The row's identity: everything it says except the units, and which telling of it."""
        said = [
            self.household_id,
            self.lot_id,
            self.session_id,
            self.day.isoformat(),
            str(self.kind),
            self.to_site_id,
            self.reason,
            self.noted_at.isoformat(timespec="seconds"),
        ]
        digest = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
        again = f"#{self.telling}" if self.telling > 1 else ""
        return f"outcome:{digest[:32]}{again}"

    def finding(
        self, code: str, message: str, fix: str, column: str = "", value: str = ""
    ) -> Finding:
        """A finding at this row."""
        place = f"Household {self.household_id}, lot {self.lot_id}"
        return Finding(
            code,
            f"{place}: {message}",
            fix=fix,
            file=self.file,
            row=self.row,
            column=column,
            value=value,
            ids=(self.household_id, self.lot_id),
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording adds to the book; with an error among the findings, nothing.

    `settled` pairs each new outcome with its reservation; `known` counts rows recorded before.
    """

    entries: tuple[Entry, ...]
    settled: tuple[tuple[Outcome, Reservation], ...]
    known: int
    findings: tuple[Finding, ...]


def book_outcomes(
    outcomes: Sequence[Outcome],
    reservations: Sequence[Reservation],
    balance: Balance,
    earlier: Mapping[str, int | None],
    site_ids: frozenset[str],
    now: datetime,
) -> Recorded:
    """Settle reservations by outcomes, in an order that the order of rows does not change.

    `reservations` come oldest plan first; `earlier` has the stated units of outcomes already
    recorded, by identity.
    """
    by_line: dict[tuple[str, str, str | None, date], list[Reservation]] = {}
    for reservation in reservations:
        by_line.setdefault(reservation.line, []).append(reservation)
    told = dict(earlier)
    entries: list[Entry] = []
    settled: list[tuple[Outcome, Reservation]] = []
    findings: list[Finding] = []
    known = 0
    for outcome in sorted(outcomes, key=_order):
        if outcome.id in told:
            known += outcome.id in earlier
            findings += _repeated(outcome, told[outcome.id], outcome.id in earlier)
            continue
        told[outcome.id] = outcome.units
        found = _reservation(outcome, by_line, balance)
        wrong = _wrong(outcome, found, balance, site_ids)
        if wrong is None and found is not None:
            wrong = _held(outcome, found, balance)
        findings += [wrong] if wrong else []
        if found is None or (wrong is not None and wrong.is_error):
            continue
        new = tuple(settle(found, balance.open[found.id], outcome, now))
        balance = extend(balance, new)
        entries += new
        settled.append((outcome, found))
    findings.sort(key=lambda finding: finding.row or 0)
    if any(finding.is_error for finding in findings):
        return Recorded((), (), 0, tuple(findings))
    return Recorded(tuple(entries), tuple(settled), known, tuple(findings))


def _order(outcome: Outcome) -> tuple[bool, str]:
    """Stated units first; then what says "and the rest": `partly`, and rows without units."""
    takes_rest = outcome.units is None or outcome.kind is OutcomeKind.PARTLY
    return takes_rest, outcome.id


def _repeated(outcome: Outcome, units: int | None, in_book: bool) -> list[Finding]:
    """Telling a row again is harmless, with other units it is a contradiction."""
    if units != outcome.units:
        return [
            outcome.finding(
                "outcome_changed",
                f"told before with {units or 'all open'} units, now with {outcome.units or 'all open'}",
                "if it happened again, give the row its own recorded_at",
                "units",
                str(outcome.units or ""),
            )
        ]
    if in_book:
        return []
    message, fix = "the same row stands twice in the file; it counts once", "delete one of them"
    twice = outcome.finding("row_repeated", message, fix)
    return [replace(twice, severity=Severity.WARNING)]


def _reservation(
    outcome: Outcome,
    by_line: Mapping[tuple[str, str, str | None, date], list[Reservation]],
    balance: Balance,
) -> Reservation | None:
    """The line's latest reservation that is still open, else its latest."""
    candidates = by_line.get(outcome.line, [])
    still_open = [reservation for reservation in candidates if reservation.id in balance.open]
    latest_last = still_open or candidates
    return latest_last[-1] if latest_last else None


def _wrong(
    outcome: Outcome,
    reservation: Reservation | None,
    balance: Balance,
    site_ids: frozenset[str],
) -> Finding | None:
    """Why an outcome cannot be booked."""
    if reservation is None:
        through = f"session {outcome.session_id}" if outcome.session_id else "at the door"
        return outcome.finding(
            "not_published",
            f"no published plan gives it on {outcome.day} ({through})",
            "compare household_id, lot_id, session_id and date with the plan",
        )
    open_units = balance.open.get(reservation.id, 0)
    if open_units == 0 or (outcome.units or 0) > open_units:
        return outcome.finding(
            "more_than_reserved",
            f"{outcome.units or 'all'} units told, {open_units} of {reservation.units} are still open",
            "correct the units; extra goods need a plan that reserves them",
            "units",
            str(outcome.units or ""),
        )
    if outcome.to_site_id and outcome.to_site_id not in site_ids:
        return outcome.finding(
            "unknown_site",
            "the book knows no such site",
            "use a site_id of sites.csv",
            "to_site_id",
            outcome.to_site_id,
        )
    return None


def _held(outcome: Outcome, reservation: Reservation, balance: Balance) -> Finding | None:
    """Handing out from a lot that is held then: it happened only if somebody says why."""
    since = balance.held_since(outcome.lot_id)
    given = outcome.kind in (OutcomeKind.DELIVERED, OutcomeKind.PARTLY)
    if not given or since is None or since > reservation.handover_at:
        return None
    found = outcome.finding(
        "lot_held",
        f"the lot is held since {since:%Y-%m-%d %H:%M %Z}, before the hand-over",
        "if it was handed out in spite of that, say why in the row's reason",
        "reason",
        outcome.reason,
    )
    return replace(found, severity=Severity.WARNING) if outcome.reason else found


def settle(
    reservation: Reservation, open_units: int, outcome: Outcome, now: datetime
) -> Iterator[Entry]:
    """The entries of one outcome: the promise ends, the units go their way, then to where they are."""
    units = open_units if outcome.units is None else outcome.units
    numbers = count(1)
    done = reservation.units - open_units
    yield from _part(reservation, done, units, outcome.kind, outcome, numbers, now)
    rest = open_units - units
    if outcome.kind is OutcomeKind.PARTLY and rest:
        left = OutcomeKind.NOT_HOME
        yield from _part(reservation, done + units, rest, left, outcome, numbers, now)


def _part(
    reservation: Reservation,
    done: int,
    units: int,
    kind: OutcomeKind,
    outcome: Outcome,
    numbers: Iterator[int],
    now: datetime,
) -> Iterator[Entry]:
    """Units of a reservation that share one fate, after the first `done` have met theirs."""

    def entry(what: Kind, source: Account, target: Account, n: int, at: datetime) -> Entry:
        key = f"{outcome.id}/{next(numbers)}"
        lot_id, promise = reservation.lot_id, reservation.id
        reason = "" if what in (Kind.SETTLE, Kind.LOAD, Kind.UNLOAD) else outcome.reason
        return Entry(key, what, lot_id, source, target, n, at, now, promise, reason)

    gone = kind in (OutcomeKind.DELIVERED, OutcomeKind.PARTLY, OutcomeKind.WASTED)
    recipient, start = reservation.recipient, site(reservation.site_id)
    at = reservation.handover_at
    yield entry(Kind.SETTLE if gone else Kind.RELEASE, recipient, start, units, at)
    for way in portion(reservation.ways, done, units):
        for haul in way.hauls:
            board = vehicle(haul.vehicle_id)
            yield entry(Kind.LOAD, site(haul.from_site_id), board, way.units, haul.load_at)
            if haul.to_site_id:
                yield entry(Kind.UNLOAD, board, site(haul.to_site_id), way.units, haul.unload_at)
        here = end_of(way, start)
        back = site(outcome.to_site_id or reservation.rest_site_id)
        if kind is OutcomeKind.WASTED:
            yield entry(Kind.DISCARD, here, WASTE, way.units, at)
        elif gone:
            yield entry(Kind.DELIVER, here, recipient, way.units, at)
        elif here != back:
            yield entry(Kind.RETURN, here, back, way.units, at)


def end_of(way: Passage, start: Account) -> Account:
    """Where units stand at the hand-over: in the vehicle at a door, else at the site they came to."""
    if not way.hauls:
        return start
    last = way.hauls[-1]
    return site(last.to_site_id) if last.to_site_id else vehicle(last.vehicle_id)
