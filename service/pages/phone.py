"""Whom to ask for what: the wish list, and one card per organisation that can help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from logistics.model.plan import Unmet
from logistics.model.units import day_number
from logistics.words.reasons import fix_in_words, food_in_words
from logistics.words.wishes import wish_where
from service.pages.words import PageWords
from service.shown import Shown

NAMES_SHOWN = 4
ASKS_SHOWN = 3
"""Asks on one card; a phone has little room, and the table below has all of them."""

FOOD = "sure_food"
"""The code of fixes that ask for food; the wish list asks for it kind by kind."""


@dataclass(frozen=True, slots=True)
class WishRow:
    """A kind of food: by when, what the first meals and what most of it brings, where, whom to ask."""

    food: str
    by: str
    first: str
    most: str
    where: str
    ask: str


@dataclass(frozen=True, slots=True)
class PhoneCard:
    """An organisation and what to ask it for."""

    name: str
    asks: tuple[str, ...]


def wish_rows(shown: Shown, words: PageWords) -> tuple[WishRow, ...]:
    """The wish list, the most pressing first."""
    return tuple(_wish_row(words, wish) for wish in shown.wishes)


def _wish_row(words: PageWords, wish: Mapping[str, Any]) -> WishRow:
    names = [words.problem.organisations[org_id].name for org_id in wish["orgs"]]
    return WishRow(
        food=food_in_words(words.language, wish["gift"], words.problem),
        by=_day(words, wish["needed_by"]),
        first=words.say("wish_first", units=wish["units"], gained=wish["gained"]),
        most=words.say(
            "wish_most", units=wish["full_units"], kg=wish["full_kg"], gained=wish["full_gained"]
        ),
        where=wish_where(words.language, wish, words.problem),
        ask=words.listing(names, most=NAMES_SHOWN),
    )


def phone_cards(shown: Shown, words: PageWords) -> tuple[PhoneCard, ...]:
    """Organisations: first those whose help a single household waits for, then givers of food."""
    asks: dict[str, dict[str, None]] = {}
    for org_id, ask in [*_fixes(shown, words), *_wishes(shown, words)]:
        asks.setdefault(org_id, {})[ask] = None
    return tuple(
        PhoneCard(words.problem.organisations[org_id].name, _first(words, [*told]))
        for org_id, told in asks.items()
        if org_id in words.problem.organisations
    )


def _first(words: PageWords, asks: list[str]) -> tuple[str, ...]:
    """The most pressing asks, and how many more the table has."""
    shown, hidden = asks[:ASKS_SHOWN], len(asks) - ASKS_SHOWN
    return (*shown, words.say("and_more", n=hidden)) if hidden > 0 else tuple(shown)


def _fixes(shown: Shown, words: PageWords) -> Iterator[tuple[str, str]]:
    """What single households wait for beside food, the shortest of meals first."""
    short = sorted(shown.plan.allocation.unmet, key=_shortest)
    for entry in short:
        for reason in entry.reasons:
            fix = reason.params.get("fix")
            if not isinstance(fix, dict) or "gain" not in fix or fix["code"] == FOOD:
                continue
            what = fix_in_words(words.language, fix, words.problem)
            ask = words.say("phone_fix", what=what, household=entry.household_id, gain=fix["gain"])
            for org_id in fix["orgs"]:
                yield org_id, ask


def _shortest(entry: Unmet) -> tuple[object, ...]:
    return -entry.meals_short, entry.household_id


def _wishes(shown: Shown, words: PageWords) -> Iterator[tuple[str, str]]:
    """Food that an organisation gives already, of which more would help."""
    for wish in shown.wishes:
        ask = words.say(
            "phone_wish",
            food=food_in_words(words.language, wish["gift"], words.problem),
            first=wish["units"],
            gained=wish["gained"],
            full=wish["full_units"],
            full_gained=wish["full_gained"],
            date=_day(words, wish["needed_by"]),
        )
        for org_id in wish["orgs"]:
            yield org_id, ask


def _day(words: PageWords, text: str) -> str:
    return words.day(day_number(words.problem.week_start, date.fromisoformat(text)))
