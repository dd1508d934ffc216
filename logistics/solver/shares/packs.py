"""Whole packs of different sizes, or capacities that are no flow: raise and freeze on the instance."""

from __future__ import annotations

from fractions import Fraction

from logistics.model.errors import InvalidFact
from logistics.model.plan import Cap
from logistics.model.shares import Shares
from logistics.solver.allocation.events import groups_of
from logistics.solver.allocation.integer import RaiseAndFreeze
from logistics.solver.allocation.shape import Need, Row, Shape, attainable
from logistics.solver.allocation.state import Leximin
from logistics.solver.eligible import Option
from logistics.solver.ways import Way, WayKind

WANTED_MAX = 1_000_000
"""Largest wish in grains for which all receipts that packs can add up to are listed."""

HERE = Way(WayKind.HERE, 0, 0)


def pack_leximin(shares: Shares, *, seconds: float, seed: int) -> tuple[Shape, Leximin]:
    """Leximin in whole packs; levels in the order of `Shape.needs`.

    Raises:
        InvalidFact: if a household wants more grains than can be listed.
    """
    shape = shape_of(shares)
    solver = RaiseAndFreeze(shape, groups_of(shape, Fraction(0)), seconds=seconds, seed=seed)
    return shape, solver.solve()


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
    return Shape(
        needs=tuple(_need(shares, h) for h in wanting),
        options=tuple(options),
        meals=tuple(meals),
        most=tuple(most),
        members=tuple(members),
        values=tuple(
            attainable(int(shares.wanted[h]), [(meals[i], most[i]) for i in own])
            for h, own in zip(wanting, members, strict=True)
        ),
        flags=(),
        rows=tuple(_rows(shares, pairs, most)),
        grains_per_meal=shares.grains_per_meal,
    )


def _need(shares: Shares, h: int) -> Need:
    wanted = int(shares.wanted[h])
    if wanted > WANTED_MAX:
        raise InvalidFact(
            f"Household {shares.household_ids[h]}: wants {wanted} grains (the largest part of a meal "
            f"that all quantities are whole multiples of), at most {WANTED_MAX} are possible where "
            "packs of several sizes or overlapping capacities are shared out whole"
        )
    return Need(
        str(shares.household_ids[h]),
        wanted,
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
