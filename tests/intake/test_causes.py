"""One cause, one finding: what is lost does not drag down what points to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from logistics.intake import read_week
from tests.intake.folder import Folder, to_csv


def found(path: Path) -> list[tuple[str, str, int | None, str]]:
    problem, findings = read_week(path)
    assert (problem is None) == any(f.is_error for f in findings)
    return [(f.code, f.file, f.row, f.column) for f in findings]


def test_a_valid_week_has_no_findings(tmp_path: Path) -> None:
    assert found(Folder().write(tmp_path)) == []


@pytest.mark.parametrize(
    "table",
    ["organisations", "sites", "lots", "sessions", "households", "vehicles", "shifts"],
)
def test_a_missing_file_is_one_finding(tmp_path: Path, table: str) -> None:
    path = Folder().write(tmp_path, without=[table])
    assert found(path) == [("missing_file", f"{table}.csv", None, "")]


@pytest.mark.parametrize("table", ["organisations", "sites", "households", "shifts", "travel"])
def test_an_empty_file_is_one_finding(tmp_path: Path, table: str) -> None:
    path = Folder().write(tmp_path)
    (path / f"{table}.csv").write_bytes(b"\r\n")
    assert found(path) == [("empty_file", f"{table}.csv", None, "")]


@pytest.mark.parametrize(("table", "code"), [("sites", "no_rows"), ("households", "no_rows")])
def test_headings_without_rows(tmp_path: Path, table: str, code: str) -> None:
    folder = Folder()
    del folder.tables[table][1:]
    assert found(folder.write(tmp_path)) == [(code, f"{table}.csv", None, "")]


def test_a_week_without_goods_is_a_warning(tmp_path: Path) -> None:
    folder = Folder()
    del folder.tables["lots"][1:], folder.tables["pins"][1:]
    problem, findings = read_week(folder.write(tmp_path))
    assert problem is not None
    assert [f.code for f in findings] == ["no_lots"]


def test_a_first_week_has_no_history(tmp_path: Path) -> None:
    problem, findings = read_week(Folder().write(tmp_path, without=["history"]))
    assert problem is not None
    assert [f.code for f in findings] == ["missing_history"]


def test_missing_settings_judge_no_date(tmp_path: Path) -> None:
    path = Folder().write(tmp_path)
    (path / "week.toml").unlink()
    assert found(path) == [("missing_file", "week.toml", None, "")]


NEEDED = [
    ("organisations", "org_id"), ("organisations", "sector"), ("sites", "site_id"),
    ("sites", "kind"), ("sites", "lat"), ("sites", "chilled_kg"), ("lots", "lot_id"),
    ("lots", "site_id"), ("lots", "units"), ("lots", "label"), ("lots", "label_date"),
    ("lots", "ready_at"), ("sessions", "session_id"), ("sessions", "date"),
    ("households", "household_id"), ("households", "members"), ("households", "session_ids"),
    ("households", "lon"), ("households", "window_open"), ("vehicles", "vehicle_id"),
    ("shifts", "start"), ("history", "household_id"), ("history", "week_start"),
    ("travel", "seconds"), ("pins", "kind"), ("pins", "units"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), NEEDED)
def test_a_missing_column_is_one_finding(tmp_path: Path, table: str, column: str) -> None:
    path = Folder().drop_column(table, column).write(tmp_path)
    assert found(path) == [("missing_column", f"{table}.csv", 1, column)]


def test_bad_rows_keep_their_identifiers(tmp_path: Path) -> None:
    """Each of these rows is named elsewhere: by lots, history, travel, pins, shifts."""
    folder = Folder()
    for table, column in (
        ("sites", "lat"), ("households", "members"), ("lots", "units"),
        ("vehicles", "ambient_kg"), ("sessions", "open"),
    ):  # fmt: skip
        folder.put(table, 2, column, "?")
    codes = [(code, file) for code, file, _, _ in found(folder.write(tmp_path))]
    assert codes == [
        ("not_a_number", "households.csv"),
        ("not_a_number", "lots.csv"),
        ("not_a_time", "sessions.csv"),
        ("not_a_number", "sites.csv"),
        ("not_a_number", "vehicles.csv"),
    ]


@pytest.mark.parametrize(
    ("table", "column"), [("households", "household_id"), ("sites", "site_id"), ("lots", "lot_id")]
)
def test_an_unreadable_identifier_settles_no_reference(
    tmp_path: Path, table: str, column: str
) -> None:
    path = Folder().put(table, 2, column, "").write(tmp_path)
    assert found(path) == [("blank_cell", f"{table}.csv", 2, column)]


def test_a_torn_row_keeps_its_identifier(tmp_path: Path) -> None:
    folder = Folder()
    folder.tables["households"][1].append("extra")
    folder.tables["sites"][1].pop()
    assert found(folder.write(tmp_path)) == [
        ("ragged_row", "households.csv", 2, ""),
        ("ragged_row", "sites.csv", 2, ""),
    ]


def test_blank_rows_and_blank_ends_are_nothing(tmp_path: Path) -> None:
    folder = Folder()
    folder.tables["sites"].insert(2, [])
    folder.tables["sites"].insert(2, [""] * 12)
    for row in folder.tables["sites"]:
        row += ["", ""]
    folder.tables["sites"][4][3] = "shop"  # the third site now stands in row 6
    folder.tables["sites"][5][3] = "shop"
    assert found(folder.write(tmp_path)) == [
        ("not_in_vocabulary", "sites.csv", 5, "kind"),
        ("not_in_vocabulary", "sites.csv", 6, "kind"),
    ]


def test_a_duplicate_does_not_replace_the_first(tmp_path: Path) -> None:
    """A second S1 without storage must not take the storage from the lots at the first."""
    folder = Folder()
    row = folder.add("sites", site_id="S1", org_id="O1", kind="hub", lat="34", lon="135")
    assert found(folder.write(tmp_path)) == [("duplicate_id", "sites.csv", row, "site_id")]


def test_noise_instead_of_a_table_is_one_finding(tmp_path: Path) -> None:
    path = Folder().write(tmp_path)
    (path / "sites.csv").write_text("Dear all,\nsee you on Monday\n", encoding="utf-8")
    assert found(path) == [("no_header", "sites.csv", 1, "")]
    (path / "sites.csv").write_bytes(b"\xff\x80\x81 not text \xfd")
    assert found(path) == [("unknown_encoding", "sites.csv", None, "")]
    (path / "sites.csv").write_text('site_id,name\nS1,"Hub\nS2,Temple\n', encoding="utf-8")
    assert found(path) == [("broken_csv", "sites.csv", 3 - 1, "")]


def test_a_column_given_twice(tmp_path: Path) -> None:
    folder = Folder()
    for row in folder.tables["sites"]:
        row.append("拠点ID" if row[0] == "site_id" else row[0])
    assert found(folder.write(tmp_path)) == [("duplicate_column", "sites.csv", 1, "site_id")]


def test_two_sources_of_one_table(tmp_path: Path) -> None:
    path = Folder().write(tmp_path)
    (path / "Sites.CSV").write_text("x", encoding="utf-8")
    if len(list(path.glob("*ites.*"))) == 2:  # a file system that tells upper from lower case
        assert [code for code, *_ in found(path)] == ["two_sources"]


def test_a_file_nobody_knows_is_named(tmp_path: Path) -> None:
    path = Folder().write(tmp_path)
    for name in ("histroy.csv", "contacts.csv", "~$sites.xlsx", "notes.txt"):
        (path / name).write_text("x", encoding="utf-8")
    problem, findings = read_week(path)
    assert problem is not None
    assert [(f.code, f.file) for f in findings] == [("unknown_file", "histroy.csv")]


def test_no_folder(tmp_path: Path) -> None:
    assert found(tmp_path / "nowhere") == [("no_folder", "nowhere", None, "")]


def test_volunteers_of_shifts_must_be_listed_where_there_is_a_list(tmp_path: Path) -> None:
    folder = Folder()
    folder.tables["volunteers"] = [["volunteer_id"], ["P1"]]
    problem, findings = read_week(folder.write(tmp_path))
    assert problem is None
    assert [(f.code, f.row) for f in findings if f.is_error] == [
        ("unknown_reference", 3),
        ("unknown_reference", 4),
    ]


def test_a_quoted_comma_and_a_quoted_quote_are_one_cell(tmp_path: Path) -> None:
    folder = Folder().put("sites", 2, "name", 'Hub "A", north')
    assert '"Hub ""A"", north"' in to_csv(folder.tables["sites"])
    problem, findings = read_week(folder.write(tmp_path))
    assert findings == []
    assert problem is not None
    assert problem.sites["S1"].name == 'Hub "A", north'
