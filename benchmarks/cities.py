"""Synthetic cities of any size as bare instances: made up, every figure in them is drawn from a seed.

A generated city stands for no real place. Satellites stand in a ring, household by household some are
far busier than others; a lot goes to a run of neighbouring satellites, most to few and some to many,
with a supply whose tail is heavy; what a household cannot use (diets, allergens, no stove, no freezer)
rules lots out, but each town has a staple that all its people can use. So scarcity is local, and there
are many levels. Food is there for 0.8 of what is wanted; one grain is one meal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logistics.intake.shares_parts import FORMAT
from logistics.model.shares import Capacity, Shares

SUPPLY = 0.8
"""Meals there are, as a share of the meals wanted."""

CHOICE = 10
"""Lots that reach a satellite, on average."""

REACH_TAIL, SUPPLY_TAIL, CROWD_TAIL = 1.2, 1.3, 2.0
"""Exponents of Pareto tails: satellites of a lot, meals of a lot, households of a satellite."""

FEATURES: tuple[tuple[float, float], ...] = (
    (0.06, 0.15),  # pork
    (0.05, 0.30),  # meat at all
    (0.04, 0.15),  # egg
    (0.05, 0.20),  # milk
    (0.03, 0.25),  # wheat
    (0.02, 0.05),  # shrimp
    (0.15, 0.30),  # needs a stove
    (0.20, 0.25),  # needs a freezer
)
"""Per feature: the share of households that cannot use it, and of lots that have it."""

CHILLED = 1 << 7
WEIGHTS, WEIGHT_SCALE, WEIGHT_SHARES = (16, 20, 25), 20, (0.03, 0.94, 0.03)
"""Weights 4/5, 1 and 5/4, and how many households have them."""

WEEKS = (0, 1, 2, 4)
TOWN = 8
"""Satellites of a town."""

COLUMNS = (
    "supply",
    "unit_grains",
    "pack",
    "wanted",
    "past_wanted",
    "past_received",
    "weight",
    "class_of",
)
"""What of an instance is a column of whole numbers."""

Ints = NDArray[np.int64]
Rng = np.random.Generator


class Caps(StrEnum):
    """Which capacities a city has beside its lots."""

    NONE = "none"
    NESTED = "nested"
    """Storehouses and the cold rooms within them: still a flow."""
    OVERLAPPING = "overlapping"
    """Rooms at satellites and vans to towns, across lots of different use: no flow any more."""


@dataclass(frozen=True, slots=True)
class City:
    """What to draw; the same arguments always make the same city.

    `ways`: lots that each household may have on average where everybody chooses on their own, so that
    no two share a class; 0: households of one satellite with the same needs are a class. `satellites`
    and `lots` of 0 are as many as a city of that size would have.
    """

    households: int
    seed: int = 1
    lots: int = 0
    satellites: int = 0
    ways: float = 0.0
    caps: Caps = Caps.NONE
    history: bool = False
    integer: bool = False

    @property
    def sized(self) -> City:
        """The same city with its number of lots and satellites."""
        return replace(
            self,
            lots=self.lots or max(12, round(6 * self.households**0.4)),
            satellites=self.satellites or max(3, round(self.households**0.6 / 3)),
        )


def city(wish: City) -> Shares:
    """A synthetic city as a bare instance."""
    wish = wish.sized
    rng = np.random.default_rng([wish.seed, wish.households, wish.lots, wish.satellites])
    households = wish.households
    wanted = 3 * rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6), households) + rng.integers(
        0, 3, households
    )
    place = _places(rng, wish)
    refused = _bits(rng, [share for share, _ in FEATURES], households)
    features = _bits(rng, [share for _, share in FEATURES], wish.lots)
    staples = rng.permutation(wish.lots)[: -(-wish.satellites // TOWN)]
    features[staples] = 0
    satellite, lot = _reached(rng, wish, staples)
    class_of: Ints
    if wish.ways:
        class_of = np.arange(households)
        kind = place
    else:
        kind, class_of = np.unique(place << len(FEATURES) | refused, return_inverse=True)
        refused, kind = kind & ((1 << len(FEATURES)) - 1), kind >> len(FEATURES)
    class_lots = _class_lots(rng, wish, satellite, lot, kind, refused, features)
    supply = _supply(rng, lot, wish, int(wanted.sum()))
    weeks = rng.choice(WEEKS, households) if wish.history else np.zeros(households, dtype=np.int64)
    past_wanted = weeks * wanted
    return Shares(
        integer=wish.integer,
        grains_per_meal=1,
        weight_scale=WEIGHT_SCALE,
        lot_ids=[f"L{k}" for k in range(wish.lots)],
        supply=supply,
        unit_grains=np.ones(wish.lots, dtype=np.int64),
        pack=np.ones(wish.lots, dtype=np.int64),
        household_ids=[f"H{n}" for n in range(households)],
        wanted=wanted,
        past_wanted=past_wanted,
        past_received=np.rint(past_wanted * rng.uniform(0.4, 1.0, households)).astype(np.int64),
        weight=rng.choice(WEIGHTS, households, p=WEIGHT_SHARES)
        if wish.history
        else np.full(households, WEIGHT_SCALE),
        class_of=class_of,
        class_lots=class_lots,
        capacities=_capacities(rng, wish, satellite, lot, place, wanted, supply, features),
    )


def _places(rng: Rng, wish: City) -> Ints:
    """The satellite of each household."""
    crowd = rng.pareto(CROWD_TAIL, wish.satellites) + 0.5
    found: Ints = rng.choice(wish.satellites, wish.households, p=crowd / crowd.sum())
    return found


def _bits(rng: Rng, shares: Sequence[float], count: int) -> Ints:
    """One bit a feature, each set with its share."""
    found = np.zeros(count, dtype=np.int64)
    for bit, share in enumerate(shares):
        found |= (rng.random(count) < share).astype(np.int64) << bit
    return found


def _reached(rng: Rng, wish: City, staples: Ints) -> tuple[Ints, Ints]:
    """Every (satellite, lot) where the lot goes to the satellite, sorted; a staple goes to a town."""
    reach = rng.pareto(REACH_TAIL, wish.lots) + 0.3
    reach *= wish.satellites * max(CHOICE, 2 * wish.ways) / reach.sum()
    length = np.clip(np.rint(reach), 1, wish.satellites).astype(np.int64)
    start = rng.integers(0, wish.satellites, wish.lots)
    start[staples] = np.arange(len(staples)) * TOWN
    length[staples] = np.minimum(TOWN, wish.satellites - start[staples])
    lot = np.repeat(np.arange(wish.lots), length)
    step = np.arange(len(lot)) - np.repeat(np.cumsum(length) - length, length)
    satellite = (start[lot] + step) % wish.satellites
    order = np.lexsort((lot, satellite))
    return satellite[order], lot[order]


def _class_lots(
    rng: Rng, wish: City, satellite: Ints, lot: Ints, place: Ints, refused: Ints, features: Ints
) -> list[tuple[int, ...]]:
    """Lots at the place of each class without what it refuses; or each its own random part of them."""
    bounds = np.searchsorted(satellite, np.arange(wish.satellites + 1))
    lengths = (bounds[1:] - bounds[:-1])[place]
    of_class = np.repeat(np.arange(len(place)), lengths)
    first = np.repeat(bounds[place] - (np.cumsum(lengths) - lengths), lengths)
    pair_lot = lot[first + np.arange(len(of_class))]
    if wish.ways:
        kept = rng.random(len(pair_lot)) < wish.ways * len(place) / max(1, len(pair_lot))
    else:
        kept = (features[pair_lot] & refused[of_class]) == 0
    of_class, flat = of_class[kept], pair_lot[kept].tolist()
    ends = np.searchsorted(of_class, np.arange(len(place) + 1)).tolist()
    return [tuple(flat[start:end]) for start, end in pairwise(ends)]


def _supply(rng: Rng, lot: Ints, wish: City, wanted: int) -> Ints:
    """Meals of each lot, with a heavy tail, and more where it goes to more satellites."""
    reach = np.bincount(lot, minlength=wish.lots)
    weight = np.sqrt(reach) * (rng.pareto(SUPPLY_TAIL, wish.lots) + 0.1)
    meals: Ints = np.rint(weight / weight.sum() * wanted * SUPPLY).astype(np.int64)
    return np.maximum(1, meals)


def _capacities(
    rng: Rng,
    wish: City,
    satellite: Ints,
    lot: Ints,
    place: Ints,
    wanted: Ints,
    supply: Ints,
    features: Ints,
) -> tuple[Capacity, ...]:
    if wish.caps is Caps.NONE:
        return ()
    chilled = (features & CHILLED) > 0
    towns = -(-wish.satellites // TOWN)
    found: list[Capacity] = []
    if wish.caps is Caps.NESTED:
        home = np.empty(wish.lots, dtype=np.int64)
        home[lot[::-1]] = satellite[::-1] // TOWN
        for town in range(towns):
            for name, chosen in (("store", home == town), ("cold room", (home == town) & chilled)):
                grains = int(supply[chosen].sum() * rng.uniform(0.6, 1.0))
                found.append(Capacity(f"{name} {town}", grains, _members(chosen)))
        return tuple(capacity for capacity in found if capacity.lots)
    for number in range(wish.satellites):
        here = place == number
        grains = int(wanted[here].sum() * rng.uniform(0.5, 1.2))
        found.append(Capacity(f"room {number}", grains, None, _members(here)))
    for town in range(towns):
        here = place // TOWN == town
        grains = int(wanted[here].sum() * rng.uniform(0.1, 0.4))
        found.append(Capacity(f"van {town}", grains, _members(chilled), _members(here)))
    return tuple(capacity for capacity in found if capacity.households)


def _members(chosen: NDArray[np.bool_]) -> frozenset[int]:
    return frozenset(np.flatnonzero(chosen).tolist())


def pairs(shares: Shares) -> int:
    """How many pairs of class and lot there are."""
    return sum(map(len, shares.class_lots))


def write_folder(shares: Shares, folder: Path) -> None:
    """The columnar files of `osusowake allocate FOLDER`, as CSV, for a city without capacities.

    Raises:
        ValueError: if there are capacities.
    """
    if shares.capacities:
        raise ValueError("capacities are not written")
    folder.mkdir(parents=True, exist_ok=True)
    integer = str(shares.integer).lower()
    heading = f'format = "{FORMAT}"\ninteger = {integer}\n'
    (folder / "instance.toml").write_text(heading, encoding="utf-8")
    _write(
        folder / "lots.csv",
        {
            "id": shares.lot_ids,
            "units": shares.supply,
            "unit_meals": shares.unit_grains,
            "pack": shares.pack,
        },
    )
    _write(
        folder / "households.csv",
        {
            "id": shares.household_ids,
            "wanted": shares.wanted,
            "past_wanted": shares.past_wanted,
            "past_received": shares.past_received,
            "weight": np.asarray(shares.weight) / shares.weight_scale,
            "eligible_class": shares.class_of,
        },
    )
    lengths, lots = _flat(shares.class_lots)
    classes = np.repeat(np.arange(len(lengths)), lengths)
    _write(folder / "eligible.csv", {"class": classes, "lot_id": np.array(shares.lot_ids)[lots]})


def _flat(class_lots: Sequence[tuple[int, ...]]) -> tuple[Ints, Ints]:
    """How many lots each class may have, and all of them in one column."""
    lengths = np.fromiter(map(len, class_lots), dtype=np.int64, count=len(class_lots))
    lots = np.fromiter(chain.from_iterable(class_lots), dtype=np.int64, count=int(lengths.sum()))
    return lengths, lots


def _write(path: Path, columns: dict[str, Any]) -> None:
    import pyarrow as pa
    from pyarrow import csv

    csv.write_csv(pa.table(columns), path)


def save_arrays(shares: Shares, path: Path) -> None:
    """A city without capacities as one file of arrays (npz)."""
    lengths, lots = _flat(shares.class_lots)
    columns: dict[str, Any] = {name: np.asarray(getattr(shares, name)) for name in COLUMNS}
    np.savez(path, lengths=lengths, lots=lots, integer=np.array(shares.integer), **columns)


def load_arrays(path: Path) -> Shares:
    """A city that was saved by `save_arrays`."""
    with np.load(path) as file:
        columns: dict[str, Any] = {name: file[name] for name in COLUMNS}
        flat, ends = file["lots"].tolist(), np.cumsum(file["lengths"]).tolist()
        return Shares(
            integer=bool(file["integer"]),
            grains_per_meal=1,
            weight_scale=WEIGHT_SCALE,
            lot_ids=[f"L{k}" for k in range(len(columns["supply"]))],
            household_ids=[f"H{n}" for n in range(len(columns["wanted"]))],
            class_lots=[tuple(flat[start:end]) for start, end in pairwise([0, *ends])],
            **columns,
        )
