"""The bytes of a week folder: which files count, their digest, their text."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from logistics.intake.report import Report
from logistics.model.errors import NotFound

SETTINGS = "week.toml"
WORKBOOK = "week.xlsx"
REQUIRED = (
    "organisations",
    "sites",
    "lots",
    "sessions",
    "households",
    "vehicles",
    "shifts",
)
OPTIONAL = ("history", "travel", "pins", "volunteers", "visits")
TABLES = REQUIRED + OPTIONAL
ELSEWHERE = ("contacts", "outcomes", "events", "allocation", "routes", "unmet")
"""Tables that other verbs read or write; they are no part of the problem."""

_SUFFIXES = (".csv", ".xlsx")
_PROBLEM_FILES = frozenset(
    {SETTINGS, WORKBOOK, *(table + suffix for table in TABLES for suffix in _SUFFIXES)}
)
_OTHER_FILES = frozenset(table + suffix for table in ELSEWHERE for suffix in _SUFFIXES)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Sources:
    """Contents of the files that describe the problem by lower-case name, and those not readable."""

    contents: Mapping[str, bytes]
    refused: frozenset[str] = frozenset()

    @property
    def digest(self) -> str:
        """`sha256:` over the files in order of name: name, zero byte, length in 8 bytes, bytes."""
        total = hashlib.sha256()
        for name in sorted(self.contents):
            content = self.contents[name]
            total.update(name.encode() + b"\0" + len(content).to_bytes(8, "big"))
            total.update(content)
        return f"sha256:{total.hexdigest()}"


def read_sources(folder: Path, report: Report) -> Sources:
    """Read every file that describes the problem; others are named, not read."""
    contents: dict[str, bytes] = {}
    refused: set[str] = set()
    for path in sorted(folder.iterdir()):
        name = path.name.lower()
        if name not in _PROBLEM_FILES:
            if path.suffix.lower() in _SUFFIXES and not _is_expected_elsewhere(name):
                report.add("unknown_file", path.name)
        elif name in contents:
            del contents[name]
            refused.add(name)
            report.add("two_sources", path.name, sources=f"{name}, {path.name}")
        else:
            try:
                contents[name] = path.read_bytes()
            except OSError:
                refused.add(name)
                report.add("unreadable_file", name)
    return Sources(contents, frozenset(refused))


def _is_expected_elsewhere(name: str) -> bool:
    """Other verbs' files, and the lock and hidden files that spreadsheets leave behind."""
    return name in _OTHER_FILES or name.startswith(("~$", "."))


def digest(folder: Path) -> str:
    """Fingerprint of the problem in a folder (docs/formats.md says which files count).

    Raises:
        NotFound: if the folder does not exist or a file in it cannot be read.
    """
    report = Report()
    if not folder.is_dir():
        raise NotFound(f"there is no folder {folder.name}")
    sources = read_sources(folder, report)
    if sources.refused:
        raise NotFound(f"cannot read {', '.join(sorted(sources.refused))} in {folder.name}")
    return sources.digest


def decode(content: bytes, file: str, report: Report) -> str | None:
    """Text by its byte order mark, else strict UTF-8, else strict cp932; `None` with a finding."""
    candidates: tuple[str, ...] = ("utf-8", "cp932")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            candidates, content = (encoding,), content[len(mark) :]
            break
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    report.add("unknown_encoding", file)
    return None
