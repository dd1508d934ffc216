"""A published plan promises units: each line becomes a reservation that knows its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from logistics.inventory.balance import Balance, extend
from logistics.inventory.clock import moment
from logistics.inventory.entries import Account, Entry, Kind, household, site
from logistics.inventory.passage import Incident, Passage, passages
from logistics.model.errors import BookMoved, Finding, PlanRefused, require
from logistics.model.plan import Line, Plan
from logistics.model.problem import WeekProblem
from logistics.model.units import date_of

KEPT = timedelta(days=14)
"""So long after the planned hand-over a plan's promise still stands: sheets come back late."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units of a lot at a site, promised to a household on a day, or to another site.

    `ways` is the planned driving of the units; `rest_site_id` is where they are left when nobody
    takes them: the session's site, or the home of the vehicle that went to the door. From `expires_at`
    on the promise no longer stands in anybody's way.
    """

    id: str
    household_id: str
    lot_id: str
    session_id: str | None
    day: date
    units: int
    site_id: str
    rest_site_id: str
    handover_at: datetime
    ways: tuple[Passage, ...]
    expires_at: datetime | None = None
    to_site_id: str = ""

    def __post_init__(self) -> None:
        require(self.units > 0, f"Reservation {self.id}: units must be > 0, got {self.units}")
        require(
            bool(self.household_id) != bool(self.to_site_id),
            f"Reservation {self.id}: is for one household or for one site",
        )
        driven = sum(way.units for way in self.ways)
        require(
            driven == self.units,
            f"Reservation {self.id}: {self.units} units, but {driven} have a way there",
        )

    @property
    def recipient(self) -> Account:
        """For whom the units are kept."""
        return household(self.household_id) if self.household_id else site(self.to_site_id)

    @property
    def is_direct(self) -> bool:
        """Whether the units are handed out where they stand, without a plan's driving."""
        return not any(way.hauls for way in self.ways)

    def has_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now

    @property
    def line(self) -> tuple[str, str, str | None, date]:
        """What names the line of the plan: household, lot, session, day."""
        return self.household_id, self.lot_id, self.session_id, self.day


@dataclass(frozen=True, slots=True)
class Difference:
    """What a week counts on, and what the book has of it."""

    lot_id: str
    site_id: str
    expected: int
    found: int
    what: str

    def text(self) -> str:
        """One line for people."""
        gap = self.found - self.expected
        words = f"{gap} more" if gap > 0 else f"{-gap} missing"
        return (
            f"Lot {self.lot_id} at {self.site_id}: the plan counts on {self.expected} units "
            f"{self.what}, the book has {self.found} ({words})"
        )


class BookDiffers(BookMoved):
    """The book is not what the plan was made for; `differences` says where."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        self.differences = tuple(differences)
        lines = [difference.text() for difference in self.differences]
        super().__init__("\n".join(["the book has moved since the plan was made:", *lines]))


def accept(problem: WeekProblem, plan: Plan, findings: Sequence[Finding]) -> None:
    """Let a plan pass that was made for this problem and in which the judge found nothing.

    Raises:
        PlanRefused: otherwise.
    """
    if findings:
        lines = "\n".join(finding.text() for finding in findings)
        raise PlanRefused(f"the judge refuses the plan:\n{lines}")
    if plan.problem_digest != problem.digest:
        raise PlanRefused(
            f"the plan was made for {plan.problem_digest or 'no digest'}, "
            f"the week folder is {problem.digest or 'no digest'}: plan the week again"
        )


def promise(
    problem: WeekProblem,
    plan: Plan,
    balance: Balance,
    earlier: Sequence[Reservation],
    publication_id: str,
    now: datetime,
    kept: timedelta = KEPT,
) -> tuple[tuple[Reservation, ...], tuple[Entry, ...]]:
    """Reservations and entries of publishing a plan; what `earlier` plans of the week left open ends.

    The promises stand until so long (`kept`) after the planned hand-over.

    Raises:
        BookDiffers: if a lot's stock is not what the problem says, or too little of it is free.
        PlanRefused: if the plan names something unknown, moves units that are not there, or gives a lot
            that is held.
    """
    _refuse_moved_stock(problem, balance)
    reservations = reservations_of(problem, plan, publication_id, kept)
    refuse_held(reservations, balance, now)
    entries = [
        release(old, balance.open[old.id], publication_id, now)
        for old in earlier
        if old.id in balance.open
    ]
    refuse_promised_twice(reservations, extend(balance, entries))
    entries += [reserve(reservation, now) for reservation in reservations]
    extend(balance, entries)
    return reservations, tuple(entries)


def _refuse_moved_stock(problem: WeekProblem, balance: Balance) -> None:
    differences = [
        Difference(lot.id, lot.site_id, lot.units, found, "in all")
        for _, lot in sorted(problem.lots.items())
        if (found := balance.on_hand(lot.id, site(lot.site_id))) != lot.units
    ]
    if differences:
        raise BookDiffers(differences)


def refuse_held(reservations: Sequence[Reservation], balance: Balance, now: datetime) -> None:
    """Every held lot that a plan gives, with since when and how many units it promises.

    Raises:
        PlanRefused: if there is one.
    """
    wanted: dict[str, int] = defaultdict(int)
    for reservation in reservations:
        wanted[reservation.lot_id] += reservation.units
    held = [
        f"Lot {lot_id} is held since {since:%Y-%m-%d %H:%M %Z}: the plan gives {units} units of it"
        for lot_id, units in sorted(wanted.items())
        if (since := balance.held_since(lot_id)) is not None and since <= now
    ]
    if held:
        raise PlanRefused("\n".join([*held, "plan again without held lots, or lift the hold"]))


def refuse_promised_twice(reservations: Sequence[Reservation], balance: Balance) -> None:
    """What new promises need of each lot must be free.

    Raises:
        BookDiffers: if less is.
    """
    wanted: dict[tuple[str, str], int] = defaultdict(int)
    for reservation in reservations:
        wanted[reservation.lot_id, reservation.site_id] += reservation.units
    differences = [
        Difference(lot_id, site_id, units, free, "that no other week has reserved")
        for (lot_id, site_id), units in sorted(wanted.items())
        if (free := balance.free(lot_id, site(site_id))) < units
    ]
    if differences:
        raise BookDiffers(differences)


def reservations_of(
    problem: WeekProblem,
    plan: Plan,
    publication_id: str,
    kept: timedelta = KEPT,
    *,
    incidents: Sequence[Incident] = (),
) -> tuple[Reservation, ...]:
    """One reservation for each household, lot, session and day of the plan, numbered in that order.

    `incidents` are what happened to goods beside the plan.

    Raises:
        PlanRefused: if a line names something unknown, or moves units that are not there.
    """
    totals: dict[tuple[str, str, str, int], int] = defaultdict(int)
    for line in plan.allocation.lines:
        _refuse_unknown(problem, line)
        totals[line.household_id, line.lot_id, line.session_id or "", line.day] += line.units
    ways = passages(problem, plan, incidents)
    return tuple(
        _reservation(
            f"{publication_id}/{number}",
            problem,
            Line(household_id, lot_id, session_id or None, day, units),
            ways.get((lot_id, (household_id, session_id or None)), ()),
            kept,
        )
        for number, ((household_id, lot_id, session_id, day), units) in enumerate(
            sorted(totals.items()), start=1
        )
    )


def _refuse_unknown(problem: WeekProblem, line: Line) -> None:
    for what, key, known in (
        ("household", line.household_id, problem.households),
        ("lot", line.lot_id, problem.lots),
        ("session", line.session_id, problem.sessions),
    ):
        if key is not None and key not in known:
            raise PlanRefused(f"the plan names the {what} {key}, which the week does not have")
    if line.session_id is None and problem.households[line.household_id].visit is None:
        raise PlanRefused(f"the plan visits household {line.household_id}, which has no visit")


def _reservation(
    reservation_id: str,
    problem: WeekProblem,
    line: Line,
    ways: tuple[Passage, ...],
    kept: timedelta,
) -> Reservation:
    """A line with its way; at a door the hand-over is when the vehicle has unloaded."""
    if sum(way.units for way in ways) != line.units:
        raise PlanRefused(
            f"Household {line.household_id}, lot {line.lot_id}: the plan gives {line.units} units, "
            f"its routes bring {sum(way.units for way in ways)}"
        )
    if line.session_id is not None:
        session = problem.sessions[line.session_id]
        rest_site_id = session.site_id
        handover_at = moment(problem.week_start, session.close_s, problem.timezone)
    else:
        last = ways[-1].hauls[-1]
        rest_site_id = problem.vehicles[last.vehicle_id].home_site_id
        handover_at = last.unload_at
    return Reservation(
        id=reservation_id,
        household_id=line.household_id,
        lot_id=line.lot_id,
        session_id=line.session_id,
        day=date_of(problem.week_start, line.day),
        units=line.units,
        site_id=problem.lots[line.lot_id].site_id,
        rest_site_id=rest_site_id,
        handover_at=handover_at,
        ways=ways,
        expires_at=handover_at + kept,
    )


def reserve(reservation: Reservation, now: datetime) -> Entry:
    """The units are promised."""
    return Entry(
        id=f"reserve:{reservation.id}",
        kind=Kind.RESERVE,
        lot_id=reservation.lot_id,
        source=site(reservation.site_id),
        target=reservation.recipient,
        units=reservation.units,
        effective_at=now,
        recorded_at=now,
        reservation_id=reservation.id,
    )


def release(
    reservation: Reservation, units: int, cause: str, now: datetime, tag: str = ""
) -> Entry:
    """The promise of so many units ends and they are free again where they stand.

    `tag` names the release where its cause alone would not.
    """
    return Entry(
        id=f"release:{reservation.id}:{tag or cause}",
        kind=Kind.RELEASE,
        lot_id=reservation.lot_id,
        source=reservation.recipient,
        target=site(reservation.site_id),
        units=units,
        effective_at=now,
        recorded_at=now,
        reservation_id=reservation.id,
        reason=cause,
    )
