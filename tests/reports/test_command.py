"""`osusowake sheets`: files for people, JSON for machines, no paper of an outdated plan."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from logistics.intake import read_week
from logistics.model.plan import Allocation, Status
from logistics.model.plan_json import plan_text
from service.cli import main
from tests.reports.sample import sample_plan

WEEK = Path(__file__).parents[2] / "scenarios" / "takatsuki" / "week-2026-11-23"


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """An empty plan of the bundled week."""
    problem, _ = read_week(WEEK)
    assert problem is not None
    empty = Allocation(Status.FEASIBLE, (), ())
    plan = replace(sample_plan(), problem_digest=problem.digest, allocation=empty, routes=())
    file = tmp_path / "plan.json"
    file.write_text(plan_text(plan, problem.week_start), "utf-8")
    return file


def test_sheets_are_written_in_the_language_asked_for(
    plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = plan_file.parent / "paper"
    assert main(["sheets", str(WEEK), str(plan_file), "--out", str(out), "--lang", "en"]) == 0
    written = {file.name for file in out.iterdir()}
    assert "satellite-S1-2026-11-24.en.pdf" in written
    assert not any(".ja." in name for name in written)
    assert f"{len(written)} files in {out}" in capsys.readouterr().out


def test_json_lists_the_files(plan_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = plan_file.parent / "paper"
    assert main(["sheets", str(WEEK), str(plan_file), "--out", str(out), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"]
    assert all(Path(file).is_file() for file in answer["files"])


def test_paper_of_an_outdated_plan_is_not_printed(
    plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = json.loads(plan_file.read_text("utf-8"))
    stale["problem_digest"] = "sha256:0"
    plan_file.write_text(json.dumps(stale), "utf-8")
    out = plan_file.parent / "paper"
    assert main(["sheets", str(WEEK), str(plan_file), "--out", str(out)]) == 1
    assert "plan_outdated" in capsys.readouterr().err
    assert not out.exists()


def test_a_file_that_is_no_plan_is_refused_in_words(
    plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan_file.write_text("{}", "utf-8")
    out = plan_file.parent / "paper"
    assert main(["sheets", str(WEEK), str(plan_file), "--out", str(out)]) == 1
    assert "expected format" in capsys.readouterr().err
