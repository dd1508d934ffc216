"""Whatever happens whenever: what is driven stands, the judge accepts, asking again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from logistics.judge import verify_replan
from logistics.model.events import Event, EventKind
from logistics.model.plan import Line
from logistics.model.units import DAY_S, HOUR_S
from logistics.solver.replan import replan
from tests.judge.good_facts import THU, TUE, at
from tests.solver.replan.under_way import QUICK, week_under_way

WEEK = week_under_way()
QUARTERS = st.integers(0, at(THU, 12) // 900).map(lambda n: 900 * n)
TUESDAYS = st.integers(at(TUE, 8) // 60, at(TUE, 18) // 60).map(lambda n: 60 * n)
MOMENTS = TUESDAYS | QUARTERS


@st.composite
def events(draw: st.DrawFn, now_s: int) -> Event:
    """An event that became known by now, of any kind."""
    problem = WEEK.problem
    kind = draw(st.sampled_from(EventKind))
    at_s = draw(st.just(now_s) | st.integers(0, now_s // 60).map(lambda n: 60 * n))
    since_s = draw(st.none() | QUARTERS)
    begins_s = at_s if since_s is None else since_s
    until_s = draw(st.none() | st.integers(1, 20).map(lambda h: begins_s + h * HOUR_S))
    site = draw(st.sampled_from(("", "HUB", "S1", "S2")))
    if kind in (EventKind.DRIVER_ILL, EventKind.CAR_BROKEN):
        place = site if kind is EventKind.CAR_BROKEN else ""
        return Event(kind, at_s, "VAN", since_s=since_s, until_s=until_s, site_id=place)
    if kind is EventKind.SHIFT_CHANGED:
        start_s = draw(st.integers(0, 4)) * DAY_S + draw(st.integers(7, 14)) * HOUR_S
        return Event(kind, at_s, "VAN", since_s=start_s, until_s=start_s + 3 * HOUR_S)
    lot_id = draw(st.sampled_from(sorted(problem.lots)))
    if kind is EventKind.LOT_LATE:
        return Event(kind, at_s, lot_id=lot_id, since_s=begins_s)
    if kind in (EventKind.LOT_SPOILT, EventKind.LOT_SHORT):
        units = st.integers(1, problem.lots[lot_id].units)
        lost = draw(units if kind is EventKind.LOT_SHORT else st.none() | units)
        return Event(kind, at_s, lot_id=lot_id, units=lost, site_id=site)
    if kind is EventKind.SESSION_CLOSED:
        return Event(kind, at_s, session_id=draw(st.sampled_from(sorted(problem.sessions))))
    name = draw(st.sampled_from(sorted(problem.households)))
    if kind is EventKind.HOUSEHOLD_CANCELLED:
        return Event(kind, at_s, household_id=name)
    wanted = draw(st.integers(1, 9))
    new = replace(problem.households[name], id="N", meals_wanted=wanted, lat=35.0)
    return Event(kind, at_s, household_id="N", household=new)


@st.composite
def happenings(draw: st.DrawFn) -> tuple[int, tuple[Event, ...]]:
    """A moment, and one or two events known by then."""
    now_s = draw(MOMENTS)
    return now_s, tuple(draw(st.lists(events(now_s), min_size=1, max_size=2)))


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(happenings())
def test_the_judge_accepts_and_a_second_time_changes_nothing(
    happened: tuple[int, tuple[Event, ...]],
) -> None:
    now_s, known = happened
    problem, travel, plan = WEEK
    first = replan(problem, plan, travel, known, now_s, QUICK)
    if first.plan is None:
        assert first.clashes
        return
    legs = {**travel, **first.travel}
    findings = verify_replan(problem, plan, legs, first.plan, known, now_s)
    assert not findings, [finding.text() for finding in findings]
    again = replan(problem, first.plan, legs, known, now_s, QUICK)
    assert again.plan is not None
    assert again.plan.routes == first.plan.routes
    assert again.plan.allocation.lines == first.plan.allocation.lines


GONE = {EventKind.SESSION_CLOSED, EventKind.HOUSEHOLD_CANCELLED}


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(happenings().filter(lambda found: all(event.kind in GONE for event in found[1])))
def test_a_new_plan_gives_no_fewer_meals_than_merely_striking_out(
    happened: tuple[int, tuple[Event, ...]],
) -> None:
    """Striking out leaves every line but those of closed sessions and of households that cancelled."""
    now_s, known = happened
    problem, travel, plan = WEEK
    found = replan(problem, plan, travel, known, now_s, QUICK)
    if found.plan is None:
        assert found.clashes
        return
    gone = {event.session_id or event.household_id for event in known}
    left = [ln for ln in plan.allocation.lines if not {ln.session_id, ln.household_id} & gone]

    def meals(lines: Iterable[Line]) -> Fraction:
        return sum((ln.units * problem.lots[ln.lot_id].unit_meals for ln in lines), Fraction(0))

    assert meals(found.plan.allocation.lines) >= meals(left)
