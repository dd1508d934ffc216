"""Better whole packs by simulated annealing: the shape and what grains are worth, in flat arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from math import gcd
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from logistics.solver.allocation.large.arrays import owners_of
from logistics.solver.allocation.packs.kernel import anneal
from logistics.solver.allocation.packs.seats import waits
from logistics.solver.allocation.shape import Shape
from logistics.solver.compiled import COMPILE_S, Kernel

KERNEL = Kernel("packs", [Path(__file__).with_name("kernel.py")], lambda: anneal)

ENDLESS = 1 << 60

LARGEST_TABLE = 20_000_000
"""Entries of a table of worths; where wishes are larger than that, plans stay as they are."""

SLICE = 5_000
"""Rounds between two looks at the clock."""

AGAIN, AGAIN_EACH = 50_000, 500
"""Rounds of one run toward a target, at least, and for each household."""

Packs = tuple[int, ...]
Steps = Sequence[tuple[int, float]]
"""What grains are worth to a need: up to so many grains, worth of each unit. The worth falls."""


Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

COLUMN = np.dtype(
    [
        (name, np.int64)
        for name in (
            "first", "last", "first_flag", "last_flag", "owner", "grains", "most", "packs", "users",
        )
    ]
)  # fmt: skip
ENTRY = np.dtype([("row", np.int64), ("weight", np.int64)])
ROW = np.dtype([(name, np.int64) for name in ("first", "last", "upper", "lower", "total")])
NEED = np.dtype([(name, np.int64) for name in ("first", "last", "wanted", "worth", "given")])


class Arena(NamedTuple):
    """A shape and a plan of it in flat arrays; `first .. last` are places in the array of entries.

    `columns` are options and flags: its entries in `entries`, the flags it waits for in `flags`, whose
    it is, grains and most packs, and of the plan: packs given, options that wait for it and are given.
    `rows`: its columns in `members_of_rows`, limits, and of the plan: the total. `needs`: its options
    in `members`, wish, where its worths begin, and of the plan: grains given. `checked` are the rows
    that taking packs could break.
    """

    columns: Any
    entries: Any
    rows: Any
    row_columns: Ints
    needs: Any
    members: Ints
    flags: Ints
    checked: Ints


class Annealing:
    """Searches over the plans of one shape.

    Deterministic for a seed and a number of rounds.
    """

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.unit = gcd(*shape.meals) or 1
        """Grains of which every pack has a multiple; worths are told for each of these only."""
        self.wishes = [-(-need.wanted // self.unit) for need in shape.needs]
        self.able = bool(shape.options) and sum(self.wishes) <= LARGEST_TABLE
        self.arena = self._arena()
        self._random = np.array([2654435761 * seed + 88172645463325252], dtype=np.uint64)

    def table(self, steps: Sequence[Steps]) -> Floats:
        """Worth of receipts of every need, all in one column: what is not attainable adds nothing."""
        return np.concatenate(
            [
                _worths(own, values, wish, self.unit)
                for own, values, wish in zip(steps, self.shape.values, self.wishes, strict=True)
            ]
            or [np.zeros(0)]
        )

    def cooled(
        self,
        packs: Packs,
        worth: Floats,
        rounds: int,
        hot: float,
        cold: float,
        seconds: float,
        goal: float = np.inf,
    ) -> Packs:
        """The packs of the greatest worth that so many rounds from a plan find, or fewer in the time.

        The temperature falls with the rounds made, or with the time gone by where that is further.
        """
        if not self.able or not KERNEL.is_ready(seconds):
            return packs
        begun, slices, share = monotonic(), max(1, rounds // SLICE), 0.0
        arena = self._begin(packs)
        most = anneal(*arena, worth, 0, hot, cold, goal, self._random)
        best, ratio = np.array(packs), cold / hot
        for k in range(1, slices + 1):
            gone = (monotonic() - begun) / max(1e-9, seconds)
            ahead = min(1.0, max(k / slices, gone * k / max(1, k - 1)))
            heats = hot * ratio**share, hot * ratio**ahead
            value = anneal(*arena, worth, min(rounds, SLICE), *heats, goal, self._random)
            if value > most:
                best, most = arena.columns["packs"].copy(), value
            share = ahead
            if share >= 1.0 or most >= goal:
                break
        return tuple(best.tolist())

    def until(
        self,
        found: Callable[[Packs], bool],
        packs: Packs,
        worth: Floats,
        hot: float,
        cold: float,
        seconds: float,
    ) -> Packs:
        """Run after run, each from the best before, until it is found or the time is out."""
        if not self.able or not KERNEL.is_ready(seconds):
            return packs
        end = monotonic() + seconds
        goal = float(worth[np.append(self.arena.needs["worth"][1:], len(worth)) - 1].sum())
        rounds = max(AGAIN, AGAIN_EACH * len(self.wishes))
        while monotonic() < end and not found(packs):
            left_s = end - monotonic()
            packs = self.cooled(packs, worth, rounds, hot, cold, left_s, goal - 1e-6)
        return packs

    def _begin(self, packs: Sequence[int]) -> Arena:
        """The arena with a plan in it; flags are set where packs wait for them."""
        arena, options = self.arena, len(self.shape.options)
        columns, rows, needs = arena.columns.copy(), arena.rows.copy(), arena.needs.copy()
        given = np.array(packs, dtype=np.int64)
        waiting = np.repeat(np.arange(len(given)), columns["last_flag"] - columns["first_flag"])
        users = np.zeros(len(given), dtype=np.int64)
        np.add.at(users, arena.flags, given[waiting] > 0)
        given[options:] = users[options:] > 0
        columns["packs"], columns["users"] = given, users
        of_entry = np.repeat(given, columns["last"] - columns["first"])
        np.add.at(rows["total"], arena.entries["row"], of_entry * arena.entries["weight"])
        np.add.at(needs["given"], columns["owner"], given * columns["grains"])
        return arena._replace(columns=columns, rows=rows, needs=needs)

    def _arena(self) -> Arena:
        shape, rows = self.shape, [row for row in self.shape.rows if not waits(row, self.shape)]
        options, size = len(shape.options), len(shape.options) + len(shape.flags)
        of_column: list[list[tuple[int, int]]] = [[] for _ in range(size)]
        for r, row in enumerate(rows):
            for i, c in row.terms:
                of_column[i].append((r, c))
        waits_for: list[list[int]] = [[] for _ in range(size)]
        for i, flag in shape.flagged():
            waits_for[i].append(flag)
        columns = np.zeros(size, dtype=COLUMN)
        columns["first"], columns["last"], entries = _flat(of_column, ENTRY)
        columns["first_flag"], columns["last_flag"], flags = _flat(waits_for)
        columns["owner"] = owners_of(shape)
        columns["grains"][:options] = np.array(shape.meals) // self.unit
        columns["most"] = [*shape.most, *([1] * len(shape.flags))]
        table = np.zeros(len(rows), dtype=ROW)
        table["first"], table["last"], row_columns = _flat(
            [[i for i, _ in row.terms] for row in rows]
        )
        table["upper"] = [ENDLESS if row.upper is None else row.upper for row in rows]
        table["lower"] = [-ENDLESS if row.lower is None else row.lower for row in rows]
        needs = np.zeros(len(shape.needs), dtype=NEED)
        needs["first"], needs["last"], members = _flat(shape.members)
        needs["wanted"] = self.wishes
        needs["worth"] = np.cumsum([0, *(wish + 1 for wish in self.wishes)])[:-1]
        breakable = (
            r
            for r, row in enumerate(rows)
            if row.lower is not None or min(c for _, c in row.terms) < 0
        )
        checked = np.array(list(breakable), dtype=np.int64)
        return Arena(columns, entries, table, row_columns, needs, members, flags, checked)


def _worths(steps: Steps, values: Sequence[int], wish: int, unit: int) -> Floats:
    """Worth of 0 .. `wish` units: the sum of the steps up to the attainable value below."""
    units = np.array([-(-value // unit) for value in values])
    ends = np.array([0, *(-(-min(grains, values[-1]) // unit) for grains, _ in steps)])
    slope = np.repeat([worth for _, worth in steps], np.maximum(0, np.diff(ends)))
    slope = np.append(slope, np.zeros(max(0, wish - len(slope))))[:wish]
    sums = np.concatenate([[0.0], np.cumsum(slope)])
    found: Floats = sums[units[np.searchsorted(units, np.arange(wish + 1), side="right") - 1]]
    return found


def _flat(lists: Sequence[Sequence[Any]], dtype: Any = np.int64) -> tuple[Ints, Ints, Any]:
    """Where each list begins and ends, and all entries one after another."""
    ends = np.cumsum([len(own) for own in lists], dtype=np.int64)
    lengths = np.array([len(own) for own in lists], dtype=np.int64)
    return ends - lengths, ends, np.array(list(chain.from_iterable(lists)), dtype=dtype)


def warm_up() -> None:
    """Compile the search, or load it from the disk: one round over two packs of one lot."""
    from fractions import Fraction

    from logistics.model.plan import Cap
    from logistics.solver.allocation.shape import Need, Row
    from logistics.solver.eligible import Option
    from logistics.solver.ways import Way, WayKind

    one = Fraction(1)
    option = Option("A", "L", None, 0, Way(WayKind.HERE, 0, 0))
    rows = (Row(Cap("lot", "L"), ((0, 1),), 1),)
    need = Need("A", 2, Fraction(0), Fraction(0), one)
    shape = Shape((need,), (option,), (1,), (2,), ((0,),), ((0, 1, 2),), (), rows, 1)
    annealing = Annealing(shape, 1)
    annealing.cooled((0,), annealing.table([[(2, 1.0)]]), 1, 1.0, 1.0, COMPILE_S)
    KERNEL.note_warm()
