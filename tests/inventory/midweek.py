"""The tiny world on its Wednesday at half past twelve, when C has cancelled.

Of 20 units of L1 the first plan gives A 3 and B 2 in session V, A 4 and C 1 in session W, D 2 at the
door: 12. V is over. The new plan gives C's unit to A as well: A 5 in W, the rest as it was.
"""

from __future__ import annotations

from datetime import date, datetime

from logistics.inventory import Outcome, OutcomeKind, UnderWay
from logistics.model.events import Event, EventKind, changed_week
from logistics.model.plan import Plan
from logistics.model.problem import WeekProblem
from tests.inventory import world

CANCELLED = (Event(EventKind.HOUSEHOLD_CANCELLED, world.at(12, 30), household_id="C"),)
BEFORE = [("A", "L1", "V", 3), ("B", "L1", "V", 2), ("A", "L1", "W", 4), ("C", "L1", "W", 1)]
AT_DOOR = ("D", "L1", None, 2)
AFTER = [*BEFORE[:2], ("A", "L1", "W", 5), AT_DOOR]


def outcome(
    who: str, where: str | None, kind: OutcomeKind, units: int | None = None, reason: str = ""
) -> Outcome:
    day, noted = date(2026, 11, 25), datetime(2026, 11, 25, 12, 10)
    return Outcome(who, "L1", where, day, kind, units, noted, reason=reason)


MORNING = (
    outcome("A", "V", OutcomeKind.DELIVERED),
    outcome("B", "V", OutcomeKind.PARTLY, 1),  # the other unit stays at the hub and is free
)
EVENING = (outcome("A", "W", OutcomeKind.DELIVERED), outcome("D", None, OutcomeKind.NOT_HOME))


def midweek(
    events: tuple[Event, ...] = CANCELLED,
    after: list[tuple[str, str, str | None, int]] = AFTER,
    lost: int = 0,
) -> tuple[WeekProblem, Plan, Plan, UnderWay]:
    """The week, its plan, the plan made anew and what that was made for."""
    problem = world.week([world.lot("L1", 20)])
    old = world.plan(problem, [*BEFORE, AT_DOOR])
    changed = changed_week(problem, events, served=("A", "B"))
    new = world.plan(changed, after)
    return problem, old, new, UnderWay(changed, old, lost={"L1": lost})
