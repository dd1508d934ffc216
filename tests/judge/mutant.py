"""What a mutant is, and the edits that several of them share."""

from __future__ import annotations

from typing import NamedTuple

from logistics.model.plan import (
    HeldBy,
    Stop,
    StopKind,
)
from tests.judge.edits import (
    Edit,
    loads,
    row,
    trip,
)
from tests.judge.good_week import Week, good_week


class Mutant(NamedTuple):
    """A broken week: its name, how it is broken, and the exact set of codes."""

    name: str
    edit: Edit
    codes: frozenset[str]


def mutant(name: str, edit: Edit, *codes: str) -> Mutant:
    return Mutant(name, edit, frozenset(codes))


def held(**ids: object) -> Edit:
    return row("levels", 2, held_by=HeldBy(**ids))


def insert(route_index: int, trip_index: int, place: int, *new: Stop) -> Edit:
    """Insert stops into a trip."""

    def apply(week: Week) -> Week:
        stops = week.plan.routes[route_index].trips[trip_index].stops
        longer = (*stops[:place], *new, *stops[place:])
        return trip(route_index, trip_index, stops=longer)(week)

    return apply


def site_stop(name: str, arrive_s: int, leave_s: int, **moves: int) -> Stop:
    return Stop(StopKind.SITE, name, arrive_s, arrive_s, leave_s, load=loads(**moves))


def broken(fault: Mutant) -> Week:
    """The good week, broken."""
    return fault.edit(good_week())
