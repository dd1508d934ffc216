"""Processes and servers that end at any moment: nothing acknowledged is lost, nothing is half there."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from benchmarks.reliability.checks import Done, compare, state_of, torn
from benchmarks.reliability.clients import Client, clients, first_words, hear
from benchmarks.reliability.figures import MUTANT, Figure, database_of
from benchmarks.reliability.server import Server
from benchmarks.reliability.town import new_book
from benchmarks.reliability.worker import promise_and_hand_over
from logistics.store import Engine

LOTS, UNITS = 10, 100_000
SHORTEST_S, LONGEST_S = 0.02, 0.3
"""After its first word a client works for a time drawn evenly up to the longest, then it is killed."""
PEOPLE = 8
"""Clients at work when the server stops."""


def kills(url: str, rounds: int, *, forgets: bool = False, seed: int = 1) -> Figure:
    """Two clients at work, both killed at random moments; looked at after every such round.

    With `forgets` a client acknowledges before it does: the measuring must notice.
    """
    draws = random.Random(seed)
    engine = new_book(url, LOTS, UNITS)
    told: list[Done] = []
    lost = half = extra = most = 0
    unsound: list[str] = []
    for number in range(rounds):
        work = [(url, LOTS, seed * 10_000 + 2 * number + n, forgets) for n in range(2)]
        with clients(promise_and_hand_over, work) as pair:
            first_words(pair)
            hear(pair, draws.uniform(0, LONGEST_S))
            pair[0].kill()
            hear(pair[1:], draws.uniform(0, SHORTEST_S))
            pair[1].kill()
        told += _said(pair)
        found = _look(engine, told)
        lost, half = max(lost, found[0]), half + found[1]
        most = max(most, found[2] - extra)
        extra = found[2]
        unsound += found[3]
    return Figure(
        "kill -9" + (f"{MUTANT}acknowledges first" if forgets else ""),
        database_of(url),
        f"{2 * rounds} kills: 0 lost, 0 torn",
        f"{2 * rounds} kills, {len(told)} acknowledged: {lost} lost, {half} torn, at most {most} "
        f"unacknowledged in a round, audit: {', '.join(sorted(set(unsound))) or 'clean'}",
        not (lost or half or unsound) and most <= 2 and len(told) >= rounds,
        seed,
        {"acknowledged": len(told), "unacknowledged_in_all": extra},
    )


def immediate_stops(
    server: Server,
    url: str,
    times: int,
    *,
    people: int = PEOPLE,
    forgets: bool = False,
    seed: int = 1,
) -> Figure:
    """The server stopped as by a power cut while clients write, started again, looked at each time."""
    draws = random.Random(seed)
    engine = new_book(url, LOTS, UNITS)
    server.stop()  # the book itself is safe before anything is measured
    server.start()
    lost = half = 0
    unsound: list[str] = []
    with clients(
        promise_and_hand_over, [(url, LOTS, seed * 10_000 + n, forgets) for n in range(people)]
    ) as all_:
        for _ in range(times):
            first_words(all_)
            hear(all_, draws.uniform(0, LONGEST_S))
            server.stop("immediate")
            hear(all_, SHORTEST_S)  # what was acknowledged before the stop is still in the pipes
            told = _said(all_)
            for each in all_:
                each.pause()  # a book that grows while it is looked at takes ever longer to look at
            server.start()
            found = _look(engine, told)
            for each in all_:
                each.go_on()
            lost, half = max(lost, found[0]), half + found[1]
            unsound += found[3]
        for each in all_:
            each.kill()
        told = _said(all_)
        last = _look(engine, told)
    lost, half, extra = max(lost, last[0]), half + last[1], last[2]
    unsound += last[3]
    return Figure(
        "PostgreSQL stopped at once" + (f"{MUTANT}acknowledges first" if forgets else ""),
        database_of(url),
        f"{times} stops: 0 lost, 0 torn",
        f"{times} stops, {len(told)} acknowledged: {lost} lost, {half} torn, {extra} unacknowledged "
        f"in all, audit: {', '.join(sorted(set(unsound))) or 'clean'}",
        not (lost or half or unsound) and extra <= people * (times + 1) and len(told) >= times,
        seed,
        {"acknowledged": len(told), "unacknowledged_in_all": extra, "clients": people},
    )


def _said(people: Sequence[Client]) -> list[Any]:
    return [each for client in people for each in client.said]


def _look(engine: Engine, told: Sequence[Done]) -> tuple[int, int, int, tuple[str, ...]]:
    """Lost, torn, done without word, and what the audit finds."""
    found = state_of(engine, LOTS)
    lost, extra = compare(told, found.entries)
    return lost, torn(found.entries), extra, found.findings
