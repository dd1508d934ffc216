"""What a donor may see: figures of whole months, each of at least ten households.

Everything shown is a sum of *atoms*: a donor's amounts of one calendar month in one group of places.
The groups of a month follow from how many households each place served, over all donors, and never
from amounts, from who asks, or from which months are asked for. So every total and every difference of
statements, of one donor or of many, is a sum of atoms, and none is finer than an atom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from logistics.inventory.months import months_between
from logistics.inventory.waste import Cause

Patterns = Mapping[frozenset[str], int]
"""How many households were served in a month at exactly these places: counts without identifiers."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Goods by mass (grams) and by meals, exact; a correction may be below zero."""

    grams: Fraction = Fraction(0)
    meals: Fraction = Fraction(0)

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.grams + other.grams, self.meals + other.meals)

    def __mul__(self, factor: Fraction | int) -> Amount:
        return Amount(self.grams * factor, self.meals * factor)

    def __bool__(self) -> bool:
        return bool(self.grams or self.meals)


NOTHING = Amount()


@dataclass(frozen=True, slots=True)
class PeriodLedger:
    """Amounts by donor and month, and whom they reached as counts: it cannot name or join households.

    `handed`: by donor, month and place; `given`: taken over from the donor, less what went back to it;
    `wasted`: by cause; `missing`: short in counts, below zero what counts found; `patterns`: by month.
    """

    handed: Mapping[tuple[str, date, str], Amount]
    given: Mapping[tuple[str, date], Amount]
    wasted: Mapping[tuple[str, date, Cause], Amount]
    missing: Mapping[tuple[str, date], Amount]
    patterns: Mapping[date, Patterns]

    def places(self, month: date) -> frozenset[str]:
        """Places at which anything was handed over, or put right, in a month."""
        visited = {place for pattern in self.patterns.get(month, {}) for place in pattern}
        return frozenset(visited | {place for _, at, place in self.handed if at == month})

    def first_month(self) -> date | None:
        """The first month of which the ledger knows anything."""
        with_place = [month for _, month, _ in (*self.handed, *self.wasted)]
        without = [month for _, month in (*self.given, *self.missing)]
        return min((*with_place, *without), default=None)


@dataclass(frozen=True, slots=True)
class Rule:
    """From how many households on something is shown, and the steps in which it is shown."""

    households_min: int = 10
    households_step: int = 5
    grams_step: int = 1_000
    meals_step: int = 5


RULE = Rule()


class Grouping(StrEnum):
    """What a group of places is: one place, some that are shown together, or all of the month."""

    PLACE = "place"
    OTHERS = "others"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Group:
    """Places whose amounts are shown as one; `households` is how many they served, each once."""

    places: frozenset[str]
    households: int
    kind: Grouping


@dataclass(frozen=True, slots=True)
class Shown:
    """A donor's atom: `place_id` is empty unless it is one place alone; at least so many households."""

    kind: Grouping
    place_id: str
    kg: int
    meals: int
    households_from: int


@dataclass(frozen=True, slots=True)
class MonthShown:
    """A donor's month. `kg` and `meals` were handed over and are the sums of `atoms`.

    `withheld`: fewer households than the rule asks for were served by the whole network, so that
    nothing is said. Taken over, wasted and missing grams concern no household and are exact.
    """

    month: date
    withheld: bool
    kg: int
    meals: int
    atoms: tuple[Shown, ...]
    given: Amount
    wasted: Mapping[Cause, Amount] = field(default_factory=lambda: MappingProxyType({}))
    missing: Amount = NOTHING


def reached(patterns: Patterns, places: frozenset[str]) -> int:
    """How many households these places served, each counted once."""
    return sum(households for pattern, households in patterns.items() if pattern & places)


def groups(patterns: Patterns, places: frozenset[str], rule: Rule = RULE) -> tuple[Group, ...]:
    """The groups of a month's places; none if the whole network served too few households.

    A place that served enough stands alone. The others are shown together, joined by the smallest of
    those until enough households remain in the group whichever one place is taken out of it: one that
    knows its own lists shall not find out a small neighbour's by subtraction. If no part of the
    network can do that, all places are one group.
    """
    served = {place: reached(patterns, frozenset({place})) for place in places}
    waiting = sorted(
        (place for place in places if served[place] >= rule.households_min),
        key=lambda place: (served[place], place),
    )
    others = places - set(waiting)
    while others and waiting and not _hides(patterns, others, rule):
        others |= {waiting.pop(0)}
    if not waiting and len(others) > 0:
        everywhere = reached(patterns, places)
        enough = everywhere >= rule.households_min
        return (Group(places, everywhere, Grouping.ALL),) if enough else ()
    alone = tuple(
        Group(frozenset({place}), served[place], Grouping.PLACE) for place in sorted(waiting)
    )
    together = (Group(others, reached(patterns, others), Grouping.OTHERS),) if others else ()
    return (*alone, *together)


def _hides(patterns: Patterns, places: frozenset[str], rule: Rule) -> bool:
    """Whether enough households remain whichever one place is taken out."""
    return all(reached(patterns, places - {place}) >= rule.households_min for place in places)


def shown_months(
    ledger: PeriodLedger, org_id: str, last: date, rule: Rule = RULE
) -> tuple[MonthShown, ...]:
    """All months of a donor from the ledger's first to `last`: what every statement is a sum of.

    Amounts are shown in whole steps. What rounding takes from a month is carried to the next, so that
    any run of months is within one step of the truth, and a month's atoms add up to the month.
    """
    first = ledger.first_month()
    carried = [Fraction(0), Fraction(0)]
    months = []
    for month in months_between(first, last) if first is not None and first <= last else ():
        found = groups(ledger.patterns.get(month, {}), ledger.places(month), rule)
        exact = [_sum_of(ledger, org_id, month, group) for group in found]
        kg, carried[0] = in_steps(
            [each.grams / rule.grams_step for each in exact], carried=carried[0]
        )
        meals, carried[1] = in_steps(
            [each.meals / rule.meals_step for each in exact], carried=carried[1]
        )
        atoms = tuple(
            Shown(
                group.kind,
                next(iter(group.places)) if group.kind is Grouping.PLACE else "",
                steps * rule.grams_step // 1_000,
                portions * rule.meals_step,
                group.households - (group.households - rule.households_min) % rule.households_step,
            )
            for group, steps, portions in zip(found, kg, meals, strict=True)
            if steps or portions
        )
        months.append(
            MonthShown(
                month=month,
                withheld=not found,
                kg=sum(atom.kg for atom in atoms),
                meals=sum(atom.meals for atom in atoms),
                atoms=atoms,
                given=ledger.given.get((org_id, month), NOTHING),
                wasted={
                    cause: amount
                    for (donor, at, cause), amount in sorted(ledger.wasted.items())
                    if (donor, at) == (org_id, month) and amount
                },
                missing=ledger.missing.get((org_id, month), NOTHING),
            )
        )
    return tuple(months)


def _sum_of(ledger: PeriodLedger, org_id: str, month: date, group: Group) -> Amount:
    amounts = (ledger.handed.get((org_id, month, place), NOTHING) for place in group.places)
    return sum(amounts, NOTHING)


def in_steps(parts: Sequence[Fraction], carried: Fraction) -> tuple[list[int], Fraction]:
    """Parts as whole numbers whose sum is their true sum, with what was carried, to the nearest.

    Each part is rounded down and those with the largest rests get one more (the lowest index first
    among equals); a part of nothing stays nothing. Returns the numbers and what is carried on.
    """
    exact = sum(parts, carried)
    total = (exact + Fraction(1, 2)).__floor__()
    whole = [part.__floor__() for part in parts]
    rests = sorted(
        (index for index, part in enumerate(parts) if part),
        key=lambda index: (whole[index] - parts[index], index),
    )
    for index in rests[: total - sum(whole)]:
        whole[index] += 1
    return whole, exact - sum(whole)
