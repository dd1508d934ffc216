"""Leximin of whole packs where proving every level by search would take too long.

The bound b* (`bound.py`) says what split packs could reach at best, in exact integers. A plan of whole
packs is sought as near to it as the time allows: for many households by compiled annealing
(`packs/annealed.py`), for few by a vertex of the split packs rounded down
(`vertex.py`), then small integer programs around one household that is short of b*, others whose food
it could eat, and other short ones (`search.py`). What the limits of b* prove about the plan is reported
for each household (`standing.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush

import numpy as np

from logistics.solver.allocation.events import FLOOR, Group
from logistics.solver.allocation.large.arrays import Arrays, Ints, arrays_of
from logistics.solver.allocation.large.bound import Bound, bound_of
from logistics.solver.allocation.large.search import Search
from logistics.solver.allocation.large.standing import Standing
from logistics.solver.allocation.large.vertex import rounded, vertex
from logistics.solver.allocation.packs.annealed import Annealed
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.shape import Shape
from logistics.solver.allocation.state import Deadline, Leximin

BOUND_SHARE = 0.5
VERTEX_SHARE = 0.4
"""Shares of the time that the bound and, of what is left then, the vertex may take at most."""

MANY = 500
"""From so many households on plans come from annealing, and the bound less one meal counts more than
the last meal, so that nobody falls behind."""

START_SHARE, REST_SHARE = 0.4, 0.1
"""Shares of the time left that the first plan of many households and what is left over may take."""

NEEDS_AT_FIRST = 6
NEEDS_AT_MOST = 20
PATIENCE = 8
AT_ONCE = 2
OVER_SHARE = 0.8
"""Households in a neighbourhood: few as long as that helps, one more after so many vain attempts;
neighbourhoods at the same time; how often the third kind of helper has too much (the others could
take what is left over)."""


@dataclass(frozen=True, slots=True)
class Scaled:
    """A leximin with how far it is from the bound.

    `target` is b* in grains, `meals_short` what the plan lacks of it, `unproven` the lowest level of
    the plan whose bound lies above it (None: everything is proven).
    """

    leximin: Leximin
    target: tuple[int, ...]
    meals_short: Fraction
    unproven: Fraction | None


def scale_leximin(
    shape: Shape,
    groups: Sequence[Group],
    *,
    seconds: float,
    seed: int,
    start: Sequence[int] = (),
) -> Leximin:
    """The fairest plan found within the time, from `start` packs if they keep all rows."""
    return solve_at_scale(shape, groups, seconds=seconds, seed=seed, start=start).leximin


def solve_at_scale(
    shape: Shape,
    groups: Sequence[Group],
    *,
    seconds: float,
    seed: int,
    start: Sequence[int] = (),
) -> Scaled:
    """`scale_leximin` with the figures that say how good it is."""
    deadline = Deadline(seconds, seconds)
    arrays = arrays_of(shape)
    floor = max((g.leaves for g in groups if g.stage == FLOOR), default=Fraction(0))
    bound = bound_of(arrays, groups, seconds=seconds * BOUND_SHARE, seed=seed)
    many = len(shape.needs) >= MANY
    first = np.maximum(0, bound.receipts - shape.grains_per_meal) if many else bound.receipts
    search = Search(arrays, first, shape.grains_per_meal, _kept(shape, start))
    if many and search.holds():
        packs = _annealed(shape, search, bound, floor, deadline, seed)
        search = Search(arrays, bound.receipts, shape.grains_per_meal, np.array(packs, np.int64))
    else:
        _begin(search, arrays, bound, deadline)
        if not search.holds():
            return Scaled(Leximin(None, (), False), (), Fraction(0), None)
        _improve(search, np.random.default_rng(seed), deadline)
    _complete(search, shape, floor)
    return _reported(shape, arrays, bound, search, floor, late=deadline.late())


def _annealed(
    shape: Shape, search: Search, bound: Bound, floor: Fraction, deadline: Deadline, seed: int
) -> tuple[int, ...]:
    """Packs near the bound by annealing: fair as a whole, then what is missing of the bound less one
    meal, which `search` has as its target, and of the bound."""
    annealed = Annealed(shape, seed)
    given: tuple[int, ...] = tuple(search.plan.tolist())
    fair = annealed.start(given, floor, deadline.seconds() * START_SHARE)
    target = bound.receipts.tolist()

    def short(packs: Sequence[int]) -> int:
        return sum(max(0, t - got) for t, got in zip(target, shape.received(packs), strict=True))

    packs = min(given, fair, key=short)
    first = search.target.tolist()
    packs = annealed.toward(packs, first, target, deadline.seconds() * (1 - REST_SHARE))
    return annealed.polish(packs, deadline.seconds())


def _kept(shape: Shape, start: Sequence[int]) -> Ints:
    """The packs to start from if they keep all rows, else none."""
    usable = start and keeps_rows(shape, start)
    return np.array(start if usable else (0,) * (len(shape.most) + len(shape.flags)), np.int64)


def _begin(search: Search, arrays: Arrays, bound: Bound, deadline: Deadline) -> None:
    """From the vertex, if that is nearer than the plan that the search has."""
    if not arrays.options:
        return
    value = vertex(
        arrays, search.target, bound.useful, bound.split, deadline.seconds() * VERTEX_SHARE
    )
    if value is None:
        return
    whole, split = rounded(value)
    other = Search(arrays, search.target, search.near, whole)
    other.better(split, deadline.seconds())
    if other.holds() and (
        not search.holds() or other.cost(other.given) < search.cost(search.given)
    ):
        search.become(other)


def _improve(search: Search, rng: np.random.Generator, deadline: Deadline) -> None:
    """Neighbourhoods around short needs until nobody is short or the time is out.

    A handful of needs is one neighbourhood. Those of one round share no need and are solved at the
    same time (HiGHS runs outside of Python's lock); one that takes what another has just taken is
    refused.
    """
    if len(search.target) <= NEEDS_AT_MOST:
        search.better(np.arange(len(search.plan)), deadline.seconds())
        return
    vain = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while not deadline.late() and search.short.any():
            size = min(NEEDS_AT_MOST, NEEDS_AT_FIRST + vain // PATIENCE)
            parts = [search.neighbourhood(needs) for needs in _around(search, rng, size)]
            seconds = [deadline.seconds()] * len(parts)
            for part, values in zip(parts, pool.map(search.proposal, parts, seconds), strict=True):
                vain = 0 if search.accept(part, values) else vain + 1


def _around(search: Search, rng: np.random.Generator, size: int) -> list[Ints]:
    """Neighbourhoods without common needs: each a short need and some that may help it.

    Some have food that it could eat, some are short, too, some have too much or could take what is
    left over.
    """
    free = np.ones(len(search.target), dtype=np.int64)
    over, takers = np.maximum(0, search.given - search.target), search.takers()
    found: list[Ints] = []
    while len(found) < AT_ONCE and (search.short * free).any():
        lacking = search.short * free
        short = (lacking > 0).astype(np.int64)
        centre = int(_first(rng, lacking**2, 1)[0])
        chosen = {centre}
        helpful = over if over.any() and rng.random() < OVER_SHARE else takers
        for weights in (search.related(centre), short, helpful):
            chosen |= set(_first(rng, weights * free, size // 3).tolist())
        needs = np.array(sorted(chosen), dtype=np.int64)
        free[needs] = 0
        found.append(needs)
    return found


def _first(rng: np.random.Generator, weights: Ints, count: int) -> Ints:
    """`count` indices drawn by weight, none twice (Efraimidis and Spirakis 2006)."""
    able = np.flatnonzero(weights)
    keys = np.log(rng.random(len(able))) / weights[able]
    return able[np.argsort(-keys)[:count]]


def _complete(search: Search, shape: Shape, floor: Fraction) -> None:
    """Give what is left, pack by pack, to whoever stands lowest."""

    def rank(n: int) -> tuple[Fraction, Fraction, int]:
        need, got = shape.needs[n], min(int(search.given[n]), shape.needs[n].wanted)
        return min(need.fill(got), floor), need.level(got), n

    queue = [rank(n) for n, need in enumerate(shape.needs) if search.given[n] < need.wanted]
    heapify(queue)
    while queue:
        _, _, n = heappop(queue)
        members = np.array(shape.members[n], dtype=np.int64)
        fitting = members[search.fits(members)] if len(members) else members
        if len(fitting):
            gap = shape.needs[n].wanted - int(search.given[n])
            grains = search.arrays.grains[fitting]
            search.add(int(fitting[np.argmin(np.where(grains <= gap, gap - grains, grains))]))
            if search.given[n] < shape.needs[n].wanted:
                heappush(queue, rank(n))


def _reported(
    shape: Shape, arrays: Arrays, bound: Bound, search: Search, floor: Fraction, *, late: bool
) -> Scaled:
    packs = tuple(search.plan.tolist())
    received = shape.received(packs)
    standing = Standing(shape, arrays, bound.limits, received, floor)
    frozen = standing.freezes()
    open_levels = [shape.needs[f.need].level(f.at) for f in frozen if f.bound > f.at]
    proven = not open_levels
    total = sum(received) if proven else standing.total()
    return Scaled(
        Leximin(packs, frozen, proven, late and not proven, total),
        tuple(bound.receipts.tolist()),
        Fraction(int(search.short.sum()), shape.grains_per_meal),
        min(open_levels, default=None),
    )
