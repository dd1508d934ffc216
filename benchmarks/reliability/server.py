"""A PostgreSQL server of one's own, to be stopped as a power cut would."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

HOW = "PostgreSQL is not installed: apt-get install postgresql"
OWNER = "postgres"
"""The server refuses to run as root; Debian's package makes this user."""


class NoServer(RuntimeError):
    """The programs of PostgreSQL are not here, or one of them failed."""


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

    def __init__(self, bin_: Path, folder: Path, settings: Sequence[str] = ()) -> None:
        self._bin, self.folder, self._settings = bin_, folder, settings

    @classmethod
    def begin(cls, *settings: str) -> Server:
        """A new server that answers, with settings of its own (`name=value`) if given.

        Raises:
            NoServer: where there is no PostgreSQL, or it does not start.
        """
        bin_ = programs()
        if bin_ is None:
            raise NoServer(HOW)
        folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER, OWNER)
        server = cls(bin_, folder, settings)
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
        options += "".join(f" -c {setting}" for setting in self._settings)
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
        with suppress(NoServer):  # it may have been stopped already
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def version(self) -> str:
        """The version of the server, as it says it."""
        said = subprocess.run(
            [str(self._bin / "postgres"), "--version"], capture_output=True, text=True, check=True
        )
        return said.stdout.split()[-1] if "(" not in said.stdout else said.stdout.split()[2]

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", OWNER, "--", *command]
        done = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        if done.returncode:
            raise NoServer(f"{program}: {done.stderr}")


@contextmanager
def own_server(*settings: str) -> Iterator[Server]:
    """A server for as long as it is needed, with settings of its own (`name=value`) if given."""
    server = Server.begin(*settings)
    try:
        yield server
    finally:
        server.remove()
