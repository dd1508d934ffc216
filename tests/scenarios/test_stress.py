"""The stress lab on a week whose answers are known by hand.

The week: 10 units of rice (one meal, half a kilogram each) keep at the hub, where session V is held.
A wants 4 meals and B wants 2. Undisturbed both get them: 6 meals, worst level 1, no waste, no
driving. With every wish doubled (A 8, B 4): all 10 are given, and the worst level is 3/4, by A 6/8
and B 4/4 or by A 7/8 and B 3/4.
"""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from concurrent.futures.process import BrokenProcessPool
from math import isnan
from pathlib import Path

import pytest

from logistics.intake import read_week
from logistics.model.problem import Pin, WeekProblem
from logistics.model.units import PinKind
from scenarios import stress as lab
from scenarios.shocks import shocked
from scenarios.stress import (
    FAILED,
    REFUSED,
    Measures,
    Run,
    StressStopped,
    Task,
    plan_task,
    run,
    tasks,
)
from scenarios.stress_stats import estimate, t_coverage, t_quantile
from scenarios.stress_table import Setting, report, summarise
from service.cli import main
from tests.service.test_book_commands import FILES
from tests.weeks import household, lot, week

SECONDS = 5.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def problem(folder: Path) -> WeekProblem:
    problem, findings = read_week(folder)
    assert problem is not None, findings
    return problem


def measures(meals: float, level: float | None = 0.5) -> Measures:
    return Measures(meals, level, 1.0, 10.0, 20, 2)


# --- runs -----------------------------------------------------------------------------------------


def test_every_seed_has_its_undisturbed_week_and_nothing_is_planned_twice() -> None:
    todo = tasks(("donor_loss",), (50, 50, 100), (1, 2))
    assert todo == (
        Task("", 0, 1),
        Task("", 0, 2),
        Task("donor_loss", 50, 1),
        Task("donor_loss", 50, 2),
        Task("donor_loss", 100, 1),
        Task("donor_loss", 100, 2),
    )


def test_the_numbers_are_those_worked_out_by_hand(problem: WeekProblem) -> None:
    todo = tasks(("demand_surge", "driver_no_show"), (100,), (1,))
    calm, surge, no_show = (one.measures for one in run(problem, todo, seconds=SECONDS))
    assert calm == no_show == Measures(6, 1, 0, 0, 6, 2)
    assert surge == Measures(10, 0.75, 0, 0, 12, 2)


def test_in_a_drought_what_is_left_is_given(problem: WeekProblem) -> None:
    task = Task("supply_drought", 75, 1)
    left = shocked(problem, task.shock, task.severity, task.seed).lots["RICE"].units
    assert 0 < left < 6, "another seed would tell more"
    measures = plan_task(problem, task, SECONDS).measures
    assert measures is not None
    assert measures.meals_given == left


def test_serial_and_pool_give_identical_runs(problem: WeekProblem) -> None:
    """Every week here is solved to proof long before its limit, so no clock decides anything."""
    todo = tasks(("supply_drought", "demand_surge"), (50,), (1, 2))
    serial = list(run(problem, todo, seconds=SECONDS, workers=1))
    pooled = list(run(problem, todo, seconds=SECONDS, workers=2))
    assert serial == pooled
    assert [one.task for one in pooled] == list(todo)
    assert {one.status for one in serial} == {"optimal"}


def test_a_week_that_cannot_be_keeps_its_row_and_has_no_numbers() -> None:
    """A pin fixes 5 units for A, and a full drought leaves none."""
    pinned = week(
        [lot("RICE", 10)],
        [household("A", 5)],
        pins=(Pin(PinKind.FIX, household_id="A", lot_id="RICE", units=5),),
    )
    calm, dry = (
        plan_task(pinned, task, SECONDS)
        for task in (Task("", 0, 1), Task("supply_drought", 100, 1))
    )
    assert calm.is_planned
    assert (dry.status, dry.measures) == ("infeasible", None)


def test_a_refused_plan_says_what_the_judge_found(
    problem: WeekProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planner is given a week of another digest, which the judge cannot let pass."""
    import logistics.week as story

    honest = story.plan

    def careless(problem: WeekProblem, *args: object, **more: object) -> object:
        from dataclasses import replace

        return honest(replace(problem, digest="sha256:other"), *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(story, "plan", careless)
    refused = plan_task(problem, Task("", 0, 1), SECONDS)
    assert (refused.status, refused.measures, refused.note) == (REFUSED, None, "digest")


def test_a_planner_that_breaks_down_costs_one_week_only(
    problem: WeekProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    import logistics.week as story

    honest = story.plan_week

    def breaks_at_seed_2(week: WeekProblem, limits: story.Limits) -> object:
        if limits.seed == 2:
            raise RuntimeError("out of luck")
        return honest(week, limits)

    monkeypatch.setattr(story, "plan_week", breaks_at_seed_2)
    found = list(run(problem, tasks((), (), (1, 2, 3)), seconds=SECONDS))
    assert [one.status for one in found] == ["optimal", FAILED, "optimal"]
    assert found[1].note == "RuntimeError: out of luck"
    assert lab.unplanned(found) == [found[1]]


def test_a_worker_that_dies_is_told_in_words(
    problem: WeekProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DyingPool:
        def __init__(self, *args: object) -> None:
            pass

        def map(self, *args: object) -> list[Run]:
            raise BrokenProcessPool

        def shutdown(self, cancel_futures: bool) -> None:
            pass

    monkeypatch.setattr(lab, "ProcessPoolExecutor", DyingPool)
    with pytest.raises(StressStopped, match="fewer --workers"):
        list(run(problem, tasks((), (), (1, 2)), seconds=SECONDS, workers=2))


# --- statistics -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("df", "t"),
    [(1, 12.7062), (2, 4.30265), (3, 3.18245), (4, 2.77645), (9, 2.26216), (30, 2.04227)],
)
def test_t_quantiles_are_those_of_printed_tables(df: int, t: float) -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2, two-sided 95 %."""
    assert t_quantile(df) == pytest.approx(t, rel=3e-6)
    assert t_coverage(t_quantile(df), df) == pytest.approx(0.95, abs=1e-12)


def test_an_interval_is_refused_where_it_means_nothing() -> None:
    with pytest.raises(ValueError, match="df >= 1"):
        t_quantile(0)
    with pytest.raises(ValueError, match="confidence"):
        t_quantile(3, 1.0)


def test_mean_and_interval_by_hand() -> None:
    """1, 2, 3: mean 2, standard deviation 1, half width 4.30265 / sqrt(3) = 2.48414."""
    found = estimate([1, 2, 3])
    assert (found.n, found.mean) == (3, 2)
    assert found.low == pytest.approx(-0.48414, abs=1e-5)
    assert found.high == pytest.approx(4.48414, abs=1e-5)


def test_one_value_has_no_interval_and_none_no_mean() -> None:
    assert estimate([7.0]) == estimate([7.0]).__class__(1, 7.0, None, None)
    assert estimate([]).mean is None


# --- tables ---------------------------------------------------------------------------------------

SWEEP = (
    Run(Task("", 0, 1), "optimal", measures(10)),
    Run(Task("", 0, 2), "optimal", measures(14)),
    Run(Task("", 0, 3), "optimal", measures(12)),
    Run(Task("donor_loss", 50, 1), "feasible", measures(7, 0.25)),
    Run(Task("donor_loss", 50, 2), "feasible", measures(13, 0.5)),
    Run(Task("donor_loss", 50, 3), REFUSED, None, "over_capacity"),
)
SETTING = Setting("高槻", "Takatsuki", True, (1, 2, 3), 5.0, 4.2, "0.1.0")


def test_changes_are_taken_seed_by_seed() -> None:
    """Meals: 7 - 10 = -3 and 13 - 14 = -1, mean -2, sd sqrt(2), half 12.7062 (df 1); seed 3 is out."""
    calm, loss = summarise(SWEEP)
    assert (calm.means["meals_given"], calm.changes) == (12, {})
    change = loss.changes["meals_given"]
    assert (change.n, change.mean) == (2, -2)
    assert change.low == pytest.approx(-2 - 12.7062, abs=1e-4)
    assert (loss.runs, loss.planned, loss.statuses[REFUSED]) == (3, 2, 1)
    assert loss.changes["level_min"].mean == pytest.approx(-0.125)


def test_a_week_in_which_nobody_wishes_has_no_worst_level() -> None:
    sweep = [
        Run(Task("", 0, 1), "optimal", measures(10)),
        Run(Task("donor_loss", 50, 1), "optimal", measures(7, None)),
    ]
    row = summarise(sweep)[1]
    assert row.changes["level_min"].mean is None
    assert row.changes["meals_given"].mean == -3


def test_the_report_says_what_was_left_out_and_that_data_are_made_up() -> None:
    text = report(SWEEP, summarise(SWEEP), SETTING)
    assert text.startswith("架空のデータ")
    assert "Synthetic data: Takatsuki" in text
    assert "refused 1" in text
    assert "2/3" in text


def test_one_seed_is_said_to_have_no_intervals() -> None:
    alone = [one for one in SWEEP if one.task.seed == 1]
    setting = Setting("高槻", "Takatsuki", True, (1,), 5.0, 4.2, "0.1.0")
    text = report(alone, summarise(alone), setting)
    assert "there are no intervals" in text
    assert "[" not in text.split("First row")[0]


# --- the command ----------------------------------------------------------------------------------


def stress(folder: Path, out: Path, *more: str) -> int:
    fixed = ("--severity", "100", "--seeds", "2", "--workers", "1", "--out", str(out))
    return main(["stress", str(folder), *fixed, *more])


def test_the_command_writes_tables_and_pictures(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert stress(folder, out, "--shock", "driver_no_show", "--shock", "demand_surge") == 0
    assert {path.name for path in out.iterdir()} == {
        "stress.csv",
        "runs.csv",
        "stress.txt",
        "stress.png",
        "stress.svg",
    }
    with (out / "stress.csv").open(encoding="utf-8") as file:
        rows = {row["shock"]: row for row in csv.DictReader(file)}
    assert float(rows["none"]["meals_given_mean"]) == 6
    assert float(rows["driver_no_show"]["meals_given_change"]) == 0
    assert float(rows["demand_surge"]["level_min_change"]) == -0.25
    assert len((out / "runs.csv").read_text(encoding="utf-8").splitlines()) == 1 + 2 + 4
    assert (out / "stress.png").read_bytes().startswith(b"\x89PNG")
    assert ET.parse(out / "stress.svg").getroot().tag.endswith("svg")
    assert "Data as given: tiny" in capsys.readouterr().out


def test_json_is_one_document_with_rows_and_runs(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stress(folder, tmp_path / "out", "--shock", "driver_no_show", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert [row["shock"] for row in found["rows"]] == ["none", "driver_no_show"]
    assert len(found["runs"]) == 4
    assert not any(isnan(row["km_mean"]) for row in found["rows"])


def test_weeks_without_a_plan_end_with_exit_code_1(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pins = "kind,household_id,lot_id,session_id,vehicle_id,units\nfix,A,RICE,,,4\n"
    (folder / "pins.csv").write_text(pins, encoding="utf-8")
    assert stress(folder, tmp_path / "out", "--shock", "donor_loss") == 1
    assert "2 weeks infeasible" in capsys.readouterr().err
    assert (tmp_path / "out" / "stress.png").exists()


def test_unknown_names_list_the_known_ones(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stress", "osaka"]) == 2
    assert "takatsuki, southern_tier" in capsys.readouterr().err
    assert stress(folder, tmp_path, "--shock", "locusts") == 2
    assert "driver_no_show" in capsys.readouterr().err
    assert stress(folder, tmp_path, "--severity", "101") == 2


def test_a_bad_week_ends_with_findings(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "lots.csv").unlink()
    assert stress(folder, tmp_path / "out") == 1
    assert "lots.csv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
