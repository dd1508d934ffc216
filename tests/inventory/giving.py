"""Books of gifts for donor pages, from plain entries; and an attacker who has every page.

In these books a unit is 1 kg and one meal unless a lot says otherwise, and every lot `D/...` is of the
donor `D`. Sites `A`, `B`, `C`, ... are satellites, `FARM` is the place of a donor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction

from logistics.inventory import Account, Entry, Goods, Kind
from logistics.inventory.disclosure import PeriodLedger
from logistics.inventory.donations import Context, ledger_of
from logistics.inventory.entries import WASTE, donor, household, site
from logistics.inventory.statement import Statement, statement_of
from logistics.model.units import FoodGroup, Kitchen, Label, Storage

JST = timezone(timedelta(hours=9))
OCT, NOV, DEC = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


def noon(day: date) -> datetime:
    """Noon of a day in Japan."""
    return datetime.combine(day, time(12), JST)


@dataclass
class GiftBook:
    """Entries in the order in which they are told; each verb answers with the id of its entry."""

    entries: list[Entry] = field(default_factory=list)
    unit_g: dict[str, int] = field(default_factory=dict)
    unit_meals: dict[str, Fraction] = field(default_factory=dict)
    origins: dict[str, Mapping[str, Fraction]] = field(default_factory=dict)
    rest_sites: dict[str, str] = field(default_factory=dict)

    def tell(
        self,
        kind: Kind,
        lot_id: str,
        ends: tuple[Account, Account],
        units: int,
        day: date,
        *,
        recorded: date | None = None,
        reverses: str = "",
        reason: str = "",
        reservation_id: str = "",
    ) -> str:
        key = f"e{len(self.entries)}"
        at, known = noon(day), noon(recorded or day).astimezone(UTC)
        entry = Entry(key, kind, lot_id, *ends, units, at, known, reservation_id, reason, reverses)
        self.entries.append(entry)
        return key

    def give(self, lot_id: str, units: int, day: date, place: str = "HUB") -> str:
        ends = donor(lot_id.split("/")[0]), site(place)
        return self.tell(Kind.RECEIVE, lot_id, ends, units, day)

    def hand(
        self, lot_id: str, who: str, place: str, day: date, units: int = 1, **more: object
    ) -> str:
        ends = site(place), household(who)
        return self.tell(Kind.DELIVER, lot_id, ends, units, day, **more)  # type: ignore[arg-type]

    def waste(self, lot_id: str, place: str, day: date, units: int, reason: str) -> str:
        return self.tell(Kind.DISCARD, lot_id, (site(place), WASTE), units, day, reason=reason)

    def undo(self, entry_id: str, day: date, recorded: date | None = None) -> str:
        old = next(entry for entry in self.entries if entry.id == entry_id)
        ends = old.target, old.source
        return self.tell(
            Kind.REVERSAL, old.lot_id, ends, old.units, day, recorded=recorded, reverses=entry_id
        )

    def visits(
        self, lot_id: str, who: Iterable[str], place: str, day: date, units: int = 1
    ) -> None:
        """The same units for each of some households."""
        for name in who:
            self.hand(lot_id, name, place, day, units)

    def goods(self) -> dict[str, Goods]:
        lots = {entry.lot_id for entry in self.entries} | set(self.unit_g)
        return {
            lot_id: Goods(
                id=lot_id,
                org_id=lot_id.split("/")[0],
                item="rice",
                food_group=FoodGroup.STAPLE,
                storage=Storage.AMBIENT,
                unit_g=self.unit_g.get(lot_id, 1_000),
                unit_meals=self.unit_meals.get(lot_id, Fraction(1)),
                label=Label.NONE,
                last_day=None,
                made_on=None,
                eat_by=None,
                contains=frozenset(),
                checked=frozenset(),
                kitchen_needed=Kitchen.NONE,
                tags=frozenset(),
            )
            for lot_id in lots
        }

    def ledger(self) -> PeriodLedger:
        context = Context(self.goods(), frozenset({"FARM"}), self.rest_sites, JST, self.origins)
        return ledger_of(self.entries, context)

    def statement(self, org_id: str, first: date, last: date) -> Statement:
        return statement_of(self.ledger(), org_id, (first, last), {}, JST)


def people(prefix: str, count: int) -> list[str]:
    """Households `P1`, `P2`, ..."""
    return [f"{prefix}{number}" for number in range(1, count + 1)]


Row = Sequence[Fraction]


def reduced(rows: Iterable[Row]) -> list[list[Fraction]]:
    """The reduced row echelon form: what linear algebra can say, and nothing else."""
    matrix = [list(row) for row in rows]
    done: list[list[Fraction]] = []
    width = len(matrix[0]) if matrix else 0
    for column in range(width):
        found = next((row for row in matrix if row[column]), None)
        if found is None:
            continue
        matrix.remove(found)
        pivot = [value / found[column] for value in found]

        def cleared(row: list[Fraction], pivot: Row = pivot, at: int = column) -> list[Fraction]:
            return [a - row[at] * b for a, b in zip(row, pivot, strict=True)]

        matrix = [cleared(row) for row in matrix]
        done = [*(cleared(row) for row in done), pivot]
    return done


def follows(known: Sequence[Row], wanted: Row) -> bool:
    """Whether a sum of unknowns can be computed from sums in reduced form that are known."""
    rest = list(wanted)
    for row in known:
        column = next(index for index, value in enumerate(row) if value)
        factor = rest[column]
        rest = [a - factor * b for a, b in zip(rest, row, strict=True)]
    return not any(rest)
