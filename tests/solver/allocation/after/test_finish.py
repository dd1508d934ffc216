"""After fairness: what expires first is used first, and nobody's meals change for it.

Sessions are on Wednesday 25 November 2026; next Monday is the 30th. Ambient goods with a use-by date
need one day of margin: what is good until 1 December can still be handed over then and is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from logistics.model.goods import Lot
from logistics.model.plan import Fate, Leftover, Line, Status
from logistics.model.problem import WeekProblem
from logistics.model.units import HOUR_S, KG_G, FoodGroup, Label, SiteKind, Storage
from logistics.solver.allocation import Effort, allocate
from logistics.solver.allocation.after.aims import Aims
from logistics.solver.allocation.after.fates import fate_of, leftovers
from logistics.solver.allocation.after.finish import Finished, as_it_is, finish
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.shape import Shape
from logistics.solver.eligible import eligibility
from logistics.solver.ways import Ways
from tests import weeks
from tests.solver.allocation.packs.test_integer import tiny_weeks
from tests.solver.allocation.tiny import choices, shapes_of, solve
from tests.weeks import MONDAY, at

FEW = 4_000


def finished(problem: WeekProblem) -> tuple[Shape, Finished]:
    """The fairest packs, bettered."""
    fair, whole = shapes_of(problem)
    packs = solve(fair).packs
    assert packs is not None
    return whole, finish(whole, Aims(problem, {}), packs, fair.received(packs), 10.0, 1)


def units_given(problem: WeekProblem, shape: Shape, packs: Sequence[int]) -> dict[str, int]:
    given: dict[str, int] = {}
    for option, count in zip(shape.options, packs, strict=False):
        lot = problem.lots[option.lot_id]
        given[lot.id] = given.get(lot.id, 0) + count * lot.pack
    return given


def best(lot_id: str, units: int, last_day: date, pack: int = 1) -> Lot:
    """Ambient goods with a use-by date."""
    return weeks.lot(lot_id, units, pack=pack, label=Label.USE_BY, last_day=last_day)


# --- named weeks --------------------------------------------------------------------------------


def test_what_would_expire_is_given_rather_than_what_keeps() -> None:
    # A wants 4. Four units keep; the other four expire on Saturday: they are given, nothing is lost.
    problem = weeks.week(
        [best("keeps", 4, date(2026, 12, 24)), best("soon", 4, date(2026, 11, 28))],
        [weeks.household("A", 4)],
    )
    shape, done = finished(problem)
    assert units_given(problem, shape, done.packs) == {"keeps": 0, "soon": 4}
    waste = done.stages[0]
    assert (waste.name, waste.status, waste.objective) == ("waste_kg", Status.OPTIMAL, 0.0)


def test_of_what_keeps_the_sooner_date_goes_first() -> None:
    problem = weeks.week(
        [best("later", 4, date(2026, 12, 24)), best("sooner", 4, date(2026, 12, 3))],
        [weeks.household("A", 6)],
    )
    shape, done = finished(problem)
    assert units_given(problem, shape, done.packs) == {"later": 2, "sooner": 4}


def test_what_nobody_can_take_is_waste() -> None:
    # Six units of 500 g expire, A wants four: 1 kg is lost whatever is done.
    problem = weeks.week([best("soon", 6, date(2026, 11, 28))], [weeks.household("A", 4)])
    _, done = finished(problem)
    assert done.stages[0].objective == done.stages[0].bound == 1.0


def test_a_pack_may_overshoot_if_that_saves_it() -> None:
    # A wants 3. Two pairs that expire are 4 meals, of which taking away one leaves 2: allowed, and
    # it saves what a pair and a single one would leave behind. (Two groups: each at most 3 meals.)
    expires = date(2026, 11, 28)
    problem = weeks.week(
        [
            best("bread", 2, expires, pack=2),
            replace(best("fish", 2, expires, pack=2), food_group=FoodGroup.PROTEIN),
            best("single", 1, date(2026, 12, 24)),
        ],
        [weeks.household("A", 3)],
    )
    shape, done = finished(problem)
    assert shape.received(done.packs) == [3]
    assert units_given(problem, shape, done.packs) == {"bread": 2, "fish": 2, "single": 0}


def test_no_pack_is_given_that_could_be_taken_away_again() -> None:
    # A wants 2: a pack of two that expires is enough; the expiring single ones stay: with one of
    # them, taking it away would leave all that is wanted.
    problem = weeks.week(
        [
            best("pair", 2, date(2026, 11, 28), pack=2),
            replace(best("singles", 1, date(2026, 11, 28)), food_group=FoodGroup.PROTEIN),
        ],
        [weeks.household("A", 2)],
    )
    shape, done = finished(problem)
    assert units_given(problem, shape, done.packs) == {"pair": 2, "singles": 0}


def test_kept_as_it_is_only_measured() -> None:
    # Two of four expiring units of 500 g are given: 1 kg is lost, and nobody looks for better.
    problem = weeks.week([best("soon", 4, date(2026, 11, 28))], [weeks.household("A", 4)])
    _, whole = shapes_of(problem)
    done = as_it_is(whole, Aims(problem, {}), (2,))
    assert done.packs[:1] == (2,)
    waste = done.stages[0]
    assert (waste.objective, waste.bound, waste.status) == (1.0, None, Status.FEASIBLE)


def test_lines_to_be_kept_are_not_added_to() -> None:
    # A wants 4 of 4, but only half of it could be driven: the other half must not come back.
    problem = weeks.week([weeks.lot("L", 4)], [weeks.household("A", 4)])
    lines = (Line("A", "L", "S1", 2, 2),)
    eligible = eligibility(problem, Ways(problem, {}))
    kept = allocate(problem, {}, eligible, effort=Effort.KEEP, start=lines)
    assert kept.allocation.lines == lines


# --- fates --------------------------------------------------------------------------------------

DRY_ONLY = {Storage.AMBIENT: 10_000}


@pytest.mark.parametrize(
    ("lot", "fate"),
    [
        (best("L", 4, date(2026, 12, 1)), Fate.KEEP),  # Monday 30 November + 1 day of margin
        (best("L", 4, date(2026, 11, 30)), Fate.EXPIRES),
        (weeks.lot("L", 4), Fate.KEEP),  # without a date
        (weeks.lot("L", 4, ready_s=at(2, 8), fresh_s=200 * HOUR_S), Fate.EXPIRES),  # cooked
        (weeks.lot("L", 4, site_id="T1", storage=Storage.CHILLED), Fate.EXPIRES),  # no fridge there
        (weeks.lot("L", 4, site_id="T1"), Fate.KEEP),
        (weeks.lot("L", 4, site_id="FARM"), Fate.DECLINED),
    ],
)
def test_fates(lot: Lot, fate: Fate) -> None:
    sites = [weeks.site("T1", capacity_g=DRY_ONLY), weeks.site("FARM", SiteKind.DONOR)]
    assert fate_of(weeks.week([lot], [], sites=sites), lot) is fate


def test_leftovers_count_held_units_and_skip_what_is_gone() -> None:
    problem = weeks.week([weeks.lot("L", 5, hold_units=2), weeks.lot("M", 3)], [])
    assert leftovers(problem, {"L": 3, "M": 3}) == (Leftover("L", "HUB", 2, Fate.KEEP),)


# --- laws ---------------------------------------------------------------------------------------


@st.composite
def dated_weeks(draw: st.DrawFn) -> WeekProblem:
    """Tiny weeks of which every lot has a date, before or after next Monday.

    Several food groups, so that their shares leave room for packs that overshoot.
    """
    problem = draw(tiny_weeks())
    groups = st.sampled_from((FoodGroup.STAPLE, FoodGroup.PROTEIN))
    days = st.sampled_from((5, 6, 7, 8, 20, 40))
    lots = [
        weeks.lot(
            lot.id,
            lot.units,
            lot.unit_meals,
            lot.pack,
            contains=lot.contains,
            checked=lot.checked,
            label=Label.USE_BY,
            last_day=MONDAY + timedelta(days=draw(days)),
            food_group=draw(groups),
        )
        for lot in problem.lots.values()
    ]
    return weeks.week(
        lots, problem.households.values(), problem.sessions.values(), history=problem.history
    )


@given(dated_weeks())
@settings(deadline=None)
def test_no_plan_with_the_same_meals_wastes_less(problem: WeekProblem) -> None:
    """Against every vector of packs: same receipts, all rows and the overshoot rule kept."""
    shape, done = finished(problem)
    assume(choices(shape) <= FEW)
    assert keeps_rows(shape, done.packs)
    received = shape.received(done.packs)
    wasted = [
        waste_g(problem, shape, packs)
        for packs in product(
            *(range(most + 1) for most in shape.most), *[range(2) for _ in shape.flags]
        )
        if keeps_rows(shape, packs) and shape.received(packs) == received
    ]
    assert waste_g(problem, shape, done.packs) == min(wasted)
    assert done.stages[0].objective == min(wasted) / KG_G


def waste_g(problem: WeekProblem, shape: Shape, packs: Sequence[int]) -> int:
    left = leftovers(problem, units_given(problem, shape, packs))
    return sum(
        item.units * problem.lots[item.lot_id].unit_g for item in left if item.fate is Fate.EXPIRES
    )


@given(dated_weeks())
@settings(deadline=None)
def test_nobody_s_meals_change_and_no_pack_is_too_many(problem: WeekProblem) -> None:
    fair, whole = shapes_of(problem)
    packs = solve(fair).packs
    assert packs is not None
    done = finish(whole, Aims(problem, {}), packs, fair.received(packs), 10.0, 1)
    assert whole.received(done.packs) == fair.received(packs)
    for need, members in zip(whole.needs, whole.members, strict=True):
        given = sum(whole.meals[i] * done.packs[i] for i in members)
        for i in members:
            assert not done.packs[i] or given - whole.meals[i] < need.wanted
