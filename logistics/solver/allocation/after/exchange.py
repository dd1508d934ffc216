"""Exchanges of equal packs between two households that give both together more variety.

A pass over pairs takes milliseconds where an integer program takes seconds, and nothing that ranks
before variety changes: everybody keeps the meals and every lot gives what it gave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic

from logistics.solver.allocation.packs.greedy import Ledger
from logistics.solver.allocation.shape import Shape


def exchanged(
    shape: Shape, packs: Sequence[int], groups: Sequence[str], worth: Sequence[int], end: float
) -> tuple[int, ...]:
    """Packs after exchanges until none gains or the moment `end` has come.

    `groups[i]` is the food group of option *i*, `worth[k]` what the k-th distinct group counts more.
    """
    market = _Market(shape, packs, groups, worth)
    while monotonic() < end and market.pass_through(end):
        pass
    return tuple(market.ledger.packs)


class _Market:
    """Who holds what, and the ledger that keeps every row."""

    def __init__(
        self, shape: Shape, packs: Sequence[int], groups: Sequence[str], worth: Sequence[int]
    ) -> None:
        self._shape, self._groups, self._worth = shape, groups, worth
        self.ledger = Ledger(shape, packs)
        self._need = {i: n for n, members in enumerate(shape.members) for i in members}
        self._by_lot: dict[str, list[int]] = {}
        self._for: dict[tuple[int, str], list[int]] = {}
        for i, option in enumerate(shape.options):
            self._by_lot.setdefault(option.lot_id, []).append(i)
            self._for.setdefault((self._need[i], option.lot_id), []).append(i)

    def pass_through(self, end: float) -> bool:
        """Every household once; whether anything was exchanged."""
        gained = False
        for n in range(len(self._shape.needs)):
            while monotonic() < end and any(self._try(*swap) for swap in self._swaps(n)):
                gained = True
        return gained

    def _swaps(self, n: int) -> Iterator[tuple[int, int, int, int]]:
        """What need *n* could give and take, and the other takes and gives, if both gain by it."""
        mine = self._counts(n)
        for take in self._shape.members[n]:
            if mine[self._groups[take]]:
                continue
            for theirs in self._by_lot[self._shape.options[take].lot_id]:
                if self.ledger.packs[theirs] and self._need[theirs] != n:
                    yield from self._partners(n, take, theirs, mine)

    def _partners(
        self, n: int, take: int, theirs: int, mine: Mapping[str, int]
    ) -> Iterator[tuple[int, int, int, int]]:
        """Options of need *n* to give in return."""
        other = self._need[theirs]
        counts = self._counts(other)
        for give in self._shape.members[n]:
            if self.ledger.packs[give] and self._shape.meals[give] == self._shape.meals[take]:
                out, into = self._groups[give], self._groups[take]
                gain = self._gain(mine, out, into) + self._gain(counts, into, out)
                for back in self._for.get((other, self._shape.options[give].lot_id), ()):
                    if gain > 0:
                        yield give, take, theirs, back

    def _counts(self, n: int) -> Counter[str]:
        """Packs of a need by food group."""
        counts: Counter[str] = Counter()
        for i in self._shape.members[n]:
            if self.ledger.packs[i]:
                counts[self._groups[i]] += self.ledger.packs[i]
        return counts

    def _gain(self, counts: Mapping[str, int], out: str, into: str) -> int:
        """What a need gains by one pack less of a group and one more of another."""
        if out == into:
            return 0
        distinct = sum(1 for count in counts.values() if count)
        after = distinct - (counts[out] == 1) + (counts[into] == 0)
        return sum(self._worth[:after]) - sum(self._worth[:distinct])

    def _try(self, give: int, take: int, theirs: int, back: int) -> bool:
        """Make an exchange if every row is kept then."""
        done: list[tuple[int, int]] = []
        for option, count in ((give, -1), (theirs, -1), (take, 1), (back, 1)):
            if not self.ledger.try_add(option, count):
                for one, made in reversed(done):
                    self.ledger.try_add(one, -made)
                return False
            done.append((option, count))
        return True
