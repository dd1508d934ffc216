"""Tiny weeks with people, from facts to a judged plan: what is driven, by whom, and what it costs.

Places lie on a road: the hub, W1 ten minutes on, W2 twenty minutes on; a minute is 350 m. Rice of the
hub for visited households; V1 and V2 are vans of the hub.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from logistics.intake import read_week
from logistics.model.fleet import Break, Shift
from logistics.model.people import Household, Visit, Volunteer
from logistics.model.plan import Plan, Route, Stop
from logistics.model.plan_json import plan_from_text, plan_text
from logistics.model.problem import WeekProblem
from logistics.model.units import MINUTE_S, Storage
from logistics.reports.driving import driver_sheets
from logistics.reports.messages import Words
from logistics.solver.routing import LANGUAGE_COST, STRANGER_COST
from logistics.week import Limits, plan_week
from tests import weeks
from tests.intake.test_crews import folder
from tests.weeks import at

MON, TUE, WED = 0, 1, 2
QUICK = Limits(seconds=1.5, seed=1, quick=True)
ROAD = weeks.road({"HUB": 0, "W1": 10, "W2": 20})


def shift(vehicle: str, day: int, *names: str, **more: object) -> Shift:
    """From 9 to 12 o'clock."""
    base = Shift(vehicle, at(day, 9), at(day, 12), names)
    return replace(base, **more)  # type: ignore[arg-type]


def home(name: str, *visits: Visit, wanted: int = 4, language: str = "ja") -> Household:
    base = weeks.visited(name, wanted, 0, 0)
    return replace(base, visit=visits[0], alternatives=visits, language=language)


def visit(day: int, hour: int = 9, hours: int = 3, **asked: object) -> Visit:
    base = Visit(at(day, hour), at(day, hour + hours), 0)
    return replace(base, **asked)  # type: ignore[arg-type]


def week(
    homes: list[Household], shifts: list[Shift], people: list[Volunteer], **more: object
) -> WeekProblem:
    return weeks.week(
        [weeks.lot("RICE", 20)],
        homes,
        vehicles={name: weeks.van(name) for name in ("V1", "V2")},
        shifts=tuple(shifts),
        volunteers={person.id: person for person in people},
        legs=ROAD,
        **more,
    )


def planned(problem: WeekProblem) -> Plan:
    """The plan of a week, which the judge has accepted."""
    result = plan_week(problem, QUICK)
    assert result.findings == ()
    return result.plan


def stop_of(plan: Plan, household: str) -> tuple[Route, Stop]:
    """Where a household is visited."""
    (found,) = [
        (route, stop)
        for route in plan.routes
        for trip in route.trips
        for stop in trip.stops
        if stop.id == household
    ]
    return found


def codes(plan: Plan) -> set[str]:
    return {
        str(code)
        for unmet in plan.allocation.unmet
        for reason in unmet.reasons
        for code, _ in reason.params.get("refusals", ())  # type: ignore[attr-defined]
    }


def test_of_several_days_one_with_a_shift_is_taken() -> None:
    # Nobody drives on Monday.
    problem = week([home("W1", visit(MON), visit(WED))], [shift("V1", WED)], [])
    plan = planned(problem)
    assert {line.day for line in plan.allocation.lines} == {WED}
    assert stop_of(plan, "W1")[0].day == WED


def test_days_are_chosen_so_that_all_can_be_visited() -> None:
    # W1 and W2 want 9 o'clock sharp, or shortly after: one a day.
    sharp = {"open_s": at(TUE, 9, 20), "close_s": at(TUE, 9, 20)}
    early = visit(TUE, **sharp), replace(visit(WED), open_s=at(WED, 9, 20), close_s=at(WED, 9, 20))
    problem = week(
        [home("W1", *early), home("W2", *early)], [shift("V1", TUE), shift("V1", WED)], []
    )
    plan = planned(problem)
    assert sorted(stop_of(plan, name)[0].day for name in ("W1", "W2")) == [TUE, WED]
    assert not plan.allocation.unmet


def test_of_two_windows_of_a_day_routing_takes_the_cheaper() -> None:
    # W2 is visited at 10:00; W1 at 9:00-9:05 or 10:10-10:15: on the way home at 10:10, one trip.
    first = replace(visit(TUE), close_s=at(TUE, 9, 5))
    second = replace(visit(TUE), open_s=at(TUE, 10, 10), close_s=at(TUE, 10, 15))
    far = replace(visit(TUE), open_s=at(TUE, 10), close_s=at(TUE, 10))
    plan = planned(week([home("W1", first, second), home("W2", far)], [shift("V1", TUE)], []))
    route, stop = stop_of(plan, "W1")
    assert stop.start_s == at(TUE, 10, 10)
    assert len(route.trips) == 1


def test_two_people_come_where_two_are_needed() -> None:
    people = [Volunteer("P1"), Volunteer("P2"), Volunteer("P3")]
    shifts = [shift("V1", TUE, "P1"), shift("V2", TUE, "P2", "P3")]
    plan = planned(week([home("W1", visit(TUE, crew=2))], shifts, people))
    assert stop_of(plan, "W1")[0].volunteer_ids == ("P2", "P3")


def test_without_the_people_there_is_no_visit_and_the_reason_is_said() -> None:
    problem = week([home("W1", visit(TUE, crew=2))], [shift("V1", TUE, "P1")], [Volunteer("P1")])
    plan = planned(problem)
    assert plan.allocation.lines == ()
    assert codes(plan) == {"no_crew"}


def test_somebody_qualified_comes() -> None:
    people = [Volunteer("P1"), Volunteer("P2", frozenset({"nursery teacher"}))]
    shifts = [shift("V1", TUE, "P1"), shift("V2", TUE, "P2")]
    asked = visit(TUE, qualification="nursery teacher")
    assert stop_of(planned(week([home("W1", asked)], shifts, people)), "W1")[0].vehicle_id == "V2"


def test_each_window_has_people_of_its_own() -> None:
    # P1 may come at 11, only the teacher P2 at 9; the teacher's shift is over before 11.
    people = [Volunteer("P1"), Volunteer("P2", frozenset({"teacher"}))]
    shifts = [shift("V1", TUE, "P1"), shift("V2", TUE, "P2", end_s=at(TUE, 10))]
    visits = visit(TUE, 9, 1, qualification="teacher"), visit(TUE, 11, 0)
    only_p1 = week([home("W1", *visits)], shifts[:1], people)
    assert stop_of(planned(only_p1), "W1")[1].start_s == at(TUE, 11)
    only_p2 = week([home("W1", *visits)], shifts[1:], people)
    assert stop_of(planned(only_p2), "W1")[1].start_s < at(TUE, 10)


def test_who_came_last_time_comes_again() -> None:
    # Either van drives 20 minutes and 7,000 m; V2 brings P2, V1 would cost 3,000 more.
    people, shifts = (
        [Volunteer("P1"), Volunteer("P2")],
        [shift("V1", TUE, "P1"), shift("V2", TUE, "P2")],
    )
    plan = planned(week([home("W1", visit(TUE, last_visitor_ids=("P2",)))], shifts, people))
    assert stop_of(plan, "W1")[0].vehicle_id == "V2"
    known = plan.stages[-1].objective
    alone = planned(week([home("W1", visit(TUE, last_visitor_ids=("P2",)))], shifts[:1], people))
    assert known is not None
    assert alone.stages[-1].objective == known + STRANGER_COST


def test_somebody_who_speaks_the_language_comes() -> None:
    people = [Volunteer("P1"), Volunteer("P2", languages=frozenset({"vi"}))]
    shifts = [shift("V1", TUE, "P1"), shift("V2", TUE, "P2")]
    plan = planned(week([home("W1", visit(TUE), language="vi")], shifts, people))
    assert stop_of(plan, "W1")[0].vehicle_id == "V2"
    alone = planned(week([home("W1", visit(TUE), language="vi")], shifts[:1], people))
    assert alone.stages[-1].objective == (plan.stages[-1].objective or 0) + LANGUAGE_COST


def test_the_hours_of_a_week_bind() -> None:
    # A visit of W1 takes 20 minutes, one of W2 40: with 59 minutes P1 makes one of the two.
    homes = [home("W1", visit(TUE)), home("W2", visit(WED))]
    shifts = [shift("V1", TUE, "P1"), shift("V1", WED, "P1")]
    for minutes, made in ((60, 2), (59, 1)):
        person = Volunteer("P1", work_s_max=minutes * MINUTE_S)
        plan = planned(week(homes, shifts, [person]))
        assert sum(bool(route.trips) for route in plan.routes) == made
        assert plan.metrics.vehicle_seconds <= minutes * MINUTE_S


def test_another_driver_takes_over_when_the_hours_are_used_up() -> None:
    # P1 has 20 minutes: W1 at most; W2 is P2's, though a second van costs a vehicle-day.
    homes = [home("W1", visit(TUE)), home("W2", visit(TUE))]
    shifts = [shift("V1", TUE, "P1"), shift("V2", TUE, "P2")]
    people = [Volunteer("P1", work_s_max=20 * MINUTE_S), Volunteer("P2", work_s_max=40 * MINUTE_S)]
    plan = planned(week(homes, shifts, people))
    assert len(plan.allocation.unmet) == 0


def test_breaks_and_ends_elsewhere_survive_from_week_to_plan() -> None:
    # From S1 (15 minutes before the hub) to W1: 15 + 10 minutes, home 10; a break before 10 o'clock.
    road = weeks.road({"S1": -15, "HUB": 0, "W1": 10, "W2": 20})
    lunch = Break(at(TUE, 9), at(TUE, 9, 10), 45 * MINUTE_S)
    problem = week(
        [home("W1", visit(TUE))],
        [shift("V1", TUE, start_id="S1", break_=lunch)],
        [],
        sites=[weeks.site("S1")],
    )
    (route,) = planned(replace(problem, legs=road)).routes
    assert [stop.id for stop in route.trips[0].stops] == ["S1", "HUB", "W1", "HUB"]
    assert route.trips[0].seconds == 35 * MINUTE_S
    assert route.rest is not None
    assert route.rest.end_s <= route.trips[0].stops[0].start_s


def test_stock_that_is_ready_later_waits_for_its_trip() -> None:
    # Rice is packed at 10:30, so W1 is reached at 10:40.
    problem = week([home("W1", visit(TUE))], [shift("V1", TUE)], [])
    late = replace(problem.lots["RICE"], ready_s=at(TUE, 10, 30))
    plan = planned(replace(problem, lots={"RICE": late}))
    assert stop_of(plan, "W1")[1].arrive_s == at(TUE, 10, 40)
    gone = replace(late, ready_s=at(TUE, 11, 41))
    assert planned(replace(problem, lots={"RICE": gone})).allocation.lines == ()


def test_even_days_are_shared_out_over_the_week_and_told() -> None:
    # W1 on Tuesday and W2 on Wednesday, by V1 (P1) or V2 (P2): 20 and 40 minutes, who drives is all the
    # same. Evenly each of them drives one day: 40 minutes at most, and nobody can do with less.
    homes = [home("W1", visit(TUE)), home("W2", visit(WED))]
    shifts = [
        shift(car, day, who) for day in (TUE, WED) for car, who in (("V1", "P1"), ("V2", "P2"))
    ]
    base = week(homes, shifts, [Volunteer("P1"), Volunteer("P2")])
    plan = planned(replace(base, policy=replace(base.policy, balance_days=Fraction(1, 10))))
    assert len({route.volunteer_ids for route in plan.routes}) == 2
    told = {stage.name: stage for stage in plan.stages}
    for day, minutes in ((TUE, 20), (WED, 40)):
        even = told[f"balance {day}"]
        assert (even.objective, even.bound) == (minutes * MINUTE_S, minutes * MINUTE_S)
        assert told[f"vehicles {day}"].bound == 1
        assert told[f"driving {day}"].gap == 0
    assert not any(name.startswith("balance") for name in (s.name for s in planned(base).stages))


# --- from files to sheets ----------------------------------------------------------------------------


def test_a_week_of_files_with_people_becomes_a_judged_plan_and_a_sheet(tmp_path: Path) -> None:
    # H3 wants two people with a teacher on Thursday at 11, or anybody on Tuesday at 10; Tuesday's shift
    # starts at the temple and rests half an hour from noon on.
    problem, findings = read_week(folder().write(tmp_path))
    assert findings == []
    assert problem is not None
    plan = planned(problem)
    route, stop = stop_of(plan, "H3")
    made = problem.households["H3"].visit_at(stop.start_s)
    assert made is not None
    assert made.crew <= len(route.volunteer_ids)
    text = plan_text(plan, problem.week_start)
    assert plan_from_text(text, problem.week_start) == plan
    sheets = driver_sheets(plan, Words("en", problem), {})
    assert len(sheets) == len(plan.routes)
    said = str(sheets)
    assert ("2 people" in said) == (made.crew == 2)
    assert ("with nursery teacher" in said) == bool(made.qualification)
    assert ('"break"' in text) == any(route.rest for route in plan.routes)


# --- a satellite's load over two cars ---------------------------------------------------------------


def satellite(
    lots: dict[str, tuple[int, Storage]], cars: dict[str, dict[Storage, int]]
) -> WeekProblem:
    """A session at S1 at noon, fifteen minutes from the hub, for one household that wants it all."""
    goods = [
        weeks.lot(name, units, storage=storage, unit_g=10_000)
        for name, (units, storage) in lots.items()
    ]
    wanted = sum(units for units, _ in lots.values())
    noon = replace(weeks.session("S1", TUE), site_id="SAT", open_s=at(TUE, 12), close_s=at(TUE, 14))
    return weeks.week(
        goods,
        [weeks.household("H1", wanted)],
        [noon],
        [weeks.site("SAT")],
        vehicles={name: weeks.van(name, capacity_g=room) for name, room in cars.items()},
        shifts=tuple(Shift(name, at(TUE, 11, 20), at(TUE, 12, 10)) for name in cars),
        legs=weeks.road({"HUB": 0, "SAT": 15}),
    )


def test_a_load_that_fits_no_car_goes_in_two() -> None:
    # 100 kg, cars of 60 kg, and time for one trip each (30 of 50 minutes): 60 + 40.
    room = {Storage.AMBIENT: 60_000}
    problem = satellite({"RICE": (10, Storage.AMBIENT)}, {"C1": room, "C2": room})
    plan = planned(problem)
    assert [fill.received for fill in plan.allocation.fill] == [Fraction(10)]
    loads = [load.units for route in plan.routes for load in route.trips[0].stops[0].load]
    assert sorted(loads) == [4, 6]


def test_cars_of_unequal_size_share_a_load() -> None:
    # 120 kg: 60 + 30 + 30; parts cut by the roomiest car alone, 60 + 60, would leave half behind.
    cars = {name: {Storage.AMBIENT: kg * 1000} for name, kg in (("C1", 60), ("C2", 30), ("C3", 30))}
    plan = planned(satellite({"RICE": (12, Storage.AMBIENT)}, cars))
    assert [fill.received for fill in plan.allocation.fill] == [Fraction(12)]


def test_compartments_share_a_load_class_by_class() -> None:
    # 60 kg of rice and 40 kg of milk; C1 takes 40 + 20, C2 20 + 20.
    cars = {
        "C1": {Storage.AMBIENT: 40_000, Storage.CHILLED: 20_000},
        "C2": {Storage.AMBIENT: 20_000, Storage.CHILLED: 20_000},
    }
    goods = {"RICE": (6, Storage.AMBIENT), "MILK": (4, Storage.CHILLED)}
    plan = planned(satellite(goods, cars))
    assert [fill.received for fill in plan.allocation.fill] == [Fraction(10)]


def test_a_car_without_a_fridge_leaves_the_milk_to_the_other() -> None:
    # Rice 60 kg in C1, milk 40 kg in C2.
    cars = {"C1": {Storage.AMBIENT: 60_000}, "C2": {Storage.CHILLED: 40_000}}
    goods = {"RICE": (6, Storage.AMBIENT), "MILK": (4, Storage.CHILLED)}
    plan = planned(satellite(goods, cars))
    assert [fill.received for fill in plan.allocation.fill] == [Fraction(10)]
