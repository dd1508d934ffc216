"""Units, clock and the closed vocabularies of the week.

Masses are integer grams (`_g`), distances integer metres (`_m`), times integer seconds (`_s`) after
the local midnight that begins the week's Monday, meals exact fractions (`_meals`). Day 0 is Monday.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction

DAY_S = 86_400
HOUR_S = 3_600
MINUTE_S = 60
WEEK_DAYS = 7
KG_G = 1_000
EXACT_LENGTH_MAX = 100
"""Longest text read as a number; with no exponents, nobody can write a number that fills memory."""


class Storage(StrEnum):
    """Storage class of goods, sites and vehicle compartments."""

    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


class FoodGroup(StrEnum):
    """Food group of a lot."""

    MEAL = "meal"
    STAPLE = "staple"
    PROTEIN = "protein"
    PRODUCE = "produce"
    DAIRY = "dairy"
    OTHER = "other"


class Label(StrEnum):
    """Kind of date on the label."""

    USE_BY = "use_by"
    BEST_BEFORE = "best_before"
    NONE = "none"


class Kitchen(StrEnum):
    """Cooking means, of a household or needed by a lot."""

    NONE = "none"
    MICROWAVE = "microwave"
    FULL = "full"

    @property
    def rank(self) -> int:
        """0 none, 1 microwave, 2 full: a kitchen serves every need of its rank or lower."""
        return list(Kitchen).index(self)


class Cold(StrEnum):
    """Cold storage at home."""

    NONE = "none"
    FRIDGE = "fridge"
    FREEZER = "freezer"

    def keeps(self, storage: Storage) -> bool:
        """Whether goods of this storage class can be kept at home."""
        needed = {Storage.AMBIENT: 0, Storage.CHILLED: 1, Storage.FROZEN: 2}[storage]
        return list(Cold).index(self) >= needed


class Channel(StrEnum):
    """How a household receives: it comes to a session, or it is visited."""

    PICKUP = "pickup"
    DELIVERY = "delivery"


class Diet(StrEnum):
    """Diets a household may keep."""

    HALAL = "halal"
    NO_PORK = "no_pork"
    VEGETARIAN = "vegetarian"
    VEGAN = "vegan"
    NO_ALCOHOL = "no_alcohol"
    SOFT = "soft"


class Tag(StrEnum):
    """What a lot is declared to be or to contain."""

    HALAL = "halal"
    VEGAN = "vegan"
    VEGETARIAN = "vegetarian"
    CONTAINS_PORK = "contains_pork"
    CONTAINS_ALCOHOL = "contains_alcohol"
    SOFT = "soft"


class SiteKind(StrEnum):
    """Role of a site."""

    HUB = "hub"
    SATELLITE = "satellite"
    DONOR = "donor"


class Sector(StrEnum):
    """Sector of an organisation."""

    CIVIC = "civic"
    COMPANY = "company"
    FARM = "farm"
    SCHOOL = "school"
    RELIGIOUS = "religious"
    MEDICAL = "medical"
    INDIVIDUAL = "individual"
    PUBLIC = "public"


class PinKind(StrEnum):
    """What a coordinator's pin demands."""

    FIX = "fix"
    FORBID = "forbid"
    AT_LEAST = "at_least"


def day_of(seconds: int) -> int:
    """Day number (0 Monday) in which a moment of the week lies."""
    return seconds // DAY_S


def date_of(week_start: date, day: int) -> date:
    """Calendar date of a day number."""
    return week_start + timedelta(days=day)


def day_number(week_start: date, day: date) -> int:
    """Day number of a calendar date, negative before the week."""
    return (day - week_start).days


def seconds_of(week_start: date, moment: datetime) -> int:
    """Seconds from the week's midnight to a local moment; minutes are the finest unit read."""
    return int((moment - datetime.combine(week_start, time())).total_seconds())


def clock(seconds: int) -> str:
    """`HH:MM` of a moment, within its own day, rounded down to the minute."""
    within = seconds % DAY_S
    return f"{within // HOUR_S:02d}:{within % HOUR_S // MINUTE_S:02d}"


def kg_text(grams: int) -> str:
    """Grams as kilograms for people: `12.5`."""
    return f"{grams / KG_G:.1f}"


def meals_text(meals: Fraction) -> str:
    """Meals for people: `13`, `13.5`, and a fraction only where no short decimal is exact."""
    thousandths = meals * 1000
    return f"{float(meals):g}" if thousandths.denominator == 1 else str(meals)


def exact_json(value: Fraction) -> int | str:
    """An exact number for JSON: an integer when it is one, else a string such as `"3/4"`."""
    return value.numerator if value.denominator == 1 else str(value)


def exact(value: int | str | Fraction) -> Fraction:
    """Read an exact number written as an integer, a decimal or a fraction (`3`, `"0.5"`, `"3/4"`).

    Raises:
        ValueError: if the text is no finite number.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str, Fraction)):
        raise ValueError(f"expected an exact number, got {value!r}")
    if isinstance(value, str) and (len(value) > EXACT_LENGTH_MAX or "e" in value.lower()):
        raise ValueError(f"expected a plain number of at most {EXACT_LENGTH_MAX} characters")
    return Fraction(value)


def ceil_of(value: Fraction) -> int:
    """Smallest integer not below an exact number."""
    return -((-value.numerator) // value.denominator)
