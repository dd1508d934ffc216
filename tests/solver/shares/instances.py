"""Bare instances for tests: written by name, drawn at random, and answered by brute force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from logistics.model.shares import Capacity, ShareResult, Shares

Wish = tuple[int, int, int, int]
"""Wanted, past wanted, past received, weight."""


def instance(
    lots: Mapping[str, int],
    households: Mapping[str, int | Wish],
    eligible: Mapping[str, str],
    capacities: Mapping[str, tuple[int, str | None, str | None]] | None = None,
    *,
    packs: Sequence[int] = (),
    integer: bool = False,
) -> Shares:
    """An instance whose names are single letters: `eligible={"a": "xy"}`, capacity `(4, "x", "ab")`."""
    wishes = [(w, 0, 0, 1) if isinstance(w, int) else w for w in households.values()]
    places = {name: k for k, name in enumerate(lots)}
    people = {name: k for k, name in enumerate(households)}
    classes: dict[tuple[int, ...], int] = {}
    of = [
        classes.setdefault(tuple(sorted(places[x] for x in eligible.get(h, ""))), len(classes))
        for h in households
    ]
    found = tuple(
        Capacity(
            name,
            size,
            None if xs is None else frozenset(places[x] for x in xs),
            None if hs is None else frozenset(people[h] for h in hs),
        )
        for name, (size, xs, hs) in (capacities or {}).items()
    )
    columns = list(zip(*wishes, strict=True)) or [()] * 4
    return Shares(
        integer,
        1,
        1,
        list(lots),
        list(lots.values()),
        [1] * len(lots),
        list(packs) or [1] * len(lots),
        list(households),
        *columns,
        of,
        list(classes),
        found,
    )


def levels(shares: Shares, result: ShareResult) -> dict[str, str]:
    """Level of each household that has one, as text."""
    return {
        str(shares.household_ids[int(h)]): str(level.level)
        for level in result.levels
        for h in level.households
    }


def sorted_levels(shares: Shares, received: Sequence[int | Fraction]) -> list[Fraction]:
    """What leximin compares."""
    counting = [h for h in range(len(shares.household_ids)) if shares.counts(h)]
    return sorted(shares.level(h, Fraction(received[h])) for h in counting)


def _subsets(size: int) -> st.SearchStrategy[frozenset[int]]:
    marks = st.lists(st.booleans(), min_size=size, max_size=size)
    return marks.map(lambda chosen: frozenset(k for k, yes in enumerate(chosen) if yes))


@st.composite
def shares_strategy(
    draw: st.DrawFn,
    *,
    integer: bool = False,
    households: int = 6,
    lots: int = 5,
    capacities: int = 3,
    pack: int = 1,
) -> Shares:
    """Any small instance: history, zero demand, zero supply, nothing eligible, any capacities."""
    count = draw(st.integers(1, households))
    kinds = draw(st.integers(1, lots))
    small = st.integers(0, 6)
    rows = []
    for _ in range(count):
        past_wanted = draw(small)
        row = draw(st.integers(0, 5)), past_wanted, draw(st.integers(0, past_wanted))
        rows.append((*row, draw(st.integers(1, 3))))
    columns = list(zip(*rows, strict=True))
    subsets = _subsets(kinds)
    classes: dict[tuple[int, ...], int] = {}
    of = [classes.setdefault(tuple(sorted(draw(subsets))), len(classes)) for _ in range(count)]
    people = _subsets(count).filter(bool)
    found = tuple(
        Capacity(
            f"C{k}",
            draw(st.integers(0, 9)),
            draw(st.none() | subsets.filter(bool)),
            draw(st.none() | people),
        )
        for k in range(draw(st.integers(0, capacities)))
    )
    return Shares(
        integer,
        1,
        1,
        [f"L{k}" for k in range(kinds)],
        [draw(small) for _ in range(kinds)],
        [1] * kinds,
        [draw(st.integers(1, pack)) for _ in range(kinds)],
        [f"H{k}" for k in range(count)],
        *columns,
        of,
        list(classes),
        found,
    )


def times(shares: Shares, factor: int) -> Shares:
    """The same instance with all quantities multiplied."""
    columns = ("supply", "wanted", "past_wanted", "past_received")
    scaled = {name: [int(v) * factor for v in getattr(shares, name)] for name in columns}
    capacities = tuple(replace(c, grains=c.grains * factor) for c in shares.capacities)
    return replace(shares, capacities=capacities, **scaled)


def best_of_all(shares: Shares) -> list[Fraction]:
    """The leximin levels in whole packs, by going through every plan."""
    stock = tuple(shares.usable(k) // shares.pack_grains(k) for k in range(len(shares.lot_ids)))
    room = tuple(capacity.grains for capacity in shares.capacities)
    plans: dict[tuple[tuple[int, ...], tuple[int, ...]], set[tuple[int, ...]]]
    plans = {(stock, room): {()}}
    for h in range(len(shares.household_ids)):
        after: dict[tuple[tuple[int, ...], tuple[int, ...]], set[tuple[int, ...]]] = {}
        for (left, free), vectors in plans.items():
            for rest, spare, got in {*_baskets(shares, h, 0, left, free, 0)}:
                received = min(int(shares.wanted[h]), got)
                kept = after.setdefault((rest, spare), set())
                kept.update((*vector, received) for vector in vectors)
        plans = after
    return max(sorted_levels(shares, v) for vectors in plans.values() for v in vectors)


def _baskets(
    shares: Shares,
    h: int,
    i: int,
    left: tuple[int, ...],
    free: tuple[int, ...],
    got: int,
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], int]]:
    """Everything that a household could take, from its i-th lot on: what is left, and its grains."""
    lots = shares.class_lots[int(shares.class_of[h])]
    if i == len(lots) or got >= int(shares.wanted[h]):
        yield left, free, got
        return
    yield from _baskets(shares, h, i + 1, left, free, got)
    lot, size = lots[i], shares.pack_grains(lots[i])
    spare = tuple(
        room - size * capacity.covers(lot, h)
        for room, capacity in zip(free, shares.capacities, strict=True)
    )
    if left[lot] and min(spare, default=0) >= 0:
        rest = (*left[:lot], left[lot] - 1, *left[lot + 1 :])
        yield from _baskets(shares, h, i, rest, spare, got + size)
