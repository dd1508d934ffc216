"""A bare fair-share instance, from one JSON file or a folder of columnar files, to whole grains."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from logistics.intake.report import Language
from logistics.intake.shares_folder import read_folder
from logistics.intake.shares_json import read_json
from logistics.intake.shares_numbers import (
    WEIGHT_DIGITS_MAX,
    WHOLE_DIGITS_MAX,
    common_denominator,
    limit_digits,
)
from logistics.intake.shares_parts import Instance
from logistics.intake.shares_report import Place, ShareReport
from logistics.model.errors import Finding
from logistics.model.shares import Capacity, Column, Shares

__all__ = ["read_shares"]


def read_shares(path: Path, language: Language = "en") -> tuple[Shares | None, list[Finding]]:
    """Read a bare instance, all or nothing: docs/formats.md describes file and folder.

    The instance is `None` exactly when a finding is an error; warnings may come with an instance.
    """
    path = Path(path)
    report = ShareReport(language)
    instance = read_folder(path, report) if path.is_dir() else read_json(path, report)
    shares = None
    if instance is not None and not report.has_errors:
        shares = _in_grains(instance, Place(path.name), report)
    report.count_unlisted(path.name)
    return shares, report.findings


def _in_grains(instance: Instance, place: Place, report: ShareReport) -> Shares | None:
    """Every quantity in the largest fraction of a meal of which all are whole multiples."""
    lots, households = instance.lots, instance.households
    assert lots.ids is not None
    assert households.ids is not None
    unit_meals = [lots["unit_meals"].fraction(lot) for lot in range(len(lots.ids))]
    supply = [lots["units"].fraction(lot) * meals for lot, meals in enumerate(unit_meals)]
    meals = (households["wanted"], households["past_wanted"], households["past_received"])
    per_meal = common_denominator(
        (
            *(number.denominator for number in unit_meals),
            *(number.denominator for number in supply),
            *(column.per_one for column in meals),
            *(row.meals_max.denominator for row in instance.capacities),
        ),
        place,
        "",
        report,
    )
    if per_meal is None:
        return None
    wanted, past_wanted, past_received = (column.times(per_meal) for column in meals)
    shares = Shares(
        integer=instance.integer,
        grains_per_meal=per_meal,
        weight_scale=households["weight"].per_one,
        lot_ids=lots.ids,
        supply=_whole(supply, per_meal),
        unit_grains=_whole(unit_meals, per_meal),
        pack=lots["pack"].numbers,
        household_ids=households.ids,
        wanted=wanted,
        past_wanted=past_wanted,
        past_received=past_received,
        weight=households["weight"].numbers,
        class_of=instance.class_of,
        class_lots=instance.class_lots,
        capacities=tuple(
            Capacity(row.id, int(row.meals_max * per_meal), row.lots, row.households)
            for row in instance.capacities
        ),
    )
    _limit(shares, place, report)
    return None if report.has_errors else shares


def _limit(shares: Shares, place: Place, report: ShareReport) -> None:
    """Findings on what is so large in grains that it would be beyond binary floating point."""
    meals_max = [capacity.grains for capacity in shares.capacities]
    columns: tuple[tuple[str, str, Column, int], ...] = (
        ("lots", "units", shares.supply, WHOLE_DIGITS_MAX),
        ("lots", "unit_meals", shares.unit_grains, WHOLE_DIGITS_MAX),
        ("households", "wanted", shares.wanted, WHOLE_DIGITS_MAX),
        ("households", "past_wanted", shares.past_wanted, WHOLE_DIGITS_MAX),
        ("households", "past_received", shares.past_received, WHOLE_DIGITS_MAX),
        ("households", "weight", shares.weight, WEIGHT_DIGITS_MAX),
        ("capacities", "meals_max", meals_max, WHOLE_DIGITS_MAX),
    )
    for table, field, numbers, digits in columns:
        limit_digits(numbers, digits, Place(place.file, table), field, report)


def _whole(numbers: list[Fraction], factor: int) -> list[int]:
    return [number.numerator * (factor // number.denominator) for number in numbers]
