"""One mistake at a time: the whole list of findings is the one that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from logistics.intake import read_week
from tests.intake.folder import Folder

# table, row, column, text typed there, code of the only finding, column of the finding
CELLS = [
    ("organisations", 2, "sector", "", "blank_cell", "sector"),
    ("organisations", 2, "org_id", "O1\x07", "bad_character", "org_id"),
    ("sites", 2, "lat", "nan", "not_finite", "lat"),
    ("sites", 2, "lat", "135.6", "coordinate_out_of_range", "lat"),
    ("sites", 2, "lon", "", "half_place", "lon"),
    ("sites", 2, "lon", "181", "coordinate_out_of_range", "lon"),
    ("sites", 2, "chilled_kg", "12.3456", "not_whole_grams", "chilled_kg"),
    ("sites", 2, "chilled_kg", "-1", "below_minimum", "chilled_kg"),
    ("sites", 2, "receive_close", "07:00", "closes_before_open", "receive_close"),
    ("sites", 2, "receive_open", "8:60", "not_a_time", "receive_open"),
    ("sites", 2, "org_id", "O7", "unknown_reference", "org_id"),
    ("sites", 2, "ambient_kg", "70", "stock_above_capacity", "ambient_kg"),
    ("lots", 2, "org_id", "O7", "unknown_reference", "org_id"),
    ("lots", 2, "units", "4.5", "not_whole", "units"),
    ("lots", 2, "units", "1e12", "above_maximum", "units"),
    ("lots", 2, "unit_meals", "0.333", "too_fine", "unit_meals"),
    ("lots", 2, "units", "1_000", "not_a_number", "units"),
    ("lots", 2, "unit_g", "0", "below_minimum", "unit_g"),
    ("lots", 2, "unit_meals", "0", "not_above", "unit_meals"),
    ("lots", 2, "unit_meals", "1/0", "not_a_number", "unit_meals"),
    ("lots", 2, "pack", "0", "below_minimum", "pack"),
    ("lots", 2, "hold_units", "41", "held_above_units", "hold_units"),
    ("lots", 2, "label", "until", "not_in_vocabulary", "label"),
    ("lots", 2, "label_date", "", "label_without_date", "label_date"),
    ("lots", 2, "label_date", "2027-13", "not_a_label_date", "label_date"),
    ("lots", 2, "label_date", "2026-12", "year_month_too_short", "label_date"),
    ("lots", 2, "label_date", "2026-09-30", "made_after_label", "made_on"),
    ("lots", 2, "allergens_checked", "none;wheat", "none_and_more", "allergens_checked"),
    ("lots", 2, "tags", "vegan;contains_pork", "contradictory_tags", "tags"),
    ("lots", 2, "tags", "tasty", "not_in_vocabulary", "tags"),
    ("lots", 2, "storage", "frozen", "no_storage", "storage"),
    ("lots", 3, "label_date", "", "produce_without_date", "label_date"),
    ("lots", 4, "collect_by", "2026-11-24T09:00", "collect_before_ready", "collect_by"),
    ("lots", 4, "collect_by", "2026-11-24", "not_a_moment", "collect_by"),
    ("lots", 4, "made_on", "2026-02-30", "not_a_date", "made_on"),
    ("lots", 5, "ready_at", "", "hours_without_ready", "ready_at"),
    ("lots", 5, "site_id", "S8", "unknown_reference", "site_id"),
    ("sessions", 2, "date", "2026-11-30", "date_outside_week", "date"),
    ("sessions", 2, "date", "2026-11-22", "date_outside_week", "date"),
    ("sessions", 2, "site_id", "S3", "wrong_site_kind", "site_id"),
    ("sessions", 2, "close", "15:00", "closes_before_open", "close"),
    ("sessions", 2, "households_max", "many", "not_a_number", "households_max"),
    ("households", 2, "members", "0", "below_minimum", "members"),
    ("households", 2, "seniors", "3", "too_many_members", "members"),
    ("households", 2, "avoid", "all", "not_in_vocabulary", "avoid"),
    ("households", 2, "session_ids", "V1;V9", "unknown_reference", "session_ids"),
    ("households", 2, "session_ids", "", "no_sessions", "session_ids"),
    ("households", 2, "weight", "0", "not_above", "weight"),
    ("households", 2, "window_open", "10:00", "visit_ignored", "date"),
    ("households", 4, "date", "", "no_visit_window", "date"),
    ("households", 4, "date", "2026-12-01", "date_outside_week", "date"),
    ("households", 4, "window_close", "09:59", "closes_before_open", "window_close"),
    ("vehicles", 2, "home_site_id", "S3", "wrong_site_kind", "home_site_id"),
    ("vehicles", 2, "cold_minutes_max", "∞", "not_finite", "cold_minutes_max"),
    ("shifts", 2, "vehicle_id", "C9", "unknown_reference", "vehicle_id"),
    ("shifts", 2, "end", "24:01", "not_a_time", "end"),
    ("shifts", 3, "date", "2026-11-24", "overlapping_shifts", "start"),
    ("shifts", 2, "date", "2026/12/24", "date_outside_week", "date"),
    ("history", 3, "week_start", "2026-11-23", "week_not_past", "week_start"),
    ("history", 2, "week_start", "2026-11-09", "duplicate_row", "week_start"),
    ("history", 2, "meals_received", "-1", "below_minimum", "meals_received"),
    ("history", 3, "household_id", "H9", "not_registered", "household_id"),
    ("travel", 2, "metres", "1500.5", "not_whole", "metres"),
    ("travel", 2, "to_id", "S9", "unknown_point", "to_id"),
    ("travel", 4, "to_id", "S2", "duplicate_row", "from_id"),
    ("pins", 2, "kind", "wish", "not_in_vocabulary", "kind"),
    ("pins", 2, "lot_id", "L9", "unknown_reference", "lot_id"),
    ("pins", 3, "units", "", "pin_without_units", "units"),
]  # fmt: skip

WARNINGS = {"stock_above_capacity", "visit_ignored", "not_registered", "unknown_point"}


@pytest.mark.parametrize(("table", "row", "column", "text", "code", "where"), CELLS)
def test_a_wrong_cell_is_one_finding(
    tmp_path: Path, table: str, row: int, column: str, text: str, code: str, where: str
) -> None:
    folder = Folder().put(table, row, column, text)
    problem, findings = read_week(folder.write(tmp_path))
    assert [(f.code, f.file, f.column) for f in findings] == [(code, f"{table}.csv", where)]
    assert (problem is None) == (code not in WARNINGS)


def test_a_household_may_not_be_called_like_a_site(tmp_path: Path) -> None:
    folder = Folder()
    row = folder.add(
        "households", household_id="S1", lat="34.8", lon="135.6", members="1", meals_wanted="1",
        session_ids="V1",
    )  # fmt: skip
    _, findings = read_week(folder.write(tmp_path))
    assert [(f.code, f.row, f.column) for f in findings] == [("id_collision", row, "household_id")]


def test_the_swapped_point_is_named_as_swapped(tmp_path: Path) -> None:
    folder = Folder().put("households", 2, "lat", "135.612").put("households", 2, "lon", "34.841")
    _, findings = read_week(folder.write(tmp_path))
    assert [(f.code, f.row, f.column) for f in findings] == [("lat_lon_swapped", 2, "lat")]


def test_a_pin_on_nothing_is_refused(tmp_path: Path) -> None:
    folder = Folder().put("pins", 2, "household_id", "").put("pins", 2, "lot_id", "")
    _, findings = read_week(folder.write(tmp_path))
    assert [f.code for f in findings] == ["pin_matches_all"]


def test_an_unknown_town_comes_with_its_neighbours(tmp_path: Path) -> None:
    folder = Folder()
    for row in folder.tables["sites"]:
        row.append("town" if row[0] == "site_id" else "")
    folder.put("sites", 2, "lat", "").put("sites", 2, "lon", "").put("sites", 2, "town", "城北丁")
    _, findings = read_week(folder.write(tmp_path))
    assert [(f.code, f.row, f.column) for f in findings] == [("unknown_town", 2, "town")]
    assert "城北町" in findings[0].fix


def test_no_place_at_all(tmp_path: Path) -> None:
    folder = Folder().put("sites", 2, "lat", "").put("sites", 2, "lon", "")
    _, findings = read_week(folder.write(tmp_path))
    assert [(f.code, f.row, f.column) for f in findings] == [("no_place", 2, "lat")]


SETTINGS_MISTAKES = [
    ('week_start = 2026-11-23', 'week_start = 2026-11-24', "not_monday", "week_start"),
    ('week_start = 2026-11-23', 'week_start = "soon"', "not_a_date", "week_start"),
    ('week_start = 2026-11-23\n', '', "blank_cell", "week_start"),
    ('"Asia/Tokyo"', '"Asia/Takatsuki"', "unknown_timezone", "timezone"),
    ('"Asia/Tokyo"', '"../../etc"', "unknown_timezone", "timezone"),
    ('group_share_max = 0.6', 'group_share_max = 1.1', "above_maximum", "policy.group_share_max"),
    ('group_share_max = 0.6', 'group_share_max = nan', "not_finite", "policy.group_share_max"),
    ('group_share_max = 0.6', 'group_share_max = [1]', "wrong_type", "policy.group_share_max"),
    ('week_floor = 0.5', 'sessions_max = 0', "below_minimum", "policy.sessions_max"),
    ('week_floor = 0.5', 'week_flor = 0.5', "unknown_keys", "policy.week_flor"),
    ('best_before = 5', 'best_before = -5', "below_minimum",
     "policy.margin_days.ambient.best_before"),
    ('site_id = "S2"', 'site_id = "S9"', "unknown_reference", "runs.0.site_id"),
    ('date = 2026-11-25', 'date = 2026-12-25', "date_outside_week", "runs.0.date"),
    ('meals = 50', 'meals = 50\n[[runs]]\nrun_id = "R1"\ndate = 2026-11-26\nsite_id = "S2"\n'
     'meals = 1', "duplicate_row", "runs.1.run_id"),
    ('[policy]', '[travel]\nengine = "teleport"\n[policy]', "not_in_vocabulary", "travel.engine"),
    ('[policy]', '[travel]\nsnap_m = -1\n[policy]', "below_minimum", "travel.snap_m"),
    ('[policy]', '[travel.osrm]\nurl = "ftp://a"\n[policy]', "not_a_server", "travel.osrm.url"),
    ('[policy]', '[travel.osrm]\nurl = "http://u:p@a"\n[policy]', "not_a_server", "travel.osrm.url"),
    ('[policy]', '[travel.osrm]\nurl = "http://a:99999"\n[policy]', "not_a_server", "travel.osrm.url"),
    ('[policy]', '[travel.osrm]\nspeed_factor = 0\n[policy]', "not_above",
     "travel.osrm.speed_factor"),
    ('[policy]', '[travel.osrm]\nallow_remote = "maybe"\n[policy]', "not_in_vocabulary",
     "travel.osrm.allow_remote"),
    ('[policy]', '[travel.graph]\nnode = "a.csv"\n[policy]', "unknown_keys", "travel.graph.node"),
    ('[policy]', '[travel]\nengine = "osrm"\nosrm = { url = "http://10.0.0.2" }\n[policy]',
     "remote_not_allowed", "travel.osrm.url"),
    ('[policy]', '[travel]\nengine = "osrm"\nosrm = { url = "http://a", allow_remote = true }\n'
     '[policy]', "remote_server", "travel.osrm.url"),
    ('[policy]', '[policy', "broken_toml", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "column"), SETTINGS_MISTAKES)
def test_a_wrong_setting_is_one_finding(
    tmp_path: Path, old: str, new: str, code: str, column: str
) -> None:
    folder = Folder()
    assert old in folder.settings
    folder.settings = folder.settings.replace(old, new)
    problem, findings = read_week(folder.write(tmp_path))
    assert [(f.code, f.file, f.column) for f in findings] == [(code, "week.toml", column)]
    assert (problem is None) == (code not in ("unknown_keys", "remote_server"))


def test_a_broken_setting_names_its_line(tmp_path: Path) -> None:
    folder = Folder()
    folder.settings = 'name = "a"\nweek_start = 2026-99-99\n'
    _, findings = read_week(folder.write(tmp_path))
    assert [(f.code, f.row) for f in findings] == [("broken_toml", 2)]
