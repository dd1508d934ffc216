"""Calendar months as the book closes them: after that their figures never change.

A month is written as its first day. It is closed at the midnight that begins the 15th of the next
month, on the network's clock. What is recorded later counts in the first month that was still open
then: figures that were once given out cannot be revised, so that nobody can compare two versions.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

CLOSING_DAY = 15
"""The day of the next month with whose beginning a month is closed."""


def month_of(day: date) -> date:
    """The month of a day."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The month after."""
    return month_of(month + timedelta(days=31))


def last_day(month: date) -> date:
    """The last day of a month."""
    return next_month(month) - timedelta(days=1)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """All months from the first to the last, both included."""
    found = []
    month = first
    while month <= last:
        found.append(month)
        month = next_month(month)
    return tuple(found)


def closes_at(month: date, zone: tzinfo) -> datetime:
    """The moment at which a month is closed."""
    return datetime.combine(next_month(month).replace(day=CLOSING_DAY), time(), zone)


def counts_in(effective_at: datetime, recorded_at: datetime, zone: tzinfo) -> date:
    """The month in which a fact counts: its own, or the first that was open when it was recorded."""
    known = recorded_at.astimezone(zone).date()
    this = month_of(known)
    before = month_of(this - timedelta(days=1))
    still_open = this if known.day >= CLOSING_DAY else before
    return max(month_of(effective_at.astimezone(zone).date()), still_open)
