"""How the judge words a finding: where, expected, found, difference."""

from __future__ import annotations

from fractions import Fraction

from logistics.judge.codes import CODES
from logistics.model.errors import Finding
from logistics.model.units import clock, day_of

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def finding(code: str, message: str, *ids: str) -> Finding:
    """A finding about the plan under a registered code."""
    return Finding(CODES[code].code, message, file="plan.json", ids=ids)


def show(value: object) -> str:
    """A value as text; Python refuses to print integers of thousands of digits, so those are named."""
    try:
        return str(value)
    except ValueError:
        return "a number of thousands of digits"


def day_name(day: int) -> str:
    """`Tue` for a day of this week, `day 9` for one outside it."""
    return _DAYS[day] if 0 <= day < len(_DAYS) else f"day {show(day)}"


def when(seconds: int) -> str:
    """A moment of the week: `Tue 09:30`, with seconds where they are not zero."""
    odd = seconds % 60
    return f"{day_name(day_of(seconds))} {clock(seconds)}" + (f":{odd:02d}" if odd else "")


def differs(what: str, expected: int | Fraction, found: int | Fraction) -> str:
    """`Lot L7: expected 44, found 40 (4 missing)`."""
    gap = found - expected
    side = "too many" if gap > 0 else "missing"
    return f"{what}: expected {show(expected)}, found {show(found)} ({show(abs(gap))} {side})"


def exceeds(what: str, most: int | Fraction, found: int | Fraction, unit: str) -> str:
    """`Lot L7: at most 44 units, found 48 (4 too many)`."""
    return (
        f"{what}: at most {show(most)} {unit}, found {show(found)} ({show(found - most)} too many)"
    )
