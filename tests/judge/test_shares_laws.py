"""The judge against the solver: its answers pass, and nothing less fair passes under its proof."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.judge.shares import verify_shares
from logistics.model.shares import Capacity, ShareResult, Shares
from logistics.solver.shares import solve
from tests.judge.shares_cases import Line, result_of


@st.composite
def instances(draw: st.DrawFn) -> Shares:
    """Small instances: history, weights, packs, capacities that overlap, lots that nobody may have."""
    households, lots = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    counts = st.integers(0, 6)
    column = st.lists(counts, min_size=households, max_size=households)
    past = draw(column)
    sets = st.frozensets(st.integers(0, lots - 1)).map(lambda found: tuple(sorted(found)))
    class_lots = draw(st.lists(sets, min_size=1, max_size=3))
    return Shares(
        integer=draw(st.booleans()),
        grains_per_meal=1,
        weight_scale=draw(st.sampled_from([1, 2])),
        lot_ids=[f"L{i}" for i in range(lots)],
        supply=draw(st.lists(st.integers(0, 9), min_size=lots, max_size=lots)),
        unit_grains=draw(st.lists(st.integers(1, 2), min_size=lots, max_size=lots)),
        pack=draw(st.lists(st.integers(1, 3), min_size=lots, max_size=lots)),
        household_ids=[f"H{i}" for i in range(households)],
        wanted=draw(column),
        past_wanted=past,
        past_received=[draw(st.integers(0, most + 1)) for most in past],
        weight=draw(st.lists(st.integers(1, 3), min_size=households, max_size=households)),
        class_of=draw(
            st.lists(st.integers(0, len(class_lots) - 1), min_size=households, max_size=households)
        ),
        class_lots=class_lots,
        capacities=tuple(
            Capacity(f"C{i}", draw(st.integers(0, 8)), draw(_some(lots)), draw(_some(households)))
            for i in range(draw(st.integers(0, 2)))
        ),
    )


def _some(count: int) -> st.SearchStrategy[frozenset[int] | None]:
    """All, or some of so many."""
    return st.none() | st.frozensets(st.integers(0, count - 1), min_size=1)


def lines_of(result: ShareResult) -> list[Line]:
    return [
        (int(h), int(lot), Fraction(int(x), int(result.scale[h])))
        for h, lot, x in zip(
            result.line_household, result.line_lot, result.line_amount, strict=True
        )
    ]


def standing(result: ShareResult) -> list[Fraction]:
    """All levels, each as often as there are households at it."""
    return [level.level for level in result.levels for _ in range(len(level.households))]


@settings(max_examples=150, deadline=None)
@given(instances(), st.data())
def test_no_other_plan_passes_under_a_sound_proof_unless_it_is_as_fair(
    shares: Shares, data: st.DataObject
) -> None:
    best = solve(shares)
    assert verify_shares(shares, best) == []
    lines = lines_of(best)
    proofs = {level.level: level.proof for level in best.levels if level.proof is not None}
    if not lines:
        return
    position = data.draw(st.integers(0, len(lines) - 1))
    household, lot, grains = lines[position]
    size = shares.pack_grains(lot) if shares.integer else 1
    moved = Fraction(data.draw(st.integers(1, max(1, int(grains / size)))) * size)
    moved = moved if moved <= grains else grains / 2
    other = data.draw(st.integers(0, len(shares.household_ids) - 1))
    lines[position] = (household, lot, grains - moved)
    joined: dict[tuple[int, int], Fraction] = {}
    for h, each, x in [*lines, (other, lot, moved)]:
        joined[h, each] = joined.get((h, each), Fraction(0)) + x
    changed = result_of(
        shares, [(h, each, x) for (h, each), x in joined.items()], best.chain, proofs
    )
    wrong = {found.code for found in verify_shares(shares, changed)} - {"share_held_by"}
    assert not wrong or other != household
    if not wrong and (best.chain is not None or not shares.integer):
        assert standing(changed) == standing(best)
