"""The section of the page that says whom to ask for what."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from logistics.model.places import Organisation
from logistics.model.plan import Reason, Unmet
from logistics.model.units import Sector
from service.pages.phone import phone_cards, wish_rows
from service.pages.words import LANGUAGES, Language, PageWords
from service.shown import Shown
from tests.service.web import client_of, good_shown

WISH: dict[str, Any] = {
    "gift": {
        "group": "staple",
        "storage": "ambient",
        "kitchen": "full",
        "codes": ["wheat"],
        "diets": ["halal"],
    },
    "site": "HUB",
    "needed_by": "2026-04-07",
    "useful_until": "2026-04-09",
    "units": 4,
    "gained": "3.5",
    "full_units": 20,
    "full_gained": "18",
    "full_kg": 3.0,
    "households": 2,
    "solved": True,
    "satellites": [{"site": "HUB", "households": 2, "needed_by": "2026-04-07"}],
    "orgs": ["MILL"],
}
FIX = {
    "code": "sure_storage",
    "site": "HUB",
    "storage": "chilled",
    "n": 2,
    "household": "C",
    "gain": "1",
    "others": 0,
    "full": 0,
    "how": "solved",
    "orgs": ["CITY"],
}


def shown_with_asks() -> Shown:
    """The good week, in which a hub's fridge and a wish would help."""
    shown = good_shown()
    known = {
        **shown.problem.organisations,
        "MILL": Organisation("MILL", "Rice mill", Sector.COMPANY),
        "CITY": Organisation("CITY", "City network", Sector.CIVIC),
    }
    place = {"site": "HUB", "storage": "chilled", "date": "2026-04-07", "meals": "1"}
    reason = Reason("site_storage", {**place, "fix": FIX})
    (short,) = shown.plan.allocation.unmet
    allocation = replace(
        shown.plan.allocation, unmet=(Unmet(short.household_id, short.meals_short, (reason,)),)
    )
    return replace(
        shown,
        problem=replace(shown.problem, organisations=known),
        plan=replace(shown.plan, allocation=allocation),
        wishes=(WISH,),
    )


def test_a_card_per_organisation_what_a_household_waits_for_first() -> None:
    shown = shown_with_asks()
    cards = phone_cards(shown, PageWords("en", shown.problem))
    assert [card.name for card in cards] == ["City network", "Rice mill"]
    assert "2 kg more chilled space" in cards[0].asks[0]
    assert "C gets 1 more" in cards[0].asks[0]
    assert "ambient staples (declared free of wheat, halal)" in cards[1].asks[0]


def test_the_wish_list_as_a_table() -> None:
    shown = shown_with_asks()
    (row,) = wish_rows(shown, PageWords("en", shown.problem))
    assert (row.first, row.ask) == ("4 bring 3.5", "Rice mill")
    assert row.by == "Tue 7 April"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_section_is_on_the_page_and_closed(language: Language) -> None:
    text = client_of(shown_with_asks()).get(f"/?lang={language}").text
    section = text[text.index('<section id="phone"') : text.index('<section id="levels"')]
    assert "Rice mill" in section
    assert section.count("<article") == section.count("</article>") == 2
    assert len(re.findall(r"data-label=\"[^\"]+\"", section)) == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_advice_the_section_says_so(language: Language) -> None:
    text = client_of(good_shown()).get(f"/?lang={language}").text
    section = text[text.index('<section id="phone"') : text.index('<section id="levels"')]
    assert "<article" not in section
    assert "<table" not in section
