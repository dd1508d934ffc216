"""`contacts.csv`: names, phones and addresses, read here and nowhere else.

They reach one kind of paper only: the driver's sheet, for the stops of that trip.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from logistics.model.errors import OsusowakeError

COORDINATOR = "coordinator"
"""The row of `contacts.csv` whom a driver calls."""

FIELDS = ("name", "phone", "address", "note")

HEADINGS = {"ID": "id", "名前": "name", "電話": "phone", "住所": "address", "備考": "note"}
"""Columns by their Japanese headings; either may be used."""


class ContactsUnreadable(OsusowakeError):
    """`contacts.csv` is there but cannot be read."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How a stop is found and called; every field may be empty."""

    name: str = ""
    phone: str = ""
    address: str = ""
    note: str = ""


def read_contacts(folder: Path) -> dict[str, Contact]:
    """Contacts by identifier of site, household or `coordinator`; none if the file is missing.

    Columns: id, name, phone, address, note (all but the first optional), UTF-8 or cp932.

    Raises:
        ContactsUnreadable: if it is no text, lacks `id` in its headings or a row, or names somebody
            twice.
    """
    file = folder / "contacts.csv"
    if not file.is_file():
        return {}
    contacts: dict[str, Contact] = {}
    rows = csv.DictReader(_text(file).splitlines())
    found = [heading.strip() for heading in rows.fieldnames or ()]
    rows.fieldnames = [HEADINGS.get(heading, heading) for heading in found]
    if "id" not in rows.fieldnames:
        raise ContactsUnreadable(
            f"contacts.csv: expected a column 'id', found {', '.join(found) or 'nothing'}"
        )
    for number, row in enumerate(rows, start=2):
        cells = {name: (row.get(name) or "").strip() for name in ("id", *FIELDS)}
        key = cells.pop("id")
        if not key and not any(cells.values()):
            continue
        if not key or key in contacts:
            fault = f"{key} is there twice" if key else "whose row this is must stand under 'id'"
            raise ContactsUnreadable(f"contacts.csv row {number}: {fault}")
        contacts[key] = Contact(**cells)
    return contacts


def _text(file: Path) -> str:
    data = file.read_bytes()
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ContactsUnreadable("contacts.csv is neither UTF-8 nor cp932; save it as UTF-8 CSV")
