"""What to answer to an offer: one tiny week per answer and reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from logistics.model.goods import Lot
from logistics.model.places import Organisation
from logistics.model.problem import Policy, WeekProblem
from logistics.model.units import HOUR_S, Kitchen, Label, Sector, SiteKind, Storage
from logistics.solver.advise import eligible_of, quickest
from logistics.solver.allocation.advice.triage import Answer, Judgement, last_day_elsewhere, triage
from logistics.words.triage import answer_line, reply
from tests import weeks
from tests.solver.allocation.advised import allocated
from tests.solver.allocation.tiny import HALF
from tests.weeks import at

A4 = weeks.household("A", 4)
KNOWN = {"O1": Organisation("O1", "The farm", Sector.FARM)}


def offered(lot: Lot, household: object = A4, **more: object) -> WeekProblem:
    """One lot offered at D, which a van fetches on Tuesday for Wednesday's session at the hub."""
    return weeks.week(
        [replace(lot, site_id="D")],
        [household],  # type: ignore[list-item]
        sites=[weeks.site("D", SiteKind.DONOR)],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(1, 8), at(1, 18)),),
        organisations=KNOWN,
        **more,
    )


def judged(problem: WeekProblem) -> Judgement:
    """The answer for the only lot."""
    (found,) = triage(problem, quickest(problem), eligible_of(problem), allocated(problem))
    return found


def test_all_of_it() -> None:
    found = judged(offered(weeks.lot("L", 4)))
    assert (found.answer, found.accepted, found.rest) == (Answer.ACCEPT, 4, 0)


def test_a_part_of_it_and_the_rest_for_others() -> None:
    # A takes four of ten and wants no more; rice without a date keeps for anybody.
    found = judged(offered(weeks.lot("L", 10)))
    assert (found.answer, found.accepted, found.rest) == (Answer.PART, 4, 6)
    assert (found.why.code, found.why.households) == ("not_needed", 1)
    assert (found.pass_on, found.until_day) == (True, None)


def test_what_nobody_may_have_is_passed_on_if_it_keeps() -> None:
    # A has a microwave only. Best before 20 December less 7 days of margin: until 13 December, day 20.
    lot = weeks.lot(
        "L",
        4,
        kitchen_needed=Kitchen.FULL,
        label=Label.BEST_BEFORE,
        last_day=date(2026, 12, 20),
    )
    found = judged(offered(lot, replace(A4, kitchen=Kitchen.MICROWAVE)))
    assert (found.answer, found.why.code, found.until_day) == (Answer.PASS_ON, "kitchen", 20)


def test_what_spoils_before_it_is_eaten_is_declined() -> None:
    # Use by Tuesday, a day of margin: to be handed out by Monday, but the session is on Wednesday.
    lot = weeks.lot("L", 4, label=Label.USE_BY, last_day=date(2026, 11, 24))
    found = judged(offered(lot))
    assert (found.answer, found.why.code, found.pass_on) == (Answer.DECLINE, "label_date", False)


def test_what_cannot_be_stored_is_passed_on() -> None:
    # The hub has no freezer, and fish without a date keeps.
    problem = offered(weeks.lot("L", 4, storage=Storage.FROZEN))
    hub = replace(problem.sites["HUB"], capacity_g={Storage.AMBIENT: 10_000_000})
    found = judged(replace(problem, sites={**problem.sites, "HUB": hub}))
    assert (found.answer, found.why.code) == (Answer.PASS_ON, "no_storage")


def test_a_rule_of_the_week_that_stands_against_the_rest() -> None:
    # Half of four wanted may be staples: two of four are taken, A stays short.
    found = judged(offered(weeks.lot("L", 4), policy=Policy(group_share_max=HALF)))
    assert (found.answer, found.accepted, found.why.code) == (
        Answer.PART,
        2,
        "group_share_staple",
    )


def test_cooked_meals_are_never_passed_on() -> None:
    lot = weeks.lot("L", 9, ready_s=at(2, 9), fresh_s=4 * HOUR_S)
    problem = weeks.week([lot], [replace(A4, members=1)], organisations=KNOWN)
    found = judged(problem)
    assert (found.answer, found.is_offer, found.pass_on) == (Answer.PART, False, False)
    assert found.why.code == "cooked_per_day"
    assert last_day_elsewhere(problem, lot) == 2


def test_stock_that_keeps_is_no_question() -> None:
    problem = weeks.week([weeks.lot("L", 9)], [A4])
    assert triage(problem, quickest(problem), eligible_of(problem), allocated(problem)) == ()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_answer_has_words_and_a_reply_without_reasons(language: str) -> None:
    weeks_told = [
        offered(weeks.lot("L", 4)),
        offered(weeks.lot("L", 10)),
        offered(weeks.lot("L", 4, kitchen_needed=Kitchen.FULL), replace(A4, kitchen=Kitchen.NONE)),
        offered(weeks.lot("L", 4, label=Label.USE_BY, last_day=date(2026, 11, 24))),
    ]
    for problem in weeks_told:
        answer = judged(problem).plain(problem)
        line = answer_line(language, answer, problem)
        assert "The farm" in line
        assert "{" not in line
        text = reply(language, [answer], problem)
        assert "item L" in text
        assert "household" not in text
        assert "世帯" not in text
