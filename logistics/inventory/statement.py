"""A donor's statement: whole closed months, added up from what may be shown of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from fractions import Fraction

from logistics.inventory.disclosure import (
    RULE,
    Grouping,
    MonthShown,
    PeriodLedger,
    Rule,
    shown_months,
)
from logistics.inventory.months import closes_at, last_day, month_of
from logistics.inventory.waste import Cause
from logistics.model.errors import OsusowakeError


class NoSuchPeriod(OsusowakeError, ValueError):
    """A statement was asked for days that are not whole months."""


class MonthOpen(OsusowakeError):
    """A statement was asked for a month whose figures may still change."""

    def __init__(self, month: date, closes: datetime) -> None:
        self.month, self.closes = month, closes
        super().__init__(
            f"the figures of {month:%Y-%m} are not closed yet: ask again from {closes:%Y-%m-%d} on"
        )


@dataclass(frozen=True, slots=True)
class PlaceSum:
    """What was handed over through one group of places in the months that show it.

    `place_id` and `name` are empty unless it is one place. In each of those `months` at least
    `households_from` households were served there, over all donors.
    """

    kind: Grouping
    place_id: str
    name: str
    kg: int
    meals: int
    months: int
    households_from: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What a donor may see of the months from `first` to `last`, each written as its first day.

    `given_g`, `wasted_g`, `missing_g` are grams of these months; `kg` and `meals` were handed over.
    `open_g` is what by the end of `last` had been taken over since the book began and is not shown as
    handed over, wasted or missing: it stands in stock, or was handed over in months not shown.
    """

    org_id: str
    org_name: str
    first: date
    last: date
    closed_on: date
    months: tuple[MonthShown, ...]
    places: tuple[PlaceSum, ...]
    kg: int
    meals: int
    given_g: Fraction
    wasted_g: Mapping[Cause, Fraction]
    missing_g: Fraction
    open_g: Fraction
    rule: Rule

    @property
    def withheld(self) -> tuple[date, ...]:
        """Months of which nothing handed over is shown."""
        return tuple(each.month for each in self.months if each.withheld)

    @property
    def last_day(self) -> date:
        """The last day of the period."""
        return last_day(self.last)


def period(first_day: date, until_day: date) -> tuple[date, date]:
    """The months from a first to a last day.

    Raises:
        NoSuchPeriod: if the days do not begin and end a month, or come in the wrong order.
    """
    if first_day > until_day:
        raise NoSuchPeriod(f"{first_day} comes after {until_day}")
    first, last = month_of(first_day), month_of(until_day)
    if first_day != first or until_day != last_day(last):
        raise NoSuchPeriod(
            f"statements are of whole months: take {first} to {last_day(last)}, "
            f"not {first_day} to {until_day}"
        )
    return first, last


def refuse_open(last: date, now: datetime, zone: tzinfo) -> None:
    """Let only closed months pass.

    Raises:
        MonthOpen: if the last month is not closed.
    """
    closes = closes_at(last, zone)
    if now < closes:
        raise MonthOpen(last, closes)


def statement_of(
    ledger: PeriodLedger,
    org_id: str,
    months: tuple[date, date],
    names: Mapping[str, str],
    zone: tzinfo,
    rule: Rule = RULE,
) -> Statement:
    """The statement of a donor; `names` are those of organisations and places by identifier."""
    first, last = months
    known = shown_months(ledger, org_id, last, rule)
    shown = tuple(each for each in known if each.month >= first)
    kg_g = 1_000 * sum(each.kg for each in known)
    wasted: dict[Cause, Fraction] = defaultdict(Fraction)
    for each in shown:
        for cause, amount in each.wasted.items():
            wasted[cause] += amount.grams
    return Statement(
        org_id=org_id,
        org_name=names.get(org_id, ""),
        first=first,
        last=last,
        closed_on=closes_at(last, zone).date(),
        months=shown,
        places=_places(shown, names),
        kg=sum(each.kg for each in shown),
        meals=sum(each.meals for each in shown),
        given_g=sum((each.given.grams for each in shown), Fraction(0)),
        wasted_g={cause: wasted[cause] for cause in Cause if cause in wasted},
        missing_g=sum((each.missing.grams for each in shown), Fraction(0)),
        open_g=sum((_kept(each) for each in known), Fraction(0)) - kg_g,
        rule=rule,
    )


def _kept(month: MonthShown) -> Fraction:
    """Grams taken over in a month and neither wasted nor missing."""
    gone = sum((amount.grams for amount in month.wasted.values()), month.missing.grams)
    return month.given.grams - gone


def _places(months: tuple[MonthShown, ...], names: Mapping[str, str]) -> tuple[PlaceSum, ...]:
    """Sums by place, the largest first; what is shown for several places together comes last."""
    atoms = defaultdict(list)
    for month in months:
        for atom in month.atoms:
            atoms[atom.kind, atom.place_id].append(atom)
    sums = [
        PlaceSum(
            kind=kind,
            place_id=place_id,
            name=names.get(place_id, ""),
            kg=sum(atom.kg for atom in found),
            meals=sum(atom.meals for atom in found),
            months=len(found),
            households_from=min(atom.households_from for atom in found),
        )
        for (kind, place_id), found in atoms.items()
    ]
    order = list(Grouping)
    return tuple(sorted(sums, key=lambda each: (order.index(each.kind), -each.kg, each.place_id)))
