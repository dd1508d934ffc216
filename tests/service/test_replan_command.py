"""`replan` as it is typed: files, JSON, words, exit codes; `verify` and `sheets` of what it made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.cli import main
from tests.intake.folder import Folder

ILL = "event,at,vehicle_id\ndriver_ill,2026-11-26T07:00,C1\n"


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small valid week with its plan in `out`, and a driver who is ill on Thursday."""
    folder = tmp_path_factory.mktemp("replan") / "week"
    files = Folder()
    del files.tables["pins"][2]  # it asks for goods for H3, whatever happens
    files.write(folder)
    out = folder.parent / "out"
    assert main(["plan", str(folder), "--out", str(out), "--seconds", "4", "--lang", "en"]) == 0
    (folder / "events.csv").write_text(ILL, encoding="utf-8")
    return folder


def replan(week: Path, events: str, *more: str) -> int:
    plan, out = week.parent / "out" / "plan.json", week.parent / "new"
    return main(["replan", str(week), str(plan), str(week / events), "--out", str(out), *more])


def test_an_ill_driver_is_told_and_judged(week: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """H3 is visited on Thursday by the only car: the driver and H3 are phoned, nobody else."""
    capsys.readouterr()
    assert replan(week, "events.csv", "--lang", "en") == 0
    said = capsys.readouterr().out
    assert "Car C1: is not driven" in said
    assert "Household H3: gets nothing this week" in said
    assert "Judged clean" in said
    new = week.parent / "new"
    assert (new / "changes.csv").is_file()
    assert (new / "changes.txt").read_text(encoding="utf-8") in said
    old = ["--published", str(week.parent / "out" / "plan.json")]
    events = ["--events", str(week / "events.csv")]
    assert main(["verify", str(week), str(new / "plan.json"), *old, *events]) == 0
    assert main(["verify", str(week), str(new / "plan.json")]) == 1
    assert main(["verify", str(week), str(new / "plan.json"), *old]) == 2
    paper = ["--out", str(week.parent / "paper"), "--lang", "en"]
    assert main(["sheets", str(week), str(new / "plan.json"), *events, *paper]) == 0
    assert main(["sheets", str(week), str(new / "plan.json"), *paper]) == 1


def test_json_counts_and_names(week: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert replan(week, "events.csv", "--json", "--lang", "ja") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"]
    counts = answer["counts"]
    assert counts["stops"] == counts["stops_kept"] + counts["stops_removed"]
    phoned = {(c["who"], c["id"], c["code"]) for c in answer["changes"] if c["phone"]}
    assert phoned == {("driver", "C1", "driver_none"), ("household", "H3", "home_none")}
    assert all(not change["text"].isascii() for change in answer["changes"])


@pytest.mark.parametrize(
    ("text", "more", "code", "said"),
    [
        ("event,at,vehicle_id\ndriver_ill,2026-11-26T07:00,C9\n", (), 1, "event_unknown"),
        ("event,at,session_id\nsession_closed,2026-11-25T16:00,V1\n", (), 1, "event_while_open"),
        ("event,at\n", (), 2, "--now"),
        (ILL, ("--now", "2026-11-25T07:00"), 2, "--now"),
    ],
)
def test_what_does_not_go_is_said(
    week: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    more: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    (week / "other.csv").write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert replan(week, "other.csv", "--lang", "en", *more) == code
    assert said in capsys.readouterr().err


def test_a_pin_that_cannot_be_kept_any_more_is_named(
    week: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """H3 should have a bag of rice, and nobody can bring it."""
    Folder().write(tmp_path / "week")
    plan, events = week.parent / "out" / "plan.json", week / "events.csv"
    capsys.readouterr()
    out = ["--out", str(tmp_path / "out"), "--lang", "en"]
    assert main(["replan", str(tmp_path / "week"), str(plan), str(events), *out]) == 1
    said = capsys.readouterr().err
    assert "no plan keeps all pins after these events" in said
    assert "pin_units" in said
    assert not (tmp_path / "out").exists()


def test_without_events_now_says_how_far_the_week_has_come(week: Path) -> None:
    (week / "none.csv").write_text("event,at\n", encoding="utf-8")
    assert replan(week, "none.csv", "--now", "2026-11-25T07:00", "--lang", "en") == 0
    changes = (week.parent / "new" / "changes.txt").read_text(encoding="utf-8")
    assert "Nothing changes for anybody." in changes


def test_the_new_plan_goes_into_the_book(
    week: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """H3's visit on Thursday is released; told again nothing happens; the other way round is refused."""
    monkeypatch.setenv("OSUSOWAKE_DB", f"sqlite:///{week.parent / 'book.db'}")
    assert replan(week, "events.csv", "--lang", "en") == 0
    old, new = week.parent / "out" / "plan.json", week.parent / "new" / "plan.json"
    under_way = ["--published", str(old), "--events", str(week / "events.csv"), "--lang", "en"]
    assert main(["init"]) == 0
    assert main(["import", str(week)]) == 0
    assert main(["publish", str(week), str(new), *under_way]) == 1
    assert "no plan is published" in capsys.readouterr().err
    assert main(["publish", str(week), str(old)]) == 0
    assert main(["publish", str(week), str(new)]) == 1
    assert main(["publish", str(week), str(new), *under_way[:2]]) == 2
    capsys.readouterr()
    assert main(["publish", str(week), str(new), *under_way]) == 0
    assert "units released" in capsys.readouterr().out
    assert main(["publish", str(week), str(new), *under_way]) == 0
    assert "nothing has changed" in capsys.readouterr().out
    assert main(["audit"]) == 0
