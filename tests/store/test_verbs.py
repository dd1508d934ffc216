"""The verbs over SQLite: the good week lived through, then many weeks at random, then many at once."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from logistics import store
from logistics.inventory import Entry, Outcome, OutcomeKind, fold, outcomes_from_text, violations
from logistics.inventory.entries import household, site
from logistics.model.errors import BookMoved, Finding, NotFound, PlanRefused
from logistics.model.plan import Plan
from logistics.model.problem import WeekProblem
from logistics.store import queries
from logistics.store.engine import reading
from tests.inventory import world
from tests.inventory.lifelike import BookLife
from tests.inventory.world import NOW
from tests.judge.good_week import good_week

TUESDAY = """household_id,lot_id,session_id,date,outcome,units,to_site_id,reason,recorded_at
A,RICE,V1,2026-04-07,delivered,,,,2026-04-07T16:00
B,RICE,V1,2026-04-07,partly,2,,,2026-04-07T16:10
B,BENTO,V1,2026-04-07,wasted,1,,dropped,2026-04-07T16:10
B,BENTO,V1,2026-04-07,delivered,1,,,2026-04-07T16:10
D,GREENS,,2026-04-07,not_home,,,,2026-04-07T13:20
D,MILK,,2026-04-07,returned,2,HUB,,2026-04-07T13:20
"""


@pytest.fixture
def book(url: str) -> Engine:
    return store.init_book(url)


def all_entries(engine: Engine) -> tuple[Entry, ...]:
    with reading(engine) as connection:
        return queries.entries_of(connection, queries.lot_ids(connection))


def tuesday() -> tuple[Outcome, ...]:
    outcomes, findings = outcomes_from_text(TUESDAY, "outcomes.csv")
    assert findings == ()
    return outcomes


def test_the_good_week_through_the_book(book: Engine) -> None:
    week = good_week()
    report = store.import_week(book, week.problem, now=NOW)
    assert (report.received, report.counted, report.unchanged) == (7, 0, 0)
    published = store.publish(book, week.problem, week.plan, [], now=NOW)
    # lines 4+3+3 + 3+3+2 + 4+1 + 3+2 = 28 units in 10 lines
    assert (published.publication_id, published.lines, published.units) == ("2026-04-06#1", 10, 28)
    recorded = store.record(book, tuesday(), now=NOW)
    assert (recorded.recorded, recorded.known, recorded.findings) == (6, 0, ())
    wednesday = datetime(2026, 4, 8, tzinfo=UTC)
    rows = {(row.lot_id, row.place.id): row for row in store.stock(book, now=wednesday)}
    # rice: 20 - 4 (A) - 3 (B's way) = 13 at the hub, B took 2 and 1 is left at S1
    assert (rows["RICE", "HUB"].on_hand, rows["RICE", "HUB"].reserved) == (13, 0)
    assert (rows["RICE", "S1"].on_hand, rows["RICE", "S1"].free) == (1, 1)
    # greens: D's 3 came back to the hub; B's 3 are still promised from the farm's 9
    assert rows["GREENS", "HUB"].on_hand == 3
    assert (rows["GREENS", "FARM"].on_hand, rows["GREENS", "FARM"].reserved) == (9, 3)
    assert ("BENTO", "S1") not in rows
    # two weeks after the hand-over nobody waits for B's greens any more
    late = {(row.lot_id, row.place.id): row for row in store.stock(book, now=NOW)}
    assert (late["GREENS", "FARM"].on_hand, late["GREENS", "FARM"].free) == (9, 9)
    balance = fold(all_entries(book))
    assert violations(balance) == []
    assert balance.on_hand("BENTO", household("B")) == 1
    assert balance.on_hand("MILK", site("HUB")) == 8


def test_facts_come_back_from_the_database_as_they_went_in(book: Engine) -> None:
    week = good_week()
    store.import_week(book, week.problem, now=NOW)
    store.publish(book, week.problem, week.plan, [], now=NOW)
    with reading(book) as connection:
        goods = queries.goods_by_id(connection, week.problem.lots)
        reservations = queries.reservations_of_week(connection, week.problem.week_start)
    again = [
        goods_of_lot
        for goods_of_lot in goods.values()
        if goods_of_lot.contains == frozenset({"milk"})
    ]
    assert [each.id for each in again] == ["BENTO"]
    assert goods["BENTO"].eat_by == datetime(2026, 4, 7, 9, tzinfo=UTC)  # noon + 6 h in Japan
    from logistics.inventory.goods import goods_of
    from logistics.inventory.reservation import reservations_of

    assert goods == {item.id: goods_of(item, week.problem) for item in week.problem.lots.values()}
    made = reservations_of(week.problem, week.plan, "2026-04-06#1")
    assert sorted(reservations, key=lambda each: each.id) == sorted(made, key=lambda each: each.id)


def test_every_verb_told_twice_has_one_effect(book: Engine) -> None:
    week = good_week()
    store.import_week(book, week.problem)
    store.publish(book, week.problem, week.plan, [])
    store.record(book, tuesday())
    before = all_entries(book)
    assert store.import_week(book, week.problem).unchanged == 7
    assert store.publish(book, week.problem, week.plan, []).repeated
    again = store.record(book, tuesday()[::-1])
    assert (again.recorded, again.known) == (0, 6)
    assert all_entries(book) == before


def test_rows_in_another_order_are_a_new_digest_and_nothing_else(book: Engine) -> None:
    problem = good_week().problem
    store.import_week(book, problem)
    turned = replace(problem, lots=dict(reversed(problem.lots.items())), digest="sha256:turned")
    before = all_entries(book)
    assert store.import_week(book, turned).unchanged == 7
    assert all_entries(book) == before
    plan = replace(good_week().plan, problem_digest="sha256:turned")
    assert store.publish(book, turned, plan, []).lines == 10


def test_publish_refuses_findings_an_unknown_week_and_a_changed_folder(book: Engine) -> None:
    problem, _, plan = good_week()
    with pytest.raises(PlanRefused, match="was never imported"):
        store.publish(book, problem, plan, [])
    store.import_week(book, problem)
    with pytest.raises(PlanRefused, match=r"\[too_late\]"):
        store.publish(book, problem, plan, [Finding("too_late", "S2 is reached too late")])
    changed = replace(problem, digest="sha256:changed")
    with pytest.raises(PlanRefused, match="has changed since it was imported"):
        store.publish(book, changed, replace(plan, problem_digest="sha256:changed"), [])
    assert {str(entry.kind) for entry in all_entries(book)} == {"receive"}


def test_publish_refuses_a_book_that_has_moved(book: Engine) -> None:
    problem, _, plan = good_week()
    store.import_week(book, problem)
    store.publish(book, problem, plan, [])
    store.record(book, tuesday())
    other = replace(plan, seed=2)
    with pytest.raises(BookMoved, match=r"Lot RICE at HUB: .* 20 units in all, the book has 13"):
        store.publish(book, problem, other, [])


def test_a_wrong_row_leaves_the_book_as_it_was(book: Engine) -> None:
    problem, _, plan = good_week()
    store.import_week(book, problem)
    store.publish(book, problem, plan, [])
    before = all_entries(book)
    wrong = replace(tuesday()[0], units=5)  # A was promised 4
    report = store.record(book, [wrong, *tuesday()[1:]])
    assert not report.done
    assert [(found.code, found.row) for found in report.findings] == [("more_than_reserved", 2)]
    assert all_entries(book) == before


def test_stock_by_site_and_what_is_past_its_date(book: Engine) -> None:
    store.import_week(book, good_week().problem)
    sunday_night = datetime(2026, 4, 12, 14, 59, tzinfo=UTC)  # 23:59 in Japan: milk's last day
    monday = datetime(2026, 4, 12, 15, 0, tzinfo=UTC)
    assert {row.lot_id for row in store.stock(book, "HUB")} == {"RICE", "CANS", "CRACKER", "MILK"}

    def expired(now: datetime) -> set[str]:
        return {row.lot_id for row in store.stock(book, now=now) if row.expired}

    assert expired(sunday_night) == {"GREENS", "BENTO"}
    assert expired(monday) == {"GREENS", "BENTO", "MILK"}
    with pytest.raises(NotFound, match="Site X"):
        store.stock(book, "X")


def test_trace_tells_local_times_from_farm_to_door_and_back(book: Engine) -> None:
    week = good_week()
    store.import_week(book, week.problem, now=NOW)
    store.publish(book, week.problem, week.plan, [], now=NOW)
    outcome = Outcome(
        "D",
        "GREENS",
        None,
        date(2026, 4, 7),
        OutcomeKind.DELIVERED,
        3,
        datetime(2026, 4, 7, 13, 20),
    )
    store.record(book, [outcome], now=NOW)
    found = store.trace(book, "GREENS")
    told = [(f"{e.effective_at:%a %H:%M}", str(e.source), str(e.target)) for e in found.forward]
    assert told == [
        ("Mon 00:00", "donor ORG", "site FARM"),
        ("Tue 09:20", "site FARM", "vehicle VAN"),
        ("Tue 09:55", "vehicle VAN", "site HUB"),
        ("Tue 12:40", "site HUB", "vehicle VAN"),
        ("Tue 13:10", "vehicle VAN", "household D"),
    ]
    at_door = next(end for end in found.back if end.account == household("D"))
    assert (at_door.units, at_door.steps) == (3, found.forward)
    assert sum(found.reserved.values()) == 3  # B's greens
    assert store.names(book)[site("FARM")] == "FARM"
    with pytest.raises(NotFound, match="Lot NONE"):
        store.trace(book, "NONE")


class SqlBook:
    """The store's verbs under the names that the state machine uses."""

    def __init__(self, folder: str) -> None:
        self.engine = store.init_book(f"sqlite:///{folder}/book.db")

    def import_week(self, problem: WeekProblem, *, recount: bool = False) -> list[str]:
        report = store.import_week(self.engine, problem, recount=recount)
        return [finding.code for finding in report.findings]

    def publish(self, problem: WeekProblem, plan: Plan) -> None:
        store.publish(self.engine, problem, plan, [])

    def record(self, outcomes: Sequence[Outcome]) -> list[str]:
        report = store.record(self.engine, outcomes)
        return [found.code for found in report.findings if found.code != "row_repeated"]


class SqlBookLife(BookLife):
    def open_book(self) -> SqlBook:
        self.folder = tempfile.TemporaryDirectory()
        return SqlBook(self.folder.name)

    def entries(self) -> Sequence[Entry]:
        return all_entries(self.book.engine)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()


TestSqlBook = SqlBookLife.TestCase
TestSqlBook.settings = settings(
    max_examples=12,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_sixteen_weeks_at_once_never_promise_one_unit_twice(book: Engine) -> None:
    # 16 weeks see the same 10 units and each wants 4: two can have them, whoever comes first
    weeks = [world.week([world.lot("L1", 10)], later) for later in range(16)]
    for problem in weeks:
        store.import_week(book, problem)

    def attempt(problem: WeekProblem) -> bool:
        engine = store.open_book(str(book.url))
        try:
            store.publish(engine, problem, world.plan(problem, [("A", "L1", "V", 4)]), [])
        except BookMoved:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, weeks)) == 2
    balance = fold(all_entries(book))
    assert violations(balance) == []
    assert balance.free("L1", site("HUB")) == 2


def test_the_same_plan_published_sixteen_times_at_once_has_one_effect(book: Engine) -> None:
    problem = world.week([world.lot("L1", 10)])
    store.import_week(book, problem)
    plan = world.plan(problem, [("A", "L1", "V", 4)])
    with ThreadPoolExecutor(16) as pool:
        reports = list(pool.map(lambda _: store.publish(book, problem, plan, []), range(16)))
    assert sorted(report.repeated for report in reports) == [False] + [True] * 15
    assert fold(all_entries(book)).free("L1", site("HUB")) == 6
