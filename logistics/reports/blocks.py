"""What a sheet is made of: pages of blocks, the same for PDF and spreadsheet.

A document is written once, in one language, as plain frozen data; `typeset` and `workbook` render
it. Nothing here knows the week.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from logistics.reports.drawing import Drawing, text_width

LABEL_PT = 8.5
"""Size of the name of a storage class."""


class Look(StrEnum):
    """How an entry is set: what must be seen first is strong, a danger is a warning."""

    PLAIN = "plain"
    STRONG = "strong"
    MUTED = "muted"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a cell: optional box to tick and storage class, count, text, small detail."""

    text: str
    check: bool = False
    storage: str = ""
    count: int | None = None
    detail: str = ""
    look: Look = Look.PLAIN


Cell = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width, its alignment (left, center, right)."""

    title: str
    share: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table under a heading; `empty` is printed instead when there are no rows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its name, in a box; `storage` colours the box by storage class."""

    label: str
    value: str
    storage: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """A strip of figures."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Rules in a box, numbered in order."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with its caption and the words for those who cannot see it."""

    title: str
    alt: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Beside:
    """A picture with a notice at its side."""

    picture: Picture
    notice: Notice


Block = Table | Facts | Notice | Picture | Beside


@dataclass(frozen=True, slots=True)
class Page:
    """A page (or more, if the tables are long) that can be handed out alone."""

    kind: str
    title: str
    aside: str
    subtitle: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file to print. `name` is its stem without language, `labels` name the storage classes."""

    name: str
    language: str
    title: str
    footer: str
    labels: dict[str, str]
    pages: tuple[Page, ...] = field(default=())


def plain(text: str, look: Look = Look.PLAIN) -> Cell:
    """A cell with one line of text."""
    return (Entry(text, look=look),)


def strong(text: str) -> Cell:
    """A cell with one line that must be seen first."""
    return plain(text, Look.STRONG)


def tick() -> Cell:
    """A cell with a box to tick."""
    return (Entry("", check=True),)


def document_json(document: Document) -> dict[str, Any]:
    """The document as JSON data; every block carries its kind."""
    data = asdict(document)
    data["label_mm"] = max(text_width(name, LABEL_PT) for name in document.labels.values())
    for page, page_data in zip(document.pages, data["pages"], strict=True):
        page_data["blocks"] = [
            {"block": type(block).__name__.lower(), **block_data}
            for block, block_data in zip(page.blocks, page_data["blocks"], strict=True)
        ]
    return data
