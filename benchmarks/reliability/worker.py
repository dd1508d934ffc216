"""What client processes do with the book, each through the store's verbs alone.

`say` acknowledges: what a client has said was committed before.
"""

from __future__ import annotations

import random
from time import perf_counter, sleep

from benchmarks.reliability.clients import Say
from benchmarks.reliability.mutants import MUTANTS
from benchmarks.reliability.town import HUB, NOW, lot_ids, week
from logistics import store
from logistics.inventory.promises import NotFree
from logistics.store import Engine
from logistics.store.databases import BookUnavailable

AT_A_TIME = 4


def ask(say: Say, url: str, lots: int, times: int, seed: int, mutant: str) -> None:
    """Ask for four units of a random lot again and again; take another lot when one has too few.

    Says the reservation and units of each promise; ends after so many promises, or when no lot is left.
    """
    draws = random.Random(seed)
    left = lot_ids(lots)
    engine = store.open_book(url, keep=True)
    with MUTANTS[mutant]():
        for _ in range(times):
            while left:
                lot_id = draws.choice(left)
                try:
                    done = store.reserve(
                        engine, lot_id, HUB, AT_A_TIME, household_id=f"H{seed}", now=NOW
                    )
                except NotFree:
                    left.remove(lot_id)
                    continue
                say((done.reservation_id, done.units))
                break


def promise_and_hand_over(say: Say, url: str, lots: int, seed: int, early: bool) -> None:
    """Promise units, hand over or release some, without end; says each thing that was done.

    Where the server goes away it waits until it is back: what was not acknowledged may or may not
    have been done. A mutant says so too `early`, before it is done.
    """
    draws, names = random.Random(seed), lot_ids(lots)
    engine = _again(url)
    mine: list[str] = []
    while True:
        try:
            if not mine or draws.random() < 0.5:
                lot_id = draws.choice(names)
                done = store.reserve(engine, lot_id, HUB, 1, household_id=f"H{seed}", now=NOW)
                say(("reserve", done.reservation_id))
                mine.append(done.reservation_id)
                continue
            verb = draws.choice((store.settle, store.release))
            chosen = mine.pop(draws.randrange(len(mine)))
            if early:
                say((verb.__name__, chosen))
            verb(engine, chosen, now=NOW)
            if not early:
                say((verb.__name__, chosen))
        except BookUnavailable:
            engine = _again(url)


def _again(url: str) -> Engine:
    """The book, as soon as its database answers."""
    while True:
        try:
            return store.open_book(url, keep=True)
        except BookUnavailable:
            sleep(0.05)


def _one(
    say: Say, engine: Engine, names: list[str], mine: list[str], draws: random.Random, seed: int
) -> None:
    if not mine or draws.random() < 0.5:
        done = store.reserve(engine, draws.choice(names), HUB, 1, household_id=f"H{seed}", now=NOW)
        say(("reserve", done.reservation_id))
        mine.append(done.reservation_id)
        return
    verb = draws.choice((store.settle, store.release))
    chosen = mine.pop(draws.randrange(len(mine)))
    verb(engine, chosen, now=NOW)
    say((verb.__name__, chosen))


def promise(say: Say, url: str, lots: int, seconds: float, seed: int) -> None:
    """Promise one unit of a random lot again and again for so many seconds; says each latency."""
    draws, names, end = random.Random(seed), lot_ids(lots), perf_counter() + seconds
    engine = store.open_book(url, keep=True)
    while (begun := perf_counter()) < end:
        store.reserve(engine, draws.choice(names), HUB, 1, household_id=f"H{seed}", now=NOW)
        say(perf_counter() - begun)


def promise_then_hand_over(say: Say, url: str, lots: int, seconds: float, seed: int) -> None:
    """The same with each promise kept at once: two transactions."""
    draws, names, end = random.Random(seed), lot_ids(lots), perf_counter() + seconds
    engine = store.open_book(url, keep=True)
    while (begun := perf_counter()) < end:
        lot_id = draws.choice(names)
        done = store.reserve(engine, lot_id, HUB, 1, household_id=f"H{seed}", now=NOW)
        half = perf_counter()
        say(half - begun)
        store.settle(engine, done.reservation_id, now=NOW)
        say(perf_counter() - half)


def tell_once(say: Say, url: str, lot_id: str, units: int, key: str) -> None:
    """Promise units under a key; says the answer, or that the key was refused."""
    engine = store.open_book(url, keep=True)
    try:
        done = store.reserve(engine, lot_id, HUB, units, household_id="H", now=NOW, key=key)
    except store.KeyReused:
        say("refused")
    else:
        say((done.reservation_id, done.units, done.open, done.free))


def take_in(say: Say, url: str, lots: int, units: int) -> None:
    """Take a week in; says so before and after."""
    engine = store.open_book(url)
    say("begins")
    store.import_week(engine, week(lots, units), now=NOW)
    say("done")
