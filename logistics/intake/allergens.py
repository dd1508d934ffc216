"""The table of allergens, and cells that name them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from logistics.intake.cells import items, reject
from logistics.intake.vocabulary import data_rows, fold, values
from logistics.model.goods import Allergen, codes_covered_by_all

ALL = "all"
NONE = "none"


@cache
def known_allergens() -> Mapping[str, Allergen]:
    """Allergens by code, with the dates that decide what a statement covers."""
    return MappingProxyType(
        {
            row["code"]: Allergen(
                code=row["code"],
                name_ja=row["name_ja"],
                name_en=row["name_en"],
                listed_from=_date_or_none(row["listed_from"]),
                mandatory_from=_date_or_none(row["mandatory_from"]),
            )
            for row in data_rows("allergens.csv")
        }
    )


def _date_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def _codes_by_name() -> Mapping[str, str]:
    """Code by folded code, Japanese name, English name or alias; `all` and `none` among them."""
    names = dict(values("Allergens"))
    for code, allergen in known_allergens().items():
        names |= {fold(name): code for name in (code, allergen.name_ja, allergen.name_en)}
    return names


def allergen_codes(value: object) -> frozenset[str]:
    """Codes in a cell; `none` alone is the empty set."""
    return _read(value, words=(NONE,))


def examined_codes(value: object) -> frozenset[str]:
    """Codes in a cell of examined allergens, where `all` may stand for the official lists."""
    return _read(value, words=(NONE, ALL))


def _read(value: object, words: tuple[str, ...]) -> frozenset[str]:
    names = _codes_by_name()
    parts = items(value)
    found = {part: names.get(fold(part), "") for part in parts}
    wrong = [
        part for part, code in found.items() if code not in known_allergens() and code not in words
    ]
    if wrong:
        allowed = ", ".join((*words, *known_allergens()))
        raise reject("not_in_vocabulary", wrong=", ".join(wrong), allowed=allowed)
    codes = frozenset(found.values())
    if NONE in codes and len(codes) > 1:
        raise reject("none_and_more")
    return codes - {NONE}


def checked_codes(examined: frozenset[str], made_on: date | None) -> frozenset[str]:
    """Codes that were examined, with `all` spelt out for goods made on that day."""
    if ALL not in examined:
        return examined
    return (examined - {ALL}) | codes_covered_by_all(known_allergens(), made_on)
