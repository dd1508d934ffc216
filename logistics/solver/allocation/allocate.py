"""Allocate: the fairest week, then the least waste, with certificates and explanations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic

from logistics.model.plan import (
    Allocation,
    Cap,
    Cut,
    Fill,
    HeldBy,
    Level,
    Line,
    Stage,
    Status,
)
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation.bounds import keeps_rows
from logistics.solver.allocation.events import FLOOR, LEVEL, Freeze, groups_of
from logistics.solver.allocation.explain import Explainer
from logistics.solver.allocation.finish import Finished, finish, leftovers
from logistics.solver.allocation.flow import FlowLeximin, flow_applies
from logistics.solver.allocation.integer import Leximin, RaiseAndFreeze
from logistics.solver.allocation.room import (
    cut_off,
    limit_storage,
    limit_vehicles,
    respect_loads,
    respect_pins,
)
from logistics.solver.allocation.shape import Need, Shape, ShapeBuilder
from logistics.solver.eligible import Eligibility


@dataclass(frozen=True, slots=True)
class Allocated:
    """An allocation, the stages that made it, and the engine's name with why it was chosen."""

    allocation: Allocation
    stages: tuple[Stage, ...]
    engine: str


def shapes_of(
    problem: WeekProblem, travel: Travel, eligible: Eligibility, cuts: Sequence[Cut]
) -> tuple[Shape, Shape]:
    """All rules of the week as linear shapes: for fairness, and with the overshoot rule.

    Fairness needs no overshoot rule: receipts are capped at the wish, and packs beyond it can be
    taken back without changing anybody's level.
    """
    builder = ShapeBuilder(problem, cut_off(eligible.options, cuts))
    builder.limit_supply()
    builder.limit_group_shares()
    builder.limit_cooked()
    builder.respect_sessions()
    limit_storage(builder)
    limit_vehicles(builder, travel)
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
    language: str = "en",
) -> Allocated:
    """Decide who gets what.

    Args:
        problem: the week.
        travel: legs between all places (for the bound on trips).
        eligible: every option of the week (`eligible.eligibility`).
        cuts: what routing found undriveable.
        seconds: limit for fairness and the objectives after it.
        seed: for the solvers.
        language: of the explanations, `ja` or `en`.
    """
    begun = monotonic()
    shape, whole_shape = shapes_of(problem, travel, eligible, cuts)
    leximin, engine = _fairest(problem, shape, seconds * 0.7, seed)
    if leximin.packs is None:
        return _impossible(problem, shape, leximin, cuts, engine, monotonic() - begun)
    received = shape.received(leximin.packs)
    fairness = _fairness_stage(shape, received, leximin, cuts, monotonic() - begun)
    left = max(0.5, seconds - (monotonic() - begun))
    finished = finish(problem, whole_shape, leximin.packs, received, left, seed)
    return _allocated(problem, shape, eligible, leximin, finished, fairness, cuts, engine, language)


def _fairest(problem: WeekProblem, shape: Shape, seconds: float, seed: int) -> tuple[Leximin, str]:
    """The flow where it applies and its answer keeps every row, else raise and freeze."""
    groups = groups_of(shape.needs, problem.policy.week_floor)
    if flow_applies(shape):
        leximin = FlowLeximin(shape, groups).solve()
        if leximin.packs is not None:
            seats = (0,) * len(shape.flags)
            if not shape.flags and keeps_rows(shape, (*leximin.packs, *seats)):
                return leximin, "flow: unit meals, nested caps; other rows checked"
        why = "the flow's answer breaks a shared capacity"
    else:
        why = "packs, choices among sessions or shared capacities"
    return RaiseAndFreeze(shape, groups, seconds=seconds, seed=seed).solve(), f"integer: {why}"


def _fairness_stage(
    shape: Shape, received: list[int], leximin: Leximin, cuts: tuple[Cut, ...], seconds: float
) -> Stage:
    """Meals given as objective; as bound what the proofs leave possible for each household."""
    objective = sum(received) / shape.grains_per_meal
    missing = sum(max(0, f.bound - f.at) for f in leximin.frozen) / shape.grains_per_meal
    status = _status(leximin, cuts)
    return Stage(
        "fairness", status, objective, objective + missing, missing / max(1.0, objective), seconds
    )


def _status(leximin: Leximin, cuts: tuple[Cut, ...]) -> Status:
    if leximin.packs is None:
        return Status.INFEASIBLE if leximin.proven else Status.TIME_LIMIT
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
) -> Allocated:
    """No plan at all: nothing is given, everything is left."""
    status = _status(leximin, cuts)
    allocation = Allocation(
        status=status,
        lines=(),
        fill=_fills(problem, shape, [0] * len(shape.needs)),
        cuts=cuts,
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
    lines = _lines(problem, shape, finished.packs)
    given: dict[str, int] = {}
    for line in lines:
        given[line.lot_id] = given.get(line.lot_id, 0) + line.units
    received = shape.received(finished.packs)
    left = leftovers(problem, given)
    freezes = {freeze.need: freeze for freeze in leximin.frozen}
    explainer = Explainer(problem, shape, eligible, freezes, received, left, cuts, language)
    allocation = Allocation(
        status=fairness.status,
        lines=lines,
        fill=_fills(problem, shape, received),
        levels=_levels(problem, shape, freezes, received, engine),
        cuts=cuts,
        unmet=explainer.unmet(),
        leftover=left,
    )
    return Allocated(allocation, (fairness, *finished.stages), engine)


def _lines(problem: WeekProblem, shape: Shape, packs: Sequence[int]) -> tuple[Line, ...]:
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


def _levels(
    problem: WeekProblem,
    shape: Shape,
    freezes: dict[int, Freeze],
    received: list[int],
    engine: str,
) -> tuple[Level, ...]:
    """Both stages, from the lowest value up, each with what holds it and its proven bound."""
    floor = problem.policy.week_floor
    index = {need.household_id: n for n, need in enumerate(shape.needs)}
    trivial = "min_cut" if engine.startswith("flow") else "dual"

    def floor_value(need: Need, grains: int) -> Fraction:
        return min(need.fill(grains), floor)

    found = []
    for stage, value in ((FLOOR, floor_value), (LEVEL, Need.level)):
        groups: dict[Fraction, list[str]] = {}
        for household_id, n in index.items():
            groups.setdefault(value(shape.needs[n], received[n]), []).append(household_id)
        if stage == LEVEL:
            for fill in _fills(problem, shape, received):
                if fill.household_id not in index:
                    groups.setdefault(fill.level, []).append(fill.household_id)
        for level in sorted(groups):
            needs = [index[h] for h in groups[level] if h in index]
            holding = [freezes[n] for n in needs if n in freezes]
            if stage == FLOOR and level >= floor:
                holding = []
            bounds = [value(shape.needs[f.need], max(f.bound, f.at)) for f in holding]
            found.append(
                Level(
                    stage,
                    level,
                    tuple(groups[level]),
                    _held_by(problem, holding),
                    _proof(holding, trivial),
                    max([level, *bounds]),
                )
            )
    return tuple(found)


def _proof(freezes: list[Freeze], trivial: str) -> str:
    proofs = {freeze.proof for freeze in freezes}
    return "search" if "search" in proofs else (min(proofs) if proofs else trivial)


def _held_by(problem: WeekProblem, freezes: list[Freeze]) -> HeldBy:
    """What is scarce for a group, each thing once, in the order of the identifiers."""
    owners = {freeze.need for freeze in freezes}
    caps = sorted(
        {cap for freeze in freezes for cap in freeze.held},
        key=lambda cap: (cap.kind, cap.id, cap.storage, -1 if cap.day is None else cap.day),
    )
    vehicles = {
        shift.vehicle_id
        for cap in caps
        if cap.kind == "vehicle_day"
        for shift in problem.shifts
        if shift.day == cap.day and problem.vehicles[shift.vehicle_id].home_site_id == cap.id
    }
    named = (
        "site_storage",
        "group_share",
        "cooked_per_day",
        "sessions_max",
        "pin",
        "vehicle_day",
        "session_load",
    )
    return HeldBy(
        lot_ids=tuple(cap.id for cap in caps if cap.kind == "lot"),
        session_ids=tuple(cap.id for cap in caps if cap.kind == "session"),
        vehicle_ids=tuple(sorted(vehicles)),
        caps=tuple(Cap(c.kind, c.id, c.storage, c.day) for c in caps if c.kind in named and owners),
    )
