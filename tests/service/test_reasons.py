"""Reasons read back: what a plan says in one language is said in the other, word for word."""

from __future__ import annotations

import pytest

from logistics.model.goods import Allergen
from logistics.model.plan import Reason
from logistics.words import LANGUAGES, catalogue, listing, say
from service.pages.reasons import BLANK, Interpreter, Said, said_in

ALLERGENS = {
    code: Allergen(code, ja, en)
    for code, ja, en in (("egg", "卵", "egg"), ("milk", "乳", "milk"), ("wheat", "小麦", "wheat"))
}
BOTH = [("ja", "en"), ("en", "ja")]


def worded(language: str) -> dict[str, str]:
    """A value for every blank, in a language; what is no phrase is the same in both."""
    kinds = [
        say(language, "kind_without", codes=listing(language, ["卵", "乳"]))
        if language == "ja"
        else say(language, "kind_without", codes="egg, milk"),
        say(language, "kind_halal"),
        say(language, "kind_cold_none"),
    ]
    kind = say(language, "kind_join", a=kinds[0], b=kinds[1])
    refusals = [say(language, "refusal_diet", n=3), say(language, "refusal_cold", n=12)]
    return {
        "household": "H01",
        "refusals": listing(language, refusals),
        "items": listing(language, [f"rice (L{n})" for n in range(6)]),
        "group": say(language, "group_dairy"),
        "storage": say(language, "storage_chilled"),
        "session": "S1",
        "site": "富田パントリー",
        "date": "2026-11-24",
        "why": "no way",
        "meals": "5/2",
        "n": "2",
        "kind": say(language, "kind_join", a=kind, b=kinds[2]),
        "when": say(language, "when_session", session="S1", date="2026-11-24"),
    }


def phrases(prefix: str) -> list[str]:
    return [key for key in catalogue("en") if key.startswith(prefix)]


@pytest.mark.parametrize(("source", "target"), BOTH)
@pytest.mark.parametrize("key", phrases("fix_"))
def test_every_fix_is_said_in_the_other_language(key: str, source: str, target: str) -> None:
    text = say(source, key, **worded(source))
    said = Interpreter(source, target, ALLERGENS).phrase(text, "fix_")
    assert said == say(target, key, **worded(target))


REASONS = (
    "nothing_fits",
    "lots_exhausted",
    "group_share",
    "cooked_per_day",
    "session_full",
    "sessions_max",
    "site_storage",
    "vehicle_day",
    "whole_packs",
    "pinned",
    "undriveable",
    "left_but_refused",
)


@pytest.mark.parametrize(("source", "target"), BOTH)
@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_said_in_the_other_language(code: str, source: str, target: str) -> None:
    values = worded(source)
    blanks = BLANK.findall(catalogue(source)[code].replace("{", r"\{").replace("}", r"\}"))
    params = {name: values[name] for name in blanks}
    reason = Reason(code, params, say(source, code, **params), "")
    (said,) = said_in(target, [reason], ALLERGENS)
    assert said.text == say(target, code, **worded(target))


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_its_own_language_a_reason_stays_as_it_is(language: str) -> None:
    text = say(language, "whole_packs")
    reason = Reason("whole_packs", {}, text, "as it was")
    assert said_in(language, [reason], ALLERGENS) == (Said(text, "as it was"),)


def test_food_groups_at_their_share_become_one_reason() -> None:
    reasons = [
        Reason("group_share", {"household": "A", "group": group}, "", "")
        for group in ("dairy", "staples")
    ]
    (said,) = said_in("en", reasons, ALLERGENS)
    assert said.text.startswith("A already gets as much dairy, staples as the share")
    assert said.fix == "A donation of another food group than dairy, staples would help."


def test_the_same_reason_is_given_once() -> None:
    reason = Reason("pinned", {}, say("en", "pinned"), "")
    assert len(said_in("en", [reason, reason], ALLERGENS)) == 1


def test_a_reason_nobody_knows_stays_as_the_plan_has_it() -> None:
    strange = Reason("tired", {"who": "x"}, "The driver is tired.", "Sleep.")
    assert said_in("ja", [strange], ALLERGENS) == (Said("The driver is tired.", "Sleep."),)
    bare = Reason("nothing_fits", {}, "", "")  # its values are missing
    assert said_in("ja", [bare], ALLERGENS) == (Said("nothing_fits", ""),)
