"""`osusowake statement` over SQLite: text, JSON, CSV and PDF say the same, and refuse the same."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from logistics import store
from service.cli import main
from tests.store.giving_week import fill

DECEMBER = ("--from", "2024-12-01", "--to", "2024-12-31")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OSUSOWAKE_DB", raising=False)
    fill(store.init_book("sqlite:///osusowake.db"))
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(["statement", *args])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert "internal error" not in err
    return code, out, err


def test_text_json_csv_and_pdf_say_the_same(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "GIVER", *DECEMBER, "--json", "--out", "out", "--lang", "en")
    assert code == 0
    told = json.loads(out)
    assert (told["given_kg"], told["handed_over_kg"], told["wasted_kg"]) == (30.0, 18, 1.0)
    assert (told["open_kg"], told["co2e_avoided_kg"]) == (11.0, 41)  # 18 x 2.263 = 40.7
    assert told["co2e_factor"]["value"] == 2.263
    assert "食品ロス削減ガイドブック" in told["co2e_factor"]["source"]
    assert told["wasted"] == [{"cause": "damaged", "kg": 1.0}]
    assert [Path(name).name for name in told["files"]] == [
        "statement-GIVER-2024-12-2024-12.en.csv",
        "statement-GIVER-2024-12-2024-12.en.pdf",
    ]
    lines = (home / told["files"][0]).read_text("utf-8-sig").splitlines()
    assert (
        lines[0]
        .strip('"')
        .startswith(
            "# Where your donations went / a giver / 1 Dec 2024 to 31 Dec 2024 / A place is named"
        )
    )
    assert "2.263 kg-CO2e/kg" in lines[0]
    rows = list(csv.DictReader(lines[1:]))
    handed = [row for row in rows if row["what"] == "handed_over"]
    assert [(row["place"], row["kg"], row["meals"]) for row in handed] == [
        (place["name"], str(place["kg"]), str(place["meals"]))
        for place in told["months"][0]["places"]
    ]
    assert sum(int(row["kg"]) for row in handed) == 18
    text = run(capsys, "GIVER", *DECEMBER, "--lang", "en")[1]
    (page,) = PdfReader(home / told["files"][1]).pages
    printed = " ".join(page.extract_text().split())
    for said in ("a giver", "30.0 kg", "18 kg", "35 meals", "1.0 kg", "about 41 kg", "Tsubame"):
        assert said in text
        assert said in printed
    assert "hub: 13 kg, 25 meals (10 or more a month)" in text
    everything = "".join([out, text, printed, *lines])
    assert not any(secret in everything for secret in ("G12", "G1 ", "W3", "落とした"))


def test_the_page_in_japanese(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "GIVER", *DECEMBER, "--out", "out", "--lang", "ja")
    assert code == 0
    for said in (
        "食品寄付のご報告",
        "a giver 様",
        "2024年12月1日から2024年12月31日まで",
        "世帯にお渡しした量: 18 kg",
        "Tsubame: 5 kg, 10食 (毎月10世帯以上)",
        "破損: 1.0 kg",
        "out/ に書き出しました",
    ):
        assert said in out
    (page,) = PdfReader(home / "out" / "statement-GIVER-2024-12-2024-12.ja.pdf").pages
    assert "食品寄付のご報告" in page.extract_text()


def test_months_without_the_donor_and_before_the_book(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = ("--from", "2024-10-01", "--to", "2024-11-30")
    code, out, _ = run(capsys, "GIVER", *earlier, "--out", "out", "--lang", "en")
    assert code == 0
    assert "The book has no food of yours up to the end of this period." in out
    later = ("--from", "2024-12-01", "--to", "2025-01-31", "--json")
    told = json.loads(run(capsys, "GIVER", *later)[1])
    # nobody came in January: nothing is said about it, not even that it was nobody
    assert [month["withheld"] for month in told["months"]] == [False, True]
    assert told["months"][1]["handed_over_kg"] is None
    assert "Jan 2025: not shown" in run(capsys, "GIVER", *later[:-1], "--lang", "en")[1]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("GIVER", "--from", "2024-12-01", "--to", "2024-12-24"), 2, "take 2024-12-01 to 2024-12"),
        (("GIVER", "--from", "2024-12-31", "--to", "2024-12-01"), 2, "comes after"),
        (("GIVER", "--from", "December", "--to", "2024-12-31"), 2, "does not match the format"),
        (("GIVER",), 2, "Missing option"),
        (("NOBODY", *DECEMBER), 1, "Organisation NOBODY: the book knows no such organisation"),
        (
            ("GIVER", "--from", "2999-01-01", "--to", "2999-01-31", "--lang", "en"),
            1,
            "[month_open] The figures of Jan 2999 are not closed yet; ask again from 15 Feb 2999 on",
        ),
    ],
)
def test_what_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], code: int, said: str
) -> None:
    found, _, err = run(capsys, *args)
    assert found == code
    assert said in err


def test_an_open_month_as_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = ("GIVER", "--from", "2999-01-01", "--to", "2999-01-31", "--json", "--lang", "ja")
    code, out, _ = run(capsys, *args)
    told = json.loads(out)
    assert (code, told["ok"], told["findings"][0]["code"]) == (1, False, "month_open")
    assert told["findings"][0]["fix"] == "2999年2月15日以降にもう一度お試しください"
