"""Publishing: every line knows the way of its units, and nothing is promised that is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from logistics.inventory import BookDiffers, Haul, Passage, accept, passages, promise
from logistics.inventory.clock import moment, zone_of
from logistics.inventory.passage import portion
from logistics.inventory.reservation import reservations_of
from logistics.model.errors import BookMoved, Finding, InvalidFact, PlanRefused
from logistics.model.plan import Line, Plan
from logistics.model.problem import WeekProblem
from tests.inventory import world
from tests.inventory.memory_book import MemoryBook
from tests.inventory.world import NOW
from tests.judge.good_week import good_week

JST = timezone(timedelta(hours=9))


def on_tuesday(hour: int, minute: int = 0) -> datetime:
    """A moment of the judge's good week."""
    return datetime(2026, 4, 7, hour, minute, tzinfo=JST)


def test_every_line_of_the_good_week_has_the_way_its_docstring_tells() -> None:
    week = good_week()
    ways = passages(week.problem, week.plan)
    to_hub = Haul("VAN", "FARM", "HUB", on_tuesday(9, 20), on_tuesday(9, 55))
    to_s1 = Haul("VAN", "HUB", "S1", on_tuesday(11, 30), on_tuesday(12, 20))
    to_door = Haul("VAN", "HUB", "", on_tuesday(12, 40), on_tuesday(13, 10))
    # greens are collected at the farm and go on from the hub, by the same van in another trip
    assert ways["GREENS", ("B", "V1")] == (Passage(3, (to_hub, to_s1)),)
    assert ways["GREENS", ("D", None)] == (Passage(3, (to_hub, to_door)),)
    # bento go straight from the kitchen; biscuits stand where they are handed out
    bento = Haul("VAN", "KITCHEN", "S1", on_tuesday(12), on_tuesday(12, 20))
    assert ways["BENTO", ("A", "V1")] == (Passage(3, (bento,)),)
    assert ways["BISCUIT", ("C", "V2")] == (Passage(4),)
    # the ways of each line carry the line's units
    for line in week.plan.allocation.lines:
        found = ways[line.lot_id, (line.household_id, line.session_id)]
        assert sum(way.units for way in found) == line.units


def test_units_that_came_by_two_ways_are_portioned_in_turn() -> None:
    first = Haul("VAN", "HUB", "T1", NOW, NOW)
    ways = (Passage(3, (first,)), Passage(4))
    assert portion(ways, 0, 2) == (Passage(2, (first,)),)
    assert portion(ways, 2, 3) == (Passage(1, (first,)), Passage(2))
    assert portion(ways, 5, 2) == (Passage(2),)
    assert portion(ways, 3, 4) == (Passage(4),)


def test_stock_at_the_place_and_units_driven_there_serve_one_session() -> None:
    # 2 of L1 stand at T1 after all: the plan brings 4 and hands out 4, whichever came first
    problem = world.week([world.lot("L1", 6)])
    lines = [("A", "L1", "W", 3), ("B", "L1", "W", 1)]
    ways = passages(problem, world.plan(problem, lines))
    assert {key: sum(way.units for way in found) for key, found in ways.items()} == {
        ("L1", ("A", "W")): 3,
        ("L1", ("B", "W")): 1,
    }
    assert all(way.hauls[0].to_site_id == "T1" for found in ways.values() for way in found)


def test_reservations_are_numbered_in_an_order_of_their_own() -> None:
    problem = world.week([world.lot("L1", 9)])
    lines = [("B", "L1", "V", 2), ("A", "L1", "V", 3), ("B", "L1", "V", 1), ("D", "L1", None, 1)]
    first = reservations_of(problem, world.plan(problem, lines), "P")
    again = reservations_of(problem, world.plan(problem, lines[::-1]), "P")
    assert first == again
    assert [(each.id, *each.line[:3], each.units) for each in first] == [
        ("P/1", "A", "L1", "V", 3),
        ("P/2", "B", "L1", "V", 3),
        ("P/3", "D", "L1", None, 1),
    ]
    at_door = first[2]
    assert (at_door.rest_site_id, at_door.day) == ("HUB", date(2026, 11, 25))
    assert at_door.handover_at == datetime(2026, 11, 25, 16, 25, tzinfo=JST)


def test_a_plan_with_a_finding_or_for_another_problem_is_refused() -> None:
    problem = world.week([world.lot("L1", 9)])
    plan = world.plan(problem, [("A", "L1", "V", 3)])
    with pytest.raises(PlanRefused, match=r"\[window_missed\] V is late"):
        accept(problem, plan, [Finding("window_missed", "V is late")])
    with pytest.raises(PlanRefused, match="the plan was made for sha256:other"):
        accept(problem, replace(plan, problem_digest="sha256:other"), [])


def broken(problem: WeekProblem, line: Line) -> Plan:
    plan = world.plan(problem, [("A", "L1", "V", 3)])
    return replace(plan, allocation=replace(plan.allocation, lines=(line,)))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (Line("X", "L1", "V", 2, 1), "household X"),
        (Line("A", "L9", "V", 2, 1), "lot L9"),
        (Line("A", "L1", "Z", 2, 1), "session Z"),
        (Line("A", "L1", None, 2, 1), "visits household A, which has no visit"),
        (Line("D", "L1", None, 2, 1), "gives 1 units, its routes bring 0"),
        (Line("A", "L1", "W", 2, 1), "moves 1 units from T1, 0 are there"),
        (Line("A", "L1", "V", 2, 10), "moves 10 units from HUB, 9 are there"),
    ],
)
def test_a_plan_that_names_or_moves_what_is_not_there_is_refused(line: Line, says: str) -> None:
    problem = world.week([world.lot("L1", 9)])
    book = MemoryBook()
    book.import_week(problem)
    with pytest.raises(PlanRefused, match=says):
        book.publish(problem, broken(problem, line))


def test_a_book_that_has_moved_says_what_was_expected_and_found() -> None:
    book = MemoryBook()
    stock = [world.lot("L1", 9), world.lot("L2", 5)]
    book.import_week(world.week(stock))
    stale = world.week([world.lot("L1", 9), world.lot("L2", 7)])
    with pytest.raises(BookMoved) as caught:
        book.publish(stale, world.plan(stale, []))
    assert isinstance(caught.value, BookDiffers)
    (only,) = caught.value.differences
    assert (only.lot_id, only.site_id, only.expected, only.found) == ("L2", "HUB", 7, 5)
    assert "counts on 7 units in all, the book has 5 (2 missing)" in str(caught.value)


def test_what_another_week_has_reserved_cannot_be_promised_again() -> None:
    book = MemoryBook()
    one, two = (world.week([world.lot("L1", 9)], later) for later in (0, 1))
    book.import_week(one)
    book.import_week(two)
    book.publish(one, world.plan(one, [("A", "L1", "V", 6)]))
    with pytest.raises(BookDiffers, match="counts on 4 units that no other week has reserved"):
        book.publish(two, world.plan(two, [("A", "L1", "V", 4)]))
    book.publish(two, world.plan(two, [("A", "L1", "V", 3)]))


def test_a_new_plan_of_the_week_takes_the_place_of_the_old_one() -> None:
    problem = world.week([world.lot("L1", 9)])
    book = MemoryBook()
    book.import_week(problem)
    book.publish(problem, world.plan(problem, [("A", "L1", "V", 6)]))
    book.publish(problem, world.plan(problem, [("A", "L1", "V", 2), ("B", "L1", "V", 7)]))
    kinds = [(str(entry.kind), entry.units) for entry in book.entries]
    assert kinds == [("receive", 9), ("reserve", 6), ("release", 6), ("reserve", 2), ("reserve", 7)]


def test_promise_is_pure() -> None:
    problem = world.week([world.lot("L1", 9)])
    book = MemoryBook()
    book.import_week(problem)
    plan = world.plan(problem, [("A", "L1", "V", 6)])
    balance = book._known(problem).balance
    assert promise(problem, plan, balance, (), "P", NOW) == promise(
        problem, plan, balance, (), "P", NOW
    )


def test_a_zone_that_no_machine_knows_is_named() -> None:
    assert moment(world.MONDAY, 3600, "Asia/Tokyo") == datetime(2026, 11, 22, 16, tzinfo=UTC)
    with pytest.raises(InvalidFact, match="'Mars/Olympus' is not known"):
        zone_of("Mars/Olympus")
