"""Laws: the judge never raises, sees every changed number, and reads back what was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.judge import CODES, score, verify
from logistics.judge.numbers import gini
from logistics.model.plan_json import (
    PlanUnreadable,
    plan_from_json,
    plan_from_text,
    plan_text,
    plan_to_json,
)
from tests.judge.good_facts import MONDAY
from tests.judge.good_week import good_week
from tests.judge.mutants import MUTANTS, broken

WEEK = good_week()
Path = tuple[str | int, ...]


def _fresh() -> Any:
    """The good plan as JSON, to be changed freely."""
    return json.loads(plan_text(WEEK.plan, MONDAY))


def _nodes(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of a JSON tree with its path, the root left out."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in pairs:
        yield (*path, key), value
        if isinstance(value, (dict, list)):
            yield from _nodes(value, (*path, key))


def _parent(data: Any, path: Path) -> Any:
    for key in path[:-1]:
        data = data[key]
    return data


def _is_number(value: Any) -> bool:
    """Numbers, and exact ones written as text."""
    if isinstance(value, str):
        return value.replace("/", "", 1).isdigit()
    return isinstance(value, (int, float)) and not isinstance(value, bool)


NODES = list(_nodes(_fresh()))
LEAVES = [path for path, value in NODES if not isinstance(value, (dict, list))]
ITEMS = [path for path, _ in NODES if isinstance(path[-1], int)]
UNCHECKED = {"seed", "runtime_s"}
NUMBERS = [path for path, value in NODES if _is_number(value) and path[-1] not in UNCHECKED]
TABLES = {"lines", "fill", "levels", "unmet", "leftover", "trips", "load", "unload"}
NAMES = ["A", "D", "E", "RICE", "GREENS", "V1", "V2", "S1", "FARM", "HUB", "VAN", "X", "", "site"]
VALUES = st.one_of(
    st.integers(-(10**18), 10**18),
    st.integers(-3, 20),
    st.sampled_from([10**300, -(10**300), 86_400, 172_800]),
    st.floats(),
    st.sampled_from(NAMES),
    st.sampled_from(["2026-04-07", "2026-04-09", "9999-12-31", "0001-01-01"]),
    st.sampled_from(["1/3", "-7", "1e4500", "household", "optimal", "keep", "floor", "level"]),
    st.none(),
    st.booleans(),
)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_never_raises_whatever_a_readable_plan_says(data: st.DataObject) -> None:
    mutated = _fresh()
    for path in data.draw(st.lists(st.sampled_from(LEAVES), min_size=1, max_size=4)):
        _parent(mutated, path)[path[-1]] = data.draw(VALUES)
    try:
        plan = plan_from_json(mutated, MONDAY)
    except PlanUnreadable:
        return
    for finding in verify(WEEK.problem, WEEK.travel, plan):
        assert finding.code in CODES
    score(WEEK.problem, WEEK.travel, plan)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3, unique=True), st.booleans())
def test_dropped_and_doubled_items_are_found(paths: list[Path], doubled: bool) -> None:
    mutated = _fresh()
    # Deepest and last first, so that earlier indexes stay valid.
    for path in sorted(paths, key=lambda path: (len(path), [str(key) for key in path]))[::-1]:
        items, index = _parent(mutated, path), path[-1]
        items[index:index] = [items[index]] if doubled else []
        if not doubled:
            del items[index]
    plan = plan_from_json(mutated, MONDAY)
    codes = {finding.code for finding in verify(WEEK.problem, WEEK.travel, plan)}
    assert codes <= set(CODES)
    if any(path[-2] in TABLES for path in paths):
        assert codes


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(NUMBERS),
    st.one_of(st.integers(-5, 5), st.integers(-(10**18), 10**18)).filter(bool),
)
def test_any_changed_number_is_found(path: Path, delta: int) -> None:
    assert _is_noticed(path, delta)


def test_each_number_is_watched() -> None:
    assert [
        (path, delta) for path in NUMBERS for delta in (1, -1) if not _is_noticed(path, delta)
    ] == []


def _is_noticed(path: Path, delta: int) -> bool:
    """Whether the judge objects to the good plan with one number changed."""
    mutated = _fresh()
    where, key = _parent(mutated, path), path[-1]
    old = where[key]
    where[key] = str(Fraction(old) + delta) if isinstance(old, str) else old + delta
    return bool(verify(WEEK.problem, WEEK.travel, plan_from_json(mutated, MONDAY)))


@pytest.mark.parametrize("field", ["fill_min", "fill_mean", "gini", "waste_kg"])
def test_the_last_reported_decimal_counts(field: str) -> None:
    mutated = _fresh()
    mutated["metrics"][field] += 0.001 if field == "waste_kg" else 0.000001
    plan = plan_from_json(mutated, MONDAY)
    assert [found.code for found in verify(WEEK.problem, WEEK.travel, plan)] == ["metrics"]


def test_an_empty_plan_is_judged() -> None:
    empty = _fresh()
    empty["routes"], empty["stages"] = [], []
    for table in ("lines", "fill", "levels", "cuts", "unmet", "leftover"):
        empty["allocation"][table] = []
    plan = plan_from_json(empty, MONDAY)
    codes = {finding.code for finding in verify(WEEK.problem, {}, plan)}
    assert codes == {"fill_rows", "unmet_rows", "leftover_rows", "metrics", "level_rows"}


@given(st.lists(st.fractions(0, 1).map(float), max_size=12))
def test_gini_by_sorting_is_the_sum_over_all_pairs(values: list[float]) -> None:
    pairs = sum(abs(one - other) for one in values for other in values)
    expected = pairs / (2 * len(values) * sum(values)) if sum(values) else 0.0
    assert gini(values) == pytest.approx(expected, abs=1e-12)


def test_the_good_plan_survives_json() -> None:
    plan = plan_from_json(plan_to_json(WEEK.plan, MONDAY), MONDAY)
    assert plan == WEEK.plan
    assert plan_from_text(plan_text(WEEK.plan, MONDAY), MONDAY) == WEEK.plan


def test_a_verdict_is_the_same_after_json() -> None:
    for mutant in MUTANTS:
        week = broken(mutant)
        read = plan_from_text(plan_text(week.plan, MONDAY), MONDAY)
        texts = [found.text() for found in verify(week.problem, week.travel, week.plan)]
        assert [found.text() for found in verify(week.problem, week.travel, read)] == texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format": "osusowake.plan/2"}',
        '{"format": "osusowake.plan/1"}',
        "[" * 9999,
    ],
)
def test_what_is_no_plan_is_unreadable(text: str) -> None:
    with pytest.raises(PlanUnreadable):
        plan_from_text(text, MONDAY)


def test_a_missing_field_or_a_wrong_kind_is_unreadable() -> None:
    optional: set[Path] = {
        ("travel", "file"),
        ("travel", "sha256"),
        ("travel", "detail"),
        ("versions", "osusowake"),
    }
    optional |= {path for path, _ in NODES if path[-1] == "certificate"}
    fields = [path for path, _ in NODES if isinstance(path[-1], str) and "params" not in path[:-1]]
    for path in fields:
        if path not in optional:
            without = _fresh()
            del _parent(without, path)[path[-1]]
            with pytest.raises(PlanUnreadable):
                plan_from_json(without, MONDAY)
        wrong = _fresh()
        _parent(wrong, path)[path[-1]] = object()
        with pytest.raises(PlanUnreadable):
            plan_from_json(wrong, MONDAY)
