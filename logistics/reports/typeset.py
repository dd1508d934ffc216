"""Documents and drawings to PDF, SVG and PNG with Typst and the fonts of this folder."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

from logistics.model.errors import OsusowakeError
from logistics.reports.blocks import Document, document_json
from logistics.reports.drawing import Drawing

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
TEMPLATES = HERE / "templates"
GETA = "〓"
"""What Japanese printers set where a type is missing: it shows that something is not shown."""

Form = Literal["pdf", "svg", "png"]

log = logging.getLogger(__name__)


class SheetFailed(OsusowakeError):
    """A sheet could not be typeset."""


def document_pdf(document: Document, printed_on: date) -> bytes:
    """A document as a tagged PDF (PDF/UA-1); the date is its only time stamp.

    PDF/UA is not only for readers with screen readers: it is the mode in which a character without
    a glyph is an error instead of a hole in a driver's sheet.
    """
    return _typeset("sheet.typ", document_json(document), printed_on, "pdf")


def data_pdf(template: str, data: dict[str, Any], printed_on: date) -> bytes:
    """Data with a `title` as a tagged PDF by a template of its own."""
    return _typeset(template, data, printed_on, "pdf")


def form_of(path: Path) -> Form:
    """The format that a file name asks for.

    Raises:
        SheetFailed: if it is none of PDF, SVG and PNG.
    """
    forms: dict[str, Form] = {".pdf": "pdf", ".svg": "svg", ".png": "png"}
    if path.suffix not in forms:
        raise SheetFailed(f"expected a .pdf, .svg or .png file, got {path.name}")
    return forms[path.suffix]


def drawing_file(drawing: Drawing, words: dict[str, str], printed_on: date, form: Form) -> bytes:
    """A drawing that fills a page, as `pdf`, `svg` or `png`; words: title, alt, language."""
    return _typeset("map.typ", {"drawing": asdict(drawing), **words}, printed_on, form)


def _typeset(template: str, data: dict[str, Any], printed_on: date, form: Form) -> bytes:
    import typst

    text = json.dumps(data, ensure_ascii=False)
    try:
        return _compile(template, text, printed_on, form)
    except typst.TypstError as error:
        missing = _without_glyph(text)
        if not missing:
            raise SheetFailed(f"{data['title']}: {error}") from error
        log.warning("%s: no glyph for %s, printed as %s", data["title"], sorted(missing), GETA)
        shown = text.translate({ord(char): GETA for char in missing})
        return _compile(template, shown, printed_on, form)


def _compile(template: str, text: str, printed_on: date, form: Form) -> bytes:
    import typst

    return typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": text},
        format=form,
        ppi=150.0 if form == "png" else None,
        pdf_standards=["ua-1"] if form == "pdf" else [],
        timestamp=datetime.combine(printed_on, time(), UTC) if form == "pdf" else None,
    )


def _without_glyph(text: str) -> set[str]:
    """Characters that the fonts lack; read only when Typst has refused a text."""
    from matplotlib.ft2font import FT2Font

    glyphs = FT2Font(str(FONTS / "BIZUDPGothic-Regular.ttf")).get_charmap()
    return {char for char in text if ord(char) not in glyphs and char.isprintable()}
