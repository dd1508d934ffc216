"""Goods: a lot is one donation of one item with one date and one set of allergens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from logistics.model.errors import require
from logistics.model.units import FoodGroup, Kitchen, Label, Storage, Tag


@dataclass(frozen=True, slots=True)
class Lot:
    """A number of equal units of one item.

    `site_id` is where the lot is now: at a donor's site it is an offer to collect, at a hub or
    satellite it is stock. `last_day` is the label's date (a year-month already turned into the last
    day of that month) or, with label `none`, the good-until estimate. `ready_s` and `collect_by_s`
    are seconds of the week and may lie before it. `contains` are the allergen codes declared
    present, `checked` the codes that were examined: a code is *absent* only if it is checked and not
    contained, otherwise *unknown*.
    """

    id: str
    site_id: str
    org_id: str
    item: str
    food_group: FoodGroup
    storage: Storage
    units: int
    unit_g: int
    unit_meals: Fraction
    pack: int = 1
    hold_units: int = 0
    label: Label = Label.NONE
    last_day: date | None = None
    made_on: date | None = None
    ready_s: int | None = None
    collect_by_s: int | None = None
    fresh_s: int | None = None
    contains: frozenset[str] = frozenset()
    checked: frozenset[str] = frozenset()
    kitchen_needed: Kitchen = Kitchen.NONE
    tags: frozenset[Tag] = frozenset()

    def __post_init__(self) -> None:
        require(self.units >= 0, f"Lot {self.id}: units must be >= 0, got {self.units}")
        require(
            0 <= self.hold_units <= self.units,
            f"Lot {self.id}: hold_units must be within 0..{self.units}, got {self.hold_units}",
        )
        require(self.unit_g > 0, f"Lot {self.id}: unit_g must be > 0, got {self.unit_g}")
        require(
            self.unit_meals > 0, f"Lot {self.id}: unit_meals must be > 0, got {self.unit_meals}"
        )
        require(self.pack >= 1, f"Lot {self.id}: pack must be >= 1, got {self.pack}")
        require(
            self.label is Label.NONE or self.last_day is not None,
            f"Lot {self.id}: label {self.label} needs a date, got none",
        )
        require(
            self.fresh_s is None or self.ready_s is not None,
            f"Lot {self.id}: hours_max needs ready_at, got none",
        )

    @property
    def free_units(self) -> int:
        """Units that may be given: all less those on hold."""
        return self.units - self.hold_units

    @property
    def pack_meals(self) -> Fraction:
        """Meals in one pack, the smallest amount that moves."""
        return self.unit_meals * self.pack

    @property
    def is_cooked(self) -> bool:
        """Cooked meals carry a longest time from ready to hand-over (`fresh_s`, seconds)."""
        return self.fresh_s is not None

    @property
    def eat_by_s(self) -> int | None:
        """Latest hand-over of a cooked meal, in seconds of the week; `None` for other goods."""
        if self.fresh_s is None or self.ready_s is None:
            return None
        return self.ready_s + self.fresh_s


@dataclass(frozen=True, slots=True)
class Allergen:
    """An allergen and since when it belongs to the lists for labels.

    `listed_from` is the first day of manufacture for which a statement "all codes checked" covers
    this code; `None` means it always did (the cautious date is the end of a transition).
    `mandatory_from` is the day from which a label must declare it, `None` if it only should.
    """

    code: str
    name_ja: str
    name_en: str
    listed_from: date | None = None
    mandatory_from: date | None = None


def last_day_of_month(year: int, month: int) -> date:
    """Last calendar day of a month, which is what a year-month label means."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def codes_covered_by_all(allergens: Mapping[str, Allergen], made_on: date | None) -> frozenset[str]:
    """Allergen codes that "all" covers for goods made on a day (unknown day: only the oldest list)."""
    return frozenset(
        code
        for code, allergen in allergens.items()
        if allergen.listed_from is None or (made_on is not None and made_on >= allergen.listed_from)
    )
