"""Compiling: decorators for the search's entry and for the parts that are compiled into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from logistics.solver.compiled import kept

F = TypeVar("F", bound=Callable[..., object])

LEAN: dict[str, Any] = {"error_model": "numpy", "_nrt": False}
"""No checks of divisors and no counting of references: parts make no arrays. It halves compiling."""


def _compile(function: F, **options: Any) -> F:
    njit = cast("Any", numba.njit)  # its stubs lack some options that it has
    return cast("F", njit(**options)(function))


def part(function: F) -> F:
    """A function that the entry calls. It has no cache of its own: the entry's cache would not notice
    that a part has changed, and a part's cache not that a part of it has."""
    return _compile(function, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, **LEAN)


def glue(function: F) -> F:
    """A part that is written out where it is called, so that what it calls is not compiled once more.

    A compiled function holds all that it calls, optimised again: depth costs time."""
    return _compile(function, inline="always", **LEAN)


def entry(function: F) -> F:
    """A function that Python calls; compiled once for each machine and version of the sources."""
    return kept(function, nogil=True)
