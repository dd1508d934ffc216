"""After fairness: waste, then first-expired-first-out, with every household's meals kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from logistics.model.goods import Lot
from logistics.model.plan import Fate, Leftover, Stage, Status
from logistics.model.problem import WeekProblem
from logistics.model.units import KG_G, WEEK_DAYS, SiteKind, date_of
from logistics.solver.allocation.bounds import keeps_rows
from logistics.solver.allocation.greedy import trimmed
from logistics.solver.allocation.programs import Answer, Program
from logistics.solver.allocation.shape import Shape

NO_DATE_DAYS = 60
"""How urgent a lot without a date counts: as one that keeps this long."""


def fate_of(problem: WeekProblem, lot: Lot) -> Fate:
    """What becomes of units that nobody gets (docs/rules.md §6)."""
    site = problem.sites[lot.site_id]
    if site.kind is SiteKind.DONOR:
        return Fate.DECLINED
    monday = date_of(problem.week_start, WEEK_DAYS)
    margin = timedelta(days=problem.policy.margin_days[lot.storage, lot.label])
    good = lot.last_day is None or lot.last_day >= monday + margin
    return Fate.KEEP if good and not lot.is_cooked and site.keeps(lot.storage) else Fate.EXPIRES


def leftovers(problem: WeekProblem, units_given: dict[str, int]) -> tuple[Leftover, ...]:
    """Every lot's units that no line takes."""
    return tuple(
        Leftover(lot.id, lot.site_id, lot.units - units_given.get(lot.id, 0), fate_of(problem, lot))
        for lot in problem.lots.values()
        if lot.units > units_given.get(lot.id, 0)
    )


@dataclass(frozen=True, slots=True)
class Finished:
    """Packs after the later objectives, and how each stage ended."""

    packs: tuple[int, ...]
    stages: tuple[Stage, ...]


def finish(
    problem: WeekProblem,
    shape: Shape,
    fair_packs: Sequence[int],
    received: Sequence[int],
    seconds: float,
    seed: int,
) -> Finished:
    """Least waste, then the soonest expiring first, nobody's meals changed.

    `shape` carries the overshoot rule, which the fair packs need not keep yet: packs that lift
    nobody are taken back first.
    """
    packs: Sequence[int] = trimmed(shape, fair_packs)
    program = Program(shape, integer=True, seed=seed)
    program.require(received)
    waste = _waste_savings(problem, shape)
    base_g = _waste_base_g(problem)
    packs, waste_stage = _stage(
        shape, program, packs, received, "waste_kg", waste, base_g, seconds / 2
    )
    program.limit_sum(waste, sum(c * packs[i] for i, c in waste.items()))
    fresh = _urgency(problem, shape)
    packs, fresh_stage = _stage(
        shape, program, packs, received, "first_expired", fresh, 0, seconds / 2
    )
    return Finished(tuple(packs), (waste_stage, fresh_stage))


def as_it_is(problem: WeekProblem, shape: Shape, packs: Sequence[int]) -> Finished:
    """The packs unchanged; the later objectives are measured, not improved, and have no bound."""
    whole = shape.with_flags(packs)
    stages = []
    for name, costs, constant in (
        ("waste_kg", _waste_savings(problem, shape), _waste_base_g(problem)),
        ("first_expired", _urgency(problem, shape), 0),
    ):
        value = (sum(c * whole[i] for i, c in costs.items()) + constant) / _scale(name)
        stages.append(Stage(name, Status.FEASIBLE, value, None, None, 0.0))
    return Finished(whole, tuple(stages))


def _scale(name: str) -> int:
    return KG_G if name.endswith("_kg") else 1


def _waste_base_g(problem: WeekProblem) -> int:
    """Grams that would expire if nothing were given."""
    return sum(
        left.units * problem.lots[left.lot_id].unit_g
        for left in leftovers(problem, {})
        if left.fate is Fate.EXPIRES
    )


def _waste_savings(problem: WeekProblem, shape: Shape) -> dict[int, int]:
    """Minus the grams per pack that would otherwise expire."""
    savings = {}
    for i, option in enumerate(shape.options):
        lot = problem.lots[option.lot_id]
        if fate_of(problem, lot) is Fate.EXPIRES:
            savings[i] = -lot.unit_g * lot.pack
    return savings


def _urgency(problem: WeekProblem, shape: Shape) -> dict[int, int]:
    """Days until the last day times hectograms: what keeps longer costs more to use now."""
    costs = {}
    for i, option in enumerate(shape.options):
        lot = problem.lots[option.lot_id]
        days = NO_DATE_DAYS
        if lot.last_day is not None:
            days = min(NO_DATE_DAYS, max(0, (lot.last_day - problem.week_start).days))
        if lot.is_cooked:
            days = 0
        costs[i] = (days + 1) * max(1, lot.unit_g * lot.pack // 100)
    return costs


def _stage(
    shape: Shape,
    program: Program,
    packs: Sequence[int],
    received: Sequence[int],
    name: str,
    costs: dict[int, int],
    constant: int,
    seconds: float,
) -> tuple[Sequence[int], Stage]:
    begun = monotonic()
    answer = program.least(costs, seconds, packs)
    found = _whole(shape, answer, received)
    old = sum(c * packs[i] for i, c in costs.items())
    if found is not None and sum(c * found[i] for i, c in costs.items()) <= old:
        packs = found
    value = sum(c * packs[i] for i, c in costs.items())
    scale = _scale(name)
    objective = (value + constant) / scale
    lower = None
    if answer.bound is not None:  # both objectives are sums of things that cannot be negative
        lower = max(0.0, min(objective, (answer.bound + constant) / scale))
    if lower is not None and abs(objective - lower) < 1e-6 * max(1.0, abs(objective)):
        lower = objective
    return packs, Stage(
        name=name,
        status=Status.OPTIMAL if lower == objective else Status.FEASIBLE,
        objective=objective,
        bound=lower,
        gap=None if lower is None else (objective - lower) / max(1.0, abs(objective)),
        runtime_s=monotonic() - begun,
    )


def _whole(shape: Shape, answer: Answer, received: Sequence[int]) -> tuple[int, ...] | None:
    """The solver's packs if they keep every row and everybody's meals exactly, else None."""
    if answer.packs is None:
        return None
    packs = tuple(int(v) for v in answer.packs)
    same = keeps_rows(shape, packs) and shape.received(packs) == list(received)
    return packs if same else None
