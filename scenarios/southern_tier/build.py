"""Build the Southern Tier week: `python -m scenarios.southern_tier.build FOLDER --seed N`.

Each mobile pantry is one household that is visited once, on a weekday given by a sweep around the
hub. Seed 0 asks for the mean demand; any other seed draws each site's demand from a normal
distribution with the site's mean and deviation. The supply is the summed mean demand either way.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import atan2, cos, pi, radians
from pathlib import Path
from random import Random

from scenarios.ground import Point, crow_km
from scenarios.tables import read_rows, write_week

HERE = Path(__file__).parent
SEED = 0
WEEK_START = date(2019, 6, 3)
HUB: Point = (42.08, -76.80)
"""Elmira, the food bank's city, to two decimals: not an address."""
DRIVING_DAYS = tuple(WEEK_START + timedelta(days=day) for day in range(1, 6))
"""Tuesday to Saturday."""
SWEEP_FROM_RAD = -pi / 2
"""The sweep starts in the south, where few sites lie."""

UNIT_G = 10_000
"""One client's share of a visit."""
TRUCKS = 4
TRUCK_KG = 7_000
SHIFT = {"start": "07:00", "end": "17:00"}
LONG_VISIT_FROM = 100
"""From this mean demand a visit takes 45 minutes, below it 30."""

Row = Mapping[str, str]


def build(folder: Path, seed: int = SEED) -> None:
    """Write the week folder from `demand.csv`, the table of real sites."""
    pantries = read_rows(HERE / "demand.csv")
    wanted = demands(pantries, seed)
    supply = sum(demands(pantries, SEED).values())
    days = visit_days(pantries)
    trucks = [f"V{number}" for number in range(1, TRUCKS + 1)]

    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / "invented" / "week.toml", folder / "week.toml")
    write_week(
        folder,
        {
            "organisations": [{"org_id": "O1", "name": "Food bank (Elmira)", "sector": "civic"}],
            "sites": [hub(supply)],
            "lots": [lot(supply)],
            "sessions": [],
            "households": [
                household(row, wanted[row["household_id"]], days[row["household_id"]])
                for row in pantries
            ],
            "vehicles": [
                {"vehicle_id": v, "home_site_id": "HUB", "ambient_kg": TRUCK_KG} for v in trucks
            ],
            "shifts": [
                {"vehicle_id": v, "date": day, **SHIFT} for day in DRIVING_DAYS for v in trucks
            ],
            "history": [],
        },
    )


def demands(pantries: Sequence[Row], seed: int) -> dict[str, int]:
    """Whole clients asking at each site: the rounded mean for seed 0, else a normal draw >= 0."""
    rng = Random(f"{seed}:demand")
    asked = {}
    for row in pantries:
        mean, stdev = float(row["mean_demand"]), float(row["stdev_demand"])
        demand = mean if seed == SEED else rng.normalvariate(mean, stdev)
        asked[row["household_id"]] = max(0, round(demand))
    return asked


def visit_days(pantries: Sequence[Row]) -> dict[str, date]:
    """A day for each site: a sweep around the hub, cut where each day has a fifth of the work.

    The work of a site, in hours at 60 km/h: its visit and half of a drive out and back, since
    neighbours share the way.
    """
    ordered = sorted(pantries, key=lambda row: (_angle(row), row["household_id"]))
    work = [_visit_minutes(row) / 60 + crow_km(HUB, _point(row)) / 60 for row in ordered]
    total, done = sum(work), 0.0
    days = {}
    for row, hours in zip(ordered, work, strict=True):
        slot = int(len(DRIVING_DAYS) * (done + hours / 2) / total)
        days[row["household_id"]] = DRIVING_DAYS[slot]
        done += hours
    return days


def hub(supply: int) -> dict[str, object]:
    """The only site; it holds the whole week's supply."""
    return {
        "site_id": "HUB",
        "org_id": "O1",
        "name": "Elmira",
        "kind": "hub",
        "lat": HUB[0],
        "lon": HUB[1],
        "ambient_kg": supply * UNIT_G // 1000,
        "receive_open": "06:00",
        "receive_close": "18:00",
        "dock_minutes": 20,
    }


def lot(supply: int) -> dict[str, object]:
    """The week's supply: equal shares that everybody may eat."""
    return {
        "lot_id": "L1",
        "site_id": "HUB",
        "org_id": "O1",
        "item": "Client share",
        "food_group": "other",
        "storage": "ambient",
        "units": supply,
        "hold_units": 0,
        "unit_g": UNIT_G,
        "unit_meals": 1,
        "pack": 1,
        "label": "best_before",
        "label_date": WEEK_START + timedelta(days=60),
        "allergens_checked": "all",
        "kitchen_needed": "none",
    }


def household(row: Row, wanted: int, day: date) -> dict[str, object]:
    """One mobile pantry as a household: as many members as the meals it wants."""
    return {
        **row,
        "members": max(1, wanted),
        "infants": 0,
        "children": 0,
        "seniors": 0,
        "meals_wanted": wanted,
        "kitchen": "full",
        "cold": "freezer",
        "channel": "delivery",
        "date": day,
        "window_open": "08:00",
        "window_close": "16:00",
        "visit_minutes": _visit_minutes(row),
        "language": "en",
        "weight": 1,
    }


def _visit_minutes(row: Row) -> int:
    return 45 if float(row["mean_demand"]) >= LONG_VISIT_FROM else 30


def _point(row: Row) -> Point:
    return float(row["lat"]), float(row["lon"])


def _angle(row: Row) -> float:
    """Direction from the hub in radians, counted from `SWEEP_FROM_RAD` anticlockwise."""
    lat, lon = _point(row)
    bearing = atan2(lat - HUB[0], (lon - HUB[1]) * cos(radians(HUB[0])))
    return (bearing - SWEEP_FROM_RAD) % (2 * pi)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the Southern Tier week folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    build(options.folder, options.seed)


if __name__ == "__main__":
    main()
