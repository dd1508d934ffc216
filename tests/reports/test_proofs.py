"""How good the routes provably are, told in words: days, all days together, working days."""

from __future__ import annotations

from dataclasses import replace

from logistics.model.plan import Stage, Status
from logistics.reports.proofs import hours, proofs_in_words, working_days
from tests.reports.sample import sample_plan, sample_problem

PROBLEM = sample_problem()
PLAN = sample_plan()


def stage(name: str, found: float, bound: float) -> Stage:
    status = Status.OPTIMAL if found == bound else Status.FEASIBLE
    return Stage(name, status, found, bound, (found - bound) / max(1, found), 0.5)


def told(*stages: Stage, language: str = "en") -> list[str]:
    plan = replace(PLAN, stages=stages)
    return proofs_in_words(plan, PROBLEM, language).splitlines()[1:]


DAY = (
    stage("routes 1", 2_090_000, 1_070_000),
    stage("vehicles 1", 2, 1),
    stage("driving 1", 90_000, 72_000),
)


def test_a_day_is_told_by_its_parts_not_by_the_cost_that_hides_them() -> None:
    # (90,000 - 72,000) / 90,000 = 20 %; the whole cost would say 49 %.
    day, whole = told(*DAY)
    assert "2 vehicle-day(s), 1 at least (fewer not ruled out)" in day
    assert "driving 90,000, at least 72,000 with as many vehicle-days (gap 20.0%)" in day
    assert "49" not in day
    assert "gap 20.0%" in whole


def test_bounds_of_days_add_up() -> None:
    # 90,000 and 10,000 driven, 72,000 + 10,000 at least: 18 %.
    other = (stage("vehicles 2", 1, 1), stage("driving 2", 10_000, 10_000))
    *_, day, whole = told(*DAY, *other)
    assert "1 vehicle-day(s), proven fewest; driving 10,000, proven shortest" in day
    assert "driving 100,000, at least 82,000" in whole
    assert "gap 18.0%" in whole


def test_a_day_without_parts_is_told_as_before_and_nothing_is_added_up() -> None:
    lines = told(*DAY, stage("routes 2", 1_040_000, 1_020_000), stage("waste_kg", 1.5, 0))
    assert any("routes 11-25, feasible" in line and "1.92%" in line for line in lines)
    assert not any("all days" in line for line in lines)
    assert any("waste (kg)" in line for line in lines)


def test_longest_days_are_told_in_hours() -> None:
    (line,) = told(stage("balance 1", 20_340, 14_400))
    assert "5:39 h, at least 4:00 h" in line
    (line,) = told(stage("balance 1", 14_400, 14_400))
    assert "proven shortest possible" in line


def test_japanese_has_no_english_word_left() -> None:
    lines = told(*DAY, stage("fairness", 4, 4), stage("balance 1", 60, 60), language="ja")
    letters = {c for line in lines for c in line if c.isascii() and c.isalpha()}
    assert letters <= set("m")  # metres


def test_working_days() -> None:
    text = working_days(PLAN, PROBLEM, "en")
    works = sorted(sum(trip.seconds for trip in route.trips) for route in PLAN.routes)
    assert f"longest {hours(works[-1])}" in text
    assert f"shortest {hours(works[0])}" in text
    assert working_days(replace(PLAN, routes=PLAN.routes[:1]), PROBLEM, "en") == ""
    assert hours(3_601) == "1:01"
