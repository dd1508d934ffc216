"""Nothing past its margin leaves the book, by each way of issuing: some of the moments of `test_expiry`
through the database, a lot a case, judged by the oracle on whole numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import Engine, insert

from logistics import store
from logistics.inventory import Entry, Kind
from logistics.inventory.clock import JAPAN
from logistics.inventory.entries import donor, site
from logistics.inventory.expiry import local_day
from logistics.inventory.mutual import Match
from logistics.inventory.promises import NotFree, direct
from logistics.inventory.reservation import reserve
from logistics.model.problem import DEFAULT_MARGIN_DAYS
from logistics.store import mutual, rows, tables, transfers
from logistics.store.engine import transact
from logistics.store.posting import post
from tests.inventory import world
from tests.inventory.test_expiry import drawn
from tests.inventory.world import NOW

CASES = {"sqlite": 100, "postgresql": 16}
MARGINS = DEFAULT_MARGIN_DAYS


@dataclass(frozen=True)
class Case:
    """A lot of 9 units at HUB of which 1 is promised to A and 1 to T1, a moment, and what is right."""

    lot_id: str
    at: datetime
    good: bool


@pytest.fixture
def book(url: str) -> tuple[Engine, list[Case]]:
    engine = store.init_book(url)
    store.import_week(engine, world.week([world.lot("L", 1)]), now=NOW)
    draws = random.Random(7)
    cases, goods, made, entries = [], [], [], []
    for number in range(CASES[engine.dialect.name]):
        lot, at, good = drawn(draws)
        name = f"C{number}"
        cases.append(Case(name, at, good))
        goods.append({**rows.goods_row(lot), "id": name})
        entries.append(
            Entry(f"receive:{name}", Kind.RECEIVE, name, donor("GIVER"), site("HUB"), 9, NOW, NOW)
        )
        for who in ({"household_id": "A"}, {"to_site_id": "T1"}):
            key = f"{name}/{len(made)}"
            made.append(direct(key, name, "HUB", 1, day=local_day(at, JAPAN), now=NOW, **who))

    def work(connection: object) -> None:
        connection.execute(insert(tables.lots), goods)  # type: ignore[attr-defined]
        new = [rows.reservation_row(each, None) for each in made]
        connection.execute(insert(tables.reservations), new)  # type: ignore[attr-defined]
        post(connection, [*entries, *(reserve(each, NOW) for each in made)], made)  # type: ignore[arg-type]

    transact(engine, work)
    return engine, cases


def test_no_verb_issues_past_the_margin(book: tuple[Engine, list[Case]]) -> None:
    engine, cases = book
    for number, case in enumerate(cases):
        day = local_day(case.at, JAPAN)

        def passes(verb: str, *args: object, at: datetime = case.at, **more: object) -> bool:
            try:
                getattr(store, verb)(engine, *args, **more, now=at)
            except NotFree:
                return False
            return True

        to_home, to_site = f"{case.lot_id}/{2 * number}", f"{case.lot_id}/{2 * number + 1}"
        said = mutual.offer(engine, "HUB", case.lot_id, 2, day, now=case.at)
        lacking = mutual.need(engine, "T1", None, 9, day, now=case.at)
        match = Match(said.id, lacking.id, 1)
        answers = {
            "reserve": passes("reserve", case.lot_id, "HUB", 1, household_id="B"),
            "settle": passes("settle", to_home),
            "settle for a site": passes("settle", to_site),
            "agree": not transfers.agree(engine, [match], MARGINS, now=case.at)[1],
            "transfer": not transfers.transfer(engine, match, MARGINS, now=case.at)[1],
        }
        assert answers == dict.fromkeys(answers, case.good), case
        if not case.good:
            assert passes("settle", to_home, reason="it had been given")
        mutual.withdraw(engine, said.id, now=NOW)
    assert {case.good for case in cases} == {True, False}
    assert store.audit(engine, now=NOW).findings == ()
