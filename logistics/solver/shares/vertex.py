"""A plan in exact fractions from the basis of a linear program."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from logistics.model.shares import Shares
from logistics.solver.shares.program import ClassProgram, Matrix
from logistics.solver.shares.rational import solved


def amounts_of(
    shares: Shares,
    matrix: Matrix,
    program: ClassProgram,
    asked: Sequence[Fraction],
    seconds: float,
) -> list[Fraction] | None:
    """Amounts of all pairs that give each class exactly what is asked; None if no vertex is found."""
    sizes = shares.sizes()
    rows = _rows(matrix, len(asked), len(shares.lot_ids), len(sizes))
    vertex = program.vertex([float(amount) for amount in asked], seconds)
    if vertex is None:
        return None
    right = [*asked, *(Fraction(size) for size in sizes)]
    chosen = set(vertex.columns)
    square = [{j: 1 for j in rows[r] if j in chosen} for r in vertex.rows]
    found = solved(square, [right[r] for r in vertex.rows])
    if found is None:
        return None
    amounts = [found.get(j, Fraction(0)) for j in range(len(matrix.lot))]
    return amounts if _kept(rows, amounts, right, len(asked)) else None


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
