"""A recall as files: a table of actions, and a page for each place with its own households only."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from logistics.inventory.goods import Goods
from logistics.inventory.recall import Recall
from logistics.reports.recall import Names, lots_text, place_text, warned_rows
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
    found: Recall, goods: Mapping[str, Goods], names: Names, out: Path, language: str
) -> list[Path]:
    """Write `recall-LOT.csv` and `recall-LOT-PLACE.pdf` for each place; what is there is replaced."""
    out.mkdir(parents=True, exist_ok=True)
    table = out / f"recall-{_safe(found.lot_id)}.csv"
    table.write_text("\ufeff" + recall_csv(found), encoding="utf-8", newline="")
    paths = [table]
    for place in found.places():
        page = out / f"recall-{_safe(found.lot_id)}-{_safe(place)}.pdf"
        page.write_bytes(place_pdf(language, found, place, goods, names))
        paths.append(page)
    return paths


def recall_csv(found: Recall) -> str:
    """One row an action: `stop` stock, `call` a car, `warn` a household, for the coordinator alone."""
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
    language: str, found: Recall, place: str, goods: Mapping[str, Goods], names: Names
) -> bytes:
    """What one place does: the lots to stop, and its own households with a box to tick."""
    heads = ("day", "through", "household", "lot", "units", "done")
    title = say(language, "recall_page_title", lot=found.lot_id, place=place_text(place, names))
    data = {
        "language": language,
        "title": title,
        "lead": say(language, "recall_page_lead"),
        "at": f"{found.at:%Y-%m-%d %H:%M}",
        "lots": lots_text(goods, found.lots),
        "heads": [say(language, f"recall_head_{head}") for head in heads],
        "rows": [[*row, "□"] for row in warned_rows(language, found, place)],
        "footer": say(language, "recall_footer"),
    }
    return data_pdf("recall.typ", data, found.at.date())


def _safe(text: str) -> str:
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in text)
