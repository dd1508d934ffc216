"""Shocks: nothing at 0, everything at 100, never less at more, and always a valid week."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.model.errors import InvalidFact, NotFound
from logistics.model.fleet import Shift, Vehicle
from logistics.model.goods import Lot
from logistics.model.people import Household
from logistics.model.places import Site
from logistics.model.problem import WeekProblem
from logistics.model.units import DAY_S, HOUR_S, SiteKind, Storage
from scenarios.shocks import Draws, Shock, names, register, share, shock, shocked
from tests.weeks import household, lot, week

ALL = st.sampled_from(names())
SEVERITIES = st.integers(0, 100)
SEEDS = st.integers(0, 2**32)


@st.composite
def weeks(draw: st.DrawFn) -> WeekProblem:
    """A hub, a satellite with fridge and freezer, a donor; stock within capacity; some shifts."""
    lots = [draw(lots_named(f"L{number}")) for number in range(draw(st.integers(0, 6)))]
    households = [draw(households_named(f"H{n}")) for n in range(draw(st.integers(0, 5)))]
    starts = draw(st.sets(st.integers(0, 6), max_size=7))
    room = {storage: draw(st.integers(0, 1_000_000)) for storage in Storage}
    standing: dict[Storage, int] = defaultdict(int)
    for item in lots:
        if item.site_id == "T1":
            standing[item.storage] += item.units * item.unit_g
    t1 = {storage: max(room[storage], standing[storage]) for storage in Storage}
    return week(
        lots,
        households,
        sites=[
            Site("T1", "O2", "satellite", SiteKind.SATELLITE, 34.83, 135.60, t1),
            Site("D1", "O3", "donor", SiteKind.DONOR, 34.85, 135.63),
        ],
        vehicles={"V1": Vehicle("V1", "HUB", {Storage.AMBIENT: 100_000})},
        shifts=tuple(
            Shift("V1", day * DAY_S + 9 * HOUR_S, day * DAY_S + 17 * HOUR_S)
            for day in sorted(starts)
        ),
        digest="sha256:tiny",
    )


@st.composite
def lots_named(draw: st.DrawFn, lot_id: str) -> Lot:
    units = draw(st.integers(0, 60))
    return lot(
        lot_id,
        units,
        pack=draw(st.integers(1, 7)),
        hold_units=draw(st.integers(0, units)),
        site_id=draw(st.sampled_from(("HUB", "T1", "D1"))),
        org_id=draw(st.sampled_from(("O1", "O2", "O3"))),
        storage=draw(st.sampled_from(Storage)),
    )


@st.composite
def households_named(draw: st.DrawFn, household_id: str) -> Household:
    return household(
        household_id, draw(st.integers(0, 80)), members=draw(st.integers(1, 6)), session_ids=()
    )


def harm(problem: WeekProblem) -> dict[object, int]:
    """One number per entity that a shock may only raise."""
    return {
        **{("lot", one.id): -one.units for one in problem.lots.values()},
        **{("wish", one.id): one.meals_wanted for one in problem.households.values()},
        **{
            ("room", site.id, storage): -site.room_g(storage)
            for site in problem.sites.values()
            for storage in Storage
        },
    }


def room_is_kept(problem: WeekProblem) -> bool:
    """No site of the network begins the week above its capacity."""
    standing: dict[tuple[str, Storage], int] = defaultdict(int)
    for item in problem.lots.values():
        standing[item.site_id, item.storage] += item.units * item.unit_g
    return all(
        grams <= problem.sites[site_id].room_g(storage)
        for (site_id, storage), grams in standing.items()
        if problem.sites[site_id].kind is not SiteKind.DONOR
    )


@given(weeks(), ALL, SEEDS)
def test_severity_0_changes_nothing(problem: WeekProblem, name: str, seed: int) -> None:
    assert shocked(problem, name, 0, seed) is problem
    assert shock(name).apply(problem, 0, Draws(seed, name)) == problem


@given(weeks(), ALL, SEEDS, SEVERITIES, SEVERITIES)
def test_more_severe_is_never_milder(
    problem: WeekProblem, name: str, seed: int, one: int, other: int
) -> None:
    mild = shocked(problem, name, min(one, other), seed)
    grave = shocked(problem, name, max(one, other), seed)
    before, after = harm(mild), harm(grave)
    assert before.keys() == after.keys()
    assert all(after[entity] >= before[entity] for entity in before)
    assert set(grave.shifts) <= set(mild.shifts) <= set(problem.shifts)


@given(weeks(), ALL, SEEDS, SEVERITIES)
def test_every_shocked_week_is_valid(
    problem: WeekProblem, name: str, seed: int, severity: int
) -> None:
    """Facts check themselves at birth; besides: nothing is renamed, stock fits, packs stay whole."""
    after = shocked(problem, name, severity, seed)
    assert after.lots.keys() == problem.lots.keys()
    assert after.households.keys() == problem.households.keys()
    assert room_is_kept(problem)
    assert room_is_kept(after)
    for id_, before in problem.lots.items():
        taken = before.units - after.lots[id_].units
        lost_whole = after.lots[id_].units == 0
        assert taken % before.pack == 0 or lost_whole
        assert after.lots[id_].hold_units == (0 if lost_whole else before.hold_units)
    assert (after.digest == problem.digest) == (severity == 0)


@given(weeks(), ALL, SEEDS, SEVERITIES)
def test_the_order_of_tables_and_other_entities_move_nobodys_luck(
    problem: WeekProblem, name: str, seed: int, severity: int
) -> None:
    mixed = replace(
        problem,
        lots={"NEW": lot("NEW", 9, org_id="O9"), **dict(reversed(problem.lots.items()))},
        households=dict(reversed(problem.households.items())),
        sites=dict(reversed(problem.sites.items())),
        shifts=problem.shifts[::-1],
    )
    after, after_mixed = (shocked(one, name, severity, seed) for one in (problem, mixed))
    expected, found = harm(after), harm(after_mixed)
    assert {entity: found[entity] for entity in expected} == expected
    assert set(after.shifts) == set(after_mixed.shifts)


def busy_week() -> WeekProblem:
    """Rice (30, of which 3 held) and frozen fish at the hub; seven shifts; a wish of 20 and of 0."""
    return week(
        [lot("RICE", 30, pack=4, hold_units=3), lot("FISH", 8, storage=Storage.FROZEN)],
        [household("A", 20), household("B", 0), household("C", 50, members=3)],
        vehicles={"V1": Vehicle("V1", "HUB", {Storage.AMBIENT: 100_000})},
        shifts=tuple(Shift("V1", day * DAY_S, day * DAY_S + HOUR_S) for day in range(7)),
    )


def test_a_full_drought_leaves_what_is_held_and_the_broken_pack() -> None:
    """Rice: 27 free units are 6 packs of 4 (24 units); 30 - 24 = 6 stay. Fish: 8 - 8 = 0."""
    after = shocked(busy_week(), "supply_drought", 100, 1)
    assert {id_: one.units for id_, one in after.lots.items()} == {"RICE": 6, "FISH": 0}


def test_without_donors_there_is_nothing() -> None:
    after = shocked(busy_week(), "donor_loss", 100, 1)
    assert [one.units for one in after.lots.values()] == [0, 0]


def test_a_failed_freezer_takes_its_stock_and_leaves_the_shelf() -> None:
    after = shocked(busy_week(), "fridge_failure", 100, 1)
    assert {id_: one.units for id_, one in after.lots.items()} == {"RICE": 30, "FISH": 0}
    assert [after.sites["HUB"].keeps(storage) for storage in Storage] == [True, False, False]


def test_nobody_drives() -> None:
    assert shocked(busy_week(), "driver_no_show", 100, 1).shifts == ()


def test_wishes_double_but_not_beyond_three_meals_a_day() -> None:
    """A: 2 x 20 = 40 <= 4 members x 21. B wants nothing. C: 2 x 50 = 100 > 3 x 21 = 63."""
    after = shocked(busy_week(), "demand_surge", 100, 1)
    assert [one.meals_wanted for one in after.households.values()] == [40, 0, 63]


@pytest.mark.parametrize("severity", [10, 30, 50, 80])
def test_on_average_a_shock_takes_what_its_severity_says(severity: int) -> None:
    """400 one-pack lots and 400 shifts: the mean lost is the severity within four standard errors.

    A lot or shift is lost or not, so the standard error is at most 0.5 / sqrt(400) = 0.025.
    """
    problem = week(
        [lot(f"L{number}", 4, pack=4) for number in range(400)],
        [],
        vehicles={f"V{number}": Vehicle(f"V{number}", "HUB") for number in range(400)},
        shifts=tuple(Shift(f"V{number}", 0, HOUR_S) for number in range(400)),
    )
    drought = shocked(problem, "supply_drought", severity, 1)
    assert fmean(one.units == 0 for one in drought.lots.values()) == pytest.approx(
        severity / 100, abs=0.1
    )
    absent = shocked(problem, "driver_no_show", severity, 1)
    assert 1 - len(absent.shifts) / 400 == pytest.approx(severity / 100, abs=0.1)


@given(SEVERITIES)
def test_the_mean_share_is_the_severity(severity: int) -> None:
    """The share is linear in the draw, so its mean is the value at one half."""
    ends = Fraction(str(share(severity, 0.0))) + Fraction(str(share(severity, 1.0)))
    assert float(ends / 2) == pytest.approx(severity / 100)


def test_seeds_and_shocks_have_their_own_luck() -> None:
    luck = {
        Draws(seed, name).uniform(entity)
        for seed in (1, 2)
        for name in ("donor_loss", "driver_no_show")
        for entity in ("O1", "O2")
    }
    assert len(luck) == 8
    assert all(0 <= one < 1 for one in luck)


def test_five_shocks_are_declared_in_both_languages() -> None:
    assert names() == (
        "supply_drought",
        "donor_loss",
        "fridge_failure",
        "driver_no_show",
        "demand_surge",
    )
    assert all(shock(name).title_ja and shock(name).title_en for name in names())


def test_an_unknown_shock_lists_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"'locusts'.*supply_drought, donor_loss"):
        shocked(busy_week(), "locusts", 10, 1)


def test_a_name_is_taken_once() -> None:
    taken = shock("donor_loss")
    with pytest.raises(InvalidFact, match="'donor_loss' is already registered"):
        register(Shock("donor_loss", taken.apply, "写し", "a copy", taken.meaning))


@pytest.mark.parametrize("severity", [-1, 101])
def test_a_severity_is_within_0_and_100(severity: int) -> None:
    with pytest.raises(InvalidFact, match=r"within 0\.\.100"):
        shocked(busy_week(), "donor_loss", severity, 1)
