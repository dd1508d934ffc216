"""A small valid week as text, to be written, dressed differently or broken on purpose.

Monday 2026-11-23. Tonda Bakery (S3) offers bread, the hub (S1) holds rice and cabbage, the temple
(S2) opens on Wednesday from 15:00 to 17:00. H1 and H2 come, H3 is visited on Thursday.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

Rows = list[list[str]]

SETTINGS = """\
name = "Tonda 11-23"
week_start = 2026-11-23
timezone = "Asia/Tokyo"

[policy]
group_share_max = 0.6
week_floor = 0.5

[policy.margin_days]
ambient = { best_before = 5 }

[[runs]]
run_id = "R1"
date = 2026-11-25
site_id = "S2"
meals = 50
"""

_TABLES = {
    "organisations": """\
org_id,name,sector
O1,Tonda network,civic
O2,Temple,religious
O3,Tonda Bakery,company
""",
    "sites": """\
site_id,org_id,name,kind,lat,lon,ambient_kg,chilled_kg,frozen_kg,receive_open,receive_close,dock_minutes
S1,O1,Hub,hub,34.85,135.60,500,80.5,,08:00,18:00,10
S2,O2,Temple pantry,satellite,34.84,135.61,200,20,,09:00,18:00,5
S3,O3,Bakery,donor,34.86,135.62,,,,10:00,16:00,5
""",
    "lots": """\
lot_id,site_id,org_id,item,food_group,storage,units,hold_units,unit_g,unit_meals,pack,label,label_date,made_on,ready_at,collect_by,hours_max,allergens,allergens_checked,kitchen_needed,tags
L1,S1,O1,Rice 2 kg,staple,ambient,40,4,2000,10,1,best_before,2027-06,2026-10-01,,,,,all,full,vegan;halal
L2,S1,O1,Cabbage,produce,chilled,20,,1200,0.5,2,none,2026-11-30,,,,,,,full,vegan
L3,S3,O3,Bread,staple,ambient,60,,400,2,1,use_by,2026-11-28,2026-11-24,2026-11-24T10:00,2026-11-24T16:00,,wheat;milk,all,none,
L4,S2,O2,Bento,meal,chilled,10,,350,1,1,use_by,2026-11-26,2026-11-25,2026-11-25T13:00,,4,egg,egg;wheat,none,
""",
    "sessions": """\
session_id,site_id,date,open,close,households_max
V1,S2,2026-11-25,15:00,17:00,30
V2,S1,2026-11-27,10:00,12:00,
""",
    "households": """\
household_id,lat,lon,members,infants,children,seniors,meals_wanted,avoid,diet,kitchen,cold,channel,session_ids,date,window_open,window_close,visit_minutes,language,weight
H1,34.841,135.612,4,1,1,,12,wheat,,full,fridge,pickup,V1;V2,,,,,ja,
H2,34.843,135.608,1,,,1,3,,soft,microwave,none,pickup,V1,,,,,ja,1.5
H3,34.855,135.601,2,,,,6,egg;milk,halal;no_alcohol,full,freezer,delivery,,2026-11-26,10:00,12:00,8,en,
""",
    "vehicles": """\
vehicle_id,home_site_id,ambient_kg,chilled_kg,frozen_kg,cold_minutes_max
C1,S1,300,50,,90
""",
    "shifts": """\
vehicle_id,date,start,end,volunteer_ids
C1,2026-11-24,09:00,15:00,P1
C1,2026-11-25,09:00,17:30,P1;P2
C1,2026-11-26,09:00,13:00,P2
""",
    "history": """\
household_id,week_start,meals_wanted,meals_received
H1,2026-11-16,12,9.5
H2,2026-11-16,3,3
H1,2026-11-09,12,6
""",
    "travel": """\
from_id,to_id,metres,seconds
S1,S2,1500,300
S2,S1,1600,320
S1,H3,700,150
""",
    "pins": """\
kind,household_id,lot_id,session_id,vehicle_id,units
forbid,H2,L3,,,
at_least,H3,L1,,,1
""",
}


def parse(text: str) -> Rows:
    """Rows of a CSV text, the heading first."""
    return list(csv.reader(io.StringIO(text, newline="")))


def to_csv(rows: Rows) -> str:
    """CSV text as a spreadsheet saves it."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


@dataclass
class Folder:
    """A week folder in memory: settings, tables by name (heading first)."""

    settings: str = SETTINGS
    tables: dict[str, Rows] = field(
        default_factory=lambda: {name: parse(text) for name, text in _TABLES.items()}
    )

    def copy(self) -> Folder:
        return deepcopy(self)

    def place(self, table: str, column: str) -> int:
        return self.tables[table][0].index(column)

    def put(self, table: str, row: int, column: str, value: str) -> Folder:
        """Change one cell; rows count as in a spreadsheet."""
        self.tables[table][row - 1][self.place(table, column)] = value
        return self

    def add(self, table: str, **cells: str) -> int:
        """Append a row, blank where no cell is given; returns its number."""
        heading = self.tables[table][0]
        assert set(cells) <= set(heading), set(cells) - set(heading)
        self.tables[table].append([cells.get(column, "") for column in heading])
        return len(self.tables[table])

    def drop_column(self, table: str, column: str) -> Folder:
        at = self.place(table, column)
        self.tables[table] = [row[:at] + row[at + 1 :] for row in self.tables[table]]
        return self

    def map_cells(self, change: Callable[[str, str, str], str]) -> Folder:
        """Change every cell below the headings by (table, column, text)."""
        for table, rows in self.tables.items():
            heading = rows[0]
            for row in rows[1:]:
                row[:] = [
                    change(table, column, cell) for column, cell in zip(heading, row, strict=True)
                ]
        return self

    def write(self, path: Path, encoding: str = "utf-8", without: Iterable[str] = ()) -> Path:
        """Write the folder as CSV."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "week.toml").write_text(self.settings, encoding="utf-8")
        for name, rows in self.tables.items():
            if name not in without:
                (path / f"{name}.csv").write_bytes(to_csv(rows).encode(encoding))
        return path
