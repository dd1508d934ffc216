"""Whole packs of different sizes, or capacities that are no flow: raise and freeze on the instance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd

import numpy as np

from logistics.model.errors import InvalidFact
from logistics.model.plan import Cap, Status
from logistics.model.shares import ShareLevel, ShareResult, Shares
from logistics.solver.allocation.allocate import LARGE
from logistics.solver.allocation.events import Group, groups_of
from logistics.solver.allocation.large.scale import scale_leximin
from logistics.solver.allocation.packs.greedy import Ledger, trimmed
from logistics.solver.allocation.packs.integer import RaiseAndFreeze
from logistics.solver.allocation.shape import Need, Row, Shape, attainable
from logistics.solver.allocation.state import Leximin
from logistics.solver.eligible import Option
from logistics.solver.shares.exact import whole
from logistics.solver.shares.levels import levels_with_prices
from logistics.solver.ways import Way, WayKind

WANTED_MAX = 1_000_000
"""Largest wish for which all receipts that packs can add up to are listed, in the largest amount that
all packs are multiples of."""

HERE = Way(WayKind.HERE, 0, 0)


KINDS = ("lot", "capacity")
"""What a bare instance may name as scarce."""


def pack_leximin(shares: Shares, seconds: float, seed: int, why: str) -> ShareResult:
    """Leximin in whole packs.

    Raises:
        InvalidFact: if a household wants more grains than can be listed.
    """
    shape = shape_of(shares)
    groups = groups_of(shape, Fraction(0))
    leximin, engine = _fairest(shape, groups, seconds, seed)
    place = {str(name): h for h, name in enumerate(shares.household_ids)}
    lots = {str(name): k for k, name in enumerate(shares.lot_ids)}
    packs = _filled(shape, leximin.packs or ())
    received = [0] * len(shares.household_ids)
    for need, grains in zip(shape.needs, shape.received(packs), strict=True):
        received[place[need.household_id]] = grains
    lines = [
        (place[option.household_id], lots[option.lot_id], shape.meals[i] * packs[i])
        for i, option in enumerate(shape.options)
        if packs[i]
    ]
    scale = np.ones(len(received), dtype=np.int64)
    household, lot, amount = (whole([line[k] for line in lines]) for k in range(3))
    status = Status.OPTIMAL if leximin.proven else Status.TIME_LIMIT
    levels = levels_with_prices(shares, whole(received), scale, {}, _bounds(shape, leximin, place))
    return ShareResult(
        status,
        f"{engine} in whole packs: {why}",
        whole(received),
        scale,
        household,
        lot,
        amount,
        _named(shares, shape, levels, leximin, place, _left(shares, lines)),
    )


def _fairest(
    shape: Shape, groups: Sequence[Group], seconds: float, seed: int
) -> tuple[Leximin, str]:
    """Raise and freeze; for a large instance whole packs near the bound of split ones, if it has any."""
    if len(shape.options) > LARGE:
        leximin = scale_leximin(shape, groups, seconds=seconds, seed=seed)
        if leximin.packs is not None:
            return leximin, "near the bound of split packs"
    return RaiseAndFreeze(shape, groups, seconds=seconds, seed=seed).solve(), "raise and freeze"


def _filled(shape: Shape, packs: Sequence[int]) -> tuple[int, ...]:
    """Packs without useless ones, and one more for whoever is short, lowest first, while any fits.

    Only a search that was cut short leaves any.
    """
    while True:
        packs = trimmed(shape, packs)
        ledger = Ledger(shape, packs)
        received = shape.received(packs)
        short = [n for n, need in enumerate(shape.needs) if received[n] < need.wanted]
        short.sort(key=lambda n: shape.needs[n].level(received[n]))
        more = [any(ledger.try_add(i, 1) for i in shape.members[n]) for n in short]
        if not any(more):
            return packs
        packs = ledger.packs


def shape_of(shares: Shares) -> Shape:
    """The instance as needs, packs to decide, and rows for lots and capacities."""
    wanting = [h for h in range(len(shares.household_ids)) if int(shares.wanted[h]) > 0]
    options: list[Option] = []
    meals: list[int] = []
    most: list[int] = []
    pairs: list[tuple[int, int]] = []
    members: list[tuple[int, ...]] = []
    for h in wanting:
        own = []
        for lot in shares.class_lots[int(shares.class_of[h])]:
            size = shares.pack_grains(lot)
            useful = min(shares.usable(lot) // size, -(-int(shares.wanted[h]) // size))
            if useful:
                own.append(len(options))
                ids = shares.household_ids[h], shares.lot_ids[lot]
                options.append(Option(str(ids[0]), str(ids[1]), None, 0, HERE))
                meals.append(size)
                most.append(useful)
                pairs.append((h, lot))
        members.append(tuple(own))
    common = gcd(*meals)
    for h in wanting:
        _refuse_long_lists(shares, h, common)
    return Shape(
        needs=tuple(_need(shares, h) for h in wanting),
        options=tuple(options),
        meals=tuple(meals),
        most=tuple(most),
        members=tuple(members),
        values=tuple(
            _attainable(int(shares.wanted[h]), [(meals[i], most[i]) for i in own], common)
            for h, own in zip(wanting, members, strict=True)
        ),
        flags=(),
        rows=tuple(_rows(shares, pairs, most)),
        grains_per_meal=shares.grains_per_meal,
    )


def _attainable(wanted: int, packs: list[tuple[int, int]], common: int) -> tuple[int, ...]:
    """Receipts by whole packs, counted in the largest grains that all packs are multiples of."""
    if not packs:
        return (0,)
    steps = attainable(-(-wanted // common), [(size // common, count) for size, count in packs])
    return tuple(min(wanted, step * common) for step in steps)


def _refuse_long_lists(shares: Shares, h: int, common: int) -> None:
    wanted = int(shares.wanted[h])
    if common and wanted // common > WANTED_MAX:
        raise InvalidFact(
            f"Household {shares.household_ids[h]}: wants {wanted // common} times the largest amount "
            f"that all packs are multiples of, at most {WANTED_MAX} times are possible where packs of "
            "several sizes or overlapping capacities are shared out whole"
        )


def _need(shares: Shares, h: int) -> Need:
    return Need(
        str(shares.household_ids[h]),
        int(shares.wanted[h]),
        Fraction(int(shares.past_wanted[h])),
        Fraction(int(shares.past_received[h])),
        Fraction(int(shares.weight[h]), shares.weight_scale),
    )


def _rows(shares: Shares, pairs: list[tuple[int, int]], most: list[int]) -> list[Row]:
    """Supply of each lot in packs and each capacity in grains, where they can bind."""
    found = []
    users: dict[int, list[int]] = {}
    for i, (_, lot) in enumerate(pairs):
        users.setdefault(lot, []).append(i)
    for lot, own in sorted(users.items()):
        packs = shares.usable(lot) // shares.pack_grains(lot)
        if sum(most[i] for i in own) > packs:
            cap = Cap("lot", str(shares.lot_ids[lot]))
            found.append(Row(cap, tuple((i, 1) for i in own), packs))
    for capacity in shares.capacities:
        terms = [
            (i, shares.pack_grains(lot))
            for i, (h, lot) in enumerate(pairs)
            if capacity.covers(lot, h)
        ]
        if sum(c * most[i] for i, c in terms) > capacity.grains:
            found.append(Row(Cap("capacity", capacity.id), tuple(terms), capacity.grains))
    return found


def _bounds(shape: Shape, leximin: Leximin, place: dict[str, int]) -> dict[int, Fraction]:
    """Proven levels that households cannot pass."""
    return {
        place[shape.needs[f.need].household_id]: shape.needs[f.need].level(max(f.at, f.bound))
        for f in leximin.frozen
    }


def _named(
    shares: Shares,
    shape: Shape,
    levels: tuple[ShareLevel, ...],
    leximin: Leximin,
    place: dict[str, int],
    left: Sequence[int],
) -> tuple[ShareLevel, ...]:
    """Levels with the lots and capacities that the freezes of those who are short name.

    A freeze may name what stands in the way of others only. Where it names nothing else, whole packs
    are what holds it: then every lot or capacity of which less is left than a pack.
    """
    held = {place[shape.needs[f.need].household_id]: f.held for f in leximin.frozen}
    number = {("lot", str(name)): k for k, name in enumerate(shares.lot_ids)}
    number |= {("capacity", capacity.id): k for k, capacity in enumerate(shares.capacities)}
    found = []
    for level in levels:
        names: set[tuple[str, int]] = set()
        for h in map(int, level.households):
            if h in held and level.level < shares.level(h, Fraction(int(shares.wanted[h]))):
                own = {(c.kind, number[c.kind, c.id]) for c in held[h] if c.kind in KINDS}
                used_up = _used_up(shares, h, left)
                names |= own & used_up or used_up
        lots, capacities = (tuple(sorted(k for kind, k in names if kind == one)) for one in KINDS)
        found.append(replace(level, lots=lots, capacities=capacities))
    return tuple(found)


def _used_up(shares: Shares, h: int, left: Sequence[int]) -> set[tuple[str, int]]:
    """Lots and capacities of which too little is left for one more pack of a household's lots."""
    found = set()
    for lot in shares.class_lots[int(shares.class_of[h])]:
        size = shares.pack_grains(lot)
        if left[lot] < size:
            found.add(("lot", lot))
        for k, capacity in enumerate(shares.capacities):
            if capacity.covers(lot, h) and left[len(shares.lot_ids) + k] < size:
                found.add(("capacity", k))
    return found


def _left(shares: Shares, lines: Sequence[tuple[int, int, int]]) -> list[int]:
    """Grains that lots, then capacities, still hold after all lines."""
    found = shares.sizes()
    for h, lot, grains in lines:
        found[lot] -= grains
        for k, capacity in enumerate(shares.capacities):
            if capacity.covers(lot, h):
                found[len(shares.lot_ids) + k] -= grains
    return found
