"""Random small weeks with breaks, other ends, several visits and hours, and whatever happens in them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from logistics.judge import verify, verify_replan
from logistics.judge.driven import driven_by
from logistics.model.events import Event, EventKind
from logistics.model.plan import Plan
from logistics.model.problem import WeekProblem
from logistics.model.units import HOUR_S
from logistics.solver.planner import plan
from logistics.solver.replan import replan
from logistics.solver.replan.past import past_of
from logistics.solver.rounds import Limits
from tests.strategies import small_weeks

HURRIED = Limits(0.5, 1, quick=True)


@st.composite
def happenings(draw: st.DrawFn, problem: WeekProblem, published: Plan) -> tuple[Event, ...]:
    """One or two events, most of them while somebody is on the road."""
    starts = [s.arrive_s for r in published.routes for t in r.trips for s in t.stops]
    starts += [shift.start_s for shift in problem.shifts] or [0]
    found = []
    for _ in range(draw(st.integers(1, 2))):
        at_s = max(0, draw(st.sampled_from(starts)) + draw(st.integers(-1200, 1200)))
        kind = draw(st.sampled_from(EventKind))
        if kind in (EventKind.DRIVER_ILL, EventKind.CAR_BROKEN, EventKind.SHIFT_CHANGED):
            if not problem.shifts:
                continue
            shift = draw(st.sampled_from(problem.shifts))
            span: dict[str, int] = {}
            if kind is EventKind.SHIFT_CHANGED:
                span = {"since_s": shift.start_s, "until_s": shift.start_s + 3 * HOUR_S}
            found.append(Event(kind, at_s, shift.vehicle_id, **span))
        elif kind is EventKind.SESSION_CLOSED and problem.sessions:
            name = draw(st.sampled_from(sorted(problem.sessions)))
            found.append(Event(kind, at_s, session_id=name))
        elif kind is EventKind.HOUSEHOLD_CANCELLED:
            name = draw(st.sampled_from(sorted(problem.households)))
            found.append(Event(kind, at_s, household_id=name))
        elif kind in (EventKind.LOT_SPOILT, EventKind.LOT_SHORT, EventKind.LOT_LATE):
            lot_id = draw(st.sampled_from(sorted(problem.lots)))
            units = 1 if kind is EventKind.LOT_SHORT else None
            since_s = at_s if kind is EventKind.LOT_LATE else None
            found.append(Event(kind, at_s, lot_id=lot_id, units=units, since_s=since_s))
    return tuple(found)


def meals(problem: WeekProblem, received: Plan) -> Fraction:
    return sum((fill.received for fill in received.allocation.fill), Fraction(0))


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_people_s_days_are_replanned(data: st.DataObject) -> None:
    """Judged clean, what is driven stands, and no fewer meals than if only what is driven were left."""
    problem = replace(data.draw(small_weeks(people=True)), digest="sha256:any")
    planned = plan(problem, HURRIED)
    assume(not verify(problem, planned.travel, planned.plan))
    events = data.draw(happenings(problem, planned.plan))
    assume(events)
    now_s = max(event.at_s for event in events)
    found = replan(problem, planned.plan, planned.travel, events, now_s, HURRIED)
    if found.plan is None:
        assert found.clashes
        return
    legs = {**planned.travel, **found.travel}
    findings = verify_replan(problem, planned.plan, legs, found.plan, events, now_s)
    assert not findings, [finding.text() for finding in findings]
    driven = driven_by(problem, legs, planned.plan, events, now_s)
    routes = {(route.vehicle_id, route.day): route for route in found.plan.routes}
    for key, route in driven.routes.items():
        assert routes[key].trips[: len(route.trips)] == route.trips
    past = past_of(problem, legs, planned.plan, events, now_s)
    assert past.rests == dict(driven.rests)
    had: dict[str, Fraction] = {}
    for line in past.settled:
        had.setdefault(line.household_id, Fraction(0))
        had[line.household_id] += line.units * problem.lots[line.lot_id].unit_meals
    for fill in found.plan.allocation.fill:
        assert fill.received >= min(fill.wanted, had.get(fill.household_id, Fraction(0)))
