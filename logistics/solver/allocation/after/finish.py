"""After fairness: waste, variety, nearness, least change, each stage with the earlier ones kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from logistics.model.plan import Stage, Status
from logistics.solver.allocation.after.aims import (
    Aims,
    Objective,
    first_expired,
    given_up,
    least_change,
    nearness,
    variety,
    waste,
)
from logistics.solver.allocation.after.staged import Outcome, Staged
from logistics.solver.allocation.packs.greedy import trimmed
from logistics.solver.allocation.shape import Shape

STAGE_MIN_S = 0.1
"""Every stage gets at least this."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Packs after the later objectives, and how each stage ended."""

    packs: tuple[int, ...]
    stages: tuple[Stage, ...]


def finish(
    shape: Shape,
    aims: Aims,
    fair_packs: Sequence[int],
    lower: Sequence[int],
    seconds: float,
    seed: int,
) -> Finished:
    """Better the packs stage by stage; nobody falls below `lower` grains.

    `shape` carries the overshoot rule, which the fair packs need not keep yet: packs that lift
    nobody are taken back first. Time that a stage leaves goes to the later ones.
    """
    program = Staged(shape, lower, trimmed(shape, fair_packs), seed)
    builders, stages = _builders(aims), []
    end = monotonic() + seconds
    for k, build in enumerate(builders):
        begun = monotonic()
        share = (end - begun) / (len(builders) - k)
        objective = build(program, aims)
        if objective.keep is None:
            left = max(STAGE_MIN_S, share - (monotonic() - begun))
            outcome = program.least(objective.costs, left, objective.bound)
        else:
            program.limit(objective.costs.items(), upper=objective.keep)
            outcome = Outcome(program.value(objective.costs), None)
        stages.append(_stage(objective, outcome, monotonic() - begun))
    return Finished(program.packs, tuple(stages))


def as_it_is(shape: Shape, aims: Aims, packs: Sequence[int]) -> Finished:
    """The packs unchanged; the later objectives are measured, not improved, and have no bound."""
    program = Staged(shape, shape.received(packs), shape.with_flags(packs), seed=0)
    stages = []
    for build in _builders(aims):
        objective = build(program, aims)
        outcome = Outcome(program.value(objective.costs), None)
        stages.append(_stage(objective, outcome, 0.0))
    return Finished(program.packs, tuple(stages))


def _builders(aims: Aims) -> list[Callable[[Staged, Aims], Objective]]:
    """The stages of a week, in their strict order."""
    found: list[Callable[[Staged, Aims], Objective]] = [waste, first_expired, variety, nearness]
    if aims.fairest is not None:
        found.append(given_up)
    if aims.like is not None:
        found.append(least_change)
    return found


def _stage(objective: Objective, outcome: Outcome, seconds: float) -> Stage:
    value = objective.shown(outcome.value)
    bound = None if outcome.bound is None else objective.shown(outcome.bound)
    return Stage(
        name=objective.name,
        status=Status.OPTIMAL if outcome.is_proven else Status.FEASIBLE,
        objective=value,
        bound=bound,
        gap=None if bound is None else abs(value - bound) / max(1.0, abs(value)),
        runtime_s=seconds,
    )
