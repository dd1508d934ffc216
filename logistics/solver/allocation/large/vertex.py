"""A first plan of whole packs near a target: a vertex of the split packs, rounded down.

A vertex has no more split packs than rows that bind, so that most of its packs are whole. Only options
that the relaxation over classes had in its program are looked at, and every household is assigned to
the sessions for which that relaxation has most for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_array, coo_array, csr_array, eye_array

from logistics.solver.allocation.large.arrays import Arrays, Floats, Ints
from logistics.solver.allocation.quiet import hushed

WHOLE = 1e-6
"""A value this near to a whole number is whole."""


def vertex(
    arrays: Arrays, target: Ints, useful: NDArray[np.bool_], split: Floats, seconds: float
) -> Floats | None:
    """Split packs, flags whole, that leave least of the target short; None if time ran out.

    Args:
        arrays: the shape.
        target: grains wanted for each need.
        useful: which options are worth a look.
        split: an estimate of each option's packs, by which sessions are chosen.
        seconds: limit of the linear program.
    """
    gates = _gates(arrays)
    value = np.zeros(arrays.matrix.shape[1])
    value[arrays.options :] = _seated(arrays, gates, split * arrays.grains)
    closed = np.zeros(arrays.options, dtype=bool)
    closed[gates.row[value[arrays.options + gates.col] == 0]] = True
    columns = np.flatnonzero(useful & ~closed)
    count, needs = len(columns), len(target)
    room, spare = arrays.upper - arrays.matrix @ value, arrays.matrix @ value - arrays.lower
    rows = arrays.matrix[:, columns]
    above = np.flatnonzero((np.diff(rows.indptr) > 0) & np.isfinite(room))
    below = np.flatnonzero((np.diff(rows.indptr) > 0) & np.isfinite(spare))
    of_need = arrays.owner[columns]
    meals = coo_array((-arrays.grains[columns], (of_need, np.arange(count))), (needs, count))
    blocks = [[rows[above], None], [-rows[below], None], [meals, -eye_array(needs)]]
    with hushed():
        result = linprog(
            np.concatenate([np.zeros(count), np.ones(needs)]),
            A_ub=block_array([block for block in blocks if block[0].shape[0]], format="csc"),
            b_ub=np.concatenate([room[above], spare[below], -target]),
            bounds=[*((0, most) for most in arrays.most[columns].tolist()), *([(0, None)] * needs)],
            method="highs-ipm",  # ends at a vertex, too, by crossover
            options={"time_limit": max(0.1, seconds)},
        )
    if result.status != 0:
        return None
    value[columns] = result.x[:count]
    return value


def rounded(value: Floats) -> tuple[Ints, Ints]:
    """A vertex rounded down, and the variables that lose something by it."""
    whole = np.floor(value + WHOLE).astype(np.int64)
    return whole, np.flatnonzero(value - whole > WHOLE)


def _gates(arrays: Arrays) -> coo_array:
    """Which option (row) gives nothing without which flag (column): rows x <= most x flag."""
    flags = arrays.matrix[:, arrays.options :].tocoo()
    gate = np.flatnonzero(flags.data < 0)
    packs = arrays.matrix[flags.row[gate], : arrays.options].tocoo()
    ones = np.ones(len(packs.col), dtype=np.int64)
    return coo_array(
        (ones, (packs.col, flags.col[gate][packs.row])), (arrays.options, flags.shape[1])
    )


def _seated(arrays: Arrays, gates: coo_array, worth: Floats) -> Ints:
    """Flags set one after another while the rows of flags alone are kept.

    Who can come to one session only is seated before those who have a choice; then most worth first.
    """
    flags = arrays.matrix[:, arrays.options :]
    alone = np.diff(arrays.matrix[:, : arrays.options].tocsr().indptr) == 0
    rows = csr_array(flags.multiply(alone[:, None])).tocsc()
    total = np.zeros(rows.shape[0])
    found = np.zeros(rows.shape[1], dtype=np.int64)
    owner = arrays.owner[arrays.options :]
    choice = np.bincount(owner, minlength=len(arrays.wanted))[owner]
    behind = np.bincount(gates.col, worth[gates.row], len(owner))
    for flag in np.lexsort((-behind, choice)).tolist():
        own = slice(rows.indptr[flag], rows.indptr[flag + 1])
        after = total[rows.indices[own]] + rows.data[own]
        if (after <= arrays.upper[rows.indices[own]]).all():
            total[rows.indices[own]] = after
            found[flag] = 1
    return found
