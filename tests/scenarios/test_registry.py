"""The registry names committed week folders, and their builders write exactly what is committed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from logistics.intake import read_week
from logistics.model.errors import InvalidFact, NotFound, errors_in
from scenarios.registry import Scenario, names, register, scenario


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_both_scenarios_are_declared() -> None:
    assert names() == ("takatsuki", "southern_tier")
    assert all(scenario(name).title_ja and scenario(name).title_en for name in names())


@pytest.mark.parametrize("name", names())
def test_the_builder_writes_the_committed_folder_byte_for_byte(name: str, tmp_path: Path) -> None:
    declared = scenario(name)
    declared.build(tmp_path / "week", declared.seed)
    assert files_of(tmp_path / "week") == files_of(declared.folder)


@pytest.mark.parametrize("name", names())
def test_another_seed_is_another_valid_week(name: str, tmp_path: Path) -> None:
    declared = scenario(name)
    declared.build(tmp_path / "week", declared.seed + 7)
    built, committed = files_of(tmp_path / "week"), files_of(declared.folder)
    assert built["households.csv"] != committed["households.csv"]
    assert built["sites.csv"] == committed["sites.csv"]
    assert errors_in(read_week(tmp_path / "week")[1]) == []


@pytest.mark.parametrize("name", names())
def test_the_committed_folder_has_nothing_to_find(name: str) -> None:
    problem, findings = read_week(scenario(name).folder)
    assert problem is not None
    assert [finding.text() for finding in findings] == []


def test_an_unknown_scenario_is_refused_by_name_and_the_known_ones_are_listed() -> None:
    with pytest.raises(NotFound, match=r"'osaka'.*takatsuki, southern_tier"):
        scenario("osaka")


def test_a_name_is_taken_once() -> None:
    taken = scenario("takatsuki")
    with pytest.raises(InvalidFact, match="'takatsuki' is already registered"):
        register(Scenario("takatsuki", taken.folder, "写し", "a copy", taken.build))
    assert scenario("takatsuki") is taken


def test_the_registry_is_light_to_import() -> None:
    code = (
        "import sys, scenarios.registry;"
        "heavy = {'numpy', 'pandas', 'ortools', 'pydantic'} & sys.modules.keys();"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
