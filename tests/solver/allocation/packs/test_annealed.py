"""Better plans by annealing: rows are kept, and what is asked for is found where it exists."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.model.problem import WeekProblem
from logistics.solver.allocation.packs.anneal import Annealing
from logistics.solver.allocation.packs.annealed import Annealed
from logistics.solver.allocation.packs.bounds import keeps_rows
from tests import weeks
from tests.solver.allocation.packs.test_integer import tiny_weeks
from tests.solver.allocation.tiny import shape_of

HALF = Fraction(1, 2)

# Three meals; A and B want 2 each. The plan gives all that A wants and B nothing.
PAIR = shape_of(weeks.week([weeks.lot("L", 3)], [weeks.household("A", 2), weeks.household("B", 2)]))


def test_a_target_is_taken_from_whoever_can_spare_it() -> None:
    packs = Annealed(PAIR, seed=1).toward((2, 1), (0, 1), (0, 2), 5.0)
    # B asks for its second meal; A, of whom nothing is asked, has what remains: 3 - 2.
    assert PAIR.received(packs)[1] == 2
    assert keeps_rows(PAIR, packs)


def test_what_is_left_goes_to_whoever_stands_lower() -> None:
    # A has one meal of two, B none; two are left: both go to B first, then to the one who is lower.
    packs = Annealed(PAIR, seed=1).polish((1, 0), 5.0)
    assert sorted(PAIR.received(packs)) == [1, 2]
    assert PAIR.received(packs)[0] >= 1


def test_a_first_plan_lifts_everybody_to_the_floor() -> None:
    packs = Annealed(PAIR, seed=1).start((0, 0), HALF, 5.0)
    # Half of what each wants is 1; the third meal goes to either.
    assert sorted(PAIR.received(packs)) == [1, 2]


def test_worth_counts_only_what_can_be_attained() -> None:
    # Packs of 2 meals: 0, 2 and 3 (the wish) can be had. A pack is the unit in which worth is counted:
    # the first is worth 5, the second, of which one meal is wanted, 1.
    shape = shape_of(weeks.week([weeks.lot("L", 4, pack=2)], [weeks.household("A", 3)]))
    table = Annealing(shape, 1).table([[(2, 5.0), (3, 1.0)]])
    assert table.tolist() == [0, 5, 6]


@given(tiny_weeks(), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_no_round_breaks_a_row_and_the_same_seed_repeats(problem: WeekProblem, seed: int) -> None:
    shape = shape_of(problem)
    nothing = (0,) * (len(shape.options) + len(shape.flags))
    steps = [[(need.wanted, 100.0 / (1 + n))] for n, need in enumerate(shape.needs)]
    found = []
    for _ in range(2):
        annealing = Annealing(shape, seed)
        worth = annealing.table(steps)
        found.append(annealing.cooled(nothing, worth, 200, 200.0, 1.0, 60.0))
        assert keeps_rows(shape, found[-1])
    assert found[0] == found[1]
