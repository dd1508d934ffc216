"""A PostgreSQL server of the tests' own, and the addresses at which books are tested.

`class TestX: …` or a function that asks for the fixture `url` runs on both databases. Suites that need a
server of their own (to stop it at once, say) call `Server.begin`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.reliability.server import HOW, Server, programs


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all tests of a process; skipped, or failed under CI, where there is none."""
    if programs() is None:
        pytest.fail(HOW) if os.environ.get("CI") else pytest.skip(HOW)
    found = Server.begin()
    yield found
    found.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a book that does not exist yet, on each database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/book.db"
    found: Server = request.getfixturevalue("server")
    return found.database()
