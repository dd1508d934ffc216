"""Single packs as events: the level a household leaves by one pack, and the level it reaches.

Leximin takes events in the order of (level left, minus level reached). A pack moved from one
household to another betters the plan exactly when the giver's last event comes after the taker's
next one: then the lower of the two stands higher than before, or as high with a higher other.
"""

from __future__ import annotations

from logistics.judge.shares_case import ShareCase

Event = tuple[int, int, int]
"""Level left and level reached, both over the third number."""


def next_event(case: ShareCase, household: int, pack: int) -> Event:
    """What one more pack, of so many grains, would do for a household."""
    given, past = case.given[household] // case.scale[household], case.past[household]
    return (
        past + min(case.wanted[household], given),
        past + min(case.wanted[household], given + pack),
        case.total[household] * case.weight[household],
    )


def last_event(case: ShareCase, household: int, pack: int) -> Event:
    """What the last pack of a household, of so many grains, did for it."""
    given, past = case.given[household] // case.scale[household], case.past[household]
    return (
        past + min(case.wanted[household], given - pack),
        past + min(case.wanted[household], given),
        case.total[household] * case.weight[household],
    )


def comes_after(event: Event | None, other: Event | None) -> bool:
    """Whether an event leaves a higher level than another, or the same one for a lower."""
    if event is None or other is None:
        return event is not None
    left = event[0] * other[2] - other[0] * event[2]
    return left > 0 or (left == 0 and event[1] * other[2] < other[1] * event[2])
