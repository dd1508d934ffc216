"""What stops a household from getting one pack more beside a plan: rule by rule, exactly.

For each lot that a household may have, the plan's own totals say which rules one more pack would break.
Where food is left and a single rule stands in its way, that rule is the answer a person would give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from logistics.model.plan import Cap
from logistics.solver.allocation.shape import Row, Shape


@dataclass(frozen=True, slots=True)
class Blocked:
    """One need's food: lots that are all given out, and what keeps it from the rest.

    `waiting` has for each rule the meals that it keeps back, alone or (where no lot is kept back by
    one rule alone) with others; `free` are meals that no rule keeps back.
    """

    used_up: tuple[str, ...]
    waiting: tuple[tuple[Cap, Fraction], ...]
    free: Fraction


class Blockers:
    """The rows of a shape with their totals in a plan, which may grow pack by pack."""

    def __init__(self, shape: Shape, packs: Sequence[int]) -> None:
        self._shape = shape
        self._packs = list(shape.with_flags(packs))
        self._rows: dict[int, list[tuple[int, int]]] = {}
        self._flags: dict[int, list[int]] = {}
        self._totals: list[int] = []
        self._given: dict[str, int] = {}
        for r, row in enumerate(shape.rows):
            self._totals.append(sum(c * self._packs[i] for i, c in row.terms))
            for i, c in row.terms:
                self._rows.setdefault(i, []).append((r, c))
        for i, flag in shape.flagged():
            self._flags.setdefault(i, []).append(flag)
        for i, option in enumerate(shape.options):
            self._given[option.lot_id] = self._given.get(option.lot_id, 0) + self._packs[i]

    @property
    def packs(self) -> tuple[int, ...]:
        """The packs of every option at present, then the flags."""
        return tuple(self._packs)

    def left(self, i: int, packs_free: int) -> int:
        """Packs left of an option's lot, of so many that may be given in all."""
        return packs_free - self._given[self._shape.options[i].lot_id]

    def add(self, i: int) -> bool:
        """Give one pack of an option if that breaks no rule."""
        if self._packs[i] >= self._shape.most[i] or self.broken_by(i):
            return False
        for variable in self._steps(i):
            self._packs[variable] += 1
            for r, c in self._rows.get(variable, []):
                self._totals[r] += c
        self._given[self._shape.options[i].lot_id] += 1
        return True

    def of(self, n: int, packs_free: Sequence[int]) -> Blocked:
        """What stops need `n`; `packs_free` are packs that may be given in all, by option."""
        grains: dict[str, int] = {}
        broken: dict[str, frozenset[Cap]] = {}
        for i in self._shape.members[n]:
            lot_id = self._shape.options[i].lot_id
            grains[lot_id] = self.left(i, packs_free[i]) * self._shape.meals[i]
            caps = self.broken_by(i) if grains[lot_id] > 0 else frozenset()
            if lot_id not in broken or len(caps) < len(broken[lot_id]):
                broken[lot_id] = caps
        kept: dict[Cap, int] = {}
        for lot_id, caps in broken.items():
            for cap in caps:
                kept[cap] = kept.get(cap, 0) + grains[lot_id]
        free = sum(max(0, grains[lot_id]) for lot_id, caps in broken.items() if not caps)
        ranked = sorted(kept, key=lambda cap: (-kept[cap], cap.kind, cap.id))
        return Blocked(
            tuple(lot_id for lot_id in broken if grains[lot_id] <= 0),
            tuple((cap, self._meals(kept[cap])) for cap in ranked),
            self._meals(free),
        )

    def _meals(self, grains: int) -> Fraction:
        return Fraction(grains, self._shape.grains_per_meal)

    def broken_by(self, i: int) -> frozenset[Cap]:
        """Rules that one more pack of an option would break, with the flags it needs."""
        change: dict[int, int] = {}
        for variable in self._steps(i):
            for r, c in self._rows.get(variable, []):
                change[r] = change.get(r, 0) + c
        rows = self._shape.rows
        return frozenset(
            rows[r].cap
            for r, delta in change.items()
            if delta > 0 and self._totals[r] + delta > _upper(rows[r])
        )

    def _steps(self, i: int) -> list[int]:
        """An option and the flags that it still needs."""
        return [i, *(flag for flag in self._flags.get(i, []) if not self._packs[flag])]


def _upper(row: Row) -> float:
    return float("inf") if row.upper is None else row.upper
