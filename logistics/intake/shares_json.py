"""A bare instance as one JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from logistics.intake.shares_numbers import ABSENT, exact_values, number_in
from logistics.intake.shares_parts import (
    HOUSEHOLD_FIELDS,
    LOT_FIELDS,
    MEALS_MAX,
    CapacityRow,
    Field,
    Instance,
    Rows,
    heading_kept,
    identifiers,
    is_identifier,
    merged,
    references,
    repeated,
    within_bounds,
)
from logistics.intake.shares_report import Place, ShareReport

TOP = ("format", "integer", "lots", "households", "eligible", "capacities")
CAPACITY = ("id", "meals_max", "lots", "households")

Positions = Mapping[str, int]


class NumberText(str):
    """A number of a JSON file that is no integer, as it is written there."""

    __slots__ = ()


def load_json(path: Path, report: ShareReport) -> dict[str, Any] | None:
    """The object in a JSON file, numbers exactly as written; `None` with a finding."""
    place = Place(path.name)
    twice: list[str] = []

    def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice.extend(repeated(name for name, _ in pairs))
        return found

    try:
        data = json.loads(
            path.read_bytes(),
            parse_float=NumberText,
            parse_constant=NumberText,
            object_pairs_hook=distinct,
        )
    except OSError:
        report.note("unreadable_file", place, "")
        return None
    except (ValueError, RecursionError) as error:
        report.note("broken_json", place, "", detail=" ".join(str(error).split()))
        return None
    for name in twice:
        report.note("duplicate_field", place, "", name)
    if isinstance(data, dict):
        return data
    report.note("wrong_type", place, "", data, expected="an object")
    return None


def read_json(path: Path, report: ShareReport) -> Instance | None:
    """A bare instance from a JSON file; `None` if anything in it is wrong."""
    data = load_json(path, report)
    if data is None:
        return None
    place = Place(path.name)
    _unknown_fields(data, TOP, place, report)
    integer = heading_kept(data, place, report)
    lots = _rows(data, "lots", LOT_FIELDS, (), integer, place, report)
    households = _rows(data, "households", HOUSEHOLD_FIELDS, (), integer, place, report)
    known_lots, known_households = _positions(lots.ids), _positions(households.ids)
    lots_of = _eligible(data, known_lots, known_households, place, report)
    capacities = _capacities(data, known_lots, known_households, place, report)
    if report.has_errors:
        return None
    assert integer is not None
    assert households.ids is not None
    class_of, class_lots = merged([lots_of.get(name, ()) for name in households.ids])
    return Instance(integer, lots, households, class_of, class_lots, capacities)


def _positions(ids: list[str] | None) -> Positions | None:
    return None if ids is None else {name: index for index, name in enumerate(ids)}


def _unknown_fields(
    found: Mapping[str, Any], known: Sequence[str], place: Place, report: ShareReport
) -> None:
    for name in found:
        if name not in known:
            report.note("unknown_field", place, name)


def _entries(
    data: Mapping[str, Any], name: str, fields: Sequence[str], place: Place, report: ShareReport
) -> list[dict[str, Any]] | None:
    """The objects of a list, each of them with all fields or findings that name what is missing."""
    if name not in data:
        report.note("missing_field", place, name)
        return None
    entries = data[name]
    if not isinstance(entries, list):
        report.note("wrong_type", place, name, entries, expected="a list")
        return None
    table, expected = Place(place.file, name), set(fields)
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            report.note("wrong_type", table.at(index), "", entry, expected="an object")
        elif entry.keys() != expected:
            _unknown_fields(entry, fields, table.at(index), report)
            for field in fields:
                if field not in entry:
                    report.note("missing_field", table.at(index), field)
    return entries


def _column(entries: Sequence[Any], name: str) -> list[object]:
    """One field of every entry."""
    try:
        return [entry[name] for entry in entries]
    except (KeyError, TypeError, IndexError):
        return [e.get(name, ABSENT) if isinstance(e, dict) else ABSENT for e in entries]


def _rows(
    data: Mapping[str, Any],
    name: str,
    fields: Sequence[Field],
    others: Sequence[str],
    integer: bool | None,
    place: Place,
    report: ShareReport,
) -> Rows:
    names = ("id", *(field.name for field in fields), *others)
    entries = _entries(data, name, names, place, report)
    if entries is None:
        return Rows(None, {})
    table = Place(place.file, name)
    columns = {}
    for field in fields:
        read = exact_values(_column(entries, field.name), table, field.name, report)
        columns[field.name] = within_bounds(read, field, integer, table, report)
    return Rows(_ids(entries, table, report), columns)


def _ids(entries: Sequence[Any], table: Place, report: ShareReport) -> list[str] | None:
    found = _column(entries, "id")
    present = [name for name in found if name is not ABSENT]
    if len(present) == len(found):
        return identifiers(found, table, report)
    for index, name in enumerate(found):
        if name is not ABSENT and not is_identifier(name):
            report.note("bad_id", table.at(index), "id", name)
    return None


def _eligible(
    data: Mapping[str, Any],
    lots: Positions | None,
    households: Positions | None,
    place: Place,
    report: ShareReport,
) -> dict[str, tuple[int, ...]]:
    """Lots of each household that has an entry; equal entries are looked up once."""
    if "eligible" not in data:
        report.note("missing_field", place, "eligible")
        return {}
    eligible = data["eligible"]
    if not isinstance(eligible, dict):
        expected = "an object of households"
        report.note("wrong_type", place, "eligible", eligible, expected=expected)
        return {}
    table = Place(place.file, "eligible")
    seen: dict[tuple[str, ...], tuple[int, ...]] = {}
    found: dict[str, tuple[int, ...]] = {}
    for household, names in eligible.items():
        if households is not None and household not in households:
            report.note("unknown_household", table, household, household)
        try:
            known = seen.get(tuple(names)) if isinstance(names, list) else None
        except TypeError:
            known = None
        if known is None:
            known = references(names, lots, "unknown_lot", table, household, report)
            if known is None:
                continue
            seen[tuple(names)] = known
        found[household] = known
    return found


def _capacities(
    data: Mapping[str, Any],
    lots: Positions | None,
    households: Positions | None,
    place: Place,
    report: ShareReport,
) -> list[CapacityRow]:
    """All capacities without mistakes."""
    if "capacities" not in data:
        return []
    read = _rows(data, "capacities", (MEALS_MAX,), CAPACITY[2:], False, place, report)
    table, found = Place(place.file, "capacities"), []
    entries = data["capacities"] if isinstance(data["capacities"], list) else []
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            continue
        here = table.at(index)
        sets = [
            None if names is None else references(names, known, code, here, field, report)
            for names, known, code, field in (
                (entry.get("lots"), lots, "unknown_lot", "lots"),
                (entry.get("households"), households, "unknown_household", "households"),
            )
        ]
        meals_max = number_in(entry.get("meals_max"))
        if read.is_whole and meals_max is not None:
            members = [None if each is None else frozenset(each) for each in sets]
            found.append(CapacityRow(cast(str, entry["id"]), meals_max, *members))
    return found
