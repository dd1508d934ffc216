"""The steps of an integer leximin.

Raising household *h* from one attainable amount to the next is an event. Leximin maximises, for
thresholds from the lowest up, how many households stand above each: an event therefore ranks by the
level it *leaves*, not by the level it reaches (two households wanting 10 and 2, one meal: it goes to the
second, 0 -> 1/2, not to the first, 0 -> 1/10; the lowest stays 0 either way). Events that leave the
same level form a group; of a group that cannot rise as a whole as many as possible rise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from logistics.model.plan import Cap
from logistics.solver.allocation.shape import Shape

FLOOR = "floor"
LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Event:
    """Need number `need` goes from `origin` to `target` grains, leaving and reaching a level."""

    need: int
    origin: int
    target: int
    leaves: Fraction
    reaches: Fraction


@dataclass(frozen=True, slots=True)
class Group:
    """A threshold and the events that leave exactly it, best next level first."""

    stage: str
    leaves: Fraction
    events: tuple[Event, ...]


def groups_of(shape: Shape, week_floor: Fraction) -> list[Group]:
    """All groups in order: first the floor of this week, then the level over the weeks.

    Levels at which somebody has all are thresholds, too: there the choice within a tie can still
    differ, although nobody leaves them.
    """
    steps = [
        (n, origin, target)
        for n, values in enumerate(shape.values)
        for origin, target in pairwise(values)
    ]
    needs = shape.needs
    floor = [
        Event(n, origin, target, needs[n].fill(origin), min(needs[n].fill(target), week_floor))
        for n, origin, target in steps
        if needs[n].fill(origin) < week_floor
    ]
    level = [
        Event(n, origin, target, needs[n].level(origin), needs[n].level(target))
        for n, origin, target in steps
    ]
    return _grouped(FLOOR, floor) + _grouped(LEVEL, level)


def _grouped(stage: str, events: list[Event]) -> list[Group]:
    by_level: dict[Fraction, list[Event]] = {}
    for event in events:
        by_level.setdefault(event.leaves, []).append(event)
        by_level.setdefault(event.reaches, [])
    return [
        Group(stage, leaves, tuple(sorted(by_level[leaves], key=lambda e: (-e.reaches, e.need))))
        for leaves in sorted(by_level)
    ]


def spanning(groups: Sequence[Group], need: int, position: int) -> Event | None:
    """The event of a need that lifts it above the threshold of a group it has not left before."""
    stage, threshold = groups[position].stage, groups[position].leaves
    for group in reversed(groups[:position]):
        if group.stage != stage:
            return None
        for event in group.events:
            if event.need == need:
                return event if event.reaches > threshold else None
    return None


@dataclass(frozen=True, slots=True)
class Tie:
    """Of these events at least `count` happen; which ones stays open.

    A `live` tie is carried along: at each later threshold its members' events there take the place
    of the old ones, because whoever lost once stands below every later threshold, too.
    """

    events: tuple[Event, ...]
    count: int
    live: bool = True

    @property
    def losers(self) -> int:
        """How many of the members do not rise."""
        return len(self.events) - self.count


@dataclass(frozen=True, slots=True)
class Freeze:
    """Need `need` cannot rise above `at` grains, given everything that ranks before that step.

    `bound` grains is what is proven it cannot pass (`bound == at`: proven); `proof` says by what.
    """

    need: int
    at: int
    bound: int
    proof: str
    held: tuple[Cap, ...] = ()
    """What is scarce there."""
