"""Digest, travel files, and folders of a hundred thousand rows."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from logistics.intake import TravelUnreadable, digest, read_travel, read_week
from logistics.model.errors import NotFound
from logistics.model.problem import Leg
from tests.intake.folder import Folder

MONDAY = date(2026, 11, 23)


def test_the_digest_is_the_problems(tmp_path: Path) -> None:
    path = Folder().write(tmp_path)
    problem, _ = read_week(path)
    assert problem is not None
    assert problem.digest == digest(path)
    assert problem.digest.startswith("sha256:")
    assert len(problem.digest) == len("sha256:") + 64


def test_the_digest_follows_the_problem_and_nothing_else(tmp_path: Path) -> None:
    path = Folder().write(tmp_path)
    before = digest(path)
    for name in ("contacts.csv", "outcomes.csv", "events.csv", "notes.txt", "allocation.csv"):
        (path / name).write_text("anything", encoding="utf-8")
    assert digest(path) == before
    (path / "pins.csv").write_text("kind,lot_id,units\nforbid,L1,\n", encoding="utf-8")
    changed = digest(path)
    assert changed != before
    (path / "pins.csv").unlink()
    assert digest(path) not in (before, changed)


def test_names_and_bytes_cannot_trade_places(tmp_path: Path) -> None:
    """Two files whose joined bytes are the same are still two different folders."""
    one, two = tmp_path / "one", tmp_path / "two"
    for path, lots, pins in ((one, "ab", "c"), (two, "a", "bc")):
        path.mkdir()
        (path / "lots.csv").write_text(lots, encoding="utf-8")
        (path / "pins.csv").write_text(pins, encoding="utf-8")
    assert digest(one) != digest(two)


def test_no_digest_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        digest(tmp_path / "nowhere")
    (tmp_path / "sites.csv").mkdir()
    with pytest.raises(NotFound, match="sites"):
        digest(tmp_path)
    _, findings = read_week(tmp_path)
    assert ("unreadable_file", "sites.csv") in {(f.code, f.file) for f in findings}
    assert ("missing_file", "sites.csv") not in {(f.code, f.file) for f in findings}


def test_travel(tmp_path: Path) -> None:
    path = tmp_path / "any-name.csv"
    path.write_text("from_id,to_id,metres,seconds\nS1,S2,1500,300\nS2,S1,1,0\n", encoding="utf-8")
    assert read_travel(path) == {("S1", "S2"): Leg(1500, 300), ("S2", "S1"): Leg(1, 0)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("from_id,to_id,metres\nS1,S2,1\n", "seconds"),
        ("from_id,to_id,metres,seconds\nS1,S2,far,1\n", "row 2 column metres"),
        ("from_id,to_id,metres,seconds\nS1,S2,1,1\nS1,S2,2,1\n", "row 3"),
        ("", "empty"),
    ],
)
def test_a_wrong_travel_file_says_why(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "travel.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TravelUnreadable, match=message):
        read_travel(path)
    with pytest.raises(TravelUnreadable, match="cannot be opened"):
        read_travel(tmp_path / "gone.csv")


def large(households: int) -> Folder:
    """A week in which each household has eight weeks of history."""
    folder = Folder()
    del folder.tables["history"][1:]
    for number in range(households):
        name = f"X{number:05d}"
        folder.add("households", household_id=name, lat="34.84", lon="135.61", members="3",
                   meals_wanted="9", session_ids="V1")  # fmt: skip
        for week in range(1, 9):
            past = MONDAY - timedelta(weeks=week)
            folder.tables["history"].append([name, past.isoformat(), "9", "7.5"])
    return folder


def test_a_hundred_thousand_rows_of_history(tmp_path: Path) -> None:
    path = large(12_500).write(tmp_path)
    problem, findings = read_week(path)
    assert findings == []
    assert problem is not None
    assert len(problem.history) == 100_000


def test_a_hundred_thousand_mistakes_are_all_told(tmp_path: Path) -> None:
    folder = large(12_500)
    for row in folder.tables["history"][1:]:
        row[3] = "-1"
    for row in folder.tables["households"][4:]:
        row[1], row[2] = "135.61", "34.84"
    problem, findings = read_week(folder.write(tmp_path))
    assert problem is None
    assert len(findings) == 112_500
    assert {f.code for f in findings} == {"below_minimum", "lat_lon_swapped"}
