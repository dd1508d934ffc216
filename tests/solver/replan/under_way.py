"""The good week under way: events in short, and the new plan that the judge accepts.

Every leg is in the week's own table (its shortest way by the legs of the good week), and the rice says
code by code what was checked, as weeks from files do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from logistics.judge import verify_replan
from logistics.model.events import Event, EventKind
from logistics.model.plan import Plan
from logistics.model.problem import Leg
from logistics.model.units import DAY_S
from logistics.solver.replan import Replanned, replan
from logistics.solver.rounds import Limits
from tests.judge.good_week import Week, good_week

QUICK = Limits(60.0, 1)
"""Far more than the tiny week needs: every search ends by itself."""
MON_NOON = DAY_S // 2
Given = dict[tuple[str, str, str], int]


def week_under_way() -> Week:
    """The good week with legs between all its places."""
    problem, travel, plan = good_week()
    ids = sorted([*problem.sites, *problem.households])
    far = Leg(10**6, 10**6)
    legs = {(a, b): travel.get((a, b), far) for a in ids for b in ids if a != b}
    for via, a, b in product(ids, ids, ids):
        if len({via, a, b}) == 3:
            out, on = legs[a, via], legs[via, b]
            way = Leg(out.metres + on.metres, out.seconds + on.seconds)
            legs[a, b] = min(legs[a, b], way, key=lambda leg: leg.seconds)
    rice = replace(problem.lots["RICE"], checked=frozenset({"egg", "milk", "wheat"}))
    lots = {**problem.lots, "RICE": rice}
    return Week(replace(problem, legs=legs, lots=lots), travel, plan)


def event(kind: str, at_s: int, **more: Any) -> Event:
    return Event(EventKind(kind), at_s, **more)


def after(*events: Event, now_s: int | None = None, week: Week | None = None) -> Replanned:
    """The rest of the good week planned anew, whatever the judge says of it."""
    problem, travel, plan = week or week_under_way()
    now = max(e.at_s for e in events) if now_s is None else now_s
    return replan(problem, plan, travel, events, now, QUICK)


def accepted(*events: Event, now_s: int | None = None, week: Week | None = None) -> Plan:
    """The new plan; the judge has found nothing wrong with it."""
    week = week or week_under_way()
    found = after(*events, now_s=now_s, week=week)
    assert found.plan is not None, found.clashes
    now = max(e.at_s for e in events) if now_s is None else now_s
    legs = {**week.travel, **found.travel}
    findings = verify_replan(week.problem, week.plan, legs, found.plan, events, now)
    assert not findings, [finding.text() for finding in findings]
    return found.plan


def given(plan: Plan) -> Given:
    """Units by household, lot and session (blank: at the door)."""
    units: Given = defaultdict(int)
    for line in plan.allocation.lines:
        units[line.household_id, line.lot_id, line.session_id or ""] += line.units
    return dict(units)


def basket(plan: Plan, household_id: str) -> dict[str, int]:
    """Units by lot of one household."""
    return {lot_id: n for (name, lot_id, _), n in given(plan).items() if name == household_id}


def places(plan: Plan, day: int) -> list[list[str]]:
    """The stops of each trip of a day."""
    routes = [route for route in plan.routes if route.day == day]
    return [[stop.id for stop in trip.stops] for route in routes for trip in route.trips]


def others_kept(plan: Plan, *changed: str) -> bool:
    """Whether everybody but these households gets exactly what was published."""
    old, new = given(good_week().plan), given(plan)
    keys: Sequence[tuple[str, str, str]] = [k for k in {*old, *new} if k[0] not in changed]
    return all(old.get(key, 0) == new.get(key, 0) for key in keys)
