"""What sites offer each other as rows of a week's `lots.csv`: the plan can collect and share it."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from logistics.inventory import Goods
from logistics.inventory.entries import site
from logistics.inventory.mutual import Offer
from logistics.model.problem import WeekProblem

if TYPE_CHECKING:
    from logistics.store.helping import Help

LOTS = "lots.csv"


@dataclass(frozen=True, slots=True)
class Offered:
    """Lots for the week, and the offers that give none, each with why (`LEFT`)."""

    rows: tuple[Mapping[str, str], ...]
    left: Mapping[str, str]


def offered(problem: WeekProblem, known: Help) -> Offered:
    """The open offers as rows.

    A row stands for all units of its lot at the site, because that is what the book compares with; of a
    lot of which a part is offered, the part is first split off. What cannot be told in a row is left.
    """
    rows: list[Mapping[str, str]] = []
    left: dict[str, str] = {}
    for offer in known.stand.offers:
        if not known.stand.open_units[offer.id]:
            continue
        why = _why_not(problem, known, offer)
        if why:
            left[offer.id] = why
        else:
            rows.append(_row(offer, known.goods[offer.lot_id], known))
    return Offered(tuple(rows), left)


def _why_not(problem: WeekProblem, known: Help, offer: Offer) -> str:
    """Why an offer gives no row: `listed`, `cooked`, `place`, `part`; an empty text if it gives one."""
    goods = known.goods[offer.lot_id]
    place = problem.sites.get(offer.site_id)
    if offer.lot_id in problem.lots:
        return "listed"
    if goods.eat_by is not None:
        return "cooked"
    if place is None or not place.keeps(goods.storage) or goods.org_id not in problem.organisations:
        return "place"
    there = known.balance.on_hand(offer.lot_id, site(offer.site_id))
    return "part" if known.stand.open_units[offer.id] != there else ""


def _row(offer: Offer, goods: Goods, known: Help) -> Mapping[str, str]:
    """A lot as a coordinator would type it."""
    return {
        "lot_id": goods.id,
        "site_id": offer.site_id,
        "org_id": goods.org_id,
        "item": goods.item,
        "food_group": str(goods.food_group),
        "storage": str(goods.storage),
        "units": str(known.stand.open_units[offer.id]),
        "hold_units": "0",
        "unit_g": str(goods.unit_g),
        "unit_meals": str(goods.unit_meals),
        "pack": str(offer.pack),
        "label": str(goods.label),
        "label_date": "" if goods.last_day is None else goods.last_day.isoformat(),
        "made_on": "" if goods.made_on is None else goods.made_on.isoformat(),
        "allergens": ";".join(sorted(goods.contains)),
        "allergens_checked": ";".join(sorted(goods.checked)),
        "kitchen_needed": str(goods.kitchen_needed),
        "tags": ";".join(sorted(map(str, goods.tags))),
    }


def write_week(folder: Path, out: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Copy a week folder to a new one, with further rows under the headings that its `lots.csv` has."""
    from logistics.intake.report import Report
    from logistics.intake.tables import csv_grid
    from logistics.intake.vocabulary import fold, headings

    shutil.copytree(folder, out, dirs_exist_ok=True)
    grid = csv_grid(LOTS, (folder / LOTS).read_bytes(), Report())
    assert grid is not None  # the week was read from it before
    known = headings("lots")
    columns = [known.get(fold(cell), "") for cell in grid.rows[0]]
    new = [column for row in rows for column in row if row[column] and column not in columns]
    columns += dict.fromkeys(new)
    wider = [[*cells, *[""] * (len(columns) - len(cells))] for cells in grid.rows[1:] if any(cells)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*grid.rows[0], *columns[len(grid.rows[0]) :]])
    writer.writerows([*wider, *([row.get(column, "") for column in columns] for row in rows)])
    (out / LOTS).write_text(text.getvalue(), encoding="utf-8")
