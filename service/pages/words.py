"""The words of the page: one catalogue a language, and how numbers and days are written."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Literal

from logistics import words as plan_words
from logistics.model.problem import WeekProblem
from logistics.model.units import KG_G, WEEK_DAYS, date_of
from logistics.reports.messages import Words

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All texts of the page by key."""
    text = files("service").joinpath(f"messages/{language}.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}


def language_of(asked: str | None, accepted: str | None) -> Language:
    """The language asked for, else the first that the browser accepts, else Japanese.

    `accepted` is an Accept-Language header (RFC 9110): `en-GB,en;q=0.9,ja;q=0.8`.
    """
    for language in LANGUAGES:
        if asked == language:
            return language
    ranked = [
        (_quality(rest), language)
        for tag, _, rest in (part.strip().partition(";") for part in (accepted or "").split(","))
        for language in LANGUAGES
        if tag.lower().split("-")[0] == language
    ]
    quality, best = max(ranked, key=lambda entry: entry[0], default=(0.0, LANGUAGES[0]))
    return best if quality > 0 else LANGUAGES[0]


def _quality(parameter: str) -> float:
    """The `q=` of a language; 1 where there is none, 0 where it cannot be read."""
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name == "q" else 0.0
    except ValueError:
        return 0.0


@dataclass(frozen=True, slots=True)
class PageWords:
    """How the page speaks of one week in one language."""

    language: Language
    problem: WeekProblem

    def say(self, key: str, **values: object) -> str:
        """A text of the catalogue with its values filled in."""
        return catalogue(self.language)[key].format(**values)

    def known(self, key: str) -> bool:
        """Whether the catalogue has this text."""
        return key in catalogue(self.language)

    def day(self, day: int) -> str:
        """A day with its weekday, without the year."""
        moment = date_of(self.problem.week_start, day)
        paper = Words(self.language, self.problem)
        return self.say(
            "date",
            month=moment.month,
            month_name=paper.say(f"month_{moment.month}"),
            day=moment.day,
            weekday=paper.say(f"weekday_{moment.weekday()}"),
        )

    def week(self) -> str:
        """The week from Monday, with the year, to Sunday."""
        monday = Words(self.language, self.problem).day(0)
        return self.say("week_of", first=monday, last=self.day(WEEK_DAYS - 1))

    def listing(self, items: Sequence[str], most: int) -> str:
        """A few names joined, and how many more there are."""
        shown = list(items[:most])
        if len(items) > most:
            shown.append(self.say("and_more", n=len(items) - most))
        return ("、" if self.language == "ja" else ", ").join(shown)

    def plan_word(self, key: str) -> str:
        """A word that plans use too, such as a storage class; the key itself if there is none."""
        return plan_words.catalogue(self.language).get(key, key)


def meals_text(meals: Fraction | int) -> str:
    """Meals to one decimal at most: `8` or `60.5`."""
    return f"{float(meals):.1f}".removesuffix(".0")


def percent(share: Fraction | float) -> str:
    """A share as whole percent, rounded down so that 100 % means all."""
    return f"{int(share * 100)}%"


def kilos(grams: int) -> str:
    """Grams as kilograms to one decimal."""
    return f"{grams / KG_G:,.1f}"
