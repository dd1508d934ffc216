"""Nothing that a solver prints may reach standard output, which belongs to the answer.

HiGHS writes a few lines with plain `printf` whatever its options say. While any thread solves, file
descriptor 1 leads to standard error; C's own buffer is emptied before it leads back.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

STDOUT, STDERR = 1, 2

_lock = Lock()
_solving: list[int] = []
"""One entry per solve that is going on; the first is what descriptor 1 was before."""


@contextmanager
def hushed() -> Iterator[None]:
    """What C code prints meanwhile goes to standard error. May be nested and used by many threads."""
    with _lock:
        _solving.append(_solving[0] if _solving else _divert())
    try:
        yield
    finally:
        with _lock:
            before = _solving.pop()
            if not _solving and before >= 0:
                _flush()
                os.dup2(before, STDOUT)
                os.close(before)


def _divert() -> int:
    """Lead descriptor 1 to standard error; what it was before, -1 if one of them is not open."""
    try:
        before = os.dup(STDOUT)
    except OSError:
        return -1
    _flush()
    try:
        os.dup2(STDERR, STDOUT)
    except OSError:
        os.close(before)
        return -1
    return before


def _flush() -> None:
    """Empty the buffers of C's standard streams."""
    if os.name == "posix":
        ctypes.CDLL(None).fflush(None)
