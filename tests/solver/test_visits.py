"""How many visits a day's shifts can make: a day worked out by hand, and every order tried."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.model.fleet import Shift
from logistics.model.people import Household
from logistics.model.problem import Leg, Travel, WeekProblem
from logistics.model.units import MINUTE_S
from logistics.solver.visits import VISITS_MAX, most_visits, visit_cuts
from tests import weeks
from tests.weeks import at

WEDNESDAY = 2
ROAD = weeks.road({"HUB": 0, "A": 10, "B": 20, "C": -10})


def visit(name: str, opens: tuple[int, int], closes: tuple[int, int]) -> Household:
    """A visit of five minutes on Wednesday."""
    return weeks.visited(name, 4, at(WEDNESDAY, *opens), at(WEDNESDAY, *closes), 5 * MINUTE_S)


A = visit("A", (9, 0), (9, 15))
B = visit("B", (9, 0), (9, 30))
C = visit("C", (9, 0), (9, 40))


def day(*homes: Household, shifts: int = 1, ends: tuple[int, int] = (12, 0)) -> WeekProblem:
    """Shifts from 09:00 on Wednesday, one vehicle each."""
    vehicles = {f"V{k}": weeks.van(f"V{k}") for k in range(shifts)}
    hours = [weeks.shift(at(WEDNESDAY, 9), at(WEDNESDAY, *ends), name) for name in vehicles]
    return weeks.week([], homes, vehicles=vehicles, shifts=tuple(hours))


def most(problem: WeekProblem, names: str = "ABC") -> int | None:
    return most_visits(problem, ROAD, WEDNESDAY, list(names))


def test_two_of_three_fit_one_shift() -> None:
    # 09:00 off; A 09:10-09:15, B 09:25-09:30, then C at 10:00, after its window (09:40).
    # C first: 09:10-09:15, then A at 09:35, after its window, or B at 09:45, after its own.
    assert most(day(A, B, C)) == 2


def test_two_vehicles_make_all_three() -> None:
    assert most(day(A, B, C, shifts=2)) == 3


def test_the_shift_must_end_at_home() -> None:
    # A and B: 09:30 at B, 20 minutes home: 09:50.
    assert most(day(A, B, ends=(9, 50)), "AB") == 2
    assert most(day(A, B, ends=(9, 49)), "AB") == 1


def test_a_window_s_last_moment_belongs_to_it() -> None:
    # B after A can start at 09:25.
    assert most(day(A, visit("B", (9, 0), (9, 25))), "AB") == 2
    assert most(day(A, visit("B", (9, 0), (9, 24))), "AB") == 1


def test_without_a_shift_nobody_is_visited() -> None:
    problem = day(A, B)
    assert most_visits(problem, ROAD, 3, ["A", "B"]) == 0


def test_large_sets_are_left_alone() -> None:
    names = [f"H{k}" for k in range(VISITS_MAX + 1)]
    problem = day(*(visit(name, (9, 0), (9, 15)) for name in names))
    travel = weeks.road({"HUB": 0, **dict.fromkeys(names, 5)})
    assert most_visits(problem, travel, WEDNESDAY, names) is None
    assert visit_cuts(problem, travel) == ()


def test_the_cut_names_the_visits_of_which_one_must_be_left_out() -> None:
    # A, then B at 09:25; A, then C at 09:35; but B until 09:25, then C at 09:55: too late by 15.
    (cut,) = visit_cuts(day(A, B, C), ROAD)
    assert (cut.kind, cut.ids, cut.proven) == ("visits", ("1", "2", "B", "C"), True)


def test_no_cut_where_all_can_be_visited_or_want_nothing() -> None:
    assert visit_cuts(day(A, B, C, shifts=2), ROAD) == ()
    assert visit_cuts(day(A, B, replace(C, meals_wanted=0)), ROAD) == ()


def test_the_dock_at_home_does_not_count() -> None:
    # A trip for goods that are driven straight leaves home without loading there.
    docked = {"HUB": replace(day().sites["HUB"], dock_s=60 * MINUTE_S)}
    assert most(replace(day(A), sites=docked), "A") == 1


@st.composite
def days(draw: st.DrawFn) -> tuple[WeekProblem, Travel]:
    """Up to four visits and two shifts; legs keep the triangle inequality by lying on a grid."""
    names = "ABCD"[: draw(st.integers(1, 4))]
    minutes = st.integers(0, 60)
    homes = []
    for name in names:
        opens_s = at(WEDNESDAY, 9) + MINUTE_S * draw(minutes)
        wide_s = MINUTE_S * draw(st.integers(0, 30))
        homes.append(weeks.visited(name, 4, opens_s, opens_s + wide_s, 5 * MINUTE_S))
    places = {name: (draw(minutes), draw(minutes)) for name in ("HUB", *names)}
    travel = {
        (a, b): Leg(0, MINUTE_S * (abs(x[0] - y[0]) + abs(x[1] - y[1])) // 4)
        for a, x in places.items()
        for b, y in places.items()
        if a != b
    }
    vehicles = {f"V{k}": weeks.van(f"V{k}") for k in range(draw(st.integers(1, 2)))}
    shifts = [
        weeks.shift(
            at(WEDNESDAY, 8, 30) + MINUTE_S * draw(minutes),
            at(WEDNESDAY, 10) + MINUTE_S * draw(minutes),
            name,
        )
        for name in vehicles
    ]
    return weeks.week([], homes, vehicles=vehicles, shifts=tuple(shifts)), travel


def can_visit(problem: WeekProblem, travel: Travel, shift: Shift, order: tuple[str, ...]) -> bool:
    """Whether one shift can make these visits in this order and be back."""
    place, clock_s = "HUB", shift.start_s
    for name in order:
        window = problem.households[name].visit
        assert window is not None
        clock_s = max(window.open_s, clock_s + travel[place, name].seconds)
        if clock_s > window.close_s:
            return False
        place, clock_s = name, clock_s + window.service_s
    back_s = travel[place, "HUB"].seconds if order else 0
    return clock_s + back_s <= shift.end_s


def every_way(problem: WeekProblem, travel: Travel, shifts: tuple[Shift, ...], left: str) -> int:
    """Most visits by trying every order of every subset for one shift after another."""
    if not shifts:
        return 0
    return max(
        size + every_way(problem, travel, shifts[1:], "".join(sorted(set(left) - set(order))))
        for size in range(len(left) + 1)
        for order in permutations(left, size)
        if can_visit(problem, travel, shifts[0], order)
    )


@given(days())
@settings(deadline=None)
def test_equals_every_order_tried(case: tuple[WeekProblem, Travel]) -> None:
    problem, travel = case
    names = "".join(problem.households)
    expected = every_way(problem, travel, problem.shifts, names)
    assert most_visits(problem, travel, WEDNESDAY, list(names)) == expected


@given(days())
@settings(deadline=None)
def test_what_keeps_every_cut_can_be_visited_and_nothing_else(
    case: tuple[WeekProblem, Travel],
) -> None:
    problem, travel = case
    cuts = [(int(most), set(names)) for most, _, *names in (c.ids for c in visit_cuts(*case))]
    for size in range(1, len(problem.households) + 1):
        for names in combinations(problem.households, size):
            kept = all(len(of & set(names)) <= most for most, of in cuts)
            assert kept == (every_way(problem, travel, problem.shifts, "".join(names)) == size)
