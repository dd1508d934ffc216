"""Cells: from text as people type it to exact values, or a reason why not.

Each function takes a cell and returns its value or raises `PydanticCustomError` whose type is the
code of a finding and whose context fills its text. Blank cells never get here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from pydantic_core import PydanticCustomError

from logistics.intake.vocabulary import fold, plain, values
from logistics.model.goods import last_day_of_month
from logistics.model.units import DAY_S, HOUR_S, KG_G, MINUTE_S

LARGEST = 10**9
"""Larger counts are typing mistakes, and would overflow the solvers' 64-bit sums."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SEPARATOR = re.compile(r"[;；、]")
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d{1,30})(\.\d{1,30})?([eE][+-]?\d{1,2})?", re.ASCII)
_RATIO = re.compile(r"([+-]?\d{1,18})/(\d{1,18})", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(s?nan|inf|infinity|∞)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?", re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?::(\d{2})(?::00)?|時(?:(\d{1,2})分)?)", re.ASCII)
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00)?$")
_FIRST_YEAR, _LAST_YEAR = 1990, 2199

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class LabelDate:
    """The date on a label: its last good day, and whether only year and month were printed."""

    day: date
    month_only: bool = False


def reject(code: str, **words: object) -> PydanticCustomError:
    """The error that becomes a finding with this code."""
    return PydanticCustomError(code, "{code}", {"code": code, **words})


def text(value: object) -> str:
    """Text as written, on one line."""
    if not isinstance(value, str):
        raise reject("wrong_type")
    if _CONTROL.search(value):
        raise reject("bad_character")
    return value.strip()


def identifier(value: object) -> str:
    """An identifier in compatibility form: `Ｈ０１` is `H01`."""
    found = plain(text(value))
    if not found or _SEPARATOR.search(found) or len(found) > 64:
        raise reject("bad_id")
    return found


def items(value: object) -> tuple[str, ...]:
    """Distinct parts of a list cell (separated by `;`, `；` or `、`), in order."""
    parts = (part.strip() for part in _SEPARATOR.split(plain(text(value))))
    return tuple(dict.fromkeys(part for part in parts if part))


def identifiers(value: object) -> tuple[str, ...]:
    """A list of identifiers."""
    return tuple(identifier(part) for part in items(value))


@lru_cache(maxsize=4096)
def _number(found: str) -> Fraction | None:
    """The number a text says, exactly: an integer, a decimal or a ratio; `None` if it is none."""
    if found.isascii() and found.isdigit() and len(found) <= 18:
        return Fraction(int(found))
    ratio = _RATIO.fullmatch(found)
    if ratio:
        return Fraction(int(ratio[1]), int(ratio[2])) if int(ratio[2]) else None
    return Fraction(Decimal(found.replace(",", ""))) if _NUMBER.fullmatch(found) else None


def exact(
    minimum: int | None = None,
    above: int | None = None,
    maximum: int = LARGEST,
    finest: int | None = None,
) -> Callable[[object], Fraction]:
    """Reader of exact numbers within bounds; `above` excludes the bound itself.

    With `finest` only whole multiples of 1 / finest are read: planning counts in a common fraction of
    all of them, which must not grow without limit.
    """

    @lru_cache(maxsize=4096)
    def wrong(number: Fraction) -> tuple[str, int] | None:
        if minimum is not None and number < minimum:
            return "below_minimum", minimum
        if above is not None and number <= above:
            return "not_above", above
        return ("above_maximum", maximum) if number > maximum else None

    def read(value: object) -> Fraction:
        found = plain(text(value)).replace("−", "-")
        number = _number(found)
        if number is None:
            raise reject("not_finite" if _NOT_FINITE.fullmatch(found) else "not_a_number")
        problem = wrong(number)
        if problem:
            raise reject(problem[0], bound=problem[1])
        if finest is not None and finest % number.denominator:
            raise reject("too_fine", bound=finest)
        return number

    return read


def whole(minimum: int = 0, maximum: int = LARGEST) -> Callable[[object], int]:
    """Reader of whole numbers within bounds."""
    within = exact(minimum=minimum, maximum=maximum)

    def read(value: object) -> int:
        number = within(value)
        if number.denominator != 1:
            raise reject("not_whole")
        return number.numerator

    return read


def grams(value: object) -> int:
    """Kilograms as whole grams."""
    mass_g = exact(minimum=0)(value) * KG_G
    if mass_g.denominator != 1:
        raise reject("not_whole_grams")
    return mass_g.numerator


def seconds(unit_s: int) -> Callable[[object], int]:
    """Reader of durations given in a unit (minutes, hours), as seconds rounded down."""
    within = exact(minimum=0, maximum=LARGEST // unit_s)

    def read(value: object) -> int:
        return int(within(value) * unit_s)

    return read


def degrees(value: object) -> float:
    """A coordinate in degrees; its range is checked where latitude and longitude meet."""
    return float(exact(minimum=-LARGEST)(value))


@lru_cache(maxsize=4096)
def _day(found: str) -> date | None:
    """The date a text says, or `None` if there is no such date."""
    match = _DATE.fullmatch(found)
    if not match or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def day(value: object) -> date:
    """A date: `2026-11-23`, `2026/11/23`, `2026年11月23日`; a spreadsheet's midnight is dropped."""
    found = _day(_MIDNIGHT.sub("", plain(text(value))))
    if found is None:
        raise reject("not_a_date")
    return found


def days(value: object) -> tuple[date, ...]:
    """A list of dates."""
    return tuple(day(part) for part in items(value))


def label_date(value: object) -> LabelDate:
    """A date, or a year and month, which means the last day of that month."""
    found = _MIDNIGHT.sub("", plain(text(value)))
    full = _day(found)
    if full is not None:
        return LabelDate(full)
    match = _MONTH.fullmatch(found)
    if not match or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR or not 1 <= int(match[2]) <= 12:
        raise reject("not_a_label_date")
    return LabelDate(last_day_of_month(int(match[1]), int(match[2])), month_only=True)


@lru_cache(maxsize=4096)
def _clock_s(found: str) -> int | None:
    """Seconds after midnight of a text such as `9:30`, or `None` if there is no such time."""
    match = _TIME.fullmatch(found)
    if not match:
        return None
    minutes = int(match[2] or match[3] or 0)
    moment_s = int(match[1]) * HOUR_S + minutes * MINUTE_S
    return moment_s if minutes < 60 and moment_s <= DAY_S else None


def clock_s(value: object) -> int:
    """A time of day in seconds after midnight: `09:30`, `9:30`, `9時30分`, up to `24:00`."""
    found = _clock_s(plain(text(value)))
    if found is None:
        raise reject("not_a_time")
    return found


def moment(value: object) -> datetime:
    """A date with a time: `2026-11-23T09:30`, with a space or a `T` between."""
    head, _, tail = plain(text(value)).replace("T", " ").partition(" ")
    found, clock = _day(head), _clock_s(tail.strip())
    if found is None or clock is None:
        raise reject("not_a_moment")
    return datetime.combine(found, time()) + timedelta(seconds=clock)


def one_of(kind: type[E]) -> Callable[[object], E]:
    """Reader of one word of a vocabulary, in English or Japanese."""

    def read(value: object) -> E:
        found = values(kind.__name__).get(fold(text(value)))
        if found is None:
            raise reject("not_in_vocabulary", wrong=value, allowed=", ".join(kind))
        return kind(found)

    return read


def some_of(kind: type[E]) -> Callable[[object], frozenset[E]]:
    """Reader of a list of words of a vocabulary."""

    def read(value: object) -> frozenset[E]:
        known = values(kind.__name__)
        parts = items(value)
        wrong = [part for part in parts if fold(part) not in known]
        if wrong:
            raise reject("not_in_vocabulary", wrong=", ".join(wrong), allowed=", ".join(kind))
        return frozenset(kind(known[fold(part)]) for part in parts)

    return read
