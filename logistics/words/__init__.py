"""What a plan says in words, in Japanese and English: one catalogue per language, equal keys."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

from logistics.model.errors import NotFound

LANGUAGES = ("ja", "en")


@cache
def catalogue(language: str) -> dict[str, str]:
    """All phrases of a language by key.

    Raises:
        NotFound: if there is no catalogue of this language.
    """
    if language not in LANGUAGES:
        raise NotFound(f"no words for language {language!r}; there are {', '.join(LANGUAGES)}")
    text = files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text))


def say(language: str, key: str, **values: object) -> str:
    """A phrase with its values filled in."""
    return catalogue(language)[key].format(**values)


def day_text(language: str, day: date) -> str:
    """A day with its weekday, without the year: `11月26日(木)`, `Thu 26 Nov`."""
    weekday = say(language, "weekdays").split()[day.weekday()]
    month = say(language, "months").split()[day.month - 1]
    return say(language, "day", weekday=weekday, month=month, day=day.day)


def listing(language: str, items: list[str], most: int = 4) -> str:
    """A few names joined, and how many more there are."""
    comma = "、" if language == "ja" else ", "
    shown = comma.join(items[:most])
    return (
        shown if len(items) <= most else say(language, "and_more", shown=shown, n=len(items) - most)
    )
