"""A real `osrm-routed` on loopback, in a town of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from logistics.model.problem import TravelSettings
from logistics.model.travel import OsrmSettings
from logistics.travel import TravelFailed, measure
from tests.travel.real_osrm import osrm_home, served
from tests.travel.test_legs import village

pytestmark = pytest.mark.osrm

# A square run round one way (a -> b -> c -> d -> a), a street north of it for both ways, and an island.
# 0.01 degrees north: 1111.95 m; 0.01 degrees east at latitude 34.80: 1111.95 x cos 34.80 = 913.08 m.
NODES = {
    1: (34.80, 135.60), 2: (34.81, 135.60), 3: (34.81, 135.61), 4: (34.80, 135.61),
    5: (34.82, 135.60), 6: (34.82, 135.61), 7: (34.90, 135.60), 8: (34.90, 135.61),
}  # fmt: skip
WAYS = [((1, 2, 3, 4, 1), "yes"), ((2, 5, 6, 3), "no"), ((7, 8), "no")]
PLACES = {name: NODES[node] for name, node in zip("ABCDEF", (1, 2, 3, 4, 5, 6), strict=True)}


def town(folder: Path) -> Path:
    nodes = [
        f'<node id="{n}" version="1" lat="{lat}" lon="{lon}"/>' for n, (lat, lon) in NODES.items()
    ]
    ways = [
        f'<way id="{i}" version="1">' + "".join(f'<nd ref="{n}"/>' for n in line)
        + f'<tag k="highway" v="residential"/><tag k="oneway" v="{oneway}"/></way>'
        for i, (line, oneway) in enumerate(WAYS, start=1)
    ]  # fmt: skip
    path = folder / "town.osm"
    path.write_text(f'<osm version="0.6">{"".join(nodes + ways)}</osm>', encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("osrm")
    with served(
        osrm_home(), town(folder), folder, "--max-table-size", "4", version="town 1"
    ) as url:
        yield url


def settings(url: str, folder: Path) -> TravelSettings:
    return TravelSettings("osrm", osrm=OsrmSettings(url, speed_factor=0.5), folder=str(folder))


def test_the_towns_ways_in_metres(server: str, tmp_path: Path) -> None:
    measured = measure(village(PLACES, settings(server, tmp_path)), PLACES)
    legs = measured.legs
    north, east = 1112, 913
    # From B to A one must run round: east, south, west. The way north is free in both directions.
    expected = {"AB": north, "BA": 2 * east + north, "BE": north, "EB": north, "AC": north + east}
    for pair, metres in expected.items():
        assert legs[pair[0], pair[1]].metres == pytest.approx(metres, abs=5), pair
    # The car profile drives residential streets at 25 km/h: 1112 m take 160 s, at half the speed 320 s.
    assert legs["A", "B"].seconds == pytest.approx(320, abs=8)
    assert measured.warnings == ()
    assert measured.detail.endswith("town 1"), "the extract's data version"


def test_the_servers_limit_is_found_and_the_cache_asks_nothing(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = village(PLACES, settings(server, tmp_path))
    first = measure(problem, PLACES)  # six places, the server takes four

    def no_client(*_: object, **__: object) -> None:
        raise AssertionError("the server was asked again")

    monkeypatch.setattr(httpx, "Client", no_client)
    assert measure(problem, PLACES) == first


def test_an_island_has_no_way(server: str, tmp_path: Path) -> None:
    places = {"A": NODES[1], "B": NODES[2], "I": NODES[7]}
    with pytest.raises(TravelFailed) as failed:
        measure(village(places, settings(server, tmp_path)), places)
    (finding,) = failed.value.findings("en")
    assert finding.code == "travel_no_way"
    assert "A → I" in finding.message


def test_places_off_the_map_and_a_wrong_path(server: str, tmp_path: Path) -> None:
    far = {"A": NODES[1], "X": (35.5, 135.6)}
    with pytest.raises(TravelFailed, match=r"X is \d+ m from the nearest road"):
        measure(village(far, settings(server, tmp_path)), far)
    with pytest.raises(TravelFailed, match="refuses the question"):
        measure(village(PLACES, settings(f"{server}/osrm", tmp_path)), PLACES)
