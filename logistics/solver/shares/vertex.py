"""A plan in exact fractions from the basis of a linear program."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from logistics.model.shares import Shares
from logistics.solver.shares.program import ClassProgram, Matrix
from logistics.solver.shares.rational import solved

ROUNDED = 1 << 30
"""Where no exact vertex is found, amounts are rounded down to this part of a grain."""


def amounts_of(
    shares: Shares,
    matrix: Matrix,
    program: ClassProgram,
    asked: Sequence[Fraction],
    seconds: float,
) -> tuple[list[Fraction], bool]:
    """Amounts of all pairs that give each class what is asked, and whether they do so exactly.

    If not, the floating-point plan is rounded down until every lot and capacity is kept.
    """
    sizes = [shares.usable(lot) for lot in range(len(shares.lot_ids))]
    sizes += [capacity.grains for capacity in shares.capacities]
    rows = _rows(matrix, len(asked), len(shares.lot_ids), len(sizes))
    vertex = program.vertex([float(amount) for amount in asked], seconds)
    if vertex is None:
        return [Fraction(0)] * len(matrix.lot), False
    right = [*asked, *(Fraction(size) for size in sizes)]
    chosen = set(vertex.columns)
    square = [{j: 1 for j in rows[r] if j in chosen} for r in vertex.rows]
    found = solved(square, [right[r] for r in vertex.rows])
    if found is not None:
        amounts = [found.get(j, Fraction(0)) for j in range(len(matrix.lot))]
        if _kept(rows, amounts, right, len(asked)):
            return amounts, True
    return _rounded(rows, vertex.values, right), False


def _rows(matrix: Matrix, classes: int, lots: int, sizes: int) -> list[list[int]]:
    """Pairs in each row: classes, then lots, then capacities."""
    rows: list[list[int]] = [[] for _ in range(classes + sizes)]
    for j, (c, lot) in enumerate(zip(matrix.of_class.tolist(), matrix.lot.tolist(), strict=True)):
        rows[c].append(j)
        rows[classes + lot].append(j)
    for k, j in zip(matrix.capacity.tolist(), matrix.pair.tolist(), strict=True):
        rows[classes + lots + k].append(j)
    return rows


def _kept(
    rows: Sequence[Sequence[int]],
    amounts: Sequence[Fraction],
    right: Sequence[Fraction],
    classes: int,
) -> bool:
    if any(amount < 0 for amount in amounts):
        return False
    totals = [sum((amounts[j] for j in row), Fraction(0)) for row in rows]
    return totals[:classes] == list(right[:classes]) and all(
        total <= most for total, most in zip(totals[classes:], right[classes:], strict=True)
    )


def _rounded(
    rows: Sequence[Sequence[int]],
    values: Sequence[float],
    right: Sequence[Fraction],
) -> list[Fraction]:
    """Rounded down, then taken back wherever a row still holds too much."""
    amounts = [Fraction(int(max(0.0, v) * ROUNDED), ROUNDED) for v in values]
    for row, most in zip(rows, right, strict=True):
        over = sum((amounts[j] for j in row), Fraction(0)) - most
        for j in row:
            if over <= 0:
                break
            taken = min(over, amounts[j])
            amounts[j] -= taken
            over -= taken
    return amounts
