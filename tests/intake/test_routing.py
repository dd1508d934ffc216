"""Public routing instances: what is read, how it is rounded, by which convention, and how quickly."""

from __future__ import annotations

from pathlib import Path

import pytest

from logistics.intake import read_routing
from logistics.model.errors import Finding
from logistics.model.routing import FOREVER, MUST, Convention, RoutingProblem
from tests.intake.routing_files import (
    ALL,
    CVRP,
    EXPLICIT,
    LI_LIM,
    PRIZES,
    RELOADS,
    SOLOMON,
    VRPTW,
    solomon_of,
    write,
)


def read(
    text: str, folder: Path, convention: Convention | None = None
) -> tuple[RoutingProblem, list[Finding]]:
    problem, findings = read_routing(write(text, folder), convention)
    assert problem is not None, [finding.text() for finding in findings]
    return problem, findings


def clean(text: str, folder: Path, convention: Convention | None = None) -> RoutingProblem:
    problem, findings = read(text, folder, convention)
    assert findings == []
    return problem


def test_cvrp_rounds_to_the_nearest(tmp_path: Path) -> None:
    problem = clean(CVRP, tmp_path)
    assert problem.convention is Convention.CVRPLIB
    assert problem.name == "tiny"
    assert list(problem.numbers) == [0, 1, 2, 3, 4]
    assert [problem.leg(0, i) for i in range(5)] == [0, 5, 5, 1, 7]  # sqrt 2 = 1.41
    assert problem.leg(3, 4) == 8  # sqrt(64 + 1) = 8.06
    assert problem.amounts == ([0, 5, 5, 4, 6],)
    (fleet,) = problem.vehicles
    assert (fleet.count, fleet.capacity, fleet.close_s, fleet.trips_max) == (
        None,
        (10,),
        FOREVER,
        1,
    )
    assert set(problem.prize) == {MUST}


def test_vrptw_cuts_after_one_decimal(tmp_path: Path) -> None:
    problem = clean(VRPTW, tmp_path)
    assert problem.convention is Convention.DIMACS
    assert problem.leg(0, 2) == problem.drive_s(0, 2) == 14  # 1.41
    assert problem.leg(1, 2) == 36  # sqrt(4 + 9) = 3.606
    assert problem.open_s == [0, 100, 0, 0]
    assert problem.service_s == [0, 20, 20, 20]
    (fleet,) = problem.vehicles
    assert (fleet.count, fleet.open_s, fleet.close_s) == (3, 0, 1000)
    finer = VRPTW.replace("2 10 20", "2 10.19 20.99").replace("TIME : 2", "TIME : 2.55")
    problem = clean(finer, tmp_path)
    assert (problem.open_s[1], problem.close_s[1], problem.service_s[1]) == (101, 209, 25)


def test_a_prize_of_nothing_stands_for_must(tmp_path: Path) -> None:
    problem = clean(PRIZES, tmp_path)
    assert problem.prize == [MUST, 70, MUST, 25]


def test_reloads_and_releases(tmp_path: Path) -> None:
    problem = clean(RELOADS, tmp_path)
    assert problem.release_s == [0, 0, 90, 0]
    assert problem.vehicles[0].trips_max is None
    limited = clean(RELOADS.replace("VEHICLES :", "VEHICLES_MAX_RELOADS : 2\nVEHICLES :"), tmp_path)
    assert limited.vehicles[0].trips_max == 3


def test_solomon_and_li_lim(tmp_path: Path) -> None:
    problem = clean(SOLOMON, tmp_path)
    assert (problem.convention, problem.name) == (Convention.DIMACS, "tiny")
    same = clean(VRPTW, tmp_path)
    for name in ("x", "y", "amounts", "open_s", "close_s", "service_s", "vehicles"):
        assert getattr(problem, name) == getattr(same, name)
    problem = clean(LI_LIM, tmp_path)
    assert problem.name == "tiny"  # after its file
    assert problem.convention is Convention.SINTEF
    assert problem.vehicles_first
    assert problem.pairs == ((1, 3), (4, 2))
    assert problem.amounts == ([0, 5, -6, -5, 6],)
    # sqrt 2 = 1.41421356: the nearest millionth as a distance, upwards as a time
    assert (problem.leg(0, 2), problem.drive_s(0, 2)) == (1_414_214, 1_414_214)
    # sqrt 13 = 3.60555127
    assert (problem.leg(1, 2), problem.drive_s(1, 2)) == (3_605_551, 3_605_552)


def test_more_than_100_customers_are_gehring_and_hombergers(tmp_path: Path) -> None:
    assert clean(solomon_of(100), tmp_path).convention is Convention.DIMACS
    problem = clean(solomon_of(101), tmp_path)
    assert problem.convention is Convention.SINTEF
    assert problem.vehicles_first


@pytest.mark.parametrize("convention", list(Convention))
@pytest.mark.parametrize("form", ALL)
def test_every_convention_can_be_asked_for(
    form: str, convention: Convention, tmp_path: Path
) -> None:
    problem = clean(ALL[form], tmp_path, convention)
    assert problem.convention is convention
    assert problem.vehicles_first == (convention is Convention.SINTEF)


HALVES = {
    "FULL_MATRIX": "0 7 8\n7 0 9\n8 9 0",
    "LOWER_ROW": "7\n8 9",
    "LOWER_DIAG_ROW": "0 7 0 8 9 0",
    "UPPER_ROW": "7 8\n9",
    "UPPER_DIAG_ROW": "0 7 8 0\n9 0",
    "LOWER_COL": "7 8 9",
    "UPPER_COL": "7 8 9",
    "LOWER_DIAG_COL": "0 7 8 0 9 0",
    "UPPER_DIAG_COL": "0 7 0 8 9 0",
}


@pytest.mark.parametrize("form", HALVES)
def test_listed_distances(form: str, tmp_path: Path) -> None:
    text = EXPLICIT.replace("LOWER_ROW", form).replace("7\n8 9", HALVES[form])
    assert list(clean(text, tmp_path).distance) == [0, 7, 8, 7, 0, 9, 8, 9, 0]


def test_listed_distances_are_rounded_by_the_convention(tmp_path: Path) -> None:
    text = EXPLICIT.replace("8 9", "8.55 9.4999999")
    problem = clean(text, tmp_path)
    assert (problem.leg(0, 2), problem.leg(1, 2)) == (9, 9)
    problem = clean(text, tmp_path, Convention.DIMACS)
    assert (problem.leg(0, 2), problem.drive_s(1, 2)) == (85, 94)
    problem = clean(text, tmp_path, Convention.SINTEF)
    assert (problem.leg(0, 2), problem.drive_s(0, 2)) == (8_550_000, 8_550_000)
    assert (problem.leg(1, 2), problem.drive_s(1, 2)) == (9_500_000, 9_500_000)
    problem = clean(EXPLICIT, tmp_path, Convention.SINTEF)
    assert problem.drive_s(1, 2) == 9_000_000
    assert problem.duration == ()


def test_amounts_of_any_fraction_are_whole(tmp_path: Path) -> None:
    problem = clean(CVRP.replace("2 5\n", "2 0.25\n"), tmp_path)
    assert problem.amounts == ([0, 1, 20, 16, 24],)
    assert problem.vehicles[0].capacity == (40,)


def test_every_dress_of_a_file(tmp_path: Path) -> None:
    """Windows line ends, a byte order mark, comments, blank lines, rows in another order, tabs."""
    text = CVRP.replace("4 -1 -1\n5 7 0\n", "5 7 0\n\n# a remark\n4\t-1  -1.0e0\n")
    path = write(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), tmp_path)
    problem, findings = read_routing(path)
    assert findings == []
    assert problem == clean(CVRP, tmp_path)


def test_the_reference_package_reads_the_same(tmp_path: Path) -> None:
    vrplib = pytest.importorskip("vrplib")
    for text in (CVRP, VRPTW, PRIZES, RELOADS, EXPLICIT):
        problem = clean(text, tmp_path)
        said = vrplib.read_instance(tmp_path / "tiny.vrp")
        assert problem.amounts[0] == said["demand"].tolist()
        assert problem.vehicles[0].capacity == (said["capacity"],)
        if "time_window" in said:
            windows = [
                [a / 10, b / 10] for a, b in zip(problem.open_s, problem.close_s, strict=True)
            ]
            assert windows == said["time_window"].tolist()
        n, scale = problem.size, problem.scale
        for i in range(n):
            for j in range(n):
                assert abs(problem.leg(i, j) / scale - said["edge_weight"][i][j]) < 1 / scale


def test_large_instances_are_read(tmp_path: Path) -> None:
    path = write(solomon_of(20_000), tmp_path)
    problem, findings = read_routing(path)
    assert problem is not None, findings[:3]
    assert problem.size == 20_001
