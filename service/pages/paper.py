"""The list of sheets to print, one row a document."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from logistics.model.units import day_number
from service.pages.words import LANGUAGES, PageWords
from service.sheets import KINDS, Sheet
from service.shown import Shown


@dataclass(frozen=True, slots=True)
class Link:
    """A file to open: its form (PDF, XLSX), address and language."""

    form: str
    href: str
    language: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One document with its files."""

    day: str
    title: str
    links: tuple[Link, ...]
    is_stale: bool


def sheet_rows(shown: Shown, words: PageWords) -> tuple[SheetRow, ...]:
    """Pick lists, driver and satellite sheets by day, in the order in which a day needs them."""
    documents: dict[tuple[int, int, str], list[Sheet]] = {}
    for sheet in shown.sheets.files:
        parts = sheet.parts
        if parts is not None:
            day = day_number(shown.problem.week_start, parts.date)
            documents.setdefault((day, KINDS.index(parts.kind), parts.about), []).append(sheet)
    return tuple(
        SheetRow(
            day=words.day(day),
            title=words.say(
                "sheet_title", kind=words.say(f"kind_{KINDS[kind]}"), about=_about(words, about)
            ),
            links=_links(sheets),
            is_stale=any(sheet.older_than_plan for sheet in sheets),
        )
        for (day, kind, about), sheets in sorted(documents.items())
    )


def _about(words: PageWords, name: str) -> str:
    """A site or a session's site by name; a vehicle as it is called."""
    problem = words.problem
    if name in problem.sessions:
        return f"{name} {problem.sites[problem.sessions[name].site_id].name}"
    return problem.sites[name].name if name in problem.sites else name


def _links(sheets: list[Sheet]) -> tuple[Link, ...]:
    """Files by language, PDF before XLSX."""
    links = [
        Link(sheet.path.suffix[1:].upper(), f"/sheets/{quote(sheet.name)}", sheet.parts.language)
        for sheet in sheets
        if sheet.parts is not None
    ]
    return tuple(sorted(links, key=lambda link: (LANGUAGES.index(link.language), link.form)))
