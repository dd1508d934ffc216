"""What is asked of an allocation after fairness, each as a sum of columns to be made least.

In order (docs/decisions/0013-after-fairness.md): kilograms that expire, kilograms at risk, variety,
expected metres, meals that a slack gave up, units moved against a published plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import lcm
from time import monotonic

from logistics.model.plan import Fate, Line
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import KG_G, FoodGroup
from logistics.solver.allocation.after.exchange import exchanged
from logistics.solver.allocation.after.fates import RISK_WEEKS, fate_of, mondays_left
from logistics.solver.allocation.after.staged import Staged
from logistics.solver.eligible import Option
from logistics.solver.ways import WayKind

GROUP_WORTHS = tuple(lcm(*range(1, len(FoodGroup) + 1)) // k for k in range(1, len(FoodGroup) + 1))
"""What a household's first, second, … food group counts: 1, 1/2, 1/3, … in whole numbers."""
EXCHANGE_S = 1.0
"""Limit of the exchanges with which variety begins; small weeks take some hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Objective:
    """A stage: value = (constant + sum of costs) / scale, to be made least.

    `bound` is what the sum of costs cannot fall below in any case. With `keep` it is not bettered, but
    kept at or below that.
    """

    name: str
    costs: Mapping[int, int]
    bound: int = 0
    constant: int = 0
    scale: int = 1
    keep: int | None = None

    def shown(self, total: int) -> float:
        """The stage's value for a sum of costs."""
        return (self.constant + total) / self.scale


@dataclass(frozen=True, slots=True)
class Aims:
    """What the objectives draw on beside the program.

    `like` are the lines of a plan that has been published. Where a slack lets levels fall, `fairest`
    are the grains of each need in the fairest plan, and `groups` what its variety counts.
    """

    problem: WeekProblem
    travel: Travel
    like: Sequence[Line] | None = None
    fairest: Sequence[int] | None = None
    groups: int | None = None


def waste(program: Staged, aims: Aims) -> Objective:
    """Kilograms left over whose fate is `expires`."""
    lots = aims.problem.lots.values()
    rates = {lot.id: int(fate_of(aims.problem, lot) is Fate.EXPIRES) for lot in lots}
    return _left_over("waste_kg", program, aims.problem, rates, KG_G)


def first_expired(program: Staged, aims: Aims) -> Objective:
    """Kilograms at risk: what is left over for one more Monday counts half, for two a quarter, …"""
    problem, full = aims.problem, 2**RISK_WEEKS
    rates = {
        lot.id: full >> mondays_left(problem, lot) if fate_of(problem, lot) is Fate.KEEP else 0
        for lot in problem.lots.values()
    }
    return _left_over("first_expired", program, problem, rates, full * KG_G)


def _left_over(
    name: str, program: Staged, problem: WeekProblem, rates: Mapping[str, int], scale: int
) -> Objective:
    """Grams left over of each lot times its rate; no more than all free packs can be given."""
    lots = problem.lots
    packs = {lot.id: lot.free_units // lot.pack for lot in lots.values()}
    bound = -sum(rates[h] * packs[h] * lots[h].pack * lots[h].unit_g for h in lots)
    constant = sum(rates[lot.id] * lot.units * lot.unit_g for lot in lots.values())
    costs = {}
    for i, option in enumerate(program.shape.options):
        lot = lots[option.lot_id]
        if rates[lot.id]:
            costs[i] = -rates[lot.id] * lot.unit_g * lot.pack
    return Objective(name, costs, bound, constant, scale)


def variety(program: Staged, aims: Aims) -> Objective:
    """Distinct food groups of each household, concave: the k-th group counts 1 / k.

    The value shown is what all count together, to be made great; with slack it is kept as it is in
    the fairest plan, because a slack is for waste and ways.
    """
    shape, lots = program.shape, aims.problem.lots
    group_of = [lots[option.lot_id].food_group for option in shape.options]
    if aims.groups is None:
        end = monotonic() + EXCHANGE_S
        program.hold(exchanged(shape, program.packs, group_of, GROUP_WORTHS, end))
    costs: dict[int, int] = {}
    for n, members in enumerate(shape.members):
        groups: dict[FoodGroup, list[int]] = {}
        for i in members:
            groups.setdefault(group_of[i], []).append(i)
        has = []
        for options in groups.values():
            group = program.column(1, int(any(program[i] for i in options)), n)
            program.limit([(group, 1), *((i, -1) for i in options)], upper=0)
            has.append(group)
        steps = []
        for k, worth in enumerate(GROUP_WORTHS[: len(has)]):
            steps.append(program.column(1, int(sum(program[g] for g in has) > k), n))
            costs[steps[-1]] = -worth
        program.limit([*((step, 1) for step in steps), *((g, -1) for g in has)], upper=0)
    keep = None if aims.groups is None else -aims.groups
    return Objective("variety", costs, sum(costs.values()), scale=-GROUP_WORTHS[0], keep=keep)


def groups_worth(problem: WeekProblem, lines: Iterable[Line]) -> int:
    """What the variety of lines counts."""
    groups: dict[str, set[FoodGroup]] = {}
    for line in lines:
        groups.setdefault(line.household_id, set()).add(problem.lots[line.lot_id].food_group)
    return sum(sum(GROUP_WORTHS[: len(found)]) for found in groups.values())


def nearness(program: Staged, aims: Aims) -> Objective:
    """Expected metres: each call out and back from its hub, once for all that shares it."""
    shape = program.shape
    calls: dict[tuple[str, str, int], dict[int, list[int]]] = {}
    for n, members in enumerate(shape.members):
        for i in members:
            for call in calls_of(aims.problem, aims.travel, shape.options[i]):
                calls.setdefault(call, {}).setdefault(n, []).append(i)
    costs = {}
    for (hub_id, place_id, _), needs in sorted(calls.items()):
        users = [i for options in needs.values() for i in options]
        driven = program.column(1, int(any(program[i] for i in users)), users=users)
        costs[driven] = _out_and_back_m(aims.travel, hub_id, place_id)
        for n, options in needs.items():
            largest = max(shape.meals[i] for i in shape.members[n])
            most = sum(shape.meals[i] * shape.most[i] for i in options)
            most = min(most, shape.needs[n].wanted - 1 + largest)
            program.limit([*((i, shape.meals[i]) for i in options), (driven, -most)], upper=0)
    return Objective("nearness", costs)


def calls_of(
    problem: WeekProblem, travel: Travel, option: Option
) -> Iterable[tuple[str, str, int]]:
    """The calls (hub, place, day) that a vehicle has to make for an option."""
    way, lot = option.way, problem.lots[option.lot_id]
    session_id, goal_id = option.session_id, option.household_id
    if session_id is not None:
        goal_id = problem.sessions[session_id].site_id
    if way.kind is WayKind.HUB:
        found = [(way.hub_id, goal_id, way.day)]
        if way.collect_day is not None:
            found.append((way.hub_id, lot.site_id, way.collect_day))
    elif way.kind is WayKind.STRAIGHT:
        hubs = sorted({vehicle.home_site_id for vehicle in problem.vehicles.values()})
        found = [
            (min(hubs, key=lambda hub: _out_and_back_m(travel, hub, place)), place, way.day)
            for place in (lot.site_id, goal_id)
        ]
    else:
        found = []
    return [call for call in found if _out_and_back_m(travel, call[0], call[1])]


def _out_and_back_m(travel: Travel, hub_id: str, place_id: str) -> int:
    if hub_id == place_id:
        return 0
    return travel[hub_id, place_id].metres + travel[place_id, hub_id].metres


def given_up(program: Staged, aims: Aims) -> Objective:
    """Meals below the fairest plan, summed over the households that fell."""
    shape, costs, constant = program.shape, {}, 0
    for n, (members, most) in enumerate(zip(shape.members, aims.fairest or (), strict=True)):
        kept = min(most, sum(shape.meals[i] * program[i] for i in members))
        column = program.column(most, kept, n)
        program.limit([(column, 1), *((i, -shape.meals[i]) for i in members)], upper=0)
        costs[column], constant = -1, constant + most
    return Objective("given_up", costs, -constant, constant, shape.grains_per_meal)


def least_change(program: Staged, aims: Aims) -> Objective:
    """Units moved against a published plan: what is taken from a line and what is put on one.

    Lines that are no option any more count as taken away, whatever is done.
    """
    lots, costs, units = aims.problem.lots, {}, _units_of(aims.like or ())
    for n, members in enumerate(program.shape.members):
        for i in members:
            option = program.shape.options[i]
            pack = lots[option.lot_id].pack
            before = units.pop((option.household_id, option.lot_id, option.session_id), 0)
            if not before:
                costs[i] = pack
                continue
            most = max(before, pack * program.shape.most[i])
            moved = program.column(most, abs(before - pack * program[i]), n)
            program.limit([(moved, 1), (i, pack)], lower=before)
            program.limit([(moved, 1), (i, -pack)], lower=-before)
            costs[moved] = 1
    return Objective("least_change", costs, constant=sum(units.values()))


def _units_of(lines: Iterable[Line]) -> dict[tuple[str, str, str | None], int]:
    """Units by household, lot and session."""
    units: dict[tuple[str, str, str | None], int] = {}
    for line in lines:
        key = (line.household_id, line.lot_id, line.session_id)
        units[key] = units.get(key, 0) + line.units
    return units
