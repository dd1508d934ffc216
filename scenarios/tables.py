"""CSV tables as a coordinator types them: UTF-8, one header row, one line a row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

COLUMNS: Mapping[str, Sequence[str]] = {
    name: columns.split(",")
    for name, columns in {
        "organisations": "org_id,name,sector",
        "sites": "site_id,org_id,name,kind,lat,lon,ambient_kg,chilled_kg,frozen_kg,receive_open,"
        "receive_close,dock_minutes",
        "lots": "lot_id,site_id,org_id,item,food_group,storage,units,hold_units,unit_g,unit_meals,"
        "pack,label,label_date,made_on,ready_at,collect_by,hours_max,allergens,allergens_checked,"
        "kitchen_needed,tags",
        "sessions": "session_id,site_id,date,open,close,households_max",
        "households": "household_id,lat,lon,members,infants,children,seniors,meals_wanted,avoid,"
        "diet,kitchen,cold,channel,session_ids,date,window_open,window_close,visit_minutes,"
        "language,weight",
        "vehicles": "vehicle_id,home_site_id,ambient_kg,chilled_kg,frozen_kg,cold_minutes_max",
        "shifts": "vehicle_id,date,start,end",
        "history": "household_id,week_start,meals_wanted,meals_received",
        "contacts": "id,name,phone,address,note",
    }.items()
}
"""The week folder's tables and their columns, in the order in which they are written."""


def read_rows(path: Path) -> list[dict[str, str]]:
    """All rows of a committed table, by column name."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows under a header; columns that a row does not have stay blank, others are left out."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_week(folder: Path, tables: Mapping[str, Iterable[Mapping[str, object]]]) -> None:
    """Write tables of a week folder, each under the columns of its kind."""
    for name, rows in tables.items():
        write_rows(folder / f"{name}.csv", COLUMNS[name], rows)
