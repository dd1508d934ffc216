"""The one page: everything that is shown of a week in one language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from logistics.model.units import day_number
from logistics.words.sources import source_in_words
from service.pages.days import DayCard, day_cards
from service.pages.driving import RouteCard, route_cards
from service.pages.levels import CutRow, LevelRow, cut_rows, level_rows
from service.pages.maps import WEEK
from service.pages.overview import (
    LeftoverRow,
    StageRow,
    Tile,
    Verdict,
    leftovers,
    runs,
    stages,
    tiles,
    verdict,
)
from service.pages.paper import SheetRow, sheet_rows
from service.pages.people import HouseholdRow, household_rows
from service.pages.phone import PhoneCard, WishRow, phone_cards, wish_rows
from service.pages.words import LANGUAGES, Language, PageWords
from service.shown import Shown

LEVELS_SHOWN = 8
PHONES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class WeekPage:
    """The parts of the page in the order in which they stand."""

    language: Language
    words: PageWords
    shown: Shown
    map_days: tuple[tuple[str, str], ...]
    tiles: tuple[Tile, ...]
    verdict: Verdict
    households: tuple[HouseholdRow, ...]
    phones: tuple[PhoneCard, ...]
    wishes: tuple[WishRow, ...]
    levels: tuple[LevelRow, ...]
    cuts: tuple[CutRow, ...]
    days: tuple[DayCard, ...]
    routes: tuple[RouteCard, ...]
    travel: str
    leftovers: tuple[LeftoverRow, ...]
    runs: tuple[tuple[str, float], ...]
    stages: tuple[StageRow, ...]
    sheets: tuple[SheetRow, ...]

    @property
    def short(self) -> tuple[HouseholdRow, ...]:
        """Households that get less than they want."""
        return tuple(row for row in self.households if row.is_short)

    @property
    def has_stale_sheets(self) -> bool:
        """Whether any sheet was made before the plan."""
        return any(row.is_stale for row in self.sheets)


def week_page(shown: Shown, language: Language, map_names: list[str]) -> WeekPage:
    """Put the page together; this is done once a language."""
    words = PageWords(language, shown.problem)
    return WeekPage(
        language=language,
        words=words,
        shown=shown,
        map_days=tuple((name, _map_day(words, name)) for name in map_names),
        tiles=tiles(shown, words),
        verdict=verdict(shown, words),
        households=household_rows(shown, words),
        phones=phone_cards(shown, words),
        wishes=wish_rows(shown, words),
        levels=level_rows(shown, words),
        cuts=cut_rows(shown, words),
        days=day_cards(shown, words),
        routes=route_cards(shown, words),
        travel=source_in_words(language, shown.plan.travel),
        leftovers=leftovers(shown, words),
        runs=runs(shown, words),
        stages=stages(shown, words),
        sheets=sheet_rows(shown, words),
    )


def _map_day(words: PageWords, name: str) -> str:
    """A map's name for people."""
    if name == WEEK:
        return words.say("map_week")
    return words.day(day_number(words.problem.week_start, date.fromisoformat(name)))


def render(page: WeekPage, only_short: bool) -> str:
    """The page as HTML, with all households or those that are short."""
    return (
        environment()
        .get_template("week.html")
        .render(
            page=page,
            t=page.words.say,
            only_short=only_short,
            rows=page.short if only_short else page.households,
            languages=LANGUAGES,
            levels_shown=LEVELS_SHOWN,
            phones_shown=PHONES_SHOWN,
        )
    )


@cache
def environment() -> Environment:
    """The templates: everything is escaped, and a missing name is an error."""
    return Environment(
        loader=PackageLoader("service"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
