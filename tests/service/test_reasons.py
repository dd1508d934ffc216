from __future__ import annotations

import pytest

from logistics.model.plan import Reason
from logistics.words import LANGUAGES, catalogue
from service.pages.reasons import said_in
from tests.judge.good_week import good_week
from tests.service.web import PLANNED_IN_ENGLISH

PROBLEM = good_week().problem


def test_english_is_what_the_plan_says_itself() -> None:
    said = said_in("en", PLANNED_IN_ENGLISH, PROBLEM)
    assert [(each.text, each.fix) for each in said] == [
        (reason.text, reason.fix) for reason in PLANNED_IN_ENGLISH
    ]


def test_a_plan_made_in_english_reads_japanese_on_the_japanese_page() -> None:
    lots, share = said_in("ja", PLANNED_IN_ENGLISH, PROBLEM)
    assert lots.text == (
        "Cに間に合う食品は全部で1食分で、すべて配り終えています（crackers (CRACKER)）。"
    )
    assert lots.fix.startswith("4月9日(木)の配布会V2までに食品（")
    assert share.text == (
        "Cのその他は、1つの食品群の上限まで入っています（残り2食分は渡せません）。"
    )


def test_the_same_reason_is_said_once() -> None:
    assert len(said_in("ja", [*PLANNED_IN_ENGLISH, *PLANNED_IN_ENGLISH], PROBLEM)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_worded_stays_as_the_plan_has_it(language: str) -> None:
    strange = Reason("tired", {"who": "x"}, "The driver is tired.", "Sleep.")
    bare = Reason("nothing_fits", {}, "", "")  # its values are missing
    unknown_lot = Reason("lots_exhausted", {"household": "C", "items": ["X"]}, "as it was", "")
    said = said_in(language, (strange, bare, unknown_lot), PROBLEM)
    assert [each.text for each in said] == ["The driver is tired.", "nothing_fits", "as it was"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_for_kinds_and_refusals_is_there(language: str) -> None:
    from logistics.solver.eligible import REFUSALS

    words = catalogue(language)
    assert {f"refusal_{code}" for code in REFUSALS} <= words.keys()
