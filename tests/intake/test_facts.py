"""What the cells of a valid week mean: units, defaults, allergens, towns, policy."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from logistics.intake import known_allergens, read_week, town_point
from logistics.intake.allergens import checked_codes
from logistics.intake.check_goods import months_later
from logistics.intake.report import catalogue
from logistics.intake.rows import (
    EVENTS,
    HISTORY,
    HOUSEHOLDS,
    LOTS,
    ORGANISATIONS,
    PINS,
    SESSIONS,
    SHIFTS,
    SITES,
    TRAVEL,
    VEHICLES,
    VISITS,
    VOLUNTEERS,
)
from logistics.intake.vocabulary import data_rows, fold
from logistics.model import units
from logistics.model.events import EventKind
from logistics.model.problem import WeekProblem
from logistics.model.units import DAY_S, HOUR_S, Cold, Kitchen, Label, Storage
from tests.intake.folder import Folder

SPECS = (
    ORGANISATIONS, SITES, LOTS, SESSIONS, HOUSEHOLDS, VEHICLES, SHIFTS, HISTORY, TRAVEL, PINS,
    VOLUNTEERS, VISITS, EVENTS,
)  # fmt: skip


def problem_of(folder: Folder, path: Path) -> WeekProblem:
    problem, findings = read_week(folder.write(path))
    assert problem is not None, findings
    return problem


def test_units_and_clock(tmp_path: Path) -> None:
    week = problem_of(Folder(), tmp_path)
    assert week.sites["S1"].capacity_g == {Storage.AMBIENT: 500_000, Storage.CHILLED: 80_500}
    assert week.sites["S1"].dock_s == 600
    assert week.sessions["V1"].open_s == 2 * DAY_S + 15 * HOUR_S
    assert week.vehicles["C1"].cold_s_max == 90 * 60
    bento = week.lots["L4"]
    assert (bento.ready_s, bento.fresh_s) == (2 * DAY_S + 13 * HOUR_S, 4 * HOUR_S)
    assert week.lots["L1"].last_day == date(2027, 6, 30)  # 2027-06: the month's last day
    assert week.lots["L2"].unit_meals == Fraction(1, 2)
    assert [w.meals_received for w in week.history] == [6, Fraction(19, 2), 3]


def test_blank_cells_take_the_documented_defaults(tmp_path: Path) -> None:
    folder = Folder()
    folder.add("households", household_id="H4", lat="34.8", lon="135.6", members="1",
               meals_wanted="2", session_ids="V1")  # fmt: skip
    folder.add("sites", site_id="S4", org_id="O1", kind="satellite", lat="34.8", lon="135.6")
    folder.add("vehicles", vehicle_id="C2", home_site_id="S1")
    week = problem_of(folder, tmp_path)
    home, site, car = week.households["H4"], week.sites["S4"], week.vehicles["C2"]
    assert (home.kitchen, home.cold, home.language, home.weight) == (
        Kitchen.NONE, Cold.NONE, "ja", 1,
    )  # fmt: skip
    assert home.avoid == frozenset()
    assert (site.name, site.receive_open_s, site.receive_close_s, site.dock_s) == (
        "S4",
        0,
        DAY_S,
        0,
    )
    assert site.capacity_g == car.capacity_g == {}
    assert car.cold_s_max is None
    assert week.lots["L2"].contains == week.lots["L2"].checked == frozenset()  # blank: unknown


def test_margins_lie_over_the_defaults(tmp_path: Path) -> None:
    policy = problem_of(Folder(), tmp_path).policy
    assert policy.margin_days[Storage.AMBIENT, Label.BEST_BEFORE] == 5
    assert policy.margin_days[Storage.CHILLED, Label.BEST_BEFORE] == 2
    assert (policy.group_share_max, policy.week_floor) == (Fraction(3, 5), Fraction(1, 2))


@pytest.mark.parametrize(
    ("made_on", "absent", "unknown"),
    [
        (None, {"wheat", "cashew"}, {"macadamia", "pistachio"}),
        (date(2026, 11, 20), {"wheat", "macadamia"}, {"pistachio"}),
        (date(2028, 3, 31), {"macadamia"}, {"pistachio"}),
        (date(2028, 4, 1), {"macadamia", "pistachio"}, set()),
    ],
)
def test_all_covers_what_was_listed_when_it_was_made(
    made_on: date | None, absent: set[str], unknown: set[str]
) -> None:
    codes = checked_codes(frozenset({"all"}), made_on)
    assert absent <= codes
    assert not unknown & codes
    assert checked_codes(frozenset({"all", "pistachio"}), made_on) == codes | {"pistachio"}


def test_the_allergen_table() -> None:
    table = known_allergens()
    assert len(table) == 29
    mandatory = {c for c, a in table.items() if a.mandatory_from and a.mandatory_from.year < 2027}
    assert len(mandatory) == 8
    assert table["cashew"].mandatory_from == date(2028, 4, 1)


def test_towns() -> None:
    assert town_point("大字中畑") == town_point("中畑") == (34.96027, 135.609875)
    assert town_point("桜ヶ丘北町") == town_point("桜ケ丘北町") is not None
    assert town_point("三島江") != town_point("大字三島江")  # two places of that name
    assert town_point("京都") is None
    parts = [town_point(f"城北町{n}丁目") for n in (1, 2)]
    lats = [point[0] for point in parts if point]
    whole = town_point("城北町")
    assert whole is not None
    assert min(lats) <= whole[0] <= max(lats)


def test_every_town_finds_itself() -> None:
    for row in data_rows("towns.csv"):
        assert town_point(row["town"]) == (float(row["lat"]), float(row["lon"]))


def test_months_later_stays_in_the_month() -> None:
    assert months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_later(date(2026, 9, 15), 3) == date(2026, 12, 15)


def test_every_alias_means_one_thing() -> None:
    """A heading stands for one column of its table, a value for one word of its vocabulary."""
    columns = {spec.name: spec.columns for spec in SPECS}
    seen: dict[tuple[str, str], str] = {}
    for row in data_rows("columns.csv"):
        assert row["column"] in columns[row["table"]]
        for alias in row["aliases"].split(";"):
            assert seen.setdefault((row["table"], fold(alias)), row["column"]) == row["column"]
            assert fold(alias) not in map(fold, columns[row["table"]])
    assert {(t, c) for t, names in columns.items() for c in names} == {
        (row["table"], row["column"]) for row in data_rows("columns.csv")
    }
    meanings: dict[tuple[str, str], str] = {}
    for row in data_rows("values.csv"):
        for alias in (row["value"], *row["aliases"].split(";")):
            key = (row["vocabulary"], fold(alias))
            assert meanings.setdefault(key, row["value"]) == row["value"]


def test_every_word_of_a_vocabulary_has_its_row() -> None:
    rows = {(row["vocabulary"], row["value"]) for row in data_rows("values.csv")}
    for kind in ("Storage", "FoodGroup", "Label", "Kitchen", "Cold", "Channel", "Diet", "Tag",
                 "SiteKind", "Sector", "PinKind"):  # fmt: skip
        assert {value for name, value in rows if name == kind} == set(getattr(units, kind))
    assert {value for name, value in rows if name == "EventKind"} == set(EventKind)


def test_every_finding_speaks_both_languages_with_the_same_words() -> None:
    import string

    def words(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for code, entry in catalogue().items():
        english, japanese = (
            set.union(*map(words, entry.texts[language])) for language in ("en", "ja")
        )
        assert japanese <= english, code
