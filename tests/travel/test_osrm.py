"""An OSRM server: right answers, every way of failing, what is sent, what is kept."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from logistics.model.people import Household
from logistics.model.problem import Leg, Travel, TravelSettings, WeekProblem
from logistics.model.travel import OsrmSettings
from logistics.travel import TravelFailed, asking, measure
from tests.travel.fake_osrm import Fake, fake_osrm
from tests.travel.test_legs import village

# On the fake server 0.00001 degrees are 1 m and 0.1 s.
PLACES = {"A": (34.80, 135.60), "B": (34.80, 135.61), "C": (34.83, 135.60)}


@pytest.fixture
def osrm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    monkeypatch.setattr(asking, "FIRST_WAIT_S", 0.0)
    with fake_osrm() as fake:
        yield fake


def week(
    fake: Fake,
    folder: Path,
    legs: Travel | None = None,
    places: dict[str, tuple[float, float]] = PLACES,
    **settings: object,
) -> WeekProblem:
    osrm = replace(OsrmSettings(url=fake.url, speed_factor=0.5, timeout_s=0.4), **settings)  # type: ignore[arg-type]
    return village(places, TravelSettings("osrm", osrm=osrm, folder=str(folder)), legs)


def fault_of(problem: WeekProblem) -> tuple[str, str]:
    with pytest.raises(TravelFailed) as failed:
        measure(problem, problem.sites)
    (finding,) = failed.value.findings("en")
    return finding.code, finding.text()


def test_times_are_slowed_and_doors_walked_to(osrm: Fake, tmp_path: Path) -> None:
    # A to B: 0.01 degrees, 1000 m, 100 s; at half the speed 200 s. 5 m on foot at both ends: 10 m,
    # at 4 km/h 9 s.
    osrm.snap_m = 5.0
    measured = measure(week(osrm, tmp_path), PLACES)
    assert measured.legs["A", "B"] == Leg(1010, 209)
    assert measured.legs["C", "A"] == Leg(3010, 609)
    assert measured.engine == "osrm"
    assert not measured.is_closed
    assert measured.detail.startswith(f"{osrm.url}/driving, ×0.5, 20")
    assert len(osrm.asked) == 1


def test_travel_csv_overrides_and_what_it_knows_whole_is_not_asked(
    osrm: Fake, tmp_path: Path
) -> None:
    measured = measure(week(osrm, tmp_path, {("A", "B"): Leg(7, 8)}), ["A", "B"])
    assert measured.legs == {("A", "B"): Leg(7, 8), ("B", "A"): Leg(1000, 200)}
    assert measured.engine == "osrm+travel.csv"
    both = {("A", "B"): Leg(7, 8), ("B", "A"): Leg(9, 10)}
    whole = measure(week(osrm, tmp_path / "new", both), ["A", "B"])
    assert (whole.legs, whole.engine) == (both, "travel.csv")
    assert len(osrm.asked) == 1


@pytest.mark.parametrize(("limit", "most"), [(100, 7), (5, 7), (5, 100), (3, 100)])
def test_chunks_give_the_same_legs(osrm: Fake, tmp_path: Path, limit: int, most: int) -> None:
    places = {f"P{i:02}": (34.8 + i * i / 1000, 135.6 - i / 500) for i in range(12)}
    whole = measure(week(osrm, tmp_path / "one", places=places), places)
    osrm.table_max = limit
    parts = measure(week(osrm, tmp_path / "two", places=places, table_max=most), places)
    assert parts.legs == whole.legs


def test_a_request_that_is_too_long_is_cut(osrm: Fake, tmp_path: Path) -> None:
    osrm.script = [414]
    assert measure(week(osrm, tmp_path, table_max=4), PLACES).legs["C", "B"] == Leg(4000, 800)
    osrm.script = [414] * 9
    assert fault_of(week(osrm, tmp_path / "b", table_max=4))[0] == "travel_bad_answer"


def test_places_at_one_point_are_asked_for_once(osrm: Fake, tmp_path: Path) -> None:
    places = {"A": (34.8, 135.6), "B": (34.8, 135.6), "C": (34.81, 135.6)}
    legs = measure(week(osrm, tmp_path, places=places), places).legs
    assert legs["A", "B"] == Leg(0, 0)
    assert legs["A", "C"] == legs["B", "C"] == Leg(1000, 200)
    assert osrm.asked[0].count(",34.8") == 2


@pytest.mark.parametrize(
    "script", [[500], [503, b'{"code": "Ok", "dist'], ["cut"], [429, 502, 504]]
)
def test_what_may_pass_is_tried_again(osrm: Fake, tmp_path: Path, script: list[object]) -> None:
    osrm.script = list(script)
    assert measure(week(osrm, tmp_path), PLACES).legs["A", "B"] == Leg(1000, 200)
    assert len(osrm.asked) == len(script) + 1


NULLS = [[0, None, 5], [5, 0, None], [5, None, 0]]
FAILURES = [
    ([500] * 9, "travel_server_down", "HTTP 500"),
    (["hang"] * 9, "travel_slow", "0.4 s"),
    (["cut"] * 9, "travel_bad_answer", ""),
    ([b"<html>"] * 9, "travel_bad_answer", "JSON"),
    ([b"[" * 100_000] * 9, "travel_bad_answer", "JSON"),
    ([404], "travel_refused", "HTTP 404"),
    ([302], "travel_refused", "HTTP 302"),
    ([{"code": "InvalidValue", "message": "profile"}], "travel_refused", "InvalidValue: profile"),
    ([{"durations": [[1]]}], "travel_bad_answer", "3 rows"),
    ([{"durations": [[0, -1, 0]] * 3}], "travel_bad_answer", ">= 0"),
    ([{"distances": [[0, "7", 0]] * 3}], "travel_bad_answer", ">= 0"),
    ([{"distances": [[0, True, 0]] * 3}], "travel_bad_answer", ">= 0"),
    ([{"distances": [[0, float("nan"), 0]] * 3}], "travel_bad_answer", ">= 0"),
    ([{"distances": None}], "travel_bad_answer", "rows"),
    ([{"distances": [[0, 1e300, 0]] * 3}], "travel_bad_answer", ">= 0"),
    ([{"code": "No", "message": "\x1b[2Jbell\x07"}], "travel_refused", "(No: [2Jbell)"),
    ([{"sources": None}], "travel_bad_answer", "TypeError"),
    ([{"sources": [{}] * 3}], "travel_bad_answer", "KeyError"),
    ([{"durations": NULLS}], "travel_no_way", "3 pairs of places: A → B, B → C, C → B"),
]


@pytest.mark.parametrize(("script", "code", "words"), FAILURES)
def test_failures_are_findings(
    osrm: Fake, tmp_path: Path, script: list[object], code: str, words: str
) -> None:
    osrm.script = list(script)
    found, text = fault_of(week(osrm, tmp_path))
    assert found == code
    assert words in text
    assert code == "travel_no_way" or (osrm.url in text and "engine =" in text)
    kept = len(list(tmp_path.rglob("*.npz")))
    assert kept == (code == "travel_no_way"), "only answers are kept"


def test_no_server_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "FIRST_WAIT_S", 0.0)
    with fake_osrm() as gone:
        problem = week(gone, tmp_path)
    assert fault_of(problem)[0] == "travel_server_down"


def test_a_pair_without_a_way_may_stand_in_travel_csv(osrm: Fake, tmp_path: Path) -> None:
    osrm.script = [{"durations": NULLS}]
    known = {("A", "B"): Leg(1, 2), ("B", "C"): Leg(3, 4), ("C", "B"): Leg(5, 6)}
    legs = measure(week(osrm, tmp_path, known), PLACES).legs
    assert legs["A", "B"] == Leg(1, 2)
    assert legs["A", "C"].seconds == 10  # 5 s at half the speed


def test_a_place_far_from_every_road_is_named(osrm: Fake, tmp_path: Path) -> None:
    far, near = {"distance": 801.0}, {"distance": 1.0}
    waypoints = [near, far, near]
    osrm.script = [{"sources": waypoints, "destinations": waypoints}]
    code, text = fault_of(week(osrm, tmp_path))
    assert code == "travel_far"
    assert "B is 801 m from the nearest road, more than 500 m" in text


def test_waiting_grows_and_is_bounded(osrm: Fake, tmp_path: Path) -> None:
    osrm.script = [500] * 9
    waits: list[float] = []
    settings = week(osrm, tmp_path).travel.osrm
    with asking.Asking(settings, waits.append) as server, pytest.raises(TravelFailed):
        server.get("/table/v1/driving/1,2;3,4?sources=0&destinations=1")
    assert len(waits) == asking.ATTEMPTS - 1 == len(osrm.asked) - 1
    assert all(0 <= wait <= asking.LONGEST_WAIT_S for wait in waits)


def test_a_second_planning_asks_nothing_and_says_how_old_it_is(
    osrm: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_795_000_000.0)  # 2026-11-18
    first = measure(week(osrm, tmp_path), PLACES)
    monkeypatch.setattr(time, "time", lambda: 1_795_000_000.0 + 5 * 86_400)
    again = measure(week(osrm, tmp_path, speed_factor=1.0), PLACES)
    assert len(osrm.asked) == 1, "another factor needs no new answer"
    assert again.legs["A", "B"] == Leg(1000, 100)
    assert "2026-11-18" in again.detail
    assert first.warnings == again.warnings == ()
    more = {**PLACES, "D": (34.85, 135.6)}
    grown = measure(week(osrm, tmp_path, places=more), more)
    assert grown.legs["D", "A"] == Leg(5000, 1000)
    assert "2026-11-18–2026-11-23" in grown.detail
    sent = {
        point for path in osrm.asked[1:] for point in path.split("?")[0].split("/")[-1].split(";")
    }
    assert "135.600000,34.850000" in sent
    asked = len(osrm.asked)
    monkeypatch.setattr(time, "time", lambda: 1_795_000_000.0 + 31 * 86_400)
    assert "2026-12-19" in measure(week(osrm, tmp_path), PLACES).detail
    assert len(osrm.asked) > asked, "older than cache_days"
    asked = len(osrm.asked)
    measure(week(osrm, tmp_path, cache_days=0), PLACES)
    assert len(osrm.asked) == asked + 1


def test_new_roads_on_the_server_replace_all_that_was_kept(osrm: Fake, tmp_path: Path) -> None:
    osrm.version = "2026-10"
    measure(week(osrm, tmp_path, places={k: PLACES[k] for k in "AB"}), "AB")
    osrm.version, osrm.script = "2026-11", []
    measured = measure(week(osrm, tmp_path), PLACES)
    assert measured.detail.endswith("2026-11")
    assert len(osrm.asked[-1].split("?")[0].split(";")) == 3, "all three are asked for again"


def test_roads_that_change_while_they_are_asked_for_are_refused(osrm: Fake, tmp_path: Path) -> None:
    osrm.script = [{"data_version": "1"}, {"data_version": "2"}]
    code, text = fault_of(week(osrm, tmp_path, table_max=2))
    assert code == "travel_bad_answer"
    assert "data_version" in text


@pytest.mark.parametrize("damage", ["cut", "text", "other", "negative", "empty"])
def test_a_broken_cache_is_a_warning_and_asked_again(
    osrm: Fake, tmp_path: Path, damage: str
) -> None:
    import numpy as np

    legs = measure(week(osrm, tmp_path), PLACES).legs
    (path,) = tmp_path.rglob("*.npz")
    content = path.read_bytes()
    with np.load(path) as file:
        arrays = dict(file)
    if damage == "other":
        arrays["format"] = np.array(["osusowake.travel-cache/1", "http://b driving", ""])
    arrays["seconds"] = arrays["seconds"] - 1
    np.savez(path, **arrays)
    if damage in ("cut", "text", "empty"):
        path.write_bytes({"cut": content[:-40], "text": b"legs", "empty": b""}[damage])
    again = measure(week(osrm, tmp_path), PLACES)
    assert again.legs == legs
    assert [warning.code for warning in again.warnings] == ["cache_broken"]
    assert len(osrm.asked) == 2
    assert measure(week(osrm, tmp_path), PLACES).warnings == ()


def test_a_cache_that_cannot_be_written_is_a_warning(osrm: Fake, tmp_path: Path) -> None:
    (tmp_path / "travel-cache").write_text("a file where the folder should be")
    measured = measure(week(osrm, tmp_path), PLACES)
    assert [warning.code for warning in measured.warnings] == ["cache_unwritten"]
    assert measured.legs["A", "B"] == Leg(1000, 200)


def test_a_cache_write_that_fails_leaves_the_old_file(
    osrm: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(week(osrm, tmp_path), PLACES)
    (path,) = tmp_path.rglob("*.npz")
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    more = {**PLACES, "D": (34.85, 135.6)}
    warnings = measure(week(osrm, tmp_path, places=more), more).warnings
    assert [warning.code for warning in warnings] == ["cache_unwritten"]
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path], "nothing half written is left"


REMOTE = "http://osrm.example.org"


def test_another_machine_is_asked_only_on_purpose(osrm: Fake, tmp_path: Path) -> None:
    code, text = fault_of(week(osrm, tmp_path, url=REMOTE))
    assert code == "travel_remote"
    assert "allow_remote = true" in text


@pytest.mark.parametrize(
    ("url", "local"),
    [("http://127.0.0.1:5000", True), ("http://127.8.9.1", True), ("https://[::1]:5000/a", True),
     ("http://localhost:5000", True), (REMOTE, False), ("http://192.168.1.5:5000", False),
     ("http://localhost.example.org", False), ("http://0.0.0.0:5000", False)],
)  # fmt: skip
def test_what_counts_as_this_machine(url: str, local: bool) -> None:
    assert OsrmSettings(url).is_local is local


def test_homes_are_rounded_for_another_machine(
    osrm: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, home = (34.812345, 135.612345), (34.856789, 135.656789)
    base = week(osrm, tmp_path, places={"S": site})
    problem = replace(base, households={"H": Household("H", *home, members=1, meals_wanted=1)})
    measure(problem, ["S", "H"])
    assert "135.656789,34.856789" in osrm.asked[-1]
    away = property(lambda _: False)
    monkeypatch.setattr(OsrmSettings, "is_local", away)
    settings = replace(problem.travel.osrm, allow_remote=True, cache_days=0)
    measure(replace(problem, travel=replace(problem.travel, osrm=settings)), ["S", "H"])
    assert "135.612345,34.812345" in osrm.asked[-1]
    assert "135.657000,34.857000" in osrm.asked[-1]
    assert "H" not in osrm.asked[-1]
