"""Means with Student's t intervals, without a statistics library: the finite series is exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan, cos, pi, sin, sqrt, tan
from statistics import fmean, stdev

CONFIDENCE = 0.95
_HALVINGS = 60
"""Halvings of a quarter turn: the angle is then exact to the last bits of a float."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` values and its interval; with fewer than two values there is no interval."""

    n: int
    mean: float | None
    low: float | None
    high: float | None


def t_coverage(t: float, df: int) -> float:
    """Probability that |T| <= t for Student's t with `df` degrees of freedom, t >= 0.

    Finite sums over theta = atan(t / sqrt(df)): Abramowitz and Stegun, Handbook of Mathematical
    Functions, 26.7.3 (odd df) and 26.7.4 (even df).
    """
    return _coverage(atan(t / sqrt(df)), df)


def _coverage(theta: float, df: int) -> float:
    first = 2 if df % 2 else 1
    term = cos(theta) if df % 2 else 1.0
    total = term if df > 1 else 0.0
    for k in range(first, df - 1, 2):
        term *= cos(theta) ** 2 * k / (k + 1)
        total += term
    return 2 / pi * (theta + sin(theta) * total) if df % 2 else sin(theta) * total


@lru_cache(maxsize=256)
def t_quantile(df: int, confidence: float = CONFIDENCE) -> float:
    """The t with P(|T| <= t) = confidence, found by halving the angle; e.g. 12.706 for df = 1.

    Raises:
        ValueError: if df is below 1 or the confidence not between 0 and 1.
    """
    if df < 1 or not 0 < confidence < 1:
        raise ValueError(f"expected df >= 1 and 0 < confidence < 1, got {df} and {confidence}")
    low, high = 0.0, pi / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _coverage(middle, df) < confidence:
            low = middle
        else:
            high = middle
    return sqrt(df) * tan((low + high) / 2)


def estimate(values: Sequence[float], confidence: float = CONFIDENCE) -> Estimate:
    """Mean and t interval: mean +- t(n - 1) * standard deviation / sqrt(n)."""
    n = len(values)
    if n == 0:
        return Estimate(0, None, None, None)
    mean = fmean(values)
    if n == 1:
        return Estimate(1, mean, None, None)
    half = t_quantile(n - 1, confidence) * stdev(values) / sqrt(n)
    return Estimate(n, mean, mean - half, mean + half)
