"""The made-up people of the scenario: households, what they received before, whom to call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from scenarios.ground import Point
from scenarios.takatsuki.city import City

Row = Mapping[str, str]

MEALS_WANTED = {1: 4, 2: 6, 3: 9, 4: 12, 5: 14, 6: 16}
"""Meals a week asked for, by members: food for two or three days, less per head in large homes."""
WEEKS_OF_HISTORY = 8
NEWCOMERS = 4
"""This many households joined while the history ran."""


def households(
    city: City, profiles: Sequence[Row], sites: Mapping[str, Point], rng: Random
) -> list[dict[str, object]]:
    """One row a household: the profiles in order, each with its count, at drawn homes.

    Wanted meals vary by one around `MEALS_WANTED`, within 4..16.
    """
    rows: list[dict[str, object]] = []
    for profile in profiles:
        centre = sites.get(profile["near"]) or city.point(profile["near"])
        for _ in range(int(profile["count"])):
            lat, lon = city.home_near(rng, centre, float(profile["within_km"]))
            wanted = MEALS_WANTED[int(profile["members"])] + rng.choice((-1, 0, 0, 1))
            rows.append(
                {
                    **profile,
                    "household_id": f"H{len(rows) + 1:02d}",
                    "lat": f"{lat:.5f}",
                    "lon": f"{lon:.5f}",
                    "meals_wanted": min(max(wanted, 4), 16),
                }
            )
    return rows


def history(
    city: City,
    homes: Sequence[Mapping[str, object]],
    days: Mapping[str, Sequence[date]],
    week_start: date,
    rng: Random,
) -> list[dict[str, object]]:
    """What each household wanted and received in the eight weeks before.

    `days` gives the days of this week on which a household is served. Received varies around the
    profile's `past_fill`; where every such day of a past week was a holiday, the run did not go out.
    """
    joined = {str(home["household_id"]): WEEKS_OF_HISTORY for home in homes}
    for household_id in rng.sample(sorted(joined), NEWCOMERS):
        joined[household_id] = rng.randrange(0, WEEKS_OF_HISTORY - 2)
    rows: list[dict[str, object]] = []
    for back in range(WEEKS_OF_HISTORY, 0, -1):
        for home in homes:
            household_id, wanted = str(home["household_id"]), int(str(home["meals_wanted"]))
            fill = float(str(home["past_fill"])) + rng.uniform(-0.15, 0.15)
            if back > joined[household_id]:
                continue
            past = [day - timedelta(weeks=back) for day in days[household_id]]
            closed = all(day in city.holidays for day in past)
            rows.append(
                {
                    "household_id": household_id,
                    "week_start": week_start - timedelta(weeks=back),
                    "meals_wanted": wanted,
                    "meals_received": 0 if closed else min(wanted, round(wanted * fill)),
                }
            )
    return rows


def contacts(
    sites: Sequence[Row], homes: Sequence[Mapping[str, object]]
) -> list[dict[str, object]]:
    """Plainly fictional names, numbers and addresses for the printed sheets."""
    called = [(site["site_id"], f"{site['name']} 担当") for site in sites]
    called += [(str(home["household_id"]), f"見本 {home['household_id']} 様") for home in homes]
    return [
        {
            "id": key,
            "name": name,
            "phone": f"000-0000-{number:04d}",
            "address": f"高槻市見本町{number}番地(架空)",
            "note": "架空の連絡先です",
        }
        for number, (key, name) in enumerate(called, start=1)
    ]
