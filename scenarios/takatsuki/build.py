"""Build the Takatsuki week: `python -m scenarios.takatsuki.build FOLDER --seed N`.

Reads the real facts (`facts/`) and the invented tables (`invented/`), draws homes, wants, amounts
and history from the seed, and writes a week folder. The committed week is seed `SEED`.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random

from logistics.model.errors import InvalidFact
from scenarios.ground import Point
from scenarios.tables import read_rows, write_week
from scenarios.takatsuki import people
from scenarios.takatsuki.city import FACTS, City, read_city

INVENTED = Path(__file__).parent / "invented"
SEED = 1
WEEK_START = date(2026, 11, 23)

COPIED = ("week.toml", "organisations.csv", "sessions.csv", "vehicles.csv", "shifts.csv")
Row = Mapping[str, str]


def build(folder: Path, seed: int = SEED) -> None:
    """Write the week folder.

    Raises:
        InvalidFact: if the invented calendar opens or drives on a public holiday.
    """
    city = read_city()
    sites, sessions, shifts, lots, profiles = (
        read_rows(INVENTED / f"{name}.csv")
        for name in ("sites", "sessions", "shifts", "lots", "households")
    )
    keep_holidays(city, sessions, shifts)
    points = {site["site_id"]: city.point(site["place"]) for site in sites}
    homes = people.households(city, profiles, points, Random(f"{seed}:households"))
    past = people.history(
        city, homes, served_days(homes, sessions), WEEK_START, Random(f"{seed}:history")
    )

    folder.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        shutil.copyfile(INVENTED / name, folder / name)
    shutil.copyfile(FACTS / "boundary.geojson", folder / "boundary.geojson")
    write_week(
        folder,
        {
            "sites": located(sites, points),
            "lots": drawn_lots(lots, Random(f"{seed}:lots")),
            "households": homes,
            "history": past,
            "contacts": people.contacts(sites, homes),
        },
    )


def keep_holidays(city: City, sessions: Sequence[Row], shifts: Sequence[Row]) -> None:
    """Refuse sessions and shifts on a public holiday: the satellites are closed and nobody drives."""
    for row in (*sessions, *shifts):
        day = date.fromisoformat(row["date"])
        if day in city.holidays:
            raise InvalidFact(f"{row} falls on a public holiday: {city.holidays[day]}")


def located(sites: Sequence[Row], points: Mapping[str, Point]) -> list[dict[str, object]]:
    """Sites at the point of their town or school."""
    return [
        {**site, "lat": points[site["site_id"]][0], "lon": points[site["site_id"]][1]}
        for site in sites
    ]


def drawn_lots(lots: Sequence[Row], rng: Random) -> list[dict[str, object]]:
    """Numbered lots with whole packs drawn from `units_min`..`units_max`."""
    rows: list[dict[str, object]] = []
    for number, lot in enumerate(lots, start=1):
        pack = int(lot["pack"])
        packs = rng.randint(int(lot["units_min"]) // pack, int(lot["units_max"]) // pack)
        rows.append({**lot, "lot_id": f"L{number:02d}", "units": packs * pack})
    return rows


def served_days(
    homes: Sequence[Mapping[str, object]], sessions: Sequence[Row]
) -> dict[str, list[date]]:
    """The days of the week on which each household is served: its visit, or its sessions."""
    opens = {row["session_id"]: date.fromisoformat(row["date"]) for row in sessions}
    return {
        str(home["household_id"]): [date.fromisoformat(str(home["date"]))]
        if home["date"]
        else [opens[session] for session in str(home["session_ids"]).split(";")]
        for home in homes
    }


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the Takatsuki week folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    build(options.folder, options.seed)


if __name__ == "__main__":
    main()
