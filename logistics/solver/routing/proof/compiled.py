"""Functions over flat arrays, compiled when their module is first imported and kept on disk after."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code; compiled anew each time where nothing can be kept on disk."""
    from numba import njit

    try:
        return cast(Callable[P, R], njit(cache=True)(function))
    except RuntimeError:  # no folder that can be written
        return cast(Callable[P, R], njit(function))
