"""Why a household is short: one tiny week per reason, in Japanese and English."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from logistics.model.plan import Cut, Reason
from logistics.model.problem import Pin, Policy, WeekProblem
from logistics.model.units import HOUR_S, Cold, Kitchen, PinKind, Storage
from logistics.solver.allocation import allocate
from logistics.solver.eligible import eligibility
from logistics.solver.visits import visit_cuts
from logistics.solver.ways import Ways
from tests import weeks
from tests.solver.allocation.tiny import HALF
from tests.weeks import at

EGG = frozenset({"egg"})
ROAD = weeks.road({"HUB": 0, "T1": 20, "A": 10, "B": -10})
A4 = weeks.household("A", 4)
L4 = weeks.lot("L", 4)
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


@dataclass(frozen=True)
class Told:
    """A week in which somebody is short, what the reason's text and fix say in English."""

    week: Callable[[], WeekProblem]
    text: str
    fix: str = ""
    cuts: tuple[Cut, ...] = ()


def at_t1(room_g: int = 10_000_000, van_g: int = 100_000, hours: int = 10) -> WeekProblem:
    """Four units of 500 g at the hub, A comes to T1, 20 minutes away; one shift on Wednesday."""
    return weeks.week(
        [L4],
        [A4],
        [weeks.session("S1", site_id="T1")],
        [weeks.site("T1", capacity_g={Storage.AMBIENT: room_g})],
        vehicles={"V1": weeks.van(capacity_g={Storage.AMBIENT: van_g})},
        shifts=(weeks.shift(at(2, 8), at(2, 8) + hours * HOUR_S),),
    )


def visits(*opens_s: int) -> WeekProblem:
    """A and B, on opposite sides of the hub, are visited at these moments exactly."""
    homes = [weeks.visited(name, 2, s, s) for name, s in zip("AB", opens_s, strict=False)]
    return weeks.week(
        [L4],
        homes,
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(2, 8), at(2, 18)),),
    )


def two_places() -> WeekProblem:
    """Two meals at the hub for S1, two at T1 for S2; A may come to either, but only once."""
    return weeks.week(
        [weeks.lot("L1", 2), weeks.lot("L2", 2, site_id="T1")],
        [weeks.household("A", 4, ("S1", "S2"))],
        [weeks.session("S1"), weeks.session("S2", 3, site_id="T1")],
        [weeks.site("T1")],
    )


TOLD = {
    # The only lot was never checked for egg.
    "nothing_fits": Told(
        lambda: weeks.week([L4], [replace(A4, avoid=EGG)]),
        "No lot of this week may be given to A: 1 have an allergen it avoids not checked.",
        "4 more meals of food (declared free of egg) for session S1 on Wed 25 Nov should fill the gap "
        "(not checked).",
    ),
    # Two meals for a wish of four.
    "lots_exhausted": Told(
        lambda: weeks.week([weeks.lot("L", 2)], [A4]),
        "All 2 meals of food that can reach A are given out (item L (L)).",
        "2 more meals of food for session S1 on Wed 25 Nov should fill the gap (not checked).",
    ),
    # At most half of four wanted from one group; four staples are there.
    "group_share": Told(
        lambda: weeks.week([L4], [A4], policy=Policy(group_share_max=HALF)),
        "A already gets as much staples as the share for one food group allows; 2 meals of it are left.",
        "A donation of another food group than staples could help (not checked).",
    ),
    # Alone at home: one cooked meal a day.
    "cooked_per_day": Told(
        lambda: weeks.week(
            [weeks.lot("L", 4, ready_s=at(2, 9), fresh_s=4 * HOUR_S)], [replace(A4, members=1)]
        ),
        "Cooked meals are limited to one a day for each member; 3 are left.",
    ),
    # One seat for two households.
    "session_full": Told(
        lambda: weeks.week(
            [L4],
            [weeks.household("A", 2), weeks.household("B", 2)],
            [weeks.session("S1", households_max=1)],
        ),
        "Session S1 at hub is full; 2 meals wait for places.",
        "1 more places at S1 could help (not checked).",
    ),
    "sessions_max": Told(
        two_places,
        "A can come to one session only; at another one 2 meals are left.",
    ),
    # T1 has room for 1 kg, two units.
    "site_storage": Told(
        lambda: at_t1(room_g=1_000),
        "The ambient storage at t1 is full on Wed 25 Nov; 2 meals cannot be kept there.",
        "More ambient space at t1 could help (not checked).",
    ),
    # One trip of 40 minutes fits into the hour, with 1 kg.
    "vehicle_day": Told(
        lambda: at_t1(van_g=1_000, hours=1),
        "The vehicles' ambient compartments are full on Wed 25 Nov; 2 meals cannot be driven.",
        "One more vehicle or a longer shift on Wed 25 Nov could help (not checked).",
    ),
    # Both at 11:00 sharp, twenty minutes apart.
    "visits_day": Told(
        lambda: visits(at(2, 11), at(2, 11)),
        "Not all home visits of Wed 25 Nov fit into the shift.",
        "One more vehicle or a longer shift on Wed 25 Nov could help (not checked).",
    ),
    # Two packs of three; A, B and C want three each and stand alike: one of them gets nothing.
    "whole_packs": Told(
        lambda: weeks.week(
            [weeks.lot("L", 6, pack=3)], [weeks.household(name, 3) for name in "ABC"]
        ),
        "item L (L) is handed out in whole packs, and there are too few packs for all who need them.",
        "Smaller packs could help (not checked); 3 meals are missing.",
    ),
    # Four are there, but the coordinator has fixed two for A.
    "pinned": Told(
        lambda: weeks.week([L4], [A4], pins=(Pin(PinKind.FIX, "A", "L", units=2),)),
        "A pin of the coordinator holds back 2 meals.",
        "Loosening the pin could help (not checked).",
    ),
    "undriveable": Told(
        lambda: visits(at(2, 11)),
        "No route was found for it: the bridge is closed.",
        "One more vehicle or a longer shift on Wed 25 Nov could help (not checked).",
        cuts=(Cut("visit", ("A",), False, "the bridge is closed"),),
    ),
    # One meal fits; three others stay at the hub and were not checked for egg.
    "left_but_refused": Told(
        lambda: weeks.week(
            [weeks.lot("L", 1, checked=EGG), weeks.lot("M", 3)], [replace(A4, avoid=EGG)]
        ),
        "3 meals are left over that A may not have: 1 have an allergen it avoids not checked.",
    ),
}


def reasons(told: Told, language: str) -> list[Reason]:
    """All reasons of all households that are short."""
    problem = told.week()
    allocated = allocate(
        problem,
        ROAD,
        eligibility(problem, Ways(problem, ROAD)),
        (*visit_cuts(problem, ROAD), *told.cuts),
        seconds=5.0,
        language=language,
    )
    unmet = allocated.allocation.unmet
    assert unmet
    return [reason for entry in unmet for reason in entry.reasons]


@pytest.mark.parametrize("code", TOLD)
def test_in_english(code: str) -> None:
    found = {reason.code: reason for reason in reasons(TOLD[code], "en")}
    assert (found[code].text, found[code].fix) == (TOLD[code].text, TOLD[code].fix)


@pytest.mark.parametrize("code", TOLD)
def test_in_japanese(code: str) -> None:
    (first, *_) = [reason for reason in reasons(TOLD[code], "ja") if reason.code == code]
    assert JAPANESE.search(first.text)
    assert bool(JAPANESE.search(first.fix)) == bool(TOLD[code].fix)
    assert "{" not in first.text + first.fix


def test_the_numbers_are_the_same_in_both_languages() -> None:
    def plain(language: str) -> list[tuple[str, Any]]:
        return [(r.code, r.params) for told in TOLD.values() for r in reasons(told, language)]

    assert plain("en") == plain("ja")


def test_who_has_all_it_wants_needs_no_reason() -> None:
    problem = weeks.week([L4], [A4])
    allocated = allocate(problem, ROAD, eligibility(problem, Ways(problem, ROAD)))
    assert allocated.allocation.unmet == ()


def test_a_fix_names_everything_that_the_household_needs() -> None:
    # 4 meals short; avoids egg, no kitchen at all, no freezer.
    picky = replace(A4, avoid=EGG, kitchen=Kitchen.NONE, cold=Cold.FRIDGE)
    (reason,) = reasons(Told(lambda: weeks.week([L4], [picky]), ""), "en")
    assert reason.fix == (
        "4 more meals of food (declared free of egg, ready to eat, not frozen) for session S1 on "
        "Wed 25 Nov should fill the gap (not checked)."
    )
