"""A certificate for every level: weights and prices by linear programming, checked in integers.

For a household that is short, the program asks for the most it could receive while all others keep
what they have, or, where they stand higher, at least the value that it would then have. The duals,
rounded to whole numbers, are an inequality that any plan keeps; what it proves is worked out in
integers (`bounds.py` says why that is safe), and the question is asked again at the new bound until
the program itself can reach it (Newton's method on a step function). One inequality often bounds many
households: all found so far are tried first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, gcd, lcm
from time import monotonic

from logistics.model.plan import Allocation, Cap, Certificate, Inequality, Level, Price
from logistics.model.problem import WeekProblem
from logistics.solver.allocation.events import FLOOR
from logistics.solver.allocation.proof.openings import WORTH, Market, market_of
from logistics.solver.allocation.proof.prices import Duals, MostMeals

FINEST = 120
"""Duals are taken for fractions with denominators up to this, if they are near enough."""

SCALE_MAX = 10_000
"""Largest multiple by which duals become whole; beyond it they are rounded."""

NEAR = 1e-7


def certified(problem: WeekProblem, allocation: Allocation, seconds: float = 2.0) -> Allocation:
    """The allocation with a certificate for every level, and upper bounds that agree with them.

    A bound that the certificate betters is replaced; one that it does not reach stays, as found by
    search. After so many seconds levels get what the inequalities found so far prove.
    """
    certifier = _Certifier(problem, allocation, seconds)
    levels = tuple(certifier.certified(level) for level in allocation.levels)
    return replace(allocation, levels=levels)


@dataclass(frozen=True, slots=True)
class _Proof:
    """An inequality over need numbers, with what the priced things can give, in worth of grains.

    `seats` are what is lost of it for each need that surely comes to a session.
    """

    weights: Mapping[int, int]
    prices: Mapping[Cap, int]
    total: int
    seats: Mapping[int, int]


class _Certifier:
    """Bounds short needs one by one; remembers every inequality."""

    def __init__(self, problem: WeekProblem, allocation: Allocation, seconds: float) -> None:
        self._end = monotonic() + seconds
        self._market = market_of(problem)
        self._standings = _Standings(self._market, problem.policy.week_floor, allocation)
        self._members: list[list[int]] = [[] for _ in self._market.needs]
        for i, opening in enumerate(self._market.openings):
            self._members[opening.need].append(i)
        self._proofs: list[_Proof] = []
        self._program: MostMeals | None = None

    def certified(self, level: Level) -> Level:
        """A level with its certificate, and bound and proof in step with it."""
        rises = [_Rise(self._standings, level.stage, n) for n in self._standings.short(level)]
        proofs: list[_Proof] = []
        for rise in rises:
            proof = self._proof_of(rise)
            if proof is not None and proof not in proofs:
                proofs.append(proof)
        bound = max((rise.highest(proofs) for rise in rises), default=level.level)
        certificate = Certificate(bound, tuple(self._inequality(proof) for proof in proofs))
        upper, kind = min(level.upper_bound, bound), level.proof
        if upper < bound:
            kind = "search"
        elif kind == "search" and bound == level.level:
            kind = "dual"
        return replace(level, upper_bound=upper, proof=kind, certificate=certificate)

    def _proof_of(self, rise: _Rise) -> _Proof | None:
        """The inequality that holds a need lowest; None if none holds it below what it could have."""
        most, proof = rise.enough, None
        for known in self._proofs:
            if rise.need in known.weights and monotonic() < self._end:
                reached = rise.reached(known, most)
                if reached < most:
                    most, proof = reached, known
        while most > self._standings.received[rise.need] and monotonic() < self._end:
            new = self._asked(rise.need, most, rise.kept(most))
            reached = most if new is None else rise.reached(new, most)
            if new is None or reached == most:
                break
            self._proofs.append(new)
            most, proof = reached, new
        return proof

    def _asked(self, n: int, grains: int, kept: Sequence[int]) -> _Proof | None:
        """What the program's duals prove if a need is to receive so many grains, if anything."""
        if self._program is None:
            self._program = MostMeals(self._market)
        lower = [0 if m == n else least for m, least in enumerate(kept)]
        duals = self._program.most(n, lower, max(0.05, self._end - monotonic()))
        if duals is None or duals.most > grains - NEAR * grains:
            return None
        return self._rounded(n, duals)

    def _rounded(self, n: int, duals: Duals) -> _Proof:
        """Whole weights and prices, as small as the duals allow; prices are never rounded down."""
        exact = [Fraction(1)]
        for dual in (*duals.weights.values(), *duals.prices.values()):
            near = Fraction(dual).limit_denominator(FINEST)
            exact.append(near if abs(near - dual) < NEAR else Fraction(1, SCALE_MAX + 1))
        scale = min(lcm(*(value.denominator for value in exact)), SCALE_MAX)
        weights = {m: round(dual * scale) for m, dual in duals.weights.items()} | {n: scale}
        prices = {cap: ceil(dual * scale - NEAR * scale) for cap, dual in duals.prices.items()}
        common = gcd(*weights.values(), *prices.values())
        weights = {m: weight // common for m, weight in weights.items() if weight > 0}
        prices = {cap: price // common for cap, price in prices.items() if price > 0}
        return _Proof(weights, prices, *self._total(weights, prices))

    def _total(
        self, weights: Mapping[int, int], prices: Mapping[Cap, int]
    ) -> tuple[int, dict[int, int]]:
        """What the priced things can give and no price covers, and the seats (docs/rules.md §7)."""
        market, seat_worth = self._market, WORTH * self._market.grains_per_meal
        seats = {
            cap.id: price * seat_worth for cap, price in prices.items() if cap.kind == "session"
        }
        total = sum(price * market.seats[name] for name, price in seats.items())
        total += sum(
            price * market.sizes[cap].upper * market.sizes[cap].worth
            for cap, price in prices.items()
            if cap.kind != "session"
        )
        lost: dict[int, int] = {}
        for n in range(len(market.needs)) if seats else weights:
            free, comes = _uncovered(market, self._members[n], weights.get(n, 0), prices, seats)
            total += free
            if comes < free:
                lost[n] = free - comes
        return total, lost

    def _inequality(self, proof: _Proof) -> Inequality:
        named = {self._market.needs[m].household_id: weight for m, weight in proof.weights.items()}
        caps = sorted(proof.prices, key=lambda cap: (cap.kind, cap.id, cap.storage, cap.day or 0))
        return Inequality(
            {name: named[name] for name in sorted(named)},
            tuple(Price(cap, proof.prices[cap]) for cap in caps),
        )


class _Standings:
    """Where every need stands, and what it keeps if another one is to rise."""

    def __init__(self, market: Market, floor: Fraction, allocation: Allocation) -> None:
        self.needs, self.values, self._floor = market.needs, market.values, floor
        self.index = {need.household_id: n for n, need in enumerate(self.needs)}
        grains = market.grains_per_meal
        fills = {fill.household_id: fill.received for fill in allocation.fill}
        self.received = [int(fills.get(n.household_id, 0) * grains) for n in self.needs]
        self._floors = [
            min(need.fill(got), floor) for need, got in zip(self.needs, self.received, strict=True)
        ]
        self._on_floor = [
            self._least(m, share * self.needs[m].wanted) for m, share in enumerate(self._floors)
        ]
        self._totals = [need.weight * (need.past_wanted + need.wanted) for need in self.needs]

    def value(self, stage: str, n: int, grains: int) -> Fraction:
        """The value of a need in a stage if it received so many grains."""
        need = self.needs[n]
        return min(need.fill(grains), self._floor) if stage == FLOOR else need.level(grains)

    def enough(self, stage: str, n: int) -> int:
        """The grains beyond which a need does not rise in a stage, or cannot receive."""
        wanted = self.needs[n].wanted
        return self._least(n, self._floor * wanted) if stage == FLOOR else self.values[n][-1]

    def short(self, level: Level) -> list[int]:
        """Needs at a level that would stand higher if they received all they want."""
        named = [self.index[name] for name in level.household_ids if name in self.index]
        return [
            n
            for n in named
            if self.value(level.stage, n, self.received[n])
            < self.value(level.stage, n, self.needs[n].wanted)
        ]

    def kept(self, stage: str, m: int, value: Fraction) -> int:
        """Grains with which a need has what it has, or else stands at least at a value."""
        if stage == FLOOR:
            return self._least(m, min(self._floors[m], value) * self.needs[m].wanted)
        standing = value * self._totals[m] - self.needs[m].past_received
        return max(self._on_floor[m], self._least(m, min(Fraction(self.received[m]), standing)))

    def _least(self, m: int, grains: Fraction | int) -> int:
        """The least of a need's possible receipts not below a number of grains, else the most."""
        values = self.values[m]
        return values[min(bisect_left(values, ceil(grains)), len(values) - 1)]


class _Rise:
    """One need that is to rise in a stage: what all others keep, at each height."""

    def __init__(self, standings: _Standings, stage: str, n: int) -> None:
        self._standings, self._stage, self.need = standings, stage, n
        self._kept: dict[int, list[int]] = {}
        self.enough = standings.enough(stage, n)

    def highest(self, proofs: Sequence[_Proof]) -> Fraction:
        """The highest value that no inequality over the need rules out."""
        most = self.enough
        for proof in proofs:
            if self.need in proof.weights:
                most = self.reached(proof, most)
        return self._standings.value(self._stage, self.need, most)

    def kept(self, grains: int) -> list[int]:
        """What each need must have if this one is to have so many grains."""
        if grains not in self._kept:
            value = self._standings.value(self._stage, self.need, grains)
            lower = [
                self._standings.kept(self._stage, m, value)
                for m in range(len(self._standings.needs))
            ]
            lower[self.need] = grains
            self._kept[grains] = lower
        return self._kept[grains]

    def reached(self, proof: _Proof, most: int) -> int:
        """The most grains, of those up to `most`, for which an inequality leaves room."""
        if self._fits(proof, most):
            return most
        values = self._standings.values[self.need]
        good, bad = 0, bisect_left(values, most)
        middle = bisect_right(values, self._standings.received[self.need])  # the next more
        while bad - good > 1:
            if good < middle < bad and self._fits(proof, values[middle]):
                good = middle
            else:
                bad = min(bad, middle)
            middle = (good + bad) // 2
        return values[good]

    def _fits(self, proof: _Proof, grains: int) -> bool:
        kept = self.kept(grains)
        worth = sum(weight * kept[m] for m, weight in proof.weights.items())
        lost = sum(seat for m, seat in proof.seats.items() if kept[m] > 0)
        return worth * WORTH <= proof.total - lost


def _uncovered(
    market: Market,
    members: Sequence[int],
    weight: int,
    prices: Mapping[Cap, int],
    seats: Mapping[str, int],
) -> tuple[int, int]:
    """The most that a need's packs can be worth beyond the prices, freely and if it surely comes."""
    places: dict[str | None, int] = {}
    for i in members:
        opening = market.openings[i]
        rest = weight * opening.grains * WORTH
        for cap, use in opening.uses:
            price = prices.get(cap)
            if price:
                rest -= price * market.sizes[cap].worth * use
        name = opening.session_id
        places[name] = places.get(name, 0) + max(0, rest) * opening.packs_max
    if not places or None in places:
        return places.get(None, 0), places.get(None, 0)
    worths = (worth - seats.get(str(name), 0) for name, worth in places.items())
    best = sorted(worths, reverse=True)[: market.sessions_max]
    free = sum(worth for worth in best if worth > 0)
    return free, free or best[0]
