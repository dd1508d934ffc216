"""Files told to the book in any order, in parts, again and again, or by a process that is killed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from benchmarks.reliability.clients import clients, first_words, hear
from benchmarks.reliability.town import NOW, week
from benchmarks.reliability.worker import take_in
from logistics import store
from logistics.inventory import Outcome
from tests.judge.good_week import good_week
from tests.store.test_verbs import all_entries, tuesday

LOTS, UNITS = 500, 7

Facts = set[tuple[str, str, str, str, int]]


def facts_of(engine: Engine) -> Facts:
    """Every entry without the moment at which it was told."""
    return {
        (entry.id, entry.lot_id, str(entry.source), str(entry.target), entry.units)
        for entry in all_entries(engine)
    }


def test_an_import_that_is_killed_is_all_there_or_not_at_all(url: str, tmp_path: Path) -> None:
    """Eight times the process is killed somewhere in its work, and the next one tells the week again."""
    draws = random.Random(1)
    book = store.init_book(url)
    seen: set[int] = set()
    for _ in range(8):
        with clients(take_in, [(url, LOTS, UNITS)]) as told:
            first_words(told)
            hear(told, draws.uniform(0, 0.5))
            told[0].kill()
        seen.add(len(all_entries(book)))
        assert seen <= {0, LOTS}
        assert ("done" not in told[0].said) or seen >= {LOTS}
    store.import_week(book, week(LOTS, UNITS), now=NOW)
    undisturbed = store.init_book(f"sqlite:///{tmp_path}/undisturbed.db")
    store.import_week(undisturbed, week(LOTS, UNITS), now=NOW)
    assert facts_of(book) == facts_of(undisturbed)
    assert len(all_entries(book)) == LOTS
    assert store.audit(book, now=NOW).findings == ()


@pytest.fixture(scope="module")
def told_at_once(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    folder = tmp_path_factory.mktemp("once")
    book = published(f"sqlite:///{folder}/once.db")
    store.record(book, tuesday(), now=NOW)
    return facts_of(book)


def published(url: str) -> Engine:
    problem, _, plan = good_week()
    book = store.init_book(url)
    store.import_week(book, problem, now=NOW)
    store.publish(book, problem, plan, [], now=NOW)
    return book


@st.composite
def tellings(draw: st.DrawFn) -> list[list[Outcome]]:
    """The rows of one file in any order, cut into files, some of which are told twice."""
    rows = draw(st.permutations(tuesday()))
    cuts = sorted(draw(st.sets(st.integers(1, len(rows) - 1), max_size=4)))
    files = [
        list(rows[start:end]) for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)
    ]
    return files + draw(st.lists(st.sampled_from(files), max_size=3))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(files=tellings())
def test_outcomes_in_parts_and_in_any_order_come_to_the_same(
    files: Sequence[Sequence[Outcome]],
    told_at_once: Facts,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    book = published(f"sqlite:///{tmp_path_factory.mktemp('parts')}/parts.db")
    for rows in files:
        assert store.record(book, rows, now=NOW).findings == ()
    assert facts_of(book) == told_at_once
