"""The maps of the week and of its days as SVG: those on paper, or drawn once at the start."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from logistics.model.units import date_of
from logistics.reports import draw_map
from logistics.reports.itinerary import busy_days
from logistics.reports.sheets import BOUNDARY
from service.shown import Shown

WEEK = "week"
"""The name of the map of the whole week; a day's map is named by its date."""


def week_maps(shown: Shown) -> dict[str, bytes]:
    """The SVG maps by name, the week's first.

    A map among the sheets is used unless it is older than the plan: then it may show another one.
    """
    boundary = shown.folder / BOUNDARY if shown.folder else None
    outline = boundary if boundary and boundary.is_file() else None
    maps: dict[str, bytes] = {}
    with TemporaryDirectory() as folder:
        for day in (None, *busy_days(shown.problem, shown.plan)):
            name = WEEK if day is None else str(date_of(shown.problem.week_start, day))
            printed = shown.sheets.by_name.get(f"map-{name}.svg")
            if printed and not printed.older_than_plan:
                maps[name] = printed.path.read_bytes()
            else:
                drawn = Path(folder) / f"{name}.svg"
                maps[name] = draw_map(shown.problem, shown.plan, day, outline, drawn).read_bytes()
    return maps
