"""The printed files: readable text, embedded fonts, no missing glyph, the same bytes every time."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from logistics.reports import SheetFailed, documents, draw_map, write_sheets
from logistics.reports.blocks import Document
from logistics.reports.typeset import GETA, document_pdf
from logistics.reports.workbook import document_xlsx
from tests.reports.sample import FOLDER, WEDNESDAY, WEEK_START, sample_plan, sample_problem

GOLDEN = FOLDER / "golden"
KINDS = ("pick-HUB-2026-11-25", "drive-V1-2026-11-25", "satellite-SE1-2026-11-25")


def sheets(language: str) -> dict[str, Document]:
    problem = sample_problem()
    found = documents(problem, sample_plan(problem), FOLDER, language)
    return {document.name: document for document in found}


def pdf_text(data: bytes) -> str:
    """The text of all pages, one line a line, pages divided."""
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    return "\n--- page ---\n".join(pages) + "\n"


def embedded_fonts(data: bytes) -> set[str]:
    fonts = set()
    for page in PdfReader(BytesIO(data)).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & descriptor.keys()
            fonts.add(descriptor["/FontName"].partition("+")[2])
    return fonts


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_the_text_of_each_kind_of_sheet_is_as_it_was_approved(name: str, language: str) -> None:
    """After a wanted change, look at the pages, then run once with UPDATE_GOLDEN=1."""
    text = pdf_text(document_pdf(sheets(language)[name], WEEK_START))
    golden = GOLDEN / f"{name}.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


def test_a_sheet_is_tagged_titled_and_carries_its_fonts() -> None:
    data = document_pdf(sheets("ja")["drive-V1-2026-11-25"], WEEK_START)
    reader = PdfReader(BytesIO(data))
    root = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == "運転シート 車両 V1 2026年11月25日(水)"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ja"
    assert embedded_fonts(data) == {"BIZUDPGothic-Regular", "BIZUDPGothic-Bold"}


def test_each_trip_begins_on_a_page_of_its_own() -> None:
    for language in ("ja", "en"):
        data = document_pdf(sheets(language)["drive-V1-2026-11-25"], WEEK_START)
        assert pdf_text(data).count("V1\n") >= 2
        assert len(PdfReader(BytesIO(data)).pages) in (2, 3)


def test_a_character_without_glyph_is_printed_as_geta_and_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    problem = sample_problem(name="週\U0001f600")
    document = documents(problem, sample_plan(problem), FOLDER, "ja")[0]
    with caplog.at_level(logging.WARNING):
        text = pdf_text(document_pdf(document, WEEK_START))
    assert f"週{GETA}" in text
    assert "no glyph for ['\U0001f600']" in caplog.text


def test_very_long_names_lengthen_a_sheet_and_lose_nothing() -> None:
    problem = sample_problem()
    name = "とても長い名前の品物" * 12
    lots = {**problem.lots, "L01": replace(problem.lots["L01"], item=name)}
    longer = replace(problem, lots=lots)
    document = documents(longer, sample_plan(longer), FOLDER, "ja")[0]
    text = pdf_text(document_pdf(document, WEEK_START)).replace("\n", "")
    assert name in text


def test_texts_from_outside_are_data_never_markup() -> None:
    problem = sample_problem()
    hostile = '#panic("x") $a$ *b* = c \\ "d" [e] {{f}} @g <h> // i'
    lots = {**problem.lots, "L01": replace(problem.lots["L01"], item=hostile)}
    document = documents(replace(problem, lots=lots), sample_plan(), FOLDER, "en")[0]
    text = pdf_text(document_pdf(document, WEEK_START))
    assert "#panic(" in text
    assert "*b*" in text


def test_the_workbook_holds_the_same_tables() -> None:
    data = document_xlsx(sheets("en")["drive-V1-2026-11-25"], WEEK_START)
    book = load_workbook(BytesIO(data))
    assert book.sheetnames == ["1 V1 Trip 1 of 2", "2 V1 Trip 2 of 2"]
    rows = [
        [cell for cell in row if cell] for row in book.worksheets[1].iter_rows(values_only=True)
    ]
    assert rows[1] == ["Trip 2 of 2"]
    assert ["No.", "Time", "Where", "What to do", "Result"] in rows
    h09 = next(row for row in rows if len(row) > 2 and row[2] == "H09")
    assert h09[0] == 2
    assert h09[3].split("\n")[:2] == ["[Ambient] Unload", "□ 1 × 無洗米 2kg (L01)"]
    assert any("Leave nothing at the door" in str(row) for row in rows)


def test_a_cell_never_becomes_a_formula() -> None:
    problem = sample_problem()
    lots = {**problem.lots, "L01": replace(problem.lots["L01"], item="=1+1")}
    document = documents(replace(problem, lots=lots), sample_plan(), FOLDER, "en")[5]
    book = load_workbook(BytesIO(document_xlsx(document, WEEK_START)))
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert "f" not in kinds


def test_the_whole_week_is_written_and_written_the_same_again(tmp_path: Path) -> None:
    problem, plan = sample_problem(), sample_plan()
    first = write_sheets(problem, plan, FOLDER, tmp_path / "a")
    second = write_sheets(problem, plan, FOLDER, tmp_path / "b")
    assert [path.name for path in first] == [path.name for path in second]
    assert {path.name for path in first} == {path.name for path in (tmp_path / "a").iterdir()}
    assert len(first) == 8 * 2 * 2 + 4 * 3  # documents x languages x forms, maps x forms
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name
    assert {"map-week.png", "map-2026-11-25.svg"} <= {path.name for path in first}


def test_one_language_and_a_folder_without_extras(tmp_path: Path) -> None:
    files = write_sheets(sample_problem(), sample_plan(), tmp_path, tmp_path / "out", ("en",))
    assert not any(".ja." in path.name for path in files)
    assert len(files) == 8 * 2 + 4 * 3


def test_a_map_is_drawn_to_the_file_that_is_asked_for(tmp_path: Path) -> None:
    problem, plan, outline = sample_problem(), sample_plan(), FOLDER / "boundary.geojson"
    png = draw_map(problem, plan, WEDNESDAY, outline, tmp_path / "day.png")
    svg = draw_map(problem, plan, None, None, tmp_path / "week.svg", ("en",))
    assert png.read_bytes().startswith(b"\x89PNG")
    assert svg.read_text("utf-8").startswith("<svg")
    with pytest.raises(SheetFailed, match=r"expected a \.pdf, \.svg or \.png file, got day\.jpg"):
        draw_map(problem, plan, WEDNESDAY, outline, tmp_path / "day.jpg")


def test_a_word_without_a_break_is_broken_at_the_edge_of_its_column() -> None:
    problem = sample_problem()
    word = "Unbreakable" * 8
    lots = {**problem.lots, "L01": replace(problem.lots["L01"], item=word)}
    document = documents(replace(problem, lots=lots), sample_plan(), FOLDER, "en")[0]
    text = pdf_text(document_pdf(document, WEEK_START))
    assert word not in text
    assert word in text.replace("\n", "").replace("\u200b", "")
