"""What a plan in whole packs must withstand at least, whatever engine made it.

No certificate is known where packs differ in size or capacities overlap: optimality is then claimed
by search. These checks solve nothing and cannot prove it, but refuse any plan that a single pack
betters. Households of equal lots and capacities are looked at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from logistics.judge.shares_case import ShareCase
from logistics.judge.shares_codes import found
from logistics.judge.shares_events import Event, comes_after, last_event, next_event
from logistics.model.errors import Finding
from logistics.model.plan import Status


class Group(NamedTuple):
    """Households with the same lots, named by the same capacities."""

    of_class: int
    named: tuple[int, ...]


def no_pack_left(case: ShareCase) -> Iterator[Finding]:
    """`share_pack_left`: nobody who is short could take one more pack of anything."""
    sizes = zip(case.lots_left, case.pack, strict=True)
    if not (case.shares.integer and any(left >= size for left, size in sizes)):
        return
    for group, household in _short_by_group(case).items():
        for lot in case.shares.class_lots[group.of_class]:
            size = case.pack[lot]
            if case.lots_left[lot] >= size and not _full(case, group, lot):
                ids = case.shares.household_ids[household], case.shares.lot_ids[lot]
                message = f"Household {ids[0]} is short, lot {ids[1]}: a pack of it could be given"
                yield found("share_pack_left", message, *ids)


def no_pack_to_move(case: ShareCase) -> Iterator[Finding]:
    """`share_pack_move`: no pack of one household would do more for another.

    Asked where a plan is said to be optimal; a chain proves this and more.
    """
    claimed = case.result.status is Status.OPTIMAL and case.result.chain is None
    if not (case.shares.integer and claimed):
        return
    givers = _Givers(case)
    for group, lowest in _lowest_by_group(case).items():
        best: dict[int, tuple[Event, int]] = {}
        for lot in case.shares.class_lots[group.of_class]:
            size = case.pack[lot]
            if size not in best:
                best[size] = _best(case, lowest, size)
            event, household = best[size]
            if comes_after(givers.last(lot, _full(case, group, lot)), event):
                ids = case.shares.household_ids[household], case.shares.lot_ids[lot]
                message = f"Household {ids[0]}, lot {ids[1]}: another could better spare a pack"
                yield found("share_pack_move", message, *ids)


def _full(case: ShareCase, group: Group, lot: int) -> tuple[int, ...]:
    """Capacities that leave no room for one more pack of a lot."""
    over = case.ways.over(lot, group.named)
    return tuple(k for k in over if case.capacities_left[k] < case.pack[lot])


def _short_by_group(case: ShareCase) -> dict[Group, int]:
    """One household of each group that has some who are short."""
    found_in: dict[Group, int] = {}
    for household in range(case.households):
        if case.short[household]:
            group = Group(case.class_of[household], case.ways.named(household))
            found_in.setdefault(group, household)
    return found_in


def _lowest_by_group(case: ShareCase) -> dict[Group, list[int]]:
    """Of those who are short in each group, all who stand lowest."""
    lowest: dict[Group, list[int]] = {}
    for household in range(case.households):
        if case.short[household]:
            group = Group(case.class_of[household], case.ways.named(household))
            members = lowest.setdefault(group, [household])
            if case.rank[household] < case.rank[members[0]]:
                lowest[group] = [household]
            elif members[-1] != household and case.rank[household] == case.rank[members[0]]:
                members.append(household)
    return lowest


def _best(case: ShareCase, lowest: list[int], size: int) -> tuple[Event, int]:
    """The event of one more pack that comes first, and whose it is."""
    best = next_event(case, lowest[0], size), lowest[0]
    for household in lowest[1:]:
        event = next_event(case, household, size)
        if comes_after(best[0], event):
            best = event, household
    return best


class _Givers:
    """The packs that could best be spared: of each lot, the last event under given capacities."""

    def __init__(self, case: ShareCase) -> None:
        self._case = case
        self._known: dict[tuple[int, tuple[int, ...]], Event | None] = {}

    def last(self, lot: int, full: tuple[int, ...]) -> Event | None:
        """The last event of those whose pack of a lot gives room under all these capacities."""
        named = tuple(k for k in full if self._case.shares.capacities[k].households is not None)
        if (lot, named) not in self._known:
            last: Event | None = None
            for holds, event in self._fewest(lot, named):
                if comes_after(event, last) and holds.issuperset(named):
                    last = event
            self._known[lot, named] = last
        return self._known[lot, named]

    def _fewest(self, lot: int, named: tuple[int, ...]) -> list[tuple[frozenset[int], Event]]:
        """Groups among which all are that these capacities name, as few as can be."""
        lists = [self._by_capacity.get((lot, k), []) for k in named or (None,)]
        return min(lists, key=len)

    @cached_property
    def _by_capacity(self) -> dict[tuple[int, int | None], list[tuple[frozenset[int], Event]]]:
        """Givers of a lot by each capacity that names them, and all of them under None."""
        case = self._case
        lasts: dict[tuple[int, tuple[int, ...]], Event] = {}
        for household, lot, amount in zip(
            case.line_household, case.line_lot, case.line_amount, strict=True
        ):
            if amount:
                way = lot, case.ways.named(household)
                event = last_event(case, household, case.pack[lot])
                if comes_after(event, lasts.get(way)):
                    lasts[way] = event
        listed: dict[tuple[int, int | None], list[tuple[frozenset[int], Event]]] = {}
        for (lot, named), event in lasts.items():
            for k in (None, *named):
                listed.setdefault((lot, k), []).append((frozenset(named), event))
        return listed
