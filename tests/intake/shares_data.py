"""A small bare instance as JSON data, and the same as a folder of Parquet or CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Json = dict[str, Any]

LOT_COLUMNS = ("id", "units", "unit_meals", "pack")
HOUSEHOLD_COLUMNS = ("id", "wanted", "past_wanted", "past_received", "weight")


def lot(name: str, units: object, unit_meals: object = "1", pack: object = 1) -> Json:
    return {"id": name, "units": units, "unit_meals": unit_meals, "pack": pack}


def household(
    name: str,
    wanted: object,
    past_wanted: object = 0,
    past_received: object = 0,
    weight: object = "1",
) -> Json:
    return {
        "id": name,
        "wanted": wanted,
        "past_wanted": past_wanted,
        "past_received": past_received,
        "weight": weight,
    }


def small() -> Json:
    """Three lots, four households; H3 has no entry in eligible, H1 and H4 may have the same."""
    return {
        "format": "osusowake.shares/1",
        "integer": False,
        "lots": [lot("L1", 10), lot("L2", "7/2", "0.5"), lot("L3", 3, "0.25", 2)],
        "households": [
            household("H1", 4),
            household("H2", "1/3", 8, "2.5", "1.25"),
            household("H3", 2),
            household("H4", 1),
        ],
        "eligible": {"H1": ["L1", "L2"], "H2": ["L3"], "H4": ["L2", "L1"]},
        "capacities": [
            {"id": "C1", "meals_max": 20, "lots": ["L1", "L3"], "households": None},
            {"id": "C2", "meals_max": "0.75", "lots": None, "households": ["H2"]},
        ],
    }


def write_json(data: object, path: Path) -> Path:
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def tables_of(data: Json) -> dict[str, tuple[Sequence[str], list[list[Any]]]]:
    """Heading and rows of every table; a class for each household that has an entry."""
    tables: dict[str, tuple[Sequence[str], list[list[Any]]]] = {
        "lots": (LOT_COLUMNS, [[each[name] for name in LOT_COLUMNS] for each in data["lots"]]),
        "households": (
            (*HOUSEHOLD_COLUMNS, "eligible_class"),
            [
                [
                    *(each[name] for name in HOUSEHOLD_COLUMNS),
                    f"of {each['id']}" if data["eligible"].get(each["id"]) else "",
                ]
                for each in data["households"]
            ],
        ),
        "eligible": (
            ("class", "lot_id"),
            [[f"of {name}", each] for name, lots in data["eligible"].items() for each in lots],
        ),
    }
    if "capacities" in data:
        tables["capacities"] = (
            ("id", "meals_max", "lots", "households"),
            [
                [each["id"], each["meals_max"], each["lots"], each["households"]]
                for each in data["capacities"]
            ],
        )
    return tables


def write_folder(data: Json, folder: Path, suffix: str) -> Path:
    """The instance as `csv` or `parquet` tables."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"format": data["format"], "integer": data["integer"]}
    (folder / "instance.json").write_text(json.dumps(settings), encoding="utf-8")
    for name, (heading, rows) in tables_of(data).items():
        path = folder / f"{name}.{suffix}"
        if suffix == "csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(heading)
                writer.writerows([[_cell(value) for value in row] for row in rows])
        else:
            columns = list(zip(*rows, strict=True)) or [()] * len(heading)
            arrays = {
                key: _column(key, values) for key, values in zip(heading, columns, strict=True)
            }
            pq.write_table(pa.table(arrays), path)
    return folder


def _cell(value: object) -> object:
    """Blank for all, `;` between several."""
    return "" if value is None else ";".join(value) if isinstance(value, list) else value


def _column(name: str, values: Sequence[Any]) -> pa.Array:
    """Whole numbers as such, lists as lists, all else as text."""
    if name in ("lots", "households"):
        return pa.array(values, pa.list_(pa.string()))
    if values and all(type(value) is int and abs(value) < 2**63 for value in values):
        return pa.array(values, pa.int64())
    return pa.array([str(value) for value in values], pa.string())
