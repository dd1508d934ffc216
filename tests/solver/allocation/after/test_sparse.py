"""A program in a part of its columns: what is free is bettered, what is not stays."""

from __future__ import annotations

import pytest

from logistics.solver.allocation.after.sparse import Sparse

# Two columns of at most 3, together at most 4; the first is worth 2, the second 1.
SPARSE = Sparse([(((0, 1), (1, 1)), None, 4)], [3, 3], {0: -2, 1: -1})


@pytest.mark.parametrize(
    ("free", "values"), [(None, [3, 1]), ([0], [2, 2]), ([1], [0, 3]), ([], [0, 2])]
)
def test_only_what_is_free_changes(free: list[int] | None, values: list[int]) -> None:
    """No column is free where the households that were chosen can have nothing, as without drivers."""
    assert SPARSE.least([0, 2], 5.0, free).values == values
