"""Does each level's certificate prove its bound? Whole numbers only, nothing is solved.

An inequality is weak duality in person. For any plan, a household's receipts are at most the meals it
is handed, so

    sum of weight x receipts <= sum of price x size + sum of what no price covers,

where a pack of a lot for a household is covered up to what the priced things over it add up to; the
rest of it, if any, is counted for as many packs as can be handed over, and of a household's sessions
only the best that it may attend. Rows, sizes and who may get what are worked out here again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from logistics.judge.case import Case
from logistics.judge.levels import STAGES, level_name
from logistics.judge.reach import HandOver, Reach
from logistics.judge.standings import Standings, Total
from logistics.judge.words import finding, show
from logistics.model.errors import Finding
from logistics.model.people import Household
from logistics.model.plan import Cap, Certificate, Inequality, Level, Plan
from logistics.model.units import KG_G, FoodGroup, Storage, ceil_of

SEARCH = "search"
SHARE = "group_share_"
GROUPS = tuple(FoodGroup)


@dataclass(frozen=True, slots=True)
class Certified:
    """How many levels a plan lists, how many carry a certificate, and how many of these are exact.

    A certificate is exact where its bound is the level itself; at a `full` level that needs no
    inequality: everybody there has all they want, or all that they could have if nobody else came.
    """

    levels: int
    certified: int
    exact: int
    full: int


def certified(plan: Plan) -> Certified:
    """Count the certificates of a plan that `verify` has accepted."""
    levels = plan.allocation.levels
    found = [(level.level, level.certificate) for level in levels if level.certificate]
    exact = [certificate for value, certificate in found if value == certificate.bound]
    full = sum(not certificate.inequalities for certificate in exact)
    return Certified(len(levels), len(found), len(exact), full)


def certificates_hold(case: Case) -> Iterator[Finding]:
    """`certificate_*`: known rows, natural numbers, the bound that follows, and none tighter."""
    checker = CertificateChecker(case)
    for level in case.plan.allocation.levels:
        if level.certificate is not None and level.stage in STAGES:
            yield from checker.faults(level, level.certificate)


class CertificateChecker:
    """Works out the bound of each certificate; remembers what the week allows."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._problem = case.problem
        self._reach = Reach(case.problem)
        self._standings = Standings(case, self._reach)
        self._totals: dict[object, Total] = {}

    def faults(self, level: Level, certificate: Certificate) -> Iterator[Finding]:
        """What is wrong with a certificate, the first kind of fault only."""
        name = f"Certificate of {level_name(level)}"
        unknown = sorted(set(self._unknown(certificate)))
        if unknown:
            yield finding("certificate_unknown", f"{name}: the week has no {', '.join(unknown)}")
            return
        numbers = [n for inequality in certificate.inequalities for n in _numbers(inequality)]
        if any(number < 1 for number in numbers):
            message = f"{name}: weights and prices are whole numbers from 1, found {min(numbers)}"
            yield finding("certificate_number", message)
            return
        bound = self.bound(level, certificate)
        if bound != certificate.bound:
            message = f"{name}: from weights and prices follows {show(bound)}"
            yield finding("certificate_bound", f"{message}, found {show(certificate.bound)}")
        elif bound < level.level:
            yield finding("certificate_low", f"{name}: bounds it by {show(bound)}, which is lower")
        elif level.upper_bound < bound and level.proof != SEARCH:
            message = f"{name}: bounds it by {show(bound)}, found {show(level.upper_bound)}"
            yield finding("certificate_loose", f"{message} with proof {level.proof}")

    def _unknown(self, certificate: Certificate) -> Iterator[str]:
        for inequality in certificate.inequalities:
            for name in inequality.weights:
                if name not in self._problem.households:
                    yield f"household {name!r}"
            caps = [price.cap for price in inequality.prices]
            for cap in caps:
                if self._size(cap) is None or caps.count(cap) > 1:
                    day = "" if cap.day is None else f" day {show(cap.day)}"
                    yield f"(single) row {cap.kind} {cap.id!r} {cap.storage}{day}"

    def _size(self, cap: Cap) -> Fraction | None:
        """How much a scarce thing gives: meals, seats or kilograms; None if there is no such row."""
        plain = not cap.storage and cap.day is None
        household = self._problem.households.get(cap.id)
        if cap.kind == "lot" and plain and cap.id in self._problem.lots:
            lot = self._problem.lots[cap.id]
            return self._reach.packs_free(lot) * lot.pack_meals
        if cap.kind == "session" and plain and cap.id in self._problem.sessions:
            seats = self._problem.sessions[cap.id].households_max
            return None if seats is None else Fraction(seats)
        if cap.kind.startswith(SHARE) and plain and household:
            known = cap.kind.removeprefix(SHARE) in GROUPS
            return Fraction(self._share(household)) if known else None
        if cap.kind == "cooked_per_day" and not cap.storage and cap.day is not None and household:
            return Fraction(household.members)
        return self._room_kg(cap) if cap.kind == "site_storage" else None

    def _share(self, household: Household) -> int:
        return ceil_of(self._problem.policy.group_share_max * household.meals_wanted)

    def _room_kg(self, cap: Cap) -> Fraction | None:
        """Room beside what stood there on Monday, on the day of a session of that site."""
        site = self._problem.sites.get(cap.id)
        sessions = self._problem.sessions.values()
        held = any(s.site_id == cap.id and s.day == cap.day for s in sessions)
        if site is None or cap.storage not in tuple(Storage) or not held:
            return None
        storage = Storage(cap.storage)
        standing_g = sum(
            lot.units * lot.unit_g
            for lot in self._problem.lots.values()
            if lot.site_id == site.id and lot.storage is storage
        )
        return Fraction(max(0, site.room_g(storage) - standing_g), KG_G)

    def bound(self, level: Level, certificate: Certificate) -> Fraction:
        """The highest value that any household of the group which is short could have."""
        totals = [self.total(inequality) for inequality in certificate.inequalities]
        values = (
            self._standings.highest(level.stage, name, totals)
            for name in self._standings.short(level)
        )
        return max(values, default=level.level)

    def total(self, inequality: Inequality) -> Total:
        """What the priced things can give, and what no price covers."""
        key = (tuple(inequality.weights.items()), inequality.prices)
        if key not in self._totals:
            prices = {price.cap: price.amount for price in inequality.prices}
            paid = Fraction(0)
            for cap, amount in prices.items():
                paid += amount * (self._size(cap) or 0)
            seats: dict[str, Fraction] = {}
            for household in self._problem.households.values():
                weight = inequality.weights.get(household.id, 0)
                if weight or any(Cap("session", name) in prices for name in household.session_ids):
                    free, comes = self._uncovered(household, weight, prices)
                    paid += free
                    seats |= {household.id: free - comes} if comes < free else {}
            self._totals[key] = Total(inequality.weights, paid, seats)
        return self._totals[key]

    def _uncovered(
        self, household: Household, weight: int, prices: Mapping[Cap, int]
    ) -> tuple[Fraction, Fraction]:
        """The most that a household's packs can be worth beyond the prices over them.

        Once as it is, and once if it surely comes to one of its sessions, whatever the seat.
        """
        places: dict[str | None, Fraction] = defaultdict(Fraction)
        for offer in self._reach.hand_overs(household):
            rest = weight * offer.lot.pack_meals
            for cap, use in self._uses(household, offer):
                rest -= prices.get(cap, 0) * use
            places[offer.session.id if offer.session else None] += (
                max(rest, Fraction(0)) * offer.packs_max
            )
        if not places or None in places:
            return places[None], places[None]
        seats = (worth - prices.get(Cap("session", str(s)), 0) for s, worth in places.items())
        best = sorted(seats, reverse=True)[: self._problem.policy.sessions_max]
        free = sum((worth for worth in best if worth > 0), Fraction(0))
        return free, free if best[0] > 0 else best[0]

    def _uses(self, household: Household, offer: HandOver) -> Iterator[tuple[Cap, Fraction]]:
        """What one pack takes of each scarce thing."""
        lot = offer.lot
        yield Cap("lot", lot.id), lot.pack_meals
        share = min(lot.pack_meals, Fraction(self._share(household)))
        yield Cap(f"{SHARE}{lot.food_group}", household.id), share
        if lot.is_cooked and offer.day is not None:
            yield Cap("cooked_per_day", household.id, day=offer.day), lot.pack_meals
        if offer.session is not None and offer.session.site_id != lot.site_id:
            cap = Cap("site_storage", offer.session.site_id, lot.storage, offer.day)
            yield cap, Fraction(lot.unit_g * lot.pack, KG_G)


def _numbers(inequality: Inequality) -> Iterator[int]:
    yield from inequality.weights.values()
    yield from (price.amount for price in inequality.prices)
