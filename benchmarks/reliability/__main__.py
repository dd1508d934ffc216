"""How far can the stock book be relied upon? `python -m benchmarks.reliability [--quick] [--url URL]`.

Runs every figure on SQLite and on a PostgreSQL server of its own (`--only` some of them), prints the
table and writes it to out/bench/reliability.json. `make soak` is the whole of it; it ends with exit
code 1 if a target was missed. With `--url` books are made in one database that must be empty for each
figure, so it asks for `--only` one figure there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.reliability.allocation import double_allocation
from benchmarks.reliability.figures import HEADING, Figure, setting, write
from benchmarks.reliability.keys import same_key
from benchmarks.reliability.killing import immediate_stops, kills
from benchmarks.reliability.lived import pure_life, stored_life
from benchmarks.reliability.mutants import MUTANTS
from benchmarks.reliability.restoring import restores
from benchmarks.reliability.server import Server, own_server
from benchmarks.reliability.throughput import rate

Books = Callable[[], str]
"""Addresses of new, empty databases."""

FIGURES = ("allocation", "mutants", "kills", "stops", "keys", "restores", "oracle", "throughput")


class Soak:
    """What is run where, and how much of it."""

    def __init__(self, quick: bool, seed: int, folder: Path) -> None:
        self.quick, self.seed, self.folder = quick, seed, folder

    def much(self, whole: int, quick: int) -> int:
        """So often in a soak, or in a quick run."""
        return quick if self.quick else whole

    def allocation(self, new: Books, _other: Books) -> Iterator[Figure]:
        """No unit is promised twice."""
        yield double_allocation(new(), seed=self.seed)

    def mutants(self, new: Books, _other: Books) -> Iterator[Figure]:
        """The same without the guard: what must not be reached."""
        for name in list(MUTANTS)[1:]:
            yield double_allocation(new(), times=self.much(100, 50), seed=self.seed, mutant=name)

    def kills(self, new: Books, _other: Books) -> Iterator[Figure]:
        """Clients killed at any moment."""
        yield kills(new(), self.much(100, 10), seed=self.seed)

    def keys(self, new: Books, _other: Books) -> Iterator[Figure]:
        """One command told fifty times at once."""
        yield same_key(new(), seed=self.seed)

    def restores(self, new: Books, other: Books) -> Iterator[Figure]:
        """Backups under load, into both databases."""
        for into in (new, other):
            yield restores(new(), self.much(20, 4), into, self.folder, seed=self.seed)

    def oracle(self, new: Books, _other: Books) -> Iterator[Figure]:
        """Random operations through the store."""
        yield stored_life(new(), self.much(10_000, 1_000), seed=self.seed)

    def throughput(self, new: Books, _other: Books) -> Iterator[Figure]:
        """Promises a second."""
        for hand_over in (False, True):
            yield rate(new(), self.much(20, 4), hand_over=hand_over, seed=self.seed)


def measured(soak: Soak, only: list[str], server: Server | None, url: str) -> Iterator[Figure]:
    """The figures asked for, one after the other."""
    numbers = count(1)

    def file() -> str:
        return f"sqlite:///{soak.folder}/book-{next(numbers)}.db"

    if url:
        pairs: list[tuple[Books, Books]] = [(lambda: url, file)]
    elif server is None:
        pairs = [(file, file)]
    else:
        pairs = [(file, server.database), (server.database, file)]
    for name in only:
        if name == "stops":
            if server is not None:
                yield immediate_stops(server, server.database(), soak.much(50, 5), seed=soak.seed)
            continue
        if name == "oracle" and not url:
            yield pure_life(soak.much(1_000_000, 50_000), seed=soak.seed)
        for new, other in pairs:
            yield from getattr(soak, name)(new, other)


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.add_argument("--url", default="", help="an empty database, for one figure")
    parser.add_argument("--quick", action="store_true", help="a small part of each figure")
    parser.add_argument("--only", nargs="+", choices=FIGURES, default=list(FIGURES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-postgres", action="store_true", help="SQLite alone")
    parser.add_argument("--out", type=Path, default=Path("out/bench/reliability.json"))
    arguments = parser.parse_args()
    if arguments.url and len(arguments.only) != 1:
        parser.error("--url: a book is made in an empty database, so ask for --only one figure")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        alone = arguments.no_postgres or arguments.url
        server = None if alone else stack.enter_context(own_server())
        where = setting(server.version() if server else "") | {"seed": arguments.seed}
        print(json.dumps(where))
        print(HEADING, flush=True)
        figures = []
        soak = Soak(arguments.quick, arguments.seed, folder)
        for figure in measured(soak, arguments.only, server, arguments.url):
            print(figure.text, flush=True)
            figures.append(figure)
            write(figures, where, arguments.out)
    missed = [figure for figure in figures if figure.reached == figure.is_mutant]
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
