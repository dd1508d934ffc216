"""`epcis` and `labels` from the command line, over the tiny week of the book's own tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.service.test_book_commands import OUTCOMES, home, published, run

__all__ = ["home"]


def recorded(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published(capsys)
    (home / "outcomes.csv").write_text(OUTCOMES, encoding="utf-8")
    assert run(capsys, "record", "outcomes.csv").code == 0


def test_the_events_of_a_lot(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recorded(home, capsys)
    args = ["epcis", "--lot", "RICE", "--out", "rice.jsonld", "--check", "--lang", "en"]
    answer = run(capsys, *args)
    assert answer.code == 0, answer.err
    # reserved 4 + 2, settled 3 + 2, released 1: five entries of promises; one hand-over, one discard
    assert "1 events in rice.jsonld" in answer.out
    assert "valid by GS1's JSON schema" in answer.out
    assert "5 entries of reservations left out" in answer.out
    assert "2 entries recorded today left out" in answer.out
    told = run(capsys, *args, "--provisional", "--json").json
    assert (told["events"], told["promises_left_out"], told["later"]) == (3, 5, 0)
    events = json.loads((home / "rice.jsonld").read_text("utf-8"))["epcisBody"]["eventList"]
    assert [event["bizStep"] for event in events] == ["receiving", "destroying", "dispensing"]
    assert [event["quantityList"][0]["quantity"] for event in events] == [10, 2, 3]


def test_the_header_names_what_the_events_name_and_no_household(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(home, capsys)
    args = ["epcis", "--lot", "RICE", "--out", "rice.jsonld", "--provisional", "--check"]
    assert run(capsys, *args).code == 0
    document = json.loads((home / "rice.jsonld").read_text("utf-8"))
    told = {
        element["id"]: {
            each["id"].partition("#")[2]: each["attribute"] for each in element["attributes"]
        }
        for vocabulary in document["epcisHeader"]["epcisMasterData"]["vocabularyList"]
        for element in vocabulary["vocabularyElementList"]
    }
    base = "https://id.example.org"
    assert told == {
        f"{base}/lot/RICE": {"descriptionShort": "米", "bestBeforeDate": "2027-11-30"},
        f"{base}/site/HUB": {"name": "本部"},
        f"{base}/organisation/O1": {"name": "Giver"},
    }


def test_the_events_of_a_family(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three of ten become lot R2, and one of those R3: each split is told with both its lots."""
    assert run(capsys, "init").code == run(capsys, "import", "week").code == 0
    split = ("--site", "HUB", "--lang", "en")
    assert run(capsys, "split", "RICE", "--units", "3", "--to", "R2", *split).code == 0
    assert run(capsys, "split", "R2", "--units", "1", "--to", "R3", *split).code == 0
    args = ["epcis", "--lot", "R3", "--out", "r3.jsonld", "--provisional", "--json"]
    assert run(capsys, *args).json["events"] == 1  # R2 became R3
    assert run(capsys, *args, "--family", "--check").json["events"] == 3
    told = (home / "r3.jsonld").read_text("utf-8")
    events = json.loads(told)["epcisBody"]["eventList"]
    assert [event["bizStep"] for event in events] == ["receiving"] + 2 * ["creating_class_instance"]


def test_a_period_and_its_japanese(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recorded(home, capsys)
    common = ("--out", "week.jsonld", "--provisional", "--lang", "ja")
    answer = run(capsys, "epcis", "--from", "2026-11-25", "--to", "2026-11-25", *common)
    assert answer.code == 0, answer.err
    assert "イベント 2 件" in answer.out
    assert (
        "イベント 0 件"
        in run(capsys, "epcis", "--from", "2020-01-01", "--to", "2020-01-02", *common).out
    )


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--lot", "NONE"], 1),
        ([], 2),
        (["--from", "2026-11-25"], 2),
        (["--family", "--from", "2026-11-25", "--to", "2026-11-25"], 2),
        (["--lot", "RICE", "--from", "2026-11-25", "--to", "2026-11-25"], 2),
        (["--from", "2026-11-25", "--to", "2026-11-24"], 2),
        (["--lot", "RICE", "--base", "no address"], 2),
    ],
)
def test_what_cannot_be_exported(
    home: Path, capsys: pytest.CaptureFixture[str], args: list[str], code: int
) -> None:
    published(capsys)
    assert run(capsys, "epcis", *args, "--out", "x.jsonld").code == code
    assert not (home / "x.jsonld").exists()


def test_wrong_gtins_are_findings(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published(capsys)
    (home / "gtins.csv").write_text("lot_id,gtin\nRICE,1234\n", encoding="utf-8")
    args = ("--lot", "RICE", "--gtins", "gtins.csv", "--json")
    for verb, out in (("epcis", "x.jsonld"), ("labels", "x.pdf")):
        answer = run(capsys, verb, *args, "--out", out)
        assert answer.code == 1
        assert [finding["code"] for finding in answer.json["findings"]] == ["gtin_invalid"]


def test_labels_of_the_book_and_of_a_week(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published(capsys)
    answer = run(capsys, "labels", "--site", "HUB", "--out", "labels.pdf", "--lang", "en")
    assert answer.code == 0, answer.err
    assert "1 labels on 1 pages" in answer.out
    assert "1 of them without a GTIN" in answer.out
    assert (home / "labels.pdf").read_bytes().startswith(b"%PDF")
    (home / "gtins.csv").write_text("lot_id,gtin\nRICE,4901234567894\n", encoding="utf-8")
    told = run(
        capsys, "labels", "--week", "week", "--per-crate", "4", "--layout", "single",
        "--gtins", "gtins.csv", "--out", "crates.pdf", "--json",
    ).json  # fmt: skip
    assert (told["labels"], told["pages"], told["without_gtin"]) == (3, 3, 3)  # 10 = 4 + 4 + 2


@pytest.mark.parametrize(("args", "code"), [([], 2), (["--lot", "NONE"], 1), (["--site", "X"], 1)])
def test_labels_of_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], args: list[str], code: int
) -> None:
    published(capsys)
    assert run(capsys, "labels", *args, "--out", "x.pdf").code == code
    assert not (home / "x.pdf").exists()
