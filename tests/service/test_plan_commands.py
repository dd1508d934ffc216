"""`check`, `plan`, `verify` and `demo` as a coordinator types them: text, JSON and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.cli import WEEK, main
from tests.intake.folder import Folder

Json = dict[str, Any]


@pytest.fixture
def week(tmp_path: Path) -> Path:
    """The small valid week of tests/intake/folder.py on disk."""
    folder = tmp_path / "week"
    Folder().write(folder)
    return folder


@pytest.fixture
def planned(week: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    out = tmp_path / "out"
    assert main(["plan", str(week), "--out", str(out), "--seconds", "4", "--lang", "en"]) == 0
    capsys.readouterr()
    return out


def edit(path: Path, change: Callable[[Json], None]) -> None:
    """Change a plan.json in place."""
    plan = json.loads(path.read_text(encoding="utf-8"))
    change(plan)
    path.write_text(json.dumps(plan), encoding="utf-8")


def test_help_names_every_verb_without_importing_any() -> None:
    script = (
        "import sys; from service.cli import main; main(['--help']);"
        "heavy = {'pandas', 'ortools', 'numpy', 'sqlalchemy', 'fastapi', 'typst'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for _, verbs in WEEK:
        for verb in verbs:
            assert f"  {verb.name} " in done.stdout


def test_check_of_a_good_week_says_so(week: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(week), "--lang", "en"]) == 0
    assert "3 households, 4 lots" in capsys.readouterr().out


def test_check_names_file_row_and_column(week: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lots = week / "lots.csv"
    lots.write_text(
        lots.read_text(encoding="utf-8").replace("60,,400", "-60,,400"), encoding="utf-8"
    )
    assert main(["check", str(week), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["file"], finding["row"], finding["column"], finding["value"]) == (
        "lots.csv",
        4,
        "units",
        "-60",
    )


def test_a_plan_is_written_judged_and_verified(
    week: Path, planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"plan.json", "travel.csv", "allocation.csv", "routes.csv", "unmet.csv", "summary.txt"}
    names |= {"wishes.json"}
    assert {path.name for path in planned.iterdir()} == names
    assert main(["verify", str(week), str(planned / "plan.json"), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "accepted" in said
    assert main(["verify", str(week), str(planned / "plan.json"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["certificates"]
    assert 0 < found["full"] <= found["exact"] <= found["certified"] == found["levels"]
    assert f"{found['certified']} of {found['levels']} levels" in said


def test_a_tampered_certificate_is_refused(
    week: Path, planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def better_than_proven(plan: Json) -> None:
        plan["allocation"]["levels"][-1]["certificate"]["bound"] = "9/8"

    edit(planned / "plan.json", better_than_proven)
    assert main(["verify", str(week), str(planned / "plan.json"), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [finding["code"] for finding in findings] == ["certificate_bound"]


def test_a_number_changed_by_hand_is_found(
    week: Path, planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def one_more(plan: Json) -> None:
        plan["metrics"]["households_served"] += 1

    edit(planned / "plan.json", one_more)
    assert main(["verify", str(week), str(planned / "plan.json"), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [finding["code"] for finding in findings] == ["metrics"]


def test_a_plan_for_other_data_is_refused(
    week: Path, planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lots = week / "lots.csv"
    lots.write_text(lots.read_text(encoding="utf-8").replace("Bread", "Rolls"), encoding="utf-8")
    assert main(["verify", str(week), str(planned / "plan.json"), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [finding["code"] for finding in findings] == ["digest"]


@pytest.mark.parametrize("text", ["", "{}", "[1, 2", '{"format": "osusowake.plan/1"}'])
def test_what_is_no_plan_is_one_clear_line(
    week: Path, planned: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (planned / "plan.json").write_text(text, encoding="utf-8")
    assert main(["verify", str(week), str(planned / "plan.json"), "--lang", "en"]) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("error: ")
    assert "Traceback" not in errors


def test_the_legs_must_lie_beside_the_plan(
    week: Path, planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (planned / "travel.csv").unlink()
    assert main(["verify", str(week), str(planned / "plan.json"), "--lang", "en"]) == 1
    assert "travel.csv is missing" in capsys.readouterr().err


def test_a_pin_that_cannot_be_kept_writes_nothing(
    week: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "kind,household_id,lot_id,session_id,vehicle_id,units\n"
    (week / "pins.csv").write_text(header + "at_least,H1,L1,,,1000\n", encoding="utf-8")
    out = tmp_path / "out"
    assert main(["plan", str(week), "--out", str(out), "--seconds", "4", "--lang", "en"]) == 1
    assert "no plan keeps all pins" in capsys.readouterr().err
    assert not out.exists()


def test_reasons_are_said_in_the_language_asked_for(
    week: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["plan", str(week), "--out", str(out), "--seconds", "4", "--lang", "ja"]) == 0
    assert "の週" in capsys.readouterr().out
    assert "ルート" in (out / "summary.txt").read_text(encoding="utf-8")


def test_two_workers_route_the_same_rules(week: Path, tmp_path: Path) -> None:
    # A real process: worker processes import the launcher again.
    launcher = Path(sysconfig.get_path("scripts")) / "osusowake"
    out = tmp_path / "out"
    done = subprocess.run(
        [launcher, "plan", week, "--out", out, "--seconds", "4", "--workers", "2", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ok"] is True
    assert main(["verify", str(week), str(out / "plan.json")]) == 0


@pytest.mark.parametrize(
    "args",
    [["plan"], ["plan", "nowhere", "--out", "x"], ["verify", "."], ["fly"], ["check", "--x"]],
)
def test_wrong_usage_is_exit_code_2(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(args) == 2
    assert "Usage" in capsys.readouterr().err
