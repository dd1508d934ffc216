"""The allocation as a linear shape: needs, whole packs to decide, and labelled rows.

Every row is `lower <= sum of coefficient x variable <= upper` in integers and carries the `Cap` by
which a certificate names it. Meals are counted in grains: the largest fraction of a meal of which
every pack is a whole multiple (1 when all units are whole meals).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from logistics.model.goods import Lot
from logistics.model.plan import Cap
from logistics.model.problem import WeekProblem
from logistics.model.units import ceil_of
from logistics.solver.eligible import Option


@dataclass(frozen=True, slots=True)
class Need:
    """A household's wish and history, in grains (`wanted`, `past_*` alike)."""

    household_id: str
    wanted: int
    past_wanted: Fraction
    past_received: Fraction
    weight: Fraction

    def level(self, received: int) -> Fraction:
        """(past received + received) / (past wanted + wanted) / weight."""
        total = self.past_wanted + self.wanted
        return (self.past_received + received) / total / self.weight

    def fill(self, received: int) -> Fraction:
        """received / wanted of this week."""
        return Fraction(received, self.wanted)


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled linear constraint over variable indices."""

    cap: Cap
    terms: tuple[tuple[int, int], ...]
    upper: int | None
    lower: int | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """The whole allocation: variables `0..len(options)-1` are packs of each option, then one Boolean
    per flag (household, what is true of it: comes to a session, takes packs of a size).

    `meals[i]` grains per pack, `most[i]` packs that can ever be useful, `members[n]` the variables of
    need `n`, `values[n]` all grains that need `n` could receive by any choice of its packs.
    """

    needs: tuple[Need, ...]
    options: tuple[Option, ...]
    meals: tuple[int, ...]
    most: tuple[int, ...]
    members: tuple[tuple[int, ...], ...]
    values: tuple[tuple[int, ...], ...]
    flags: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    grains_per_meal: int

    def with_flags(self, packs: Sequence[int]) -> tuple[int, ...]:
        """Packs of the options together with every flag that they need."""
        found = [*packs[: len(self.options)], *([0] * len(self.flags))]
        for i, flag in self.flagged():
            found[flag] = max(found[flag], int(found[i] > 0))
        return tuple(found)

    def flagged(self) -> Iterator[tuple[int, int]]:
        """Pairs of an option and a flag without which it gives nothing (`ShapeBuilder.only_if`)."""
        for row in self.rows:
            if row.upper == 0 and len(row.terms) == 2 and row.terms[1][0] >= len(self.options):
                yield row.terms[0][0], row.terms[1][0]

    def received(self, packs: Iterable[int]) -> list[int]:
        """Grains each need receives from a vector of packs, capped at wanted."""
        given = list(packs)
        return [
            min(need.wanted, sum(self.meals[i] * given[i] for i in members))
            for need, members in zip(self.needs, self.members, strict=True)
        ]


def grains_per_meal(problem: WeekProblem) -> int:
    """Smallest whole number by which every lot's pack of meals becomes whole."""
    return lcm(*(lot.pack_meals.denominator for lot in problem.lots.values()), 1)


def needs_of(problem: WeekProblem, grains: int) -> tuple[Need, ...]:
    """Needs of the households that want something this week."""
    past = problem.past()
    return tuple(
        Need(
            household.id,
            household.meals_wanted * grains,
            Fraction(past[household.id].wanted * grains),
            past[household.id].received * grains,
            household.weight,
        )
        for household in problem.households.values()
        if household.meals_wanted > 0
    )


def attainable(wanted: int, packs: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Receipts that sums of packs (grains, how many) can attain; bit `v` of the set stands for `v`.

    Two packs of 4 and one of 6 attain 0, 4, 6, 8, 10, 14: nothing between counts as a level.
    """
    sums = 1
    for grains, most in packs:
        for _ in range(most):
            sums |= sums << grains
        over = sums >> wanted
        sums = (sums & ((1 << wanted) - 1)) | (int(over > 0) << wanted)
    return tuple(value for value in range(wanted + 1) if sums >> value & 1)


class ShapeBuilder:
    """Collects variables and rows; one method per rule of docs/rules.md §3 and §4."""

    def __init__(self, problem: WeekProblem, options: Iterable[Option]) -> None:
        self.problem = problem
        self.grains = grains_per_meal(problem)
        self.needs = needs_of(problem, self.grains)
        index = {need.household_id: n for n, need in enumerate(self.needs)}
        self.options = tuple(option for option in options if option.household_id in index)
        self.meals = tuple(int(self._lot(o).pack_meals * self.grains) for o in self.options)
        self.members: list[list[int]] = [[] for _ in self.needs]
        most = []
        for i, option in enumerate(self.options):
            n = index[option.household_id]
            self.members[n].append(i)
            lot = self._lot(option)
            useful = -(-self.needs[n].wanted // self.meals[i])
            most.append(min(lot.free_units // lot.pack, useful))
        self.most = tuple(most)
        self.flags: list[tuple[str, str]] = []
        self.rows: list[Row] = []

    def build(self) -> Shape:
        """The finished shape."""
        return Shape(
            self.needs,
            self.options,
            self.meals,
            self.most,
            tuple(tuple(m) for m in self.members),
            tuple(self._values(n) for n in range(len(self.needs))),
            tuple(self.flags),
            tuple(self.rows),
            self.grains,
        )

    def _values(self, n: int) -> tuple[int, ...]:
        packs = [(self.meals[i], self.most[i]) for i in self.members[n]]
        return attainable(self.needs[n].wanted, packs)

    def _lot(self, option: Option) -> Lot:
        return self.problem.lots[option.lot_id]

    def pack_g(self, i: int) -> int:
        """Grams of one pack of option `i`."""
        lot = self._lot(self.options[i])
        return int(lot.unit_g * lot.pack)

    def limit(
        self,
        cap: Cap,
        terms: Iterable[tuple[int, int]],
        upper: int | None,
        lower: int | None = None,
    ) -> None:
        """Add a row unless it can never bind."""
        kept = tuple((i, coefficient) for i, coefficient in terms if coefficient)
        reach = sum(c * self._most_of(i) for i, c in kept if c > 0)
        binds_above = upper is not None and reach > upper
        if kept and (binds_above or lower is not None):
            self.rows.append(Row(cap, kept, upper, lower))
        elif not kept and lower is not None and lower > 0:
            self.rows.append(Row(cap, (), upper, lower))

    def _most_of(self, i: int) -> int:
        return self.most[i] if i < len(self.most) else 1

    def flag(self, household_id: str, label: str) -> int:
        """A new Boolean variable."""
        self.flags.append((household_id, label))
        return len(self.options) + len(self.flags) - 1

    def only_if(self, cap: Cap, variables: Iterable[int], flag: int) -> None:
        """Packs only where the flag is set."""
        for i in variables:
            self.rows.append(Row(cap, ((i, 1), (flag, -self.most[i])), 0))

    def limit_supply(self) -> None:
        """No lot gives more packs than it has."""
        users: dict[str, list[int]] = {}
        for i, option in enumerate(self.options):
            users.setdefault(option.lot_id, []).append(i)
        for lot_id, variables in users.items():
            lot = self.problem.lots[lot_id]
            self.limit(Cap("lot", lot_id), ((i, 1) for i in variables), lot.free_units // lot.pack)

    def limit_group_shares(self) -> None:
        """Meals of one food group within the share, or a single pack.

        A pack larger than the share counts as the whole share, so that it can only stand alone:
        this is exactly max(ceil(share x wanted), one pack).
        """
        share = self.problem.policy.group_share_max
        for need, members in zip(self.needs, self.members, strict=True):
            upper = ceil_of(share * need.wanted / self.grains) * self.grains
            groups: dict[str, list[int]] = {}
            for i in members:
                groups.setdefault(self._lot(self.options[i]).food_group, []).append(i)
            for group, variables in groups.items():
                self.limit(
                    Cap(f"group_share_{group}", need.household_id),
                    ((i, min(self.meals[i], upper)) for i in variables),
                    upper,
                )

    def limit_cooked(self) -> None:
        """Cooked meals a day at most one per member."""
        for need, members in zip(self.needs, self.members, strict=True):
            days: dict[int, list[int]] = {}
            for i in members:
                if self._lot(self.options[i]).is_cooked:
                    days.setdefault(self.options[i].day, []).append(i)
            people = self.problem.households[need.household_id].members
            for day, variables in days.items():
                self.limit(
                    Cap("cooked_per_day", need.household_id, day=day),
                    ((i, self.meals[i]) for i in variables),
                    people * self.grains,
                )

    def respect_sessions(self) -> None:
        """At most `sessions_max` sessions a household, at most `households_max` households each."""
        comers: dict[str, list[int]] = {}
        for need, members in zip(self.needs, self.members, strict=True):
            by_session: dict[str, list[int]] = {}
            for i in members:
                session_id = self.options[i].session_id
                if session_id is not None:
                    by_session.setdefault(session_id, []).append(i)
            seats_matter = any(
                self.problem.sessions[s].households_max is not None for s in by_session
            )
            if len(by_session) <= self.problem.policy.sessions_max and not seats_matter:
                continue
            own = []
            for session_id, variables in by_session.items():
                seat = self.flag(need.household_id, session_id)
                own.append(seat)
                comers.setdefault(session_id, []).append(seat)
                self.only_if(Cap("attends", need.household_id), variables, seat)
            self.limit(
                Cap("sessions_max", need.household_id),
                ((seat, 1) for seat in own),
                self.problem.policy.sessions_max,
            )
        for session_id, seats in comers.items():
            upper = self.problem.sessions[session_id].households_max
            if upper is not None:
                self.limit(Cap("session", session_id), ((seat, 1) for seat in seats), upper)

    def limit_overshoot(self) -> None:
        """Taking away any one pack leaves less than wanted.

        Given meals <= wanted - 1 + p for every size p of pack that the household takes; the largest
        size needs no flag, the bound holds for it anyway.
        """
        for need, members in zip(self.needs, self.members, strict=True):
            sizes: dict[int, list[int]] = {}
            for i in members:
                sizes.setdefault(self.meals[i], []).append(i)
            if not sizes:
                continue
            given = [(i, self.meals[i]) for i in members]
            largest = max(sizes)
            cap = Cap("wanted", need.household_id)
            self.limit(cap, given, need.wanted - 1 + largest)
            for size in sorted(sizes)[:-1]:
                flag = self.flag(need.household_id, f"packs of {size}")
                self.only_if(cap, sizes[size], flag)
                self.limit(cap, [*given, (flag, largest - size)], need.wanted - 1 + largest)
