"""Dates of lots: an oracle on whole numbers, ten thousand moments around midnight in Tokyo."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from logistics.inventory import Goods, Outcome, OutcomeKind, Reservation, expiry, goods_of
from logistics.inventory.clock import JAPAN
from logistics.inventory.expiry import After, Keeps, Late, keeps, late_at, lateness
from logistics.inventory.passage import Passage
from logistics.model.goods import last_day_of_month
from logistics.model.problem import DEFAULT_MARGIN_DAYS
from logistics.model.units import Label, Storage
from tests.inventory import world

CASES = 10_000
TOKYO_S, DAY_S = 9 * 3600, 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = (UTC, JAPAN, timezone(timedelta(hours=-8)), timezone(timedelta(hours=5, minutes=45)))
TURNS = ((2026, 12, 31), (2027, 1, 1), (2028, 2, 28), (2028, 2, 29), (2028, 3, 1), (2027, 2, 28),
         (2027, 3, 1), (2026, 11, 30), (2100, 2, 28), (2026, 11, 25))  # fmt: skip
PLAIN = goods_of(world.lot("L", 1), world.week([world.lot("L", 1)]))


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01, on whole numbers only (years from March on, cycles of 400 years)."""
    year -= month <= 2
    of_cycle = year % 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return (
        year // 400 * 146_097 + of_cycle * 365 + of_cycle // 4 - of_cycle // 100 + of_year - 719_468
    )


def month_end(year: int, month: int) -> int:
    """The last day of a month as days since 1970: the day before the next month's first."""
    return days_from_civil(year + (month == 12), month % 12 + 1, 1) - 1


def drawn(draws: random.Random) -> tuple[Goods, datetime, bool]:
    """A lot, a moment near one of its midnights in some zone, and whether it may be issued then."""
    turn = draws.choice(TURNS)
    storage, label = draws.choice(list(Storage)), draws.choice(list(Label))
    kind = draws.choice(("day", "month", "cooked"))
    near_s = draws.choice((0, 1, -1, 60, -60, draws.randrange(-DAY_S, DAY_S)))
    if kind == "cooked":
        end_s = days_from_civil(*turn) * DAY_S - TOKYO_S + draws.randrange(-7200, 7200)
        told = (EPOCH + timedelta(seconds=end_s)).astimezone(draws.choice(ZONES))
        goods = replace(PLAIN, storage=storage, last_day=None, label=Label.NONE, eat_by=told)
        at_s, good = end_s + near_s, near_s <= 0
    else:
        year, month, _ = turn
        last = month_end(year, month) if kind == "month" else days_from_civil(*turn)
        day = last_day_of_month(year, month) if kind == "month" else date(*turn)
        goods = replace(PLAIN, storage=storage, last_day=day, label=label, eat_by=None)
        first_bad_s = (last - DEFAULT_MARGIN_DAYS[storage, label] + 1) * DAY_S - TOKYO_S
        at_s = first_bad_s + near_s
        good = (at_s + TOKYO_S) // DAY_S + DEFAULT_MARGIN_DAYS[storage, label] <= last
    return goods, (EPOCH + timedelta(seconds=at_s)).astimezone(draws.choice(ZONES)), good


def wrong() -> Counter[str]:
    """How often the guard and the oracle differ, and how often either answer came."""
    draws = random.Random(20261125)
    seen: Counter[str] = Counter()
    for _ in range(CASES):
        goods, at, good = drawn(draws)
        issued = late_at(goods, at, JAPAN, DEFAULT_MARGIN_DAYS) is None
        seen["issued past margin"] += issued and not good
        seen["refused in time"] += good and not issued
        seen["good" if good else "late"] += 1
    return seen


def test_ten_thousand_moments_around_midnight_in_tokyo() -> None:
    seen = wrong()
    assert seen["issued past margin"] == seen["refused in time"] == 0
    assert min(seen["good"], seen["late"]) > CASES // 4


def test_the_cases_find_a_guard_that_counts_days_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "local_day", lambda at, _zone: at.astimezone(UTC).date())
    assert wrong()["issued past margin"] > 100


def test_last_days_by_label_and_storage() -> None:
    milk = replace(PLAIN, storage=Storage.CHILLED, label=Label.USE_BY, last_day=date(2026, 11, 27))
    assert keeps(milk, DEFAULT_MARGIN_DAYS, JAPAN) == Keeps(
        date(2026, 11, 27), date(2026, 11, 26), After.DISCARD
    )  # one day of margin
    rice = replace(PLAIN, label=Label.BEST_BEFORE, last_day=last_day_of_month(2028, 2))
    assert keeps(rice, DEFAULT_MARGIN_DAYS, JAPAN) == Keeps(
        date(2028, 2, 29), date(2028, 2, 22), After.LOOK
    )  # seven days before 29 Feb
    bento = replace(PLAIN, eat_by=datetime(2026, 11, 25, 15, 30, tzinfo=UTC))
    assert keeps(bento, DEFAULT_MARGIN_DAYS, JAPAN) == Keeps(
        date(2026, 11, 26), date(2026, 11, 26), After.DISCARD
    )  # half past midnight in Tokyo
    assert keeps(PLAIN, DEFAULT_MARGIN_DAYS, JAPAN) == Keeps(None, None, After.LOOK)


def test_a_session_that_ends_at_midnight_is_held_on_the_day_before() -> None:
    goods = replace(PLAIN, label=Label.USE_BY, last_day=date(2026, 11, 25))
    midnight = datetime(2026, 11, 26, tzinfo=JAPAN)
    assert lateness(goods, date(2026, 11, 25), midnight) is None
    assert late_at(goods, midnight, JAPAN) is Late.PAST_DATE


def settled(**more: object) -> tuple[Outcome, Reservation]:
    """Two units handed to A on Wednesday 25 November."""
    day, at = date(2026, 11, 25), datetime(2026, 11, 25, 12, tzinfo=JAPAN)
    promised = Reservation("R", "A", "L", "V", day, 2, "HUB", "HUB", at, (Passage(2, ()),))
    outcome = Outcome("A", "L", "V", day, OutcomeKind.DELIVERED, 2, datetime(2026, 11, 25, 13))
    return replace(outcome, **more), promised  # type: ignore[arg-type]


def test_a_hand_out_past_its_date_needs_a_reason() -> None:
    stale = {"L": replace(PLAIN, label=Label.USE_BY, last_day=date(2026, 11, 24))}
    good = {"L": replace(PLAIN, label=Label.USE_BY, last_day=date(2026, 11, 25))}
    assert [f.code for f in expiry.late_outcomes([settled()], stale)] == ["past_date"]
    assert expiry.late_outcomes([settled()], good) == ()  # the margin is for plans
    assert expiry.late_outcomes([settled(reason="frozen in time")], stale) == ()
    assert expiry.late_outcomes([settled(kind=OutcomeKind.NOT_HOME)], stale) == ()
    promised = settled()[1]
    late = expiry.late_promises([promised], good, DEFAULT_MARGIN_DAYS)
    assert [finding.code for finding in late] == ["past_margin"]
