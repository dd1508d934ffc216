"""From the week's seconds to moments in the world, which the book needs across weeks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from logistics.model.errors import InvalidFact

JAPAN = timezone(timedelta(hours=9), "Asia/Tokyo")


def zone_of(name: str) -> tzinfo:
    """The time zone of that name.

    Raises:
        InvalidFact: if the machine knows no such zone.
    """
    # Japan has kept one offset since 1951, and small machines come without a zone database.
    if name == "Asia/Tokyo":
        return JAPAN
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidFact(f"timezone: {name!r} is not known on this machine") from error


def moment(week_start: date, seconds: int, timezone_name: str) -> datetime:
    """The moment so many seconds of local clock time after the week's first midnight."""
    local = datetime.combine(week_start, time()) + timedelta(seconds=seconds)
    return local.replace(tzinfo=zone_of(timezone_name))
