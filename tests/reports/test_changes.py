"""What changes for whom: counts by hand, everybody's sentence, both languages, the files."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from logistics.reports.calls import write_calls
from logistics.reports.change_files import changes_text, plain, write_changes
from logistics.reports.changes import Changes, changes_of
from logistics.reports.contacts import Contact
from tests.judge.good_facts import TUE, WED, at
from tests.judge.good_week import good_week
from tests.solver.replan.under_way import MON_NOON, after, event, week_under_way

KINDS = {
    "ill": (event("driver_ill", at(TUE, 18), vehicle_id="VAN", since_s=at(WED, 0)),),
    "broken": (event("car_broken", at(TUE, 12, 30), vehicle_id="VAN", since_s=at(TUE, 11, 50)),),
    "late": (event("lot_late", MON_NOON, lot_id="GREENS", since_s=at(TUE, 11, 30)),),
    "short": (event("lot_short", MON_NOON, lot_id="RICE", units=13),),
    "cancelled": (event("household_cancelled", MON_NOON, household_id="A"),),
    "closed": (event("session_closed", MON_NOON, session_id="V1"),),
}


def changed(name: str) -> Changes:
    problem, _, plan = week_under_way()
    found = after(*KINDS[name])
    assert found.plan is not None
    return changes_of(problem, plan, found.week, found.plan)


def test_a_plan_changes_nothing_against_itself() -> None:
    problem, _, plan = good_week()
    changes = changes_of(problem, plan, problem, plan)
    assert changes.changes == ()
    assert changes.counts.share_kept == 1
    assert changes.counts.stops == changes.counts.stops_kept == 5  # farm, kitchen, S1, D, S2


def test_counts_of_a_driver_who_is_ill() -> None:
    """Of 5 stops the one at S2 goes, with 1 unit of 1 lot for 1 household, in 1 car's day."""
    counts = changed("ill").counts
    assert (counts.stops, counts.stops_kept, counts.stops_removed) == (5, 4, 1)
    assert (counts.stops_moved, counts.stops_added, counts.minutes_moved) == (0, 0, 0)
    assert (counts.cars_changed, counts.lots_changed) == (1, 1)
    assert (counts.units_changed, counts.households_changed) == (1, 1)


def test_who_is_phoned_when_the_driver_is_ill() -> None:
    """The driver, the satellite that no car comes to, and C, who gets less."""
    phoned = {(c.who, c.id, c.code) for c in changed("ill").changes if c.phone}
    assert phoned == {
        ("driver", "VAN", "driver_none"),
        ("satellite", "S2", "satellite_gone"),
        ("household", "C", "home_less"),
    }


def test_a_donor_is_phoned_when_the_collection_moves() -> None:
    codes = {(c.who, c.id, c.code, c.phone) for c in changed("late").changes}
    assert ("donor", "FARM", "donor_moved", True) in codes


def test_a_closed_session_is_told_to_the_satellite_and_its_households() -> None:
    codes = {(c.who, c.id, c.code) for c in changed("closed").changes}
    assert ("satellite", "S1", "session_closed") in codes
    assert ("household", "A", "home_none") in codes
    assert ("household", "B", "home_less") in codes or ("household", "B", "home_place") in codes


def test_more_goods_or_other_items_need_no_phone() -> None:
    """B has 5 greens and 1 rice instead of 3 and 3: 8 meals as before."""
    own = [c for c in changed("short").changes if c.id == "B"]
    assert [(c.code, c.phone) for c in own] == [("home_items", False)]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", KINDS)
def test_every_change_has_words(name: str, language: str, tmp_path: Path) -> None:
    changes, problem = changed(name), week_under_way().problem
    text = changes_text(changes, problem, language)
    assert "{" not in text
    assert "None" not in text
    write_changes(changes, problem, tmp_path, language)
    table = (tmp_path / "changes.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(table.splitlines()))
    assert len(rows) == len(changes.changes)
    assert all(row["text"] in text for row in rows)
    assert json.dumps(plain(changes, problem, language), ensure_ascii=False)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "S2: the car still comes at 09:30, but it is VAN2."),
        ("ja", "に来るのは同じですが、車が VAN2 に変わります"),
    ],
)
def test_another_car_at_the_same_minute_has_a_sentence_of_its_own(language: str, says: str) -> None:
    problem, _, plan = good_week()
    routes = tuple(replace(route, vehicle_id="VAN2") for route in plan.routes)
    changes = changes_of(problem, plan, problem, replace(plan, routes=routes))
    codes = {(c.who, c.code) for c in changes.changes if c.who in ("satellite", "donor")}
    assert codes == {("satellite", "satellite_car"), ("donor", "donor_car")}
    text = changes_text(changes, problem, language)
    assert says in text
    assert "instead of" not in text


def test_the_phone_list_has_every_call_with_its_number(tmp_path: Path) -> None:
    """VAN, S2 and C are phoned; the contacts know C only."""
    problem = week_under_way().problem
    contacts = {"C": Contact("Chiyo", "072-000-0000"), "A": Contact("Aoi", "072-000-0001")}
    path = write_calls(changed("ill"), contacts, problem, tmp_path)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    found = {(row["id"], row["name"], row["phone"]) for row in rows}
    assert found == {("VAN", "", ""), ("S2", "", ""), ("C", "Chiyo", "072-000-0000")}
    write_changes(changed("ill"), problem, tmp_path)
    assert "Chiyo" not in (tmp_path / "changes.csv").read_text(encoding="utf-8-sig")


def test_a_call_a_quarter_of_an_hour_later_is_kept_and_one_more_minute_is_not() -> None:
    problem, _, plan = good_week()
    for seconds, kept in ((15 * 60, True), (16 * 60, False)):
        tuesday, wednesday = plan.routes
        stops = tuple(
            replace(s, arrive_s=s.arrive_s + seconds, start_s=s.start_s + seconds)
            for s in wednesday.trips[0].stops
        )
        later = replace(wednesday, trips=(replace(wednesday.trips[0], stops=stops),))
        moved = replace(plan, routes=(tuesday, later))
        counts = changes_of(problem, plan, problem, moved).counts
        assert (counts.stops_kept == 5) is kept
        assert counts.minutes_moved == seconds // 60
