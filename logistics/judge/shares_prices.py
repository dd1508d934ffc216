"""Prices as the certificate of one level: weak duality, in whole numbers.

If for every way the prices of lot and capacities reach the household's weight, then no plan has a
greater weighted sum of receipts than the sum of prices times sizes. A plan that attains it cannot
lift a household of positive weight without lowering another; when all of those stand at this level
or lower (or receive nothing, so that they cannot fall), nobody here can rise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import index

from logistics.judge.shares_case import ShareCase, exact_sum
from logistics.judge.shares_codes import found
from logistics.judge.words import show
from logistics.model.errors import Finding
from logistics.model.shares import Prices

Whole = Mapping[int, int]


def prices_kept(case: ShareCase, position: int, proof: Prices) -> Iterator[Finding]:
    """All findings about the prices of the level at this position."""
    wrong = list(_shape(case, position, proof))
    yield from wrong
    if not wrong:
        weights = {int(h): int(w) for h, w in proof.households.items() if w}
        yield from _support_low(case, position, weights)
        yield from _ways_paid(case, position, proof, weights)
        yield from _sum_attained(case, position, proof, weights)


def _about(case: ShareCase, position: int) -> str:
    return f"Prices of level {show(case.result.levels[position].level)}"


def _shape(case: ShareCase, position: int, proof: Prices) -> Iterator[Finding]:
    """`prices_shape`: known positions, and whole numbers that are not negative."""
    for name, numbers, end in (
        ("households", proof.households, case.households),
        ("lots", proof.lots, len(case.shares.lot_ids)),
        ("capacities", proof.capacities, len(case.shares.capacities)),
    ):
        for key, value in numbers.items():
            try:
                sound = 0 <= index(key) < end and index(value) >= 0
            except TypeError:
                sound = False
            if not sound:
                yield found(
                    "prices_shape",
                    f"{_about(case, position)}, {name}: {show(key)} -> {show(value)}",
                )


def _support_low(case: ShareCase, position: int, weights: Whole) -> Iterator[Finding]:
    """`prices_support`: weight on all who are short here, and on nobody who stands higher."""
    for household in case.members[position]:
        if case.short[household] and household not in weights:
            message = f"{_about(case, position)}: {case.name(household)} is short without a weight"
            yield found("prices_support", message, case.shares.household_ids[household])
    for household in weights:
        if case.rank[household] > position and case.received[household] > 0:
            message = f"{_about(case, position)}: {case.name(household)} stands higher"
            yield found("prices_support", message, case.shares.household_ids[household])


def _ways_paid(case: ShareCase, position: int, proof: Prices, weights: Whole) -> Iterator[Finding]:
    """`prices_uncovered`: each group of equal lots and capacities pays its greatest weight."""
    ways = case.ways
    heaviest: dict[tuple[int, tuple[int, ...]], int] = {}
    for household, weight in weights.items():
        group = (case.class_of[household], ways.named(household))
        heaviest[group] = max(weight, heaviest.get(group, 0))
    for (of_class, named), weight in heaviest.items():
        for lot in case.shares.class_lots[of_class]:
            price = proof.lots.get(lot, 0)
            if price < weight:
                price += sum(proof.capacities.get(k, 0) for k in ways.over(lot, named))
            if price < weight:
                name = case.shares.lot_ids[lot]
                message = (
                    f"{_about(case, position)}: lot {name} costs {show(price)}, "
                    f"the weight is {show(weight)}"
                )
                yield found("prices_uncovered", message, name)


def _sum_attained(
    case: ShareCase, position: int, proof: Prices, weights: Whole
) -> Iterator[Finding]:
    """`prices_gap`: weighted receipts are the sum of prices times sizes."""
    parts: dict[int, int] = {}
    for household, weight in weights.items():
        scale = case.scale[household]
        parts[scale] = parts.get(scale, 0) + weight * case.received[household]
    reached = exact_sum(parts)
    most = sum(price * case.usable[lot] for lot, price in proof.lots.items()) + sum(
        price * case.shares.capacities[k].grains for k, price in proof.capacities.items()
    )
    if reached != most:
        message = (
            f"{_about(case, position)}: {case.meals(most)} can be reached, "
            f"{case.meals(reached)} are"
        )
        yield found("prices_gap", message)
