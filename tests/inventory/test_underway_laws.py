"""Whatever happens in the good week: its new plan is published and recorded, unit by unit."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from logistics.inventory import Outcome, OutcomeKind, fold, violations
from logistics.inventory.entries import household
from logistics.model.events import Event
from logistics.model.plan import Line, Plan
from logistics.model.units import date_of
from logistics.solver.replan import replan
from logistics.week import under_way
from tests.inventory.memory_book import MemoryBook
from tests.solver.replan.test_laws import WEEK, happenings
from tests.solver.replan.under_way import QUICK


def delivered(line: Line) -> Outcome:
    day = date_of(WEEK.problem.week_start, line.day)
    kind, noted = OutcomeKind.DELIVERED, datetime(2026, 4, 12, 12)
    return Outcome(line.household_id, line.lot_id, line.session_id, day, kind, None, noted)


def handed_over(plan: Plan) -> Counter[tuple[str, str]]:
    units: Counter[tuple[str, str]] = Counter()
    for line in plan.allocation.lines:
        units[line.lot_id, line.household_id] += line.units
    return units


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(happenings(), st.booleans())
def test_every_new_plan_is_published_once_and_all_of_it_is_handed_over(
    happened: tuple[int, tuple[Event, ...]], told_before: bool
) -> None:
    """Sheets of what is over come before the new plan or after it; both end alike."""
    now_s, known = happened
    problem, travel, plan = WEEK
    found = replan(problem, plan, travel, known, now_s, QUICK)
    if found.plan is None:
        return
    facts = under_way(problem, plan, {**travel, **found.travel}, known, now_s)
    book = MemoryBook()
    book.import_week(problem)
    book.publish(problem, plan)
    fixed = {line for line in plan.allocation.lines if line in found.plan.allocation.lines}
    over = [line for line in fixed if line.day * 86400 < now_s - 86400]
    early = [delivered(line) for line in sorted(over, key=str)] if told_before else []
    assert book.record(early) == []
    book.publish(problem, found.plan, facts)
    count = len(book.entries)
    book.publish(problem, found.plan, facts)
    assert len(book.entries) == count
    lines = {
        (ln.household_id, ln.lot_id, ln.session_id, ln.day): ln
        for ln in found.plan.allocation.lines
    }
    late = [delivered(line) for line in lines.values()]
    assert book.record([each for each in late if each not in early]) == []
    balance = fold(book.entries)
    assert violations(balance) == []
    assert not balance.open
    for (lot_id, name), units in handed_over(found.plan).items():
        assert balance.on_hand(lot_id, household(name)) == units
