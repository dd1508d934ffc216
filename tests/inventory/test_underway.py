"""A plan made anew in mid-week: what was recorded stays, and nothing is promised twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from logistics.inventory import (
    BookDiffers,
    Haul,
    Incident,
    OutcomeKind,
    Passage,
    fold,
    passages,
    violations,
)
from logistics.inventory.entries import WASTE, Entry, Kind, household, site
from logistics.model.errors import PlanRefused
from logistics.model.events import Event, EventKind
from logistics.model.plan import Trip
from tests.inventory import world
from tests.inventory.memory_book import MemoryBook
from tests.inventory.midweek import BEFORE, EVENING, MORNING, midweek, outcome
from tests.inventory.world import NOW

HUB, T1 = site("HUB"), site("T1")
JST = timezone(timedelta(hours=9))


def begun(book: MemoryBook) -> None:
    problem, old, _, _ = midweek()
    book.import_week(problem)
    book.publish(problem, old)


def written(book: MemoryBook, since: int) -> list[tuple[str, str, int]]:
    return [(str(e.kind), e.reservation_id[-2:], e.units) for e in book.entries[since:]]


def test_what_is_recorded_stays_and_only_the_difference_is_promised() -> None:
    book = MemoryBook()
    begun(book)
    assert book.record(MORNING) == []
    problem, _, new, facts = midweek()
    since = len(book.entries)
    book.publish(problem, new, facts)
    # A's line in W (/2) was 4 and is 5 now; C's (/4) is gone; D's 2 stay as they are; V is told
    assert written(book, since) == [
        ("release", "/2", 4),
        ("release", "/4", 1),
        ("reserve", "/2", 5),
    ]
    balance = fold(book.entries)
    assert balance.on_hand("L1", HUB) == 20 - 3 - 1
    assert balance.reserved["L1", HUB] == 5 + 2
    assert book.record(EVENING) == []
    balance = fold(book.entries)
    # D was not at home and the car brought 2 back: 16 - 5 - 2 + 2
    assert balance.on_hand("L1", HUB) == 11
    assert balance.on_hand("L1", household("A")) == 3 + 5
    assert balance.on_hand("L1", household("B")) == 1
    assert not balance.open
    assert violations(balance) == []


def test_the_same_again_promises_nothing_more() -> None:
    book = MemoryBook()
    begun(book)
    book.record(MORNING)
    problem, _, new, facts = midweek()
    book.publish(problem, new, facts)
    since = len(book.entries)
    book.publish(problem, new, facts)
    assert written(book, since) == []


def test_sheets_may_come_after_the_new_plan() -> None:
    book = MemoryBook()
    begun(book)
    problem, _, new, facts = midweek()
    book.publish(problem, new, facts)
    assert fold(book.entries).reserved["L1", HUB] == 3 + 2 + 5 + 2
    assert book.record((*MORNING, *EVENING)) == []
    assert fold(book.entries).on_hand("L1", HUB) == 11


def test_an_undone_outcome_is_due_again() -> None:
    book = MemoryBook()
    begun(book)
    book.record(MORNING)
    fact = MORNING[0].id
    told = [e for e in book.entries if e.id.startswith(fact)]
    for number, entry in enumerate(reversed(told)):
        kind = Kind.RESERVE if entry.kind.is_pending else Kind.REVERSAL
        book.entries.append(
            replace(
                entry,
                id=f"undo:{number}",
                kind=kind,
                source=entry.target,
                target=entry.source,
                reverses=entry.id,
                reason="wrong",
            )
        )
    problem, _, new, facts = midweek()
    book.publish(problem, new, facts)
    # A's 3 in V are open again and stay so
    assert fold(book.entries).reserved["L1", HUB] == 3 + 5 + 2


def thrown_away(units: int) -> Entry:
    return Entry("d", Kind.DISCARD, "L1", HUB, WASTE, units, NOW, NOW, reason="mould")


@pytest.mark.parametrize(("lost", "gone", "fine"), [(4, 4, True), (4, 0, True), (4, 5, False)])
def test_goods_that_the_events_lost_may_be_thrown_away_already(
    lost: int, gone: int, fine: bool
) -> None:
    book = MemoryBook()
    begun(book)
    if gone:
        book.entries.append(thrown_away(gone))
    problem, _, new, facts = midweek(lost=lost)
    if fine:
        book.publish(problem, new, facts)
        return
    with pytest.raises(BookDiffers, match=r"20 units after this week's outcomes, the book has 15"):
        book.publish(problem, new, facts)


def test_a_line_made_smaller_by_a_loss_is_not_paid_twice() -> None:
    # 2 of A's 4 for W are spoilt and told so; the new plan gives A 2, and both are still to come
    spoilt = Event(EventKind.LOT_SPOILT, world.at(12, 30), lot_id="L1", units=2)
    lines = [*BEFORE[:2], ("A", "L1", "W", 2), BEFORE[3], ("D", "L1", None, 2)]
    problem, _, new, facts = midweek((spoilt,), lines, lost=2)
    book = MemoryBook()
    begun(book)
    book.record([outcome("A", "W", OutcomeKind.WASTED, 2, reason="spoilt")])
    book.publish(problem, new, facts)
    assert fold(book.entries).reserved["L1", HUB] == 3 + 2 + 2 + 1 + 2
    book.record([outcome("A", "W", OutcomeKind.DELIVERED)])
    assert fold(book.entries).on_hand("L1", household("A")) == 2


def test_a_plan_that_takes_back_what_was_handed_over_is_refused() -> None:
    book = MemoryBook()
    begun(book)
    book.record([outcome("C", "W", OutcomeKind.DELIVERED)])
    problem, _, new, facts = midweek()
    with pytest.raises(PlanRefused, match="1 units were handed over, the new plan gives 0"):
        book.publish(problem, new, facts)


def test_goods_of_a_broken_car_go_on_from_where_they_were_brought() -> None:
    # VAN loads 5 for W at 13:00, breaks down, and somebody brings them to T1 at 13:20
    problem = world.week([world.lot("L1", 9)])
    plan = world.plan(problem, [("A", "L1", "W", 5), ("D", "L1", None, 2)])
    (route,) = plan.routes
    first, second = route.trips
    cut = replace(plan, routes=(replace(route, trips=(Trip(first.stops[:1], 0, 600), second)),))
    brought = Incident("L1", 5, world.at(13, 20), vehicle_id="VAN", to_site_id="T1")
    ways = passages(problem, cut, (brought,))

    def at(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 11, 25, hour, minute, tzinfo=JST)

    assert ways["L1", ("A", "W")] == (Passage(5, (Haul("VAN", "HUB", "T1", at(13), at(13, 20)),)),)
    # lost instead: the 2 for D are those that were loaded at 16:00, not the lost ones
    lines = tuple(line for line in plan.allocation.lines if line.session_id is None)
    lost = replace(cut, allocation=replace(plan.allocation, lines=lines))
    ways = passages(problem, lost, (replace(brought, to_site_id=""),))
    assert ways == {
        ("L1", ("D", None)): (Passage(2, (Haul("VAN", "HUB", "", at(16), at(16, 25)),)),)
    }
