"""The levels of a plan, each with what holds it and the bound that was proven."""

from __future__ import annotations

from fractions import Fraction

from logistics.model.plan import Fill, HeldBy, Level
from logistics.model.problem import WeekProblem
from logistics.model.units import FoodGroup
from logistics.solver.allocation.events import FLOOR, LEVEL, Freeze
from logistics.solver.allocation.shape import Need, Shape


def levels_of(
    problem: WeekProblem,
    shape: Shape,
    freezes: dict[int, Freeze],
    received: list[int],
    fills: tuple[Fill, ...],
    engine: str,
    *,
    name_vehicles: bool,
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
            for fill in fills:
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
                    _held_by(
                        problem,
                        set(groups[level]),
                        _lots_for(shape, holding),
                        holding,
                        name_vehicles=name_vehicles,
                    ),
                    _proof(holding, trivial),
                    max([level, *bounds]),
                )
            )
    return tuple(found)


NAMED_CAPS = frozenset(
    {
        "site_storage",
        "cooked_per_day",
        "sessions_max",
        "pin",
        "vehicle_day",
        "session_load",
        "visits_day",
        "nothing_fits",
        "whole_packs",
        *(f"group_share_{group}" for group in FoodGroup),
    }
)
"""Kinds of caps that a level may name; lots and sessions have lists of their own."""

PRIVATE_CAPS = ("group_share", "cooked", "sessions_max", "nothing_fits", "whole_packs")
"""Kinds that concern one household; another one's are no explanation."""


def _proof(freezes: list[Freeze], trivial: str) -> str:
    proofs = {freeze.proof for freeze in freezes}
    return "search" if "search" in proofs else (min(proofs) if proofs else trivial)


def _lots_for(shape: Shape, freezes: list[Freeze]) -> set[str]:
    """Lots that those who are held may have at all."""
    return {shape.options[i].lot_id for freeze in freezes for i in shape.members[freeze.need]}


def _held_by(
    problem: WeekProblem,
    household_ids: set[str],
    own_lots: set[str],
    freezes: list[Freeze],
    *,
    name_vehicles: bool,
) -> HeldBy:
    """What is scarce for a group, each thing once, in the order of the identifiers.

    Of the lots those are named that the group may have; where none of these is scarce, the others
    through which its food is (the chain is in the certificate).
    Vehicles are named only if no heuristic cut may have kept something off the road.
    """
    caps = sorted(
        {cap for freeze in freezes for cap in freeze.held},
        key=lambda cap: (cap.kind, cap.id, cap.storage, -1 if cap.day is None else cap.day),
    )
    vehicles = {
        shift.vehicle_id
        for cap in caps
        if cap.kind == "vehicle_day" and name_vehicles
        for shift in problem.shifts
        if shift.day == cap.day and problem.vehicles[shift.vehicle_id].home_site_id == cap.id
    }
    lots = [cap.id for cap in caps if cap.kind == "lot"]
    return HeldBy(
        lot_ids=tuple([lot_id for lot_id in lots if lot_id in own_lots] or lots),
        session_ids=tuple(cap.id for cap in caps if cap.kind == "session"),
        vehicle_ids=tuple(sorted(vehicles)),
        caps=tuple(
            cap
            for cap in caps
            if cap.kind in NAMED_CAPS
            and (not cap.kind.startswith(PRIVATE_CAPS) or cap.id in household_ids)
        ),
    )
