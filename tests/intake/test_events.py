"""events.csv: every kind reads as it is meant, every mistake is one finding, nothing raises."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from logistics.intake import read_events, read_week
from logistics.intake.events import NEEDED
from logistics.intake.rows import EVENTS
from logistics.intake.vocabulary import data_rows
from logistics.model.errors import Finding
from logistics.model.events import Event, EventKind
from logistics.model.problem import WeekProblem
from logistics.model.units import DAY_S, HOUR_S, Channel, Cold, Kitchen
from tests.intake.folder import Folder, to_csv
from tests.intake.test_fuzz import TEXT

COLUMNS = EVENTS.columns
WED = 2 * DAY_S


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> WeekProblem:
    problem, _ = read_week(Folder().write(tmp_path_factory.mktemp("week")))
    assert problem is not None
    return problem


def read(
    week: WeekProblem, path: Path, *rows: dict[str, str]
) -> tuple[tuple[Event, ...], list[Finding]]:
    """Read rows that are blank where no cell is given; `at` is Wednesday 08:00."""
    cells = [
        [{"at": "2026-11-25T08:00", **row}.get(column, "") for column in COLUMNS] for row in rows
    ]
    file = path / "events.csv"
    file.write_text(to_csv([list(COLUMNS), *cells]), encoding="utf-8")
    return read_events(file, week)


def codes(week: WeekProblem, path: Path, *rows: dict[str, str]) -> list[str]:
    return [finding.code for finding in read(week, path, *rows)[1]]


GOOD: dict[str, dict[str, str]] = {
    "driver_ill": {"vehicle_id": "C1", "until": "2026-11-26T12:00"},
    "car_broken": {"vehicle_id": "C1", "since": "2026-11-25T07:30", "site_id": "S1"},
    "shift_changed": {
        "vehicle_id": "C1",
        "since": "2026-11-26T10:00",
        "until": "2026-11-26T14:00",
    },
    "lot_late": {"lot_id": "L4", "since": "2026-11-25T14:00"},
    "lot_spoilt": {"lot_id": "L2", "site_id": "S1"},
    "lot_short": {"lot_id": "L1", "units": "5"},
    "session_closed": {"session_id": "V2"},
    "household_cancelled": {"household_id": "H3"},
    "household_added": {
        "household_id": "H9",
        "members": "2",
        "meals_wanted": "6",
        "lat": "34.85",
        "lon": "135.6",
        "session_ids": "V1;V2",
        "avoid": "wheat",
        "cold": "fridge",
    },
}


@pytest.mark.parametrize("kind", EventKind)
def test_each_kind_reads_without_a_finding(
    week: WeekProblem, tmp_path: Path, kind: EventKind
) -> None:
    events, findings = read(week, tmp_path, {"event": kind, **GOOD[kind]})
    assert findings == []
    assert [event.kind for event in events] == [kind]
    assert events[0].at_s == WED + 8 * HOUR_S


@pytest.mark.parametrize("kind", EventKind)
def test_what_an_event_needs_must_be_filled(
    week: WeekProblem, tmp_path: Path, kind: EventKind
) -> None:
    for column in NEEDED[kind]:
        row = {"event": str(kind), **GOOD[kind], column: ""}
        assert "event_needs" in codes(week, tmp_path, row), column


def test_an_added_household_is_read_with_caution(week: WeekProblem, tmp_path: Path) -> None:
    (event,), _ = read(week, tmp_path, {"event": "household_added", **GOOD["household_added"]})
    home = event.household
    assert home is not None
    assert (home.id, home.members, home.meals_wanted) == ("H9", 2, 6)
    assert (home.kitchen, home.cold, home.channel) == (Kitchen.NONE, Cold.FRIDGE, Channel.PICKUP)
    assert home.avoid == {"wheat"}


def test_japanese_headings_and_words(week: WeekProblem, tmp_path: Path) -> None:
    names = {r["column"]: r["aliases"].split(";")[0] for r in data_rows("columns.csv")
             if r["table"] == "events"}  # fmt: skip
    file = tmp_path / "events.csv"
    heading = [names[column] for column in ("event", "at", "vehicle_id")]
    rows = [heading, ["運転者欠勤", "2026-11-25 08:00", "C1"]]
    file.write_bytes(to_csv(rows).encode("cp932"))
    events, findings = read_events(file, week, "ja")
    assert findings == []
    assert events == (Event(EventKind.DRIVER_ILL, WED + 8 * HOUR_S, vehicle_id="C1"),)


MISTAKES: dict[str, tuple[dict[str, str], ...]] = {
    "event_unknown": ({"event": "driver_ill", "vehicle_id": "C7"},),
    "event_known": ({"event": "household_added", **GOOD["household_added"], "household_id": "H1"},),
    "event_outside_week": ({"event": "driver_ill", "vehicle_id": "C1", "at": "2026-12-02T08:00"},),
    "event_ends_early": ({"event": "driver_ill", "vehicle_id": "C1", "until": "2026-11-25T07:00"},),
    "event_two_days": (
        {
            "event": "shift_changed",
            "vehicle_id": "C1",
            "since": "2026-11-25T20:00",
            "until": "2026-11-26T04:00",
        },
    ),
    "event_twice": ({"event": "session_closed", "session_id": "V2"},) * 2,
    "event_contradicts": (
        {"event": "lot_spoilt", "lot_id": "L1"},
        {"event": "lot_late", "lot_id": "L1", "since": "2026-11-26T08:00"},
    ),
    "event_too_many": ({"event": "lot_short", "lot_id": "L1", "units": "41"},),
    "event_no_store": ({"event": "car_broken", "vehicle_id": "C1", "site_id": "S3"},),
    "event_no_place": (
        {"event": "household_added", **GOOD["household_added"], "lat": "", "lon": ""},
    ),
    "event_ignores": ({"event": "session_closed", "session_id": "V2", "units": "3"},),
    "too_many_members": ({"event": "household_added", **GOOD["household_added"], "children": "3"},),
    "no_sessions": ({"event": "household_added", **GOOD["household_added"], "session_ids": ""},),
    "no_visit_window": (
        {"event": "household_added", **GOOD["household_added"], "channel": "delivery"},
    ),
    "not_in_vocabulary": ({"event": "rain"},),
    "no_events": (),
}


@pytest.mark.parametrize("code", MISTAKES)
def test_each_mistake_is_one_finding(week: WeekProblem, tmp_path: Path, code: str) -> None:
    events, findings = read(week, tmp_path, *MISTAKES[code])
    assert [finding.code for finding in findings] == [code]
    assert (not events) == (findings[0].is_error or code == "no_events")
    assert findings[0].file == "events.csv"


def test_a_file_that_is_not_there_is_a_finding(week: WeekProblem, tmp_path: Path) -> None:
    events, findings = read_events(tmp_path / "events.csv", week)
    assert events == ()
    assert [finding.code for finding in findings] == ["unreadable_file"]


ROWS = [{"event": str(kind), **GOOD[kind]} for kind in EventKind]
CELLS = [(row, column) for row in range(len(ROWS)) for column in COLUMNS]


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(CELLS), TEXT), min_size=1, max_size=6))
def test_any_text_in_any_cell(
    week: WeekProblem, changes: list[tuple[tuple[int, str], str]]
) -> None:
    rows = [dict(row) for row in ROWS]
    for (row, column), text in changes:
        rows[row][column] = text
    with tempfile.TemporaryDirectory() as path:
        events, findings = read(week, Path(path), *rows)
    assert all(finding.text() for finding in findings)
    assert not (events and any(finding.is_error for finding in findings))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=300))
@example(b"event,at\n")
@example("出来事,判明時刻\n".encode("cp932"))
def test_any_bytes(week: WeekProblem, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as path:
        file = Path(path) / "events.csv"
        file.write_bytes(content)
        events, findings = read_events(file, week)
    assert events == ()
    assert findings
