"""Backups taken while others write: each is a whole book, and nothing acknowledged before is missing."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from benchmarks.reliability.checks import compare, state_of, torn
from benchmarks.reliability.clients import clients, first_words, hear
from benchmarks.reliability.figures import MUTANT, Figure, database_of
from benchmarks.reliability.town import new_book
from benchmarks.reliability.worker import promise_and_hand_over
from logistics import store

LOTS, UNITS = 10, 10_000
PEOPLE = 4


def restores(
    url: str,
    times: int,
    into: Callable[[], str],
    folder: Path,
    *,
    late: bool = False,
    seed: int = 1,
) -> Figure:
    """Back up while clients write, restore each backup into a new book at `into()`, and look at it.

    With `late` what is acknowledged while a backup is written counts as well, and may be missing:
    the measuring must notice.
    """
    draws = random.Random(seed)
    engine = new_book(url, LOTS, UNITS)
    kept: list[tuple[Path, list[object]]] = []
    work = [(url, LOTS, seed * 10_000 + n, False) for n in range(PEOPLE)]
    with clients(promise_and_hand_over, work) as people:
        for number in range(times):
            first_words(people)
            hear(people, draws.uniform(0, 0.3))
            before = [each for one in people for each in one.said]
            path = folder / f"{database_of(url)}-{number}.backup"
            store.backup(engine, path)
            hear(people, 0.2 if late else 0.0)
            told = [each for one in people for each in one.said] if late else before
            kept.append((path, told))
    lost = half = 0
    unsound: list[str] = []
    target = ""
    for path, told in kept:
        target = into()
        again = store.init_book(target)
        store.restore(again, path)
        found = state_of(again, LOTS)
        lost += compare(told, found.entries)[0]
        half += torn(found.entries)
        unsound += found.findings
    return Figure(
        "restores of backups under load" + (f"{MUTANT}counts what came later" if late else ""),
        f"{database_of(url)} to {database_of(target)}",
        f"{times}: all invariants hold, 0 lost",
        f"{len(kept)} restored, the last with {len(kept[-1][1])} acknowledged before: {lost} lost, "
        f"{half} torn, audit: {', '.join(sorted(set(unsound))) or 'clean'}",
        not (lost or half or unsound) and len(kept[-1][1]) > 0,
        seed,
        {"acknowledged": [len(told) for _, told in kept]},
    )
