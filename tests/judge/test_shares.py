"""The judge of bare shares accepts what is right, and names every fault in lines and levels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from logistics.judge.shares import LISTED_MAX, verify_shares
from logistics.judge.shares_codes import SHARE_CODES
from logistics.model.plan import Status
from logistics.model.shares import ShareResult, Shares
from tests.judge.shares_cases import (
    BAKERY_CHAIN,
    BAKERY_LINES,
    BREAD,
    MILK,
    RICE,
    TOWN_CHAIN,
    TOWN_LINES,
    TOWN_PRICES,
    A,
    B,
    C,
    D,
    F,
    G,
    bakery,
    result_of,
    town,
)


def codes(shares: Shares, result: ShareResult) -> set[str]:
    return {finding.code for finding in verify_shares(shares, result)}


def by_chain() -> ShareResult:
    return result_of(town(), TOWN_LINES, TOWN_CHAIN)


def put(column: Sequence[int], position: int, value: Any) -> list[Any]:
    """A column with one value changed."""
    return [*column[:position], value, *column[position + 1 :]]


def test_the_town_is_accepted_by_its_chain_and_by_its_prices() -> None:
    assert verify_shares(town(), by_chain()) == []
    assert verify_shares(town(), result_of(town(), TOWN_LINES, None, TOWN_PRICES)) == []


def test_the_town_stands_as_worked_out_by_hand() -> None:
    levels = [(level.level, level.households) for level in by_chain().levels]
    assert levels == [
        (Fraction(1, 4), [0, 7]),
        (Fraction(2, 5), [1, 2, 4]),
        (Fraction(2, 3), [3]),
        (Fraction(1), [5]),
    ]


def test_the_bakery_is_accepted() -> None:
    assert verify_shares(bakery(), result_of(bakery(), BAKERY_LINES, BAKERY_CHAIN)) == []


def test_columns_may_be_arrays() -> None:
    result = by_chain()
    names = ("received", "scale", "line_household", "line_lot", "line_amount")
    arrays: Any = {name: np.array(getattr(result, name)) for name in names}
    assert verify_shares(town(), replace(result, **arrays)) == []


def test_amounts_beyond_64_bits_are_judged_as_exactly() -> None:
    shares, result, huge = town(), by_chain(), 2**80
    received, scale = result.received, result.scale
    finer = replace(
        result,
        received=[r * huge for r in received],
        scale=[s * huge for s in scale],
        line_amount=[x * huge for x in result.line_amount],
    )
    assert verify_shares(shares, finer) == []
    off_by_one = replace(finer, received=put(finer.received, A, finer.received[A] - 1))
    assert codes(shares, off_by_one) == {"share_received", "share_level_value"}


def line(household: int, lot: int, grains: int | Fraction) -> ShareResult:
    """The town's result with one line more."""
    return result_of(town(), (*TOWN_LINES, (household, lot, Fraction(grains))), TOWN_CHAIN)


def swapped(position: int, household: int) -> ShareResult:
    """The town's result with one line of the others for somebody else."""
    _, lot, grains = TOWN_LINES[position]
    lines = [*TOWN_LINES[:position], (household, lot, grains), *TOWN_LINES[position + 1 :]]
    return result_of(town(), lines, TOWN_CHAIN)


def of_columns(**columns: Any) -> ShareResult:
    """The town's result with columns that need not fit."""
    return replace(by_chain(), **columns)


def of_level(position: int, **changed: Any) -> ShareResult:
    """The town's result with one level changed."""
    levels = list(by_chain().levels)
    levels[position] = replace(levels[position], **changed)
    return replace(by_chain(), levels=tuple(levels))


RESULT = by_chain()
TWO = Fraction(2)
NOBODY = replace(RESULT.levels[3], level=TWO, upper_bound=TWO, households=[])
FAULTS: dict[str, tuple[Callable[[], ShareResult], set[str]]] = {
    "a lot for one who may not have it": (lambda: swapped(1, A), {"share_ineligible"}),
    "rice twice": (lambda: line(C, RICE, 1), {"share_supply", "share_duplicate"}),
    "less than nothing": (
        lambda: result_of(town(), [*TOWN_LINES, (5, MILK, Fraction(-1))], TOWN_CHAIN),
        {"share_negative", "share_duplicate"},
    ),
    "units off by one": (
        lambda: of_columns(line_amount=put(RESULT.line_amount, 1, RESULT.line_amount[1] + 1)),
        {"share_supply", "share_received"},
    ),
    "received off by one": (
        lambda: of_columns(received=put(RESULT.received, B, RESULT.received[B] - 1)),
        {"share_received", "share_level_value"},
    ),
    "the capacity ignored": (
        lambda: result_of(town(), [*TOWN_LINES[:4], (D, MILK, Fraction(6)), TOWN_LINES[5]]),
        {"share_capacity"},
    ),
    "more than is wanted": (
        lambda: result_of(town(), [*TOWN_LINES[:5], (F, MILK, Fraction(5))]),
        {"share_overserved"},
    ),
    "something for one who wants nothing": (
        lambda: line(G, MILK, 1),
        {"share_ineligible", "share_overserved"},
    ),
    "a household missing in the levels": (lambda: of_level(1, households=[1, 2]), {"share_level_rows"}),
    "a household at two levels": (
        lambda: of_level(3, households=[5, 3]),
        {"share_level_rows", "share_level_value"},
    ),
    "one who has no level": (lambda: of_level(0, households=[0, 6, 7]), {"share_level_rows"}),
    "a level of nobody": (
        lambda: of_columns(levels=(*RESULT.levels, NOBODY)),
        {"share_level_rows"},
    ),
    "levels upside down": (
        lambda: of_columns(levels=(RESULT.levels[1], RESULT.levels[0], *RESULT.levels[2:])),
        {"share_level_order"},
    ),
    "a household moved up": (
        lambda: of_columns(
            levels=(
                RESULT.levels[0],
                replace(RESULT.levels[1], households=[1, 2]),
                replace(RESULT.levels[2], households=[3, 4]),
                RESULT.levels[3],
            )
        ),
        {"share_level_value"},
    ),
    "a level changed": (
        lambda: of_level(1, level=Fraction(41, 100), upper_bound=Fraction(41, 100)),
        {"share_level_value"},
    ),
    "a bound below the level": (lambda: of_level(1, upper_bound=Fraction(1, 5)), {"share_bound"}),
    "a bound beyond all wishes": (
        lambda: of_level(1, upper_bound=Fraction(101, 100)),  # c would stand at 1 with all it wants
        {"share_bound", "share_status"},
    ),
    "optimal with an open bound": (lambda: of_level(1, upper_bound=Fraction(1, 2)), {"share_status"}),
    "said to be impossible": (lambda: of_columns(status=Status.INFEASIBLE), {"share_status"}),
    "nothing named as scarce": (lambda: of_level(1, lots=()), {"share_held_by"}),
    "plenty named as scarce": (lambda: of_level(1, lots=(RICE, MILK)), {"share_held_by"}),
    "a lot named that nobody there may have": (
        lambda: of_level(0, lots=(BREAD, RICE)),
        {"share_held_by"},
    ),
    "a capacity named that is for others": (
        lambda: of_level(1, capacities=(0,)),
        {"share_held_by"},
    ),
    "an unknown lot named": (lambda: of_level(1, lots=(RICE, 7)), {"share_held_by"}),
    "a negative lot named": (lambda: of_level(1, lots=(RICE, -1)), {"share_held_by"}),
    "an unknown capacity named": (lambda: of_level(2, capacities=(1,)), {"share_held_by"}),
    "a lot named twice": (lambda: of_level(1, lots=(RICE, RICE)), {"share_held_by"}),
    "said to have what it wants": (lambda: of_level(1, wanted=True), {"share_held_by"}),
    "said to be short": (lambda: of_level(3, wanted=False), {"share_held_by"}),
    "a column too short": (lambda: of_columns(received=[1]), {"share_columns"}),
    "lines too short": (lambda: of_columns(line_lot=[BREAD]), {"share_columns"}),
    "an unknown household in a line": (
        lambda: of_columns(line_household=put(RESULT.line_household, 0, 8)),
        {"share_columns"},
    ),
    "an unknown lot in a line": (
        lambda: of_columns(line_lot=put(RESULT.line_lot, 0, -1)),
        {"share_columns"},
    ),
    "an unknown household at a level": (lambda: of_level(0, households=[0, 99]), {"share_columns"}),
    "no whole numbers": (
        lambda: of_columns(received=put(RESULT.received, A, 4.0)),
        {"share_columns"},
    ),
    "levels of no whole numbers": (lambda: of_level(0, households=["a"]), {"share_columns"}),
    "a scale of zero": (lambda: of_columns(scale=put(RESULT.scale, A, 0)), {"share_columns"}),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_the_fault_is_named(fault: str) -> None:
    make, expected = FAULTS[fault]
    assert codes(town(), make()) == expected


def test_what_two_levels_name_cannot_be_swapped() -> None:
    """Bread holds a, who may have no rice; rice holds the others."""
    low, high, *rest = RESULT.levels
    swapped_names = (replace(low, lots=(RICE,)), replace(high, lots=(BREAD,)), *rest)
    found = verify_shares(town(), replace(RESULT, levels=swapped_names))
    assert [finding.code for finding in found] == ["share_held_by"]  # e might have had the bread
    assert "Level 1/4: lot number 1 holds nobody who is short" in found[0].message


def test_a_level_that_is_not_proven_may_name_nothing() -> None:
    levels = tuple(
        replace(level, lots=(), capacities=(), upper_bound=Fraction(1)) for level in RESULT.levels
    )
    stated = replace(RESULT, status=Status.TIME_LIMIT, chain=None, levels=levels)
    assert verify_shares(town(), stated) == []


def test_of_packs_less_than_one_is_used_up() -> None:
    """A rest of 1 meal of 11 is no pack of 2; with 13 meals another pack is left over."""
    result = result_of(bakery(), BAKERY_LINES, BAKERY_CHAIN)
    assert [level.lots for level in result.levels] == [(0,), (0,), ()]
    plenty = replace(bakery(), supply=[13])
    assert codes(plenty, result) == {"share_held_by", "chain_loose", "share_pack_left"}


HUGE = 10**5000
"""More digits than Python turns into text."""

JUNK: tuple[Any, ...] = (
    None, "great", "optimal", "0", 0.5, float("nan"), float("inf"), True, -1, HUGE, Fraction(-1, 3),
    Fraction(HUGE), (), (None,), [0.5], ["a"], [[1]], [-HUGE], [HUGE] * 8, [HUGE] * 3, [-1] * 6, {1: 2},
    {None: 1}, {0: HUGE}, {0: "1"}, {HUGE: 1},
    np.array(3), np.ones((8, 2)), np.ones(8), iter([1]), object(),
)  # fmt: skip
PARTS = {
    "result": ("status", "engine", "levels", "chain", "received", "scale", "line_household",
               "line_lot", "line_amount"),
    "level": ("level", "households", "lots", "capacities", "wanted", "upper_bound", "proof"),
    "prices": ("households", "lots", "capacities"),
    "chain": ("steps", "household_step", "lot_from", "lot_to", "capacity_from", "capacity_to"),
}  # fmt: skip


def spoilt(part: str, name: str, junk: Any) -> ShareResult:
    """The town's result, proven by chain and prices, with one thing in it replaced."""
    result = result_of(town(), TOWN_LINES, TOWN_CHAIN, TOWN_PRICES)
    if part == "result":
        return replace(result, **{name: junk})
    if part == "chain":
        return replace(result, chain=replace(TOWN_CHAIN, **{name: junk}))
    level = result.levels[1]
    if part == "prices":
        assert level.proof is not None
        level = replace(level, proof=replace(level.proof, **{name: junk}))
    else:
        level = replace(level, **{name: junk})
    return replace(result, levels=(result.levels[0], level, *result.levels[2:]))


@pytest.mark.parametrize(("part", "name"), [(part, name) for part in PARTS for name in PARTS[part]])
def test_the_judge_never_raises_because_of_what_a_result_says(part: str, name: str) -> None:
    for junk in JUNK:
        for finding in verify_shares(town(), spoilt(part, name, junk)):
            assert finding.code in SHARE_CODES
            assert finding.text()
    assert verify_shares(town(), spoilt(part, name, float("nan"))) != []


def of_bakery(*packs: int) -> ShareResult:
    """So many meals for a, b and c."""
    lines = [(household, 0, Fraction(meals)) for household, meals in enumerate(packs)]
    return result_of(bakery(), lines, BAKERY_CHAIN)


@pytest.mark.parametrize(
    ("meals", "expected"),
    [
        ((2, 4, 4), set()),
        ((2, 4, 3), {"share_pack"}),  # a pack opened
        ((2, 6, 4), {"share_supply"}),  # 12 of 11; the rest of 1 is no pack
        ((6, 2, 2), {"share_overserved"}),  # a wants 3: 4 would do
        ((2, 2, 6), {"share_overserved"}),  # c wants 4: 4 would do
        ((0, 6, 4), {"chain_unfair"}),  # a stands at 0
    ],
)
def test_packs(meals: tuple[int, int, int], expected: set[str]) -> None:
    assert codes(bakery(), of_bakery(*meals)) == expected


def test_one_fault_in_many_households_is_listed_some_times_only() -> None:
    many = replace(
        bakery(),
        household_ids=[str(i) for i in range(1000)],
        **{name: [1] * 1000 for name in ("wanted", "weight")},
        **{name: [0] * 1000 for name in ("past_wanted", "past_received", "class_of")},
    )
    result = replace(result_of(many, ()), levels=())
    found = verify_shares(many, result)
    assert {finding.code for finding in found} == {"share_level_rows"}
    assert len(found) == LISTED_MAX


def test_codes_speak_both_languages() -> None:
    for name, code in SHARE_CODES.items():
        assert code.code == name
        assert code.en.isascii()
        assert code.ja
        assert not code.ja.isascii()
