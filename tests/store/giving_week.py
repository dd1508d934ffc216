"""A week of long ago in a real book: GIVER's rice at the hub and at Tsubame (T1), in December 2024.

60 units of 500 g and one meal stand at HUB. G1 to G12 get 2 units each at HUB's session, but G12's are
dropped; W1 to W11 get one unit each at T1; D gets 3 units at the door, brought from HUB:

    HUB  22 + 3 = 25 units  12.5 kg  25 meals  12 households (G1 to G11, D)
    T1       11 units        5.5 kg  11 meals  11 households
    thrown away 2 units      1.0 kg
    in stock   22 units     11.0 kg
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from logistics import store
from logistics.inventory import Outcome, OutcomeKind
from logistics.model.people import Household
from tests.inventory import world

WEEKS = -100
MONDAY = world.MONDAY + timedelta(weeks=WEEKS)  # 23 December 2024
WEDNESDAY = MONDAY + timedelta(days=2)
KNOWN = datetime(2024, 12, 22, 9, 0, tzinfo=UTC)


def fill(book: Engine) -> None:
    """Import, publish and record the week."""
    names = [f"G{n}" for n in range(1, 13)] + [f"W{n}" for n in range(1, 12)]
    base = world.week([world.lot("RICE", 60)], WEEKS)
    guests = {
        name: Household(name, 34.85, 135.62, members=4, meals_wanted=9, session_ids=("V", "W"))
        for name in names
    }
    problem = world.week(
        [world.lot("RICE", 60)], WEEKS, households={**guests, "D": base.households["D"]}
    )
    lines = [(name, "RICE", *(("V", 2) if name[0] == "G" else ("W", 1))) for name in names]
    plan = world.plan(problem, [*lines, ("D", "RICE", None, 3)])
    store.import_week(book, problem, now=KNOWN)
    store.publish(book, problem, plan, [], now=KNOWN)
    noted = datetime(2024, 12, 25, 17, 0)
    outcomes = [
        Outcome(who, "RICE", where, WEDNESDAY, OutcomeKind.DELIVERED, None, noted)
        for who, _, where, _ in [*lines, ("D", "RICE", None, 3)]
        if who != "G12"
    ]
    dropped = Outcome(
        "G12",
        "RICE",
        "V",
        WEDNESDAY,
        OutcomeKind.WASTED,
        None,
        noted,
        reason="G12さんが落とした",
    )
    report = store.record(book, [*outcomes, dropped], now=KNOWN + timedelta(days=4))
    assert report.done, report.findings
