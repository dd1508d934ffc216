"""The catalogues of paper: the same keys, the same placeholders, none unused, none missing."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import logistics.reports
from logistics.model.units import Storage
from logistics.reports.messages import LANGUAGES, UnknownLanguage, Words, catalogue
from tests.reports.sample import LOTS, WEDNESDAY, sample_problem

ROOM = Path(logistics.reports.__file__).parent
COMPOSED = re.compile(r"^(storage|month|weekday|map)_\w+$|_rule_\d$|_kind$|^boundary_credit_")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    first, *others = (list(catalogue(language)) for language in LANGUAGES)
    assert all(keys == first for keys in others)


def test_a_text_fills_in_the_same_values_in_every_language_but_for_the_date() -> None:
    for key, japanese in catalogue("ja").items():
        if key != "date":  # Japanese counts months, English names them
            assert placeholders(japanese) == placeholders(catalogue("en")[key]), key


def test_every_key_is_used_and_every_literal_key_exists() -> None:
    source = "\n".join(file.read_text("utf-8") for file in sorted(ROOM.glob("*.py")))
    used = set(re.findall(r"[\"']([a-z0-9_]+)[\"']", source))
    assert {key for key in catalogue("ja") if key not in used and not COMPOSED.search(key)} == set()
    said = set(re.findall(r'(?:say|numbered)\(\s*"([a-z0-9_]+)"', source))
    known = set(catalogue("ja")) | {key.rpartition("_")[0] for key in catalogue("ja")}
    assert said <= known


def test_a_language_without_catalogue_is_refused_by_name() -> None:
    with pytest.raises(UnknownLanguage, match="'fr'"):
        catalogue("fr")


def test_days_dates_masses_and_allergens_are_said_as_people_say_them() -> None:
    japanese, english = (Words(language, sample_problem()) for language in LANGUAGES)
    assert japanese.day(WEDNESDAY) == "2026年11月25日(水)"
    assert english.day(WEDNESDAY) == "Wed 25 November 2026"
    assert japanese.storage(Storage.CHILLED) == "冷蔵"
    assert (english.mass(999), english.mass(1_960)) == ("999 g", "2.0 kg")
    assert japanese.allergens(frozenset({"wheat", "egg"})) == "卵、小麦"
    assert english.allergens(frozenset({"lupin"})) == "lupin"
    assert english.label(LOTS[3]) == "use by 2026-11-30"
    assert japanese.label(LOTS[0]) == "賞味期限 2027/3/31"
