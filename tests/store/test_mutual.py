"""Two sites help each other, from what they say to the entries, on both databases.

HUB has 20 units of rice (a meal and 500 g each), 6 of them promised to A; T1 lacks meals on Thursday.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from logistics import store
from logistics.inventory.acts import ActRefused
from logistics.inventory.clock import JAPAN
from logistics.inventory.mutual import Match, Need
from logistics.inventory.promises import NotFree
from logistics.model.errors import NotFound
from logistics.model.problem import DEFAULT_MARGIN_DAYS
from logistics.model.units import FoodGroup, Label, Storage
from logistics.store import helping, mutual, transfers
from tests.inventory import world
from tests.inventory.world import NOW

THURSDAY = date(2026, 11, 26)
LATER = NOW + timedelta(days=2)
MARGINS = DEFAULT_MARGIN_DAYS


@pytest.fixture
def book(url: str) -> Engine:
    engine = store.init_book(url)
    lots = [
        world.lot("RICE", 20),
        world.lot("MILK", 5, label=Label.USE_BY, last_day=THURSDAY, food_group=FoodGroup.DAIRY),
    ]
    problem = world.week(lots)
    store.import_week(engine, problem, now=NOW)
    store.publish(engine, problem, world.plan(problem, [("A", "RICE", "V", 6)]), [], now=NOW)
    return engine


def places(engine: Engine, lot_id: str) -> dict[str, int]:
    return {
        row.place.id: row.on_hand for row in store.stock(engine, now=NOW) if row.lot_id == lot_id
    }


def test_from_two_statements_to_the_entries_and_back(book: Engine) -> None:
    given = mutual.offer(book, "HUB", "RICE", 14, THURSDAY, now=NOW)
    lacking = mutual.need(book, "T1", FoodGroup.STAPLE, 10, THURSDAY, now=NOW)
    assert (given.id, lacking.id) == ("O1", "N1")
    done, wrong = transfers.transfer(book, Match("O1", "N1", 8), MARGINS, now=LATER)
    assert (done, wrong) == ("T1", ())
    assert places(book, "RICE") == {"HUB": 12, "T1": 8}
    left = helping.open_help(book, NOW).stand
    assert left.open_units == {"O1": 6}  # 14 - 8
    assert left.open_meals == {"N1": 2}  # 10 - 8
    assert store.trace(book, "RICE").forward[-1].kind == "move"
    assert mutual.withdraw(book, "T1", now=LATER)
    assert not mutual.withdraw(book, "T1", now=LATER)
    assert places(book, "RICE") == {"HUB": 20}
    assert helping.open_help(book, NOW).stand.open_units == {"O1": 14}


def test_what_is_withdrawn_is_matched_no_more(book: Engine) -> None:
    mutual.offer(book, "HUB", "RICE", 4, THURSDAY, now=NOW)
    mutual.need(book, "T1", None, 10, THURSDAY, now=NOW)
    assert mutual.withdraw(book, "O1", now=NOW)
    assert not mutual.withdraw(book, "O1", now=NOW)
    _, wrong = transfers.transfer(book, Match("O1", "N1", 1), MARGINS, now=LATER)
    assert [finding.code for finding in wrong] == ["match_unknown"]
    assert mutual.offer(book, "HUB", "RICE", 14, THURSDAY, now=NOW).id == "O2"
    with pytest.raises(NotFound, match="O9"):
        mutual.withdraw(book, "O9")


def test_only_free_units_are_offered_and_each_once(book: Engine) -> None:
    with pytest.raises(ActRefused, match="15 units offered, 14 are free"):
        mutual.offer(book, "HUB", "RICE", 15, THURSDAY, now=NOW)
    with pytest.raises(NotFound, match="none of it at T1"):
        mutual.offer(book, "T1", "RICE", 1, THURSDAY, now=NOW)
    mutual.offer(book, "HUB", "RICE", 1, THURSDAY, now=NOW)
    with pytest.raises(ActRefused, match="O1 is open"):
        mutual.offer(book, "HUB", "RICE", 1, THURSDAY, now=NOW)


def test_a_transfer_that_is_not_sound_is_not_booked(book: Engine) -> None:
    mutual.offer(book, "HUB", "RICE", 14, THURSDAY, pack=2, now=NOW)
    mutual.offer(book, "HUB", "MILK", 5, THURSDAY, now=NOW)
    mutual.need(book, "T1", FoodGroup.STAPLE, 10, THURSDAY, now=NOW)
    mutual.need(book, "T1", None, 30, THURSDAY, now=NOW)
    mutual.need(book, "HUB", None, 30, THURSDAY, now=NOW)
    for match, code in (
        (Match("O1", "N1", 12), "match_meals"),
        (Match("O1", "N2", 3), "match_pack"),
        (Match("O1", "N2", 16), "match_units"),
        (Match("O2", "N1", 1), "match_food_group"),
        # the milk's last day of issue is Wednesday: Thursday less a day of margin
        (Match("O2", "N2", 1), "match_too_old"),
        (Match("O1", "N3", 2), "match_same_site"),
    ):
        done, wrong = transfers.transfer(book, match, MARGINS, now=LATER)
        assert (done, [finding.code for finding in wrong]) == ("", [code])
    assert places(book, "RICE") == {"HUB": 20}


def test_room_is_looked_at_where_it_is_known(book: Engine) -> None:
    mutual.offer(book, "HUB", "RICE", 14, THURSDAY, now=NOW)
    mutual.need(book, "T1", None, 10, THURSDAY, now=NOW)
    room = {("T1", Storage.AMBIENT): 2_499}  # five units of 500 g do not fit
    _, wrong = transfers.transfer(book, Match("O1", "N1", 5), MARGINS, room, now=LATER)
    assert [finding.code for finding in wrong] == ["match_room"]
    assert transfers.transfer(book, Match("O1", "N1", 4), MARGINS, room, now=LATER) == ("T1", ())


def test_a_transfer_whose_units_went_on_is_not_undone(book: Engine) -> None:
    mutual.offer(book, "HUB", "RICE", 14, THURSDAY, now=NOW)
    mutual.need(book, "T1", None, 10, THURSDAY, now=NOW)
    mutual.need(book, "HUB", None, 10, THURSDAY, now=NOW)
    transfers.transfer(book, Match("O1", "N1", 8), MARGINS, now=LATER)
    mutual.offer(book, "T1", "RICE", 8, THURSDAY, now=LATER)
    transfers.transfer(book, Match("O2", "N2", 1), MARGINS, now=LATER)
    with pytest.raises(ActRefused, match="below zero"):
        mutual.withdraw(book, "T1", now=LATER)


def test_what_is_agreed_on_no_plan_takes_and_the_transfer_settles_it(book: Engine) -> None:
    mutual.offer(book, "HUB", "RICE", 14, THURSDAY, now=NOW)
    mutual.need(book, "T1", None, 10, THURSDAY, now=NOW)
    assert transfers.agree(book, [Match("O1", "N1", 7)], MARGINS, now=NOW) == (("A1",), ())
    left = helping.open_help(book, NOW).stand
    assert (left.open_units, left.open_meals) == ({"O1": 7}, {"N1": 3})
    with pytest.raises(NotFree, match="8 units asked for, 7 are free"):  # 20 - 6 - 7
        store.reserve(book, "RICE", "HUB", 8, household_id="B", now=NOW)
    done, _ = transfers.transfer(book, Match("O1", "N1", 4), MARGINS, now=LATER)
    assert (done, transfers.agreement(book, "A1", LATER)) == ("T1", Match("O1", "N1", 3))
    # 3 that are kept and 2 of the 7 that nobody has
    assert transfers.transfer(book, Match("O1", "N1", 5), MARGINS, now=LATER)[0] == "T2"
    assert places(book, "RICE") == {"HUB": 11, "T1": 9}
    assert helping.open_help(book, LATER).stand.open_units == {"O1": 5}
    assert mutual.withdraw(book, "T2", now=LATER)  # the 3 are kept again
    assert transfers.agreement(book, "A1", LATER).units == 3
    assert mutual.withdraw(book, "A1", now=LATER)
    assert not mutual.withdraw(book, "A1", now=LATER)
    assert helping.open_help(book, LATER).stand.open_units == {"O1": 10}
    assert store.audit(book, now=LATER).findings == ()


@pytest.mark.parametrize("taken_back", ["A1", "O1", "N1"])
def test_what_nobody_wants_any_more_is_not_kept_again(book: Engine, taken_back: str) -> None:
    """4 of 7 were brought, the rest was taken back, and then the 4 are, too: 14 are free as before."""
    mutual.offer(book, "HUB", "RICE", 14, THURSDAY, now=NOW)
    mutual.need(book, "T1", None, 20, THURSDAY, now=NOW)
    transfers.agree(book, [Match("O1", "N1", 7)], MARGINS, now=NOW)
    assert transfers.transfer(book, Match("O1", "N1", 4), MARGINS, now=LATER)[0] == "T1"
    assert mutual.withdraw(book, taken_back, now=LATER)
    assert mutual.withdraw(book, "T1", now=LATER)
    assert transfers.agreement(book, "A1", LATER).units == 0
    assert store.reserve(book, "RICE", "HUB", 14, household_id="B", now=LATER).free == 0
    assert store.audit(book, now=LATER).findings == ()


def test_an_agreement_ends_with_its_offer_or_by_itself(book: Engine) -> None:
    mutual.offer(book, "HUB", "RICE", 14, THURSDAY, now=NOW)
    mutual.need(book, "T1", None, 20, THURSDAY, now=NOW)
    transfers.agree(book, [Match("O1", "N1", 5), Match("O1", "N1", 6)], MARGINS, now=NOW)
    midnight = datetime(2026, 11, 27, tzinfo=JAPAN)
    just_before = midnight - timedelta(seconds=1)
    assert helping.open_help(book, just_before).stand.open_units == {"O1": 3}
    assert helping.open_help(book, midnight).stand.open_units == {"O1": 14}
    mutual.withdraw(book, "O1", now=NOW)
    assert store.reserve(book, "RICE", "HUB", 14, household_id="B", now=NOW).free == 0


def test_room_counts_what_is_kept_for_the_site(book: Engine) -> None:
    mutual.offer(book, "HUB", "RICE", 14, THURSDAY, now=NOW)
    mutual.need(book, "T1", None, 10, THURSDAY, now=NOW)
    room = {("T1", Storage.AMBIENT): 4_000}  # 8 units
    assert transfers.agree(book, [Match("O1", "N1", 5)], MARGINS, room, now=NOW)[0] == ("A1",)
    _, wrong = transfers.agree(book, [Match("O1", "N1", 4)], MARGINS, room, now=NOW)
    assert [finding.code for finding in wrong] == ["match_room"]
    # its own 5 do not stand in its way
    assert transfers.transfer(book, Match("O1", "N1", 8), MARGINS, room, now=NOW)[0] == "T1"


def test_eight_who_agree_at_once_never_get_more_than_is_offered(book: Engine) -> None:
    mutual.offer(book, "HUB", "RICE", 10, THURSDAY, now=NOW)
    for _ in range(8):
        mutual.need(book, "T1", None, 10, THURSDAY, now=NOW)

    def ask(number: int) -> bool:
        match = Match("O1", f"N{number}", 3)
        return bool(transfers.agree(book, [match], MARGINS, now=NOW)[0])

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(1, 9))) == 3  # 9 of 10
    assert helping.open_help(book, NOW).stand.open_units == {"O1": 1}


def test_told_twice_under_one_key_is_told_once(book: Engine) -> None:
    for _ in range(2):
        assert mutual.offer(book, "HUB", "RICE", 9, THURSDAY, now=NOW, key="o").id == "O1"
        lacking = mutual.need(book, "T1", FoodGroup.STAPLE, 9, THURSDAY, now=NOW, key="n")
        assert lacking == Need("N1", "T1", FoodGroup.STAPLE, 9, THURSDAY)
        match = Match("O1", "N1", 2)
        assert transfers.agree(book, [match], MARGINS, now=NOW, key="a") == (("A1",), ())
        assert transfers.transfer(book, match, MARGINS, now=NOW, key="t") == ("T1", ())
        assert mutual.withdraw(book, "T1", now=NOW, key="w")
    with pytest.raises(store.KeyReused):
        mutual.withdraw(book, "A1", now=NOW, key="w")
    # refused, it may come again under its key
    for _ in range(2):
        assert transfers.agree(book, [Match("O1", "N1", 99)], MARGINS, now=NOW, key="x")[1]


def test_goods_past_their_margin_are_not_agreed_on(book: Engine) -> None:
    mutual.offer(book, "HUB", "MILK", 5, THURSDAY, now=NOW)
    mutual.need(book, "T1", None, 9, THURSDAY - timedelta(days=1), now=NOW)
    late = datetime(2026, 11, 26, tzinfo=JAPAN)  # the need's day, and the milk's, are over
    _, wrong = transfers.agree(book, [Match("O1", "N1", 1)], MARGINS, now=late)
    assert [finding.code for finding in wrong] == ["match_need_over"]
    store.hold(book, "MILK", "recall", now=NOW)
    _, wrong = transfers.agree(book, [Match("O1", "N1", 1)], MARGINS, now=LATER)
    assert [finding.code for finding in wrong] == ["match_units"]
