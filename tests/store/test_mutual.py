"""Two sites help each other, from what they say to the entries, on both databases.

HUB has 20 units of rice (a meal and 500 g each), 6 of them promised to A; T1 lacks meals on Thursday.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from logistics import store
from logistics.inventory.acts import ActRefused
from logistics.inventory.mutual import Match
from logistics.model.errors import InvalidFact, NotFound
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
    with pytest.raises(InvalidFact, match="15 units offered, 14 are free"):
        mutual.offer(book, "HUB", "RICE", 15, THURSDAY, now=NOW)
    with pytest.raises(NotFound, match="none of it at T1"):
        mutual.offer(book, "T1", "RICE", 1, THURSDAY, now=NOW)
    mutual.offer(book, "HUB", "RICE", 1, THURSDAY, now=NOW)
    with pytest.raises(InvalidFact, match="O1 is open"):
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
