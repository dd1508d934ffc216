"""The wish list in words: inside the network, and in letters and tables that leave it.

What leaves says no number of households, rounds meals, and names a satellite only if at least ten of its
households would get more, so that nobody's need can be guessed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from logistics.model.problem import WeekProblem
from logistics.model.units import FoodGroup, clock
from logistics.words import day_text, listing, say
from logistics.words.reasons import conditions_in_words, food_in_words, noun_in_words

Wish = Mapping[str, Any]
"""A wish as plain values (`Wish.plain` of `logistics.solver.allocation.advice.wishes`)."""

NAMED_FROM = 10
"""A satellite is named outside from so many households that would get more."""

ROUNDED_TO = 5
"""Meals are rounded up to a multiple of this outside."""

AUDIENCES = ("company", "farm")


def wish_line(language: str, wish: Wish, problem: WeekProblem) -> str:
    """A wish for those who coordinate: what, by when, what it brings, whom to ask."""
    names = [problem.organisations[org_id].name for org_id in wish["orgs"]]
    return say(
        language,
        "wish_line",
        food=food_in_words(language, wish["gift"], problem),
        site=problem.sites[wish["site"]].name,
        date=_day(language, wish["needed_by"]),
        units=wish["units"],
        gained=wish["gained"],
        full_units=wish["full_units"],
        full_gained=wish["full_gained"],
        kg=wish["full_kg"],
        households=wish["households"],
        how=say(language, "wish_solved" if wish["solved"] else "wish_filled"),
        phone=say(language, "sure_phone", orgs=listing(language, names)) if names else "",
    )


def wish_where(language: str, wish: Wish, problem: WeekProblem) -> str:
    """How many households get more of a wish, where, and by which day it must stand at the hub."""
    places = [
        say(
            language,
            "wish_door" if entry["site"] == wish["site"] else "wish_where",
            site=problem.sites[entry["site"]].name,
            n=entry["households"],
            date=_day(language, entry["needed_by"]),
        )
        for entry in wish["satellites"]
    ]
    return listing(language, places, most=8)


def wish_list(
    language: str,
    wishes: Sequence[Wish],
    problem: WeekProblem,
    *,
    most: int | None = None,
    with_places: bool = False,
) -> str:
    """The list for those who coordinate; empty if there are no wishes."""
    if not wishes:
        return ""
    lines = [say(language, "wish_title")]
    for number, wish in enumerate(wishes[:most], start=1):
        lines.append(f"  {number}. {wish_line(language, wish, problem)}")
        if with_places:
            lines.append(f"     {wish_where(language, wish, problem)}")
    if most is not None and len(wishes) > most:
        lines.append(say(language, "sum_more_wishes", n=len(wishes) - most))
    return "\n".join(lines)


def for_audience(audience: str, wishes: Sequence[Wish]) -> list[Wish]:
    """The wishes that farms (fresh produce) or companies (everything else) can answer."""
    is_farm = audience == "farm"
    return [w for w in wishes if (w["gift"]["group"] == FoodGroup.PRODUCE) == is_farm]


def letter(language: str, audience: str, wishes: Sequence[Wish], problem: WeekProblem) -> str:
    """A letter to companies or to farms; empty if there is nothing to ask them for."""
    asked = for_audience(audience, wishes)
    if not asked:
        return ""
    week = say(language, "letter_week", date=day_text(language, problem.week_start))
    parts = [
        say(language, "letter_subject", week=week),
        say(language, f"letter_to_{audience}"),
        say(language, "letter_open", week=week),
        "\n".join(_item(language, wish, problem) for wish in asked),
        "\n".join(_place(language, asked, site_id, problem) for site_id in _sites(asked)),
        say(language, "letter_close", sender=_sender(problem, asked[0]["site"])),
    ]
    return "\n\n".join(parts) + "\n"


def table(language: str, wishes: Sequence[Wish], problem: WeekProblem) -> str:
    """The same wishes as CSV, for spreadsheets."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    names = ("food", "conditions", "meals", "kg", "needed", "site", "use_by", "best", "tables")
    writer.writerow([say(language, f"csv_{name}") for name in names])
    for wish in wishes:
        meals, kg = _rounded(wish)
        writer.writerow(
            [
                noun_in_words(language, wish["gift"]),
                conditions_in_words(language, wish["gift"], problem),
                meals,
                kg,
                wish["needed_by"],
                problem.sites[wish["site"]].name,
                wish["use_by_from"],
                "" if wish["gift"]["group"] == FoodGroup.PRODUCE else wish["best_before_from"],
                listing(language, _tables([wish], problem), most=20),
            ]
        )
    return stream.getvalue()


def _item(language: str, wish: Wish, problem: WeekProblem) -> str:
    """One thing to ask for, with the dates that its labels need."""
    meals, kg = _rounded(wish)
    is_urgent = wish["useful_until"] == wish["needed_by"]
    line = say(
        language,
        "letter_item" if is_urgent else "letter_item_or",
        food=food_in_words(language, wish["gift"], problem),
        meals=meals,
        kg=kg,
        date=_day(language, wish["needed_by"]),
        last=_day(language, wish["useful_until"]),
    )
    fresh = wish["gift"]["group"] == FoodGroup.PRODUCE
    dates = say(
        language,
        "letter_fresh" if fresh else "letter_dates",
        use_by=_day(language, wish["use_by_from"]),
        best_before=_day(language, wish["best_before_from"]),
    )
    return f"{line}\n{dates}"


def _place(language: str, wishes: Sequence[Wish], site_id: str, problem: WeekProblem) -> str:
    """Where to bring it, and the tables it goes to where they may be named."""
    site = problem.sites[site_id]
    place = say(
        language,
        "letter_where",
        site=site.name,
        open=clock(site.receive_open_s),
        close=clock(site.receive_close_s),
    )
    here = [wish for wish in wishes if wish["site"] == site_id]
    tables = _tables(here, problem)
    if not tables:
        return place
    return place + "\n" + say(language, "letter_tables", sites=listing(language, tables, most=20))


def _tables(wishes: Sequence[Wish], problem: WeekProblem) -> list[str]:
    """Satellites at which at least ten households would get more of one of the wishes."""
    named = {
        entry["site"]
        for wish in wishes
        for entry in wish["satellites"]
        if entry["households"] >= NAMED_FROM and entry["site"] != wish["site"]
    }
    return [problem.sites[site_id].name for site_id in sorted(named)]


def _sites(wishes: Sequence[Wish]) -> list[str]:
    return list(dict.fromkeys(str(wish["site"]) for wish in wishes))


def _rounded(wish: Wish) -> tuple[int, int]:
    """Meals rounded up, and as many kilograms."""
    units = int(wish["full_units"])
    meals = -(-units // ROUNDED_TO) * ROUNDED_TO
    return meals, max(1, round(float(wish["full_kg"]) * meals / units))


def _sender(problem: WeekProblem, site_id: str) -> str:
    """Who asks: the organisation of the site at which the food is wanted."""
    organisation = problem.organisations.get(problem.sites[site_id].org_id)
    return organisation.name if organisation is not None else problem.sites[site_id].name


def _day(language: str, text: str) -> str:
    return day_text(language, date.fromisoformat(text))
