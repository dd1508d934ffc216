"""A recall as files: a table of actions, a page for each place with its own households only, and the
record of a drill, which names no household."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from logistics.inventory.entries import AccountKind
from logistics.inventory.goods import Goods
from logistics.inventory.recalled import Recall
from logistics.reports.recall import (
    Names,
    by_place,
    lots_text,
    mass_text,
    place_text,
    warned_rows,
)
from logistics.reports.typeset import data_pdf
from logistics.words import say

COLUMNS = (
    "action",
    "place_id",
    "vehicle_id",
    "when",
    "household_id",
    "lot_id",
    "units",
    "promised",
)


def write_recall(
    found: Recall,
    goods: Mapping[str, Goods],
    names: Names,
    out: Path,
    language: str,
    drill_s: float | None = None,
) -> list[Path]:
    """Write `recall-LOT.csv` and `recall-LOT-PLACE.pdf` for each place; what is there is replaced.

    Of a drill, which took so many seconds, also `drill-LOT.pdf`; every page then says what it is.
    """
    out.mkdir(parents=True, exist_ok=True)
    table = out / f"recall-{_safe(found.lot_id)}.csv"
    table.write_text("\ufeff" + recall_csv(found), encoding="utf-8", newline="")
    paths = [table]
    for place in found.places():
        page = out / f"recall-{_safe(found.lot_id)}-{_safe(place)}.pdf"
        drill = drill_s is not None
        page.write_bytes(place_pdf(language, found, place, goods, names, drill=drill))
        paths.append(page)
    if drill_s is not None:
        record = out / f"drill-{_safe(found.lot_id)}.pdf"
        record.write_bytes(drill_pdf(language, found, goods, names, drill_s))
        paths.append(record)
    return paths


def recall_csv(found: Recall) -> str:
    """One row an action, for the coordinator alone.

    `stop` stock, `call` a car, `tell` a site that waits for units, `warn` a household.
    """
    stream = io.StringIO()
    table = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    for here in found.stock:
        action = "stop" if here.kind == "site" else "call"
        column = "place_id" if here.kind == "site" else "vehicle_id"
        table.writerow(
            {
                "action": action,
                column: here.id,
                "lot_id": here.lot_id,
                "units": here.units,
                "promised": here.promised,
            }
        )
    for load in found.loading:
        table.writerow(
            {
                "action": "call",
                "place_id": load.site_id,
                "vehicle_id": load.vehicle_id,
                "when": load.load_at.isoformat(timespec="minutes"),
                "lot_id": load.lot_id,
                "units": load.units,
            }
        )
    for bound in found.bound:
        table.writerow(
            {
                "action": "tell",
                "place_id": bound.to_site_id,
                "lot_id": bound.lot_id,
                "promised": bound.units,
            }
        )
    for each in found.warned:
        table.writerow(
            {
                "action": "warn",
                "place_id": each.site_id,
                "when": each.day.isoformat(),
                "household_id": each.household_id,
                "lot_id": each.lot_id,
                "units": each.given,
                "promised": each.promised,
            }
        )
    return stream.getvalue()


def place_pdf(
    language: str,
    found: Recall,
    place: str,
    goods: Mapping[str, Goods],
    names: Names,
    *,
    drill: bool = False,
) -> bytes:
    """What one place does: its units to stop, and its own households with a box to tick."""
    heads = ("day", "through", "household", "lot", "units", "done")
    title = say(language, "recall_page_title", lot=found.lot_id, place=place_text(place, names))
    stands = [
        [each.lot_id, goods[each.lot_id].item, str(each.units), str(each.promised), "□"]
        for each in found.stock
        if each.kind is AccountKind.SITE and each.id == place
    ]
    coming = [
        [
            each.lot_id,
            goods[each.lot_id].item,
            str(each.units),
            place_text(each.site_id, names),
            "□",
        ]
        for each in found.bound
        if each.to_site_id == place
    ]
    homes = [[*row, "□"] for row in warned_rows(language, found, place)]
    data = {
        **_page(language, found, goods, title, say(language, "recall_page_lead"), drill),
        "parts": [
            _part(language, "stands", (1.6, 3, 1, 1, 1), stands),
            _part(language, "coming", (1.6, 3, 1, 2, 1), coming),
            {
                "title": say(language, "recall_part_homes"),
                "widths": (2.3, 1.4, 1.6, 1.6, 2.6, 1.2),
                "heads": [say(language, f"recall_head_{head}") for head in heads],
                "rows": homes,
            },
        ],
    }
    data["parts"] = [part for part in data["parts"] if part["rows"]]
    return data_pdf("recall.typ", data, found.at.date())


def drill_pdf(
    language: str, found: Recall, goods: Mapping[str, Goods], names: Names, drill_s: float
) -> bytes:
    """The record of a drill: how long it took, that all is accounted for, and a list to be checked."""
    mass = found.mass
    percent = f"{100 * mass.found_g / mass.came_g:g}" if mass.came_g else "100"
    key = "recall_drill_lead" if found.complete else "recall_drill_lead_incomplete"
    lead = say(language, key, seconds=f"{drill_s:.1f}", percent=percent)
    title = say(language, "recall_drill_title", lot=found.lot_id)
    data = {
        **_page(language, found, goods, title, lead, True),
        "note": mass_text(language, mass),
        "parts": [
            _part(language, "checks", (2.4, 3.4, 1, 1, 1.8), check_rows(language, found, names))
        ],
    }
    return data_pdf("recall.typ", data, found.at.date())


def check_rows(language: str, found: Recall, names: Names) -> list[list[str]]:
    """What people check in a drill: where, what, how many by the book; the rest is written by hand."""
    rows = []
    for each in found.stock:
        at_site = each.kind is AccountKind.SITE
        where = place_text(each.id, names) if at_site else each.id
        what = say(
            language, "recall_check_count" if at_site else "recall_check_board", lot=each.lot_id
        )
        rows.append([where, what, str(each.units), "", ""])
    for load in found.loading:
        what = say(
            language, "recall_check_load", lot=load.lot_id, place=place_text(load.site_id, names),
            when=f"{load.load_at:%m-%d %H:%M}",
        )  # fmt: skip
        rows.append([load.vehicle_id, what, str(load.units), "", ""])
    for bound in found.bound:
        what = say(language, "recall_check_bound", lot=bound.lot_id)
        rows.append([place_text(bound.to_site_id, names), what, str(bound.units), "", ""])
    for place, warned in by_place(found).items():
        homes = len({each.household_id for each in warned})
        what = say(language, "recall_check_homes")
        rows.append([place_text(place, names), what, str(homes), "", ""])
    return rows


def _page(
    language: str, found: Recall, goods: Mapping[str, Goods], title: str, lead: str, drill: bool
) -> dict[str, Any]:
    """What every page begins and ends with."""
    return {
        "language": language,
        "title": title,
        "mark": say(language, "recall_mark") if drill else "",
        "lead": lead,
        "note": "",
        "at": f"{found.at:%Y-%m-%d %H:%M}",
        "lots": lots_text(goods, found.lots),
        "footer": say(language, "recall_footer"),
    }


def _part(
    language: str, name: str, widths: tuple[float, ...], rows: list[list[str]]
) -> dict[str, Any]:
    """A table of five columns under its heading."""
    return {
        "title": say(language, f"recall_part_{name}"),
        "widths": widths,
        "heads": say(language, f"recall_part_{name}_heads").split("|"),
        "rows": rows,
    }


def _safe(text: str) -> str:
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in text)
