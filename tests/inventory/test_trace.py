"""A trace goes on into the lots that were made of a lot, and back into those that it was made of."""

from __future__ import annotations

from random import Random

import pytest

from logistics.inventory import Kind, trace
from logistics.inventory.entries import change, donor, household, site
from logistics.model.errors import NotFound
from logistics.words.steps import shown_step
from tests.inventory.test_recall import HUB, Scribe, random_book, reached, sack


def test_back_from_a_mix_to_both_donors() -> None:
    found = trace(sack().entries, "MIX")
    older = [each.lot_id for each in found.ancestors]
    assert sorted(older) == ["BAG", "RICE", "SACK"]
    assert older.index("SACK") < older.index("BAG")
    assert found.descendants == ()
    assert [step.id for step in found.forward] == ["e9", "e10"]
    ends = {ending.account: ending for ending in found.back}
    assert {account.id: ending.units for account, ending in ends.items()} == {"B": 5, "HUB": 3}
    # both receipts, the repacking in and out, the merge in (twice) and out, then the gift; what A got,
    # what was thrown away and what was loaded led nowhere near B
    assert [step.id for step in ends[household("B")].steps] == [
        "e0", "e1", "e2", "e3", "e7", "e8", "e9", "e10",
    ]  # fmt: skip


def test_forward_into_all_that_was_made_of_a_sack() -> None:
    found = trace(sack().entries, "SACK")
    assert [(each.lot_id, len(each.steps)) for each in found.descendants] == [
        ("BAG", 4),
        ("MIX", 2),
    ]
    assert found.ancestors == ()
    # sack: 10 - 4 into the change - 2 on the van
    assert {ending.account.id: ending.units for ending in found.back} == {
        "c1": 4,
        "HUB": 4,
        "VAN": 2,
    }
    text = shown_step("en", found.descendants[0].steps[0], found)
    assert " repacked  8  change c1 → site HUB  [BAG]  #" in text


def test_units_that_came_later_are_no_way() -> None:
    book = Scribe()
    for lot in ("OLD", "NEW"):
        book.lot(lot)
    book.write(Kind.RECEIVE, "OLD", donor("O"), HUB, 4)
    book.write(Kind.SPLIT, "OLD", HUB, change("c1"), 2)
    book.write(Kind.SPLIT, "NEW", change("c1"), HUB, 2)
    book.write(Kind.RECEIVE, "OLD", donor("O"), HUB, 4)  # e3: after the split
    (ending,) = trace(book.entries, "NEW").back
    assert [step.id for step in ending.steps] == ["e0", "e1", "e2"]


def test_what_was_reversed_is_shown_but_is_no_way() -> None:
    book = Scribe()
    book.lot("L")
    book.write(Kind.RECEIVE, "L", donor("O"), HUB, 4)
    wrong = book.write(Kind.MOVE, "L", HUB, site("T1"), 3)
    book.undo(wrong)
    book.write(Kind.MOVE, "L", HUB, site("T1"), 1)  # e3
    found = trace(book.entries, "L")
    assert [step.id for step in found.forward] == ["e0", "e1", "undo:e1", "e3"]
    assert found.undone == {"e1", "undo:e1"}
    assert {ending.account.id: [s.id for s in ending.steps] for ending in found.back} == {
        "HUB": ["e0"],
        "T1": ["e0", "e3"],
    }
    assert shown_step("ja", wrong, found).endswith("  取消済み")
    assert shown_step("en", found.forward[-1], found).endswith("  #e3")


def test_an_undone_change_leads_nowhere() -> None:
    book = sack()
    for entry in (book.entries[-1], book.entries[-2], book.entries[-3], book.entries[-4]):
        book.undo(entry)
    assert [each.lot_id for each in trace(book.entries, "SACK").descendants] == ["BAG"]
    assert trace(book.entries, "MIX").ancestors == ()
    assert trace(book.entries, "MIX").back == ()
    with pytest.raises(NotFound, match="Lot NONE"):
        trace(book.entries, "NONE")


def test_both_ways_agree_with_a_breadth_first_walk() -> None:
    for seed in range(300):
        book = random_book(seed)
        lot = Random(seed).choice(sorted({entry.lot_id for entry in book.entries}))
        down = {other: reached(book, other) for other in book.goods}
        found = trace(book.entries, lot)
        assert {each.lot_id for each in found.descendants} == down[lot] - {lot}, seed
        older = {other for other, lots in down.items() if lot in lots and other != lot}
        assert {each.lot_id for each in found.ancestors} == older, seed
        for ending in found.back:  # no step of a stranger, and every way begins at a donor
            assert {step.lot_id for step in ending.steps} <= older | {lot}
            assert ending.steps[0].kind is Kind.RECEIVE
