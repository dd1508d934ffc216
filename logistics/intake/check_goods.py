"""Goods: dates, hours, holds and tags of a lot must fit together."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from logistics.intake.report import Report
from logistics.intake.rows import LotRow
from logistics.intake.validate import Checked, report_blank
from logistics.intake.week_tables import WeekTables
from logistics.model.goods import last_day_of_month
from logistics.model.units import FoodGroup, Label, Tag

CONTRADICTIONS = frozenset(
    frozenset(pair)
    for pair in (
        (Tag.HALAL, Tag.CONTAINS_PORK),
        (Tag.HALAL, Tag.CONTAINS_ALCOHOL),
        (Tag.VEGAN, Tag.CONTAINS_PORK),
        (Tag.VEGETARIAN, Tag.CONTAINS_PORK),
    )
)

_SHORT_SHELF_MONTHS = 3
"""Goods that keep no longer must show the day (food labelling standards of Japan)."""


def lots_make_sense(week: WeekTables, report: Report) -> None:
    """Run every check of a lot on every lot."""
    for lot in week.lots.rows:
        for check in (_holds_fit, _label_is_dated, _dates_in_order, _tags_agree):
            check(week.lots, lot, report)


def _holds_fit(lots: Checked[LotRow], lot: LotRow, report: Report) -> None:
    if lot.hold_units > lot.units:
        report.add(
            "held_above_units",
            lots.file,
            lot.row,
            "hold_units",
            str(lot.hold_units),
            units=lot.units,
        )


def _label_is_dated(lots: Checked[LotRow], lot: LotRow, report: Report) -> None:
    if lot.label_date is None:
        if lot.label is not Label.NONE:
            report_blank(lots, lot.row, "label_date", "label_without_date", report, label=lot.label)
        elif lot.food_group is FoodGroup.PRODUCE:
            report_blank(lots, lot.row, "label_date", "produce_without_date", report)
    elif lot.label_date.month_only and lot.made_on is not None:
        last_day = lot.label_date.day
        if lot.made_on <= last_day <= months_later(lot.made_on, _SHORT_SHELF_MONTHS):
            report.add(
                "year_month_too_short",
                lots.file,
                lot.row,
                "label_date",
                f"{last_day:%Y-%m}",
                made_on=lot.made_on,
            )


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = last_day_of_month(year, month + 1)
    return last.replace(day=min(day.day, last.day))


def _dates_in_order(lots: Checked[LotRow], lot: LotRow, report: Report) -> None:
    if lot.made_on and lot.label_date and lot.made_on > lot.label_date.day:
        report.add(
            "made_after_label",
            lots.file,
            lot.row,
            "made_on",
            lot.made_on.isoformat(),
            last_day=lot.label_date.day,
        )
    if lot.hours_max is not None and lot.ready_at is None:
        report_blank(lots, lot.row, "ready_at", "hours_without_ready", report)
    if lot.ready_at and lot.collect_by and lot.collect_by < lot.ready_at:
        report.add(
            "collect_before_ready",
            lots.file,
            lot.row,
            "collect_by",
            f"{lot.collect_by:%Y-%m-%dT%H:%M}",
            ready_at=f"{lot.ready_at:%Y-%m-%dT%H:%M}",
        )


def _tags_agree(lots: Checked[LotRow], lot: LotRow, report: Report) -> None:
    """One finding names every tag that stands in a contradiction."""
    wrong = {
        tag
        for pair in combinations(sorted(lot.tags), 2)
        if frozenset(pair) in CONTRADICTIONS
        for tag in pair
    }
    if wrong:
        tags = ", ".join(sorted(wrong))
        report.add("contradictory_tags", lots.file, lot.row, "tags", tags, tags=tags)
