"""The published table from the same data, with tolerances of its own noise; and who dominates whom."""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import sequential
from benchmarks.sequential import PUBLISHED, RIVALS, compared, figures, set_against, sites
from logistics.model.errors import InvalidFact
from logistics.solver.sequential import (
    Guardrail,
    HopeFull,
    Policy,
    Steady,
    Tours,
    draw_tours,
    estimate,
    run,
    scores,
)
from tests.solver.sequential.tours import tour

DRAWS = 500
PUBLISHED_DRAWS = 200
STANDARD_ERRORS = 4


def southern_tier(seed: int, draws: int = DRAWS) -> Tours:
    return draw_tours(*sites(), visits=50, draws=draws, seed=seed)


@pytest.fixture(scope="module")
def week() -> Tours:
    return southern_tier(seed=1)


def test_the_figures_of_a_tour_by_hand() -> None:
    # Levels 1, 1/2, 1/2 for wants 4, 6, 4 of 12 shares: 4 + 3 + 2 = 9 given, 3 come home.
    # Hindsight 12/14 = 6/7: the first is 1/7 above it, the others 5/14 below.
    busy = tour(wanted=(4, 6, 4), mean=(4, 4, 4), deviation=(0, 0, 0), supply=12)
    result = scores(busy, np.array([[1, 0.5, 0.5]]))
    assert result.waste == pytest.approx(3)
    assert result.envy == pytest.approx(1 / 2)
    assert result.deviation == pytest.approx(5 / 14)
    assert result.shortfall == pytest.approx(5 / 14)


def test_an_interval_by_hand() -> None:
    # 1, 2, 3: mean 2, standard deviation 1, so 1.96 / sqrt(3) either way.
    interval = estimate(np.array([1.0, 2.0, 3.0]))
    assert interval.mean == 2
    assert interval.high - 2 == pytest.approx(1.96 / math.sqrt(3), rel=1e-4)
    assert 2 - interval.low == pytest.approx(interval.half_width)
    with pytest.raises(InvalidFact, match="two draws"):
        estimate(np.array([1.0]))


@pytest.mark.parametrize("policy", [p for p in RIVALS if p.name in PUBLISHED], ids=lambda p: p.name)
def test_the_published_table_comes_out_within_its_noise(policy: Policy, week: Tours) -> None:
    ours = figures(scores(week, run(policy, week)))
    for values, published in zip(ours, PUBLISHED[policy.name], strict=True):
        noise = values.std(ddof=1) * math.sqrt(1 / DRAWS + 1 / PUBLISHED_DRAWS)
        assert abs(values.mean() - published) <= STANDARD_ERRORS * noise + 5e-4


@pytest.mark.parametrize(
    ("ours", "rival"),
    [
        (Steady(0.0), Guardrail(1 / 2)),
        (Steady(0.06), Guardrail(1 / 3)),
        (Steady(0.11), Guardrail(1 / 3, rest_to_last=True)),
        (Steady(0.25), HopeFull()),
    ],
    ids=lambda policy: policy.name,
)
def test_steady_dominates_with_no_more_waste(ours: Steady, rival: Policy, week: Tours) -> None:
    waste, envy, deviation = compared("", ours, rival, week).estimates
    assert waste.mean < 0
    assert envy.high < 0
    assert deviation.high < 0


def test_one_steady_policy_dominates_both_guardrails(week: Tours) -> None:
    assert compared("", Steady(), Guardrail(1 / 2), week).dominates
    assert compared("", Steady(), Guardrail(1 / 3), week).dominates


@pytest.mark.parametrize("rival", [Guardrail(1 / 3), Guardrail(0.4), Guardrail(1)])
def test_a_duel_is_set_on_other_draws_to_a_tenth_less_waste(rival: Policy) -> None:
    other = southern_tier(seed=9, draws=100)
    ours = set_against(rival, other)
    mine, theirs = (scores(other, run(policy, other)).waste.mean() for policy in (ours, rival))
    assert mine / theirs == pytest.approx(sequential.LESS_WASTE, rel=0.005)


def test_a_seed_is_a_tour_and_a_wrong_forecast_keeps_its_luck(week: Tours) -> None:
    again = southern_tier(seed=1)
    np.testing.assert_array_equal(week.wanted, again.wanted)
    assert not np.array_equal(week.wanted, southern_tier(seed=2).wanted)
    biased = draw_tours(*sites(), visits=50, draws=DRAWS, seed=1, bias=1.1)
    np.testing.assert_array_equal(biased.forecast.mean, week.forecast.mean)
    above = week.wanted > 1
    difference = (biased.wanted - week.wanted)[above]
    np.testing.assert_allclose(difference, 0.1 * week.forecast.mean[above], rtol=1e-9)
    calm = draw_tours(*sites(), visits=50, draws=DRAWS, seed=1, spread=0.5)
    halfway = (week.wanted + week.forecast.mean)[above] / 2
    np.testing.assert_allclose(calm.wanted[above], halfway, rtol=1e-9)


def test_the_benchmark_prints_its_setting_and_writes_table_and_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["sequential", "--draws", "20", "--seed", "5", "--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", arguments)
    sequential.main()
    assert "draws 20, visits 50, seed 5" in capsys.readouterr().out
    assert (tmp_path / "sequential.png").read_bytes().startswith(b"\x89PNG")
    with (tmp_path / "sequential.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert {line["draws"] for line in lines} == {"20"}
    assert {line["policy"] for line in lines if line["table"] == "policies"} == {
        policy.name for policy in RIVALS
    }
