"""Columns of whole numbers: machine words where they fit, Python's own integers where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logistics.model.shares import Column

Whole = NDArray[Any]
"""An array of `int64`, or of Python integers (`object`) where sums or products could overflow."""

WORD = 1 << 62
"""Sums and products below this are safe in a machine word."""

KEY_DENOMINATOR = 1 << 30
KEY_WHOLE = 4


def whole(values: Sequence[int] | Column | Whole) -> Whole:
    """A column; Python integers if its sum might not fit into a machine word."""
    if getattr(values, "dtype", None) == np.uint64:
        values = values.astype(object)  # type: ignore[union-attr]
    try:
        found = np.asarray(values, dtype=np.int64)
    except OverflowError:
        return np.array([int(v) for v in values], dtype=object)
    if len(found) and int(np.abs(found).max()) >= WORD // max(1, len(found)):
        return found.astype(object)
    return found


def most(values: Whole) -> int:
    """The largest value, 0 of none."""
    return int(values.max()) if len(values) else 0


def wide(values: Whole, factor: int) -> Whole:
    """The same column, widened if the sum of its values times a factor might not fit.

    The sum is taken in floating point, which is near enough for a limit so far below the word's end.
    """
    if values.dtype == object or float(np.abs(values).sum(dtype=float)) * max(1, factor) < WORD:
        return values
    return values.astype(object)


def product(left: Whole, right: Whole) -> Whole:
    """Products by position."""
    found: Whole = wide(left, most(right)) * right
    return found


def sums(values: Whole, starts: NDArray[np.int64]) -> Whole:
    """Sums over consecutive groups, none of them empty."""
    return np.add.reduceat(values, starts) if len(starts) else values[:0]


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions `start..start+length-1` of several ranges, one after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    offsets = np.repeat(starts - (ends - lengths), lengths)
    found: NDArray[np.int64] = np.arange(total, dtype=np.int64) + offsets
    return found


def ordered(numerators: Whole, denominators: Whole) -> NDArray[np.int64]:
    """Dense ranks of fractions: equal fractions share a rank, smaller ones come first.

    Denominators below 2**30 are compared by 60 binary digits, which tell any two such fractions
    apart; larger ones by Python's fractions.
    """
    small = (
        numerators.dtype != object
        and denominators.dtype != object
        and most(denominators) < KEY_DENOMINATOR
        and (len(numerators) == 0 or int((numerators // denominators).max()) < KEY_WHOLE)
    )
    keys = _digits(numerators, denominators) if small else _ranks(numerators, denominators)
    _, ranks = np.unique(keys, return_inverse=True)
    return ranks.astype(np.int64)


def _digits(numerators: Whole, denominators: Whole) -> Whole:
    units, rest = np.divmod(numerators, denominators)
    first, rest = np.divmod(rest << 31, denominators)
    return (units << 60) | (first << 29) | ((rest << 29) // denominators)


def _ranks(numerators: Whole, denominators: Whole) -> NDArray[np.int64]:
    from fractions import Fraction

    pairs = zip(numerators.tolist(), denominators.tolist(), strict=True)
    values = [Fraction(n, d) for n, d in pairs]
    rank = {value: k for k, value in enumerate(sorted(set(values)))}
    return np.array([rank[value] for value in values], dtype=np.int64)
