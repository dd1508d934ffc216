"""Publishing a plan made anew in the middle of its week: what was recorded stays, the rest is promised.

The week's folder is still that of its beginning, while some of its goods have been driven, handed out
or lost since. What the outcomes have booked is compared with it; what nobody has told of is promised
as the new plan has it, and an open promise that the new plan keeps as it is is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from logistics.inventory.balance import Balance, extend
from logistics.inventory.entries import AccountKind, Entry, Kind, site
from logistics.inventory.passage import Incident, portion
from logistics.inventory.reservation import (
    KEPT,
    BookDiffers,
    Difference,
    Reservation,
    refuse_held,
    refuse_promised_twice,
    release,
    reservations_of,
    reserve,
)
from logistics.model.errors import PlanRefused
from logistics.model.plan import Plan
from logistics.model.problem import WeekProblem

LineKey = tuple[str, str, str | None, date]


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What a plan made anew was made for.

    `week` is the week as the events have left it, `published` the plan in force until now. `incidents`
    are goods that left a car or a place otherwise than a plan drives them; `lost` are units by lot that
    the events say are gone, whether or not the book has been told.
    """

    week: WeekProblem
    published: Plan
    incidents: tuple[Incident, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Told:
    """Units of a line whose fate has been recorded, and the most that was ever promised of it."""

    delivered: int = 0
    free: int = 0
    wasted: int = 0
    promised: int = 0

    def still_promised(self, units: int) -> int:
        """Units of `units` planned that nobody has told of; wasted ones first explain a smaller line."""
        less = max(0, self.promised - units)
        return max(0, units - self.delivered - self.free - max(0, self.wasted - less))


def promise_anew(
    problem: WeekProblem,
    plan: Plan,
    under_way: UnderWay,
    entries: Sequence[Entry],
    balance: Balance,
    earlier: Sequence[Reservation],
    publication_id: str,
    now: datetime,
    kept: timedelta = KEPT,
) -> tuple[tuple[Reservation, ...], tuple[Entry, ...]]:
    """New reservations and entries of publishing a plan made anew for a week under way.

    Args:
        problem: the week as imported.
        plan: the new plan of the whole week.
        under_way: what it was made for.
        entries: the book's entries of the lots concerned, to which `balance` is the sum.
        balance: what stands where.
        earlier: all reservations that plans of this week have made, oldest first.
        publication_id: names the new promises.
        now: when the book learns of it.
        kept: so long after the planned hand-over a new promise stands.

    Raises:
        BookDiffers: if the stock is not what the week, its outcomes and the events make of it.
        PlanRefused: if more was handed over than the plan gives, or the plan moves what is not there or
            gives a lot that is held.
    """
    undone = {entry.reverses for entry in entries if entry.reverses}
    ours = {reservation.id for reservation in earlier}
    facts = [e for e in entries if e.reservation_id in ours and e.id not in undone]
    facts = [e for e in facts if not e.reverses]
    _refuse_moved_stock(problem, under_way.lost, facts, balance)
    wanted = reservations_of(
        under_way.week, plan, publication_id, kept, incidents=under_way.incidents
    )
    told = _told(facts, earlier)
    _refuse_handed_out(wanted, told)
    due = [each for each in (_due(each, told) for each in wanted) if each is not None]
    stands = _standing(due, earlier, balance)
    new = tuple(each for each in due if each.line not in stands)
    refuse_held(new, balance, now)
    open_ids = set(stands.values())
    changes = [
        release(old, balance.open[old.id], publication_id, now)
        for old in earlier
        if old.id in balance.open and old.id not in open_ids
    ]
    refuse_promised_twice(new, extend(balance, changes))
    changes += [reserve(reservation, now) for reservation in new]
    extend(balance, changes)
    return new, tuple(changes)


def _refuse_moved_stock(
    problem: WeekProblem, lost: Mapping[str, int], facts: Sequence[Entry], balance: Balance
) -> None:
    """What the folder counts, less what this week's outcomes took; lost goods may be gone already."""
    moved: dict[str, int] = defaultdict(int)
    wasted: dict[str, int] = defaultdict(int)
    for entry in facts:
        lot = problem.lots.get(entry.lot_id)
        if lot is None or entry.kind.is_pending:
            continue
        here = site(lot.site_id)
        moved[lot.id] += entry.units * ((entry.target == here) - (entry.source == here))
        wasted[lot.id] += entry.units if entry.kind is Kind.DISCARD else 0
    differences = []
    for _, lot in sorted(problem.lots.items()):
        expected = lot.units + moved[lot.id]
        least = expected - max(0, lost.get(lot.id, 0) - wasted[lot.id])
        found = balance.on_hand(lot.id, site(lot.site_id))
        if not least <= found <= expected:
            what = "after this week's outcomes"
            differences.append(Difference(lot.id, lot.site_id, expected, found, what))
    if differences:
        raise BookDiffers(differences)


def _told(facts: Sequence[Entry], earlier: Sequence[Reservation]) -> dict[LineKey, _Told]:
    """What outcomes have said of each line; releases by a plan or by time say nothing of goods."""
    line_of = {reservation.id: reservation.line for reservation in earlier}
    told: dict[LineKey, _Told] = defaultdict(_Told)
    for reservation in earlier:
        line = told[reservation.line]
        line.promised = max(line.promised, reservation.units)
    for entry in facts:
        line = told[line_of[entry.reservation_id]]
        if entry.target.kind is AccountKind.HOUSEHOLD and not entry.kind.is_pending:
            line.delivered += entry.units
        elif entry.kind is Kind.DISCARD:
            line.wasted += entry.units
        elif entry.kind is Kind.RELEASE and entry.id.startswith("outcome:"):
            line.free += entry.units
    return told


def _refuse_handed_out(wanted: Sequence[Reservation], told: Mapping[LineKey, _Told]) -> None:
    """A plan that takes back what a household has had counts on goods that are gone."""
    planned = {reservation.line: reservation.units for reservation in wanted}
    wrong = [
        f"Household {line[0]}, lot {line[1]}, {line[3]}: {found.delivered} units were handed over, "
        f"the new plan gives {planned.get(line, 0)}"
        for line, found in sorted(told.items(), key=lambda item: str(item[0]))
        if found.delivered > planned.get(line, 0)
    ]
    if wrong:
        fix = "replan with the moment up to which outcomes are recorded as --now"
        raise PlanRefused("\n".join([*wrong, fix]))


def _due(wanted: Reservation, told: Mapping[LineKey, _Told]) -> Reservation | None:
    """The part of a line that nobody has told of."""
    found = told.get(wanted.line)
    units = wanted.units if found is None else found.still_promised(wanted.units)
    if units == 0:
        return None
    return replace(wanted, units=units, ways=portion(wanted.ways, wanted.units - units, units))


def _standing(
    due: Sequence[Reservation], earlier: Sequence[Reservation], balance: Balance
) -> dict[LineKey, str]:
    """Lines of which an open promise already says all that is due, with its name."""
    open_by_line: dict[LineKey, list[Reservation]] = defaultdict(list)
    for old in earlier:
        if old.id in balance.open:
            open_by_line[old.line].append(old)
    stands = {}
    for each in due:
        for old in open_by_line[each.line]:
            units = balance.open[old.id]
            rest = portion(old.ways, old.units - units, units)
            if units == each.units and rest == each.ways and old.site_id == each.site_id:
                stands[each.line] = old.id
    return stands
