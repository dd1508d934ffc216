"""`frontier`, `plan --fairness-slack` and `plan --like` as a coordinator types them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from service.cli import main
from tests.intake.folder import Folder


@pytest.fixture
def week(tmp_path: Path) -> Path:
    """The small valid week of tests/intake/folder.py on disk."""
    folder = tmp_path / "week"
    Folder().write(folder)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def run(*words: object) -> int:
    return main([str(word) for word in words])


def test_the_frontier_is_a_table_a_picture_and_plans_that_the_judge_accepts(
    week: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    slacks = "0.1,0,1/4"
    assert (
        run("frontier", week, "--out", out, "--slacks", slacks, "--seconds", 2, "--lang", "en") == 0
    )
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines()[:4]] == [
        "slack",
        "0.0%",
        "10.0%",
        "25.0%",
    ]
    table = rows(out / "frontier.csv")
    assert [row["slack"] for row in table] == ["0.0", "0.1", "0.25"]
    assert {row["meals_given_up"] for row in table[:1]} == {"0.0"}
    assert (out / "frontier.png").read_bytes().startswith(b"\x89PNG")
    assert "</svg>" in (out / "frontier.svg").read_text(encoding="utf-8")
    for row, name in zip(table, ("slack-0", "slack-0.1", "slack-0.25"), strict=True):
        plan_path = out / name / "plan.json"
        plan = json.loads(plan_path.read_text(encoding="utf-8"))
        assert plan["metrics"]["metres"] == int(row["metres"])
        assert run("verify", week, plan_path) == 0


def test_the_frontier_for_machines(
    week: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run("frontier", week, "--out", out, "--slacks", "0.5", "--seconds", 2, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert [point["slack"] for point in said["points"]] == [0, 0.5]
    assert all(Path(name).is_file() for name in said["files"])


def test_a_plan_with_slack_tells_its_price(
    week: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ("--fairness-slack", "0.25", "--seconds", 3, "--lang", "en")
    assert run("plan", week, "--out", out, *words) == 0
    assert "slack of 25.0%" in capsys.readouterr().out
    assert [row["slack"] for row in rows(out / "price.csv")] == ["0.0", "0.25"]
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert plan["versions"]["fairness_slack"] == "1/4"
    assert run("verify", week, out / "plan.json") == 0


def test_without_slack_there_is_no_price(week: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("plan", week, "--out", out, "--fairness-slack", 0, "--seconds", 2) == 0
    assert not (out / "price.csv").exists()
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert "fairness_slack" not in plan["versions"]


def test_a_plan_like_the_published_one_says_how_many_units_moved(
    week: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert run("plan", week, "--out", first, "--seconds", 2) == 0
    published = first / "plan.json"
    assert run("plan", week, "--out", second, "--like", published, "--seconds", 2) == 0
    plan = json.loads((second / "plan.json").read_text(encoding="utf-8"))
    (change,) = (stage for stage in plan["stages"] if stage["name"] == "least_change")
    before = json.loads(published.read_text(encoding="utf-8"))["allocation"]["lines"]
    assert change["objective"] == moved(before, plan["allocation"]["lines"])


def moved(before: list[dict[str, object]], after: list[dict[str, object]]) -> int:
    """Units by which two plans differ, line by line."""
    units: dict[tuple[object, ...], int] = {}
    for sign, lines in ((1, before), (-1, after)):
        for line in lines:
            key = (line["household_id"], line["lot_id"], line["session_id"])
            units[key] = units.get(key, 0) + sign * int(str(line["units"]))
    return sum(abs(count) for count in units.values())


@pytest.mark.parametrize("slack", ["much", "-0.1", "1.5", "1/0", ""])
def test_a_slack_that_is_none_is_wrong_usage(
    week: Path, tmp_path: Path, slack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("plan", week, "--out", tmp_path / "out", "--fairness-slack", slack) == 2
    assert run("frontier", week, "--out", tmp_path / "out", "--slacks", f"0,{slack}") == 2
    assert "slack" in capsys.readouterr().err


def test_a_published_plan_that_is_none_is_refused_in_words(
    week: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "plan.json"
    broken.write_text("{", encoding="utf-8")
    assert run("plan", week, "--out", tmp_path / "out", "--like", broken) == 1
    assert "not valid JSON" in capsys.readouterr().err
