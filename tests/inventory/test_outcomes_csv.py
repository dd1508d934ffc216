"""outcomes.csv: both languages, both encodings, and a finding with row and column for every slip."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.inventory import Outcome, OutcomeKind, outcomes_from_bytes, outcomes_from_text

HEADER = "household_id,lot_id,session_id,date,outcome,units,to_site_id,reason,recorded_at\n"
GOOD = "H1,L1,S1,2026-11-25,delivered,3,,,2026-11-25T16:30\n"


def test_a_file_of_every_outcome() -> None:
    text = (
        HEADER
        + GOOD
        + (
            "H1,L1,S1,2026-11-25,partly,1,,,2026-11-25T16:31\n"
            "\n"
            "H2,L1,,2026-11-25,not_home,,,,2026-11-25 17:00:05\n"
            "H2,L2,,2026-11-25,returned,2,T1,,2026-11-25T17:00\n"
            'H2,L3,,2026-11-25,wasted,1,,"torn, wet",2026-11-25T17:00\n'
        )
    )
    outcomes, findings = outcomes_from_text(text, "outcomes.csv")
    assert findings == ()
    assert [(each.row, str(each.kind), each.units) for each in outcomes] == [
        (2, "delivered", 3),
        (3, "partly", 1),
        (5, "not_home", None),
        (6, "returned", 2),
        (7, "wasted", 1),
    ]
    assert outcomes[0] == Outcome(
        "H1",
        "L1",
        "S1",
        date(2026, 11, 25),
        OutcomeKind.DELIVERED,
        3,
        datetime(2026, 11, 25, 16, 30),
    )
    assert outcomes[2].session_id is None
    assert outcomes[4].reason == "torn, wet"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_japanese_headings_and_words_in_any_usual_encoding(encoding: str) -> None:
    text = "世帯,ロット,配布会,日付,結果,数,返却先,理由,記録時刻\n"
    text += "H1,L1,,2026-11-25,廃棄,1,,破損,2026-11-25T16:30\n"
    outcomes, findings = outcomes_from_bytes(text.encode(encoding), "outcomes.csv")
    assert findings == ()
    assert [(str(each.kind), each.reason) for each in outcomes] == [("wasted", "破損")]


@pytest.mark.parametrize(
    ("day", "noted"),
    [
        ("2026/11/25", "2026-11-25T16:30"),
        ("2026/11/25", "2026/11/25 16:30"),
        ("2026-11-25", "2026/11/25 16:30:00"),
    ],
)
def test_a_row_saved_again_by_a_spreadsheet_is_the_same_row(day: str, noted: str) -> None:
    """Opened and saved, dates come back with slashes: a coordinator has changed nothing by that."""
    saved = GOOD.replace("2026-11-25,", f"{day},").replace("2026-11-25T16:30", noted)
    assert outcomes_from_text(HEADER + saved, "o.csv") == outcomes_from_text(HEADER + GOOD, "o.csv")


def test_a_spreadsheet_leaves_out_zeros() -> None:
    row = GOOD.replace("2026-11-25,", "2027/1/5,").replace("2026-11-25T16:30", "2027/1/5 9:05")
    (outcome,), findings = outcomes_from_text(HEADER + row, "o.csv")
    assert findings == ()
    assert (outcome.day, outcome.noted_at) == (date(2027, 1, 5), datetime(2027, 1, 5, 9, 5))


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (GOOD.replace("2026-11-25,", "11/25,"), "date", "11/25"),
        (GOOD.replace("2026-11-25,", "2026/13/1,"), "date", "2026/13/1"),
        (GOOD.replace("H1", ""), "household_id", ""),
        (GOOD.replace("L1", ""), "lot_id", ""),
        (GOOD.replace("2026-11-25,", "25.11.,"), "date", "25.11."),
        (GOOD.replace("delivered", "given"), "outcome", "given"),
        (GOOD.replace(",3,", ",three,"), "units", "three"),
        (GOOD.replace(",3,", ",-3,"), "units", "-3"),
        (GOOD.replace(",3,", ",0,"), "units", "0"),
        (GOOD.replace(",3,", ",3.0,"), "units", "3.0"),
        (GOOD.replace("T16:30", "T25:00"), "recorded_at", "2026-11-25T25:00"),
        (GOOD.replace("T16:30", "T16:30Z"), "recorded_at", "2026-11-25T16:30Z"),
        ("H1,L1\n", "date", ""),
    ],
)
def test_each_slip_is_found_where_it_is(row: str, column: str, value: str) -> None:
    outcomes, findings = outcomes_from_text(HEADER + GOOD + row, "outcomes.csv")
    assert len(outcomes) == 1
    found = findings[0]
    assert (found.file, found.row, found.column, found.value) == ("outcomes.csv", 3, column, value)


def test_what_an_outcome_needs_beyond_its_cells() -> None:
    row = GOOD.replace("delivered", "returned")
    _, findings = outcomes_from_text(HEADER + row, "outcomes.csv")
    assert [(each.row, each.code) for each in findings] == [(2, "outcome")]
    assert "returned needs to_site_id" in findings[0].message


def test_missing_columns_are_named_in_both_languages() -> None:
    _, findings = outcomes_from_text("household_id,lot_id,date\n", "outcomes.csv")
    assert [each.message for each in findings] == [
        "column outcome (結果) is missing",
        "column recorded_at (記録時刻) is missing",
    ]
    assert len(outcomes_from_text("", "outcomes.csv")[1]) == 5
    assert outcomes_from_bytes(b"\x81\x00\xff\xfe", "x.csv")[1][0].code == "encoding"


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEADER + text).encode()))
def test_whatever_the_bytes_a_row_is_either_read_or_found_wrong(data: bytes) -> None:
    outcomes, findings = outcomes_from_bytes(data, "outcomes.csv")
    assert {each.row for each in outcomes}.isdisjoint({found.row for found in findings})
