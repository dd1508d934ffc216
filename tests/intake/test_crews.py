"""Volunteers, visits and the optional columns of shifts: read as they are, mistakes named."""

from __future__ import annotations

from pathlib import Path

import pytest

from logistics.intake import read_week
from logistics.model.fleet import Break
from logistics.model.people import Visit, Volunteer
from logistics.model.units import MINUTE_S
from tests.intake.folder import Folder, parse
from tests.weeks import at

TABLES = {
    "shifts": """\
vehicle_id,date,start,end,volunteer_ids,start_id,end_id,break_open,break_close,break_minutes
C1,2026-11-24,09:00,15:00,P1,S2,,12:00,13:00,30
C1,2026-11-26,09:00,13:00,P1;P2,,S3,,,
""",
    "volunteers": """\
volunteer_id,home_town,qualifications,languages,hours_max,dates
P1,,,ja;en,6.5,2026-11-24;2026-11-26
P2,城北町一丁目,nursery teacher,,,
""",
    "visits": """\
household_id,date,window_open,window_close,crew,qualification,last_visitor_ids
H3,2026-11-26,11:00,12:00,2,nursery teacher,P2
H3,2026-11-24,10:00,11:00,,,P9
""",
}


def folder() -> Folder:
    """The valid week with people; the window of H3 stands in visits alone."""
    made = Folder()
    made.tables |= {name: parse(text) for name, text in TABLES.items()}
    for column in ("date", "window_open", "window_close"):
        made.put("households", 4, column, "")
    return made


def test_people_breaks_and_visits_become_facts(tmp_path: Path) -> None:
    problem, findings = read_week(folder().write(tmp_path))
    assert findings == []
    assert problem is not None
    tuesday, thursday = problem.shifts
    assert (tuesday.start_id, tuesday.end_id, thursday.end_id) == ("S2", None, "S3")
    assert tuesday.break_ == Break(at(1, 12), at(1, 13), 30 * MINUTE_S)
    assert problem.volunteers == {
        "P1": Volunteer("P1", frozenset(), frozenset({"ja", "en"}), 23_400, frozenset({1, 3})),
        "P2": Volunteer("P2", frozenset({"nursery teacher"})),
    }
    alone = Visit(at(1, 10), at(1, 11), 480, last_visitor_ids=("P9",))
    both = Visit(at(3, 11), at(3, 12), 480, 2, "nursery teacher", ("P2",))
    assert problem.households["H3"].visits == (alone, both)
    assert problem.households["H3"].visit == alone


MISTAKES = [
    ("shifts", 2, "start_id", "S9", "unknown_reference", "start_id"),
    ("shifts", 2, "break_minutes", "", "half_break", "break_minutes"),
    ("shifts", 2, "break_close", "14:31", "break_outside_shift", "break_open"),
    ("shifts", 2, "break_close", "11:00", "closes_before_open", "break_close"),
    ("volunteers", 2, "dates", "2026-11-24", "volunteer_away", "volunteer_ids"),
    ("volunteers", 3, "qualifications", "driver", "nobody_for_visit", "crew"),
    ("visits", 3, "crew", "2", "nobody_for_visit", "crew"),
    ("visits", 2, "household_id", "H1", "visit_ignored", "household_id"),
    ("visits", 2, "date", "2026-12-26", "date_outside_week", "date"),
    ("households", 4, "window_close", "12:00", "window_replaced", "date"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "column", "text", "code", "where"), MISTAKES)
def test_a_mistake_is_named(
    tmp_path: Path, table: str, row: int, column: str, text: str, code: str, where: str
) -> None:
    _, findings = read_week(folder().put(table, row, column, text).write(tmp_path))
    assert (code, where) in [(found.code, found.column) for found in findings]


def test_the_same_visit_twice_is_named(tmp_path: Path) -> None:
    twice = folder()
    twice.tables["visits"].append(twice.tables["visits"][1])
    _, findings = read_week(twice.write(tmp_path))
    assert [(f.code, f.row) for f in findings] == [("duplicate_row", 4)]


def test_a_bad_row_of_visits_is_one_finding(tmp_path: Path) -> None:
    broken = folder().put("visits", 2, "crew", "two").put("visits", 3, "crew", "two")
    _, findings = read_week(broken.write(tmp_path))
    assert [f.code for f in findings] == ["not_a_number", "not_a_number"]


@pytest.mark.parametrize(("start", "codes"), [("14:59", ["volunteer_twice"]), ("15:00", [])])
def test_nobody_is_on_two_vehicles_at_once(tmp_path: Path, start: str, codes: list[str]) -> None:
    # P1 is on C1 from 09:00 to 15:00; C2 takes P1 along a minute before that ends, or when it has ended.
    made = folder()
    made.add("vehicles", vehicle_id="C2", home_site_id="S1", ambient_kg="100")
    made.add(
        "shifts",
        vehicle_id="C2",
        date="2026-11-24",
        start=start,
        end="17:00",
        volunteer_ids="P1",
    )
    _, findings = read_week(made.write(tmp_path))
    assert [f.code for f in findings] == codes


def test_a_column_that_is_nearly_named_right_is_named(tmp_path: Path) -> None:
    made = folder()
    heading = made.tables["visits"][0]
    heading[heading.index("crew")] = "crews"
    _, findings = read_week(made.write(tmp_path))
    (near,) = [finding for finding in findings if finding.code == "near_column"]
    assert (near.file, near.row, near.column) == ("visits.csv", 1, "crews")
    assert "crew is meant" in near.message


def test_a_column_like_one_that_is_there_is_only_unknown(tmp_path: Path) -> None:
    made = folder()
    for number, row in enumerate(made.tables["visits"]):
        row.append("1" if number else "crews")
    _, findings = read_week(made.write(tmp_path))
    assert [finding.code for finding in findings] == ["unknown_columns"]
