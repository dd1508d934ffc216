"""Allocate: the fairest week, then what is asked after fairness, with certificates and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import monotonic

from logistics.model.plan import (
    Allocation,
    Cut,
    Fill,
    Line,
    Reason,
    Stage,
    Status,
    Unmet,
)
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation.advice.explain import Explainer
from logistics.solver.allocation.after.aims import Aims
from logistics.solver.allocation.after.fates import leftovers
from logistics.solver.allocation.after.finish import Finished, as_it_is, finish
from logistics.solver.allocation.effort import Effort
from logistics.solver.allocation.events import Freeze, groups_of
from logistics.solver.allocation.flow import FlowLeximin, flow_applies
from logistics.solver.allocation.levels import levels_of
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.packs.greedy import trimmed
from logistics.solver.allocation.packs.integer import RaiseAndFreeze
from logistics.solver.allocation.packs.relaxed import Relaxation
from logistics.solver.allocation.room import (
    NOTHING_UNDERWAY,
    Underway,
    cut_off,
    limit_collections,
    limit_storage,
    limit_vehicles,
    respect_loads,
    respect_pins,
    respect_visits,
)
from logistics.solver.allocation.shape import Shape, ShapeBuilder
from logistics.solver.allocation.state import Deadline, Leximin, State
from logistics.solver.eligible import Eligibility
from logistics.words.reasons import worded

FAIR_SHARE = 0.6
"""Part of the time that fairness may take; the stages after it have the rest, or half of that rest
where fairness overran."""

LARGE = 30_000
"""Options (household, lot, session) above which packs are not proven level by level: 200 households
x 150 lots have about half as many, 500 x 150 twice."""

UNCUT_S = 2.0
"""Limit of one solve for a bound without cuts; each takes some hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Allocated:
    """An allocation, the stages that made it, and the engine's name with why it was chosen."""

    allocation: Allocation
    stages: tuple[Stage, ...]
    engine: str


def shapes_of(
    problem: WeekProblem,
    travel: Travel,
    eligible: Eligibility,
    cuts: Sequence[Cut],
    underway: Underway = NOTHING_UNDERWAY,
) -> tuple[Shape, Shape]:
    """All rules of the week as linear shapes: for fairness, and with the overshoot rule.

    Fairness needs no overshoot rule: receipts are capped at the wish, and packs beyond it can be
    taken back without changing anybody's level.
    """
    builder = ShapeBuilder(problem, cut_off(problem, eligible.options, cuts))
    builder.limit_supply()
    builder.limit_group_shares()
    builder.limit_cooked()
    builder.respect_sessions()
    limit_storage(builder, underway)
    limit_vehicles(builder, travel, cuts)
    limit_collections(builder)
    respect_visits(builder, cuts)
    respect_pins(builder)
    respect_loads(builder, cuts)
    fairness = builder.build()
    builder.limit_overshoot()
    return fairness, builder.build()


def allocate(
    problem: WeekProblem,
    travel: Travel,
    eligible: Eligibility,
    cuts: tuple[Cut, ...] = (),
    *,
    seconds: float = 10.0,
    seed: int = 1,
    effort: Effort = Effort.FULL,
    start: tuple[Line, ...] = (),
    like: tuple[Line, ...] | None = None,
    language: str = "en",
    underway: Underway = NOTHING_UNDERWAY,
) -> Allocated:
    """Decide who gets what.

    Args:
        problem: the week.
        travel: legs between all places (for the bound on trips).
        eligible: every option of the week (`eligible.eligibility`).
        cuts: what routing found undriveable.
        seconds: limit for fairness and the objectives after it.
        seed: for the solvers.
        effort: see `Effort`.
        start: lines of an earlier allocation to begin from.
        like: lines of a published plan, to be changed least after all else.
        language: of the explanations, `ja` or `en`.
        underway: what is in the stores for a while only, in a week that has begun.
    """
    begun = monotonic()
    shape, whole_shape = shapes_of(problem, travel, eligible, cuts, underway)
    known = packs_of(problem, shape, start)
    sure = all(cut.proven for cut in cuts)
    leximin, engine = _fairest(
        problem, shape, seconds * FAIR_SHARE, seed, effort, known, bounded=sure
    )
    if leximin.packs is None:
        seconds = monotonic() - begun
        return _impossible(problem, shape, leximin, cuts, engine, seconds, language)
    received = shape.received(leximin.packs)
    if effort is Effort.PROBE:
        packs = trimmed(whole_shape, leximin.packs)
        allocation = Allocation(
            _status(leximin, cuts),
            lines_of(problem, shape, packs),
            _fills(problem, shape, received),
        )
        return Allocated(allocation, (), engine)
    if not sure:
        proven = tuple(cut for cut in cuts if cut.proven)
        uncut, _ = shapes_of(problem, travel, eligible, proven, underway)
        leximin = _bounded_without_cuts(problem, uncut, leximin, received, seed)
    fair_s = monotonic() - begun
    left = max(0.5 * (1 - FAIR_SHARE) * seconds, seconds - fair_s)
    packs = leximin.packs or ()
    aims = Aims(problem, travel, like=like)
    if effort is Effort.KEEP:
        finished = as_it_is(whole_shape, aims, trimmed(whole_shape, packs))
    else:
        finished = finish(whole_shape, aims, packs, received, left, seed)
    received = shape.received(finished.packs)
    fairness = _fairness_stage(shape, received, leximin, cuts, fair_s)
    return _allocated(problem, shape, eligible, leximin, finished, fairness, cuts, engine, language)


def packs_of(problem: WeekProblem, shape: Shape, lines: tuple[Line, ...]) -> tuple[int, ...]:
    """The variables of a shape that say what lines say."""
    if not lines:
        return ()
    packs = {
        (line.household_id, line.lot_id, line.session_id): line.units
        // problem.lots[line.lot_id].pack
        for line in lines
    }
    keys = ((o.household_id, o.lot_id, o.session_id) for o in shape.options)
    return shape.with_flags([packs.get(key, 0) for key in keys])


def _bounded_without_cuts(
    problem: WeekProblem, uncut: Shape, leximin: Leximin, received: list[int], seed: int
) -> Leximin:
    """Bounds as they are without the heuristic cuts, which prove nothing about the week."""
    relaxed = Relaxation(uncut, (), Deadline(UNCUT_S, UNCUT_S), seed)  # bounds need no events
    short = [freeze.need for freeze in leximin.frozen]
    bounds = relaxed.bounds_given(received, short, problem.policy.week_floor)
    frozen = tuple(
        replace(freeze, bound=bounds[freeze.need], proof="search") for freeze in leximin.frozen
    )
    nothing_settled = State((0,) * len(uncut.needs))
    return replace(leximin, frozen=frozen, total_bound=relaxed.most_in_all(nothing_settled))


def _fairest(
    problem: WeekProblem,
    shape: Shape,
    seconds: float,
    seed: int,
    effort: Effort,
    start: tuple[int, ...],
    *,
    bounded: bool,
) -> tuple[Leximin, str]:
    """The flow where it applies and its answer keeps every row, else raise and freeze."""
    groups = groups_of(shape, problem.policy.week_floor)
    if effort is not Effort.KEEP and flow_applies(shape):
        leximin = FlowLeximin(shape, groups).solve()
        if leximin.packs is not None:
            seats = (0,) * len(shape.flags)
            if not shape.flags and keeps_rows(shape, (*leximin.packs, *seats)):
                return leximin, "flow: unit meals, nested caps; other rows checked"
        why = "the flow's answer breaks a shared capacity"
    else:
        why = "packs, choices among sessions or shared capacities"
    if len(shape.options) > LARGE and effort is not Effort.KEEP:
        from logistics.solver.allocation.large.scale import scale_leximin

        leximin = scale_leximin(shape, groups, seconds=seconds, seed=seed, start=start)
        if leximin.packs is not None:
            return leximin, f"scale: {why}; {len(shape.options)} options, above {LARGE}"
    solver = RaiseAndFreeze(
        shape, groups, seconds=seconds, seed=seed, effort=effort, start=start, bounded=bounded
    )
    return solver.solve(), f"integer, {effort}: {why}"


def _fairness_stage(
    shape: Shape, received: list[int], leximin: Leximin, cuts: tuple[Cut, ...], seconds: float
) -> Stage:
    """Meals given as objective; as bound what all together could receive beside what is settled."""
    objective = sum(received) / shape.grains_per_meal
    total = sum(received) if leximin.total_bound is None else leximin.total_bound
    bound = max(objective, total / shape.grains_per_meal)
    gap = (bound - objective) / max(1.0, objective)
    return Stage("fairness", _status(leximin, cuts), objective, bound, gap, seconds)


def _status(leximin: Leximin, cuts: tuple[Cut, ...]) -> Status:
    if leximin.packs is None:
        sure = leximin.proven and all(cut.proven for cut in cuts)
        return Status.INFEASIBLE if sure else Status.TIME_LIMIT
    if leximin.proven and all(cut.proven for cut in cuts):
        return Status.OPTIMAL
    return Status.TIME_LIMIT if leximin.stopped else Status.FEASIBLE


def _impossible(
    problem: WeekProblem,
    shape: Shape,
    leximin: Leximin,
    cuts: tuple[Cut, ...],
    engine: str,
    seconds: float,
    language: str,
) -> Allocated:
    """No plan at all, which only pins can bring about: nothing is given, everything is left."""
    status = _status(leximin, cuts)
    fix = {"code": "fix_pin"}
    text, said_fix = worded(language, "pinned", {"fix": fix}, problem)
    received = [0] * len(shape.needs)
    fills = _fills(problem, shape, received)
    pins = tuple(row.cap for row in shape.rows if row.cap.kind == "pin")
    freezes = {n: Freeze(n, 0, need.wanted, "search", pins) for n, need in enumerate(shape.needs)}
    unmet = tuple(
        Unmet(
            need.household_id,
            Fraction(need.wanted, shape.grains_per_meal),
            (Reason("pinned", {"fix": fix}, text, said_fix),),
        )
        for need in shape.needs
    )
    allocation = Allocation(
        status=status,
        lines=(),
        fill=fills,
        levels=levels_of(problem, shape, freezes, received, fills, engine, name_vehicles=False),
        cuts=cuts,
        unmet=unmet,
        leftover=leftovers(problem, {}),
    )
    return Allocated(allocation, (Stage("fairness", status, None, None, None, seconds),), engine)


def _allocated(
    problem: WeekProblem,
    shape: Shape,
    eligible: Eligibility,
    leximin: Leximin,
    finished: Finished,
    fairness: Stage,
    cuts: tuple[Cut, ...],
    engine: str,
    language: str,
) -> Allocated:
    lines = lines_of(problem, shape, finished.packs)
    given: dict[str, int] = {}
    for line in lines:
        given[line.lot_id] = given.get(line.lot_id, 0) + line.units
    received = shape.received(finished.packs)
    left = leftovers(problem, given)
    freezes = {freeze.need: freeze for freeze in leximin.frozen}
    explainer = Explainer(problem, shape, eligible, freezes, finished.packs, left, cuts, language)
    fills = _fills(problem, shape, received)
    sure = all(cut.proven for cut in cuts)
    allocation = Allocation(
        status=fairness.status,
        lines=lines,
        fill=fills,
        levels=levels_of(problem, shape, freezes, received, fills, engine, name_vehicles=sure),
        cuts=cuts,
        unmet=explainer.unmet(),
        leftover=left,
    )
    return Allocated(allocation, (fairness, *finished.stages), engine)


def lines_of(problem: WeekProblem, shape: Shape, packs: Sequence[int]) -> tuple[Line, ...]:
    """The lines that packs stand for, in the order of the days."""
    lines = [
        Line(o.household_id, o.lot_id, o.session_id, o.day, packs[i] * problem.lots[o.lot_id].pack)
        for i, o in enumerate(shape.options)
        if packs[i]
    ]
    return tuple(sorted(lines, key=lambda line: (line.day, line.household_id, line.lot_id)))


def _fills(problem: WeekProblem, shape: Shape, received: list[int]) -> tuple[Fill, ...]:
    """One row per household that wants something now or wanted something in the past."""
    past = problem.past()
    got = {
        need.household_id: Fraction(received[n], shape.grains_per_meal)
        for n, need in enumerate(shape.needs)
    }
    fills = []
    for household in problem.households.values():
        before, now = past[household.id], got.get(household.id, Fraction(0))
        total = before.wanted + household.meals_wanted
        if total:
            level = (before.received + now) / total / household.weight
            fills.append(
                Fill(
                    household.id,
                    household.meals_wanted,
                    now,
                    before.wanted,
                    before.received,
                    household.weight,
                    level,
                )
            )
    return tuple(fills)
