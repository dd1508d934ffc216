"""Columns of exact numbers: from what a file holds to whole numbers over one common denominator.

Whole columns of plain integers or short decimals go through arrays; anything else is read value by
value, each distinct text once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, Any, cast

from logistics.intake.shares_report import Place, ShareReport
from logistics.model.shares import Column
from logistics.model.units import EXACT_LENGTH_MAX

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

INT64_MAX = 2**63 - 1
FLOAT_WHOLE_MAX = 2**53
"""Beyond this, neighbouring whole numbers are the same binary floating-point number."""

WHOLE_DIGITS_MAX = 200
"""Of quantities in grains and of common denominators: finer or larger ones would fill memory, and
products of two would be beyond binary floating point."""

WEIGHT_DIGITS_MAX = 100
"""Of weights in their common fraction: a wish times its weight stays within floating point, too."""

SHORT_ABOVE: int = -(10 ** (EXACT_LENGTH_MAX - 1))
SHORT_BELOW: int = 10**EXACT_LENGTH_MAX
"""Whole numbers between these are written in no more characters than any number may have."""

ABSENT = object()
"""Stands where a field is missing, which was said already."""

_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_RATIO = re.compile(r"([+-]?[0-9]+)/([0-9]*[1-9][0-9]*)")
_INTEGERS = r"^[+-]?[0-9]{1,18}$"
_SHORT_DECIMALS = r"^[+-]?[0-9]{1,9}(\.[0-9]{1,9})?$"
_SHORT_PLACES = 9


@dataclass(frozen=True, slots=True)
class Exact:
    """A column: value *i* is `numbers[i] / per_one`; `per_one` is as small as can be."""

    numbers: Column
    per_one: int = 1

    def fraction(self, index: int) -> Fraction:
        """One value."""
        return Fraction(int(self.numbers[index]), self.per_one)

    def times(self, factor: int) -> Column:
        """Every value times a multiple of `per_one`: whole numbers, in 64 bits if they fit."""
        scale = factor // self.per_one
        if scale == 1:
            return self.numbers
        if isinstance(self.numbers, list):
            return [number * scale for number in self.numbers]
        array = cast("np.ndarray[Any, np.dtype[np.int64]]", self.numbers)
        largest = max(int(array.max(initial=0)), -int(array.min(initial=0)))
        if largest * scale <= INT64_MAX:
            return cast(Column, array * scale)
        return [number * scale for number in array.tolist()]


def number_in(value: object) -> Fraction | None:
    """The exact number that an integer, a decimal or a fraction as text says; `None` if none."""
    if type(value) is int:
        return Fraction(value) if is_short(value) else None
    if not isinstance(value, str) or len(value) > EXACT_LENGTH_MAX:
        return None
    if _DECIMAL.fullmatch(value):
        return Fraction(value)
    ratio = _RATIO.fullmatch(value)
    return Fraction(int(ratio[1]), int(ratio[2])) if ratio else None


def is_short(whole: int) -> bool:
    """Whether a whole number has no more characters than any number may have."""
    return SHORT_ABOVE < whole < SHORT_BELOW


def exact_values(
    values: Sequence[object], place: Place, field: str, report: ShareReport
) -> Exact | None:
    """A column of JSON values; `None` if any is absent or no exact number (a finding each)."""
    if set(map(type, values)) <= {int}:
        whole = cast("list[int]", values)
        if is_short(min(whole, default=0)) and is_short(max(whole, default=0)):
            return Exact(whole)
    known: dict[object, Fraction | None] = {}
    read: list[Fraction | None] = []
    for value in values:
        key = value if type(value) is int or isinstance(value, str) else None
        if key not in known:
            known[key] = number_in(key)
        read.append(known[key])
    if None in read:
        for index, number in enumerate(read):
            if number is None and values[index] is not ABSENT:
                _not_exact(place.at(index), field, values[index], report)
        return None
    return _joined(cast("list[Fraction]", read), place, field, report)


def _not_exact(place: Place, field: str, value: object, report: ShareReport) -> None:
    report.note("not_exact", place, field, value, longest=EXACT_LENGTH_MAX)


def _joined(values: list[Fraction], place: Place, field: str, report: ShareReport) -> Exact | None:
    per_one = common_denominator((value.denominator for value in values), place, field, report)
    if per_one is None:
        return None
    return Exact([v.numerator * (per_one // v.denominator) for v in values], per_one)


def common_denominator(
    denominators: Iterable[int], place: Place, field: str, report: ShareReport
) -> int | None:
    """Least common multiple; `None` with a finding where it is beyond all use."""
    common = 1
    for denominator in set(denominators):
        common = lcm(common, denominator)
        if common >= 10**WHOLE_DIGITS_MAX:
            report.note("too_fine", place, field, digits=WHOLE_DIGITS_MAX)
            return None
    return common


def limit_digits(
    numbers: Column, digits: int, place: Place, field: str, report: ShareReport
) -> None:
    """A finding for each whole number that has more digits than that."""
    if isinstance(numbers, list):  # an array is of 64 bits
        end = 10**digits
        for index, number in enumerate(numbers):
            if number >= end:
                report.note("too_long", place.at(index), field, digits=digits)


def exact_column(
    column: pa.ChunkedArray, place: Place, field: str, report: ShareReport
) -> Exact | None:
    """A column of a table: integers, decimals, whole floats or text; `None` with findings."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if column.null_count:
        for index in pc.indices_nonzero(pc.is_null(column)).to_pylist():
            report.note("blank", place.at(index), field)
        return None
    if pa.types.is_integer(kind):
        return _integers(column)
    if pa.types.is_floating(kind):
        return _whole_floats(column, place, field, report)
    if pa.types.is_decimal(kind):
        column = pc.cast(column, pa.string())
    elif is_text(kind):
        column = pc.utf8_trim_whitespace(pc.cast(column, pa.string()))
    else:
        report.note("wrong_type", place, field, kind, expected="numbers")
        return None
    return _texts(column, place, field, report)


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds text, dictionary-encoded or not."""
    import pyarrow as pa

    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def _integers(column: pa.ChunkedArray) -> Exact:
    import numpy as np

    array = column.to_numpy()
    if array.dtype == np.uint64 and array.max(initial=0) > INT64_MAX:
        return Exact(array.tolist())
    return Exact(cast(Column, array.astype(np.int64)))


def _whole_floats(
    column: pa.ChunkedArray, place: Place, field: str, report: ShareReport
) -> Exact | None:
    """Binary floating point is taken only where it is whole, and cannot have been rounded."""
    import numpy as np

    array = column.to_numpy().astype(np.float64)
    with np.errstate(invalid="ignore"):
        wrong = ~((np.abs(array) <= FLOAT_WHOLE_MAX) & (array == np.floor(array)))
    for index in np.flatnonzero(wrong).tolist():
        report.note("inexact_column", place.at(index), field, float(array[index]))
    return None if wrong.any() else Exact(cast(Column, array.astype(np.int64)))


def _texts(column: pa.ChunkedArray, place: Place, field: str, report: ShareReport) -> Exact | None:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if pc.all(pc.match_substring_regex(column, _INTEGERS), min_count=0).as_py():
        return Exact(cast(Column, pc.cast(_unsigned(column), pa.int64()).to_numpy()))
    if pc.all(pc.match_substring_regex(column, _SHORT_DECIMALS), min_count=0).as_py():
        scaled = _scaled(column)
        common = gcd(int(np.gcd.reduce(scaled)), 10**_SHORT_PLACES)
        return Exact(cast(Column, scaled // common), 10**_SHORT_PLACES // common)
    coded = column.combine_chunks().dictionary_encode()
    codes = coded.indices.to_numpy()
    known = [number_in(text) for text in coded.dictionary.to_pylist()]
    if None in known:
        wrong = np.array([number is None for number in known])[codes]
        for index in np.flatnonzero(wrong).tolist():
            _not_exact(place.at(index), field, coded[index].as_py(), report)
        return None
    distinct = _joined(cast("list[Fraction]", known), place, field, report)
    if distinct is None:
        return None
    return Exact([distinct.numbers[code] for code in codes.tolist()], distinct.per_one)


def _unsigned(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without a plus sign, which casts do not read."""
    import pyarrow.compute as pc

    return pc.replace_substring_regex(column, r"^\+", "")


def _scaled(column: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Short decimals in units of their last place: the low 64 of the 128 bits that Arrow keeps."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    places = pa.decimal128(2 * _SHORT_PLACES, _SHORT_PLACES)
    array = pc.cast(_unsigned(column), places).combine_chunks()
    bits = np.frombuffer(array.buffers()[1], dtype="<i8")
    return bits[2 * array.offset : 2 * (array.offset + len(array)) : 2]
