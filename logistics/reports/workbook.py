"""Documents to spreadsheets: the same tables, one worksheet a page, the same bytes every time."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from logistics.reports.blocks import Beside, Cell, Document, Entry, Facts, Look, Notice, Page, Table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SHEET_CHARS = 96
"""Characters over the width of a worksheet on A4 portrait."""

LINE_PT = 15
FULL_WIDTH = 0x2E7F
"""Characters above this code are two columns wide."""

BOX = "□"
CREATED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def document_xlsx(document: Document, printed_on: date) -> bytes:
    """A document as a workbook that prints on A4, one page wide."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook has one sheet
    book.properties.title = document.title
    book.properties.creator = "Osusowake"
    book.properties.created = datetime.combine(printed_on, time())
    for number, page in enumerate(document.pages, start=1):
        sheet = book.create_sheet(_sheet_name(page, number))
        _print_setup(sheet, document)
        _fill(sheet, page, document.labels)
    raw = BytesIO()
    book.save(raw)
    return _dated(raw.getvalue(), printed_on)


def _sheet_name(page: Page, number: int) -> str:
    """At most 31 characters, none of those that spreadsheets forbid, unique by its number."""
    return re.sub(r"[\\/*?:\[\]']", " ", f"{number} {page.aside} {page.title}")[:31]


def _print_setup(sheet: Worksheet, document: Document) -> None:
    from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(document.footer.replace("&", "&&")),
        right=_HeaderFooterPart("&P / &N"),
    )


def _fill(sheet: Worksheet, page: Page, labels: dict[str, str]) -> None:
    from openpyxl.styles import Font

    tables = [block for block in page.blocks if isinstance(block, Table)]
    _widths(sheet, tables)
    sheet.append([_safe(f"{page.kind}  {page.aside}")])
    sheet.append([_safe(page.title)])
    sheet["A2"].font = Font(size=16, bold=True)
    sheet.append([_safe(page.subtitle)])
    for block in page.blocks:
        sheet.append([])
        if isinstance(block, Facts):
            for fact in block.facts:
                sheet.append([_safe(fact.label), None, None, _safe(fact.value)])
        elif isinstance(block, Table):
            _table(sheet, block, labels)
        elif isinstance(block, (Beside, Notice)):
            _notice(sheet, block.notice if isinstance(block, Beside) else block)


def _widths(sheet: Worksheet, tables: list[Table]) -> None:
    """Columns as wide as the widest share that any table of the page gives to them."""
    from openpyxl.utils import get_column_letter

    shares: dict[int, float] = {}
    for table in tables:
        whole = sum(column.share for column in table.columns)
        for index, column in enumerate(table.columns, start=1):
            shares[index] = max(shares.get(index, 0), column.share / whole)
    for index, share in shares.items():
        sheet.column_dimensions[get_column_letter(index)].width = max(6.0, SHEET_CHARS * share)


def _table(sheet: Worksheet, table: Table, labels: dict[str, str]) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    line = Side(style="thin", color="B4B4B4")
    sheet.append([_safe(table.title)])
    sheet.cell(sheet.max_row, 1).font = Font(size=12, bold=True)
    if not table.rows:
        sheet.append([_safe(table.empty)])
        return
    sheet.append([_safe(column.title) for column in table.columns])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="ECECEC")
    for row in table.rows:
        sheet.append([_value(cell, labels) for cell in row])
        for cell, column, entries in zip(sheet[sheet.max_row], table.columns, row, strict=False):
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=column.align)
            cell.border = Border(bottom=line)
            loud = any(entry.look in (Look.STRONG, Look.WARNING) for entry in entries)
            cell.font = Font(bold=loud)
    if table.note:
        _wide(sheet, table.note)


def _notice(sheet: Worksheet, notice: Notice) -> None:
    from openpyxl.styles import Font

    sheet.append([_safe(notice.title)])
    sheet.cell(sheet.max_row, 1).font = Font(size=12, bold=True)
    for number, text in enumerate(notice.lines, start=1):
        _wide(sheet, f"{number}. {text}")


def _wide(sheet: Worksheet, text: str) -> None:
    """A line over all columns; merged cells do not grow by themselves, so its height is set."""
    from openpyxl.styles import Alignment

    sheet.append([_safe(text)])
    row = sheet.max_row
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=sheet.max_column)
    sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    full_width = sum(2 if ord(char) > FULL_WIDTH else 1 for char in text)
    sheet.row_dimensions[row].height = LINE_PT * (1 + full_width // SHEET_CHARS)


def _value(cell: Cell, labels: dict[str, str]) -> str | int:
    text = "\n".join(_entry_text(entry, labels) for entry in cell)
    return int(text) if text.isascii() and text.isdigit() else _safe(text)


def _entry_text(entry: Entry, labels: dict[str, str]) -> str:
    parts = [
        BOX if entry.check else "",
        f"[{labels[entry.storage]}]" if entry.storage and entry.text else "",
        labels[entry.storage] if entry.storage and not entry.text else "",
        f"{entry.count} ×" if entry.count is not None else "",
        f"!! {entry.text}" if entry.look is Look.WARNING else entry.text,
        f"({entry.detail})" if entry.detail else "",
    ]
    return " ".join(part for part in parts if part)


def _safe(text: str) -> str:
    """Text that a spreadsheet will not run as a formula and may store."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    clean = ILLEGAL_CHARACTERS_RE.sub(" ", text)
    return f"'{clean}" if clean[:1] in ("=", "+", "-", "@") else clean


def _dated(raw: bytes, printed_on: date) -> bytes:
    """The workbook with one fixed date instead of the moment of saving."""
    stamp = (printed_on.year, printed_on.month, printed_on.day, 0, 0, 0)
    fixed = BytesIO()
    with ZipFile(BytesIO(raw)) as old, ZipFile(fixed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = CREATED.sub(
                    rb"\g<1>" + printed_on.isoformat().encode() + b"T00:00:00Z", data
                )
            info = ZipInfo(name, date_time=stamp)
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, data)
    return fixed.getvalue()
