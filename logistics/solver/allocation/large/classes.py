"""The relaxation in which alike households share their packs: few columns, the same bound.

Households with the same options (rows, coefficients) form a class. With packs that may be split, only
what a class takes of each lot matters, and how many grains of each bucket (the private rows that an
option stands in, such as a food group's share) go to each household: any class total can be dealt out
to its members in proportion. That leaves a few columns a class where there was one for each household,
lot and session. The choice among sessions is left out, which can only raise the bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from logistics.solver.allocation.large.arrays import NONE, Arrays, Floats, Ints

HASH_SEED = 20260601
"""Of the random numbers by which equal columns are told; a proof never rests on them."""


@dataclass(frozen=True, slots=True)
class Classes:
    """The aggregated columns of a shape.

    A column is what a class takes of an option (`column` of each option); a share is what a household
    gets of one bucket of its class, at most `share_most` by private row `share_row`, in which a grain of
    the bucket counts as `share_ratio`. `shared` are the rows (of the shape) that needs share, `coupled`
    the private rows that span several buckets; rows of a single bucket are bounds of its shares.
    """

    column: Ints
    column_most: Ints
    column_grains: Ints
    column_pool: Ints
    shared: Ints
    shared_matrix: csr_array
    share_need: Ints
    share_pool: Ints
    share_most: Floats
    share_row: Ints
    share_ratio: Floats
    coupled: Ints
    coupled_matrix: csr_array

    @property
    def pools(self) -> int:
        """How many pairs of a class and one of its buckets there are."""
        return int(self.share_pool.max(initial=-1)) + 1


def classes_of(arrays: Arrays) -> Classes:
    """Merge households and options that the relaxation cannot tell apart."""
    usable = _upper_rows(arrays)
    matrix = arrays.matrix[:, : arrays.options].tocsr()
    shared = np.flatnonzero(usable & (arrays.private == NONE))
    own = np.flatnonzero(usable & (arrays.private != NONE))
    owner = arrays.owner[: arrays.options]
    ratio = matrix[own].astype(float).multiply(1 / arrays.grains[None, :]).tocsr()
    alike = _hashed(matrix[shared], np.arange(len(shared))) ^ _mixed(arrays.grains)
    bucket = _hashed(ratio, arrays.kind[own])
    signature = alike ^ _mixed(bucket.view(np.int64))
    household = np.zeros(len(arrays.wanted), dtype=np.uint64)
    np.add.at(household, owner, _mixed(signature.view(np.int64)))
    of_class = household[owner]
    _, first, column = np.unique(
        _mixed((of_class ^ signature).view(np.int64)), return_index=True, return_inverse=True
    )
    column_most = np.bincount(column, arrays.most[: arrays.options], len(first)).astype(np.int64)
    _, pool = np.unique(_mixed((of_class ^ bucket).view(np.int64)), return_inverse=True)
    pools = int(pool.max(initial=-1)) + 1
    shares, share_first = np.unique(owner * pools + pool, return_index=True)
    matrix_shares = ratio[:, share_first]
    single = np.diff(matrix_shares.indptr) == 1
    share_most, share_row, share_ratio = _tightest(
        matrix_shares[np.flatnonzero(single)], own[single], arrays.upper[own[single]]
    )
    return Classes(
        column,
        column_most,
        arrays.grains[first],
        pool[first],
        shared,
        matrix[shared][:, first].tocsr(),
        shares // max(1, pools),
        shares % max(1, pools),
        share_most,
        share_row,
        share_ratio,
        own[~single],
        matrix_shares[np.flatnonzero(~single)].tocsr(),
    )


def _upper_rows(arrays: Arrays) -> NDArray[np.bool_]:
    """Rows of packs alone (no flags) with an upper side and nothing negative in them."""
    entries = arrays.matrix.tocoo()
    bad = np.zeros(arrays.matrix.shape[0], dtype=bool)
    bad[entries.row[(entries.col >= arrays.options) | (entries.data < 0)]] = True
    used = np.diff(arrays.matrix.indptr) > 0
    found: NDArray[np.bool_] = ~bad & np.isfinite(arrays.upper) & used
    return found


def _tightest(rows: csr_array, names: Ints, upper: Floats) -> tuple[Floats, Ints, Floats]:
    """Of rows with one entry each, per column: the least bound, the row that sets it, its entry."""
    entries = rows.tocoo()
    bounds = upper[entries.row] / entries.data
    order = np.argsort(-bounds, kind="stable")
    most = np.full(rows.shape[1], np.inf)
    row = np.full(rows.shape[1], NONE, dtype=np.int64)
    ratio = np.ones(rows.shape[1])
    most[entries.col[order]] = bounds[order]
    row[entries.col[order]] = names[entries.row[order]]
    ratio[entries.col[order]] = entries.data[order]
    return most, row, ratio


def _mixed(values: Ints) -> NDArray[np.uint64]:
    """Well spread 64-bit numbers, the same for equal values (splitmix64)."""
    z = values.view(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _hashed(rows: csr_array, names: Ints) -> NDArray[np.uint64]:
    """A hash per column of the names and coefficients of the rows that it stands in."""
    entries = rows.tocoo()
    found = np.zeros(rows.shape[1], dtype=np.uint64)
    values = _mixed(np.asarray(entries.data, dtype=np.float64).view(np.int64))
    marks = _mixed((values ^ _mixed(names[entries.row])).view(np.int64))
    np.add.at(found, entries.col, marks)
    return found
