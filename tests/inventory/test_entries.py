"""An entry that cannot be true is refused at birth; the balance is their plain sum."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.inventory import EMPTY, BookBroken, Entry, Kind, extend, fold, violations
from logistics.inventory.entries import COUNT, WASTE, Account, donor, household, site, vehicle
from logistics.model.errors import InvalidFact
from tests.inventory.world import NOW

RECEIVED = Entry("e1", Kind.RECEIVE, "L1", donor("O"), site("HUB"), 10, NOW, NOW)
RESERVED = Entry("e2", Kind.RESERVE, "L1", site("HUB"), household("A"), 4, NOW, NOW, "R1")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"units": 0}, "units must be a whole number > 0, got 0"),
        ({"units": -3}, "got -3"),
        ({"units": 1.5}, "got 1.5"),
        ({"units": True}, "got True"),
        ({"lot_id": ""}, "needs an id and a lot"),
        ({"target": household("A")}, "receive cannot go from donor O to household A"),
        ({"source": site("T1")}, "receive cannot go from site T1 to site HUB"),
        ({"kind": Kind.RETURN, "source": site("HUB")}, "both ends are site HUB"),
        ({"kind": Kind.COUNT, "source": site("T1")}, "needs the count account"),
        ({"kind": Kind.RELEASE, "source": household("A")}, "needs a reservation"),
        ({"effective_at": datetime(2026, 11, 22)}, "need a time zone"),
    ],
)
def test_an_entry_that_cannot_be_true_is_refused(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidFact, match=says):
        replace(RECEIVED, **wrong)  # type: ignore[arg-type]


def test_an_account_needs_an_identifier() -> None:
    with pytest.raises(InvalidFact, match="needs an identifier"):
        Account(WASTE.kind, "")


def test_balance_after_a_small_week() -> None:
    # 10 received; 4 promised; 3 of them loaded and delivered, 1 promise released; 2 lost in counting
    entries = [
        RECEIVED,
        RESERVED,
        Entry("e3", Kind.SETTLE, "L1", household("A"), site("HUB"), 3, NOW, NOW, "R1"),
        Entry("e4", Kind.LOAD, "L1", site("HUB"), vehicle("VAN"), 3, NOW, NOW),
        Entry("e5", Kind.DELIVER, "L1", vehicle("VAN"), household("A"), 3, NOW, NOW),
        Entry("e6", Kind.RELEASE, "L1", household("A"), site("HUB"), 1, NOW, NOW, "R1"),
        Entry("e7", Kind.COUNT, "L1", site("HUB"), COUNT, 2, NOW, NOW),
    ]
    halfway = fold(entries[:2])
    assert (halfway.on_hand("L1", site("HUB")), halfway.free("L1", site("HUB"))) == (10, 6)
    assert halfway.open == {"R1": 4}
    end = extend(halfway, entries[2:])
    assert end == fold(entries)
    assert end.units == {
        ("L1", donor("O")): -10,
        ("L1", household("A")): 3,
        ("L1", COUNT): 2,
        ("L1", site("HUB")): 5,
    }
    assert (end.reserved, end.open, violations(end)) == ({}, {}, [])
    assert end.places("L1") == {"HUB": 5}


@pytest.mark.parametrize(
    ("entry", "says", "code"),
    [
        (replace(RESERVED, units=11), "promised beyond what stands at site HUB", "over_reserved"),
        (
            Entry("x", Kind.DISCARD, "L1", site("HUB"), WASTE, 11, NOW, NOW),
            "fall below zero at site HUB",
            "stock_negative",
        ),
        (
            Entry("x", Kind.RELEASE, "L1", household("A"), site("HUB"), 1, NOW, NOW, "R9"),
            "reservation R9 would be settled beyond its units",
            "over_settled",
        ),
    ],
)
def test_entries_that_break_a_law_are_refused_and_found(entry: Entry, says: str, code: str) -> None:
    with pytest.raises(BookBroken, match=says):
        extend(fold([RECEIVED]), [entry])
    assert code in {finding.code for finding in violations(fold([RECEIVED, entry]))}


def test_a_balance_from_elsewhere_that_lost_units_is_found() -> None:
    lost = replace(fold([RECEIVED]), units={("L1", site("HUB")): 10})
    assert [finding.code for finding in violations(lost)] == ["units_lost"]


@given(st.lists(st.tuples(st.sampled_from(["HUB", "T1"]), st.integers(1, 50)), max_size=20))
def test_units_are_neither_made_nor_lost(receipts: list[tuple[str, int]]) -> None:
    entries = [
        Entry(f"e{n}", Kind.RECEIVE, "L1", donor("O"), site(where), units, NOW, NOW)
        for n, (where, units) in enumerate(receipts)
    ]
    balance = extend(EMPTY, entries)
    assert sum(balance.units.values()) == 0
    assert sum(balance.places("L1").values()) == sum(units for _, units in receipts)
