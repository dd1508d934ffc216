"""What a bare instance consists of, as read: columns, their bounds, names and references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from logistics.intake.shares_numbers import Exact
from logistics.intake.shares_report import Place, ShareReport
from logistics.model.shares import Column

if TYPE_CHECKING:
    import numpy as np

FORMAT = "osusowake.shares/1"

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Field:
    """A column of numbers: at least 0 or more than 0, and where it must be whole."""

    name: str
    positive: bool = False
    whole: bool = False
    whole_where_integer: bool = False


LOT_FIELDS = (
    Field("units", whole_where_integer=True),
    Field("unit_meals", positive=True),
    Field("pack", positive=True, whole=True),
)
HOUSEHOLD_FIELDS = (
    Field("wanted", whole_where_integer=True),
    Field("past_wanted"),
    Field("past_received"),
    Field("weight", positive=True),
)
MEALS_MAX = Field("meals_max")


@dataclass(frozen=True, slots=True)
class Rows:
    """Identifiers and columns of numbers by name; `None` where a finding says why."""

    ids: list[str] | None
    columns: Mapping[str, Exact | None]

    @property
    def is_whole(self) -> bool:
        """Whether everything could be read."""
        return self.ids is not None and None not in self.columns.values()

    def __getitem__(self, name: str) -> Exact:
        column = self.columns[name]
        assert column is not None, name
        return column


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """A capacity as read; lots and households by position, `None` for all."""

    id: str
    meals_max: Fraction
    lots: frozenset[int] | None
    households: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Instance:
    """A whole instance as read, without mistakes; numbers not yet in grains."""

    integer: bool
    lots: Rows
    households: Rows
    class_of: Column
    class_lots: Sequence[tuple[int, ...]]
    capacities: Sequence[CapacityRow]


def heading_kept(data: Mapping[str, Any], place: Place, report: ShareReport) -> bool | None:
    """The value of `integer`, after the format was checked; `None` with findings."""
    if "format" not in data:
        report.note("missing_field", place, "format")
    elif data["format"] != FORMAT:
        report.note("wrong_format", place, "format", data["format"], expected=f'"{FORMAT}"')
    if "integer" not in data:
        report.note("missing_field", place, "integer")
    elif not isinstance(data["integer"], bool):
        report.note("wrong_type", place, "integer", data["integer"], expected="true or false")
    else:
        return data["integer"]
    return None


def within_bounds(
    column: Exact | None, field: Field, integer: bool | None, place: Place, report: ShareReport
) -> Exact | None:
    """The column if every number is within the bounds of its field, else `None` with findings."""
    if column is None:
        return None
    code = "not_positive" if field.positive else "negative"
    wrong = [(index, code) for index in _below(column.numbers, 1 if field.positive else 0)]
    whole = field.whole or (field.whole_where_integer and integer)
    if whole and column.per_one > 1:
        wrong += [(index, "not_whole") for index in _broken(column)]
    for index, code in wrong:
        report.note(code, place.at(index), field.name, column.fraction(index))
    return None if wrong else column


def _below(numbers: Column, least: int) -> list[int]:
    """Positions of numbers below a bound."""
    if isinstance(numbers, list):
        return [i for i, number in enumerate(numbers) if number < least]
    array = cast("np.ndarray[Any, Any]", numbers)
    return (array < least).nonzero()[0].tolist()


def _broken(column: Exact) -> list[int]:
    """Positions of numbers that are not whole."""
    if isinstance(column.numbers, list):
        return [i for i, number in enumerate(column.numbers) if number % column.per_one]
    array = cast("np.ndarray[Any, Any]", column.numbers)
    return (array % column.per_one).nonzero()[0].tolist()


def identifiers(values: Sequence[object], place: Place, report: ShareReport) -> list[str] | None:
    """Identifiers, each printable text and each only once; `None` with findings."""
    sound = set(map(type, values)) <= {str} and "" not in values
    if not sound or _UNPRINTABLE.search("".join(cast("Sequence[str]", values))):
        for index, value in enumerate(values):
            if not is_identifier(value):
                report.note("bad_id", place.at(index), "id", value)
        return None
    ids = list(cast("Sequence[str]", values))
    if len(set(ids)) < len(ids):
        met: set[str] = set()
        for index, name in enumerate(ids):
            if name in met:
                report.note("duplicate_id", place.at(index), "id", name)
            met.add(name)
        return None
    return ids


def is_identifier(value: object) -> bool:
    """Whether a value is text that can be written and printed."""
    return type(value) is str and value != "" and not _UNPRINTABLE.search(value)


def references(
    values: object,
    known: Mapping[str, int] | None,
    code: str,
    place: Place,
    field: str,
    report: ShareReport,
) -> tuple[int, ...] | None:
    """Positions of the things named, in rising order; `None` with findings.

    Nothing is called unknown (`code`) where `known` is `None` because identifiers were unreadable.
    """
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        report.note("wrong_type", place, field, values, expected="a list of identifiers")
        return None
    for name in repeated(values):
        report.note("duplicate_reference", place, field, name)
    if known is None:
        return None
    for name in values:
        if name not in known:
            report.note(code, place, field, name)
    found = {known[name] for name in values if name in known}
    return tuple(sorted(found)) if len(found) == len(values) else None


def repeated(names: Iterable[str]) -> list[str]:
    """Names that were there before."""
    met: set[str] = set()
    again = []
    for name in names:
        if name in met:
            again.append(name)
        met.add(name)
    return again


def merged(lots_of: Sequence[tuple[int, ...]]) -> tuple[list[int], list[tuple[int, ...]]]:
    """Equal sets of lots as one class each, in order of first appearance."""
    classes: dict[tuple[int, ...], int] = {}
    class_of = [classes.setdefault(lots, len(classes)) for lots in lots_of]
    return class_of, list(classes)
