"""Words that coordinators use: Japanese headings, values and sheet names beside the English ones."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

_IGNORED = re.compile(r"[\s_\-()\[\]・]+")


def plain(text: str) -> str:
    """Text in compatibility form (full-width digits become digits), without outer spaces."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def fold(text: str) -> str:
    """Text for looking up headings and values: case, spaces, hyphens and brackets do not matter."""
    return _IGNORED.sub("", plain(text).casefold())


def data_rows(name: str) -> list[dict[str, str]]:
    """Rows of a table in this room's `data` folder."""
    text = files("logistics.intake").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def headings(table: str) -> Mapping[str, str]:
    """Column by folded alias, for one table."""
    return _aliases(
        (row["column"], row["aliases"]) for row in data_rows("columns.csv") if row["table"] == table
    )


@cache
def values(vocabulary: str) -> Mapping[str, str]:
    """Value by folded alias, for one vocabulary; every value is an alias of itself."""
    return _aliases(
        (row["value"], row["aliases"])
        for row in data_rows("values.csv")
        if row["vocabulary"] == vocabulary
    )


@cache
def sheets() -> Mapping[str, str]:
    """Table by folded sheet name."""
    return _aliases((row["table"], row["aliases"]) for row in data_rows("sheets.csv"))


def _aliases(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {
        fold(alias): name
        for name, aliases in pairs
        for alias in (name, *aliases.split(";"))
        if alias
    }
