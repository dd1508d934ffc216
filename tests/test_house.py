"""The house keeps its own rules."""

from __future__ import annotations

import tomllib
from pathlib import Path

from logistics.solver.planner import VERSION
from tools.check_messages import differences

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("logistics", "service", "scenarios", "benchmarks")


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
    assert f"[{VERSION}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_file_is_two_rooms_in_one() -> None:
    sources = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    assert len(sources) > 100
    long = {
        str(p.relative_to(ROOT)) for p in sources if len(p.read_text("utf-8").splitlines()) > 350
    }
    assert long == set()


def test_catalogues_say_the_same_in_both_languages() -> None:
    folders = {path.parent for room in ROOMS for path in (ROOT / room).rglob("ja.toml")}
    assert len(folders) == 3
    assert [line for folder in sorted(folders) for line in differences(folder)] == []
