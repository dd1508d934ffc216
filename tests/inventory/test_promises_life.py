"""The book's functions live through random promises beside the naive oracle, which shares no code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from benchmarks.reliability import lived
from benchmarks.reliability.lived import PureBook, pure_life
from benchmarks.reliability.lives import Drift, FullLife, live
from benchmarks.reliability.town import ANNEX, HUB, lot_ids
from logistics.inventory.balance import violations

LOTS = lot_ids(2)
LOT, PLACE = st.sampled_from(LOTS), st.sampled_from((HUB, ANNEX))
UNITS = st.integers(1, 9)
PART = st.one_of(st.none(), UNITS)


class Promises(RuleBasedStateMachine):
    """Promises for households and sites with and without an end, kept, ended, in part and twice."""

    @initialize()
    def begin(self) -> None:
        self.life = FullLife(PureBook(LOTS, 12), LOTS, 12)
        self.names: list[tuple[str, str]] = []

    @rule(
        lot=LOT,
        place=PLACE,
        units=UNITS,
        to=st.sampled_from(("A", "B", HUB, ANNEX)),
        minutes=st.sampled_from((0, 10, 60)),
    )
    def reserve(self, lot: str, place: str, units: int, to: str, minutes: int) -> None:
        name = self.life.reserve(lot, place, units, to, minutes)
        if name is not None:
            self.names.append((name, lot))

    @precondition(lambda self: self.names)
    @rule(which=st.integers(0, 99), units=PART, kept=st.booleans())
    def end(self, which: int, units: int | None, kept: bool) -> None:
        name, lot = self.names[-1 - which % len(self.names)]
        (self.life.settle if kept else self.life.release)(name, lot, units)

    @rule(lot=LOT, place=PLACE, units=UNITS, to=st.sampled_from(("waste", ANNEX, HUB)))
    def take(self, lot: str, place: str, units: int, to: str) -> None:
        if to != place:
            self.life.take(lot, place, units, to)

    @rule(lot=LOT, more=UNITS, minutes=st.sampled_from((1, 10, 60)), held=st.booleans())
    def other(self, lot: str, more: int, minutes: int, held: bool) -> None:
        self.life.later(minutes)
        if held:
            self.life.hold(lot)
        else:
            self.life.count(lot, more)

    @invariant()
    def sound(self) -> None:
        for lot in LOTS:
            assert violations(self.life.book.balances[lot]) == []  # type: ignore[attr-defined]


TestPromises = Promises.TestCase
TestPromises.settings = settings(
    max_examples=500,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_many_operations_without_drift() -> None:
    found = pure_life(5_000, seed=3, lots=5)
    assert found.reached, found.text


def _one_more(real: Callable[..., Any]) -> Callable[..., Any]:
    """Now and then a hand-over of a part takes the whole."""

    def settled(reservation: Any, units: int | None, *others: Any) -> Any:
        return real(reservation, None if units == 3 else units, *others)

    return settled


def _never_over(real: Callable[..., Any]) -> Callable[..., Any]:
    """Promises that have expired go on standing in the way."""

    def promised(reservation: Any, goods: Any, balance: Any, _old: Any, now: Any) -> Any:
        return real(reservation, goods, balance, (), now)

    return promised


@pytest.mark.parametrize(
    ("name", "mutant"), [("settled", _one_more), ("promised", _never_over)], ids=["part", "expiry"]
)
def test_a_book_with_a_fault_drifts(name: str, mutant: Callable[..., Any]) -> None:
    life = FullLife(PureBook(LOTS, 12), LOTS, 12)
    with patch.object(lived, name, mutant(getattr(lived, name))), pytest.raises(Drift):
        live(life, 3_000, seed=1)
