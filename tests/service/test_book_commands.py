"""The book from the command line, end to end, with the real reader and the real judge.

The week: 10 units of rice (a meal each) stand at the hub, where session V is held on Wednesday. A
wants 4 meals and B wants 2, and both get them: levels 1, floor 1/2, leftover 4 units that keep.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from logistics.intake import read_week
from logistics.model.plan import (
    Allocation,
    Fate,
    Fill,
    HeldBy,
    Leftover,
    Level,
    Line,
    Metrics,
    Plan,
    Stage,
    Status,
    TravelSource,
)
from logistics.model.plan_json import plan_text
from logistics.travel import write_travel
from service.cli import main

MONDAY = date(2026, 11, 23)
FILES = {
    "week.toml": 'name = "tiny"\nweek_start = 2026-11-23\ntimezone = "Asia/Tokyo"\n'
    "[policy]\ngroup_share_max = 1.0\n",
    "organisations.csv": "org_id,name,sector\nO1,Giver,company\n",
    "sites.csv": "site_id,org_id,name,kind,lat,lon,ambient_kg,chilled_kg,frozen_kg,"
    "receive_open,receive_close,dock_minutes\n"
    "HUB,O1,本部,hub,34.85,135.62,100,,,08:00,18:00,5\n",
    "lots.csv": "lot_id,site_id,org_id,item,food_group,storage,units,hold_units,unit_g,unit_meals,"
    "pack,label,label_date,made_on,ready_at,collect_by,hours_max,allergens,allergens_checked,"
    "kitchen_needed,tags\n"
    "RICE,HUB,O1,米,staple,ambient,10,0,500,1,1,best_before,2027-11-30,,,,,none,all,none,\n",
    "sessions.csv": "session_id,site_id,date,open,close,households_max\n"
    "V,HUB,2026-11-25,10:00,12:00,\n",
    "households.csv": "household_id,lat,lon,members,infants,children,seniors,meals_wanted,avoid,"
    "diet,kitchen,cold,channel,session_ids,date,window_open,window_close,visit_minutes,language,"
    "weight\n"
    "A,34.85,135.62,4,0,0,0,4,,,full,fridge,pickup,V,,,,,ja,1\n"
    "B,34.85,135.62,2,0,0,0,2,,,full,fridge,pickup,V,,,,,ja,1\n",
    "vehicles.csv": "vehicle_id,home_site_id,ambient_kg,chilled_kg,frozen_kg,cold_minutes_max\n",
    "shifts.csv": "vehicle_id,date,start,end\n",
    "history.csv": "household_id,week_start,meals_wanted,meals_received\n",
}
OUTCOMES = (
    "household_id,lot_id,session_id,date,outcome,units,to_site_id,reason,recorded_at\n"
    "A,RICE,V,2026-11-25,partly,3,,,2026-11-25T12:10\n"
    "B,RICE,V,2026-11-25,wasted,2,,破損,2026-11-25T12:10\n"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the week in `week/` and its plan in `out/`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OSUSOWAKE_DB", raising=False)
    (tmp_path / "week").mkdir()
    (tmp_path / "out").mkdir()
    for name, text in FILES.items():
        (tmp_path / "week" / name).write_text(text, encoding="utf-8")
    write_plan(tmp_path)
    return tmp_path


def write_plan(home: Path, **change: object) -> None:
    problem, findings = read_week(home / "week")
    assert problem is not None, [finding.text() for finding in findings]
    sha256 = write_travel(home / "out" / "travel.csv", {})
    one, half, both = Fraction(1), Fraction(1, 2), ("A", "B")
    wanted = {"A": 4, "B": 2}
    allocation = Allocation(
        status=Status.OPTIMAL,
        lines=tuple(Line(who, "RICE", "V", 2, units) for who, units in wanted.items()),
        fill=tuple(
            Fill(who, units, Fraction(units), 0, Fraction(0), one, one)
            for who, units in wanted.items()
        ),
        levels=(
            Level("floor", half, both, HeldBy(), "min_cut", half),
            Level("level", one, both, HeldBy(), "min_cut", one),
        ),
        leftover=(Leftover("RICE", "HUB", 4, Fate.KEEP),),
    )
    plan = Plan(
        problem_digest=problem.digest,
        seed=1,
        versions={},
        travel=TravelSource("estimate", sha256=sha256),
        allocation=allocation,
        routes=(),
        stages=(Stage("floor", Status.OPTIMAL, 0.5, 0.5, 0.0, 0.01),),
        metrics=Metrics(6, Fraction(6), 1.0, 1.0, 0.0, 0.0, 0, 0, 2),
    )
    text = plan_text(replace(plan, **change), MONDAY)  # type: ignore[arg-type]
    (home / "out" / "plan.json").write_text(text, encoding="utf-8")


class Answer:
    """What a command said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *args: str) -> None:
        self.code = main(list(args))
        self.out, self.err = capsys.readouterr()
        assert "Traceback" not in self.err
        assert "internal error" not in self.err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> Answer:
    return Answer(capsys, *args)


def published(capsys: pytest.CaptureFixture[str]) -> None:
    for args in (["init"], ["import", "week"], ["publish", "week", "out/plan.json"]):
        answer = run(capsys, *args)
        assert answer.code == 0, answer.err


def test_a_week_from_init_to_trace(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "the book is ready" in run(capsys, "init").out
    assert "1 lots received" in run(capsys, "import", "week").out
    assert "2 lines, 6 units reserved" in run(capsys, "publish", "week", "out/plan.json").out
    row = run(capsys, "stock", "--json").json["stock"][0]
    assert (row["place_id"], row["on_hand"], row["reserved"], row["free"]) == ("HUB", 10, 6, 4)
    (home / "week" / "outcomes.csv").write_text(OUTCOMES, encoding="utf-8")
    assert "2 rows recorded, 0 were" in run(capsys, "record", "week").out
    stock = run(capsys, "stock", "--site", "HUB").out
    assert "site HUB 本部" in stock
    assert "米" in stock
    # 10 - 3 (A) - 2 (wasted) = 5, the unit that A did not take is free again
    row = run(capsys, "stock", "--json").json["stock"][0]
    assert (row["on_hand"], row["reserved"], row["free"]) == (5, 0, 5)
    trace = run(capsys, "trace", "RICE").out
    assert "handed over  3  site HUB 本部 → household A" in trace
    assert "thrown away  2  site HUB 本部 → waste (破損)" in trace
    assert "引渡し  3" in run(capsys, "trace", "RICE", "--lang", "ja").out
    told = run(capsys, "trace", "RICE", "--json").json
    assert [step["kind"] for step in told["forward"]] == ["receive", "discard", "deliver"]
    assert {end["id"]: end["units"] for end in told["back"]} == {"A": 3, "HUB": 5, "waste": 2}


def test_every_verb_again_changes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published(capsys)
    (home / "outcomes.csv").write_text(OUTCOMES, encoding="cp932")
    assert run(capsys, "record", "outcomes.csv").code == 0
    before = run(capsys, "trace", "RICE", "--json").out
    assert run(capsys, "init").code == 0
    assert run(capsys, "import", "week", "--json").json["unchanged"] == 1
    assert run(capsys, "publish", "week", "out/plan.json", "--json").json["repeated"] is True
    again = run(capsys, "record", "outcomes.csv", "--json").json
    assert (again["recorded"], again["known"]) == (0, 2)
    assert run(capsys, "trace", "RICE", "--json").out == before


def test_the_book_may_lie_elsewhere(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(capsys, "init", "--db", "sqlite:///other.db").code == 0
    assert (home / "other.db").exists()
    assert not (home / "osusowake.db").exists()
    monkeypatch.setenv("OSUSOWAKE_DB", "sqlite:///other.db")
    assert run(capsys, "stock").out == "nothing in stock\n"


@pytest.mark.parametrize(
    "args",
    [
        ["import", "week"],
        ["publish", "week", "out/plan.json"],
        ["record", "outcomes.csv"],
        ["stock"],
        ["trace", "RICE"],
    ],
    ids=lambda args: args[0],
)
def test_without_a_book_each_verb_says_how_to_make_one(
    home: Path, capsys: pytest.CaptureFixture[str], args: list[str]
) -> None:
    (home / "outcomes.csv").write_text(OUTCOMES, encoding="utf-8")
    answer = run(capsys, *args)
    assert answer.code == 1
    assert "create it with `osusowake init`" in answer.err
    assert not (home / "osusowake.db").exists()


def test_a_week_with_errors_is_not_imported(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init")
    lots = home / "week" / "lots.csv"
    lots.write_text(lots.read_text("utf-8").replace(",10,0,", ",ten,0,"), encoding="utf-8")
    answer = run(capsys, "import", "week")
    assert answer.code == 1
    assert "lots.csv row 2 column units" in answer.err
    assert run(capsys, "stock", "--json").json["stock"] == []


def test_changed_units_are_refused_with_the_difference_and_counted_on_demand(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "init")
    run(capsys, "import", "week")
    lots = home / "week" / "lots.csv"
    lots.write_text(lots.read_text("utf-8").replace(",10,0,", ",8,0,"), encoding="utf-8")
    answer = run(capsys, "import", "week")
    assert answer.code == 1
    assert "Lot RICE: counted 8 at HUB, book says 10 (2 missing)" in answer.err
    refused = run(capsys, "publish", "week", "out/plan.json")
    assert refused.code == 1
    assert "1 count differences booked" in run(capsys, "import", "week", "--count").out
    assert run(capsys, "stock", "--json").json["stock"][0]["on_hand"] == 8


def test_publish_refuses_what_the_judge_finds(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "init")
    run(capsys, "import", "week")
    write_plan(home, metrics=Metrics(6, Fraction(6), 1.0, 1.0, 0.0, 0.0, 0, 0, 9))
    answer = run(capsys, "publish", "week", "out/plan.json")
    assert answer.code == 1
    assert "households_served" in answer.err
    assert run(capsys, "stock", "--json").json["stock"][0]["reserved"] == 0


def test_publish_refuses_a_book_that_has_moved(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(capsys)
    (home / "outcomes.csv").write_text(OUTCOMES, encoding="utf-8")
    run(capsys, "record", "outcomes.csv")
    write_plan(home, seed=2)
    answer = run(capsys, "publish", "week", "out/plan.json")
    assert answer.code == 1
    assert "Lot RICE at HUB: the plan counts on 10 units in all, the book has 5" in answer.err
    moved = run(capsys, "publish", "week", "out/plan.json", "--json")
    assert moved.code == 1
    difference = moved.json["differences"][0]
    assert (difference["expected"], difference["found"]) == (10, 5)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("plan.json", "{", "not valid JSON"),
        ("plan.json", "[]", "expected format"),
        ("travel.csv", "from_id,to_id,metres,seconds\nA,B,1,1\n", "is not the file of this plan"),
        ("travel.csv", None, "travel.csv is missing"),
    ],
)
def test_publish_refuses_files_that_are_not_the_plans(
    home: Path, capsys: pytest.CaptureFixture[str], name: str, text: str | None, says: str
) -> None:
    run(capsys, "init")
    run(capsys, "import", "week")
    if text is None:
        (home / "out" / name).unlink()
    else:
        (home / "out" / name).write_text(text, encoding="utf-8")
    answer = run(capsys, "publish", "week", "out/plan.json")
    assert answer.code == 1
    assert says in answer.err


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            ",partly,3",
            ",partly,5",
            "outcomes.csv row 2 column units: Household A, lot RICE: 5 units",
        ),
        (",partly,3", ",partly,x", "outcomes.csv row 2 column units: expected a whole number"),
        ("A,RICE", "C,RICE", "outcomes.csv row 2: Household C, lot RICE: no published plan"),
        ("破損", "", "wasted needs a reason"),
        ("household_id", "家", "column household_id (世帯) is missing"),
    ],
)
def test_one_wrong_row_and_nothing_is_recorded(
    home: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, says: str
) -> None:
    published(capsys)
    (home / "outcomes.csv").write_text(OUTCOMES.replace(old, new), encoding="utf-8")
    answer = run(capsys, "record", "outcomes.csv")
    assert answer.code == 1
    assert says in answer.err
    told = run(capsys, "record", "outcomes.csv", "--json")
    assert told.code == 1
    assert told.json["ok"] is False
    assert run(capsys, "stock", "--json").json["stock"][0]["on_hand"] == 10


def test_what_does_not_exist_is_said_in_words(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(capsys)
    for args, says in (
        (["trace", "NONE"], "Lot NONE: the book has no entry of it"),
        (["stock", "--site", "NONE"], "Site NONE: the book knows no such site"),
        (["record", "week"], "outcomes.csv is missing"),
        (["stock", "--db", "mysql://x"], "SQLite"),
    ):
        answer = run(capsys, *args)
        assert answer.code == 1
        assert says in answer.err
    assert run(capsys, "import", "nowhere").code == 2
