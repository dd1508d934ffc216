"""What the compiled part of the search is made of: the decorator, chance, and legs.

Only `run` in `anneal.py` is kept in Numba's cache on disk, with all that it calls. The key of that cache
knows nothing of the files that `run` calls; it does know the values that a function closes over, so
`run` closes over the hash of all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from math import hypot
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np

from logistics.solver.routing.search.columns import Facts

F = TypeVar("F", bound=Callable[..., Any])

njit: Any = numba.njit
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""Nothing is allocated below `run`: counting references would only cost time."""

whole: Any = np.int64
"""A whole number that the compiler does not take for a constant: for each constant it would compile
the called function once more."""

FAR = 2**61
"""More than any cost or time: what no insertion may have."""


def compiled(function: F) -> F:
    """The function in machine code, compiled when it is first called from compiled code."""
    made: F = njit(**OPTIONS)(function)
    return made


def inlined(function: F) -> F:
    """The function as a part of the compiled functions that call it.

    Every compiled function is optimised again inside each of its callers: deep calls of large functions
    would take minutes to compile.
    """
    made: F = njit(inline="always", **OPTIONS)(function)
    return made


KERNEL = (
    "anneal",
    "columns",
    "compiled",
    "fields",
    "recreate",
    "rows",
    "ruin",
    "scan",
    "state",
)


def source_hash() -> str:
    """A hash of the compiled files' source: what is cached on disk is stale when it changes."""
    folder = Path(__file__).parent
    return sha256(b"".join((folder / f"{name}.py").read_bytes() for name in KERNEL)).hexdigest()


@compiled
def chance(state: Any) -> float:
    """A number from 0 (included) to 1 (excluded), by xorshift64* (Vigna 2016, doi:10.1145/2845077)."""
    word = state[0]
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    state[0] = word
    return float((word * np.uint64(2685821657736338717)) >> np.uint64(11)) * 1.1102230246251565e-16


@compiled
def below(state: Any, n: int) -> int:
    """A whole number from 0 to `n` - 1."""
    return int(chance(state) * n)


@compiled
def exact_leg(facts: Facts, i: int, j: int) -> float:
    """The straight distance from node *i* to node *j*, before it is made whole."""
    return float(hypot(facts.x[i] - facts.x[j], facts.y[i] - facts.y[j]) * facts.scale)


@compiled
def leg(facts: Facts, i: int, j: int) -> int:
    """Distance from node *i* to node *j*."""
    if facts.full:
        return int(facts.matrix[i * facts.n + j])
    exact = exact_leg(facts, i, j)
    return int(np.floor(exact)) if facts.truncates else int(np.floor(exact + 0.5))


@compiled
def leg_in(facts: Facts, i: int, v: int) -> int:
    """Distance from node *i* to node *v*, read along the row of *v*."""
    if facts.full:
        return int(facts.matrix[facts.back_at + v * facts.n + i])
    return leg(facts, i, v)


@compiled
def drive(facts: Facts, i: int, j: int) -> int:
    """Time from node *i* to node *j*."""
    if facts.full:
        return int(facts.matrix[facts.drive_at + i * facts.n + j])
    if facts.drives_up:
        return int(np.ceil(exact_leg(facts, i, j)))
    return leg(facts, i, j)


@compiled
def drive_in(facts: Facts, i: int, v: int) -> int:
    """Time from node *i* to node *v*, read along the row of *v*."""
    if facts.full:
        return int(facts.matrix[facts.drive_back_at + v * facts.n + i])
    return drive(facts, i, v)
