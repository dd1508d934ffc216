"""Whether a week, its published plan and what has happened go together, before anything is replayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logistics.model.events import Event, EventKind, digest_of
from logistics.model.plan import Plan
from logistics.model.problem import WeekProblem
from logistics.solver.replan.past import Clash


def strangers(problem: WeekProblem, published: Plan, events: Sequence[Event]) -> list[str]:
    """What a plan names that its week does not have."""
    homes = {*problem.households, *(e.household.id for e in events if e.household is not None)}
    lines = published.allocation.lines
    return [
        *sorted({line.household_id for line in lines} - homes),
        *sorted({line.lot_id for line in lines} - problem.lots.keys()),
        *sorted({line.session_id for line in lines if line.session_id} - problem.sessions.keys()),
        *sorted({route.vehicle_id for route in published.routes} - problem.vehicles.keys()),
    ]


def belongs(problem: WeekProblem, published: Plan, events: Sequence[Event]) -> bool:
    """Whether a plan was made for this week, or made anew in it after the first of these events."""
    known = (digest_of(problem, events[:n]) for n in range(1, len(events) + 1))
    return published.problem_digest in (problem.digest, *known)


def without_shift(problem: WeekProblem, events: Sequence[Event]) -> Iterator[Clash]:
    """Drivers ill or cars broken when nobody drives them anyway: a wrong row, or nothing to change."""
    spans = [(shift.vehicle_id, shift.start_s, shift.end_s) for shift in problem.shifts]
    spans += [
        (event.vehicle_id, event.begins_s, event.ends_s)
        for event in events
        if event.kind is EventKind.SHIFT_CHANGED
    ]
    for event in events:
        if event.kind in (EventKind.DRIVER_ILL, EventKind.CAR_BROKEN) and not any(
            vehicle_id == event.vehicle_id and start_s < event.ends_s and event.begins_s < end_s
            for vehicle_id, start_s, end_s in spans
        ):
            yield Clash("event_without_shift", event.vehicle_id)
