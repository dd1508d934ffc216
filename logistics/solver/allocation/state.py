"""Where a leximin stands on its way: what is settled, what is still open, what came out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from logistics.solver.allocation.events import Event, Freeze, Group, Tie
from logistics.solver.allocation.shape import Shape

Solution = tuple[tuple[int, ...], list[int]]
"""Whole packs and the grains that each need receives from them."""


@dataclass(frozen=True, slots=True)
class State:
    """How far the groups are settled: lower bounds, open ties, freezes, the next group to look at."""

    lower: tuple[int, ...]
    ties: tuple[Tie, ...] = ()
    frozen: tuple[Freeze, ...] = ()
    position: int = 0

    def is_open(self, event: Event) -> bool:
        """Whether an event is neither settled nor ruled out by a freeze."""
        return self.lower[event.need] < event.target and not any(
            freeze.need == event.need and freeze.at < event.target for freeze in self.frozen
        )

    @property
    def live(self) -> tuple[Tie, ...]:
        """The ties that are carried along."""
        return tuple(tie for tie in self.ties if tie.live)

    def next_steps(self, groups: Sequence[Group]) -> list[Event]:
        """The next event of each need that may still rise."""
        frozen = {freeze.need for freeze in self.frozen}
        found: dict[int, Event] = {}
        for group in reversed(groups):
            for event in group.events:
                if event.need not in frozen and event.target > self.lower[event.need]:
                    found[event.need] = event
        return [found[n] for n in sorted(found)]

    @property
    def tied(self) -> frozenset[int]:
        """Needs in live ties."""
        return frozenset(event.need for tie in self.live for event in tie.events)


@dataclass(frozen=True, slots=True)
class Leximin:
    """Result: whole packs, the freezes with their proofs, whether everything was proven."""

    packs: tuple[int, ...] | None
    frozen: tuple[Freeze, ...]
    proven: bool
    stopped: bool = False
    total_bound: int | None = None
    """Grains that all together can receive at most, given what was settled; None if not computed."""


class Deadline:
    """A moment to be done by, dealt out in calls that are each limited, too."""

    def __init__(self, seconds: float, call_seconds: float) -> None:
        self._call_seconds = call_seconds
        self.restart(seconds)

    def restart(self, seconds: float) -> None:
        """So many seconds from now."""
        self._end = monotonic() + seconds

    def late(self) -> bool:
        """Whether the moment has passed."""
        return monotonic() > self._end

    def seconds(self) -> float:
        """Limit of the next call."""
        return min(self._call_seconds, max(0.05, self._end - monotonic()))


def keeps(received: Sequence[int], state: State) -> bool:
    """Whether receipts keep a state's lower bounds and ties."""
    return all(got >= least for got, least in zip(received, state.lower, strict=True)) and all(
        sum(received[e.need] >= e.target for e in tie.events) >= tie.count for tie in state.ties
    )


def carried(tie: Tie, events: Sequence[Event]) -> list[Tie]:
    """A live tie at the next threshold: its members' events there in place of the old ones.

    A member without an event there has all it wants or is frozen; it may have been the loser, so
    fewer losers are certain among the others and the old tie must be kept beside the new one.
    """
    here = {event.need: event for event in events}
    members = [event.need for event in tie.events]
    later = tuple(here[need] for need in members if need in here)
    if not later:
        return [tie]
    losers = max(0, tie.losers - (len(members) - len(later)))
    moved = Tie(later, len(later) - losers)
    return [moved] if len(later) == len(members) else [replace(tie, live=False), moved]


def twins_of(shape: Shape) -> list[tuple[int, int]]:
    """Pairs of needs, each with the next of its kind, that may be exchanged without any difference.

    A proof may ask that the first of a pair gets at least as much as the second. Twins have the same
    wish, history and weight, and their variables enter the same shared rows with the same
    coefficients and private rows of the same form.
    """
    owner = {i: n for n, members in enumerate(shape.members) for i in members}
    seats = {need.household_id: n for n, need in enumerate(shape.needs)}
    for k, (household_id, _) in enumerate(shape.flags):
        owner[len(shape.options) + k] = seats[household_id]
    entries: dict[int, list[tuple[object, ...]]] = {i: [] for i in owner}
    for r, row in enumerate(shape.rows):
        private = len({owner[i] for i, _ in row.terms}) == 1
        label = (row.cap.kind, row.upper, row.lower) if private else (r,)
        for i, c in row.terms:
            entries[i].append((*map(str, label), c))
    names: list[tuple[object, ...]] = []
    for n, need in enumerate(shape.needs):
        variables = sorted(
            (
                option.lot_id,
                option.session_id or "",
                shape.most[i],
                tuple(sorted(entries[i], key=str)),
            )
            for i in shape.members[n]
            for option in (shape.options[i],)
        )
        flags = sorted(
            str(sorted(entries[len(shape.options) + k], key=str))
            for k, (household_id, _) in enumerate(shape.flags)
            if household_id == need.household_id
        )
        own = (need.wanted, need.past_wanted, need.past_received, need.weight, *flags)
        names.append((*own, tuple(variables)))
    last: dict[tuple[object, ...], int] = {}
    pairs = []
    for n, name in enumerate(names):
        if name in last:
            pairs.append((last[name], n))
        last[name] = n
    return pairs


@dataclass(frozen=True, slots=True)
class Wish:
    """How many events of a group are asked for, and how many are not ruled out."""

    count: int
    most: int


Way = Callable[[State, Sequence[Event], Wish, float], bool | None]
"""A way to settle a group: True if no more events can happen, False if more do now, else None."""
