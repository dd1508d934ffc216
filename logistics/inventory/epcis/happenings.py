"""From entries to happenings: what really happened once, without saying to whom.

The book writes an entry for each promise, so one loading of a vehicle is many entries and one opening of
a satellite is one entry a household. A happening gathers what belongs together. Whatever hangs on a
promise is gathered by the day on which the book learned of it, and hand-overs lose their hour and their
household: from the happenings nobody can tell which lots went to one door together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo

from logistics.inventory.entries import COUNT, Account, AccountKind, Entry, Kind, household

SOMEBODY = household("household")
"""Every household, and every door: they are never told apart."""

DAY_END = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Happening:
    """Units of lots that left or came by one act, or a lot that was held or counted.

    `key` tells it from all others and names no household. `at` is local; hand-overs and what else became
    of a promise stand at the last second of their day, while `exactly_at` keeps the hour, to judge dates
    by, and is told to nobody. `recorded_at` is `None` where it could join what went to one household.
    `taken` and `made` are units by lot: a change takes some and makes others, all else only takes.
    `stands` are the units that a count left standing, `difference` those that it found more (or fewer).
    `undone_at` is when the book learned that it was not so, `followed` whether another happening says
    what was so instead.
    """

    key: tuple[str, ...]
    kind: Kind
    source: Account
    target: Account
    at: datetime
    exactly_at: datetime
    recorded_at: datetime | None
    taken: tuple[tuple[str, int], ...]
    made: tuple[tuple[str, int], ...] = ()
    stands: int = 0
    difference: int = 0
    undone_at: datetime | None = None
    followed: bool = False

    @property
    def lot_ids(self) -> frozenset[str]:
        """The lots that it is about."""
        return frozenset(lot_id for lot_id, _ in (*self.taken, *self.made))


@dataclass(slots=True)
class _Group:
    """Entries of one happening, and those of them that were undone, in the book's order."""

    key: tuple[str, ...]
    recorded: datetime | date
    entries: list[Entry] = field(default_factory=list)
    undone: list[tuple[Entry, str]] = field(default_factory=list)
    stands: int = 0


def is_private(entry: Entry) -> bool:
    """Whether an entry became of a promise or went to a household, so that it could point at one."""
    ends = (entry.source.kind, entry.target.kind)
    return AccountKind.HOUSEHOLD in ends or bool(entry.reservation_id)


def happenings(
    entries: Iterable[Entry], zone: tzinfo, before: date | None = None
) -> tuple[Happening, ...]:
    """What happened, from all entries of some lots in the book's order; promises are left out.

    With `before`, what became of promises is told only if the book learned of it before that local
    day: until the day is over, more may come to the same happening.
    """
    groups = _grouped(entries, zone, before)
    return tuple(happening for group in groups for happening in _versions(group, zone))


def _grouped(entries: Iterable[Entry], zone: tzinfo, before: date | None) -> list[_Group]:
    groups: dict[tuple[object, ...], _Group] = {}
    numbers: Counter[tuple[str, ...]] = Counter()
    roots: dict[str, tuple[str, _Group]] = {}
    standing: Counter[tuple[str, Account]] = Counter()
    holds: dict[str, set[str]] = {}
    for entry in entries:
        if entry.kind.is_posted:
            standing[entry.lot_id, entry.source] -= entry.units
            standing[entry.lot_id, entry.target] += entry.units
        if before is not None and is_private(entry) and _day(entry.recorded_at, zone) >= before:
            continue
        if entry.kind is Kind.REVERSAL:
            if entry.reverses in roots:
                root, group = roots[entry.id] = roots[entry.reverses]
                group.undone.append((entry, root))
            continue
        if entry.kind.is_pending or not _tells(entry, holds):
            continue
        key, recorded = _key(entry, zone), _recorded(entry, zone)
        if (key, recorded) not in groups:
            groups[key, recorded] = _Group((*key, str(numbers[key])), recorded)
            numbers[key] += 1
        group = groups[key, recorded]
        group.entries.append(entry)
        group.stands = standing[entry.lot_id, _counted_at(entry)]
        roots[entry.id] = (entry.id, group)
    return list(groups.values())


def _tells(entry: Entry, holds: dict[str, set[str]]) -> bool:
    """Whether a hold changes anything outside: only lifting the last hold frees the lot."""
    of_lot = holds.setdefault(entry.lot_id, set())
    if entry.kind is Kind.HOLD:
        of_lot.add(entry.id)
    elif entry.kind is Kind.UNHOLD:
        of_lot.discard(entry.reverses)
        return not of_lot
    return True


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def _recorded(entry: Entry, zone: tzinfo) -> datetime | date:
    """What must be equal for entries to be one happening: the day for promises, else the moment."""
    return _day(entry.recorded_at, zone) if is_private(entry) else entry.recorded_at


def _counted_at(entry: Entry) -> Account:
    return entry.target if entry.source == COUNT else entry.source


def _place(account: Account) -> Account:
    return SOMEBODY if account.kind is AccountKind.HOUSEHOLD else account


def _ends(entry: Entry) -> tuple[Account, Account]:
    """From where to where, without household; what was handed over from a vehicle came to a door."""
    source, target = _place(entry.source), _place(entry.target)
    at_door = entry.kind is Kind.DELIVER and source.kind is AccountKind.VEHICLE
    return (SOMEBODY if at_door else source), target


def _at(entry: Entry, zone: tzinfo) -> datetime:
    """When it happened, local; only driving keeps the hour if it hangs on a promise."""
    at = entry.effective_at.astimezone(zone)
    if is_private(entry) and entry.kind not in (Kind.LOAD, Kind.UNLOAD):
        return datetime.combine(at.date(), DAY_END, at.tzinfo)
    return at


def _key(entry: Entry, zone: tzinfo) -> tuple[str, ...]:
    at = _at(entry, zone).isoformat()
    if entry.kind.is_change:
        ends = (entry.source, entry.target)
        changed = next(end for end in ends if end.kind is AccountKind.CHANGE)
        return (str(entry.kind), changed.id, at)
    source, target = _ends(entry)
    promised = "promised" if is_private(entry) else ""
    return (str(entry.kind), entry.lot_id, str(source), str(target), at, promised)


def _versions(group: _Group, zone: tzinfo) -> Iterator[Happening]:
    """A happening as first told, and as told after each time that some of it was undone."""
    private = any(is_private(entry) for entry in group.entries)
    told: list[tuple[list[Entry], datetime | None]] = [(group.entries, None)]
    gone: set[str] = set()
    batches: dict[datetime | date, list[tuple[Entry, str]]] = {}
    for entry, root in group.undone:
        when = _day(entry.recorded_at, zone) if private else entry.recorded_at
        batches.setdefault(when, []).append((entry, root))
    for batch in batches.values():
        for _, root in batch:
            gone ^= {root}  # undoing what had undone it brings it back
        left = [entry for entry in group.entries if entry.id not in gone]
        if left != told[-1][0]:
            told.append((left, batch[-1][0].recorded_at.astimezone(zone)))
    for version, (entries, _) in enumerate(told):
        if entries:
            after = told[version + 1] if version + 1 < len(told) else ([], None)
            yield _happening(group, entries, version, private, zone, after)


def _happening(
    group: _Group,
    entries: Sequence[Entry],
    version: int,
    private: bool,
    zone: tzinfo,
    after: tuple[Sequence[Entry], datetime | None],
) -> Happening:
    first = group.entries[0]
    source, target = _ends(first)
    following, undone_at = after
    if private and undone_at is not None:
        undone_at = datetime.combine(undone_at.date(), DAY_END, undone_at.tzinfo)
    taken: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for entry in entries:
        out = entry.kind.is_change and entry.source.kind is AccountKind.CHANGE
        (made if out else taken)[entry.lot_id] += entry.units
        if entry.kind.is_change:
            source, target = (entry.source, entry.target) if out else (entry.target, entry.source)
    units = sum(taken.values())
    return Happening(
        key=(*group.key, str(version)),
        kind=first.kind,
        source=source,
        target=target,
        at=_at(first, zone),
        exactly_at=min(entry.effective_at for entry in entries).astimezone(zone),
        recorded_at=None if private else first.recorded_at.astimezone(zone),
        taken=tuple(sorted(taken.items())),
        made=tuple(sorted(made.items())),
        stands=group.stands,
        difference=0 if first.kind is not Kind.COUNT else units * (1 if source == COUNT else -1),
        undone_at=undone_at,
        followed=bool(following),
    )
