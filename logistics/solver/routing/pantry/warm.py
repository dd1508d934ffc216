"""Compiled or not: loads the search if this machine has compiled it before, else has it compiled aside.

Compiling takes some seconds, so that it is done once, at installation (`python -m
logistics.solver.warm`) or by a process of its own when a day is first routed; until that is
done days are routed without the compiled search, and no plan is late.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

COMPILED = ["columns", "jit", "chance", "trip", "plan", "place", "recreate", "ruin", "anneal"]
"""Modules of this folder that are compiled; beside them only constants of two others are."""

Entry = Callable[..., bool]


@cache
def stamp() -> int:
    """A number of all sources that are compiled, never 0."""
    here = Path(__file__).parent
    sources = [here / f"{name}.py" for name in COMPILED]
    sources += [here.parent / "problem.py", here.parent / "schedule.py"]
    digest = sha256(b"".join(path.read_bytes() for path in sources))
    return int(digest.hexdigest()[:12], 16) or 1


@cache
def function() -> Entry | None:
    """The compiled search; `None` where nothing compiled could be kept."""
    from logistics.solver.routing.pantry.anneal import compiled

    try:
        return compiled(stamp())
    except RuntimeError:  # neither beside the sources nor in the user's cache may files be written
        return None


def is_warm() -> bool:
    """Whether the search is compiled, or was by another process on a machine like this."""
    found = function()
    return found is not None and (_mark(found).exists() or bool(_signatures(found)))


@cache
def compile_aside() -> None:
    """Have a process of its own compile the search, once."""
    if function() is not None:
        subprocess.Popen(
            [sys.executable, "-m", "logistics.solver.warm", "day"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def note_warm() -> None:
    """Leave a mark beside what has been compiled."""
    found = function()
    if found is not None:
        mark = _mark(found)
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def _mark(search: Entry) -> Path:
    """A file beside the compiled code, named for the sources, the compiler and the processor."""
    from numba.core.registry import cpu_target

    cpu = cpu_target.target_context.codegen().magic_tuple()  # what numba's own cache goes by
    python = ".".join(map(str, sys.version_info[:3]))
    name = sha256(f"{stamp()} {version('numba')} {python} {cpu}".encode()).hexdigest()[:16]
    return Path(str(getattr(search, "stats").cache_path)) / f"pantry-{name}.warm"  # noqa: B009


def _signatures(search: Entry) -> list[object]:
    return list(getattr(search, "signatures"))  # noqa: B009
