"""Machine code on disk: where none can be kept, where none is yet; and only one process makes it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from logistics.solver.compiled import COMPILE_S, Kernel, kept

ROOT = Path(__file__).parents[2]

NOWHERE = """
from numba.core import caching
caching.CacheImpl._locator_classes = []  # what Numba finds where it may write nowhere
from logistics.solver.allocation.packs.kernel import anneal
from logistics.solver.routing.pantry.warm import KERNEL, function
from logistics.solver.routing.proof.labels import label
from logistics.solver.routing.search.anneal import run
for made in (anneal, function(), label, run):
    assert made.stats.cache_path is None
assert not KERNEL.is_ready()
KERNEL.note_warm()
"""


def test_without_any_folder_to_write_to_everything_can_be_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NOWHERE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_code_that_cannot_be_kept_runs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core import caching

    def twice(x: int) -> int:
        return 2 * x

    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    assert kept(twice)(21) == 42


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands of the processes that were begun."""
    commands: list[list[str]] = []

    def spawn(_: str, command: list[str], *__: object, **___: object) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr(os, "posix_spawn", spawn)
    return commands


def kernel(tmp_path: Path, folder: Path | None) -> Kernel:
    """A kernel that nobody has called, whose code would be kept in a folder."""
    source = tmp_path / "source.py"
    source.write_text("x = 1")
    where = None if folder is None else str(folder)
    entry = SimpleNamespace(signatures=[], stats=SimpleNamespace(cache_path=where))
    return Kernel("day", [source], lambda: entry)


def test_one_process_compiles_for_all_workers(tmp_path: Path, begun: list[list[str]]) -> None:
    workers = [kernel(tmp_path, tmp_path / "cache") for _ in range(3)]
    assert not any(worker.is_ready() for worker in workers for _ in range(2))
    assert [command[1:] for command in begun] == [["-m", "logistics.solver.warm", "day"]]
    workers[2].note_warm()
    assert workers[0].is_ready()
    assert not list((tmp_path / "cache").glob("*.compiling"))


def test_one_that_died_long_ago_is_not_waited_for(tmp_path: Path, begun: list[list[str]]) -> None:
    folder = tmp_path / "cache"
    assert not kernel(tmp_path, folder).is_ready()
    (lock,) = folder.glob("*.compiling")
    os.utime(lock, (0, 0))
    assert not kernel(tmp_path, folder).is_ready()
    assert len(begun) == 2


def test_nothing_is_begun_where_nobody_would_find_it(
    tmp_path: Path, begun: list[list[str]]
) -> None:
    assert not kernel(tmp_path, None).is_ready()
    assert begun == []


def test_with_time_to_compile_it_is_ready(tmp_path: Path, begun: list[list[str]]) -> None:
    assert kernel(tmp_path, tmp_path).is_ready(COMPILE_S)
    assert begun == []


def test_other_sources_are_not_warm(tmp_path: Path, begun: list[list[str]]) -> None:
    kernel(tmp_path, tmp_path).note_warm()
    assert kernel(tmp_path, tmp_path).is_warm()
    changed = kernel(tmp_path, tmp_path)
    (tmp_path / "source.py").write_text("x = 2")
    assert not changed.is_warm()
    assert begun == []
