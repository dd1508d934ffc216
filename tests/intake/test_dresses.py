"""The same week in every dress a coordinator may bring: it reads to the same problem."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from logistics.intake import read_week
from logistics.intake.vocabulary import data_rows
from logistics.model.problem import WeekProblem
from tests.intake.folder import Folder

FULL_WIDTH = {code: code + 0xFEE0 for code in map(ord, "0123456789-.:;/ABCDEFGHLMOPRSTV")}
SHEETS = {row["table"]: row["aliases"].split(";")[0] for row in data_rows("sheets.csv")}


def problem_of(path: Path) -> WeekProblem:
    """The problem without its digest, which is the bytes' and not the week's."""
    problem, findings = read_week(path)
    assert findings == []
    assert problem is not None
    return replace(problem, digest="")


@pytest.fixture
def plain(tmp_path: Path) -> WeekProblem:
    return problem_of(named().write(tmp_path / "plain"))


def named() -> Folder:
    """The week with Japanese names in it."""
    folder = Folder()
    folder.put("sites", 3, "name", "富田パントリー～①").put("lots", 2, "item", "お米 ２ｋｇ")
    return folder.put("organisations", 3, "name", "㈱高槻")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_encodings(tmp_path: Path, plain: WeekProblem, encoding: str) -> None:
    assert problem_of(named().write(tmp_path / "week", encoding)) == plain


def test_settings_with_a_mark_and_in_cp932(tmp_path: Path) -> None:
    folder = Folder()
    folder.settings = folder.settings.replace("Tonda 11-23", "富田 11月")
    path = folder.write(tmp_path)
    for encoding in ("utf-8", "utf-8-sig", "cp932"):
        (path / "week.toml").write_bytes(folder.settings.encode(encoding))
        assert problem_of(path).name == "富田 11月"


def japanese(folder: Folder) -> Folder:
    """Headings and values in Japanese, wherever the tables know a word."""
    headings = {(r["table"], r["column"]): r["aliases"].split(";")[0]
                for r in data_rows("columns.csv")}  # fmt: skip
    values = {(r["vocabulary"], r["value"]): r["aliases"].split(";")[0]
              for r in data_rows("values.csv")}  # fmt: skip
    names = {row["code"]: row["name_ja"] for row in data_rows("allergens.csv")}
    vocabularies = {
        "sector": "Sector", "food_group": "FoodGroup", "storage": "Storage", "label": "Label",
        "kitchen_needed": "Kitchen", "kitchen": "Kitchen", "cold": "Cold", "channel": "Channel",
        "tags": "Tag", "diet": "Diet",
    }  # fmt: skip

    def translate(table: str, column: str, cell: str) -> str:
        if column in ("allergens", "allergens_checked", "avoid"):
            words = [
                names.get(part) or values["Allergens", part] for part in cell.split(";") if part
            ]
            return "、".join(words)
        kind = "SiteKind" if (table, column) == ("sites", "kind") else vocabularies.get(column)
        kind = "PinKind" if (table, column) == ("pins", "kind") else kind
        if kind is None:
            return cell
        return "；".join(values[kind, part] for part in cell.split(";") if part)

    folder.map_cells(translate)
    for table, rows in folder.tables.items():
        rows[0] = [headings[table, column] for column in rows[0]]
    return folder


def test_japanese_headings_and_values(tmp_path: Path, plain: WeekProblem) -> None:
    folder = japanese(named())
    assert folder.tables["lots"][1][5] == "常温"
    assert folder.tables["households"][1][0] == "H1"
    assert problem_of(folder.write(tmp_path / "week", "cp932")) == plain


def test_full_width(tmp_path: Path, plain: WeekProblem) -> None:
    free_text = ("name", "item", "language")

    def widen(table: str, column: str, cell: str) -> str:
        return cell if column in free_text else cell.translate(FULL_WIDTH)

    folder = named().map_cells(widen)
    assert folder.tables["lots"][1][0] == "Ｌ１"
    assert problem_of(folder.write(tmp_path / "week")) == plain


def typed(column: str, cell: str) -> object:
    """A cell as a spreadsheet would store what a person typed: numbers, dates, times."""
    readers: tuple[Callable[[str], object], ...] = (
        int,
        float,
        date.fromisoformat,
        lambda text: datetime.strptime(text, "%H:%M").time(),
        lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M"),
    )
    for read in readers if column not in ("name", "item") else ():
        try:
            return read(cell)
        except ValueError:
            continue
    return cell or None


def fill(sheet: object, rows: list[list[str]]) -> None:
    sheet.append(rows[0])  # type: ignore[attr-defined]
    for row in rows[1:]:
        cells = [typed(column, cell) for column, cell in zip(rows[0], row, strict=True)]
        sheet.append(cells)  # type: ignore[attr-defined]


def test_one_workbook_a_table(tmp_path: Path, plain: WeekProblem) -> None:
    folder = named()
    path = folder.write(tmp_path / "week", without=folder.tables)
    for name, rows in folder.tables.items():
        book = Workbook()
        fill(book.active, rows)
        book.save(path / f"{name}.xlsx")
    assert problem_of(path) == plain


@pytest.mark.parametrize("titles", [{}, SHEETS])
def test_one_workbook_for_all(tmp_path: Path, plain: WeekProblem, titles: dict[str, str]) -> None:
    folder = named()
    path = folder.write(tmp_path / "week", without=folder.tables)
    book = Workbook()
    for name, rows in folder.tables.items():
        fill(book.create_sheet(titles.get(name, name)), rows)
    book.save(path / "week.xlsx")
    assert problem_of(path) == plain


def test_a_workbook_beside_a_table_is_one_finding(tmp_path: Path) -> None:
    folder = Folder()
    path = folder.write(tmp_path)
    book = Workbook()
    fill(book.active, folder.tables["sites"])
    book.save(path / "sites.xlsx")
    problem, findings = read_week(path)
    assert problem is None
    assert [(f.code, f.file) for f in findings] == [("two_sources", "sites.xlsx")]


@pytest.mark.parametrize("name", ["week.xlsx", "sites.xlsx"])
def test_a_damaged_workbook_is_one_finding(tmp_path: Path, name: str) -> None:
    lost = Folder().tables if name == "week.xlsx" else ["sites"]
    path = Folder().write(tmp_path, without=lost)
    (path / name).write_bytes(b"PK\x03\x04 no workbook")
    _, findings = read_week(path)
    assert [(f.code, f.file) for f in findings] == [("broken_workbook", name)]


def test_sheets_nobody_knows_are_named_unless_blank(tmp_path: Path) -> None:
    folder = Folder()
    path = folder.write(tmp_path, without=["pins"])
    book = Workbook()  # its first sheet, "Sheet", stays blank
    fill(book.create_sheet("pins"), folder.tables["pins"])
    book.create_sheet("memo").append(["call the temple"])
    book.save(path / "week.xlsx")
    problem, findings = read_week(path)
    assert problem is not None
    assert len(problem.pins) == 2
    assert [(f.code, f.file) for f in findings] == [("unknown_sheet", "week.xlsx")]


def test_tabs_between_the_cells(tmp_path: Path, plain: WeekProblem) -> None:
    path = named().write(tmp_path / "week")
    rows = named().tables["history"]
    text = "\n".join("\t".join(row) for row in rows)
    (path / "history.csv").write_text(text, encoding="utf-8")
    assert problem_of(path) == plain


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_and_columns_does_not_matter(
    tmp_path: Path, plain: WeekProblem, seed: int
) -> None:
    chance = random.Random(seed)
    folder = named()
    for name, (heading, *body) in folder.tables.items():
        chance.shuffle(body)
        order = chance.sample(range(len(heading)), len(heading))
        folder.tables[name] = [[row[at] for at in order] for row in (heading, *body)]
    problem = problem_of(folder.write(tmp_path / "week"))
    assert problem == plain
    assert list(problem.lots) == list(plain.lots)


def test_towns_instead_of_coordinates(tmp_path: Path) -> None:
    """城北町一丁目 in four spellings is one point."""
    points = set()
    for at, spelling in enumerate(
        ["城北町一丁目", "城北町１丁目", "高槻市 城北町1丁目", "大字城北町一丁目"]
    ):
        folder = Folder().drop_column("households", "lat").drop_column("households", "lon")
        for row in folder.tables["households"]:
            row.append("town" if row[0] == "household_id" else spelling)
        home = problem_of(folder.write(tmp_path / str(at))).households["H1"]
        points.add((home.lat, home.lon))
    assert len(points) == 1


def test_dates_and_times_as_people_write_them(tmp_path: Path, plain: WeekProblem) -> None:
    folder = named().put("sessions", 2, "date", "2026年11月25日").put("sessions", 2, "open", "15時")
    folder.put("sessions", 3, "date", "2026/11/27").put("sessions", 3, "close", "12時00分")
    folder.put("lots", 2, "label_date", "2027年6月").put("lots", 4, "ready_at", "2026/11/24 10:00")
    folder.put("households", 4, "window_open", "10:00:00").put("lots", 2, "unit_g", "2,000")
    assert problem_of(folder.write(tmp_path / "week")) == plain
