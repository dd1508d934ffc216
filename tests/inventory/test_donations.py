"""From entries to a donor's months and statement, with the arithmetic by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.inventory import Kind
from logistics.inventory.disclosure import NOTHING, Amount
from logistics.inventory.entries import COUNT, change, household, site, vehicle
from logistics.inventory.months import closes_at, counts_in, last_day, months_between, next_month
from logistics.inventory.statement import (
    MonthOpen,
    NoSuchPeriod,
    period,
    refuse_open,
    statement_of,
)
from logistics.inventory.waste import Cause, cause_of
from tests.inventory.giving import DEC, JST, NOV, OCT, GiftBook, noon, people

TEN = people("a", 10)
FIFTH, TENTH, LATE = date(2026, 10, 5), date(2026, 10, 10), date(2026, 11, 20)


def kg(n: int) -> Amount:
    return Amount(Fraction(1_000 * n), Fraction(n))


def test_months_and_their_closing() -> None:
    assert (next_month(DEC), last_day(DEC)) == (date(2027, 1, 1), date(2026, 12, 31))
    assert months_between(OCT, DEC) == (OCT, NOV, DEC)
    assert months_between(NOV, OCT) == ()
    assert closes_at(OCT, JST) == datetime(2026, 11, 15, tzinfo=JST)
    at = datetime(2026, 10, 31, 23, 59, tzinfo=JST)
    before, after = closes_at(OCT, JST) - timedelta(seconds=1), closes_at(OCT, JST)
    assert counts_in(at, before, JST) == OCT
    assert counts_in(at, after, JST) == NOV
    assert counts_in(at + timedelta(minutes=1), at, JST) == NOV  # known in advance
    assert counts_in(noon(date(2026, 3, 1)), before, JST) == OCT  # told half a year late


def test_only_whole_closed_months() -> None:
    assert period(OCT, date(2026, 12, 31)) == (OCT, DEC)
    with pytest.raises(NoSuchPeriod, match="take 2026-10-01 to 2026-10-31"):
        period(OCT, date(2026, 10, 24))
    with pytest.raises(NoSuchPeriod, match="comes after"):
        period(NOV, OCT)
    refuse_open(OCT, closes_at(OCT, JST), JST)
    with pytest.raises(MonthOpen, match="ask again from 2026-11-15 on"):
        refuse_open(OCT, closes_at(OCT, JST) - timedelta(seconds=1), JST)


def test_where_goods_were_handed_over() -> None:
    book = GiftBook(rest_sites={"r1": "HUB"})
    book.give("D/rice", 50, FIFTH)
    book.hand("D/rice", "h1", "A", TENTH, 3)
    van = vehicle("VAN")
    book.tell(Kind.LOAD, "D/rice", (site("B"), van), 9, TENTH)
    book.tell(Kind.DELIVER, "D/rice", (van, household("h2")), 4, TENTH, reservation_id="r1")
    book.tell(Kind.DELIVER, "D/rice", (van, household("h3")), 5, TENTH)  # without a plan
    ledger = book.ledger()
    assert ledger.handed == {
        ("D", OCT, "A"): kg(3),
        ("D", OCT, "HUB"): kg(4),
        ("D", OCT, "B"): kg(5),
    }
    assert ledger.patterns == {OCT: {frozenset({place}): 1 for place in ("A", "HUB", "B")}}
    assert not any("h1" in repr(part) for part in (ledger.handed, ledger.patterns, ledger))


def test_what_counts_as_given_wasted_and_missing() -> None:
    book = GiftBook()
    book.give("D/offer", 20, FIFTH, "FARM")  # still at the farm: offered, not given
    book.tell(Kind.LOAD, "D/offer", (site("FARM"), vehicle("VAN")), 12, FIFTH)  # fetched: 12
    book.tell(Kind.UNLOAD, "D/offer", (vehicle("VAN"), site("A")), 12, FIFTH)
    book.tell(Kind.RETURN, "D/offer", (site("A"), site("FARM")), 2, FIFTH)  # went back: 10
    book.waste("D/offer", "FARM", FIFTH, 1, "期限切れ")  # thrown away by the farm itself
    book.waste("D/offer", "A", FIFTH, 3, "箱がつぶれた、佐藤さん宅で")
    book.tell(Kind.COUNT, "D/offer", (site("A"), COUNT), 2, FIFTH)
    book.tell(Kind.COUNT, "D/offer", (COUNT, site("A")), 1, FIFTH)
    book.tell(Kind.MOVE, "D/offer", (site("A"), site("B")), 4, FIFTH)
    ledger = book.ledger()
    assert ledger.given == {("D", OCT): kg(10)}
    assert ledger.wasted == {("D", OCT, Cause.DAMAGED): kg(3)}
    assert ledger.missing == {("D", OCT): kg(1)}
    page = book.statement("D", OCT, OCT)
    # 10 - 3 - 1 = 6 kg in stock: 4 at B, 2 at A
    assert (page.given_g, page.open_g, page.kg) == (10_000, 6_000, 0)
    assert page.wasted_g == {Cause.DAMAGED: 3_000}
    assert "佐藤" not in repr(page)


def test_reasons_fall_into_classes() -> None:
    said = {
        "賞味期限切れ": Cause.EXPIRED,
        "Past its date": Cause.EXPIRED,
        "メーカー回収": Cause.RECALL,
        "冷蔵庫の停電": Cause.TEMPERATURE,
        "落として破損": Cause.DAMAGED,
        "dropped": Cause.DAMAGED,
        "カビ": Cause.SPOILT,
        "不在のため": Cause.UNCOLLECTED,
        "": Cause.OTHER,
        "鈴木さんが要らないと言った": Cause.OTHER,
    }
    assert {reason: cause_of(reason) for reason in said} == said


def test_shares_of_a_repacked_lot() -> None:
    # 3 kg of D's and 1 kg of E's rice become 8 bags of 500 g: each bag is 3/4 D's
    book = GiftBook(unit_g={"X/mix": 500}, unit_meals={"X/mix": Fraction(1, 2)})
    book.give("D/rice", 3, FIFTH)
    book.give("E/rice", 1, FIFTH)
    for lot_id, units in (("D/rice", 3), ("E/rice", 1)):
        book.tell(Kind.MERGE, lot_id, (site("HUB"), change("c")), units, FIFTH)
    book.tell(Kind.MERGE, "X/mix", (change("c"), site("HUB")), 8, FIFTH)
    book.origins["X/mix"] = {"D/rice": Fraction(3, 4), "E/rice": Fraction(1, 4)}
    book.visits("X/mix", TEN[:4], "HUB", TENTH)
    book.waste("X/mix", "HUB", TENTH, 4, "dropped")
    ledger = book.ledger()
    # 4 bags are 2 kg and 2 meals
    assert ledger.handed == {
        ("D", OCT, "HUB"): Amount(Fraction(1_500), Fraction(3, 2)),
        ("E", OCT, "HUB"): Amount(Fraction(500), Fraction(1, 2)),
    }
    assert ledger.wasted == {
        ("D", OCT, Cause.DAMAGED): Amount(Fraction(1_500), Fraction(3, 2)),
        ("E", OCT, Cause.DAMAGED): Amount(Fraction(500), Fraction(1, 2)),
    }
    assert ledger.given == {("D", OCT): kg(3), ("E", OCT): kg(1)}
    assert book.statement("D", OCT, OCT).open_g == 3_000 - 1_500  # ten did not come: withheld


def test_a_reversal_in_time_leaves_nothing_behind() -> None:
    book = GiftBook()
    book.visits("D/rice", TEN, "A", TENTH, 2)
    wrong = book.hand("D/rice", "h", "B", TENTH, 7)
    undone = book.undo(wrong, TENTH)
    ledger = book.ledger()
    assert ledger.handed == {("D", OCT, "A"): kg(20)}
    assert ledger.patterns == {OCT: {frozenset({"A"}): 10}}
    book.undo(undone, TENTH)  # it was right after all
    assert book.ledger().handed[("D", OCT, "B")] == kg(7)


def test_a_reversal_after_the_closing_is_taken_back_in_its_own_month() -> None:
    book = GiftBook()
    book.visits("D/rice", TEN, "A", TENTH, 2)
    wrong = book.hand("D/rice", "h", "A", TENTH, 7)
    before = book.statement("D", OCT, OCT)
    undone = book.undo(wrong, TENTH, recorded=LATE)
    book.visits("D/rice", TEN, "A", LATE)
    assert book.statement("D", OCT, OCT) == before
    assert book.statement("D", NOV, NOV).kg == 10 - 7
    book.undo(undone, TENTH, recorded=date(2026, 12, 20))
    assert book.ledger().handed == {
        ("D", OCT, "A"): kg(27),
        ("D", NOV, "A"): kg(3),
        ("D", DEC, "A"): kg(7),
    }


DAY = st.integers(0, 91)
TOLD = st.lists(
    st.tuples(st.sampled_from("DE"), st.sampled_from("ABC"), DAY, st.integers(0, 60), DAY),
    max_size=6,
)
"""Donor, place, day, days until it is told, days from then until it is taken back (0: never)."""


@settings(max_examples=40, deadline=None)
@given(TOLD)
def test_a_closed_month_never_changes(told: list[tuple[str, str, int, int, int]]) -> None:
    """Two versions of a page would differ by one record of one household; there is only one."""
    book = GiftBook()
    for month in (OCT, NOV, DEC):  # enough households everywhere, so that every kilogram shows
        for place in "ABC":
            book.visits("D/rice", people(place, 10), place, month)
    steps = [(day + late, number, False) for number, (_, _, day, late, _) in enumerate(told)]
    steps += [
        (day + late + back, number, True)
        for number, (_, _, day, late, back) in enumerate(told)
        if back
    ]
    pages: dict[tuple[str, date], object] = {}
    entries: dict[int, str] = {}
    for at, number, taken_back in sorted(steps):
        org_id, place, day, *_ = told[number]
        known, happened = OCT + timedelta(days=at), OCT + timedelta(days=day)
        for month in (OCT, NOV):
            if noon(known) >= closes_at(month, JST):
                for giver in "DE":
                    if (giver, month) not in pages:
                        pages[giver, month] = book.statement(giver, month, month).months
        if taken_back:
            book.undo(entries[number], happened, recorded=known)
        else:
            lot_id = f"{org_id}/rice"
            entries[number] = book.hand(lot_id, "h", place, happened, recorded=known)
    for (giver, month), page in pages.items():
        assert book.statement(giver, month, month).months == page


def test_a_statement_is_the_sum_of_its_months() -> None:
    book = GiftBook()
    book.give("D/rice", 100, FIFTH)
    for month, size in ((OCT, 10), (NOV, 9), (DEC, 12)):
        book.visits("D/rice", people("a", size), "A", month + timedelta(days=9), 2)
    page = statement_of(book.ledger(), "D", (OCT, DEC), {"D": "Giver", "A": "Tsubame"}, JST)
    # 20 + (18 withheld) + 24; the rest, 100 - 44, holds the 18
    assert (page.kg, page.meals, page.open_g, page.withheld) == (44, 45, 56_000, (NOV,))
    assert [each.kg for each in page.months] == [20, 0, 24]
    (place,) = page.places
    assert (place.name, place.kg, place.months, place.households_from) == ("Tsubame", 44, 2, 10)
    assert (page.closed_on, page.last_day) == (date(2027, 1, 15), date(2026, 12, 31))
    parts = [book.statement("D", month, month) for month in (OCT, NOV, DEC)]
    assert page.kg == sum(part.kg for part in parts)
    assert page.months == tuple(month for part in parts for month in part.months)


def test_a_donor_of_whom_nothing_is_known() -> None:
    page = GiftBook().statement("D", OCT, NOV)
    assert (page.months, page.kg, page.open_g, page.places) == ((), 0, 0, ())
    assert Amount() == NOTHING
