"""A week on roads from end to end: settings, labels, findings as a coordinator meets them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from logistics.intake import read_week
from logistics.model.plan import TravelSource
from logistics.model.problem import TravelSettings
from logistics.model.travel import GraphSettings, OsrmSettings
from logistics.reports.driving import driver_sheets
from logistics.reports.messages import Words
from logistics.travel import asking
from logistics.words.sources import source_in_words
from service.cli import main
from tests.intake.folder import Folder
from tests.reports.sample import sample_plan, sample_problem
from tests.travel.fake_osrm import fake_osrm

# A ring of roads round the sites and homes of the small week.
RING = [(34.83, 135.59), (34.87, 135.59), (34.87, 135.63), (34.83, 135.63)]


def week_on(folder: Path, travel: str) -> Path:
    """The small valid week with other travel settings."""
    week = Folder()
    week.settings = f"{week.settings}\n{travel}"
    week.write(folder)
    return folder


def roads(folder: Path, edges: str = "from,to,length,speed\n0,1,4500,30\n1,2,3700,30\n2,3,4500,30\n"
          "3,0,3700,30\n") -> None:  # fmt: skip
    (folder / "nodes.csv").write_text(
        "node,lat,lon\n" + "".join(f"{i},{lat},{lon}\n" for i, (lat, lon) in enumerate(RING))
    )
    (folder / "edges.csv").write_text(edges)


GRAPH = """
[travel]
engine = "graph"
snap_m = 4000
graph = { nodes = "nodes.csv", edges = "edges.csv", both_ways = true }
"""


def test_settings_reach_the_week(tmp_path: Path) -> None:
    text = """
[travel]
engine = "ｏｓｒｍ"
snap_m = 700
walk_kmh = 3
[travel.graph]
speed_factor = 0.9
[travel.osrm]
url = "http://localhost:5001/"
profile = "car"
speed_factor = 0.5
timeout_s = 2.5
cache = "../kept"
cache_days = 7
table_max = 50
"""
    problem, findings = read_week(week_on(tmp_path / "week", text))
    assert findings == []
    assert problem is not None
    osrm = OsrmSettings("http://localhost:5001", "car", 0.5, 2.5, "../kept", 7, 50)
    graph = GraphSettings(speed_factor=0.9)
    assert problem.travel == TravelSettings("osrm", 21, 1.32, 700, 3, graph, osrm)
    assert problem.travel.folder == str(tmp_path / "week")


def test_a_week_on_a_road_graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = week_on(tmp_path / "week", GRAPH), tmp_path / "out"
    roads(folder)
    assert main(["check", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == [], "its files are used"
    assert main(["plan", str(folder), "--out", str(out), "--seconds", "1", "--lang", "ja"]) == 0
    assert "距離と時間：道路（道路グラフ edges.csv " in capsys.readouterr().out
    travel = json.loads((out / "plan.json").read_text(encoding="utf-8"))["travel"]
    assert travel["engine"] == "graph+travel.csv"
    assert travel["detail"].startswith("edges.csv ")
    roads(folder, "from,to,length\n")
    assert main(["verify", str(folder), str(out / "plan.json")]) == 0, "a judge needs no roads"
    capsys.readouterr()
    for verb in (["check"], ["plan", "--out", str(out)]):
        assert main([verb[0], str(folder), *verb[1:], "--lang", "ja", "--json"]) == 1
        (finding,) = json.loads(capsys.readouterr().out)["findings"]
        assert (finding["code"], finding["file"]) == ("travel_empty_graph", "edges.csv")
        assert finding["message"] == "道路グラフに辺がありません"
    assert main(["wishes", str(folder)]) == 1
    assert "the road graph has no edges; " in capsys.readouterr().err


def test_a_week_on_a_server_plans_again_without_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "FIRST_WAIT_S", 0.0)
    out = tmp_path / "out"
    with fake_osrm() as osrm:
        url = osrm.url
        travel = f'\n[travel]\nengine = "osrm"\n[travel.osrm]\nurl = "{url}"\n'
        folder = week_on(tmp_path / "week", travel)
        assert main(["check", str(folder)]) == 0
        assert osrm.asked == [], "check asks nobody"
        call = ["plan", str(folder), "--out", str(out), "--seconds", "1", "--lang", "en"]
        assert main(call) == 0
        assert len(osrm.asked) == 1, "plan and advice share what was answered"
    assert (
        f"Distances and times: roads (OSRM at {url}/driving, ×0.43, 20" in capsys.readouterr().out
    )
    assert main(call) == 0
    (kept,) = (folder / "travel-cache").iterdir()
    kept.write_text("broken")
    capsys.readouterr()
    assert main([*call, "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["code"] == "travel_server_down"
    assert 'engine = "estimate"' in finding["fix"]


def test_a_broken_cache_is_told_with_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with fake_osrm() as osrm:
        travel = f'\n[travel]\nengine = "osrm"\n[travel.osrm]\nurl = "{osrm.url}"\n'
        folder = week_on(tmp_path / "week", travel)
        call = [
            "plan",
            str(folder),
            "--out",
            str(tmp_path / "out"),
            "--seconds",
            "4",
            "--lang",
            "en",
        ]
        assert main(call) == 0
        (kept,) = (folder / "travel-cache").iterdir()
        kept.write_text("broken")
        assert main(call) == 0
    assert "warning: [travel_cache_broken]" in capsys.readouterr().err


SOURCES = [
    (
        TravelSource("estimate", detail="×1.32, 21 km/h"),
        "estimated (×1.32, 21 km/h)",
        "推定（×1.32",
    ),
    (TravelSource("estimate"), "estimated (?)", "推定（?）"),
    (
        TravelSource("graph+travel.csv", detail="e"),
        "roads (road graph e); travel.csv",
        "travel.csv に",
    ),
    (
        TravelSource("osrm", detail="http://a/driving"),
        "roads (OSRM at http://a/driving)",
        "道路（OSRM",
    ),
    (TravelSource("travel.csv"), "Distances and times: travel.csv", "時間：travel.csv"),
    (TravelSource("far"), "far", "far"),
]


@pytest.mark.parametrize(("source", "english", "japanese"), SOURCES)
def test_where_legs_come_from_is_said(source: TravelSource, english: str, japanese: str) -> None:
    assert english in source_in_words("en", source)
    assert japanese in source_in_words("ja", source)


@pytest.mark.parametrize(
    ("engine", "label"), [("estimate", "Distance (est.)"), ("osrm+travel.csv", "Distance (roads)")]
)
def test_driver_sheets_say_it(engine: str, label: str) -> None:
    week = sample_problem()
    plan = replace(sample_plan(week), travel=TravelSource(engine))
    for sheet in driver_sheets(plan, Words("en", week), {}):
        labels = {fact.label for page in sheet.pages for fact in page.blocks[0].facts}  # type: ignore[union-attr]
        assert label in labels
