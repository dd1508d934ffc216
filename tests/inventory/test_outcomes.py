"""Recording: what really happened, told once, in any order, conserves every unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from itertools import permutations

import pytest

from logistics.inventory import Entry, Kind, Outcome, OutcomeKind, fold, trace, violations
from logistics.inventory.entries import WASTE, Account, AccountKind, household, site
from logistics.model.errors import InvalidFact, NotFound
from logistics.words.steps import account_text, kind_text, step_text
from tests.inventory import world
from tests.inventory.memory_book import MemoryBook

WEDNESDAY = date(2026, 11, 25)
NOTED = datetime(2026, 11, 25, 17, 30)
DELIVERED, PARTLY = OutcomeKind.DELIVERED, OutcomeKind.PARTLY
NOT_HOME, RETURNED, WASTED = OutcomeKind.NOT_HOME, OutcomeKind.RETURNED, OutcomeKind.WASTED


def told(
    who: str, where: str | None, kind: OutcomeKind, units: int | None = None, **more: object
) -> Outcome:
    base = Outcome(who, "L1", where, WEDNESDAY, OutcomeKind.DELIVERED, units or 1, NOTED)
    return replace(base, kind=kind, units=units, **more)  # type: ignore[arg-type]


def published() -> MemoryBook:
    """20 of L1: A is promised 6 at the hub's session V, B 5 at T1's session W, D 4 at the door."""
    book = MemoryBook()
    problem = world.week([world.lot("L1", 20)])
    book.import_week(problem)
    lines = [("A", "L1", "V", 6), ("B", "L1", "W", 5), ("D", "L1", None, 4)]
    book.publish(problem, world.plan(problem, lines))
    return book


def steps(entries: Sequence[Entry]) -> list[tuple[str, str, str, int]]:
    return [(str(e.kind), str(e.source), str(e.target), e.units) for e in entries]


def after(*outcomes: Outcome) -> tuple[MemoryBook, list[tuple[str, str, str, int]]]:
    book = published()
    start = len(book.entries)
    assert book.record(outcomes) == []
    assert violations(fold(book.entries)) == []
    return book, steps(book.entries[start:])


def test_delivered_at_the_hub_needs_no_driving() -> None:
    _, done = after(told("A", "V", DELIVERED, 6))
    assert done == [
        ("settle", "household A", "site HUB", 6),
        ("deliver", "site HUB", "household A", 6),
    ]


def test_delivered_at_a_satellite_goes_by_van() -> None:
    _, done = after(told("B", "W", DELIVERED))
    assert done == [
        ("settle", "household B", "site HUB", 5),
        ("load", "site HUB", "vehicle VAN", 5),
        ("unload", "vehicle VAN", "site T1", 5),
        ("deliver", "site T1", "household B", 5),
    ]


def test_partly_at_a_satellite_leaves_the_rest_there_free() -> None:
    book, _ = after(told("B", "W", PARTLY, 3))
    balance = fold(book.entries)
    assert balance.places("L1") == {"HUB": 15, "T1": 2}
    assert balance.free("L1", site("T1")) == 2
    assert balance.on_hand("L1", household("B")) == 3


def test_nobody_home_brings_the_units_back_to_the_vans_home() -> None:
    book, done = after(told("D", None, NOT_HOME))
    assert done == [
        ("release", "household D", "site HUB", 4),
        ("load", "site HUB", "vehicle VAN", 4),
        ("return", "vehicle VAN", "site HUB", 4),
    ]
    assert fold(book.entries).places("L1") == {"HUB": 20}


def test_returned_and_wasted_say_where_and_why() -> None:
    book, done = after(
        told("D", None, RETURNED, 3, to_site_id="T1"),
        told("D", None, WASTED, 1, reason="破損 torn"),
    )
    assert ("return", "vehicle VAN", "site T1", 3) in done
    assert ("discard", "vehicle VAN", "waste waste", 1) in done
    assert fold(book.entries).on_hand("L1", WASTE) == 1
    assert [entry.reason for entry in book.entries if entry.kind is Kind.DISCARD] == ["破損 torn"]


def test_the_order_of_rows_and_a_second_telling_change_nothing() -> None:
    rows = [
        told("A", "V", PARTLY, 3),  # 3 handed over, and the rest of 6 - 2 - 3 = 1 is free
        told("A", "V", WASTED, 2, reason="mould"),
        told("D", None, NOT_HOME),
    ]
    books = []
    for order in permutations(rows):
        book, _ = after(*order)
        count = len(book.entries)
        assert book.record(rows) == []
        assert len(book.entries) == count
        books.append(book.entries)
    assert all(entries == books[0] for entries in books)


def test_a_second_part_on_the_same_day_is_another_row_by_its_time() -> None:
    first = told("A", "V", DELIVERED, 2)
    later = replace(first, noted_at=NOTED + timedelta(hours=1))
    book, _ = after(first, later)
    assert fold(book.entries).on_hand("L1", household("A")) == 4


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([told("A", "V", DELIVERED, 7)], ["more_than_reserved"]),
        (
            [told("A", "V", DELIVERED, 4), told("A", "V", WASTED, 3, reason="torn")],
            ["more_than_reserved"],
        ),
        ([told("A", "W", DELIVERED, 1)], ["not_published"]),
        ([told("C", "V", DELIVERED, 1)], ["not_published"]),
        ([told("A", "V", RETURNED, 1, to_site_id="NOWHERE")], ["unknown_site"]),
        ([told("A", "V", DELIVERED, 1), told("A", "V", DELIVERED, 2)], ["outcome_changed"]),
    ],
)
def test_one_wrong_row_and_nothing_is_booked(rows: list[Outcome], codes: list[str]) -> None:
    book = published()
    before = list(book.entries)
    assert book.record([told("D", None, DELIVERED), *rows]) == codes
    assert book.entries == before


def test_a_row_told_before_with_other_units_is_a_contradiction() -> None:
    book, _ = after(told("A", "V", DELIVERED, 2))
    assert book.record([told("A", "V", DELIVERED, 3)]) == ["outcome_changed"]


def test_a_row_twice_in_one_file_counts_once_and_is_shown() -> None:
    book = published()
    row = told("A", "V", DELIVERED, 2)
    assert book.record([row, row]) == ["row_repeated"]
    assert fold(book.entries).on_hand("L1", household("A")) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"units": 0}, "units must be > 0"),
        ({"kind": PARTLY, "units": None}, "partly needs the units"),
        ({"kind": RETURNED}, "returned needs to_site_id"),
        ({"kind": WASTED}, "wasted needs a reason"),
    ],
)
def test_an_outcome_that_says_too_little_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidFact, match=says):
        replace(told("A", "V", DELIVERED, 1), **change)  # type: ignore[arg-type]


def test_trace_goes_both_ways() -> None:
    book, _ = after(
        told("B", "W", PARTLY, 3), told("A", "V", DELIVERED), told("D", None, WASTED, 1, reason="x")
    )
    found = trace(book.entries, "L1")
    assert str(found.forward[0].source) == "donor GIVER"
    ends = {str(end.account): (end.units, [str(s.kind) for s in end.steps]) for end in found.back}
    assert ends["household A"] == (6, ["receive", "deliver"])
    # T1 got 3 + 2 units, of which B took 3; the van's later trip to the door is no part of it
    way = ["receive", "load", "load", "unload", "unload", "deliver"]
    assert ends["household B"] == (3, way)
    assert ends["waste waste"][1][-2:] == ["load", "discard"]
    # every unit given is found at one of the ends: 6 + 3 + 2 (T1) + 1 (waste) + 8 (hub) = 20
    assert sum(units for units, _ in ends.values()) == 20
    assert sum(found.reserved.values()) == 3
    with pytest.raises(NotFound, match="L9"):
        trace(book.entries, "L9")


def test_a_step_reads_in_both_languages() -> None:
    book, _ = after(told("B", "W", DELIVERED))
    local = timezone(timedelta(hours=9))
    load = next(entry for entry in book.entries if entry.kind is Kind.LOAD)
    assert load.effective_at == datetime.combine(WEDNESDAY, time(13), local)
    assert (
        step_text("ja", load, {site("HUB"): "本部"})
        == "2026-11-25 13:00  積込  5  拠点 HUB 本部 → 車両 VAN"
    )
    assert step_text("en", load) == "2026-11-25 13:00  loaded  5  site HUB → vehicle VAN"
    for language in ("ja", "en"):
        assert all(kind_text(language, kind) for kind in Kind)
        assert all(account_text(language, Account(kind, "x")) for kind in AccountKind)
