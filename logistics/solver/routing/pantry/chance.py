"""Random numbers that belong to a search and not to a thread: xorshift64 (Marsaglia 2003,
doi:10.18637/jss.v008.i14)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logistics.solver.routing.pantry.jit import part


@part
def luck(chance: NDArray[np.uint64]) -> float:
    """A number from 0 to below 1; moves the state on."""
    x = chance[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    chance[0] = x
    return float(x >> np.uint64(11)) / 9007199254740992.0


@part
def below(chance: NDArray[np.uint64], n: int) -> int:
    """A whole number from 0 to below n."""
    return int(luck(chance) * n)
