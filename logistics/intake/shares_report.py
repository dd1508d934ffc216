"""Findings about a bare instance: where each stands, and never a million of one kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from logistics.intake.report import Language, Report

LISTED_MAX = 20
"""Findings of one kind about one table that are listed; the rest are counted."""


class ShareReport(Report):
    """Collects findings in the order in which they are met."""

    def __init__(self, language: Language = "en") -> None:
        super().__init__(language, texts="shares")
        self._met: Counter[tuple[str, str]] = Counter()

    def note(
        self, code: str, place: Place, field: str, value: object = "", **words: object
    ) -> None:
        """Add a finding about a field of a place, unless enough of its kind are listed already."""
        kind = (code, place.table)
        self._met[kind] += 1
        if self._met[kind] <= LISTED_MAX:
            path = printable(place.path(field))
            self.add(code, printable(place.file), place.row, path, printable(value), **words)

    def count_unlisted(self, file: str) -> None:
        """Say how many findings of each kind were met beyond those listed."""
        for (code, table), met in self._met.items():
            if met > LISTED_MAX:
                self.add("more_of_these", file, None, table, n=met - LISTED_MAX, kind=code)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: `households[3]` of a JSON file, or row 5 of a table's file.

    A place without `index` is the table as a whole.
    """

    file: str
    table: str = ""
    index: int | None = None
    nested: bool = True

    def at(self, index: int) -> Place:
        """The same table, at one of its entries (the first is 0)."""
        return Place(self.file, self.table, index, self.nested)

    @property
    def row(self) -> int | None:
        """Row as a spreadsheet counts, below the headings."""
        return None if self.nested or self.index is None else self.index + 2

    def path(self, field: str) -> str:
        """Column of a table, or the way to a field in a JSON file."""
        if not self.nested:
            return field
        entry = self.table + ("" if self.index is None else f"[{self.index}]")
        return ".".join(part for part in (entry, field) if part)


def printable(value: object) -> str:
    """A value as text that can be shown and written anywhere."""
    if isinstance(value, str):
        text = value
    elif value is None or isinstance(value, bool):
        text = {None: "null", True: "true", False: "false"}[value]
    elif isinstance(value, dict):
        text = "{…}"
    elif isinstance(value, (list, tuple)):
        text = "[…]"
    else:
        text = str(value)
    return text[:300].encode("utf-8", "backslashreplace").decode()
