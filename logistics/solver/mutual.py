"""Who helps whom: packs from offers to needs, the neediest first, then over the fewest kilometres.

Exact, by a chain of small integer programs. The fractions of the needs that are met are made as
large as can be from the least on (leximin): the least fraction as high as it goes, at it as few needs
as can be, then the next. Among all such answers the kilometres between sites that exchange goods are
fewest, each pair counted once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

from logistics.model.errors import OsusowakeError, require

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

WEIGHT_MAX = 2**53
"""Largest product of a fraction's scale; CP-SAT counts in 64 bits."""


class MatchingFailed(OsusowakeError):
    """The search ended without a proven answer."""


@dataclass(frozen=True, slots=True)
class Arc:
    """An offer that suits a need: meals and grams of one pack, the storage it fills, the way there."""

    offer_id: str
    need_id: str
    pack_meals: Fraction
    pack_g: int
    room: str
    pair: tuple[str, str]
    metres: int

    def __post_init__(self) -> None:
        require(self.pack_meals > 0 and self.pack_g > 0, f"Arc of {self.offer_id}: empty pack")


def assign(
    packs: Mapping[str, int],
    meals: Mapping[str, Fraction],
    room_g: Mapping[str, int],
    arcs: Sequence[Arc],
    *,
    seconds: float = 30.0,
) -> dict[tuple[str, str], int]:
    """Packs by offer and need: of `packs` offered, for `meals` lacking, within `room_g` by storage.

    Raises:
        MatchingFailed: if a step is not proven within the seconds, or the numbers are too fine.
    """
    arcs = sorted(arcs, key=lambda arc: (arc.offer_id, arc.need_id))
    reached = sorted({arc.need_id for arc in arcs if meals[arc.need_id] > 0})
    if not reached:
        return {}
    program = _Program(packs, meals, room_g, arcs, reached, seconds)
    program.raise_levels()
    return program.shortest_ways()


class _Program:
    """The integer program, to which each step adds what the step before has settled."""

    def __init__(
        self,
        packs: Mapping[str, int],
        meals: Mapping[str, Fraction],
        room_g: Mapping[str, int],
        arcs: Sequence[Arc],
        reached: Sequence[str],
        seconds: float,
    ) -> None:
        from ortools.sat.python import cp_model

        self.model: CpModel = cp_model.CpModel()
        self.arcs, self.reached, self.seconds = arcs, reached, seconds
        grain = lcm(
            *(arc.pack_meals.denominator for arc in arcs),
            *(meals[need].denominator for need in reached),
        )
        wanted = {need: int(meals[need] * grain) for need in reached}
        self.whole = lcm(*wanted.values())
        if self.whole > WEIGHT_MAX:
            raise MatchingFailed("the needs are too fine to compare exactly: round their meals")
        self.sent = [
            self.model.new_int_var(0, packs[arc.offer_id], f"{arc.offer_id}>{arc.need_id}")
            for arc in arcs
        ]
        for offer in {arc.offer_id for arc in arcs}:
            self.model.add(self._sum(lambda arc, o=offer: arc.offer_id == o) <= packs[offer])
        for room in {arc.room for arc in arcs}:
            grams = self._sum(lambda arc, r=room: arc.room == r, lambda arc: arc.pack_g)
            self.model.add(grams <= room_g.get(room, 0))
        self.level: dict[str, Any] = {}
        for need in reached:
            got = self._sum(
                lambda arc, n=need: arc.need_id == n, lambda arc: int(arc.pack_meals * grain)
            )
            self.model.add(got <= wanted[need])
            self.level[need] = got * (self.whole // wanted[need])

    def _sum(self, which: Any, weight: Any = lambda _arc: 1) -> Any:
        """What is sent over some arcs, weighted."""
        return sum(
            sent * weight(arc) for arc, sent in zip(self.arcs, self.sent, strict=True) if which(arc)
        )

    def _best(self, goal: Any, *, most: bool) -> Any:
        """Solve to a proof and give the solver with its answer."""
        from ortools.sat.python import cp_model

        (self.model.maximize if most else self.model.minimize)(goal)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_time_in_seconds = self.seconds
        if solver.solve(self.model) != cp_model.OPTIMAL:
            raise MatchingFailed("no proven answer in time: match fewer offers at once")
        return solver

    def raise_levels(self) -> None:
        """Settle level by level how many needs stay at it; which ones, later steps may choose."""
        below: dict[str, IntVar] = {}
        at_most = 0
        while at_most < len(self.reached):
            least = self.model.new_int_var(0, self.whole, "least")
            for need in self.reached:
                bound = self.model.add(self.level[need] >= least)
                if need in below:
                    bound.only_enforce_if(~below[need])
            found = self._best(least, most=True).value(least)
            if found >= self.whole:
                self.model.add(least == self.whole)
                return
            # A need that is not counted at this level or a lower one lies above it.
            self.model.add(least >= found)
            counted = {need: self.model.new_bool_var(f"at {found}") for need in self.reached}
            for need in self.reached:
                above = self.model.add(self.level[need] >= found + 1)
                above.only_enforce_if(~counted[need])
                self.model.add(self.level[need] <= found).only_enforce_if(counted[need])
            total = sum(counted.values())
            at_most = int(self._best(total, most=False).objective_value)
            self.model.add(total == at_most)
            below = counted

    def shortest_ways(self) -> dict[tuple[str, str], int]:
        """Among what is left open, the answer with the fewest metres."""
        pairs = {arc.pair: arc.metres for arc in self.arcs}
        used = {pair: self.model.new_bool_var(f"{pair}") for pair in pairs}
        for arc, sent in zip(self.arcs, self.sent, strict=True):
            self.model.add(sent == 0).only_enforce_if(~used[arc.pair])
        solver = self._best(sum(used[pair] * pairs[pair] for pair in pairs), most=False)
        return {
            (arc.offer_id, arc.need_id): units
            for arc, sent in zip(self.arcs, self.sent, strict=True)
            if (units := solver.value(sent)) > 0
        }
