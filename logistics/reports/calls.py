"""`calls.csv`: whom to phone after a week was planned anew, with the numbers from `contacts.csv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from logistics.model.problem import WeekProblem
from logistics.model.units import date_of
from logistics.reports.change_files import sentence
from logistics.reports.changes import Changes
from logistics.reports.contacts import Contact

COLUMNS = ("who", "id", "name", "phone", "note", "date", "text", "done")


def write_calls(
    changes: Changes,
    contacts: Mapping[str, Contact],
    problem: WeekProblem,
    out: Path,
    language: str = "en",
) -> Path:
    """Write `calls.csv` into a folder that exists: one row a call, in the order of `changes.txt`.

    Who has no row in `contacts.csv` (a driver, say) stands there with name and number blank, because
    the call is due all the same. The last column is for the coordinator's tick.
    """
    path = out / "calls.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for change in (change for change in changes.changes if change.phone):
            contact = contacts.get(change.id, Contact())
            day = date_of(problem.week_start, change.day)
            text = sentence(change, problem, language)
            writer.writerow(
                (change.who, change.id, contact.name, contact.phone, contact.note, day, text, "")
            )
    return path
