"""The words on paper: one catalogue a language, the same keys in each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from logistics.model.errors import OsusowakeError
from logistics.model.goods import Lot
from logistics.model.problem import WeekProblem
from logistics.model.units import KG_G, Label, Storage, date_of, kg_text

LANGUAGES = ("ja", "en")


class UnknownLanguage(OsusowakeError, ValueError):
    """Paper was asked for in a language that has no catalogue."""


@cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language by key.

    Raises:
        UnknownLanguage: if there is no catalogue.
    """
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise UnknownLanguage(f"there is no paper in language {language!r}, only in {known}")
    file = resources.files("logistics.reports") / "messages" / f"{language}.toml"
    return {key: str(text) for key, text in tomllib.loads(file.read_text("utf-8")).items()}


@dataclass(frozen=True, slots=True)
class Words:
    """How one week is spoken of in one language."""

    language: str
    problem: WeekProblem

    def say(self, key: str, **values: object) -> str:
        """A text of the catalogue with its values filled in."""
        return catalogue(self.language)[key].format(**values)

    def numbered(self, key: str) -> tuple[str, ...]:
        """The texts `key_1`, `key_2`, … in order."""
        texts = catalogue(self.language)
        count = sum(name.rpartition("_")[0] == key for name in texts)
        return tuple(texts[f"{key}_{number}"] for number in range(1, count + 1))

    def day(self, day: int) -> str:
        """A day with its weekday."""
        moment = date_of(self.problem.week_start, day)
        return self.say(
            "date",
            year=moment.year,
            month=moment.month,
            month_name=self.say(f"month_{moment.month}"),
            day=moment.day,
            weekday=self.say(f"weekday_{moment.weekday()}"),
        )

    def storage(self, storage: Storage) -> str:
        """A storage class."""
        return self.say(f"storage_{storage}")

    def storages(self) -> dict[str, str]:
        """All storage classes by code."""
        return {str(storage): self.storage(storage) for storage in Storage}

    def allergen(self, code: str) -> str:
        """An allergen's name, or its code where the week has no list."""
        allergen = self.problem.allergens.get(code)
        if allergen is None:
            return code
        return allergen.name_ja if self.language == "ja" else allergen.name_en

    def allergens(self, codes: frozenset[str]) -> str:
        """Allergen names in the order of their codes."""
        return self.say("list_separator").join(self.allergen(code) for code in sorted(codes))

    def label(self, lot: Lot) -> str:
        """The date on a lot's label, empty where there is none."""
        if lot.last_day is None:
            return ""
        key = {
            Label.USE_BY: "use_by",
            Label.BEST_BEFORE: "best_before",
            Label.NONE: "good_until",
        }[lot.label]
        return self.say(key, month=lot.last_day.month, day=lot.last_day.day, year=lot.last_day.year)

    def mass(self, grams: int) -> str:
        """A mass, in grams below one kilogram."""
        return f"{grams} g" if grams < KG_G else f"{kg_text(grams)} kg"
