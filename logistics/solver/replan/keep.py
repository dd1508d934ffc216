"""Who gets what in the rest of a week: what was promised first, what is free to who stands lowest.

In this order (docs/replan.md): every published line that is still possible stays, for the lowest first
where not all can; what is free goes to whoever stands lowest; then as few units as possible differ from
the published lines; then waste, then expected metres.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from time import monotonic

from logistics.model.plan import Cut, Fill, Line
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation.after.aims import (
    Aims,
    Objective,
    least_change,
    nearness,
    waste,
)
from logistics.solver.allocation.after.staged import Staged
from logistics.solver.allocation.allocate import lines_of, packs_of, shapes_of
from logistics.solver.allocation.packs.greedy import Ledger, completed, trimmed, worths
from logistics.solver.allocation.shape import Shape
from logistics.solver.calls import without_new_calls
from logistics.solver.eligible import Eligibility
from logistics.solver.replan.remainder import Remainder

STAGE_MIN_S = 0.1
"""Every stage gets at least this."""

Builder = Callable[[Staged, Aims], Objective]


@dataclass(frozen=True, slots=True)
class Kept:
    """Lines of the rest, under its names: all of them, and those that were published."""

    lines: tuple[Line, ...]
    published: tuple[Line, ...]


def kept(
    remainder: Remainder,
    travel: Travel,
    eligible: Eligibility,
    cuts: tuple[Cut, ...],
    published: Sequence[Line],
    fills: Sequence[Fill],
    *,
    seconds: float,
    seed: int,
) -> Kept | None:
    """Keep what was promised and hand out what is free; `None` if pins cannot be kept that way.

    Args:
        remainder: what is left to plan.
        travel: fastest legs between all places.
        eligible: the options of the rest.
        cuts: what routing found undriveable.
        published: lines of the published plan that are not settled, under the whole week's names.
        fills: levels of the published plan.
        seconds: limit of all stages together.
        seed: for the neighbourhoods.
    """
    _, shape = shapes_of(remainder.problem, travel, eligible, cuts, remainder.underway)
    levels = {fill.household_id: fill.level for fill in fills}
    promised = _promised(remainder, shape, published, levels)
    if promised is None:
        return None
    same = lines_of(remainder.problem, shape, promised)
    lost = _losers(remainder, published, same) | (
        remainder.problem.households.keys() - levels.keys()
    )
    near = without_new_calls(remainder.problem, travel, eligible, same, lost)
    _, shape = shapes_of(remainder.problem, travel, near, cuts, remainder.underway)
    promised = packs_of(remainder.problem, shape, same) or (0,) * len(promised)
    packs = _bettered(remainder.problem, travel, shape, promised, same, seconds, seed)
    return Kept(lines_of(remainder.problem, shape, packs), same)


def _losers(remainder: Remainder, published: Iterable[Line], same: Iterable[Line]) -> set[str]:
    """Households that cannot have all that was published for them."""
    units: Counter[tuple[str, str, str | None]] = Counter()
    for line in published:
        units[line.household_id, line.lot_id, line.session_id] += line.units
    for line in (remainder.whole(line) for line in same):
        units[line.household_id, line.lot_id, line.session_id] -= line.units
    return {household_id for (household_id, _, _), left in units.items() if left > 0}


def _promised(
    remainder: Remainder,
    shape: Shape,
    published: Sequence[Line],
    levels: dict[str, Fraction],
) -> tuple[int, ...] | None:
    """Packs of the published lines as far as every row allows, households that stand lowest first."""
    ledger = Ledger(shape)
    place = {(o.household_id, o.lot_id, o.session_id): i for i, o in enumerate(shape.options)}
    order = sorted(
        (line for line in published if line.lot_id in remainder.parts),
        key=lambda line: (
            levels.get(line.household_id, Fraction(0)),
            line.household_id,
            line.lot_id,
        ),
    )
    left = [
        (line, line.units // remainder.problem.lots[remainder.parts[line.lot_id][0]].pack)
        for line in order
    ]
    gained = True
    while gained:  # what leaves a store makes room for what comes later
        gained, again = False, left
        left = []
        for line, packs in again:
            rests = packs
            for name in remainder.parts[line.lot_id]:
                i = place.get((line.household_id, name, line.session_id))
                while i is not None and rests and ledger.try_add(i):
                    rests -= 1
            gained = gained or rests < packs
            left += [(line, rests)] if rests else []
    return tuple(ledger.packs) if ledger.holds() else None


def _bettered(
    problem: WeekProblem,
    travel: Travel,
    shape: Shape,
    promised: Sequence[int],
    same: Sequence[Line],
    seconds: float,
    seed: int,
) -> tuple[int, ...]:
    """The stages after the promise, each with the earlier ones kept.

    Lines stay, and not only meals: exchanges among households that lose nothing would change hundreds
    of units of a published week for half a meal.
    """
    lower, floor = shape.received(promised), problem.policy.week_floor
    start = trimmed(shape, completed(shape, promised, (0.0,) * len(shape.options), floor))
    program = Staged(shape, lower, start, seed)
    for i, packs in enumerate(promised[: len(shape.options)]):
        stay = min(packs, start[i])
        if stay:
            program.limit(((i, 1),), lower=stay)
    aims = Aims(problem, travel, like=same)
    builders: list[Builder] = [
        lambda staged, given: _lowest_first(staged, given, lower),
        least_change,
        waste,
        nearness,
    ]
    end = monotonic() + seconds
    for k, build in enumerate(builders):
        begun = monotonic()
        share = (end - begun) / (len(builders) - k)
        objective = build(program, aims)
        left = max(STAGE_MIN_S, share - (monotonic() - begun))
        program.least(objective.costs, left, objective.bound)
    return program.packs


def _lowest_first(program: Staged, aims: Aims, lower: Sequence[int]) -> Objective:
    """What meals beyond the promise are worth: the lower the household stands, the more by far."""
    shape, costs, bound = program.shape, {}, 0
    steps = worths(shape, aims.problem.policy.week_floor)
    for n, members in enumerate(shape.members):
        if lower[n] >= shape.needs[n].wanted:
            continue
        got = min(shape.needs[n].wanted, sum(shape.meals[i] * program[i] for i in members))
        above = []
        for (before, after), (_, worth) in zip(pairwise(shape.values[n]), steps[n], strict=True):
            low, high = max(before, lower[n]), after
            if low < high:
                column = program.column(high - low, min(high, max(low, got)) - low, n)
                costs[column] = -worth
                bound -= worth * (high - low)
                above.append(column)
        terms = [*((column, 1) for column in above), *((i, -shape.meals[i]) for i in members)]
        program.limit(terms, upper=-lower[n])
    return Objective("lowest_first", costs, bound)
