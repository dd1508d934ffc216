"""Each policy on a tour of three sites, with the arithmetic; and what every policy must keep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.model.errors import InvalidFact
from logistics.solver.sequential import (
    Fixed,
    Forecast,
    Guardrail,
    HopeFull,
    HopeOnline,
    Policy,
    Proportional,
    Steady,
    Tours,
    draw_tours,
    hindsight,
    run,
)
from tests.solver.sequential.tours import ALL, tour, tours

RATHER = 1 + 1e-9


def levels(policy: Policy, week: Tours) -> list[float]:
    return [float(level) for level in run(policy, week)[0]]


# Twelve shares for three sites of four each, and the second wants six.
BUSY = tour(wanted=(4, 6, 4), mean=(4, 4, 4), deviation=(3, 3, 3), supply=12)


def test_proportional_leaves_the_last_site_short() -> None:
    # 12 / (4 + 4 + 4) = 1 each; 12 - 4 - 6 = 2 are left for the four of the third: 1/2.
    assert levels(Proportional(), BUSY) == pytest.approx([1, 1, 1 / 2])


def test_hope_online_solves_again_at_every_site() -> None:
    # 12/12 = 1; 8 left for 6 + 4: 0.8; 8 - 4.8 = 3.2 left for 4: 0.8.
    assert levels(HopeOnline(), BUSY) == pytest.approx([1, 0.8, 0.8])


def test_hope_full_promises_what_the_whole_would_have_given() -> None:
    # 12/12 = 1; 12 / (4 + 6 + 4) = 6/7; the same again, but 8 - 36/7 = 20/7 are left for 4: 5/7.
    assert levels(HopeFull(), BUSY) == pytest.approx([1, 6 / 7, 5 / 7])


def test_hindsight_gives_everybody_the_same() -> None:
    assert hindsight(BUSY) == pytest.approx(12 / 14)


def test_fixed_keeps_a_margin_for_the_whole_tour() -> None:
    # Band of the published code: sqrt(3 * 4 * 3) = 6; 12 / (12 + 6) = 2/3 for all, 12 - 28/3 remain.
    assert levels(Fixed(), BUSY) == pytest.approx([2 / 3] * 3)


def test_guardrail_gives_the_upper_rail_while_enough_is_left_at_the_lower() -> None:
    # Lower 2/3 as above. Margin 6/12 = 1/2, L = 3^-1, so 1/3 * 3/2 - 1/2 = 0: upper 12/12 = 1.
    # 1st: 2/3 * (8 + sqrt(36)) + 4 = 13.3 > 12: lower, 28/3 left.
    # 2nd wants 2: 2/3 * (4 + sqrt(24)) + 2 = 7.9 <= 9.3: upper, 22/3 left.
    # 3rd: 2/3 * (0 + sqrt(12)) + 4 = 6.3 <= 7.3: upper, 10/3 come home.
    quiet = tour(wanted=(4, 2, 4), mean=(4, 4, 4), deviation=(3, 3, 3), supply=12)
    assert levels(Guardrail(1), quiet) == pytest.approx([2 / 3, 1, 1])


def test_the_later_guardrail_reserves_only_for_those_still_to_come() -> None:
    # After the first, lower as above, 28/3 are left. 2nd: 2/3 * (4 + sqrt(12)) + 4 = 8.98 <= 9.33:
    # upper, where the first form reserves 2/3 * (4 + sqrt(24)) + 4 = 9.93 and stays low until the last.
    even = tour(wanted=(4, 4, 4), mean=(4, 4, 4), deviation=(3, 3, 3), supply=12)
    assert levels(Guardrail(1, rest_to_last=True), even) == pytest.approx([2 / 3, 1, 1])
    assert levels(Guardrail(1), even) == pytest.approx([2 / 3, 2 / 3, 1])


def test_the_later_guardrail_gives_the_rest_to_the_last_if_between_the_rails() -> None:
    # 1st: 2/3 * (8 + sqrt(24)) + 4 = 12.6 > 12: lower, 28/3 left.
    # 2nd wants 8: 2/3 * (4 + sqrt(12)) + 8 > 28/3: lower, 4 left. 3rd wants 5: 4/5 lies in 2/3..1.
    full = tour(wanted=(4, 8, 5), mean=(4, 4, 4), deviation=(3, 3, 3), supply=12)
    assert levels(Guardrail(1, rest_to_last=True), full) == pytest.approx([2 / 3, 2 / 3, 4 / 5])
    assert levels(Guardrail(1), full) == pytest.approx([2 / 3, 2 / 3, 2 / 3])


@pytest.mark.parametrize(
    ("second", "expected", "why"),
    [
        # First: deviation ahead sqrt(9 + 16) = 5; 12 / (4 + 8 + 0.8 * 5) = 3/4, so 9 are left.
        # Second: 4 +- 4 ahead.
        (4, 0.75, "9/(8 + 3.2) = 0.80 and 9/(8 + 4) = 0.75 hold it: it stays"),
        (8, 9 / 15.2, "9/(12 + 3.2) = 0.59 is all that can be kept: down to that edge"),
        (2, 0.9, "9/(6 + 4) = 0.90 is safe: up to that edge"),
        (0.5, 0.9375, "9/(4.5 + 4) = 1.06 is safe, but no more than a quarter above 0.75"),
    ],
)
def test_steady_moves_only_when_the_band_leaves_it(
    second: float, expected: float, why: str
) -> None:
    week = tour(wanted=(4, second, 4), mean=(4, 4, 4), deviation=(0, 3, 4), supply=12)
    first, then, _ = levels(Steady(width=0.25, margin=0.8), week)
    assert (first, then) == pytest.approx((0.75, expected)), why


def test_steady_with_a_wide_margin_does_not_lower_for_fear() -> None:
    # First 12 / (4 + 8 + 1.6 * 5) = 0.6, 9.6 left. One deviation of reserve allows 9.6/14 = 0.69, so
    # 0.6 stays, though 1.6 deviations would ask for 9.6/16.4 = 0.585. Last: 6 left for 4, but 0.6 it is.
    week = tour(wanted=(4, 6, 4), mean=(4, 4, 4), deviation=(0, 3, 4), supply=12)
    assert levels(Steady(width=0, margin=1.6), week) == pytest.approx([0.6, 0.6, 0.6])


def test_steady_ends_with_what_there_is() -> None:
    # 0.75, 0.75 as above: 6 left for the 10 of the last site, nothing uncertain remains: 0.6.
    week = tour(wanted=(4, 4, 10), mean=(4, 4, 4), deviation=(0, 3, 4), supply=12)
    assert levels(Steady(width=0.25, margin=0.8), week) == pytest.approx([0.75, 0.75, 0.6])


@given(tours(), st.sampled_from(ALL))
def test_nobody_gives_more_than_there_is(week: Tours, policy: Policy) -> None:
    given_out = run(policy, week) * week.wanted
    assert (given_out >= 0).all()
    assert (given_out.sum(axis=1) <= week.forecast.supply * RATHER).all()


@given(tours(), st.sampled_from(ALL))
def test_hindsight_is_never_beaten_on_the_lowest_share(week: Tours, policy: Policy) -> None:
    assert (run(policy, week).min(axis=1) <= hindsight(week) * RATHER).all()


@given(tours(), st.sampled_from(ALL))
def test_certain_demand_makes_every_policy_proportional(week: Tours, policy: Policy) -> None:
    known = replace(week.forecast, deviation=np.zeros_like(week.wanted))
    certain = Tours(known, known.mean)
    same = run(Proportional(), certain)
    np.testing.assert_allclose(run(policy, certain), same, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(same.T, [hindsight(certain)] * same.shape[1], rtol=1e-9, atol=1e-12)


@given(tours(), st.sampled_from(ALL), st.data())
def test_nobody_sees_the_future(week: Tours, policy: Policy, data: st.DataObject) -> None:
    visit = data.draw(st.integers(1, week.wanted.shape[1] - 1))
    other = week.wanted.copy()
    other[:, visit:] *= data.draw(st.floats(0.1, 10))
    before, after = run(policy, week), run(policy, Tours(week.forecast, other))
    np.testing.assert_array_equal(before[:, :visit], after[:, :visit])


@given(tours(), st.sampled_from(ALL))
def test_twice_the_supply_is_twice_the_level(week: Tours, policy: Policy) -> None:
    twice = Tours(replace(week.forecast, supply=2 * week.forecast.supply), week.wanted)
    np.testing.assert_allclose(run(policy, twice), 2 * run(policy, week), rtol=1e-9, atol=1e-12)


@given(tours(), st.floats(0, 0.5))
def test_steady_never_goes_far_above_the_lowest(week: Tours, width: float) -> None:
    given_out = run(Steady(width), week)
    lowest = np.minimum.accumulate(given_out, axis=1)
    assert (given_out[:, 1:] <= lowest[:, :-1] * (1 + width) * RATHER).all()


def test_what_cannot_be_a_tour_is_refused() -> None:
    one, two = np.ones((1, 1)), np.ones((1, 2))
    supply = np.ones(1)
    for wrong, words in (
        (lambda: Forecast(supply, one, one), "two visits"),
        (lambda: Forecast(supply, two, one), "expected 1 draws of 2 visits"),
        (lambda: Forecast(-supply, two, two), "supply must be >= 0"),
        (lambda: Forecast(supply, 0 * two, two), "mean must be > 0"),
        (lambda: Forecast(supply, two, -two), "deviation must be >= 0"),
        (lambda: Tours(Forecast(supply, two, two), 0 * two), "want must be > 0"),
        (lambda: Tours(Forecast(supply, two, two), one), "expected wants of shape"),
        (lambda: draw_tours(two[0], two[0], 3, 5, seed=1), "3 visits need as many sites"),
        (lambda: Guardrail(0), "exponent must be > 0"),
        (lambda: Steady(width=-0.1), "width must be >= 0"),
        (lambda: Steady(margin=-1), "margin must be >= 0"),
    ):
        with pytest.raises(InvalidFact, match=words):
            wrong()
