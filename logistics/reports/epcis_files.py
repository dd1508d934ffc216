"""EPCIS 2.0 files: the events of some lots or of a period, as JSON-LD."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any

from logistics.inventory import Account, Entry, Goods
from logistics.inventory.epcis import Names, document, gtin_of, happenings, is_private
from logistics.model.errors import Finding, InvalidFact

GTIN_COLUMNS = ("lot_id", "gtin")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a document that tells of nothing."""


@dataclass(frozen=True, slots=True)
class Export:
    """A document, and how many entries it leaves out.

    `promises` are reservations and what ended them: no events. `later` hang on promises and were
    recorded on the day of the export, which is not over.
    """

    document: dict[str, Any]
    events: int
    promises: int
    later: int


def export(
    entries: Collection[Entry],
    goods: Mapping[str, Goods],
    lot_ids: Collection[str],
    names: Names,
    zone: tzinfo,
    *,
    before: date | None = None,
    period: tuple[date, date] | None = None,
    places: Mapping[Account, str] | None = None,
) -> Export:
    """The events of some lots, of a period (both days in it) or of all time.

    With the names of `places` the header tells what is what.

    `entries` are all entries of the lots in the book's order. What hangs on promises is told if it was
    recorded before the day `before`. The document is dated with the last entry of its lots that may be
    told, so the same book gives the same bytes.
    """
    of_lots = [entry for entry in entries if entry.lot_id in lot_ids]
    told = [
        happening
        for happening in happenings(entries, zone, before)
        if happening.lot_ids & set(lot_ids)
        and (period is None or period[0] <= happening.at.date() <= period[1])
    ]
    moments = [entry.recorded_at for entry in of_lots if not _waits(entry, zone, before)]
    made = document(told, goods, names, max(moments, default=EPOCH).astimezone(zone), places)
    return Export(
        made,
        len(made["epcisBody"]["eventList"]),
        sum(entry.kind.is_pending for entry in of_lots),
        sum(_waits(entry, zone, before) and entry.kind.is_posted for entry in of_lots),
    )


def _waits(entry: Entry, zone: tzinfo, before: date | None) -> bool:
    """Whether an entry hangs on a promise and was recorded on a day that is not over."""
    if before is None or not is_private(entry):
        return False
    return entry.recorded_at.astimezone(zone).date() >= before


def write_document(content: Mapping[str, Any], path: Path) -> None:
    """Write a document as JSON-LD, one field a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_gtins(path: Path) -> tuple[dict[str, str], list[Finding]]:
    """GTINs by lot from a CSV with `lot_id` and `gtin`; with findings, what could be read besides."""
    found: dict[str, str] = {}
    findings: list[Finding] = []
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in GTIN_COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        fix = "the first line must be: lot_id,gtin"
        return {}, [Finding("gtin_columns", f"no column {missing[0]}", fix, file=path.name, row=1)]
    for row, cells in enumerate(_cells(reader), start=2):
        lot_id, gtin = cells
        try:
            Names(gtins={lot_id: gtin_of(gtin)})
            if lot_id in found:
                raise InvalidFact(f"Lot {lot_id}: named twice")
            found[lot_id] = gtin_of(gtin)
        except InvalidFact as error:
            fix = "copy the number below the bar code, or take the line out"
            findings.append(
                Finding(
                    "gtin_invalid", str(error), fix, path.name, row, "gtin", gtin, ids=(lot_id,)
                )
            )
    return found, findings


def _cells(reader: Iterable[Mapping[str, str | None]]) -> Iterable[tuple[str, str]]:
    for row in reader:
        yield (row["lot_id"] or "").strip(), (row["gtin"] or "").strip()
