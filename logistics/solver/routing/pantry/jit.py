"""Compiling: one decorator for the parts of the search, which are compiled into its entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def part(function: F) -> F:
    """A function that entries call. It has no cache of its own: an entry's cache would not notice
    that a part has changed, and a part's cache not that a part of it has."""
    return cast(
        "F",
        njit(
            nogil=True,
            no_cpython_wrapper=True,
            no_cfunc_wrapper=True,
            error_model="numpy",
            _nrt=False,
        )(function),
    )


def glue(function: F) -> F:
    """A part that is written out where it is called, so that what it calls is not compiled once more.

    A compiled function holds all that it calls, optimised again: depth costs time."""
    return cast("F", njit(inline="always", error_model="numpy", _nrt=False)(function))


def entry(function: F) -> F:
    """A function that Python calls; compiled once for each machine and version of the sources."""
    return cast("F", njit(nogil=True, cache=True)(function))
