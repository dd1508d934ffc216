"""The paper that may be opened: files that `osusowake sheets` names so, and no others.

A request only chooses among the names that were found at the start; no path is ever built from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from logistics.model.errors import NotFound

KINDS = ("pick", "drive", "satellite")
DOCUMENT = re.compile(
    rf"(?P<kind>{'|'.join(KINDS)})-(?P<about>[^/\\]+)-(?P<date>\d{{4}}-\d\d-\d\d)"
    r"\.(?P<language>ja|en)\.(?:pdf|xlsx)"
)
MAP = re.compile(r"map-(?:week|\d{4}-\d\d-\d\d)\.(?:svg|png|pdf)")
"""Names of the files that `logistics.reports.write_sheets` makes: documents and maps."""

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


class SheetMissing(NotFound):
    """No sheet or map of this name is offered."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a document's name says: kind, site, vehicle or session, day, language."""

    kind: str
    about: str
    date: date
    language: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of the week's paper; `parts` is `None` for a map."""

    name: str
    path: Path
    older_than_plan: bool
    parts: Parts | None = None

    @property
    def media_type(self) -> str:
        """The MIME type, by the name's ending."""
        return MEDIA_TYPES[self.path.suffix]


@dataclass(frozen=True, slots=True)
class Sheets:
    """All paper that was found, by name, in the order of names."""

    by_name: Mapping[str, Sheet] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def files(self) -> tuple[Sheet, ...]:
        """Every file."""
        return tuple(self.by_name.values())

    def sheet(self, name: str) -> Sheet:
        """The file of a name.

        Raises:
            SheetMissing: if none of this name was found at the start, or it is gone since.
        """
        found = self.by_name.get(name)
        if found is None or not found.path.is_file():
            raise SheetMissing(f"there is no sheet {name!r}")
        return found


NO_SHEETS = Sheets()


def read_sheets(folder: Path, planned_at_s: float) -> Sheets:
    """The paper in a folder, which need not exist.

    `planned_at_s` is when the plan was written: paper from before belongs to another plan.
    Links that lead out of the folder are left out.
    """
    if not folder.is_dir():
        return NO_SHEETS
    home = folder.resolve()
    found: dict[str, Sheet] = {}
    for path in sorted(folder.iterdir()):
        parts = parts_of(path.name)
        offered = parts is not None or MAP.fullmatch(path.name)
        if offered and path.is_file() and path.resolve().parent == home:
            stale = path.stat().st_mtime < planned_at_s
            found[path.name] = Sheet(path.name, path, stale, parts)
    return Sheets(MappingProxyType(found))


def parts_of(name: str) -> Parts | None:
    """What a file name says if it is a document's, else `None`."""
    match = DOCUMENT.fullmatch(name)
    if match is None:
        return None
    try:
        day = date.fromisoformat(match["date"])
    except ValueError:
        return None
    return Parts(match["kind"], match["about"], day, match["language"])
