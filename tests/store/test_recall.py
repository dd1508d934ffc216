"""A recall through the store, in both databases, while a plan is under way; and on the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from logistics import store
from logistics.inventory import Kind, OutcomeKind
from service.cli import main
from tests.inventory import world
from tests.inventory.test_outcomes import told
from tests.inventory.world import NOW


@pytest.fixture
def book(url: str) -> Engine:
    """20 of L1: A is promised 6 at the hub and was given 2 of them, B 5 at T1, D 4 at the door."""
    engine = store.init_book(url)
    problem = world.week([world.lot("L1", 20), world.lot("L2", 5)])
    store.import_week(engine, problem, now=NOW)
    lines = [("A", "L1", "V", 6), ("B", "L1", "W", 5), ("D", "L1", None, 4), ("B", "L2", "W", 1)]
    store.publish(engine, problem, world.plan(problem, lines), [], now=NOW)
    store.record(engine, [told("A", "V", OutcomeKind.DELIVERED, 2)], now=NOW)
    return engine


def test_stock_cars_and_households(book: Engine) -> None:
    # Wednesday 14:00 in Japan: the van has loaded for T1 at 13:00 and will load for D at 16:00
    found = store.recall(book, "L1", now=datetime(2026, 11, 25, 5, tzinfo=UTC))
    assert [(each.id, each.units, each.promised) for each in found.stock] == [("HUB", 18, 13)]
    assert [(each.vehicle_id, each.units, each.begun) for each in found.loading] == [
        ("VAN", 5, True),
        ("VAN", 4, False),
    ]
    assert [
        (w.site_id, w.session_id, w.household_id, w.given, w.promised) for w in found.warned
    ] == [
        ("HUB", "", "D", 0, 4),
        ("HUB", "V", "A", 2, 4),
        ("T1", "W", "B", 0, 5),
    ]
    assert found.complete
    assert found.held == frozenset()


def test_what_was_made_of_a_lot_is_recalled_with_it(book: Engine) -> None:
    store.split(book, "L1", "HUB", 3, "L1-A", now=NOW)
    assert store.recall(book, "L1", now=NOW).lots == ("L1", "L1-A")
    assert store.recall(book, "L1-A", now=NOW).lots == ("L1-A",)
    assert store.recall(book, "L1-A", siblings=True, now=NOW).lots == ("L1", "L1-A")
    back = store.trace(book, "L1-A")
    assert [step.kind for step in back.back[0].steps] == [Kind.RECEIVE, Kind.SPLIT, Kind.SPLIT]
    assert [each.lot_id for each in store.trace(book, "L1").descendants] == ["L1-A"]
    store.reverse(book, back.forward[0].id, reason="it was L2", now=NOW)
    assert store.recall(book, "L1", now=NOW).lots == ("L1",)
    assert store.trace(book, "L1").descendants == ()
    assert len(store.trace(book, "L1").undone) == 2


def test_on_the_command_line_with_a_page_for_each_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from pypdf import PdfReader

    url = f"sqlite:///{tmp_path}/book.db"
    engine = store.init_book(url)
    problem = world.week([world.lot("L1", 20)])
    store.import_week(engine, problem)
    lines = [("A", "L1", "V", 6), ("B", "L1", "W", 5)]
    store.publish(engine, problem, world.plan(problem, lines), [])
    out = tmp_path / "recall"
    assert main(["recall", "L1", "--db", url, "--lang", "en", "--out", str(out), "--drill"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("DRILL: nobody is to be called.")
    assert "Every unit is accounted for." in text
    assert sorted(path.name for path in out.iterdir()) == [
        "drill-L1.pdf",
        "recall-L1-HUB.pdf",
        "recall-L1-T1.pdf",
        "recall-L1.csv",
    ]
    # the page of T1 knows B, who picks up there, and nobody of the hub
    page = PdfReader(out / "recall-L1-T1.pdf").pages[0].extract_text().split()
    assert ("B" in page, "A" in page, "DRILL." in page) == (True, False, True)
    page = PdfReader(out / "recall-L1-HUB.pdf").pages[0].extract_text().split()
    assert ("B" in page, "A" in page, "20" in page) == (False, True, True)
    # the record names no household, and everything that came: 20 x 500 g
    record = PdfReader(out / "drill-L1.pdf").pages[0].extract_text()
    words = " ".join(record.split())
    assert ("A" in record.split(), "B" in record.split()) == (False, False)
    assert "100 % of the grams" in words
    assert "10 kg came" in words
    assert main(["recall", "L1", "--db", url, "--hold", "--json"]) == 0
    told_json = json.loads(capsys.readouterr().out)
    assert (told_json["held"], told_json["complete"]) == (["L1"], True)
    assert (told_json["mass"]["came_g"], told_json["mass"]["found_g"]) == (10_000, 10_000)
    assert main(["recall", "L1", "--db", url, "--hold", "--drill"]) == 2
    assert main(["recall", "NONE", "--db", url]) == 1
    assert "Lot NONE" in capsys.readouterr().err
