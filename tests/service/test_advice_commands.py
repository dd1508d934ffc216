"""`explain`, `pins`, `wishes` and `triage` as they are typed: text, JSON, files and exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from logistics.travel import Fault, TravelFailed
from service.cli import main
from tests.intake.folder import Folder


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small valid week of tests/intake/folder.py with three quarters of its stock gone."""
    folder = tmp_path_factory.mktemp("advice") / "week"
    Folder().write(folder)
    lots = folder / "lots.csv"
    rows = list(csv.reader(lots.read_text(encoding="utf-8").splitlines()))
    units = rows[0].index("units")
    for row in rows[1:]:
        row[units] = str(max(1, int(row[units]) // 20))
    for name in ("hold_units", "pack"):
        for row in rows[1:]:
            row[rows[0].index(name)] = ""
    with lots.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return folder


@pytest.fixture(scope="module")
def plan_file(week: Path) -> Path:
    out = week.parent / "out"
    assert main(["plan", str(week), "--out", str(out), "--seconds", "4", "--lang", "en"]) == 0
    return out / "plan.json"


def printed(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """What a verb prints when all goes well."""
    capsys.readouterr()
    assert main(list(args)) == 0
    return capsys.readouterr().out


def household_ids(week: Path) -> list[str]:
    with (week / "households.csv").open(encoding="utf-8") as stream:
        return [row["household_id"] for row in csv.DictReader(stream)]


def test_a_plan_has_its_wish_list_beside_it(week: Path, plan_file: Path) -> None:
    content = json.loads((plan_file.parent / "wishes.json").read_text(encoding="utf-8"))
    assert content["format"] == "osusowake.wishes/1"
    assert content["wishes"]
    assert "What to ask donors for" in (plan_file.parent / "summary.txt").read_text("utf-8")


def test_explain_in_words_and_json(
    week: Path, plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, "explain", str(week), str(plan_file), "--lang", "en")
    assert "-> With " in text
    found = json.loads(printed(capsys, "explain", str(week), str(plan_file), "--json"))
    one = found["unmet"][0]["household_id"]
    only = printed(capsys, "explain", str(week), str(plan_file), "--json", "--household", one)
    assert [entry["household_id"] for entry in json.loads(only)["unmet"]] == [one]
    assert main(["explain", str(week), str(plan_file), "--household", "nobody"]) == 2


def test_explain_saved_is_still_accepted_by_the_judge(
    week: Path, plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(capsys, "explain", str(week), str(plan_file), "--save", "--lang", "ja")
    assert "食分増えます" in plan_file.read_text(encoding="utf-8")
    printed(capsys, "verify", str(week), str(plan_file), "--lang", "en")


def test_wishes_and_letters(
    week: Path, plan_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(
        capsys, "wishes", str(week), str(plan_file), "--out", str(tmp_path), "--lang", "en"
    )
    assert "1. " in text
    names = {path.name for path in tmp_path.iterdir()}
    assert {"wishes.ja.csv", "wishes.en.csv"} < names
    assert any(name.startswith("letter-") for name in names)
    for path in tmp_path.iterdir():
        outside = path.read_text(encoding="utf-8-sig")
        assert not any(household_id in outside for household_id in household_ids(week))


def test_wishes_without_a_plan(week: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(capsys, "wishes", str(week), "--json", "--seconds", "5"))
    assert found["wishes"][0]["gained_per_unit"]


def test_triage_in_words_and_files(
    week: Path, plan_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(
        capsys, "triage", str(week), str(plan_file), "--out", str(tmp_path), "--lang", "en"
    )
    assert text
    assert (tmp_path / "triage.csv").is_file()
    found = json.loads(printed(capsys, "triage", str(week), str(plan_file), "--json"))
    assert {entry["answer"] for entry in found["answers"]} <= {
        "accept",
        "part",
        "pass_on",
        "decline",
    }


def test_pins_to_try(week: Path, plan_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = household_ids(week)[0]
    text = printed(
        capsys, "pins", str(week), str(plan_file), "--pin", f"forbid,{one}", "--lang", "en"
    )
    assert f"forbid,{one},,,," in text
    assert "loses" in text
    data = json.loads(
        printed(capsys, "pins", str(week), str(plan_file), "--pin", f"forbid,{one}", "--json")
    )
    assert data["prices"][0]["lose"][0]["household_id"] == one


def test_the_pins_of_the_week_one_by_one_and_together(
    week: Path, plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, "pins", str(week), str(plan_file), "--lang", "en")
    assert "at_least,H3,L1,,,1" in text
    assert "All 2 pins together" in text
    driven = json.loads(printed(capsys, "pins", str(week), "--routes", "--json", "--seconds", "12"))
    assert {"metres", "vehicle_seconds"} == driven["prices"][0]["driving"].keys()


@pytest.mark.parametrize(
    "row",
    ["", "stop,H1", "forbid", "forbid,nobody", "fix,{one}", "fix,{one},,,,many", "forbid,,,,,,,"],
)
def test_a_pin_that_cannot_be_is_wrong_usage(
    week: Path, plan_file: Path, row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    one = household_ids(week)[0]
    assert main(["pins", str(week), str(plan_file), "--pin", row.replace("{one}", one)]) == 2
    assert "--pin" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["explain", "wishes", "triage", "pins"])
def test_a_plan_for_other_data_is_a_finding(
    verb: str, week: Path, plan_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "week"
    Folder().write(other)
    assert main([verb, str(other), str(plan_file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["code"] == "plan_outdated"


@pytest.mark.parametrize("verb", ["explain", "wishes", "triage", "pins"])
def test_a_server_that_does_not_answer_is_a_finding_in_the_language_asked_for(
    verb: str,
    week: Path,
    plan_file: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def silent(*_: object) -> None:
        words = {"server": "http://127.0.0.1:9", "attempts": 4, "why": "closed"}
        raise TravelFailed(Fault("server_down", words))

    monkeypatch.setattr("logistics.solver.advise.measure", silent)
    assert main([verb, str(week), str(plan_file), "--json", "--lang", "ja"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["code"] == "travel_server_down"
    assert "答えませんでした" in finding["message"]
