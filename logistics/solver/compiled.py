"""Machine code made by Numba and kept on disk: how it is asked for, and whether it is there yet.

A *kernel* is one compiled search with all that it calls. It is compiled once for each machine and
version of its sources, at installation (`python -m logistics.solver.warm`). Where that was not done it
is compiled inside a limit only if there is time for it; else by a process of its own for the next time,
and whoever asked does without. Numba keeps code beside the sources, in `NUMBA_CACHE_DIR` if that is
set, else in the user's cache; where it may write nowhere the code lives as long as the process.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

COMPILE_S = 60.0
"""With less time than this nothing is compiled inside a limit."""

GIVEN_UP_S = 900.0
"""A process that has been compiling for so long is taken for dead."""


def kept(function: F, **options: Any) -> F:
    """The function as machine code, kept on disk where anything can be kept."""
    import numba

    njit: Any = numba.njit
    try:
        made: F = njit(cache=True, **options)(function)
    except RuntimeError:  # neither beside the sources nor in the user's cache may files be written
        made = njit(**options)(function)
    return made


@dataclass
class Kernel:
    """A compiled search: its name in `logistics.solver.warm`, its sources, the function Python calls."""

    name: str
    sources: Sequence[Path]
    entry: Callable[[], Any]
    _asked: bool = field(default=False, init=False)

    @cached_property
    def stamp(self) -> int:
        """A number of all sources that are compiled, never 0."""
        digest = sha256(b"".join(path.read_bytes() for path in self.sources))
        return int(digest.hexdigest()[:12], 16) or 1

    def is_warm(self) -> bool:
        """Whether it is compiled, by this process or by another one on a machine like this."""
        mark = self._mark
        return bool(self.entry().signatures) or (mark is not None and mark.exists())

    def is_ready(self, seconds: float = 0.0) -> bool:
        """Whether it can be used within so many seconds; if not, it begins to be compiled aside."""
        if self.is_warm() or seconds >= COMPILE_S:
            return True
        self.compile_aside()
        return False

    def note_warm(self) -> None:
        """Leave a mark beside what has been compiled."""
        if self._mark is not None:
            self._mark.parent.mkdir(parents=True, exist_ok=True)
            self._mark.touch()
            self._lock(self._mark).unlink(missing_ok=True)

    def compile_aside(self) -> None:
        """Have a process of its own compile it, one on this machine at a time.

        Nothing is begun where nothing can be kept: nobody would ever find it.
        """
        if self._asked or self._mark is None:
            return
        self._asked = True
        if not _taken(self._lock(self._mark)):
            return
        command = [sys.executable, "-m", "logistics.solver.warm", self.name]
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        nothing = [
            (os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0o600) for number in range(3)
        ]
        os.posix_spawn(
            sys.executable,
            command,
            {**os.environ, "PYTHONPATH": path},
            file_actions=nothing,
            setpgroup=0,
        )

    @cached_property
    def _mark(self) -> Path | None:
        """A file beside the compiled code, named for the sources, the compiler and the processor."""
        folder = self.entry().stats.cache_path
        if folder is None:
            return None
        from numba.core.registry import cpu_target

        cpu = cpu_target.target_context.codegen().magic_tuple()  # what numba's own cache goes by
        python = ".".join(map(str, sys.version_info[:3]))
        name = sha256(f"{self.stamp} {version('numba')} {python} {cpu}".encode()).hexdigest()[:16]
        return Path(folder) / f"{self.name}-{name}.warm"

    @staticmethod
    def _lock(mark: Path) -> Path:
        return mark.with_suffix(".compiling")


def _taken(lock: Path) -> bool:
    """Whether a file that only one process can make was made by this one."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        if lock.exists() and time.time() - lock.stat().st_mtime > GIVEN_UP_S:
            lock.unlink(missing_ok=True)
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except OSError:  # another one is at work, or nothing can be written
        return False
    return True
