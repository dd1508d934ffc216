"""The arithmetic below the engines: ranks of fractions, climbing, linear systems."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.solver.shares.exact import ordered, whole
from logistics.solver.shares.ladder import Continuous, Discrete
from logistics.solver.shares.rational import small_multiple, solved

FRACTIONS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), min_size=1)
HUGE = st.lists(st.tuples(st.integers(0, 10**20), st.integers(1, 10**20)), min_size=1)


@given(FRACTIONS | HUGE)
def test_ranks_follow_the_fractions(pairs: list[tuple[int, int]]) -> None:
    ranks = ordered(whole([n for n, _ in pairs]), whole([d for _, d in pairs])).tolist()
    values = [Fraction(n, d) for n, d in pairs]
    order = sorted(set(values))
    assert ranks == [order.index(value) for value in values]


NEEDS = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=8
)


@given(NEEDS, st.fractions(0, 1), st.sampled_from([1, 10**18]))
@settings(max_examples=200)
def test_a_common_level_makes_exactly_the_total(
    needs: list[tuple[int, int, int]], part: Fraction, unit: int
) -> None:
    a, p, w = (whole([row[k] * unit for row in needs]) for k in range(3))
    total = int(part * int(w.sum()))
    amounts, scale = Continuous(a, p, w).climb(np.arange(len(needs)), total)
    assert int(amounts.sum()) == total * scale
    levels = [
        Fraction(int(x) + int(q) * scale, int(b) * scale)
        for x, q, b in zip(amounts, p, a, strict=True)
    ]
    rising = {v for v, x, m in zip(levels, amounts, w, strict=True) if 0 < x < int(m) * scale}
    assert len(rising) <= 1
    for top in rising:
        full = [v for v, x, m in zip(levels, amounts, w, strict=True) if x == int(m) * scale]
        assert max(full, default=top) <= top


@given(NEEDS, st.integers(1, 3), st.data())
def test_single_packs_go_to_whoever_stands_lowest(
    needs: list[tuple[int, int, int]], size: int, data: st.DataObject
) -> None:
    a, p, w = (whole([row[k] for row in needs]) for k in range(3))
    ladder = Discrete(a, p, w, size)
    most = int(ladder.counts.sum())
    total = data.draw(st.integers(0, most))
    packs, scale = ladder.climb(np.arange(len(needs)), total)
    assert (int(packs.sum()), scale) == (total, 1)
    by_hand = [0] * len(needs)
    for _ in range(total):
        open_needs = [n for n in range(len(needs)) if by_hand[n] * size < w[n]]

        def rank(n: int) -> tuple[Fraction, Fraction]:
            after = min(int(w[n]), (by_hand[n] + 1) * size)
            return (
                Fraction(int(p[n]) + by_hand[n] * size, int(a[n])),
                -Fraction(int(p[n]) + after, int(a[n])),
            )

        by_hand[min(open_needs, key=rank)] += 1
    standing = [
        Fraction(int(p[n]) + min(int(w[n]), c * size), int(a[n])) for n, c in enumerate(by_hand)
    ]
    found = [
        Fraction(int(p[n]) + min(int(w[n]), int(c) * size), int(a[n])) for n, c in enumerate(packs)
    ]
    assert sorted(found) == sorted(standing)


@given(st.integers(1, 6), st.data())
def test_sparse_systems_are_solved_exactly(size: int, data: st.DataObject) -> None:
    entry = st.integers(-2, 2)
    rows = [{j: data.draw(entry) for j in range(size)} for _ in range(size)]
    truth = [Fraction(data.draw(st.integers(-5, 5)), 3) for _ in range(size)]
    right = [sum((c * truth[j] for j, c in row.items()), Fraction(0)) for row in rows]
    found = solved(rows, right)
    regular = abs(np.linalg.det([[row[j] for j in range(size)] for row in rows])) > 0.5
    if regular:
        assert found == dict(enumerate(truth))
    elif found is not None:
        assert set(found) != set(range(size))


def test_a_contradiction_has_no_solution() -> None:
    assert solved([{0: 1}, {0: 1}], [Fraction(1), Fraction(2)]) is None
    assert solved([{0: 1, 1: 1}], [Fraction(1)]) is None


def test_prices_become_small_whole_numbers() -> None:
    assert small_multiple([0.5, 1.0, 1 / 3]) == [3, 6, 2]
    assert small_multiple([0.0, 0.0]) is None
    odd = small_multiple([1.0, 2**0.5 / 4])
    assert odd is not None
    assert odd[0] == 1 << 40
