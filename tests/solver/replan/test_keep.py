"""What is free is handed out; what was published is not exchanged for it."""

from __future__ import annotations

from logistics.model.events import Event, EventKind
from logistics.model.units import Diet, Tag
from logistics.week import Limits, plan_week, replan_week
from tests import weeks
from tests.weeks import at

QUICK = Limits(60.0, 1)
"""Far more than three households need: every search ends by itself."""


def test_lines_stay_where_an_exchange_would_serve_one_more() -> None:
    """C avoids milk and has the bread, so A has the rice, and B, who had most before, has nothing.

    C cancels, and the bread is free. B eats halal, which only the rice is: A could take the bread for
    it. But that would change two lines of a published week for somebody who has lost nothing.
    """
    milk, halal = frozenset({"milk"}), frozenset({Tag.HALAL})
    problem = weeks.week(
        [
            weeks.lot("RICE", 1, contains=milk, checked=milk, tags=halal),
            weeks.lot("BREAD", 1, checked=milk),
        ],
        [
            weeks.household("A", 1),
            weeks.household("B", 1, diet=frozenset({Diet.HALAL})),
            weeks.household("C", 1, avoid=milk),
        ],
        history=(weeks.past("A", 4, 1), weeks.past("B", 4, 4), weeks.past("C", 4, 1)),
    )
    published = plan_week(problem, QUICK)
    lines = published.plan.allocation.lines
    assert {line.household_id: line.lot_id for line in lines} == {"A": "RICE", "C": "BREAD"}

    cancelled = Event(EventKind.HOUSEHOLD_CANCELLED, at(0, 12), household_id="C")
    anew = replan_week(problem, published.plan, published.travel, [cancelled], limits=QUICK)
    assert anew.findings == ()
    assert anew.plan is not None
    found = anew.plan.allocation
    assert {line.household_id: line.lot_id for line in found.lines} == {"A": "RICE"}
    assert [row.lot_id for row in found.leftover] == ["BREAD"]
