"""What a person types at the book is read as the tables are, and refused in words."""

from __future__ import annotations

from pathlib import Path
from sqlite3 import connect

import pytest

from service.cli import main
from tests.service.test_book_commands import home

__all__ = ["home"]


@pytest.fixture(autouse=True)
def book(home: Path) -> None:
    """A book that has taken the tiny week in."""
    assert main(["init"]) == main(["import", "week"]) == 0


RESERVE = ("reserve", "RICE", "--site", "HUB", "--units", "1")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((*RESERVE, "--for", "a\nb"), 2, "one line"),
        ((*RESERVE, "--for", "x" * 65), 2, "at most 64"),
        ((*RESERVE, "--for", "H1", "--until", "9999-12-31"), 2, "year 9999"),
        ((*RESERVE, "--for", "H1", "--until", "2020-01-01"), 1, "over already"),
        (("discard", "RICE", "--site", "HUB", "--units", "1", "--reason", "a\nb"), 2, "one line"),
        (("statement", "O1", "--from", "0001-01-01", "--to", "9999-12-31"), 2, "year 1:"),
        (("epcis", "--from", "2026-11-01", "--to", "9999-12-31", "--out", "e.json"), 2, "9999"),
    ],
)
def test_what_no_table_or_calendar_holds_is_refused_in_words(
    home: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, says: str
) -> None:
    capsys.readouterr()
    assert main([*words, "--lang", "en"]) == code
    assert says in capsys.readouterr().err
    assert main(["audit"]) == 0


def test_a_household_s_name_is_read_as_in_the_tables(home: Path) -> None:
    """Full-width letters are the same name."""
    assert main([*RESERVE, "--for", "\uff28\uff11"]) == 0
    with connect("osusowake.db") as book:
        assert book.execute("select household_id from reservations").fetchall() == [("H1",)]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("trace", "X"), "ロット X は在庫帳にありません"),
        (("stock", "--site", "X"), "拠点 X は在庫帳にありません"),
        (("settle", "X/1"), "引当 X/1 は在庫帳にありません"),
        (
            ("offer", "RICE", "--site", "HUB", "--units", "11", "--until", "2999-01-01"),
            "空きは10個",
        ),
        (("withdraw", "O9"), "O9 という提供・不足・取り置き・融通はありません"),
        (("reverse", "move:9", "--reason", "x"), "move:9 という記帳はありません"),
        (("recall", "X"), "ロット X は在庫帳にありません"),
    ],
)
def test_a_refusal_is_in_the_language_that_was_asked_for(
    home: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    assert main([*words, "--lang", "ja"]) == 1
    assert says in capsys.readouterr().err


def test_a_day_that_is_over_is_no_day_for_an_offer_or_a_need(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    offer = ("offer", "RICE", "--site", "HUB", "--units", "1", "--until", "2026-11-01")
    for words in (offer, ("need", "HUB", "--meals", "1", "--on", "2026-11-01")):
        assert main([*words, "--lang", "ja"]) == 1
        assert "2026-11-01 はもう過ぎています" in capsys.readouterr().err


def test_a_finding_is_in_one_language(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    table = home / "week" / "lots.csv"
    table.write_text(table.read_text("utf-8").replace(",10,0,500,", ",ten,0,500,"), "utf-8")
    assert main(["check", "week", "--lang", "ja"]) == 1
    assert capsys.readouterr().err.startswith(
        "誤り: [not_a_number] lots.csv 2行目 units列: 数値ではありません; 入力は 'ten'; "
    )
    assert main(["check", "week", "--lang", "en"]) == 1
    assert capsys.readouterr().err.startswith(
        "error: [not_a_number] lots.csv row 2 column units: this is not a number; found 'ten'; "
    )
