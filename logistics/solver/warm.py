"""Compile every search ahead of its first use: `python -m logistics.solver.warm [PART ...]`.

Compiled code is kept on disk beside the sources; this is done once, at installation, so that no plan has
to wait for the compiler. Parts are compiled side by side, each in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor


def _packs() -> None:
    from logistics.solver.allocation.packs.anneal import warm_up

    warm_up()


def _day() -> None:
    from logistics.solver.routing.pantry import warm_up

    warm_up()


def _proof() -> None:
    from logistics.solver.routing.proof import warm_up

    warm_up()


def _bare() -> None:
    from logistics.solver.routing.search import warm_up

    warm_up()


PARTS: dict[str, Callable[[], None]] = {
    "day": _day,
    "bare": _bare,
    "proof": _proof,
    "packs": _packs,
}
"""What is compiled, the slowest first."""


def cold() -> list[str]:
    """Searches of a week's plan that are not compiled on this machine yet."""
    from logistics.solver.allocation.packs import anneal
    from logistics.solver.routing.pantry import warm
    from logistics.solver.routing.proof import pricing

    kernels = (anneal.KERNEL, warm.KERNEL, pricing.KERNEL)
    return [kernel.name for kernel in kernels if not kernel.is_warm()]


def main(names: Sequence[str]) -> int:
    """Compile the named parts here, or all of them side by side; the number of parts that failed."""
    if names:
        for name in names:
            PARTS[name]()
        return 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        command = [sys.executable, "-m", "logistics.solver.warm"]
        codes = pool.map(lambda name: subprocess.run([*command, name]).returncode, PARTS)
    return sum(map(bool, codes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
