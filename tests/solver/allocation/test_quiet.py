"""What C code prints while a solver works never reaches standard output."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PRINTS = """
import ctypes, os
from concurrent.futures import ThreadPoolExecutor
from logistics.solver.allocation.quiet import hushed

c = ctypes.CDLL(None)

def solve(_):
    with hushed(), hushed():
        c.printf(b"noise\\n")

print("before", flush=True)
with ThreadPoolExecutor(4) as pool:
    list(pool.map(solve, range(40)))
print("after")
"""

CLOSED = """
import os
from logistics.solver.allocation.quiet import hushed

os.close({descriptor})
with hushed():
    pass
os.write({other}, b"alive")
"""

posix = pytest.mark.skipif(os.name != "posix", reason="needs C's printf by its name")


def run(code: str) -> subprocess.CompletedProcess[str]:
    """A script in a process of its own, because descriptors belong to the whole process."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )


@posix
def test_noise_goes_to_standard_error() -> None:
    done = run(PRINTS)
    assert done.stdout == "before\nafter\n"
    assert done.stderr.count("noise") == 40


@posix
@pytest.mark.parametrize(("descriptor", "other"), [(1, 2), (2, 1)])
def test_a_closed_stream_is_no_trouble(descriptor: int, other: int) -> None:
    done = run(CLOSED.format(descriptor=descriptor, other=other))
    assert done.stdout + done.stderr == "alive"
