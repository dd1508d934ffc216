"""A plan carried over to a changed week and filled up: nobody gets less, the lowest get more.

What it finds is a plan of the changed week, so that a gain it shows can really be had. It moves nothing
that was given before; a new allocation may find more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush

from logistics.model.plan import Line
from logistics.model.problem import WeekProblem
from logistics.solver.allocation.advice.blockers import Blockers
from logistics.solver.allocation.shape import Shape


def packs_of(problem: WeekProblem, shape: Shape, lines: Iterable[Line]) -> list[int]:
    """Packs of each option of a shape that lines give; lines without an option are left out."""
    packs = {
        (line.household_id, line.lot_id, line.session_id): line.units
        // problem.lots[line.lot_id].pack
        for line in lines
    }
    return [packs.get((o.household_id, o.lot_id, o.session_id), 0) for o in shape.options]


def lines_of(problem: WeekProblem, shape: Shape, packs: Sequence[int]) -> tuple[Line, ...]:
    """The lines that packs stand for."""
    return tuple(
        Line(o.household_id, o.lot_id, o.session_id, o.day, count * problem.lots[o.lot_id].pack)
        for o, count in zip(shape.options, packs, strict=False)
        if count
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One pack given: whose, of which lot, and the meals more that its household receives by it."""

    household_id: str
    lot_id: str
    gain: Fraction


@dataclass(frozen=True, slots=True)
class Filled:
    """Lines filled up, and the packs added in their order."""

    lines: tuple[Line, ...]
    steps: tuple[Step, ...]


def filled(problem: WeekProblem, shape: Shape, lines: Iterable[Line]) -> Filled:
    """The lines and more, given pack by pack to whoever stands lowest and can take one.

    Lowest is first this week's fill up to the floor, then the level over the weeks.
    """
    ledger = Blockers(shape, packs_of(problem, shape, lines))
    received = shape.received(ledger.packs)
    floor = problem.policy.week_floor
    lots = (problem.lots[option.lot_id] for option in shape.options)
    free = [lot.free_units // lot.pack for lot in lots]
    steps = []

    def rank(n: int) -> tuple[Fraction, Fraction, int]:
        need = shape.needs[n]
        return min(need.fill(received[n]), floor), need.level(received[n]), n

    queue = [rank(n) for n, need in enumerate(shape.needs) if received[n] < need.wanted]
    heapify(queue)
    while queue:
        _, _, n = heappop(queue)
        gap = shape.needs[n].wanted - received[n]
        able = [i for i in shape.members[n] if ledger.left(i, free[i]) > 0]
        able.sort(key=lambda i: (max(0, shape.meals[i] - gap), -shape.meals[i], i))
        given = next((i for i in able if ledger.add(i)), None)
        if given is not None:
            gain = min(gap, shape.meals[given])
            received[n] += gain
            option, meals = shape.options[given], Fraction(gain, shape.grains_per_meal)
            steps.append(Step(option.household_id, option.lot_id, meals))
            if gain < gap:
                heappush(queue, rank(n))
    return Filled(lines_of(problem, shape, ledger.packs), tuple(steps))
