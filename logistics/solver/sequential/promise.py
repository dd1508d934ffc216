"""A promise before donations are known: the share that every household gets, and how surely.

It rests on past weeks alone and on no distribution. If this week is like the past ones (their order
could as well have been another), its lowest fill is below the k-th lowest of n past weeks with a
probability of at most k / (n + 1); this is the order-statistic bound behind conformal prediction
(V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World", 2005).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from logistics.model.errors import require
from logistics.model.people import HistoryWeek


@dataclass(frozen=True, slots=True)
class Promise:
    """Every household receives at least `level` of what it wants, with probability >= `confidence`.

    `confidence` is what `weeks` past weeks support, at least what was asked for.
    """

    level: Fraction
    confidence: Fraction
    weeks: int


def lowest_fills(history: Iterable[HistoryWeek]) -> tuple[Fraction, ...]:
    """The lowest received / wanted of any household in each past week, oldest first, at most 1.

    It is what really reached the worst-off, so it holds allergies, packs and drives as well as supply.
    """
    lowest: dict[date, Fraction] = {}
    for week in history:
        if week.meals_wanted > 0:
            fill = min(Fraction(1), week.meals_received / week.meals_wanted)
            lowest[week.week_start] = min(fill, lowest.get(week.week_start, fill))
    return tuple(lowest[start] for start in sorted(lowest))


def promise(fills: Sequence[Fraction], confidence: Fraction) -> Promise:
    """The highest level that past weeks support with this confidence.

    It is the k-th lowest fill, k = floor((1 - confidence) * (weeks + 1)), which holds with
    probability 1 - k / (weeks + 1). A year that changes (more households, a donor lost) breaks the
    assumption; then only weeks since the change may be given.

    Raises:
        InvalidFact: if confidence is not within (0, 1), or too few weeks are known for it.
    """
    require(
        0 < confidence < 1, f"a promise's confidence must lie between 0 and 1, got {confidence}"
    )
    weeks = len(fills)
    require(weeks >= 1, "a promise needs one past week or more, got none")
    rank = min(int((1 - confidence) * (weeks + 1)), weeks)
    require(
        rank >= 1,
        f"{weeks} past weeks support a confidence of at most {weeks}/{weeks + 1}, got {confidence}",
    )
    return Promise(sorted(fills)[rank - 1], 1 - Fraction(rank, weeks + 1), weeks)
