"""A certificate for every level: weights and prices by linear programming, checked in integers.

For a household that is short, the program asks for the most it could receive while all others keep
what they have, or, where they stand higher, at least the value that it would then have. The duals,
rounded to whole numbers, are an inequality that any plan keeps; what it proves is worked out in
integers (`bounds.py` says why that is safe), and the question is asked again at the new bound until
the program itself can reach it (Newton's method on a step function). One inequality often bounds many
households: all found so far are tried first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm
from time import monotonic

from logistics.model.plan import Allocation, Cap, Certificate, Inequality, Level, Price
from logistics.model.problem import WeekProblem
from logistics.model.units import ceil_of
from logistics.solver.allocation.events import FLOOR
from logistics.solver.allocation.openings import WORTH, Market, market_of
from logistics.solver.allocation.prices import Duals, MostMeals

SECONDS = 2.0
"""After this, levels get what the inequalities found so far prove."""

FINEST = 120
"""Duals are taken for fractions with denominators up to this, if they are near enough."""

SCALE_MAX = 10_000
"""Largest multiple by which duals become whole; beyond it they are rounded."""

NEAR = 1e-7


def certified(problem: WeekProblem, allocation: Allocation, seconds: float = SECONDS) -> Allocation:
    """The allocation with a certificate for every level, and upper bounds that agree with them.

    A bound that the certificate betters is replaced; one that it does not reach stays, as found by
    search.
    """
    certifier = _Certifier(problem, allocation, seconds)
    levels = tuple(certifier.certified(level) for level in allocation.levels)
    return replace(allocation, levels=levels)


@dataclass(frozen=True, slots=True)
class _Proof:
    """An inequality over need numbers, with what the priced things can give, in worth of grains."""

    weights: Mapping[int, int]
    prices: Mapping[Cap, int]
    total: int


class _Certifier:
    """Bounds short needs one by one; remembers every inequality."""

    def __init__(self, problem: WeekProblem, allocation: Allocation, seconds: float) -> None:
        self._end = monotonic() + seconds
        self._floor = problem.policy.week_floor
        self._market = market_of(problem)
        grains = self._market.grains_per_meal
        fills = {fill.household_id: fill.received for fill in allocation.fill}
        self._needs = self._market.needs
        self._received = [int(fills.get(n.household_id, 0) * grains) for n in self._needs]
        self._index = {need.household_id: n for n, need in enumerate(self._needs)}
        self._members: list[list[int]] = [[] for _ in self._needs]
        for i, opening in enumerate(self._market.openings):
            self._members[opening.need].append(i)
        self._proofs: list[_Proof] = []
        self._program: MostMeals | None = None

    def certified(self, level: Level) -> Level:
        """A level with its certificate, and bound and proof in step with it."""
        bound, proofs = level.level, []
        for name in level.household_ids:
            n = self._index.get(name)
            if n is None or not self._is_short(level.stage, n):
                continue
            most, proof = self._most(level.stage, n)
            bound = max(bound, self._value(level.stage, n, most))
            if proof is not None and proof not in proofs:
                proofs.append(proof)
        certificate = Certificate(bound, tuple(self._inequality(proof) for proof in proofs))
        upper, kind = min(level.upper_bound, bound), level.proof
        if upper < bound:
            kind = "search"
        elif kind == "search" and bound == level.level:
            kind = "dual"
        return replace(level, upper_bound=upper, proof=kind, certificate=certificate)

    def _is_short(self, stage: str, n: int) -> bool:
        now = self._value(stage, n, self._received[n])
        return now < self._value(stage, n, self._needs[n].wanted)

    def _value(self, stage: str, n: int, grains: int) -> Fraction:
        if stage == FLOOR:
            return min(self._needs[n].fill(grains), self._floor)
        return self._needs[n].level(grains)

    def _most(self, stage: str, n: int) -> tuple[int, _Proof | None]:
        """The most grains that are proven for a need, and by what; its wish if by nothing."""
        most, proof = self._needs[n].wanted, None
        if stage == FLOOR:
            most = self._least(n, self._floor * most)
        for known in self._proofs:
            if n in known.weights:
                reached = self._reached(known, stage, n)
                if reached < most:
                    most, proof = reached, known
        while most > self._received[n] and monotonic() < self._end:
            new = self._asked(stage, n, most)
            reached = most if new is None else self._reached(new, stage, n)
            if new is None or reached >= most:
                break
            self._proofs.append(new)
            most, proof = reached, new
        return most, proof

    def _asked(self, stage: str, n: int, grains: int) -> _Proof | None:
        """What the program's duals prove if a need is to receive so many grains, if anything."""
        if self._program is None:
            self._program = MostMeals(self._market)
        value = self._value(stage, n, grains)
        lower = [self._kept(stage, m, value) for m in range(len(self._needs))]
        lower[n] = 0
        duals = self._program.most(n, lower, max(0.05, self._end - monotonic()))
        if duals is None or duals.most > grains - NEAR * grains:
            return None
        return self._rounded(n, duals)

    def _kept(self, stage: str, m: int, value: Fraction) -> int:
        """Grains with which a need has what it has, or else stands at least at a value."""
        need, got = self._needs[m], self._received[m]
        floor = min(need.fill(got), self._floor)
        if stage == FLOOR:
            return self._least(m, min(floor, value) * need.wanted)
        standing = value * need.weight * (need.past_wanted + need.wanted) - need.past_received
        return self._least(m, max(floor * need.wanted, min(Fraction(got), standing)))

    def _least(self, m: int, grains: Fraction) -> int:
        """The least that a need could receive which is not below a number of grains."""
        values = self._market.values[m]
        place = bisect_left(values, ceil_of(grains))
        return values[place] if place < len(values) else self._needs[m].wanted

    def _reached(self, proof: _Proof, stage: str, n: int) -> int:
        """The most grains of a need for which an inequality leaves room."""
        values = self._market.values[n]
        good, bad = 0, len(values)
        while bad - good > 1:
            middle = (good + bad) // 2
            value = self._value(stage, n, values[middle])
            worth = proof.weights[n] * values[middle] + sum(
                weight * self._kept(stage, m, value)
                for m, weight in proof.weights.items()
                if m != n
            )
            good, bad = (middle, bad) if worth * WORTH <= proof.total else (good, middle)
        return values[good]

    def _rounded(self, n: int, duals: Duals) -> _Proof:
        """Whole weights and prices, as small as the duals allow; prices are never rounded down."""
        exact = [Fraction(1)]
        for dual in (*duals.weights.values(), *duals.prices.values()):
            near = Fraction(dual).limit_denominator(FINEST)
            exact.append(near if abs(near - dual) < NEAR else Fraction(1, SCALE_MAX + 1))
        scale = min(lcm(*(value.denominator for value in exact)), SCALE_MAX)
        weights = {m: round(dual * scale) for m, dual in duals.weights.items()} | {n: scale}
        prices = {
            cap: ceil_of(Fraction(dual * scale - NEAR * scale))
            for cap, dual in duals.prices.items()
        }
        common = gcd(*weights.values(), *prices.values())
        weights = {m: weight // common for m, weight in weights.items() if weight > 0}
        prices = {cap: price // common for cap, price in prices.items() if price > 0}
        return _Proof(weights, prices, self._total(weights, prices))

    def _total(self, weights: Mapping[int, int], prices: Mapping[Cap, int]) -> int:
        """What the priced things can give, and what no price covers (docs/rules.md §7)."""
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
        for n, weight in weights.items():
            total += _uncovered(market, self._members[n], weight, prices, seats)
        return total

    def _inequality(self, proof: _Proof) -> Inequality:
        named = {self._needs[m].household_id: weight for m, weight in proof.weights.items()}
        caps = sorted(proof.prices, key=lambda cap: (cap.kind, cap.id, cap.storage, cap.day or 0))
        return Inequality(
            {name: named[name] for name in sorted(named)},
            tuple(Price(cap, proof.prices[cap]) for cap in caps),
        )


def _uncovered(
    market: Market,
    members: Sequence[int],
    weight: int,
    prices: Mapping[Cap, int],
    seats: Mapping[str, int],
) -> int:
    """The most that a need's packs can be worth beyond the prices over them."""
    places: dict[str | None, int] = {}
    for i in members:
        opening = market.openings[i]
        rest = weight * opening.grains * WORTH
        for cap, use in opening.uses:
            price = prices.get(cap)
            if price:
                rest -= price * market.sizes[cap].worth * use
        if rest > 0:
            name = opening.session_id
            places[name] = places.get(name, 0) + rest * opening.packs_max
    door = places.pop(None, 0)
    worths = (worth - seats.get(str(name), 0) for name, worth in places.items())
    return door + sum(sorted((w for w in worths if w > 0), reverse=True)[: market.sessions_max])
