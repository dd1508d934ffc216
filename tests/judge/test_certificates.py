"""Certificates checked from first principles, on the good week (`good_week` works it out by hand)."""

from __future__ import annotations

import json
from fractions import Fraction

from logistics.judge import Certified, certified, verify
from logistics.model.plan import Cap, Certificate
from logistics.model.plan_json import plan_from_text, plan_text
from logistics.model.units import Storage
from tests.judge.edits import chain, fact, row
from tests.judge.good_facts import MONDAY, THU
from tests.judge.good_week import Week, good_week
from tests.judge.mutants_certificates import (
    CRACKERS,
    FIVE_SIXTHS,
    FOR_C,
    GOOD,
    SHARE,
    certificate,
)


def codes(week: Week) -> set[str]:
    return {finding.code for finding in verify(*week)}


def test_a_true_certificate_is_accepted_and_counted() -> None:
    week = GOOD(good_week())
    assert codes(week) == set()
    assert certified(week.plan) == Certified(levels=4, certified=1, exact=1, full=0)


def test_any_multiple_proves_the_same() -> None:
    assert (
        codes(certificate(FIVE_SIXTHS, {"C": 7}, (SHARE, 7), (CRACKERS, 7))(good_week())) == set()
    )


def test_a_full_level_needs_no_inequality() -> None:
    week = chain(GOOD, row("levels", 3, certificate=Certificate(Fraction(1))))(good_week())
    assert codes(week) == set()
    assert certified(week.plan) == Certified(levels=4, certified=2, exact=2, full=1)


def test_without_a_certificate_nothing_is_counted() -> None:
    assert certified(good_week().plan) == Certified(levels=4, certified=0, exact=0, full=0)


def test_a_wish_is_a_bound_that_only_a_search_can_better() -> None:
    # Nothing is priced: C could have all 6 meals that it wants.
    wish = certificate(Fraction(1), FOR_C)
    assert codes(wish(good_week())) == {"certificate_loose"}
    assert codes(chain(wish, row("levels", 2, proof="search"))(good_week())) == set()


def test_what_others_keep_counts() -> None:
    # B and C together: C 4 + 1 as before. B wants 8 and has all; whatever B may have is worth more
    # than its 8 (rice alone is 5 of its share), so that C is left 4 + 1 + (B's most - 8) > 6.
    both = certificate(Fraction(1), {"B": 1, "C": 1}, (SHARE, 1), (CRACKERS, 1))
    assert codes(chain(both, row("levels", 2, proof="search"))(good_week())) == set()


def test_storage_holds_what_is_brought() -> None:
    # S2 holds 1 kg of biscuits since Monday. With 1.2 kg of room 0.2 kg are left for the cracker of
    # 0.2 kg; at 5 a kilogram a cracker of one meal is paid for: C <= 4 x 1 + 0.2 x 5 = 5 of 6.
    rooms = {Storage.AMBIENT: 1_200, Storage.CHILLED: 20_000}
    small = fact("sites", "S2", capacity_g=rooms)
    room = Cap("site_storage", "S2", "ambient", THU)
    week = chain(small, certificate(FIVE_SIXTHS, FOR_C, (SHARE, 1), (room, 5)))(good_week())
    assert codes(week) == set()
    # At 4 a kilogram a fifth of the cracker is not: 4 + 0.8 + 0.2 = 5 just the same, never less.
    week = chain(small, certificate(FIVE_SIXTHS, FOR_C, (SHARE, 1), (room, 4)))(good_week())
    assert codes(week) == set()
    # With the room of the good week, 49 kg, the price of 5 pays for 245 crackers: all 6 are possible.
    week = certificate(FIVE_SIXTHS, FOR_C, (SHARE, 1), (room, 5))(good_week())
    assert codes(week) == {"certificate_bound"}


def test_only_as_many_sessions_as_it_may_attend_count() -> None:
    # If C could come to V1 as well, nothing there is fit for it but a cracker; with one session a
    # week it has the biscuits of V2 (4 by its share) and one cracker, or the cracker alone.
    week = chain(fact("households", "C", session_ids=("V1", "V2")), GOOD)(good_week())
    assert codes(week) == set()
    # Unpriced crackers count once, at V2: 4 + 1. Counted at both sessions it would be 6.
    week = chain(
        fact("households", "C", session_ids=("V1", "V2")),
        certificate(FIVE_SIXTHS, FOR_C, (SHARE, 1)),
    )(good_week())
    assert codes(week) == set()


def test_certificates_survive_the_file() -> None:
    week = GOOD(good_week())
    text = plan_text(week.plan, MONDAY)
    assert plan_from_text(text, MONDAY) == week.plan
    written = json.loads(text)["allocation"]["levels"][2]["certificate"]
    assert written["bound"] == "5/6"
    assert written["inequalities"][0]["weights"] == {"C": 1}
    assert written["inequalities"][0]["prices"][1] == {
        "kind": "lot",
        "id": "CRACKER",
        "storage": "",
        "date": None,
        "price": 1,
    }


def test_plans_without_the_field_are_read() -> None:
    data = json.loads(plan_text(good_week().plan, MONDAY))
    for level in data["allocation"]["levels"]:
        del level["certificate"]
    assert plan_from_text(json.dumps(data), MONDAY) == good_week().plan
