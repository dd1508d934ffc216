"""A PostgreSQL server of the tests' own, and the addresses at which books are tested.

`class TestX: …` or a function that asks for the fixture `url` runs on both databases. Suites that need a
server of their own (to stop it at once, say) call `Server.begin`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

HOW = "PostgreSQL is not installed: apt-get install postgresql"
OWNER = "postgres"
"""The server refuses to run as root; Debian's package makes this user."""


def programs() -> Path | None:
    """The folder of the server's programs, the newest if there are several."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if found:
        return found[-1]
    here = shutil.which("initdb")
    return None if here is None else Path(here).parent


class Server:
    """A PostgreSQL server on a socket in a folder of its own; it keeps what it acknowledged (fsync)."""

    def __init__(self, bin_: Path, folder: Path) -> None:
        self._bin, self.folder = bin_, folder

    @classmethod
    def begin(cls) -> Server:
        """A new server that answers; skipped, or failed under CI, where there is none."""
        bin_ = programs()
        if bin_ is None:
            pytest.fail(HOW) if os.environ.get("CI") else pytest.skip(HOW)
        folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER, OWNER)
        server = cls(bin_, folder)
        server._run("initdb", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", server.data)
        server.start()
        return server

    @property
    def data(self) -> str:
        """The server's files."""
        return str(self.folder / "data")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", self.data, "-o", options, "-l", log, "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it; `immediate` is what a power cut does."""
        self._run("pg_ctl", "-D", self.data, "-m", how, "-w", "stop")

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"book_{uuid4().hex[:12]}"
        self._run("createdb", "-h", str(self.folder), "-U", OWNER, name)
        return f"postgresql+psycopg://{OWNER}@/{name}?host={self.folder}"

    def remove(self) -> None:
        """Stop it and delete its files."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", OWNER, "--", *command]
        done = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all tests of a process."""
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
