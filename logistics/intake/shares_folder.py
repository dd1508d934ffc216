"""A bare instance as a folder of columnar files, for a million households: no loop over them.

`households.eligible_class` names a class, and `eligible` lists the lots of each class.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from logistics.intake.shares_json import load_json
from logistics.intake.shares_parts import (
    HOUSEHOLD_FIELDS,
    LOT_FIELDS,
    MEALS_MAX,
    CapacityRow,
    Instance,
    Rows,
    heading_kept,
    merged,
    references,
)
from logistics.intake.shares_report import Place, ShareReport
from logistics.intake.shares_tables import Table, name_lists, names, read_table, rows_of, texts
from logistics.model.shares import Column

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Positions = np.ndarray[Any, np.dtype[np.int64]]

LOTS = ("id", *(field.name for field in LOT_FIELDS))
HOUSEHOLDS = ("id", *(field.name for field in HOUSEHOLD_FIELDS), "eligible_class")
ELIGIBLE = ("class", "lot_id")
CAPACITIES = ("id", MEALS_MAX.name, "lots", "households")
SETTINGS = ("instance.toml", "instance.json")


def read_folder(folder: Path, report: ShareReport) -> Instance | None:
    """A bare instance from a folder; `None` if anything in it is wrong."""
    integer = _settings(folder, report)
    tables = {
        name: read_table(folder, name, fields, report)
        for name, fields in (
            ("lots", LOTS),
            ("households", HOUSEHOLDS),
            ("eligible", ELIGIBLE),
            ("capacities", CAPACITIES),
        )
    }
    for name in ("lots", "households", "eligible"):
        if not any((folder / f"{name}{suffix}").is_file() for suffix in (".parquet", ".csv")):
            report.note("missing_file", Place(name, name, nested=False), "", name=name)
    lots, households, eligible = tables["lots"], tables["households"], tables["eligible"]
    if lots is None or households is None or eligible is None:
        return None
    lot_rows = rows_of(lots, LOT_FIELDS, integer, report)
    household_rows = rows_of(households, HOUSEHOLD_FIELDS, integer, report)
    classes = _classes(households, eligible, lot_rows.ids, report)
    capacities = _capacities(tables["capacities"], lot_rows, household_rows, report)
    if classes is None or report.has_errors:
        return None
    assert integer is not None
    return Instance(integer, lot_rows, household_rows, *classes, capacities)


def _settings(folder: Path, report: ShareReport) -> bool | None:
    """`integer` of instance.toml or instance.json, with the format checked."""
    given = [folder / name for name in SETTINGS if (folder / name).is_file()]
    if not given:
        report.note("missing_instance", Place(SETTINGS[0]), "")
        return None
    place = Place(given[0].name)
    if len(given) > 1:
        report.note("two_sources", place, "", sources=", ".join(SETTINGS))
        return None
    read = load_json if given[0].suffix == ".json" else _load_toml
    data = read(given[0], report)
    if data is None:
        return None
    for name in data:
        if name not in ("format", "integer"):
            report.note("unknown_field", place, name)
    return heading_kept(data, place, report)


def _load_toml(path: Path, report: ShareReport) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        report.note("unreadable_file", Place(path.name), "")
    except (ValueError, RecursionError) as error:
        report.note("broken_toml", Place(path.name), "", detail=" ".join(str(error).split()))
    return None


def _classes(
    households: Table, eligible: Table, lot_ids: Sequence[str] | None, report: ShareReport
) -> tuple[Column, list[tuple[int, ...]]] | None:
    """Class of each household and lots of each class; classes of equal lots are one."""
    import pyarrow as pa

    wished = texts(households, "eligible_class", report)
    classes = names(eligible, "class", report)
    lots = names(eligible, "lot_id", report)
    if wished is None or classes is None or lots is None or lot_ids is None:
        return None
    lot_of = _looked_up(lots, pa.array(lot_ids, pa.string()), "unknown_lot", eligible, report)
    coded = wished.combine_chunks().dictionary_encode()
    code_of = _positions(classes, coded.dictionary)
    _report_unused(classes, code_of, eligible, report)
    lots_of = _lots_by_class(code_of, lot_of, len(coded.dictionary), eligible, report)
    if report.has_errors:
        return None
    class_households = coded.indices.fill_null(len(coded.dictionary)).to_numpy()
    for code, name in enumerate(coded.dictionary.to_pylist()):
        if not lots_of[code]:
            report.note("class_without_lots", households.place, "eligible_class", name)
    return _in_order(class_households, [*lots_of, ()])


def _positions(column: pa.ChunkedArray, known: pa.Array) -> Positions:
    """Position of each text among the known ones, -1 for none."""
    import numpy as np
    import pyarrow.compute as pc

    found = pc.index_in(column, value_set=known)
    return cast("Positions", pc.fill_null(found, -1).to_numpy().astype(np.int64))


def _looked_up(
    column: pa.ChunkedArray, known: pa.Array, code: str, table: Table, report: ShareReport
) -> Positions:
    found = _positions(column, known)
    for index in (found < 0).nonzero()[0].tolist():
        report.note(code, table.place.at(index), "lot_id", column[index].as_py())
    return found


def _report_unused(
    classes: pa.ChunkedArray, code_of: Positions, table: Table, report: ShareReport
) -> None:
    """Classes that no household is of, each once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    unused = classes.filter(pa.array(code_of < 0))
    for name in pc.unique(unused).to_pylist():
        report.note("class_without_households", table.place, "class", name)


def _lots_by_class(
    code_of: Positions, lot_of: Positions, count: int, table: Table, report: ShareReport
) -> list[tuple[int, ...]]:
    """The lots of each class that households are of, in rising order."""
    import numpy as np

    order = np.lexsort((lot_of, code_of))
    codes, lots = code_of[order], lot_of[order]
    twice = (codes[1:] == codes[:-1]) & (lots[1:] == lots[:-1]) & (codes[1:] >= 0)
    for index in np.sort(order[1:][twice]).tolist():
        report.note("duplicate_reference", table.place.at(index), "lot_id")
    bounds = np.searchsorted(codes, np.arange(count + 1)).tolist()
    listed = lots.tolist()
    return [tuple(listed[bounds[i] : bounds[i + 1]]) for i in range(count)]


def _in_order(
    coded: Positions, lots_of: Sequence[tuple[int, ...]]
) -> tuple[Column, list[tuple[int, ...]]]:
    """Classes in order of first appearance, equal sets of lots as one."""
    import numpy as np

    codes, first = np.unique(coded, return_index=True)
    appearing = codes[np.argsort(first)]
    class_of, class_lots = merged([lots_of[code] for code in appearing.tolist()])
    translation = np.zeros(len(lots_of), dtype=np.int64)
    translation[appearing] = class_of
    return cast(Column, translation[coded]), class_lots


def _capacities(
    table: Table | None, lots: Rows, households: Rows, report: ShareReport
) -> list[CapacityRow]:
    """All capacities without mistakes."""
    if table is None or not table.length:
        return []
    read = rows_of(table, (MEALS_MAX,), False, report)
    members: list[list[frozenset[int] | None]] = []
    for field, ids, code in (
        ("lots", lots.ids, "unknown_lot"),
        ("households", households.ids, "unknown_household"),
    ):
        lists = name_lists(table, field, report)
        known: Mapping[str, int] | None = (
            None if ids is None or lists is None else {name: i for i, name in enumerate(ids)}
        )
        sets: list[frozenset[int] | None] = []
        for index, listed in enumerate(lists or ()):
            here = table.place.at(index)
            found = (
                listed if listed is None else references(listed, known, code, here, field, report)
            )
            sets.append(None if found is None else frozenset(found))
        members.append(sets)
    if not read.is_whole or report.has_errors or read.ids is None:
        return []
    meals_max = read[MEALS_MAX.name]
    return [
        CapacityRow(name, meals_max.fraction(index), members[0][index], members[1][index])
        for index, name in enumerate(read.ids)
    ]
