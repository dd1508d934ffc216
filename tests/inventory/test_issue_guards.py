"""Nothing is issued past its margin, by whatever way: each guard at the ten thousand moments of dates.

The cases and their oracle on whole numbers are those of `test_expiry`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from logistics.inventory import EMPTY, Goods, Outcome, OutcomeKind, promises
from logistics.inventory.clock import JAPAN
from logistics.inventory.entries import site
from logistics.inventory.expiry import late_outcomes, late_promises, local_day
from logistics.inventory.mutual import Calendar, Need, Offer, unfit
from logistics.inventory.promises import NotFree, direct, promised, refuse_handing_over
from logistics.inventory.reservation import Reservation
from logistics.model.problem import DEFAULT_MARGIN_DAYS
from tests.inventory.test_expiry import CASES, drawn

STOCK = replace(EMPTY, units={("L", site("HUB")): 1})

Guard = Callable[[Goods, datetime], bool]
"""Whether a way of issuing lets a lot pass at a moment."""


def publish(goods: Goods, at: datetime) -> bool:
    """A plan that hands over at the moment."""
    return not late_promises([_promised(at)], {"L": goods}, DEFAULT_MARGIN_DAYS)


def reserve(goods: Goods, at: datetime) -> bool:
    """A promise without a plan."""
    try:
        promised(_promised(at), goods, STOCK, (), at)
    except NotFree:
        return False
    return True


def settle(goods: Goods, at: datetime) -> bool:
    """A promise kept."""
    try:
        refuse_handing_over(_promised(at), goods, EMPTY, at, JAPAN)
    except NotFree:
        return False
    return True


def record(goods: Goods, at: datetime) -> bool:
    """A sheet about a line that was published: its day is the line's, so both guards look at it."""
    told = Outcome("A", "L", None, local_day(at, JAPAN), OutcomeKind.DELIVERED, 1, _clock(at))
    return publish(goods, at) and not late_outcomes([(told, _promised(at))], {"L": goods})


def transfer(goods: Goods, at: datetime) -> bool:
    """Units brought to another site for the same day; the hours of cooked meals are looked at too."""
    day = local_day(at, JAPAN)
    offer, need = Offer("O1", "HUB", "L", 1, day), Need("N1", "T1", None, 1, day)
    fits = not unfit(offer, need, goods, Calendar(day, JAPAN, DEFAULT_MARGIN_DAYS))
    return fits and settle(goods, at)


GUARDS: tuple[Guard, ...] = (publish, reserve, settle, record, transfer)


def _clock(at: datetime) -> datetime:
    return at.astimezone(JAPAN).replace(tzinfo=None)


def _promised(at: datetime) -> Reservation:
    day = local_day(at, JAPAN)
    return direct("L/1", "L", "HUB", 1, household_id="A", day=day, now=at)


def wrong(guard: Guard) -> Counter[str]:
    """How often a guard and the oracle differ."""
    draws = random.Random(20261125)
    seen: Counter[str] = Counter()
    for _ in range(CASES):
        goods, at, good = drawn(draws)
        passed = guard(replace(goods, id="L"), at)
        seen["issued past margin"] += passed and not good
        seen["refused in time"] += good and not passed
    return seen


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_ten_thousand_moments_by_each_way_of_issuing(guard: Guard) -> None:
    assert not +wrong(guard)


def test_the_cases_find_a_promise_that_looks_at_the_date_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = promises.lateness
    monkeypatch.setattr(promises, "lateness", lambda goods, day, at, _margins: real(goods, day, at))
    assert wrong(reserve)["issued past margin"] > 1000


def test_with_a_reason_it_is_booked() -> None:
    draws = random.Random(1)
    goods, at, _ = next(case for _ in range(99) if not (case := drawn(draws))[2])
    refuse_handing_over(_promised(at), goods, EMPTY, at, JAPAN, reason="given on the day before")
    with pytest.raises(NotFree):
        refuse_handing_over(_promised(at), goods, EMPTY, at, JAPAN, reason="  ")
