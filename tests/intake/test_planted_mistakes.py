"""Twenty-five different mistakes in one folder give exactly twenty-five findings, no cascades."""

from __future__ import annotations

from pathlib import Path

from logistics.intake import read_week
from tests.intake.folder import Folder

Place = tuple[str, str, int | None, str]


def plant(folder: Folder) -> list[Place]:
    """Plant each mistake, and say where it must be found: code, file, row, column."""
    put, add = folder.put, folder.add
    placed: list[Place] = []

    def expect(code: str, table: str, row: int | None, column: str) -> None:
        name = table if table == "week.toml" else f"{table}.csv"
        placed.append((code, name, row, column))

    # week.toml: a key nobody knows.
    folder.settings = folder.settings.replace("week_floor = 0.5", "week_flor = 0.5")
    expect("unknown_keys", "week.toml", None, "policy.week_flor")

    # organisations: O2's sector is no sector. Its site S2 still knows it.
    put("organisations", 3, "sector", "temple")
    expect("not_in_vocabulary", "organisations", 3, "sector")

    # sites: a column nobody knows (a warning), a swapped point, an identifier used twice.
    for number, row in enumerate(folder.tables["sites"]):
        row.append("remarks" if number == 0 else "by the gate")
    expect("unknown_columns", "sites", 1, "remarks")
    row = add("sites", site_id="S4", org_id="O1", kind="satellite", lat="135.6", lon="34.8")
    expect("lat_lon_swapped", "sites", row, "lat")
    row = add("sites", site_id="S1", org_id="O1", kind="hub", lat="34.8", lon="135.6")
    expect("duplicate_id", "sites", row, "site_id")

    # lots: negative and infinite numbers, a lost site, an unknown allergen, dates that are missing,
    # too coarse or outside the week, too much on hold, tags that exclude each other.
    put("lots", 2, "units", "-40")
    expect("below_minimum", "lots", 2, "units")
    put("lots", 3, "unit_meals", "inf")
    expect("not_finite", "lots", 3, "unit_meals")
    put("lots", 4, "site_id", "S9")
    expect("unknown_reference", "lots", 4, "site_id")
    put("lots", 5, "allergens", "eggs")
    expect("not_in_vocabulary", "lots", 5, "allergens")
    good = {
        "site_id": "S1", "org_id": "O1", "item": "Miso", "food_group": "other",
        "storage": "ambient", "units": "5", "unit_g": "500", "unit_meals": "1",
        "label": "best_before", "label_date": "2027-01-31",
    }  # fmt: skip
    row = add("lots", **{**good, "lot_id": "M1", "label_date": ""})
    expect("label_without_date", "lots", row, "label_date")
    row = add("lots", **{**good, "lot_id": "M2", "label_date": "2027-01", "made_on": "2026-11-10"})
    expect("year_month_too_short", "lots", row, "label_date")
    row = add("lots", **good, lot_id="M3", hold_units="6")
    expect("held_above_units", "lots", row, "hold_units")
    row = add("lots", **good, lot_id="M4", tags="halal;contains_pork")
    expect("contradictory_tags", "lots", row, "tags")
    row = add("lots", **{**good, "lot_id": "M5", "storage": "frozen"})
    expect("no_storage", "lots", row, "storage")
    row = add("lots", **good, lot_id="M6", ready_at="2026-11-30T09:00")
    expect("date_outside_week", "lots", row, "ready_at")

    # sessions: a time that no clock shows. Households that list V1 do not suffer for it.
    put("sessions", 2, "close", "25:00")
    expect("not_a_time", "sessions", 2, "close")

    # households: H1's members are no number (its history is not lost for that), H2 has no session,
    # H3 no window.
    put("households", 2, "members", "four")
    expect("not_a_number", "households", 2, "members")
    put("households", 3, "session_ids", "")
    expect("no_sessions", "households", 3, "session_ids")
    put("households", 4, "window_close", "")
    expect("no_visit_window", "households", 4, "window_close")

    # shifts: two at once. history: a Tuesday, and a household that nobody knows.
    row = add("shifts", vehicle_id="C1", date="2026-11-25", start="17:00", end="19:00")
    expect("overlapping_shifts", "shifts", row, "start")
    put("history", 2, "week_start", "2026-11-17")
    expect("not_monday", "history", 2, "week_start")
    row = add("history", household_id="H9", week_start="2026-11-16", meals_wanted="1",
              meals_received="1")  # fmt: skip
    expect("not_registered", "history", row, "household_id")

    # vehicles: a column gone. travel: a leg twice. pins: a row too long.
    folder.drop_column("vehicles", "home_site_id")
    expect("missing_column", "vehicles", 1, "home_site_id")
    row = add("travel", from_id="S1", to_id="S2", metres="1400", seconds="290")
    expect("duplicate_row", "travel", row, "from_id")
    folder.tables["pins"][1].append("by hand")
    expect("ragged_row", "pins", 2, "")
    return placed


def test_every_planted_mistake_is_found_once_and_nothing_else(tmp_path: Path) -> None:
    folder = Folder()
    planted = plant(folder)
    assert len(planted) == len({(code, *rest) for code, *rest in planted}) == 25

    problem, findings = read_week(folder.write(tmp_path))

    found = [(f.code, f.file, f.row, f.column) for f in findings]
    assert sorted(found, key=str) == sorted(planted, key=str)
    assert problem is None
    assert all(f.message and "{" not in f.message + f.fix for f in findings)


def test_the_same_mistakes_read_in_japanese(tmp_path: Path) -> None:
    folder = Folder()
    planted = plant(folder)
    _, findings = read_week(folder.write(tmp_path), language="ja")
    assert len(findings) == len(planted)
    assert all(any("ぁ" <= letter <= "ん" for letter in f.message) for f in findings)
