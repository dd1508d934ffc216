"""What the compiled part of the search is made of: the decorator, chance, and legs.

Everything below `run` in `anneal.py` is inlined into it by the compiler, so that only `run` is kept in
Numba's cache on disk. The key of that cache knows nothing of the files that `run` calls; it does know the
values that a function closes over, so `run` closes over the hash of this folder's source.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numba import njit

from logistics.solver.routing.search.columns import Facts

F = TypeVar("F", bound=Callable[..., Any])

FAR = 2**61
"""More than any cost or time: what no insertion may have."""

ROUND, TRUNCATE = 0, 1
"""How a leg is made whole: to the nearest, or downwards."""


def compiled(function: F) -> F:
    """The function in machine code, compiled when it is first called from compiled code."""
    made: F = njit(nogil=True)(function)
    return made


def source_hash() -> str:
    """A hash of this folder's source files: the cache on disk is stale when it changes."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


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
    return float(np.hypot(facts.x[i] - facts.x[j], facts.y[i] - facts.y[j]) * facts.scale)


@compiled
def leg(facts: Facts, i: int, j: int) -> int:
    """Distance from node *i* to node *j*."""
    if facts.full:
        return int(facts.leg[i * facts.n + j])
    exact = exact_leg(facts, i, j)
    return int(np.floor(exact)) if facts.rounding == TRUNCATE else int(np.floor(exact + 0.5))


@compiled
def leg_in(facts: Facts, i: int, v: int) -> int:
    """Distance from node *i* to node *v*, read along the row of *v*."""
    if facts.full:
        return int(facts.leg_back[v * facts.n + i])
    return leg(facts, i, v)


@compiled
def drive(facts: Facts, i: int, j: int) -> int:
    """Time from node *i* to node *j*."""
    if facts.full:
        return int(facts.drive[i * facts.n + j])
    if facts.drive_up:
        return int(np.ceil(exact_leg(facts, i, j)))
    return leg(facts, i, j)


@compiled
def drive_in(facts: Facts, i: int, v: int) -> int:
    """Time from node *i* to node *v*, read along the row of *v*."""
    if facts.full:
        return int(facts.drive_back[v * facts.n + i])
    return drive(facts, i, v)
