"""What the Takatsuki week promises: its size, its ground, its calendar, and where it is scarce."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, permutations
from pathlib import Path

import pytest

from logistics.intake import read_week
from logistics.model.errors import InvalidFact, NotFound
from logistics.model.problem import WeekProblem
from logistics.model.units import Channel, Diet, Sector, SiteKind, Storage, Tag, date_of
from logistics.travel import legs_for
from scenarios.registry import scenario
from scenarios.tables import read_rows
from scenarios.takatsuki.build import keep_holidays
from scenarios.takatsuki.city import read_city

FOLDER = scenario("takatsuki").folder
WEDNESDAY = 2


@pytest.fixture(scope="module")
def week() -> WeekProblem:
    problem, findings = read_week(FOLDER)
    assert problem is not None, [finding.text() for finding in findings]
    return problem


def ring() -> list[tuple[float, float]]:
    """The boundary of the folder itself, as (lon, lat)."""
    shape = json.loads((FOLDER / "boundary.geojson").read_text(encoding="utf-8"))
    return [(lon, lat) for lon, lat in shape["features"][0]["geometry"]["coordinates"][0]]


def is_within(lat: float, lon: float, corners: list[tuple[float, float]]) -> bool:
    """Winding by crossings of the meridian line to the north."""
    within = False
    for (x1, y1), (x2, y2) in pairwise(corners):
        if (x1 > lon) != (x2 > lon) and lat < y1 + (lon - x1) / (x2 - x1) * (y2 - y1):
            within = not within
    return within


# --- size ---


def test_sixty_two_households_three_vehicles_four_sessions(week: WeekProblem) -> None:
    channels = Counter(household.channel for household in week.households.values())
    assert channels == {Channel.PICKUP: 40, Channel.DELIVERY: 22}
    assert len(week.vehicles) == 3
    assert len(week.sessions) == 4
    assert all(4 <= household.meals_wanted <= 16 for household in week.households.values())
    assert any(household.weight > 1 for household in week.households.values())


def test_one_run_of_fifty_hot_meals_and_sixty_lots_of_groceries(week: WeekProblem) -> None:
    cooked = [lot for lot in week.lots.values() if lot.is_cooked]
    groceries = [lot for lot in week.lots.values() if not lot.is_cooked]
    assert [lot.units * lot.unit_meals for lot in cooked] == [50]
    assert [(run.meals, run.day) for run in week.runs] == [(50, week.sessions["S2"].day)]
    assert 58 <= len(groceries) <= 64
    assert all(2 <= lot.units <= 60 for lot in groceries)
    assert any(lot.unit_meals == Fraction(1, 2) for lot in groceries)
    whole = [lot for lot in week.lots.values() if lot.unit_meals.denominator == 1]
    assert len(whole) > len(week.lots) / 2


def test_lots_stand_at_hub_satellites_and_donors(week: WeekProblem) -> None:
    kinds = Counter(week.sites[lot.site_id].kind for lot in week.lots.values())
    # About a third are offers to collect.
    assert len(week.lots) / 4 < kinds[SiteKind.DONOR] < len(week.lots) / 2
    assert kinds[SiteKind.HUB] > kinds[SiteKind.SATELLITE] > 0


def test_donors_are_of_the_networks_sectors(week: WeekProblem) -> None:
    donors = {site.org_id for site in week.sites.values() if site.kind is SiteKind.DONOR}
    sectors = Counter(week.organisations[org_id].sector for org_id in donors)
    assert sectors[Sector.COMPANY] == 8
    assert sectors[Sector.FARM] >= 3
    assert sectors[Sector.RELIGIOUS] == 3
    assert sectors[Sector.SCHOOL] >= 1


def test_eight_weeks_of_history_from_which_newcomers_lack_the_first(week: WeekProblem) -> None:
    weeks = {entry.week_start for entry in week.history}
    assert weeks == {week.week_start - timedelta(weeks=back) for back in range(1, 9)}
    entries = Counter(entry.household_id for entry in week.history)
    assert sum(entries[household_id] < 8 for household_id in week.households) == 4


def test_every_need_of_the_city_is_there(week: WeekProblem) -> None:
    homes = week.households.values()
    assert any(home.infants for home in homes)
    assert any(home.seniors for home in homes)
    assert any(home.avoid for home in homes)
    assert any(Diet.HALAL in home.diet for home in homes)
    assert any(home.kitchen == "none" and home.cold == "none" for home in homes)
    assert any(not lot.checked and not lot.contains for lot in week.lots.values())


# --- ground and calendar ---


def test_everything_lies_in_the_city(week: WeekProblem) -> None:
    corners = ring()
    places = [*week.sites.values(), *week.households.values()]
    assert [place.id for place in places if not is_within(place.lat, place.lon, corners)] == []
    assert not is_within(34.70, 135.50, corners)  # Osaka's centre, so that the test can fail


def test_no_home_stands_on_a_towns_point(week: WeekProblem) -> None:
    towns = {(round(lat, 4), round(lon, 4)) for lat, lon in read_city().towns.values()}
    homes = {(round(home.lat, 4), round(home.lon, 4)) for home in week.households.values()}
    assert len(homes) == 62
    assert len(homes & towns) <= 1


def test_nothing_happens_on_the_holiday(week: WeekProblem) -> None:
    city = read_city()
    assert date(2026, 11, 23) in city.holidays
    assert date(2026, 11, 24) not in city.holidays
    days = {session.day for session in week.sessions.values()}
    days |= {shift.day for shift in week.shifts}
    days |= {home.visit.day for home in week.households.values() if home.visit}
    assert {date_of(week.week_start, day) for day in days} & city.holidays.keys() == set()
    with pytest.raises(InvalidFact, match="勤労感謝の日"):
        keep_holidays(city, [{"session_id": "S9", "date": "2026-11-23"}], [])


def test_tuesdays_run_did_not_go_out_on_culture_day(week: WeekProblem) -> None:
    tuesday = {
        home.id
        for home in week.households.values()
        if home.session_ids == ("S1",) and (home.visit is None or home.visit.day == 1)
    }
    received = {
        entry.household_id: entry.meals_received
        for entry in week.history
        if entry.week_start == date(2026, 11, 2)
    }
    closed = {household_id for household_id, meals in received.items() if meals == 0}
    assert closed == tuesday & received.keys()


def test_a_place_that_is_not_on_the_map_is_refused() -> None:
    with pytest.raises(NotFound, match="京都市"):
        read_city().point("京都市")


def test_contacts_are_plainly_fictional_and_cover_everybody(week: WeekProblem) -> None:
    rows = read_rows(FOLDER / "contacts.csv")
    assert sorted(row["id"] for row in rows) == sorted([*week.sites, *week.households])
    assert all(row["phone"].startswith("000-0000-") for row in rows)
    assert all("架空" in row["address"] for row in rows)


def test_the_ground_is_credited() -> None:
    credit = json.loads((FOLDER / "boundary.geojson").read_text(encoding="utf-8"))["credit"]
    assert "国土数値情報" in credit
    readme = (Path(FOLDER).parent / "README.md").read_text(encoding="utf-8")
    for source in ("Geolonia", "国土交通省", "厚生労働省", "smartnews-smri", "jpholiday"):
        assert source in readme


# --- where it is scarce ---


def test_halal_food_covers_less_than_halal_households_want(week: WeekProblem) -> None:
    wanted = sum(home.meals_wanted for home in week.households.values() if Diet.HALAL in home.diet)
    tagged = [lot for lot in week.lots.values() if Tag.HALAL in lot.tags]
    early = sum(lot.units * lot.unit_meals for lot in tagged if lot.ready_s is None)
    # Without Friday's curry, which only Saturday's hand-overs can have.
    assert early < Fraction(2, 3) * wanted


def test_the_saturday_session_is_too_small_for_those_who_need_it(week: WeekProblem) -> None:
    listing = [home for home in week.households.values() if "S4" in home.session_ids]
    pickups = [home for home in listing if home.channel is Channel.PICKUP]
    only = [home for home in pickups if home.session_ids == ("S4",)]
    room = week.sessions["S4"].households_max
    assert room is not None
    assert len(only) < room < len(pickups)


def test_the_fridge_at_tonda_holds_less_than_its_soft_eaters_want(week: WeekProblem) -> None:
    site = week.sites["T3"]
    there_g = sum(
        lot.units * lot.unit_g
        for lot in week.lots.values()
        if lot.site_id == "T3" and lot.storage is Storage.CHILLED
    )
    soft = [lot for lot in week.lots.values() if Tag.SOFT in lot.tags]
    wanted = sum(
        home.meals_wanted
        for home in week.households.values()
        if home.session_ids == ("S3",) and home.visit is None and Diet.SOFT in home.diet
    )
    ambient = sum(lot.units * lot.unit_meals for lot in soft if lot.storage is Storage.AMBIENT)
    lightest_g = min(lot.unit_g / lot.unit_meals for lot in soft if lot.storage is Storage.CHILLED)
    assert ambient + (site.room_g(Storage.CHILLED) - there_g) / lightest_g < wanted


def test_wednesdays_van_cannot_make_every_visit_but_all_save_one(week: WeekProblem) -> None:
    homes = [home for home in week.households.values() if home.visit and home.visit.day == 2]
    (shift,) = [shift for shift in week.shifts if shift.day == WEDNESDAY]
    hub = week.vehicles[shift.vehicle_id].home_site_id
    legs = legs_for(week, [hub, *(home.id for home in homes)])

    def quickest_s(ids: tuple[str, ...]) -> int:
        tours = ((hub, *order, hub) for order in permutations(ids))
        return min(sum(legs[a, b].seconds for a, b in pairwise(t)) for t in tours)

    service_s = {home.id: home.visit.service_s for home in homes if home.visit}
    room_s = shift.end_s - shift.start_s - week.sites[hub].dock_s
    everyone = tuple(service_s)
    assert quickest_s(everyone) + sum(service_s.values()) > room_s
    subsets = [tuple(id for id in everyone if id != left) for left in everyone]
    assert any(quickest_s(ids) + sum(service_s[i] for i in ids) <= room_s for ids in subsets)


def test_tuesdays_greens_are_more_than_tuesdays_households_can_take(week: WeekProblem) -> None:
    # Good until Wednesday and one day of margin: only Tuesday's hand-overs may have them.
    greens = [lot for lot in week.lots.values() if lot.last_day == date(2026, 11, 25)]
    offered = [lot for lot in greens if week.sites[lot.site_id].kind is SiteKind.DONOR]
    tuesday = [
        home
        for home in week.households.values()
        if "S1" in home.session_ids and (home.visit is None or home.visit.day == 1)
    ]
    share = week.policy.group_share_max * sum(home.meals_wanted for home in tuesday)
    assert sum(lot.units * lot.unit_meals for lot in offered) > share
