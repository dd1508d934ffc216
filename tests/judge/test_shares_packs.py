"""Plans in whole packs for which there is no certificate: one pack betters none that is accepted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.judge.shares import verify_shares
from logistics.model.plan import Status
from logistics.model.shares import Capacity, ShareResult, Shares
from tests.judge.shares_cases import (
    BAKERY_CHAIN,
    BAKERY_LINES,
    A,
    B,
    C,
    bakery,
    result_of,
)
from tests.judge.test_shares_laws import instances

Packs = Counter[tuple[int, int]]
"""How many packs a household has of a lot."""


def codes(shares: Shares, result: ShareResult) -> set[str]:
    return {finding.code for finding in verify_shares(shares, result)}


def two_sizes(**changed: object) -> Shares:
    """The bakery with oats, too: three packs of rice, 2 meals each, and one of oats, 3 meals."""
    shares = replace(
        bakery(),
        lot_ids=["rice", "oats"],
        supply=[6, 3],
        unit_grains=[1, 1],
        pack=[2, 3],
        class_lots=[(0, 1)],
    )
    return replace(shares, **changed)  # type: ignore[arg-type]


def plan(shares: Shares, *lines: tuple[int, int, int], status: Status = Status.OPTIMAL) -> set[str]:
    """What is wrong with so many meals of lots for households."""
    return codes(
        shares, result_of(shares, [(h, lot, Fraction(x)) for h, lot, x in lines], status=status)
    )


def test_one_size_and_no_capacities_need_a_chain() -> None:
    """That there is none is no excuse: this is a flow."""
    assert codes(bakery(), result_of(bakery(), BAKERY_LINES)) == {"share_unproven"}
    assert codes(bakery(), result_of(bakery(), BAKERY_LINES, BAKERY_CHAIN)) == set()


def test_nothing_given_is_not_optimal_whatever_is_said_of_it() -> None:
    """Two lots of 10 meals, a and b want 5 each."""
    shares = two_sizes(supply=[10, 10], pack=[1, 1], wanted=[5, 5, 0])
    nothing = result_of(shares, [])
    named = replace(nothing, levels=(replace(nothing.levels[0], lots=(0,)),))
    assert codes(shares, named) == {"share_held_by", "share_unproven", "share_pack_left"}
    other = replace(shares, pack=[1, 2])
    assert codes(other, named) == {"share_held_by", "share_pack_left"}
    assert plan(other, status=Status.TIME_LIMIT) == {"share_held_by", "share_pack_left"}


def test_packs_of_two_sizes() -> None:
    """a wants 3, b 5, c 4. Oats to c (3/4), rice to a (2/3) and twice to b (4/5): none is better."""
    assert plan(two_sizes(), (A, 0, 2), (B, 0, 4), (C, 1, 3)) == set()
    # Oats to a (1), rice twice to b (4/5) and once to c (1/2) is less fair, but by no single move: b
    # would be left at 2/5 without a rice, a at 0 without the oats. Claimed by search, not certified.
    assert plan(two_sizes(), (A, 1, 3), (B, 0, 4), (C, 0, 2)) == set()
    # Rice once to each, and the oats are left.
    left = (A, 0, 2), (B, 0, 2), (C, 0, 2)
    assert plan(two_sizes(), *left) == {"share_pack_left"}
    assert plan(two_sizes(), *left, status=Status.TIME_LIMIT) == {"share_pack_left"}


def test_a_pack_that_does_more_elsewhere_is_found() -> None:
    """c has rice twice (1), a nothing: one of them lifts a from 0 to 2/3 and leaves c at 1/2."""
    lines = (C, 0, 4), (B, 0, 2), (B, 1, 3)
    assert plan(two_sizes(), *lines) == {"share_pack_move"}
    assert plan(two_sizes(), *lines, status=Status.FEASIBLE) == set()


def test_capacities_count_in_what_is_left_and_in_what_is_moved() -> None:
    """A lot can be left where a capacity is full; a pack from another under it makes room."""
    car = Capacity("car", 4, None, frozenset({A, C}))
    shares = two_sizes(capacities=(car,), supply=[10, 0], wanted=[3, 4, 4])
    # b is full and 2 meals of rice are left, but the car is full with c's: a could have one of c's.
    assert plan(shares, (C, 0, 4), (B, 0, 4)) == {"share_pack_move"}
    # The car of a alone is full: c's pack would not make room in it.
    alone = replace(
        shares, supply=[6, 0], capacities=(replace(car, grains=1, households=frozenset({A})),)
    )
    named = result_of(alone, [(C, 0, Fraction(2)), (B, 0, Fraction(4))])
    levels = (replace(named.levels[0], capacities=(0,)), *named.levels[1:])
    assert codes(alone, replace(named, levels=levels)) == set()


def test_a_capacity_over_everybody_is_freed_by_anybody() -> None:
    """4 meals may be given of plenty, and c has them all."""
    shares = two_sizes(capacities=(Capacity("day", 4, None, None),), supply=[10, 0])
    assert plan(shares, (C, 0, 4)) == {"share_pack_move"}


def test_a_pack_must_free_every_capacity_that_is_full() -> None:
    """a is under both of two full capacities, b and c under one each."""
    both = tuple(Capacity(f"with {h}", 4, None, frozenset({A, h})) for h in (B, C))
    shares = two_sizes(capacities=both, supply=[10, 0], wanted=[3, 4, 4])
    assert plan(shares, (B, 0, 4), (C, 0, 4)) == set()


def test_among_equals_the_one_whom_a_pack_lifts_most_is_asked_about() -> None:
    """a, b and c stand at 0 without the only pack: it lifts c to 1/2, b to 2/5, and a to 2/3."""
    shares = two_sizes(capacities=(Capacity("wide", 99, None, None),), supply=[2, 0])
    assert plan(shares, (A, 0, 2)) == set()
    assert plan(shares, (B, 0, 2)) == plan(shares, (C, 0, 2)) == {"share_pack_move"}
    # To 2/5 like b, a is no better than b, but c is.
    assert plan(replace(shares, wanted=[5, 5, 4]), (A, 0, 2)) == {"share_pack_move"}


def fits(shares: Shares, packs: Packs) -> bool:
    """Whether packs keep supply and capacities."""
    given = {way: count * shares.pack_grains(way[1]) for way, count in packs.items()}
    return all(
        sum(x for (_, k), x in given.items() if k == lot) <= shares.usable(lot)
        for lot in range(len(shares.lot_ids))
    ) and all(
        sum(x for (h, lot), x in given.items() if capacity.covers(lot, h)) <= capacity.grains
        for capacity in shares.capacities
    )


def standing(shares: Shares, packs: Packs) -> list[Fraction]:
    """All levels, sorted."""
    levels = []
    for h in filter(shares.counts, range(len(shares.household_ids))):
        given = sum(n * shares.pack_grains(lot) for (who, lot), n in packs.items() if who == h)
        levels.append(shares.level(h, Fraction(min(given, shares.wanted[h]))))
    return sorted(levels)


def betters(shares: Shares, packs: Packs) -> set[str]:
    """By trying everything: whether one pack more, or one moved, makes a fairer plan."""
    now, wrong = standing(shares, packs), set()
    for h in range(len(shares.household_ids)):
        for lot in shares.class_lots[shares.class_of[h]]:
            more = packs + Counter({(h, lot): 1})
            if fits(shares, more) and standing(shares, more) > now:
                wrong.add("share_pack_left")
            for giver, of in packs:
                moved = more - Counter({(giver, of): 1})
                if of == lot and fits(shares, moved) and standing(shares, moved) > now:
                    wrong.add("share_pack_move")
    return wrong


@settings(max_examples=200, deadline=None)
@given(instances(), st.data())
def test_single_packs_are_judged_as_by_trying_them_all(shares: Shares, data: st.DataObject) -> None:
    """Random plans without a useless pack, under the name of an optimal one."""
    shares = replace(shares, integer=True)
    households = range(len(shares.household_ids))
    ways = [(h, lot) for h in households for lot in shares.class_lots[shares.class_of[h]]]
    packs: Packs = Counter()
    for way in data.draw(st.lists(st.sampled_from(ways), max_size=12)) if ways else ():
        more = packs + Counter({way: 1})
        if fits(shares, more) and standing(shares, more) > standing(shares, packs):
            packs = more
    for way in sorted(packs):
        while packs[way] and standing(shares, packs - Counter({way: 1})) == standing(shares, packs):
            packs = packs - Counter({way: 1})
    lines = [(h, lot, Fraction(n * shares.pack_grains(lot))) for (h, lot), n in packs.items()]
    result = result_of(shares, lines)
    blameless = tuple(replace(level, lots=(), capacities=()) for level in result.levels)
    found = codes(shares, replace(result, levels=blameless))
    assert found - {"share_held_by", "share_unproven"} == betters(shares, packs)
