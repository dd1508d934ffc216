"""Findings about a bare routing instance: file, row, section or column, found, how to fix it.

Rows are lines of the file as an editor counts them, from 1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from logistics.intake.report import Language, Report
from logistics.intake.shares_report import LISTED_MAX, printable

LARGEST = 10**12
"""No number of an instance may be larger: beyond it, millionths no longer fit into 64 bits."""

PLACES_MAX = 30
"""Places after the decimal point; programs print coordinates with up to 17 digits."""

LENGTH_MAX = 60
"""Characters of a number."""

Number = int | Fraction

_WHOLE = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


class RoutingReport(Report):
    """Collects findings about one file in the order in which they are met."""

    def __init__(self, file: str, language: Language = "en") -> None:
        super().__init__(language, texts="routing")
        self.file = printable(file)
        self._met: Counter[tuple[str, str]] = Counter()

    def note(
        self, code: str, row: int | None, column: str, value: object = "", **words: object
    ) -> None:
        """Add a finding, unless enough of its kind about this column are listed already."""
        shown = printable(column)
        kind = (code, shown)
        self._met[kind] += 1
        if self._met[kind] <= LISTED_MAX:
            self.add(code, self.file, row, shown, printable(value), **words)

    def count_unlisted(self) -> None:
        """Say how many findings of each kind were met beyond those listed."""
        for (code, column), met in self._met.items():
            if met > LISTED_MAX:
                self.add("more_of_these", self.file, None, column, n=met - LISTED_MAX, kind=code)

    def number(self, token: str, row: int, column: str, *, negative: bool = False) -> Number | None:
        """The exact number that a token says; `None` with a finding."""
        value = _exact(token)
        if value is None:
            self.note("not_number", row, column, token)
        elif isinstance(value, str):
            self.note(value, row, column, token, largest=f"{LARGEST:,}", places=PLACES_MAX)
        elif value < 0 and not negative:
            self.note("negative", row, column, token)
        else:
            return value
        return None

    def whole(self, token: str, row: int, column: str, *, least: int = 0) -> int | None:
        """The whole number that a token says, not below `least`; `None` with a finding."""
        value = self.number(token, row, column, negative=True)
        if value is None:
            return None
        if not isinstance(value, int) or value < least:
            self.note("not_whole", row, column, token, least=least)
            return None
        return value


def _exact(token: str) -> Number | str | None:
    """A number, the code of what is wrong with its size, or `None` if it is none."""
    if len(token) > LENGTH_MAX:
        return "too_large" if _WHOLE.fullmatch(token) else None
    if _WHOLE.fullmatch(token):
        whole = int(token)
        return whole if abs(whole) <= LARGEST else "too_large"
    if not _DECIMAL.fullmatch(token):
        return None
    decimal = Decimal(token)
    if decimal.adjusted() > PLACES_MAX or abs(decimal) > LARGEST:
        return "too_large"
    exponent = decimal.as_tuple().exponent
    if not decimal:
        return 0
    if isinstance(exponent, int) and exponent < -PLACES_MAX:
        return "too_fine"
    exact = Fraction(decimal)
    return exact.numerator if exact.denominator == 1 else exact


def few(numbers: Iterable[int], most: int = 5) -> str:
    """The first of some numbers, joined; an ellipsis stands for the others."""
    shown: list[str] = []
    for number in numbers:
        if len(shown) == most:
            return ", ".join(shown) + ", …"
        shown.append(str(number))
    return ", ".join(shown)
