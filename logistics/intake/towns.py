"""Town names instead of coordinates: the points of Takatsuki's towns, chōme and koaza."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from statistics import fmean

from logistics.intake.vocabulary import data_rows, plain

Point = tuple[float, float]

_PREFIX = re.compile(r"^(大阪府)?(高槻市)?")
_CHOME = re.compile(r"(\d{1,2})丁目", re.ASCII)
_SPACES = re.compile(r"\s+")
_KANJI = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")
_OAZA = "大字"


def _spelling(name: str) -> str:
    """One spelling for many: full width, spaces, the city's name, `1丁目` and `ヶ`."""
    name = _PREFIX.sub("", _SPACES.sub("", plain(name)))
    return _CHOME.sub(lambda match: _kanji(int(match[1])) + "丁目", name).replace("ヶ", "ケ")


def _kanji(number: int) -> str:
    """A number from 1 to 99 in kanji."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _KANJI[tens]) + ("十" if tens else "") + _KANJI[ones]


@cache
def _towns() -> Mapping[str, Point]:
    """Points by name; a town without its chōme stands at the mean of its chōme."""
    points: dict[str, Point] = {}
    parts: dict[str, list[Point]] = defaultdict(list)
    for row in data_rows("towns.csv"):
        point = (float(row["lat"]), float(row["lon"]))
        points[_spelling(row["town"])] = point
        if row["base_name"]:
            parts[_spelling(row["base_name"])].append(point)
    for base, members in parts.items():
        mean = (fmean(lat for lat, _ in members), fmean(lon for _, lon in members))
        points.setdefault(base, mean)
    return points


@lru_cache(maxsize=4096)
def town_point(name: str) -> Point | None:
    """Latitude and longitude of a town, with or without 大字; `None` if it is not in the table."""
    towns, spelt = _towns(), _spelling(name)
    other = spelt.removeprefix(_OAZA) if spelt.startswith(_OAZA) else _OAZA + spelt
    return towns.get(spelt) or towns.get(other)


@lru_cache(maxsize=4096)
def nearest_towns(name: str) -> tuple[str, ...]:
    """Up to three town names that look alike, among those that begin with the same character."""
    spelt = _spelling(name)[:20].removeprefix(_OAZA)
    alike = [town for town in _towns() if town.removeprefix(_OAZA)[:1] == spelt[:1]]
    return tuple(difflib.get_close_matches(spelt, alike, n=3, cutoff=0.5))
