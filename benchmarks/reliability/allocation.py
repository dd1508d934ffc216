"""No unit is promised twice: many clients ask at once for more than there is."""

from __future__ import annotations

from collections import Counter
from time import perf_counter

from benchmarks.reliability.checks import state_of
from benchmarks.reliability.clients import clients, until_all_end
from benchmarks.reliability.figures import MUTANT, Figure, database_of
from benchmarks.reliability.town import new_book
from benchmarks.reliability.worker import AT_A_TIME, ask

LOTS, UNITS = 20, 100
CLIENTS, TIMES = 16, 100


def double_allocation(
    url: str,
    *,
    clients_: int = CLIENTS,
    times: int = TIMES,
    lots: int = LOTS,
    units: int = UNITS,
    seed: int = 1,
    mutant: str = "",
) -> Figure:
    """Every client asks for four at a time until nothing is left; what it was promised is counted.

    Clients x times x 4 is more than there is, so that all must be promised, once.
    """
    engine = new_book(url, lots, units)
    begun = perf_counter()
    arguments = [(url, lots, times, seed * 1000 + number, mutant) for number in range(clients_)]
    with clients(ask, arguments) as started:
        said = until_all_end(started)
    seconds = perf_counter() - begun
    promised: Counter[str] = Counter()
    for reservation_id, given in (each for one in said for each in one):
        promised[reservation_id] += given
    by_lot: Counter[str] = Counter()
    for reservation_id, given in promised.items():
        by_lot[reservation_id.split("/")[0]] += given
    found = state_of(engine, lots)
    twice = sum(max(0, n - units) for n in by_lot.values())
    negative = sum(free < 0 for free in found.free.values())
    left = sum(free // AT_A_TIME for free in found.free.values())
    unknown = sum(by_lot.values()) - (lots * units - sum(found.free.values()))
    good = not (twice or negative or left or unknown or found.findings)
    return Figure(
        "no double allocation" + (f"{MUTANT}{mutant}" if mutant else ""),
        database_of(url),
        "all issued once, 0 twice, 0 negative",
        f"{sum(by_lot.values())} of {lots * units} units promised, {twice} twice, {left} more could "
        f"be, {negative} lots negative, audit: {', '.join(found.findings) or 'clean'}",
        good,
        seed,
        {
            "clients": clients_,
            "times": times,
            "promises": len(promised),
            "differs_from_book": unknown,
            "seconds": round(seconds, 2),
        },
    )
