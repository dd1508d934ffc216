"""The numbers of a plan as the solver reports them; the judge's laws compare them with its own."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from logistics.model.plan import Allocation, Fate, Fill, Leftover, Route, Status, Trip
from logistics.solver.metrics import gini, metrics_of
from tests import weeks

shares = st.lists(st.fractions(min_value=0, max_value=1, max_denominator=12), max_size=8)


def test_equal_shares_are_not_unequal() -> None:
    assert gini([Fraction(1, 3)] * 4) == 0
    assert gini([Fraction(0)] * 3) == 0
    assert gini([]) == 0


def test_one_has_all() -> None:
    # n = 4: (n - 1) / n.
    assert gini([Fraction(0), Fraction(0), Fraction(0), Fraction(1)]) == Fraction(3, 4)


def test_a_gini_worked_out_by_hand() -> None:
    # 5/6, 1, 1, 1: six pairs twice, three of them 1/6 apart: 6 x 1/6 = 1; over 2 x 16 x 23/24.
    assert gini([Fraction(5, 6), Fraction(1), Fraction(1), Fraction(1)]) == Fraction(3, 92)


@given(shares)
def test_the_sorted_formula_is_the_sum_over_all_pairs(values: list[Fraction]) -> None:
    n, total = len(values), sum(values, Fraction(0))
    apart = sum((abs(a - b) for a in values for b in values), Fraction(0))
    expected = apart / (2 * n * total) if total else 0
    assert gini(sorted(values)) == expected


def fill(name: str, wanted: int, received: Fraction | int) -> Fill:
    got = Fraction(received)
    return Fill(name, wanted, got, 0, Fraction(0), Fraction(1), Fraction(0))


def test_the_numbers_of_a_week() -> None:
    # Fills 1/2 and 1; C wants nothing and only stands in the list for its past.
    # 3 units of 500 g expire; what is kept or declined is no waste.
    allocation = Allocation(
        Status.OPTIMAL,
        (),
        (fill("A", 4, 2), fill("B", 3, 3), fill("C", 0, 0)),
        leftover=(
            Leftover("L", "HUB", 3, Fate.EXPIRES),
            Leftover("M", "HUB", 5, Fate.KEEP),
            Leftover("N", "D", 7, Fate.DECLINED),
        ),
    )
    route = Route("V1", 2, (Trip((), 1_000, 300), Trip((), 500, 60)))
    problem = weeks.week([weeks.lot(name, 9) for name in "LMN"], [])
    found = metrics_of(problem, allocation, (route,))
    assert (found.meals_wanted, found.meals_given, found.households_served) == (7, Fraction(5), 2)
    assert (found.fill_min, found.fill_mean) == (0.5, 0.75)
    assert found.gini == round(float(Fraction(1, 6)), 6)  # 2 x 1/2 over 2 x 4 x 3/4
    assert (found.waste_kg, found.metres, found.vehicle_seconds) == (1.5, 1_500, 360)


def test_a_week_in_which_nobody_wants_anything() -> None:
    found = metrics_of(weeks.week([], []), Allocation(Status.OPTIMAL, (), ()), ())
    assert (found.fill_min, found.fill_mean, found.gini, found.waste_kg) == (0, 0, 0, 0)
