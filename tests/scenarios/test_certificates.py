"""Every level of every scenario carries a certificate that the judge accepts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from logistics.intake import read_week
from logistics.judge.case import open_case
from logistics.judge.certificates import certificates_hold
from logistics.model.plan import Allocation, Level, Metrics, Plan, TravelSource
from logistics.model.problem import WeekProblem
from logistics.solver.allocation.allocate import allocate
from logistics.solver.allocation.effort import Effort
from logistics.solver.allocation.proof.certify import certified
from logistics.solver.eligible import eligibility
from logistics.solver.ways import Ways
from logistics.travel import legs_for
from scenarios.registry import names, scenario
from scenarios.southern_tier.build import build

NO_METRICS = Metrics(0, Fraction(0), 0.0, 0.0, 0.0, 0.0, 0, 0, 0)


def week(folder: Path) -> WeekProblem:
    problem, findings = read_week(folder)
    assert problem is not None, [finding.text() for finding in findings]
    return problem


def levels(problem: WeekProblem) -> tuple[Level, ...]:
    """Levels of a quick allocation whose certificates the judge has accepted."""
    travel = legs_for(problem, [*problem.sites, *problem.households])
    options = eligibility(problem, Ways(problem, travel))
    found = allocate(problem, travel, options, seconds=2.0, effort=Effort.QUICK).allocation
    allocation = certified(problem, found)
    assert faults(problem, allocation) == []
    return allocation.levels


def faults(problem: WeekProblem, allocation: Allocation) -> list[str]:
    plan = Plan(problem.digest, 1, {}, TravelSource("estimate"), allocation, (), (), NO_METRICS)
    return [found.text() for found in certificates_hold(open_case(problem, {}, plan))]


@pytest.mark.parametrize("folder", sorted({scenario(name).folder for name in names()}))
def test_every_level_is_certified(folder: Path) -> None:
    assert all(level.certificate is not None for level in levels(week(folder)))


def test_where_meals_are_single_every_level_is_proven_exactly(tmp_path: Path) -> None:
    # Drawn demand above the supply: one lot, seventy sites, and the lot alone holds them all.
    build(tmp_path, seed=1)
    found = levels(week(tmp_path))
    assert len(found) > 20
    for level in found:
        assert level.certificate is not None
        assert level.certificate.bound == level.level
        for inequality in level.certificate.inequalities:
            assert set(inequality.weights.values()) == {1}
            assert [(price.cap.kind, price.amount) for price in inequality.prices] == [("lot", 1)]
