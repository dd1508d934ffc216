"""`osusowake allocate`: exit codes, what is written, and nothing that the judge refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import logistics.solver.shares
from logistics.model.shares import ShareResult, Shares
from logistics.solver.shares import solve
from service.cli import main
from tests.intake.shares_data import small, write_folder, write_json


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_json(small(), tmp_path / "instance.json")


def test_a_file_becomes_a_result_file(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "result.json"
    assert main(["allocate", str(file), "--out", str(out), "--seconds", "9", "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert "Fairness: proven optimal" in said.out
    assert said.err == ""
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["format"] == "osusowake.shares.result/1"
    assert result["status"] == "optimal"
    levels = [Fraction(level["level"]) for level in result["levels"]]
    assert levels == sorted(set(levels))
    # H2: (5/2 + 1/3) of (8 + 1/3), weight 5/4: 34/125
    assert result["level"] == {"H1": "1", "H2": "34/125", "H3": "0", "H4": "1"}
    assert result["received"] == {"H1": "4", "H2": "1/3", "H3": "0", "H4": "1"}


def test_the_example_of_the_page_gives_the_result_of_the_page(tmp_path: Path) -> None:
    """H1 wants 4 of L1's 10 meals, and 3 may be handed out: 3/4."""
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\n(\{.*?)```", page.split("## Bare fair shares")[1], re.DOTALL)
    instance, said = map(json.loads, blocks)
    out = tmp_path / "result.json"
    file = write_json(instance, tmp_path / "i.json")
    assert main(["allocate", str(file), "--out", str(out)]) == 0
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["status"] in said["status"].split("|")
    for its_own in ("status", "engine", "runtime_s"):
        del result[its_own], said[its_own]
    assert result == said


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_folder_becomes_a_folder_or_a_file(form: str, tmp_path: Path, file: Path) -> None:
    folder = write_folder(small(), tmp_path / "tables", form)
    assert main(["allocate", str(folder), "--out", str(tmp_path / "out")]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "levels.json", "households.parquet", "lines.parquet", "certificate.parquet",
    }  # fmt: skip
    assert main(["allocate", str(folder), "--out", str(tmp_path / "of_folder.json")]) == 0
    assert main(["allocate", str(file), "--out", str(tmp_path / "of_file.json")]) == 0
    by_folder, by_file = (
        json.loads((tmp_path / name).read_text(encoding="utf-8"))
        for name in ("of_folder.json", "of_file.json")
    )
    for each in (by_folder, by_file):
        del each["runtime_s"]
    assert by_folder == by_file


def test_json_for_machines(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "result.json"
    assert main(["allocate", str(file), "--out", str(out), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is True
    assert said["files"] == [str(out)]
    assert said["levels"] == 3


def test_bad_data_are_findings_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = small()
    data["lots"][0]["units"] = -1
    data["households"][1]["wanted"] = "many"
    path, out = write_json(data, tmp_path / "i.json"), tmp_path / "result.json"
    assert main(["allocate", str(path), "--out", str(out), "--lang", "en"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "[negative] i.json column lots[0].units" in said.err
    assert "[not_exact] i.json column households[1].wanted" in said.err
    assert "2 errors" in said.err
    assert not out.exists()
    assert main(["allocate", str(path), "--out", str(out), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[[[[" * 30_000, b"null"])
def test_no_instance_at_all(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "i.json"
    path.write_bytes(content)
    assert main(["allocate", str(path), "--out", str(tmp_path / "r.json")]) == 1
    said = capsys.readouterr().err
    assert "error: [" in said
    assert "Traceback" not in said
    assert "internal error" not in said


def test_wrong_usage_is_exit_code_2(file: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "result.json")
    assert main(["allocate", str(file)]) == 2
    assert main(["allocate", str(tmp_path / "none.json"), "--out", out]) == 2
    assert main(["allocate", str(file), "--out", out, "--seconds", "0"]) == 2
    assert main(["allocate", str(file), "--out", str(tmp_path)]) == 2
    folder = write_folder(small(), tmp_path / "tables", "csv")
    assert main(["allocate", str(folder), "--out", str(file)]) == 0  # NAME.json for a folder
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert main(["allocate", str(folder), "--out", str(tmp_path / "taken")]) == 2


def test_the_command_speaks_japanese(
    file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "結果.json"
    command = ["allocate", str(file), "--out", str(out), "--lang", "ja"]
    assert main(command) == 0
    said = capsys.readouterr()
    assert f"検査で指摘なし。保存先：{out}" in said.out
    assert "計算エンジン：" in said.out
    out.unlink()
    monkeypatch.setattr(
        logistics.solver.shares, "solve", lambda shares, **_: replace(solve(shares), chain=None)
    )
    assert main(command) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("検査で不合格となったため、何も保存していません\n")
    assert "[share_unproven] 水準に証明がありません（Level" in said.err
    assert not out.exists()


TAMPERS: dict[str, Callable[[ShareResult], ShareResult]] = {
    "a line": lambda r: replace(r, line_amount=[int(x) + 1 for x in r.line_amount]),
    "a level": lambda r: replace(
        r, levels=(replace(r.levels[0], level=Fraction(1, 100)), *r.levels[1:])
    ),
    "the proof": lambda r: replace(r, chain=None),
}


@pytest.mark.parametrize("tamper", TAMPERS)
def test_a_wrong_result_is_never_shown(
    tamper: str,
    file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wrong(shares: Shares, **limits: Any) -> ShareResult:
        return TAMPERS[tamper](solve(shares, **limits))

    monkeypatch.setattr(logistics.solver.shares, "solve", wrong)
    out = tmp_path / "result.json"
    assert main(["allocate", str(file), "--out", str(out), "--lang", "en"]) == 1
    said = capsys.readouterr()
    assert "the judge refused the result" in said.err
    assert "error: [" in said.err
    assert said.out == ""
    assert not out.exists()
