"""The week planned again with one thing changed: who would get how much then.

There are two answers. The plan at hand, filled up with what the change makes possible, is a plan of the
changed week in which nobody loses: what it gains can be had. The week allocated again from there, with
the same seed, is what fairness would make of it. Nothing is routed: of driving only the shifts' proven
limits on visits are worked out anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import monotonic

from logistics.model.plan import Cut, Fate, Line, Status
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation.advice.filling import Filled, filled
from logistics.solver.allocation.after.fates import leftovers
from logistics.solver.allocation.allocate import allocate, shapes_of
from logistics.solver.allocation.effort import Effort
from logistics.solver.eligible import Eligibility, eligibility
from logistics.solver.metrics import Fairness, leximin_key
from logistics.solver.visits import visit_cuts
from logistics.solver.ways import Ways

SOLVE_S = 5.0
"""Limit of one solve; most take some tenths of a second."""

SOLVE_MIN_S = 0.5
"""What a solve gets even at the end of the time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an allocation gives: meals and level by household, grams that expire, and its status.

    `levels` leave out who wants nothing and wanted nothing.
    """

    received: Mapping[str, Fraction]
    levels: Mapping[str, Fraction]
    expires_g: int
    lines: tuple[Line, ...]
    status: Status

    @property
    def meals(self) -> Fraction:
        """Meals that all together receive."""
        return sum(self.received.values(), Fraction(0))

    def gain(self, before: Outcome, household_id: str) -> Fraction:
        """Meals more than before for one household, negative if it loses."""
        zero = Fraction(0)
        return self.received.get(household_id, zero) - before.received.get(household_id, zero)

    def gains(self, before: Outcome) -> dict[str, Fraction]:
        """Households that get more or less than before, and how many meals."""
        found = {h: self.gain(before, h) for h in self.received.keys() | before.received.keys()}
        return {
            household_id: found[household_id]
            for household_id in sorted(found)
            if found[household_id]
        }


def outcome_of(
    problem: WeekProblem, lines: Sequence[Line], status: Status = Status.FEASIBLE
) -> Outcome:
    """What lines give, in numbers."""
    units: dict[str, int] = {}
    meals: dict[str, Fraction] = {}
    for line in lines:
        more = problem.lots[line.lot_id].unit_meals * line.units
        units[line.lot_id] = units.get(line.lot_id, 0) + line.units
        meals[line.household_id] = meals.get(line.household_id, Fraction(0)) + more
    expires_g = sum(
        left.units * problem.lots[left.lot_id].unit_g
        for left in leftovers(problem, units)
        if left.fate is Fate.EXPIRES
    )
    received, levels, past = {}, {}, problem.past()
    for household in problem.households.values():
        before = past[household.id]
        total = before.wanted + household.meals_wanted
        if total:
            got = min(Fraction(household.meals_wanted), meals.get(household.id, Fraction(0)))
            received[household.id] = got
            levels[household.id] = (before.received + got) / total / household.weight
    return Outcome(received, levels, expires_g, tuple(lines), status)


class WhatIf:
    """Plans changed weeks from the same plan, as long as there is time.

    Args:
        problem: the week as it is.
        travel: legs that no way round undercuts (`logistics.travel.fastest`).
        cuts: what routing found undriveable.
        lines: the plan to start from; a fairer one, if allocating the unchanged week again finds it,
            so that nothing is put down to a change that needs none.
        seconds: for all solves together.
        seed: for the solvers.
        effort: of each solve; with `FULL` an answer can be proven, with `PROBE` it is quick.
    """

    def __init__(
        self,
        problem: WeekProblem,
        travel: Travel,
        cuts: tuple[Cut, ...],
        lines: tuple[Line, ...],
        *,
        seconds: float = 60.0,
        seed: int = 1,
        effort: Effort = Effort.PROBE,
    ) -> None:
        self.problem, self.travel, self.cuts = problem, travel, cuts
        self._longest_s = 0.0
        self.restart(seconds)
        self._seed = seed
        self._effort = effort
        self._lines = lines
        at_hand = outcome_of(problem, self.filled(problem).lines)
        again = self.of(problem, start=at_hand.lines)
        self.base = max(at_hand, again, key=lambda outcome: fairness(problem, outcome))
        self._lines = self.base.lines

    def restart(self, seconds: float) -> None:
        """So many seconds from now."""
        self._end = monotonic() + seconds

    def late(self) -> bool:
        """Whether a solve that takes as long as the longest so far would end after the time."""
        return monotonic() + self._longest_s > self._end

    def filled(self, changed: WeekProblem, *, free_day: int | None = None) -> Filled:
        """The plan as it is, filled up with what a change makes possible: nobody gets less."""
        eligible = self._eligible(changed)
        shape, _ = shapes_of(changed, self.travel, eligible, self._cuts(changed, free_day))
        return filled(changed, shape, self._lines)

    def of(
        self,
        changed: WeekProblem,
        *,
        free_day: int | None = None,
        effort: Effort | None = None,
        start: tuple[Line, ...] | None = None,
    ) -> Outcome:
        """A changed week allocated again, from the plan filled up or from other lines.

        On `free_day` only what is proven counts as undriveable.
        """
        begun = monotonic()
        if start is None:
            start = self.filled(changed, free_day=free_day).lines
        allocated = allocate(
            changed,
            self.travel,
            self._eligible(changed),
            self._cuts(changed, free_day),
            seconds=min(SOLVE_S, max(SOLVE_MIN_S, self._end - monotonic())),
            seed=self._seed,
            effort=effort or self._effort,
            start=start,
        )
        self._longest_s = max(self._longest_s, monotonic() - begun)
        return outcome_of(changed, allocated.allocation.lines, allocated.allocation.status)

    def _eligible(self, changed: WeekProblem) -> Eligibility:
        return eligibility(changed, Ways(changed, self.travel))

    def _cuts(self, changed: WeekProblem, free_day: int | None) -> tuple[Cut, ...]:
        """Proven limits on visits, worked out anew, and what routing found and still counts."""
        driven = (cut for cut in self.cuts if not cut.proven)
        kept = (cut for cut in driven if free_day is None or not _is_about(changed, cut, free_day))
        return (*visit_cuts(changed, self.travel), *kept)


def _is_about(problem: WeekProblem, cut: Cut, day: int) -> bool:
    """Whether a cut says something of one day's driving to doors."""
    if cut.kind in ("detour", "one_trip", "visits"):
        return str(day) == cut.ids[0 if cut.kind == "detour" else 1]
    visits = (problem.households[name].visit for name in cut.ids if name in problem.households)
    return any(visit is not None and visit.day == day for visit in visits)


def without_pins(problem: WeekProblem, *positions: int) -> WeekProblem:
    """The week without the pins at these positions."""
    kept = tuple(pin for k, pin in enumerate(problem.pins) if k not in positions)
    return replace(problem, pins=kept)


def fairness(problem: WeekProblem, outcome: Outcome) -> Fairness:
    """How fair an outcome is, to be compared with others of the same week."""
    fills = (
        Fraction(got, problem.households[h].meals_wanted)
        for h, got in outcome.received.items()
        if problem.households[h].meals_wanted
    )
    return leximin_key(fills, outcome.levels.values(), problem.policy.week_floor)
