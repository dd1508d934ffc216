"""The result of a bare instance: one JSON file, or a folder of columnar files for a million."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logistics.model.shares import Chain, Column, Prices, ShareLevel, ShareResult, Shares

if TYPE_CHECKING:
    import pyarrow as pa

RESULT_FORMAT = "osusowake.shares.result/1"
FOLDER_FILES = ("levels.json", "households.parquet", "lines.parquet", "certificate.parquet")

Json = dict[str, Any]
Row = tuple[int | None, str, str, int | None, int | None, str | None]


def write_shares_result(shares: Shares, result: ShareResult, path: Path) -> None:
    """Write a result as the JSON file of docs/formats.md, all numbers exact."""
    households, lots = shares.household_ids, shares.lot_ids
    data = {
        **_head(result),
        "levels": [
            {
                "level": str(level.level),
                "household_ids": [households[h] for h in _plain(level.households)],
                **_held(shares, level),
            }
            for level in result.levels
        ],
        "level": {households[h]: level for h, level in _standing(result)},
        "received": {households[h]: received for h, received in _received(shares, result)},
        "lines": [[households[h], lots[lot], units] for h, lot, units in _lines(shares, result)],
        "certificate": _certificate(shares, result),
    }
    _write_json(path, data)


def write_shares_folder(shares: Shares, result: ShareResult, folder: Path) -> list[Path]:
    """Write a result as columnar files into a folder, which is made if need be."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in FOLDER_FILES]
    levels = [
        {"level": str(lv.level), "households": len(lv.households), **_held(shares, lv)}
        for lv in result.levels
    ]
    steps = None if result.chain is None else result.chain.steps
    _write_json(paths[0], {**_head(result), "levels": levels, "chain_steps": steps})
    for path, table in zip(
        paths[1:],
        (
            _household_table(shares, result),
            _line_table(shares, result),
            _certificate_table(shares, result),
        ),
        strict=True,
    ):
        pq.write_table(pa.table(table), path, compression="zstd")
    return paths


def _head(result: ShareResult) -> Json:
    return {
        "format": RESULT_FORMAT,
        "status": str(result.status),
        "engine": result.engine,
        "runtime_s": round(result.runtime_s, 3),
    }


def _held(shares: Shares, level: ShareLevel) -> Json:
    return {
        "held_by": {
            "lot_ids": [shares.lot_ids[lot] for lot in level.lots],
            "capacity_ids": [shares.capacities[k].id for k in level.capacities],
            "wanted": bool(level.wanted),
        },
        "upper_bound": str(level.upper_bound),
    }


def _write_json(path: Path, data: Json) -> None:
    """One line for each field, so that a long file can still be looked through."""
    fields = (
        f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in data.items()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{" + ",\n ".join(fields) + "}\n", encoding="utf-8")


def _plain(column: Column | Sequence[int]) -> list[int]:
    """A column as Python integers, which know no largest number."""
    return list(map(int, column.tolist() if hasattr(column, "tolist") else column))


def _ratios(tops: Iterable[int], bottoms: Iterable[int]) -> Iterator[str]:
    """Exact quotients as text: `3`, `3/4`."""
    for top, bottom in zip(tops, bottoms, strict=True):
        whole, rest = divmod(top, bottom)
        if not rest:
            yield str(whole)
        else:
            common = gcd(rest, bottom)
            yield f"{top // common}/{bottom // common}"


def _standing(result: ShareResult) -> list[tuple[int, str]]:
    """Households that have a level, in their order, with it."""
    found = [
        (household, text)
        for level, text in ((level, str(level.level)) for level in result.levels)
        for household in _plain(level.households)
    ]
    return sorted(found)


def _received(shares: Shares, result: ShareResult) -> Iterator[tuple[int, str]]:
    """Households that want something or ever did, with the meals that they receive."""
    bottoms = (scale * shares.grains_per_meal for scale in _plain(result.scale))
    texts = _ratios(_plain(result.received), bottoms)
    totals = zip(_plain(shares.wanted), _plain(shares.past_wanted), strict=True)
    for household, (text, (now, before)) in enumerate(zip(texts, totals, strict=True)):
        if now + before > 0:
            yield household, text


def _lines(shares: Shares, result: ShareResult) -> Iterator[tuple[int, int, str]]:
    """Household, lot and units of every line that gives something."""
    scale, unit = _plain(result.scale), _plain(shares.unit_grains)
    households, lots = _plain(result.line_household), _plain(result.line_lot)
    amounts = _plain(result.line_amount)
    sizes = (scale[h] * unit[lot] for h, lot in zip(households, lots, strict=True))
    units = _ratios(amounts, sizes)
    for household, lot, amount, text in zip(households, lots, amounts, units, strict=True):
        if amount:
            yield household, lot, text


def _certificate(shares: Shares, result: ShareResult) -> Json:
    """What a third party needs to check that nobody can stand higher."""
    found: Json = {"chain": None, "prices": []}
    if result.chain is not None:
        found["chain"] = {"steps": result.chain.steps}
        spans: Mapping[str, Json] = {"household": {}, "lot": {}, "capacity": {}}
        for _, kind, name, first, until, _ in _links(shares, result.chain):
            spans[kind][name] = first if until is None else [first, until]
        found["chain"]["household_step"] = spans["household"]
        found["chain"]["lot_steps"] = spans["lot"]
        found["chain"]["capacity_steps"] = spans["capacity"]
    for position, level in enumerate(result.levels):
        if level.proof is not None:
            prices: Json = {"level": position}
            for plural, _, numbers in _priced(shares, level.proof):
                prices[plural] = numbers
            found["prices"].append(prices)
    return found


def _links(shares: Shares, chain: Chain) -> Iterator[Row]:
    """Rows of a chain: households in a tight set, lots and capacities that are ever cut."""
    steps = chain.steps
    for name, step in zip(shares.household_ids, _plain(chain.household_step), strict=True):
        if step < steps:
            yield None, "household", name, step, None, None
    capacity_ids = [capacity.id for capacity in shares.capacities]
    for kind, names, starts, stops in (
        ("lot", shares.lot_ids, chain.lot_from, chain.lot_to),
        ("capacity", capacity_ids, chain.capacity_from, chain.capacity_to),
    ):
        for name, start, stop in zip(names, _plain(starts), _plain(stops), strict=True):
            if start < min(stop, steps):
                yield None, kind, name, start, min(stop, steps), None


def _priced(shares: Shares, proof: Prices) -> Iterator[tuple[str, str, dict[str, int]]]:
    """Weights of households, prices of lots and capacities, by identifier."""
    capacity_ids = [capacity.id for capacity in shares.capacities]
    for plural, kind, names, numbers in (
        ("households", "household", shares.household_ids, proof.households),
        ("lots", "lot", shares.lot_ids, proof.lots),
        ("capacities", "capacity", capacity_ids, proof.capacities),
    ):
        yield plural, kind, {names[k]: int(number) for k, number in sorted(numbers.items())}


def _household_table(shares: Shares, result: ShareResult) -> dict[str, pa.Array]:
    import pyarrow as pa

    received = list(_received(shares, result))
    return {
        "household_id": pa.array((shares.household_ids[h] for h, _ in received), pa.string()),
        "received": pa.array((text for _, text in received), pa.string()),
        "level": pa.array((text for _, text in _standing(result)), pa.string()),
    }


def _line_table(shares: Shares, result: ShareResult) -> dict[str, pa.Array]:
    import pyarrow as pa

    lines = list(_lines(shares, result))
    return {
        "household_id": pa.array((shares.household_ids[h] for h, _, _ in lines), pa.string()),
        "lot_id": pa.array((shares.lot_ids[lot] for _, lot, _ in lines), pa.string()),
        "units": pa.array((text for _, _, text in lines), pa.string()),
    }


def _certificate_table(shares: Shares, result: ShareResult) -> dict[str, pa.Array]:
    import pyarrow as pa

    rows: list[Row] = [] if result.chain is None else list(_links(shares, result.chain))
    for position, level in enumerate(result.levels):
        if level.proof is not None:
            for _, kind, numbers in _priced(shares, level.proof):
                rows += [(position, kind, n, None, None, str(p)) for n, p in numbers.items()]
    kinds = (pa.int64(), pa.string(), pa.string(), pa.int64(), pa.int64(), pa.string())
    names = ("level", "kind", "id", "first", "until", "price")
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return {
        name: pa.array(column, kind)
        for name, kind, column in zip(names, kinds, columns, strict=True)
    }
