"""The allocation benchmark itself: runs in processes of their own, lines, growth, the picture."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from benchmarks.allocation import CITIES, contest, growth, main
from benchmarks.contest import OURS, OUT_OF_TIME, run
from benchmarks.lines import Line, write_csv, write_markdown
from benchmarks.targets import packs


def line(households: int, seconds: float | None) -> Line:
    return Line("cities", f"{households:,}", OURS, households, seconds)


def test_growth_is_the_exponent_and_small_cities_do_not_count() -> None:
    # 3 x (households / 1,000) ^ 1.5 from 1,000 on; the constant below would bend the line.
    lines = [line(50, 3.0), *(line(n, 3 * (n / 1_000) ** 1.5) for n in (1_000, 4_000, 16_000))]
    assert growth(lines, "seconds") == pytest.approx(1.5)
    assert growth(lines[:3], "seconds") is None
    assert growth([*lines, line(64_000, None)], "seconds") == pytest.approx(1.5)


def test_ours_and_a_peer_are_compared_in_processes_of_their_own(tmp_path: Path) -> None:
    asked = {"city": {"households": 40}, "levels": str(tmp_path / "levels.npy"), "limit_s": 20.0}
    ours = run("share", asked | {"engine": OURS})
    theirs = run("share", asked | {"engine": "LP saturation"})
    assert ours["faults"] == 0
    assert ours["proven"] == ours["levels"]
    assert theirs["right"] == ours["right"] == 40
    assert theirs["lowest"] == pytest.approx(ours["lowest"], abs=1e-6)
    assert ours["peak_mib"] > 10


def test_who_takes_too_long_is_ended_wherever_it_is(tmp_path: Path) -> None:
    asked = {"city": {"households": 2_000, "history": True}, "levels": str(tmp_path / "none.npy")}
    found = run("share", asked | {"engine": "LP saturation", "limit_s": 0.05})
    assert found == {"ended": OUT_OF_TIME}


def test_a_run_that_breaks_says_why() -> None:
    found = run(
        "share", {"city": {"households": 40}, "engine": "nobody", "limit_s": 5.0, "levels": ""}
    )
    assert found["ended"] == "broken"
    assert "nobody" in found["errors"]


def test_a_peer_that_ran_out_of_time_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def slow(_task: str, arguments: dict) -> dict:
        asked.append((arguments["engine"], arguments["city"]["households"]))
        return {"ended": OUT_OF_TIME}

    monkeypatch.setattr("benchmarks.allocation.run", slow)
    lines = list(contest("cities", (50, 200), 1.0, 1))
    assert {size for _, size in asked} == {50}
    assert {found.note for found in lines[len(lines) // 2 :]} == {"not asked: out of time at 50"}


def test_generated_weeks_report_the_median_and_the_worst(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(_task: str, arguments: dict) -> dict:
        seed = arguments["seed"]
        return {
            "seconds": float(seed),
            "peak_mib": 100.0,
            "proven": seed < 3,
            "meals": 100.0,
            "short_meals": 0.0 if seed < 3 else 4.0,
            "behind_meals": 0.0 if seed < 3 else 2.0,
        }

    monkeypatch.setattr("benchmarks.targets.run", made)
    [found] = packs([(62, 60, 20.0)], [1, 2, 3])
    assert found.seconds == 2.0
    assert "worst 3.0 s" in found.note
    assert "proven 2 of 3" in found.note
    assert "short of the bound 0.00%, worst 4.00%" in found.note


def test_lines_are_kept_with_their_setting(tmp_path: Path) -> None:
    write_csv([line(50, 0.5)], {"seed": 7}, tmp_path / "lines.csv")
    [row] = csv.DictReader((tmp_path / "lines.csv").read_text(encoding="utf-8").splitlines())
    assert (row["households"], row["seconds"], row["lowest"], row["seed"]) == ("50", "0.5", "", "7")


def test_markdown_puts_engines_side_by_side(tmp_path: Path) -> None:
    lines = [
        Line("cities", "50", OURS, 50, 0.01, 60.0, 0.75, 50, 104.0),
        Line("cities", "50", "first come", 500, 0.2, 60.0, 0.0, 499, 120.0),
        Line("cities", "200", OURS, 200, 0.02, 60.0, 0.5, 200, 300.0),
        Line("cities", "200", "first come", 200, note="out of time"),
        Line("weeks", "takatsuki", OURS, 62, 3.0, 150.0, note="optimal"),
    ]
    write_markdown(lines, ["cities"], tmp_path / "tables.md")
    written = (tmp_path / "tables.md").read_text(encoding="utf-8")
    assert "| time | 50 | 200 |\n| --- | --- | --- |\n| ours | 0.010 s | 0.020 s |" in written
    assert "| first come | 0.2 s | out of time |" in written
    assert "| levels right | 50 | 200 |\n| --- | --- | --- |\n| ours | 100 % | 100 % |" in written
    assert "| first come | 99 % |  |" in written
    assert "| takatsuki | ours | 3.00 s | 150 MiB | optimal |" in written


def test_the_command_prints_a_table_and_draws_the_picture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def quick(_task: str, arguments: dict) -> dict:
        return {
            "seconds": 0.5,
            "peak_mib": 60.0,
            "lowest": 0.75,
            "short_meals": 12.0,
            "right": 50,
            "by": "flow: no capacities",
            "levels": 2,
            "proven": 2,
            "faults": 0,
            "judge_s": 0.1,
        }

    monkeypatch.setattr("benchmarks.allocation.run", quick)
    command = ["allocation", "--only", "cities", "--sizes", "50", "--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", command)
    main()
    printed = capsys.readouterr().out
    assert all(f"\n{table}\n" in printed for table in CITIES)
    assert "50 of 50" in printed
    assert (tmp_path / "allocation.png").stat().st_size > 10_000
    assert (tmp_path / "allocation.csv").read_text(encoding="utf-8").count("\n") > len(CITIES)
