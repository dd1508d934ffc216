"""A donor's statement as files: a table for spreadsheets and a page to print or send."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

from logistics.inventory.statement import Statement
from logistics.reports.statement import (
    figures,
    households_text,
    kg_of,
    notes,
    period_text,
    place_text,
    record,
    remainder,
)
from logistics.reports.typeset import data_pdf
from logistics.words import say

COLUMNS = ("month", "what", "place_id", "place", "cause", "kg", "meals", "households_from")


def write_statement(statement: Statement, out: Path, language: str) -> list[Path]:
    """Write `statement-ORG-FROM-TO.LANG.csv` and `.pdf` into a folder; what is there is replaced."""
    out.mkdir(parents=True, exist_ok=True)
    safe = "".join(char if char.isalnum() or char in "-_" else "_" for char in statement.org_id)
    stem = f"statement-{safe}-{statement.first:%Y-%m}-{statement.last:%Y-%m}.{language}"
    table, page = out / f"{stem}.csv", out / f"{stem}.pdf"
    table.write_text("\ufeff" + statement_csv(language, statement), encoding="utf-8", newline="")
    page.write_bytes(statement_pdf(language, statement))
    return [table, page]


def statement_csv(language: str, statement: Statement) -> str:
    """A line that says what this is and by which rules, then one row a month and figure.

    A month whose hand-overs are withheld has a row `handed_over` without amounts.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    head = [
        say(language, "statement_title"),
        statement.org_name or statement.org_id,
        period_text(language, statement),
        *notes(language, statement),
    ]
    writer.writerow(["# " + " / ".join(head)])
    table = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    shown = {
        (place.kind, place.place_id): place_text(language, place) for place in statement.places
    }
    for month in statement.months:
        at = f"{month.month:%Y-%m}"
        table.writerow({"month": at, "what": "given", "kg": kg_of(month.given.grams)})
        for atom in month.atoms:
            table.writerow(
                {
                    "month": at,
                    "what": "handed_over",
                    "place_id": atom.place_id,
                    "place": shown[atom.kind, atom.place_id],
                    "kg": atom.kg,
                    "meals": atom.meals,
                    "households_from": atom.households_from,
                }
            )
        if month.withheld:
            said = say(language, "statement_withheld")
            table.writerow({"month": at, "what": "handed_over", "place": said})
        for cause, amount in month.wasted.items():
            kg = kg_of(amount.grams)
            table.writerow({"month": at, "what": "wasted", "cause": cause, "kg": kg})
        if month.missing:
            table.writerow({"month": at, "what": "missing", "kg": kg_of(month.missing.grams)})
    plain = record(statement)
    for what, key in (("open", "open_kg"), ("co2e_avoided", "co2e_avoided_kg")):
        table.writerow({"what": what, "kg": plain[key]})
    return stream.getvalue()


def statement_pdf(language: str, statement: Statement) -> bytes:
    """The statement as a page; its only time stamp is the day on which the figures were closed."""
    return data_pdf("statement.typ", page(language, statement), statement.closed_on)


def bar_words(language: str, month: date, *, first: bool) -> dict[str, str]:
    """What stands below a bar: the month, and the year where it begins or the chart does."""
    name = say(language, "months").split()[month.month - 1]
    year = say(language, "statement_bar_year", year=month.year)
    return {
        "label": say(language, "statement_bar_month", month=name),
        "year": year if first or month.month == 1 else "",
    }


def page(language: str, statement: Statement) -> dict[str, Any]:
    """What the template sets: words and figures ready to print, and kilograms for the bars."""

    def words(*keys: str) -> dict[str, str]:
        return {key: say(language, f"statement_{key}") for key in keys}

    name = statement.org_name or statement.org_id
    return {
        "language": language,
        **words("title", "places", "months", "causes", "reading", "footer", "nowhere", "alt"),
        "name": say(language, "statement_for", name=name),
        "period": period_text(language, statement),
        "thanks": say(language, "statement_thanks" if statement.months else "statement_nothing"),
        "figures": [list(pair) for pair in figures(language, statement)],
        "remainder": remainder(language, statement),
        "place_heads": [
            say(language, f"statement_head_{head}")
            for head in ("place", "kg", "meals", "months", "households")
        ],
        "place_rows": [
            [
                place_text(language, place),
                f"{place.kg:,}",
                f"{place.meals:,}",
                str(place.months),
                households_text(language, place),
            ]
            for place in statement.places
        ],
        "bars": [
            {
                **bar_words(language, month.month, first=month is statement.months[0]),
                "kg": max(0, month.kg),
                "text": say(language, "statement_none") if month.withheld else f"{month.kg:,}",
            }
            for month in statement.months
        ],
        "cause_rows": [
            [say(language, f"statement_cause_{cause}"), f"{kg_of(grams):,} kg"]
            for cause, grams in statement.wasted_g.items()
        ],
        "notes": notes(language, statement),
    }
