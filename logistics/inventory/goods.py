"""What a lot is, as the book keeps it: the facts that stay the same while its units move."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from fractions import Fraction

from logistics.inventory.clock import moment
from logistics.model.goods import Lot
from logistics.model.problem import WeekProblem
from logistics.model.units import FoodGroup, Kitchen, Label, Storage, Tag


@dataclass(frozen=True, slots=True)
class Goods:
    """A lot without its place and count; a cooked meal's limit is a moment, not seconds of a week."""

    id: str
    org_id: str
    item: str
    food_group: FoodGroup
    storage: Storage
    unit_g: int
    unit_meals: Fraction
    label: Label
    last_day: date | None
    made_on: date | None
    eat_by: datetime | None
    contains: frozenset[str]
    checked: frozenset[str]
    kitchen_needed: Kitchen
    tags: frozenset[Tag]

    def expired(self, now: datetime, today: date) -> bool:
        """Whether the goods are past their date: the last day itself is still good."""
        too_old = self.last_day is not None and self.last_day < today
        return too_old or (self.eat_by is not None and self.eat_by < now)


def goods_of(lot: Lot, problem: WeekProblem) -> Goods:
    """The lasting facts of a lot of a week."""
    eat_by_s = lot.eat_by_s
    return Goods(
        id=lot.id,
        org_id=lot.org_id,
        item=lot.item,
        food_group=lot.food_group,
        storage=lot.storage,
        unit_g=lot.unit_g,
        unit_meals=lot.unit_meals,
        label=lot.label,
        last_day=lot.last_day,
        made_on=lot.made_on,
        eat_by=None if eat_by_s is None else moment(problem.week_start, eat_by_s, problem.timezone),
        contains=lot.contains,
        checked=lot.checked,
        kitchen_needed=lot.kitchen_needed,
        tags=lot.tags,
    )


def changes(old: Goods, new: Goods) -> tuple[str, ...]:
    """What differs between two tellings of a lot, each as `field: old -> new`."""
    return tuple(
        f"{name}: {_words(getattr(old, name))} -> {_words(getattr(new, name))}"
        for name in (field.name for field in fields(Goods))
        if getattr(old, name) != getattr(new, name)
    )


def _words(value: object) -> str:
    """A value of a lot for people; sets in a stable order."""
    if isinstance(value, frozenset):
        return ";".join(sorted(map(str, value))) or "-"
    return "-" if value is None else str(value)
