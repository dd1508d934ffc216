"""The benchmark of travel engines, on a square of streets and a fake server."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.travel import main
from tests.travel.fake_osrm import fake_osrm


def test_every_engine_has_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nodes, edges = tmp_path / "nodes.csv", tmp_path / "edges.csv"
    nodes.write_text("node,lat,lon\na,34.8,135.6\nb,34.81,135.6\nc,34.81,135.61\nd,34.8,135.61\n")
    ring = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")]
    edges.write_text("from,to,length\n" + "".join(f"{x},{y},1200\n" for x, y in ring))
    with fake_osrm() as osrm:
        call = ["travel", str(nodes), str(edges), "--osrm", osrm.url, "--places", "9"]
        monkeypatch.setattr(sys, "argv", call)
        main()
        assert len(osrm.asked) == 1, "the second time from the cache"
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines() if "| " in line]
    assert [row[0].strip("| ") for row in rows[2:]] == ["estimate", "graph", "osrm"]
    # The estimate against itself, and 1.32 by definition; a ring of one-way streets is longer.
    assert rows[2][4].startswith("1.32 (1.32)")
    assert rows[2][5] == "1.00 (1.0)"
    assert float(rows[3][4].split()[0]) > 1.32
