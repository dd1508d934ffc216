"""Whatever lies in the folder: findings, never an exception, never half a week."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from logistics.intake import TravelUnreadable, read_travel, read_week
from tests.intake.folder import Folder

VALID = Folder()
CELLS = [
    (table, row, column)
    for table, rows in VALID.tables.items()
    for row in range(1, len(rows) + 1)
    for column in range(len(rows[0]))
]
TRICKY = st.sampled_from(
    [
        "nan", "-inf", "1e400", "1e99", "1e-99", "9" * 40, "9" * 5000, "-0", "0.1.2", "1/3", "1/0",
        "--", "+", "１２", "½", "٣", "²", "2026-02-29", "9999-12", "0000-01-01", "24:00", "24:01",
        "２４：００", "2026-11-23T24:00", "2026-11-24T", "\x00", "\ud7ff", "\u3000", "\ufeff", '"',
        "\r", "a\nb", "=1+1", "#REF!", "TRUE", ";;;", "；、", "none", "all", "なし", "H1", "S1", "V1",
        "{0}", "{column}", "%s", "x" * 70, "城北町", "大字", "丁目", "99丁目",
    ]
)  # fmt: skip
TEXT = TRICKY | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FILES = ["week.toml", "week.xlsx", *(f"{table}.csv" for table in VALID.tables), "sites.xlsx"]
RELAXED = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read_safely(folder: Path) -> None:
    problem, findings = read_week(folder)
    assert (problem is None) == any(finding.is_error for finding in findings)
    for finding in findings:
        assert finding.text()
        assert len(finding.value) <= 200


@RELAXED
@given(st.lists(st.tuples(st.sampled_from(CELLS), TEXT), min_size=1, max_size=6))
def test_any_text_in_any_cell(changes: list[tuple[tuple[str, int, int], str]]) -> None:
    folder = VALID.copy()
    for (table, row, column), text in changes:
        folder.tables[table][row - 1][column] = text
    with tempfile.TemporaryDirectory() as path:
        read_safely(folder.write(Path(path)))


@RELAXED
@given(st.sampled_from(FILES), st.binary(max_size=300))
@example("week.toml", b"a = " + b"[" * 5000)
@example("week.toml", b"week_start = " + b"9" * 5000)
@example("sites.csv", b"site_id," + b"x" * 200_000)
@example("sites.csv", b"\xff\xfes\x00")
def test_any_bytes_in_any_file(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as path:
        VALID.write(Path(path), without=["sites"] if name == "sites.xlsx" else [])
        (Path(path) / name).write_bytes(content)
        read_safely(Path(path))


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """sites.xlsx of the valid week."""
    book = Workbook()
    for row in VALID.tables["sites"]:
        book.active.append(row)
    path = tmp_path_factory.mktemp("book") / "sites.xlsx"
    book.save(path)
    return path.read_bytes()


@RELAXED
@given(st.data())
def test_a_workbook_with_flipped_bytes(workbook: bytes, data: st.DataObject) -> None:
    content = bytearray(workbook)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as path:
        VALID.write(Path(path), without=["sites"])
        (Path(path) / "sites.xlsx").write_bytes(content)
        read_safely(Path(path))


SETTINGS_LINES = st.lists(
    st.tuples(
        st.sampled_from(
            ["name", "week_start", "timezone", "policy", "travel", "runs", "policy.margin_days",
             "policy.margin_days.frozen.use_by", "policy.week_floor", "travel.circuity",
             "policy.history_weeks", "travel.graph", "travel.osrm.url", "travel.osrm.table_max"]
        ),
        st.sampled_from(
            ["1", "-1", "0.5", "nan", "inf", "true", '""', '"x"', "[]", "{}", "[{}]", "[[1]]",
             "2026-11-23", "2026-11-23T10:00:00Z", "10:00:00", '{ x = 1 }', "1e300", '"Asia"',
             '[{ run_id = "R", date = "?", site_id = 1, meals = [] }]', '"\\u0000"', '"/"']
        ),
    ),
    max_size=6,
    unique_by=lambda pair: pair[0],
)  # fmt: skip


@RELAXED
@given(SETTINGS_LINES)
def test_any_settings(lines: list[tuple[str, str]]) -> None:
    folder = VALID.copy()
    folder.settings = "\n".join(f"{key} = {value}" for key, value in lines)
    with tempfile.TemporaryDirectory() as path:
        read_safely(folder.write(Path(path)))


@RELAXED
@given(st.binary(max_size=200) | TEXT.map(lambda t: f"from_id,to_id,metres,seconds\nA,B,{t},1"
                                          .encode()))  # fmt: skip
def test_any_travel_file(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "travel.csv"
        path.write_bytes(content)
        legs = {}
        with contextlib.suppress(TravelUnreadable):
            legs = read_travel(path)
        assert all(leg.metres >= 0 and leg.seconds >= 0 for leg in legs.values())
