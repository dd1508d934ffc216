"""How many promises a second, beside what the disk can do.

A transaction counts when it was acknowledged. The disk's own speed is measured beside, by appending a
page and waiting until it is safe (`fsync`), in one process: no book on that disk, with one fsync a
transaction and one writer at a time, is faster. PostgreSQL writes what several clients commit at the
same moment with one fsync.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.reliability.checks import state_of
from benchmarks.reliability.clients import clients, until_all_end
from benchmarks.reliability.figures import SQLITE, Figure, database_of
from benchmarks.reliability.town import new_book
from benchmarks.reliability.worker import promise, promise_then_hand_over

LOTS, UNITS = 200, 10_000
CLIENTS = {"SQLite": 8, "PostgreSQL": 16}
TARGET = {"SQLite": 250, "PostgreSQL": 600}
PAGE = b"x" * 4096


def fsync_ms(folder: Path, seconds: float) -> float:
    """The median time of appending 4 KiB and making it safe."""
    found: list[float] = []
    end = perf_counter() + seconds
    with (folder / "fsync").open("wb") as file:
        while (begun := perf_counter()) < end or not found:
            file.write(PAGE)
            file.flush()
            os.fsync(file.fileno())
            found.append(perf_counter() - begun)
    return 1000 * median(found)


def rate(url: str, seconds: float, *, hand_over: bool = False, seed: int = 1) -> Figure:
    """Transactions a second of clients that promise (and hand over) one unit of random lots."""
    engine = new_book(url, LOTS, UNITS)
    database = database_of(url)
    work: Callable[..., None] = promise_then_hand_over if hand_over else promise
    many = CLIENTS[database]
    with TemporaryDirectory() as folder:
        disk = fsync_ms(Path(folder), min(2.0, seconds))
    begun = perf_counter()
    with clients(work, [(url, LOTS, seconds, seed * 1000 + n) for n in range(many)]) as started:
        said = until_all_end(started)
    took = perf_counter() - begun
    waits = [each for one in said for each in one]
    found = state_of(engine, LOTS)
    done, target = len(waits) / took, TARGET[database]
    per_lot = len(found.entries) / LOTS
    sync = "FULL" if database == SQLITE else "SERIALIZABLE"
    late = 1000 * quantiles(waits, n=20)[-1]
    return Figure(
        f"throughput, reserve{' + settle' if hand_over else ''}",
        f"{database}",
        f"{target} tx/s, {many} clients, {sync}",
        f"{done:.0f} tx/s; median {1000 * median(waits):.1f} ms, p95 {late:.1f} ms; "
        f"fsync here {disk:.2f} ms; {per_lot:.0f} entries a lot at the end",
        done >= target and not found.findings,
        seed,
        {
            "tx_per_s": round(done, 1),
            "seconds": round(took, 1),
            "fsync_ms": round(disk, 3),
            "lots": LOTS,
            "fewest_by_a_client": min(map(len, said)),
            "most_by_a_client": max(map(len, said)),
            "audit": list(found.findings),
        },
    )
