"""A donor's statement as plain data and as text: the same figures that its CSV and PDF show."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from logistics.inventory.disclosure import Grouping, MonthShown
from logistics.inventory.statement import PlaceSum, Statement
from logistics.model.units import KG_G
from logistics.words import listing, say

CO2E = "co2e_per_kg_food_loss_jp"


@dataclass(frozen=True, slots=True)
class Factor:
    """A number from elsewhere, with its unit and where it comes from."""

    value: Decimal
    unit: str
    source: str


@cache
def factor(key: str = CO2E) -> Factor:
    """A row of `data/factors.csv`."""
    text = files("logistics.reports").joinpath("data/factors.csv").read_text(encoding="utf-8")
    rows = {row["key"]: row for row in csv.DictReader(text.splitlines())}
    return Factor(Decimal(rows[key]["value"]), rows[key]["unit"], rows[key]["source"])


def co2e_kg(statement: Statement) -> int:
    """Emissions that would have come with the food had it been lost, to the nearest kg."""
    return int((statement.kg * factor().value).quantize(Decimal(1), ROUND_HALF_UP))


def kg_of(grams: Fraction) -> float:
    """Grams as kilograms to a tenth, halves up."""
    tenths = (grams * 10 / KG_G + Fraction(1, 2)).__floor__()
    return tenths / 10


def record(statement: Statement) -> dict[str, Any]:
    """A statement as plain data: what `--json` prints."""
    used = factor()
    names = {place.place_id: place.name for place in statement.places}
    return {
        "org_id": statement.org_id,
        "org_name": statement.org_name,
        "from": statement.first.isoformat(),
        "to": statement.last_day.isoformat(),
        "closed_on": statement.closed_on.isoformat(),
        "given_kg": kg_of(statement.given_g),
        "handed_over_kg": statement.kg,
        "handed_over_meals": statement.meals,
        "wasted_kg": kg_of(sum(statement.wasted_g.values(), Fraction(0))),
        "wasted": [
            {"cause": str(cause), "kg": kg_of(grams)} for cause, grams in statement.wasted_g.items()
        ],
        "missing_kg": kg_of(statement.missing_g),
        # rounding may show up to half a kilogram more as handed over than was taken over
        "open_kg": kg_of(max(statement.open_g, Fraction(0))),
        "co2e_avoided_kg": co2e_kg(statement),
        "co2e_factor": {
            "value": float(used.value),
            "unit": used.unit,
            "source": used.source,
        },
        "places": [
            {
                "kind": str(place.kind),
                "place_id": place.place_id,
                "name": place.name,
                "kg": place.kg,
                "meals": place.meals,
                "months": place.months,
                "households_from": place.households_from,
            }
            for place in statement.places
        ],
        "months": [_month(month, names) for month in statement.months],
        "rule": {
            "households_min": statement.rule.households_min,
            "households_step": statement.rule.households_step,
            "kg_step": statement.rule.grams_step // KG_G,
            "meals_step": statement.rule.meals_step,
        },
    }


def _month(month: MonthShown, names: dict[str, str]) -> dict[str, Any]:
    return {
        "month": f"{month.month:%Y-%m}",
        "withheld": month.withheld,
        "given_kg": kg_of(month.given.grams),
        "handed_over_kg": None if month.withheld else month.kg,
        "handed_over_meals": None if month.withheld else month.meals,
        "places": [
            {
                "kind": str(atom.kind),
                "place_id": atom.place_id,
                "name": names.get(atom.place_id, ""),
                "kg": atom.kg,
                "meals": atom.meals,
                "households_from": atom.households_from,
            }
            for atom in month.atoms
        ],
        "wasted": [
            {"cause": str(cause), "kg": kg_of(amount.grams)}
            for cause, amount in month.wasted.items()
        ],
        "missing_kg": kg_of(month.missing.grams),
    }


def day_with_year(language: str, day: date) -> str:
    """`2026年10月1日`, `1 Oct 2026`."""
    month = say(language, "months").split()[day.month - 1]
    return say(language, "statement_day", year=day.year, month=month, day=day.day)


def month_with_year(language: str, month: date) -> str:
    """`2026年10月`, `Oct 2026`."""
    name = say(language, "months").split()[month.month - 1]
    return say(language, "statement_month", year=month.year, month=name)


def period_text(language: str, statement: Statement) -> str:
    """From the first to the last day."""
    first, last = statement.first, statement.last_day
    return say(
        language,
        "statement_period",
        first=day_with_year(language, first),
        last=day_with_year(language, last),
    )


def place_text(language: str, place: PlaceSum) -> str:
    """The name of a place, or what stands for several."""
    if place.kind is Grouping.PLACE:
        return place.name or place.place_id
    return say(language, f"statement_{place.kind}")


def households_text(language: str, place: PlaceSum) -> str:
    """At least so many households in each of the months."""
    return say(language, "statement_households", n=place.households_from)


def figures(language: str, statement: Statement) -> list[tuple[str, str]]:
    """The main figures, each with its name."""
    plain = record(statement)
    return [
        (say(language, "statement_given"), f"{plain['given_kg']:,} kg"),
        (say(language, "statement_handed"), f"{statement.kg:,} kg"),
        (
            say(language, "statement_meals"),
            say(language, "statement_n_meals", n=f"{statement.meals:,}"),
        ),
        (say(language, "statement_wasted"), f"{plain['wasted_kg']:,} kg"),
        (
            say(language, "statement_co2e"),
            say(language, "statement_about", amount=f"{plain['co2e_avoided_kg']:,} kg"),
        ),
    ]


def remainder(language: str, statement: Statement) -> str:
    """Where the rest is that was neither handed over nor wasted, as one sentence."""
    plain = record(statement)
    day = day_with_year(language, statement.last_day)
    text = say(language, "statement_open", day=day, kg=f"{plain['open_kg']:,}")
    missing = plain["missing_kg"]
    if missing:
        key = "statement_missing" if missing > 0 else "statement_found"
        text += say(language, key, kg=f"{abs(missing):,}")
    return text


def notes(language: str, statement: Statement) -> list[str]:
    """How to read the statement: what is shown, what is not, and where the factor comes from."""
    rule, used = statement.rule, factor()
    found = [
        say(language, "statement_note_places", n=rule.households_min),
        say(language, "statement_note_households", n=rule.households_step),
        say(
            language,
            "statement_note_steps",
            kg=rule.grams_step // KG_G,
            meals=rule.meals_step,
        ),
        say(language, "statement_note_closed"),
        say(
            language,
            "statement_note_co2e",
            value=used.value,
            unit=used.unit,
            source=used.source,
        ),
    ]
    if statement.withheld:
        months = [month_with_year(language, month) for month in statement.withheld]
        text = listing(language, months, most=12)
        found.insert(
            0, say(language, "statement_note_withheld", months=text, n=rule.households_min)
        )
    return found


def statement_text(language: str, statement: Statement) -> str:
    """The statement for a terminal or a mail."""
    name = statement.org_name or statement.org_id
    lines = [
        say(language, "statement_title"),
        say(language, "statement_for", name=name),
        period_text(language, statement),
        "",
        say(language, "statement_thanks" if statement.months else "statement_nothing"),
        "",
        *(f"{label}: {value}" for label, value in figures(language, statement)),
        remainder(language, statement),
    ]
    if statement.places:
        lines += ["", say(language, "statement_places")]
        lines += [
            f"  {place_text(language, place)}: {place.kg:,} kg, "
            f"{say(language, 'statement_n_meals', n=f'{place.meals:,}')} "
            f"({households_text(language, place)})"
            for place in statement.places
        ]
    if statement.months:
        lines += ["", say(language, "statement_months")]
        lines += [f"  {_month_line(language, month)}" for month in statement.months]
    if statement.wasted_g:
        lines += ["", say(language, "statement_causes")]
        lines += [
            f"  {say(language, f'statement_cause_{cause}')}: {kg_of(grams):,} kg"
            for cause, grams in statement.wasted_g.items()
        ]
    return "\n".join([*lines, "", *(f"* {note}" for note in notes(language, statement))])


def _month_line(language: str, month: MonthShown) -> str:
    name = month_with_year(language, month.month)
    if month.withheld:
        return f"{name}: {say(language, 'statement_withheld')}"
    meals = say(language, "statement_n_meals", n=f"{month.meals:,}")
    return f"{name}: {month.kg:,} kg, {meals}"
