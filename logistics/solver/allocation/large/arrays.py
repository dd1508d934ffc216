"""A shape as sparse arrays: its rows, and the relaxation in which alike households share their packs.

Households with the same options (lots, sessions, rows, coefficients) form a class. With packs that may
be split, only what a class takes of each lot matters, and how many grains of each bucket (the private
rows that an option stands in, such as a food group's share) go to each household: any class total can
be dealt out to its members in proportion. That leaves a few columns a class where there was one for
each household, lot and session.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from logistics.solver.allocation.shape import Shape

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE = -1
"""Owner of nothing."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """Rows by variables (options, then flags) as in the shape, and who owns what.

    `lower` and `upper` are infinite where a row has no such side; `owner` is the need of a variable;
    `private` the need to which all variables of a row belong, `NONE` for rows that needs share;
    `kind` numbers what a row's cap says apart from whose it is; `supply` is the row of an option's
    lot, `NONE` if the lot has enough for all.
    """

    matrix: csr_array
    lower: Floats
    upper: Floats
    most: Ints
    owner: Ints
    grains: Ints
    private: Ints
    kind: Ints
    supply: Ints
    wanted: Ints

    @property
    def options(self) -> int:
        """How many variables are packs; the others are flags."""
        return len(self.grains)


def arrays_of(shape: Shape) -> Arrays:
    """The arrays of a shape."""
    rows = shape.rows
    lengths = np.array([len(row.terms) for row in rows], dtype=np.int64)
    entries = np.array(list(chain.from_iterable(row.terms for row in rows)), dtype=np.int64)
    entries = entries.reshape(-1, 2)
    owner = owners_of(shape)
    of_row = np.repeat(np.arange(len(rows)), lengths)
    variables = len(owner)
    matrix = csr_array((entries[:, 1], (of_row, entries[:, 0])), shape=(len(rows), variables))
    first = np.full(len(rows), NONE, dtype=np.int64)
    last = np.full(len(rows), len(shape.needs), dtype=np.int64)
    np.maximum.at(first, of_row, owner[entries[:, 0]])
    np.minimum.at(last, of_row, owner[entries[:, 0]])
    kinds: dict[tuple[str, int | None], int] = {}
    return Arrays(
        matrix,
        np.array([-np.inf if row.lower is None else row.lower for row in rows], dtype=float),
        np.array([np.inf if row.upper is None else row.upper for row in rows], dtype=float),
        np.array([*shape.most, *([1] * len(shape.flags))], dtype=np.int64),
        owner,
        np.array(shape.meals, dtype=np.int64),
        np.where(first == last, first, NONE),
        np.array([kinds.setdefault((r.cap.kind, r.cap.day), len(kinds)) for r in rows], np.int64),
        _supplies(shape),
        np.array([need.wanted for need in shape.needs], dtype=np.int64),
    )


def _supplies(shape: Shape) -> Ints:
    found = np.full(len(shape.options), NONE, dtype=np.int64)
    for r, row in enumerate(shape.rows):
        if row.cap.kind == "lot":
            found[[i for i, _ in row.terms]] = r
    return found


def owners_of(shape: Shape) -> Ints:
    """The need to which each option and flag belongs."""
    owner = np.zeros(len(shape.options) + len(shape.flags), dtype=np.int64)
    for n, members in enumerate(shape.members):
        owner[list(members)] = n
    seats = {need.household_id: n for n, need in enumerate(shape.needs)}
    for k, (household_id, _) in enumerate(shape.flags):
        owner[len(shape.options) + k] = seats[household_id]
    return owner
