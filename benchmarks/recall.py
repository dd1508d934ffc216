"""How fast is a recall? `python -m benchmarks.recall [--movements N] [--seed N] [--url U] [--together]`.

A synthetic book, drawn at random, written to SQLite (or URL, an empty database): lots are received,
split, merged and repacked, driven and handed out, until so many entries have moved units. Then the time
of `store.recall` for lots at random, with reading from the database, and of the whole verb, start of the
interpreter included, for the lot of which most was made. `--together` is the worst that can happen: all
goods came as one lot, so that its recall concerns every movement of the book.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from logistics import store
from logistics.inventory import Entry, Goods, Kind
from logistics.inventory.ancestry import ancestry, legs
from logistics.inventory.entries import Account, change, donor, household, site, vehicle
from logistics.model.units import FoodGroup, Kitchen, Label, Storage
from logistics.store import rows
from logistics.store import tables as t
from logistics.store.databases import sqlite_module
from logistics.store.posting import add_rows, post

BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
HUB = site("HUB")
GIVEN_AT_ONCE, HOUSEHOLDS, ASKED, VERBS = 3, 400, 40, 5
RECEIVED_SHARE, CHANGES_SHARE = 0.02, 0.05
"""Parts of what happens: a lot comes in, a change is made; the rest is handed out."""


class Draw:
    """Entries drawn at random that keep every law of the book."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.entries: list[Entry] = []
        self.stock: dict[str, int] = {}

    def until(self, movements: int, *, together: bool = False) -> None:
        """Go on until so many units have moved; all of one lot, if they belong together."""
        if together:
            self._received(units=20 * movements)
        while len(self.entries) < movements:
            luck = self.rng.random()
            some = self.rng.sample(list(self.stock), min(8, len(self.stock)))
            rich = [lot for lot in some if self.stock[lot] > GIVEN_AT_ONCE]
            if not together and (not rich or luck < RECEIVED_SHARE):
                self._received()
            elif rich and luck < RECEIVED_SHARE + CHANGES_SHARE:
                self._changed(rich)
            elif rich:
                self._given(rich[0])

    def _write(self, kind: Kind, lot: str, source: Account, target: Account, units: int) -> None:
        n = len(self.entries)
        at = BEGAN + timedelta(minutes=n)
        self.entries.append(Entry(f"e{n}", kind, lot, source, target, units, at, at))

    def _received(self, units: int = 0) -> None:
        lot = f"L{len(self.entries)}"
        self.stock[lot] = units or self.rng.randint(40, 200)
        self._write(Kind.RECEIVE, lot, donor(f"D{self.rng.randint(1, 30)}"), HUB, self.stock[lot])

    def _changed(self, rich: list[str]) -> None:
        taken = rich[: self.rng.randint(1, 3)]
        kind = self.rng.choice((Kind.SPLIT, Kind.REPACK)) if len(taken) == 1 else Kind.MERGE
        here, total = change(f"c{len(self.entries)}"), 0
        for lot in taken:
            units = self.rng.randint(1, self.stock[lot] - 1)
            self._write(kind, lot, HUB, here, units)
            self.stock[lot] -= units
            total += units
        new = f"N{len(self.entries)}"
        self._write(kind, new, here, HUB, total)
        self.stock[new] = total

    def _given(self, lot: str) -> None:
        units = self.rng.randint(1, GIVEN_AT_ONCE)
        van, home = vehicle(f"V{units}"), household(f"H{self.rng.randint(1, HOUSEHOLDS)}")
        self._write(Kind.LOAD, lot, HUB, van, units)
        self._write(Kind.DELIVER, lot, van, home, units)
        self.stock[lot] -= units


def write(url: str, draw: Draw) -> None:
    """The drawn entries as a book."""
    lots = [rows.goods_row(_goods(lot)) for lot in draw.stock]
    engine = store.init_book(url)
    store.transact(engine, lambda connection: add_rows(connection, t.lots, lots))
    store.transact(engine, lambda connection: post(connection, draw.entries))


def _goods(lot_id: str) -> Goods:
    return Goods(
        id=lot_id, org_id="D1", item="rice (synthetic)", food_group=FoodGroup.STAPLE,
        storage=Storage.AMBIENT, unit_g=500, unit_meals=Fraction(1), label=Label.NONE, last_day=None,
        made_on=None, eat_by=None, contains=frozenset(), checked=frozenset(),
        kitchen_needed=Kitchen.NONE, tags=frozenset(),
    )  # fmt: skip


def main() -> None:
    """Draw, write, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movements", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url")
    parser.add_argument("--together", action="store_true")
    options = parser.parse_args()
    draw = Draw(options.seed)
    draw.until(options.movements, together=options.together)
    tree = ancestry(legs(draw.entries))
    widest = max(draw.stock, key=lambda lot: len(tree.descendants(lot)))
    with TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{Path(folder)}/book.db"
        write(url, draw)
        engine = store.open_book(url)
        asked = []
        for lot in draw.rng.sample(list(draw.stock), ASKED):
            begun = perf_counter()
            found = store.recall(engine, lot)
            asked.append(perf_counter() - begun)
            assert found.complete
        verb = [sys.executable, "-m", "service.cli", "recall", widest, "--drill", "--db", url]
        whole = []
        for _ in range(VERBS):
            begun = perf_counter()
            subprocess.run(verb, check=True, stdout=subprocess.DEVNULL)
            whole.append(perf_counter() - begun)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_s = (used.ru_utime + used.ru_stime) / VERBS
        load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
        begun = perf_counter()
        audited = store.audit(engine)
        audit_s = perf_counter() - begun
    assert not audited.findings
    print(
        f"{len(draw.entries):,} movements of {len(draw.stock):,} lots (synthetic, seed {options.seed}), "
        f"{engine.dialect.name}, SQLite {sqlite_module().sqlite_version}, Python "
        f"{platform.python_version()}, {platform.machine()}\n"
        f"recall of {ASKED} lots at random: median {median(asked):.2f} s, slowest {max(asked):.2f} s\n"
        f"the whole verb for the widest lot ({1 + len(tree.descendants(widest))} lots), {VERBS} times: "
        f"median {median(whole):.2f} s, slowest {max(whole):.2f} s, "
        f"{cpu_s:.2f} s of processor; load of the machine {load}\n"
        f"audit from entry zero: {audit_s:.1f} s"
    )


if __name__ == "__main__":
    main()
