"""One command told many times at once has one effect; the same key with another body is refused."""

from __future__ import annotations

from benchmarks.reliability.checks import state_of
from benchmarks.reliability.clients import clients, until_all_end
from benchmarks.reliability.figures import MUTANT, Figure, database_of
from benchmarks.reliability.town import lot_ids, new_book
from benchmarks.reliability.worker import tell_once

UNITS, ASKED = 1_000, 3


def same_key(url: str, times: int = 50, *, keyed: bool = True, seed: int = 1) -> Figure:
    """So many processes tell the same command at once, then one tells another under the same key.

    Without keys (`keyed`) each telling is a command of its own: the measuring must notice.
    """
    engine = new_book(url, 1, UNITS)
    lot_id = lot_ids(1)[0]
    told = [(url, lot_id, ASKED, "same" if keyed else f"key {n}") for n in range(times)]
    with clients(tell_once, told) as people:
        said = [answer for one in until_all_end(people) for answer in one]
    with clients(tell_once, [(url, lot_id, ASKED + 1, "same")]) as people:
        other = until_all_end(people)[0]
    found = state_of(engine, 1)
    taken = UNITS - found.free[lot_id]
    answers = len(set(said))
    good = len(said) == times and answers == 1 and taken == ASKED and other == ["refused"]
    return Figure(
        "the same key at once" + ("" if keyed else f"{MUTANT}no keys"),
        database_of(url),
        f"{times} times: one effect; other body refused",
        f"{len(said)} answers, {answers} different, {taken} units taken of {ASKED} asked, other body "
        f"{'refused' if other == ['refused'] else 'accepted'}, "
        f"audit: {', '.join(found.findings) or 'clean'}",
        good and not found.findings,
        seed,
        {},
    )
