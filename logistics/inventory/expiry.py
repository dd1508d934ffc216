"""How long a lot may still be issued: the rules of date labels, on the network's own calendar.

A day begins at midnight on the network's clock, never at midnight UTC. A year-month label has become
the last day of its month when the book learns of it (`logistics.model.goods.last_day_of_month`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType

from logistics.inventory.goods import Goods
from logistics.inventory.outcomes import Outcome, OutcomeKind
from logistics.inventory.reservation import Reservation
from logistics.model.errors import Finding
from logistics.model.units import Label, Storage

Margins = Mapping[tuple[Storage, Label], int]
"""Whole days that goods must still keep when they are handed over, by storage and label."""


class After(StrEnum):
    """What is to be done with goods once their last day is over."""

    DISCARD = "discard"
    LOOK = "look"


AFTER: Mapping[Label, After] = MappingProxyType(
    {Label.USE_BY: After.DISCARD, Label.BEST_BEFORE: After.LOOK, Label.NONE: After.LOOK}
)
"""A use-by date is about safety; a best-before date or an estimate is about quality: somebody looks."""


class Late(StrEnum):
    """Why goods may not be issued at a moment any more."""

    PAST_DATE = "past_date"
    PAST_MARGIN = "past_margin"
    COOKED_TOO_OLD = "cooked_too_old"


@dataclass(frozen=True, slots=True)
class Keeps:
    """How long a lot keeps: last day of its date, last day of issue, what to do afterwards.

    `None` stands for goods without a date. For a cooked meal both days are the day on which its hours
    end, unless its date comes first.
    """

    last_day: date | None
    issue_until: date | None
    after: After


def keeps(goods: Goods, margins: Margins, zone: tzinfo) -> Keeps:
    """The last days of a lot on a clock, with the margin of its storage and label."""
    after = After.DISCARD if goods.eat_by is not None else AFTER[goods.label]
    lasts, issues = [], []
    if goods.last_day is not None:
        lasts.append(goods.last_day)
        issues.append(goods.last_day - timedelta(days=margins[goods.storage, goods.label]))
    if goods.eat_by is not None:
        lasts.append(local_day(goods.eat_by, zone))
        issues.append(local_day(goods.eat_by, zone))
    return Keeps(min(lasts, default=None), min(issues, default=None), after)


def local_day(at: datetime, zone: tzinfo) -> date:
    """The calendar day of a moment on the network's clock."""
    return at.astimezone(zone).date()


def lateness(goods: Goods, day: date, at: datetime, margins: Margins | None = None) -> Late | None:
    """Why a lot may not be issued on a day of the network, at a moment; `None` if it may.

    The last day itself is good, less the margin if margins are given, and so is the last moment of a
    cooked meal. Day and moment are told apart because a session that ends at midnight is held on the
    day before.
    """
    if goods.eat_by is not None and at > goods.eat_by:
        return Late.COOKED_TOO_OLD
    if goods.last_day is None:
        return None
    if day > goods.last_day:
        return Late.PAST_DATE
    margin = 0 if margins is None else margins[goods.storage, goods.label]
    return Late.PAST_MARGIN if day + timedelta(days=margin) > goods.last_day else None


def late_at(
    goods: Goods, at: datetime, zone: tzinfo, margins: Margins | None = None
) -> Late | None:
    """Why a lot may not be issued at a moment, whatever zone the moment is told in."""
    return lateness(goods, local_day(at, zone), at, margins)


def late_promises(
    reservations: Iterable[Reservation], goods: Mapping[str, Goods], margins: Margins
) -> tuple[Finding, ...]:
    """A finding for each promise of goods that will be past their margin when they are handed over."""
    findings = []
    for each in reservations:
        why = lateness(goods[each.lot_id], each.day, each.handover_at, margins)
        if why is not None:
            lot = goods[each.lot_id]
            message = f"Household {each.household_id}, lot {each.lot_id}: {_why(lot, why)}"
            ids = (each.household_id, each.lot_id)
            findings.append(Finding(str(why), message, fix="plan the week again", ids=ids))
    return tuple(findings)


def late_outcomes(
    settled: Iterable[tuple[Outcome, Reservation]], goods: Mapping[str, Goods]
) -> tuple[Finding, ...]:
    """A finding for each hand-out of goods past their date for which nobody says why.

    With a reason it is booked: what happened happened. The margin is for plans, not for the past.
    """
    findings = []
    for outcome, reservation in settled:
        if outcome.reason or outcome.kind not in (OutcomeKind.DELIVERED, OutcomeKind.PARTLY):
            continue
        lot = goods[outcome.lot_id]
        why = lateness(lot, outcome.day, reservation.handover_at)
        if why is not None:
            fix = "if it was not handed out, say wasted; if it was, write the reason"
            findings.append(outcome.finding(str(why), _why(lot, why), fix, "reason"))
    return tuple(findings)


def _why(goods: Goods, why: Late) -> str:
    """What is too late about it, for people."""
    if why is Late.COOKED_TOO_OLD:
        return f"its hours were over at {goods.eat_by:%Y-%m-%d %H:%M}"
    margin = " less its margin" if why is Late.PAST_MARGIN else ""
    return f"handed over after its last day, {goods.last_day}{margin}"
