"""Reserve, settle in part, release the rest; and what nobody may promise."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from logistics import store
from logistics.inventory.promises import NotFree, NotOpen
from logistics.model.errors import NotFound
from tests.inventory import world
from tests.inventory.world import NOW


@pytest.fixture
def book(url: str) -> Engine:
    """20 of L1 at the hub; 5 of OLD, good to the end of 23 November in Japan less a day."""
    engine = store.init_book(url)
    lots = [world.lot("L1", 20), world.lot("OLD", 5, last_day=date(2026, 11, 23))]
    store.import_week(engine, world.week(lots), now=NOW)
    return engine


def stands(engine: Engine, now: datetime = NOW) -> dict[tuple[str, str], tuple[int, int]]:
    return {(r.lot_id, r.place.id): (r.on_hand, r.free) for r in store.stock(engine, now=now)}


def test_in_part_and_the_rest(book: Engine) -> None:
    done = store.reserve(book, "L1", "HUB", 8, household_id="A", now=NOW)
    assert (done.reservation_id, done.open, done.free) == ("L1/1", 8, 12)
    assert store.settle(book, "L1/1", 5, now=NOW).open == 3
    assert stands(book)["L1", "HUB"] == (15, 12)
    assert store.release(book, "L1/1", 1, now=NOW).open == 2
    assert store.release(book, "L1/1", now=NOW).free == 15  # 20 - 5 handed over
    with pytest.raises(NotOpen, match="all units asked for, 0 of 8 are open"):
        store.settle(book, "L1/1", now=NOW)
    assert store.audit(book, now=NOW).findings == ()


def test_for_another_site_the_units_move(book: Engine) -> None:
    store.reserve(book, "L1", "HUB", 8, to_site_id="T1", now=NOW)
    store.settle(book, "L1/1", 6, now=NOW)
    assert stands(book)["L1", "HUB"] == (14, 12)  # 20 - 6, of which 2 are promised
    assert stands(book)["L1", "T1"] == (6, 6)


def test_what_is_not_free_is_refused_with_the_numbers(book: Engine) -> None:
    store.reserve(book, "L1", "HUB", 18, household_id="A", now=NOW)
    says = r"3 units asked for, 2 are free \(20 there, 18 promised\)"
    with pytest.raises(NotFree, match=says):
        store.reserve(book, "L1", "HUB", 3, household_id="B", now=NOW)
    for lot, site in (("L1", "NOWHERE"), ("NONE", "HUB")):
        with pytest.raises(NotFound):
            store.reserve(book, lot, site, 1, household_id="B", now=NOW)
    with pytest.raises(NotFound):
        store.settle(book, "L1/9", now=NOW)


def test_a_promise_ends_by_itself(book: Engine) -> None:
    later = NOW + timedelta(days=1)
    store.reserve(book, "L1", "HUB", 18, household_id="A", until=later, now=NOW)
    assert stands(book, later - timedelta(seconds=1))["L1", "HUB"] == (20, 2)
    assert stands(book, later)["L1", "HUB"] == (20, 20)
    done = store.reserve(book, "L1", "HUB", 20, household_id="B", now=later)
    assert (done.reservation_id, done.free) == ("L1/2", 0)
    with pytest.raises(NotOpen):
        store.settle(book, "L1/1", now=later)


@pytest.mark.parametrize(
    ("now", "good"),
    [
        (datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC), True),  # 23:59:59 in Japan
        (datetime(2026, 11, 22, 15, 0, tzinfo=UTC), False),  # midnight in Japan
    ],
)
def test_nothing_is_promised_past_its_day(book: Engine, now: datetime, good: bool) -> None:
    if good:
        assert store.reserve(book, "OLD", "HUB", 1, household_id="A", now=now).free == 4
        return
    with pytest.raises(NotFree, match="good until 2026-11-23, less its margin"):
        store.reserve(book, "OLD", "HUB", 1, household_id="A", now=now)


def test_the_same_key_fifty_times_at_once_has_one_effect(book: Engine) -> None:
    def ask(_: int) -> store.Promise:
        return store.reserve(book, "L1", "HUB", 3, household_id="A", now=NOW, key="k")

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(ask, range(50))) == {store.Promise("L1/1", 3, 3, 17)}
    assert stands(book)["L1", "HUB"] == (20, 17)
    with pytest.raises(store.KeyReused, match="the key 'k' was used"):
        store.reserve(book, "L1", "HUB", 4, household_id="A", now=NOW, key="k")
