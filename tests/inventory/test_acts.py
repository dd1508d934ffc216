"""Facts of made lots, outcomes undone and told again, and held lots that are given or promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from logistics.inventory import Goods, OutcomeKind, fold, goods_of
from logistics.inventory.acts import Act, ActRefused, discard, hold
from logistics.inventory.changes import change_findings, merge, repack, strictest
from logistics.inventory.entries import Entry, Kind, donor, household, site
from logistics.inventory.reversal import fact_of, reverse
from logistics.model.errors import PlanRefused, Severity
from logistics.model.units import Kitchen, Label, Tag
from tests.inventory import world
from tests.inventory.memory_book import MemoryBook
from tests.inventory.test_outcomes import told
from tests.inventory.world import NOW


def goods(name: str, **more: object) -> Goods:
    lot = world.lot(name, 1, item="rice")
    return replace(goods_of(lot, world.week([lot])), **more)  # type: ignore[arg-type]


def received(name: str, units: int) -> Entry:
    return Entry(f"receive:{name}", Kind.RECEIVE, name, donor("G"), site("HUB"), units, NOW, NOW)


def act(name: str, hours: int = 0, reason: str = "why") -> Act:
    at = NOW + timedelta(hours=hours)
    return Act(name, at, at, reason)


def test_a_made_lot_may_be_used_only_for_what_all_its_lots_may() -> None:
    noon = datetime(2026, 11, 24, 3, tzinfo=UTC)
    one = goods(
        "ONE",
        org_id="X",
        label=Label.BEST_BEFORE,
        last_day=date(2027, 1, 31),
        contains=frozenset({"milk"}),
        checked=frozenset({"milk", "egg", "wheat"}),
        tags=frozenset({Tag.HALAL, Tag.SOFT, Tag.CONTAINS_ALCOHOL}),
    )
    two = goods(
        "TWO",
        org_id="Y",
        label=Label.USE_BY,
        last_day=date(2026, 12, 24),
        eat_by=noon,
        contains=frozenset({"egg"}),
        checked=frozenset({"milk", "egg"}),
        kitchen_needed=Kitchen.MICROWAVE,
        tags=frozenset({Tag.SOFT, Tag.VEGAN}),
    )
    for parts in ([one, two], [two, one]):
        made = strictest("NEW", parts, "PANTRY", 500, Fraction(1))
        assert (made.label, made.last_day, made.eat_by) == (Label.USE_BY, date(2026, 12, 24), noon)
        assert (made.contains, made.checked) == ({"milk", "egg"}, {"milk", "egg"})
        assert made.tags == {Tag.SOFT, Tag.CONTAINS_ALCOHOL}
        assert (made.kitchen_needed, made.org_id) == (Kitchen.MICROWAVE, "PANTRY")
    assert strictest("NEW", [one, one], "PANTRY", 500, Fraction(1)).org_id == "X"


def test_meals_of_merged_lots_are_shared_out_and_unlike_lots_stay_apart() -> None:
    balance = fold([received("ONE", 3), received("TWO", 1)])
    one, two = goods("ONE", unit_meals=Fraction(2)), goods("TWO", unit_meals=Fraction(4))
    made = merge(balance, act("merge:N"), [(one, 3), (two, 1)], "HUB", "N", "P")
    # (3 x 2 + 1 x 4) / 4 = 5/2 meals a unit
    assert (made.units, made.goods.unit_meals) == (4, Fraction(5, 2))
    with pytest.raises(ActRefused, match="different unit_g"):
        merge(balance, act("m"), [(one, 3), (replace(two, unit_g=400), 1)], "HUB", "N", "P")


def test_no_gram_comes_from_nowhere_and_a_loss_is_stated_with_its_reason() -> None:
    sack = goods("SACK", unit_g=25_000)
    start = [received("SACK", 2)]
    balance = fold(start)
    with pytest.raises(ActRefused, match="25500 g cannot come out of 25000 g"):
        repack(balance, act("r"), sack, "HUB", 1, "BAG", 51, 500)
    with pytest.raises(ActRefused, match="state a loss of 500 g with its reason, got 0 g"):
        repack(balance, act("r"), sack, "HUB", 1, "BAG", 49, 500)
    with pytest.raises(ActRefused, match="a loss of 500 g needs a reason"):
        repack(balance, act("r", reason=""), sack, "HUB", 1, "BAG", 49, 500, loss_g=500)
    made = repack(balance, act("r"), sack, "HUB", 1, "BAG", 49, 500, loss_g=500)
    known = {"SACK": sack, "BAG": made.goods}
    entries = [*start, *made.entries]
    assert change_findings(entries, known) == []
    forged = [replace(entries[-1], units=51), *entries[:-1]]
    assert [finding.code for finding in change_findings(forged, known)] == ["mass_created"]
    silent = [replace(entry, reason="") for entry in entries]
    assert [finding.code for finding in change_findings(silent, known)] == ["mass_lost"]


def published() -> MemoryBook:
    """10 of L1 at the hub; 4 are promised to A at the hub's session, closing Wednesday 12:00 JST."""
    book = MemoryBook()
    problem = world.week([world.lot("L1", 10)])
    book.import_week(problem)
    book.publish(problem, world.plan(problem, [("A", "L1", "V", 4)]))
    return book


def test_an_outcome_is_undone_as_a_whole_and_told_again_with_other_units() -> None:
    book = published()
    wrong = told("A", "V", OutcomeKind.PARTLY, 3)
    assert book.record([wrong]) == []
    assert book.record([told("A", "V", OutcomeKind.PARTLY, 2)]) == ["outcome_changed"]
    fact = fact_of(book.entries[-1].id)
    undo = reverse(book.entries, book.entries[-1].id, act("undo", 100))
    book.entries += undo
    balance = fold(book.entries)
    assert balance.on_hand("L1", site("HUB")) == 10
    assert balance.reserved == {("L1", site("HUB")): 4}
    with pytest.raises(ActRefused, match="undone before"):
        reverse(book.entries, fact, act("undo", 101))
    right = told("A", "V", OutcomeKind.PARTLY, 2)
    assert book.record([right]) == []
    assert book.record([right]) == []
    balance = fold(book.entries)
    assert balance.on_hand("L1", household("A")) == 2
    # and the second telling is undone just as the first
    book.entries += reverse(book.entries, f"{fact}#2", act("undo", 102))
    assert book.record([wrong]) == []
    assert fold(book.entries).on_hand("L1", household("A")) == 3
    assert len({entry.id for entry in book.entries}) == len(book.entries)


def test_what_was_freed_and_is_gone_since_cannot_be_promised_again() -> None:
    book = published()
    assert book.record([told("A", "V", OutcomeKind.NOT_HOME, 4)]) == []
    fact = fact_of(book.entries[-1].id)
    book.entries += discard(fold(book.entries), act("discard", 100), "L1", "HUB", 8)
    with pytest.raises(ActRefused, match="later entries need its units"):
        reverse(book.entries, fact, act("undo", 101))


@pytest.mark.parametrize(
    ("hours", "reason", "codes"),
    [
        (0, "", [("lot_held", Severity.ERROR)]),
        (0, "before we knew", [("lot_held", Severity.WARNING)]),
        (24 * 5, "", []),  # held on Friday, given on Wednesday
    ],
)
def test_giving_from_a_held_lot_needs_a_reason(hours: int, reason: str, codes: object) -> None:
    from logistics.inventory import book_outcomes

    book = published()
    book.entries += hold(act("hold:L1:1", hours), "L1")
    outcome = replace(told("A", "V", OutcomeKind.DELIVERED, 4), reason=reason)
    promised = [each for week in book.promised.values() for each in week]
    balance = fold(book.entries)
    result = book_outcomes([outcome], promised, balance, {}, frozenset({"HUB", "T1"}), NOW)
    assert [(finding.code, finding.severity) for finding in result.findings] == codes
    assert bool(result.entries) == (codes != [("lot_held", Severity.ERROR)])


def test_a_plan_that_gives_a_held_lot_is_refused_with_its_name() -> None:
    book = MemoryBook()
    problem = world.week([world.lot("L1", 10)])
    book.import_week(problem)
    book.entries += hold(act("hold:L1:1"), "L1")
    with pytest.raises(PlanRefused, match=r"Lot L1 is held since 2026-11-22 09:00 UTC.* 4 units"):
        book.publish(problem, world.plan(problem, [("A", "L1", "V", 4)]))
