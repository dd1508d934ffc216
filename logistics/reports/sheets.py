"""All paper of a week, written to a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from logistics.model.plan import Plan
from logistics.model.problem import WeekProblem
from logistics.model.units import date_of
from logistics.reports.blocks import Document
from logistics.reports.boundary import read_boundary
from logistics.reports.contacts import read_contacts
from logistics.reports.driving import driver_sheets
from logistics.reports.handing import satellite_sheets
from logistics.reports.itinerary import busy_days, require_known
from logistics.reports.maps import map_drawing, map_words
from logistics.reports.messages import LANGUAGES, Words
from logistics.reports.picking import pick_lists
from logistics.reports.typeset import Form, document_pdf, drawing_file
from logistics.reports.workbook import document_xlsx

BOUNDARY = "boundary.geojson"
MAP_FORMS: tuple[Form, ...] = ("png", "svg", "pdf")
TYPESETTERS = 2
"""Threads: Typst works outside the interpreter's lock."""

Job = tuple[Path, Callable[[], bytes]]


def write_sheets(
    problem: WeekProblem,
    plan: Plan,
    folder: Path,
    out: Path,
    languages: Sequence[str] = LANGUAGES,
) -> list[Path]:
    """Write pick lists, driver and satellite sheets (PDF, XLSX) and maps (PNG, SVG, PDF).

    `folder` is the week folder: `boundary.geojson` and `contacts.csv` are read from it if present.
    Files of the same name are replaced. Returns the paths in the order of the week's work.

    Raises:
        PlanForeign: if the plan names things this week lacks.
        UnknownLanguage, ContactsUnreadable, BoundaryUnreadable, SheetFailed
    """
    require_known(problem, plan)
    jobs = _document_jobs(problem, plan, folder, out, languages)
    jobs += _map_jobs(problem, plan, folder, out, languages)
    out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(TYPESETTERS) as pool:
        for path, made in zip(
            [path for path, _ in jobs], pool.map(lambda job: job[1](), jobs), strict=True
        ):
            path.write_bytes(made)
    return [path for path, _ in jobs]


def documents(problem: WeekProblem, plan: Plan, folder: Path, language: str) -> list[Document]:
    """Every sheet of the week in one language, not yet rendered."""
    words = Words(language, problem)
    return [
        *pick_lists(plan, words),
        *driver_sheets(plan, words, read_contacts(folder)),
        *satellite_sheets(plan, words),
    ]


def _document_jobs(
    problem: WeekProblem, plan: Plan, folder: Path, out: Path, languages: Sequence[str]
) -> list[Job]:
    printed_on = problem.week_start
    jobs: list[Job] = []
    for language in languages:
        for document in documents(problem, plan, folder, language):
            stem = f"{document.name}.{language}"
            jobs.append((out / f"{stem}.pdf", _bind(document_pdf, document, printed_on)))
            jobs.append((out / f"{stem}.xlsx", _bind(document_xlsx, document, printed_on)))
    return jobs


def _map_jobs(
    problem: WeekProblem, plan: Plan, folder: Path, out: Path, languages: Sequence[str]
) -> list[Job]:
    boundary = read_boundary(folder / BOUNDARY)
    jobs: list[Job] = []
    for day in (*busy_days(problem, plan), None):
        drawing = map_drawing(problem, plan, day, boundary, languages)
        words = map_words(problem, day, languages)
        stem = "map-week" if day is None else f"map-{date_of(problem.week_start, day)}"
        jobs += [
            (out / f"{stem}.{form}", _bind(drawing_file, drawing, words, problem.week_start, form))
            for form in MAP_FORMS
        ]
    return jobs


def _bind(render: Callable[..., bytes], *values: object) -> Callable[[], bytes]:
    """A rendering to be done later, in another thread."""
    return lambda: render(*values)
